"""Commands about surveys."""
