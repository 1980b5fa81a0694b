"""Join a config with its bases: the values, and where each came from."""
