"""Data sets and pipelines: what rules on them share."""
