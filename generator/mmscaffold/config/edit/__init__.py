"""Edits of config files: byte-span replacements that leave all else untouched."""
