"""What is known of one package of 2.x and 3.x each: facts, which rules read."""
