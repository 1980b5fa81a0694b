"""The files of a run, planned over each other: which writes what, over which bases."""
