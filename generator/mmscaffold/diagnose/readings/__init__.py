"""What several symptoms read off a log: each is computed once per run."""
