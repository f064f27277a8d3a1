"""Pages of the case and its surroundings: door, form, verb, answer."""
