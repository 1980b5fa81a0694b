"""One data set of 2.x, without what may stand around it, and what 3.x builds of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.upgrade.data.arguments import ADVICE, refusal, untaken
from mmscaffold.upgrade.data.data_sets import backend
from mmscaffold.upgrade.data.pipelines import Pipeline, Steps
from mmscaffold.upgrade.draft import Draft, sequence
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.tables.mmdet_data import DATA_SETS, WRAPPERS, DataSetRow, names_in_3x
from mmscaffold.upgrade.tables.mmdet_names import is_own_name, taken


class SingleBuilder(ABC):
    """Builds what 3.x builds of single data sets of one split.

    Args:
        old: The config.
        split: ``train``, ``val`` or ``test``.
        place: The key of the loader in the new config.

    Attributes:
        notes: What there is to tell of them.
    """

    def __init__(self, old: OldConfig, split: str, place: KeyPath) -> None:
        self.old = old
        self.split = split
        self.place = place
        self.notes: list[Note] = []

    @property
    def trains(self) -> bool:
        """Whether it is the split of the training."""
        return self.split == "train"

    @abstractmethod
    def built(self, holder: Part, key: Key, *, feeds: bool = False) -> Any:
        """What 3.x builds of what is at a key: a data set, one of several, or several.

        Args:
            holder: The old dict.
            key: The key in it.
            feeds: Whether the images go through the pipeline of a data set that mixes them.
        """

    @abstractmethod
    def listed(
        self, holder: Part, key: Key, items: CfgList | CfgTuple, *, feeds: bool = False
    ) -> CfgList:
        """What 3.x builds of each data set of a list; see ``built``."""

    def without_size(self, draft: Draft) -> None:
        """Take out the size of batches, which 2.x let stand in data sets it did not train on."""
        if not self.trains:
            draft.values.pop("samples_per_gpu", None)

    def with_steps(
        self, part: Part, name: str, feeds: bool, steps: Steps | None
    ) -> tuple[CfgDict, Steps | None]:
        """A data set, with its pipeline.

        Args:
            part: The old dict.
            name: Its class, without a scope.
            feeds: Whether its images go through the pipeline of a data set that mixes them.
            steps: The pipeline, if others have the same one.
        """
        row = DATA_SETS.get(name)
        draft = Draft(part)
        self._prefixes(draft, row)
        self._filter(draft, row)
        if part.get("classes", 0) is None:
            draft.drop("classes", Reason.DEFAULT)
        elif "classes" in part:
            _nested(draft, "classes", "metainfo", "classes")
        draft.rename("seg_suffix", "seg_map_suffix")
        backend(draft)
        # The loaders, and the metrics, have these.
        self.without_size(draft)
        for key in row.to_metric if row else ():
            draft.values.pop(key, None)
        if "ins_ann_file" in part and row is not None:
            draft.values.pop("ins_ann_file", None)
        for key in row.dropped if row else ():
            draft.drop(key, Reason.AUTOMATIC)
        if steps is None:
            steps = self.pipeline(draft, feeds=feeds)
        elif "pipeline" in draft:
            draft.values.put("pipeline", steps.target, origin_of(part.values, "pipeline"))
        if name and row is None and self.trains:
            # Whether those of a test are told so, only the code of the project says.
            self._held(draft, feeds)
        self._tell_of_class(part, name)
        for other in untaken(draft, "DATASETS"):
            at = (*self.place, "dataset")
            self.note("UP210", refusal(name, other), at, ADVICE, (*part.path, other))
        for key in row.required if row else ():
            if not part.get(key):
                self.note(
                    "UP210",
                    f"{name} of 3.x needs {key}",
                    (*self.place, "dataset"),
                    "2.x could read the sizes of the images from the images; see "
                    "tools/misc/get_image_metas.py of mmdet 3.x.",
                    part.path,
                )
        self._finish(draft, row)
        return draft.values, steps

    def _held(self, draft: Draft, feeds: bool) -> None:
        """Build the data sets that a class of the project's own was given."""
        for key, value in draft.part.values.items():
            items = sequence(value)
            origin = origin_of(draft.part.values, key)
            if _is_data_set(value):
                draft.values.put(key, self.built(draft.part, key, feeds=feeds), origin)
            elif items and all(map(_is_data_set, items)):
                made = self.listed(draft.part, key, items, feeds=feeds)
                draft.values.put(key, made, origin)

    def _finish(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        for key in ("samples_per_gpu", "ins_ann_file", *(row.to_metric if row else ())):
            if key in part and key not in draft:
                part.take(key)
        draft.finish()

    def _prefixes(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        image = row.image_prefix if row is not None else "img"
        prefix = CfgDict()
        at: Key | None = None
        for key, name in (("img_prefix", image), ("seg_prefix", "seg")):
            if key not in part:
                continue
            value = part.get(key)
            if value is None:
                draft.drop(key, Reason.DEFAULT)
                continue
            if not isinstance(value, str):
                self.note(
                    "UP212",
                    f"{key} is no text that could be read",
                    (*self.place, "dataset"),
                    "data_prefix wants the name of a folder.",
                    (*part.path, key),
                )
            part.move(key, New(prefix, ()), name)
            if at is None:
                at = key
            else:
                draft.values.pop(key)
        if at is not None:
            draft.turn(at, prefix, "data_prefix")

    def _filter(self, draft: Draft, row: DataSetRow | None) -> None:
        part = draft.part
        least = part.get("min_size")
        filters = CfgDict()
        # What has no files of its own, as one of yours that holds others, filters nothing.
        if self.trains and "type" in part and (row.filters if row else "ann_file" in part):
            filters.put("filter_empty_gt", True, None)
            part.move("filter_empty_gt", New(filters, ()))
            filters.put("min_size", 32, None)
        elif self.trains and "filter_empty_gt" in part and (row is None or row.filters):
            part.move("filter_empty_gt", New(filters, ()))
        elif "filter_empty_gt" in part:
            draft.drop("filter_empty_gt", Reason.NO_EFFECT)
        if "min_size" in part and row is not None:
            if self.trains and least is not None:
                part.move("min_size", New(filters, ()), "bbox_min_size")
            else:
                draft.drop("min_size", Reason.NO_EFFECT)
            draft.values.pop("min_size", None)
        draft.values.pop("filter_empty_gt", None)
        if filters:
            draft.add("filter_cfg", filters)
        if not self.trains and "type" in part and not part.get("test_mode"):
            if "test_mode" in part:
                part.drop("test_mode", Reason.NO_EFFECT)
            draft.add("test_mode", True)

    def pipeline(
        self,
        draft: Draft,
        *,
        feeds: bool = False,
        mixes: bool = False,
        scale: tuple[Any, Origin | None] | None = None,
    ) -> Steps | None:
        """Find the pipeline of a data set for the rules on these; ``None`` if it has none.

        Args:
            draft: The data set.
            feeds: Whether its images go through the pipeline of a data set that mixes them.
            mixes: Whether it mixes images itself.
            scale: The size that it gives to a ``Resize`` without one, with its origin.
        """
        steps = Steps.of(draft.part, "pipeline")
        if steps is not None:
            origin = origin_of(draft.part.values, "pipeline")
            draft.values.put("pipeline", steps.target, origin)
            path = (*draft.part.path, "pipeline")
            made = Pipeline(self.split, steps, path, self.place, feeds=feeds, mixes=mixes)
            made.dynamic_scale = scale
            self.old.pipelines.append(made)
        return steps

    def _tell_of_class(self, part: Part, name: str) -> None:
        if not name or (name in names_in_3x("DATASETS") and not is_own_name(name)):
            return
        if name in names_in_3x("DATASETS"):
            message, advice = taken(name)
        elif name == "CustomDataset":
            message = "CustomDataset is gone; its annotation files have another form in 3.x"
            advice = (
                "Convert the annotations to COCO, or derive a class from BaseDetDataset whose "
                "load_data_list reads them."
            )
        else:
            message = f"{name}: a data set of yours; 3.x builds it otherwise"
            advice = (
                "Register it with mmdet.registry.DATASETS. CLASSES became METAINFO, "
                "load_annotations load_data_list, evaluate a metric; it gets data_prefix, "
                "metainfo and filter_cfg."
            )
        self.note("UP202", message, (*self.place, "dataset"), advice, (*part.path, "type"))

    def note(self, code: str, message: str, path: KeyPath, advice: str, old: KeyPath = ()) -> None:
        """Tell of a data set."""
        self.notes.append(Note(code, message, path, old or ("data", self.split), advice))


def _is_data_set(value: Any) -> bool:
    """Whether a dict is a data set: one of mmdet, or one with a pipeline."""
    kind = value.get("type") if isinstance(value, CfgDict) else None
    if not isinstance(kind, str):
        return False
    known = (*DATA_SETS, *WRAPPERS)
    return kind.rpartition(".")[2] in known or sequence(value.get("pipeline")) is not None


def _nested(draft: Draft, key: Key, name: str, inner: str) -> None:
    """Move a value into a dict of its own."""
    values = CfgDict()
    draft.part.move(key, New(values, ()), inner)
    draft.turn(key, values, name)
