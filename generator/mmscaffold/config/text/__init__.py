"""A config file as text: bytes, lines, placeholders, the style it is written in."""
