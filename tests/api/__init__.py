"""The API: what a program sees and does, by the same doors as the pages."""
