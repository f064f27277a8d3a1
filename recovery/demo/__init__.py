"""The demonstration company: Alder Castings, its people, its customers, and what went wrong between them."""
