"""Page-shaped reads: they show, they never change."""
