"""Letting a customer go, the last option: what was tried, the form, the vote, what follows from it."""
