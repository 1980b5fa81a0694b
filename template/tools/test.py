"""Evaluate a checkpoint on the test set of a config."""

from __future__ import annotations

from pathlib import Path

from launch import PROJECT, load_config, make_parser, running
from mmengine.config import Config


def main() -> None:
    """Read the command line and evaluate."""
    parser = make_parser("Evaluate a checkpoint.")
    parser.add_argument("checkpoint", help="the checkpoint to evaluate")
    args = parser.parse_args()
    config = load_config(args)
    config.resume = False
    own = is_own(Path(args.checkpoint), config)
    config.load_from = None if own else args.checkpoint
    with running(config) as runner:
        if own:
            runner.load_own_checkpoint(args.checkpoint)
        runner.test()


def is_own(checkpoint: Path, config: Config) -> bool:
    """Tell whether a run of this project wrote a checkpoint: by the folder it is in."""
    folders = (Path(config.work_dir).resolve(), PROJECT / "work_dirs")
    return any(folder in checkpoint.resolve().parents for folder in folders)


if __name__ == "__main__":
    main()
