"""The API of cases and customers: the same doors, narrowing, forms and verbs as the pages, answered as JSON."""
