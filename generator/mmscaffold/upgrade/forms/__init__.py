"""How the old text of a file becomes the new one: bytes are copied wherever values moved."""
