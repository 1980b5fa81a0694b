"""``python -m mmscaffold``."""

from mmscaffold.cli.main import main

main()
