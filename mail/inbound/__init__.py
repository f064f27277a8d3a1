"""Mail in: raw bytes are stored first, then read, then sorted. Reading needs neither Django nor a database."""
