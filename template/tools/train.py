"""Train a model from a config."""

from __future__ import annotations

from launch import load_config, make_parser, running


def main() -> None:
    """Read the command line and train."""
    parser = make_parser("Train a model.")
    parser.add_argument("--amp", action="store_true", help="mixed precision (GPU)")
    parser.add_argument(
        "--auto-scale-lr",
        action="store_true",
        help="scale the learning rate to the real batch size",
    )
    parser.add_argument(
        "--resume",
        nargs="?",
        const="auto",
        help="go on from a checkpoint of this project; without a path, from the latest",
    )
    args = parser.parse_args()
    config = load_config(args)
    if args.amp:
        config.optim_wrapper.type = "AmpOptimWrapper"
        config.optim_wrapper.setdefault("loss_scale", "dynamic")
    if args.auto_scale_lr:
        if "base_batch_size" not in config.get("auto_scale_lr", {}):
            parser.error(f"{args.config} sets no auto_scale_lr.base_batch_size")
        config.auto_scale_lr.enable = True
    if args.resume:
        config.resume = True
        config.load_from = None if args.resume == "auto" else args.resume
    with running(config) as runner:
        runner.train()


if __name__ == "__main__":
    main()
