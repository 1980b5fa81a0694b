"""Print a config with its bases merged in, as the training will see it."""

from __future__ import annotations

from launch import load_config, make_parser


def main() -> None:
    """Read the command line and print."""
    parser = make_parser("Print a config with its bases merged in.")
    print(load_config(parser.parse_args()).pretty_text)


if __name__ == "__main__":
    main()
