"""The rules over Python code, one module each."""
