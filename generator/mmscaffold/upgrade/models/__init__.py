"""Models: what rules on them share."""
