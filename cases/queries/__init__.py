"""Page-shaped reads: a constant number of statements for each page (promise P2)."""
