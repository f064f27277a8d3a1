"""Pages of customers, and the surveys list of ours."""
