"""The pipelines of a config, transform by transform, as several rules change them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mmscaffold.config.evaluate.containers import CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import KeyPath
from mmscaffold.upgrade.draft import Draft, sequence
from mmscaffold.upgrade.part import Part


class Step(Draft):
    """One transform of a pipeline.

    Attributes:
        origin: Where the old dict was written, if it is one of the old config.
        inner: The lists of transforms in it.
    """

    def __init__(self, part: Part, origin: Origin | None = None) -> None:
        super().__init__(part)
        self.origin = origin
        self.inner: list[Steps] = []

    @property
    def type(self) -> str:
        """The name of its class as it is by now, without a scope; empty if it is not known."""
        name = self.values.get("type")
        return name.rpartition(".")[2] if isinstance(name, str) else ""

    @property
    def old_type(self) -> str:
        """The name of its class in 2.x."""
        name = self.part.get("type")
        return name.rpartition(".")[2] if isinstance(name, str) else ""

    def become(self, name: str) -> None:
        """Be of another class."""
        old = self.values.get("type")
        scope = old.rpartition(".")[0] if isinstance(old, str) else ""
        self.turn("type", f"{scope}.{name}" if scope else name)


class Steps:
    """A list of transforms, and the list of the new config that they make up.

    Its elements that are no dicts stay where they are.
    """

    def __init__(self) -> None:
        self.target = CfgList()
        self.steps: list[Step] = []

    @classmethod
    def of(cls, part: Part, key: str) -> Steps | None:
        """Those of a list in the old config; ``None`` if there is no list."""
        old = sequence(part.get(key))
        if old is None:
            return None
        made = cls()
        made.fill(part.parts(key), old)
        return made

    def fill(self, parts: list[Part], old: CfgList | CfgTuple) -> None:
        """Have the elements of a list in the old config, and a transform for each dict."""
        found = {one.path[-1]: one for one in parts}
        for index, value in enumerate(old):
            if index in found:
                step = Step(found[index], origin_of(old, index))
                self.steps.append(step)
                value = step.values
            self.target.append(value, origin_of(old, index))

    def __iter__(self) -> Iterator[Step]:
        return iter(list(self.steps))

    def __len__(self) -> int:
        return len(self.steps)

    def remove(self, step: Step) -> None:
        """Take a transform out."""
        del self.target[self._index(step)]
        self.steps.remove(step)

    def replace(self, step: Step, others: list[Step]) -> None:
        """Put others in the place of a transform; those of the old config keep their origins."""
        index = self._index(step)
        place = self.steps.index(step)
        del self.target[index]
        self.steps[place : place + 1] = others
        for offset, other in enumerate(others):
            self.target.insert(index + offset, other.values, other.origin)

    def insert_before(self, step: Step, other: Step) -> None:
        """Put a transform before another."""
        self.target.insert(self._index(step), other.values, other.origin)
        self.steps.insert(self.steps.index(step), other)

    def following(self, step: Step) -> list[Step]:
        """The transforms behind one."""
        return self.steps[self.steps.index(step) + 1 :]

    def named(self, *types: str) -> list[Step]:
        """The transforms of some classes, in order, not those within others."""
        return [step for step in self.steps if step.type in types]

    def _index(self, step: Step) -> int:
        return next(i for i, value in enumerate(self.target) if value is step.values)


@dataclass
class Augmentation:
    """What 2.x did to each image of a test beside the one that is left.

    Attributes:
        scales: All sizes or factors of ``MultiScaleFlipAug``, with their origins.
        key: ``scale`` or ``scale_factor``: what 3.x calls them.
        directions: How images were flipped, besides not at all.
        steps: The transforms that were applied to each variant.
        resize: The one of them that gets the sizes.
        flips: Those of them that flip.
    """

    scales: CfgList
    key: str
    directions: list[str]
    steps: list[Step]
    resize: Step | None
    flips: list[Step]


@dataclass
class Pipeline:
    """The transforms of one data set.

    Attributes:
        split: ``train``, ``val`` or ``test``.
        steps: The transforms.
        path: The key in the old config.
        place: The key in the new config, of the loader.
        feeds: Whether its results go through the pipeline of a data set that mixes images.
        mixes: Whether it is that of a data set that mixes images.
        augmentation: What else was tried at test time.
        seg_scale: By what semantic maps were scaled, with where that was written.
        dynamic_scale: The size that what mixes images gave to each ``Resize`` without one, with
            where that was written.
    """

    split: str
    steps: Steps
    path: KeyPath
    place: KeyPath
    feeds: bool = False
    mixes: bool = False
    augmentation: Augmentation | None = None
    seg_scale: tuple[Any, Origin | None] | None = None
    dynamic_scale: tuple[Any, Origin | None] | None = None

    def all(self, *types: str) -> Iterator[tuple[Steps, Step]]:
        """Each transform with its list, those within others too.

        Args:
            types: The names of their classes as they are by now; none means all.
        """
        return _all(self.steps, types)


def _all(steps: Steps, types: tuple[str, ...]) -> Iterator[tuple[Steps, Step]]:
    for step in steps:
        if not types or step.type in types:
            yield steps, step
        for inner in step.inner:
            yield from _all(inner, types)
