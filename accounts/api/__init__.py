"""What every part of the API shares: who asks, what is answered, how lists are cut into pages."""
