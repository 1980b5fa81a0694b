"""What rules know of 2.x and 3.x, as rows of data."""
