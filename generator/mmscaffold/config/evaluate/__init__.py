"""Evaluate the Python of a config without running it."""
