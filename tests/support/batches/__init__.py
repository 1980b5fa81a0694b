"""What a data set hands to the model, in mmdet 2.28.2 and in 3.x, each in its own process."""
