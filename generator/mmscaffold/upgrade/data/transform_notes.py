"""Notes on transforms, each told once although a pipeline serves several splits."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.data.pipelines import Pipeline, Step
from mmscaffold.upgrade.notes import Note


class TransformNotes:
    """The notes that one rule has on transforms."""

    def __init__(self) -> None:
        self._notes: dict[tuple[str, str, object], Note] = {}

    def add(
        self, code: str, message: str, advice: str, pipeline: Pipeline, step: Step, key: str = ""
    ) -> None:
        """Tell of a transform; a second time only if it is written elsewhere."""
        written: object = step.origin.node if step.origin is not None else step.part.path
        old = (*step.part.path, key) if key else step.part.path
        note = Note(code, message, (*pipeline.place, "dataset"), old or pipeline.path, advice)
        self._notes.setdefault((code, message, written), note)

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes.values())
