"""What stands at a place of a config, and what could: the answers of the language server.

Nothing here knows of the protocol: places are offsets in characters of a text, which may be
half-written, and files with spans.
"""
