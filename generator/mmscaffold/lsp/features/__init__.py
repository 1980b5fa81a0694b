"""What the server answers, one short file for each feature; being in this folder registers it."""
