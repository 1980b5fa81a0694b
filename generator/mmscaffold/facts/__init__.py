"""What is known about mmengine and its family: one row per fact, and nothing else.

Each module holds the rows of one kind and the look-ups over them; a new scheduler, hook or
sibling package is one new row. Nothing here knows about the rooms above: neither configs
nor code.
"""
