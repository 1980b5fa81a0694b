"""Whether a config was written for mmcv's Runner (2.x), for mmengine's (3.x), or for both."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from mmscaffold.check.config_names import is_read
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.schedule.legacy import leftover_keys, legacy_keys

OF_3X = (
    "train_dataloader",
    "val_dataloader",
    "test_dataloader",
    "val_evaluator",
    "test_evaluator",
    "optim_wrapper",
    "param_scheduler",
    "default_hooks",
)
"""Keys that only mmengine's Runner reads, and that nobody uses as the name of a variable."""
# What a 2.x config does not do without; the others are more often left over, or variables.
_TELLING = frozenset({"data", "lr_config", "runner", "total_epochs", "total_iters"})


class Generation(enum.Enum):
    """The Runner for which a config was written."""

    OLD = "2.x"
    NEW = "3.x"
    BOTH = "2.x and 3.x"
    NEITHER = "neither"


@dataclass(frozen=True)
class Signs:
    """The keys by which a config shows its generation.

    Attributes:
        old: Those of 2.x.
        new: Those of 3.x.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def generation(self) -> Generation:
        """What they say."""
        if self.old and self.new:
            return Generation.BOTH if _TELLING.intersection(self.old) else Generation.NEW
        if self.old:
            return Generation.OLD
        return Generation.NEW if self.new else Generation.NEITHER


def signs(config: ResolvedConfig) -> Signs:
    """The keys of a config that mean something to either Runner.

    A config of 3.x may have variables of the names of 2.x: what its files read is one, unless
    nothing but such keys is there.
    """
    new = [key for key in OF_3X if key in config.root]
    sets_loop = not legacy_keys(config.root) and bool(leftover_keys(config.root))
    if sets_loop:
        new.append("train_cfg")
    tested = config.root.get("test_cfg")
    if isinstance(tested, dict) and "type" in tested:
        # That of a model of 2.x has thresholds, and no class.
        new.append("test_cfg")
    old = leftover_keys(config.root) or legacy_keys(config.root)
    if new:
        old = [key for key in old if not is_read(config, key)]
    return Signs(tuple(old), tuple(new))


def generation(config: ResolvedConfig) -> Generation:
    """For which Runner a config was written."""
    return signs(config).generation
