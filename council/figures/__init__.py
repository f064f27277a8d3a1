"""Live figures over cases that are no imported history; each says how it is counted."""
