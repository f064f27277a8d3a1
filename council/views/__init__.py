"""Pages of the council, and the acts done on them."""
