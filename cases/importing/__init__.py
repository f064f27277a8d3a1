"""Bringing in complaints from elsewhere as history: read, map, take in, report."""
