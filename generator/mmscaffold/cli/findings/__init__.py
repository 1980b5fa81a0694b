"""How ``mmscaffold check`` shows what it found: one module per ``--format``."""
