"""The rules over configs, one module each."""
