"""What is known of mmengine and its family: one row per fact, and nothing else."""
