"""A resolved config of 2.x, as the rules ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.key_path import Key
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.units import Unit
from mmscaffold.upgrade.data.pipelines import Pipeline, Step, Steps
from mmscaffold.upgrade.ledger import Ledger
from mmscaffold.upgrade.models.known_parts import KnownParts
from mmscaffold.upgrade.part import Part


class OldConfig:
    """A resolved config of 2.x.

    Args:
        config: The config, its bases merged in.
        ledger: Where its values are accounted for.
        package: The import name of the package whose tables apply; ``None`` if there are none.
        known_parts: What became of the parts of models of other configs.

    Attributes:
        pipelines: Those of its data sets, once the rule on data sets has found them.
        preprocessor: What its data ask of the preprocessor of a model, as the rules on pipelines
            find it.
    """

    def __init__(
        self,
        config: ResolvedConfig,
        ledger: Ledger,
        package: str | None,
        known_parts: KnownParts | None = None,
    ) -> None:
        self.config = config
        self.root: CfgDict = config.root
        self.ledger = ledger
        self.package = package
        self.known_parts = known_parts or KnownParts()
        self.pipelines: list[Pipeline] = []
        self.preprocessor = CfgDict()

    @property
    def path(self) -> Path:
        """The file."""
        return self.config.path

    def top(self) -> Part:
        """The top level."""
        return Part(self.root, (), self.ledger)

    def part(self, *keys: Key) -> Part | None:
        """The dict at a key path; ``None`` if there is none."""
        found: Part | None = self.top()
        for key in keys:
            found = found.part(key) if found is not None else None
        return found

    def transforms(self, *types: str) -> Iterator[tuple[Pipeline, Steps, Step]]:
        """The transforms of some classes in all pipelines.

        Args:
            types: The names of their classes as they are by now; none means all.
        """
        for pipeline in self.pipelines:
            for steps, step in pipeline.all(*types):
                yield pipeline, steps, step

    @property
    def is_whole(self) -> bool:
        """Whether it is a config that can be run, and not only a base for others."""
        return (
            isinstance(self.root.get("model"), dict)
            and isinstance(self.root.get("data"), dict)
            and self.sets_length
        )

    @property
    def sets_length(self) -> bool:
        """Whether it says how long the training is."""
        runner = self.root.get("runner")
        named = isinstance(runner, dict) and ("max_epochs" in runner or "max_iters" in runner)
        return named or "total_epochs" in self.root or "total_iters" in self.root

    @property
    def length(self) -> int | None:
        """How long the training is, in ``unit``; ``None`` if that is not known."""
        runner = self.root.get("runner")
        runner = runner if isinstance(runner, dict) else {}
        iterations = self.unit is Unit.ITERATIONS
        length = runner.get("max_iters" if iterations else "max_epochs")
        if length is None:
            length = self.root.get("total_iters" if iterations else "total_epochs")
        return length if isinstance(length, int) and length > 0 else None

    def owns(self, *primary: Key) -> bool:
        """Whether this file says what a key of 3.x becomes, and not one that has it for a base.

        Two bases that set the same key are refused by mmengine, so a file that is only a base
        writes what its own primary keys determine; all else is left to the whole configs.

        Args:
            primary: The 2.x keys from which the 3.x key is made in the first place.
        """
        return self.is_whole or any(key in self.root for key in primary)

    @property
    def unit(self) -> Unit | None:
        """What the runner counts; ``None`` in a base that names no runner.

        mmdet 2.x takes an EpochBasedRunner where the config has none (mmdet/apis/train.py),
        so a whole config always counts something.
        """
        runner = self.root.get("runner")
        if isinstance(runner, dict) and isinstance(runner.get("type"), str):
            return Unit.ITERATIONS if "Iter" in runner["type"] else Unit.EPOCHS
        if (isinstance(runner, dict) and "max_iters" in runner) or "total_iters" in self.root:
            return Unit.ITERATIONS
        if self.sets_length or ("data" in self.root and "model" in self.root):
            return Unit.EPOCHS
        return None
