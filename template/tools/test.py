"""Evaluate a checkpoint on the test set of a config."""

from __future__ import annotations

from launch import build_runner, load_config, make_parser


def main() -> None:
    """Read the command line and evaluate."""
    parser = make_parser("Evaluate a checkpoint.")
    parser.add_argument("checkpoint", help="the checkpoint to evaluate")
    args = parser.parse_args()
    config = load_config(args)
    config.load_from = args.checkpoint
    config.resume = False
    build_runner(config).test()


if __name__ == "__main__":
    main()
