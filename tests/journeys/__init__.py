"""Journeys of people through the whole product, in a real headless browser, with a real SMTP server on loopback."""
