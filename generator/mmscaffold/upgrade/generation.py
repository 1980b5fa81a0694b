"""Whether a config was written for mmcv's Runner (2.x), for mmengine's (3.x), or for both."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

from mmscaffold.check.config_names import is_read
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.schedule.legacy import leftover_keys, legacy_keys, own_keys_of_2x, sets_loop

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
        own: Those of 2.x that the file itself sets, if its bases are of 3.x and it is not: none
            of the keys of 3.x is its own.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    own: tuple[str, ...] = ()

    @property
    def generation(self) -> Generation:
        """What they say."""
        if self.old and self.new:
            meant = self.own or _TELLING.intersection(self.old)
            return Generation.BOTH if meant else Generation.NEW
        if self.old:
            return Generation.OLD
        return Generation.NEW if self.new else Generation.NEITHER


def signs(config: ResolvedConfig) -> Signs:
    """The keys of a config that mean something to either Runner.

    A config of 3.x may have variables of the names of 2.x: what its files read is one, unless
    nothing but such keys is there.
    """
    new = _keys_of_3x(config.root)
    old = leftover_keys(config.root) or legacy_keys(config.root)
    if not new:
        return Signs(tuple(old), ())
    own: list[str] = []
    if not _keys_of_3x(config.own):
        own = [key for key in own_keys_of_2x(config.own) if not is_read(config, key)]
    old = [key for key in old if key in own or not is_read(config, key)]
    old += [key for key in own if key not in old]
    return Signs(tuple(old), tuple(new), tuple(own))


def _keys_of_3x(values: dict[str, Any]) -> list[str]:
    """The keys of 3.x among those of a config, or of one file."""
    new = [key for key in OF_3X if key in values]
    if sets_loop(values):
        new.append("train_cfg")
    tested, model = values.get("test_cfg"), values.get("model")
    if isinstance(tested, dict) and "type" in tested:
        # That of a model of 2.x has thresholds, and no class.
        new.append("test_cfg")
    if isinstance(model, dict) and isinstance(model.get("data_preprocessor"), dict):
        new.append("model.data_preprocessor")
    return new


def generation(config: ResolvedConfig) -> Generation:
    """For which Runner a config was written."""
    return signs(config).generation
