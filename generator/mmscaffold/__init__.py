"""Start, migrate and check MMDetection projects that count their epochs correctly."""

__version__ = "0.1.0"
