"""The API of surveys: what customers answered, as the list of answers shows it."""
