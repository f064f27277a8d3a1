"""Forms of the case and its steps."""
