"""Connelly's nine recovery methods, one module each: what makes it done, what it refuses, the verb that does it."""
