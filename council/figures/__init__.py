"""Figures over cases that are no imported history: each one predicate, counted from narrow tallies."""
