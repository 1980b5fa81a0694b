"""Start, migrate and check MMDetection projects that count their epochs right."""

__version__ = "0.1.0"
