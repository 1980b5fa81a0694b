"""How much data a config trains on, and what its annotation files say."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.parts import Part
from mmscaffold.facts.classes.known_class import KnownClass
from mmscaffold.facts.data import (
    ANNOTATION_FORMS,
    READ_AS_BASE,
    READING_METHODS,
    SAMPLERS,
    AnnotationForm,
)
from mmscaffold.project.annotations import Annotations
from mmscaffold.project.family import Verdict
from mmscaffold.schedule.data import EpochLengthError, batches_as_set, epoch_length

if TYPE_CHECKING:
    from mmscaffold.check.imported_code import ImportedCode


class Epoch(NamedTuple):
    """One pass over the training data.

    Attributes:
        iterations: How many it has at most: a filter may leave out some images.
        told: How that is counted.
    """

    iterations: int
    told: str


def epoch_of(config: ConfigView) -> Epoch | None:
    """How long an epoch of a config is; ``None`` where that is not known.

    The dataloader says so, or the user says how many samples there are, or the annotation files
    of all training sets lie beside the config.
    """
    loader = config.get("train_dataloader")
    sampler = class_name(config.get("train_dataloader.sampler.type")) or ""
    if not isinstance(loader, Mapping) or (sampler and not _is_plain(sampler)):
        return None
    as_set = batches_as_set(loader)
    if as_set is not None:
        return Epoch(as_set, f"num_batch_per_epoch={as_set}")
    settings = config.known_code.data.settings
    samples = settings.samples or _images(config)
    if not samples:
        return None
    try:
        iterations = epoch_length(config.root, samples, settings.processes)
    except EpochLengthError:
        return None
    gpus = "" if settings.processes == 1 else f" on {settings.processes} GPUs"
    told = f"{samples} images in batches of {loader['batch_size']}{gpus}"
    return Epoch(iterations, told)


def annotations_of(config: ConfigView, part: Part) -> tuple[Path, Annotations] | None:
    """The annotation file of a data set, and what it says; ``None`` where that is not known."""
    name, root = part.values.get("ann_file"), part.values.get("data_root")
    if not isinstance(name, str) or not (root is None or isinstance(root, str)):
        return None
    data = config.known_code.data
    place = data.place(config.folder, root or "", name)
    form = _form(config, part) if place is not None else None
    found = data.annotations(place, form) if place is not None and form is not None else None
    return None if place is None or found is None else (place, found)


def _images(config: ConfigView) -> int | None:
    """How many images the annotation files of all training sets have together."""
    total = 0
    for part in data_sets(config, "train"):
        found = annotations_of(config, part)
        if found is None:
            return None
        total += found[1].images
    return total


def _form(config: ConfigView, part: Part) -> AnnotationForm | None:
    """How a data set reads its annotation file, as far as its class is known."""
    own = config.imported_code
    if own is not None and own.knows(part.bare):
        return _form_of_own(own, part)
    found = config.find(part)
    if found.verdict is not Verdict.KNOWN:
        return None
    forms = {
        next((ANNOTATION_FORMS[one] for one in _lineage(config, known)), None)
        for known in found.classes
    }
    return forms.pop() if len(forms) == 1 else None


def _form_of_own(own: ImportedCode, part: Part) -> AnnotationForm | None:
    """The same of a data set of the project, which may read its file as its base does."""
    for one in own.lineage("DATASETS", part.bare):
        if isinstance(one, str):
            name = one.rpartition(".")[2]
            known = [key for key in ANNOTATION_FORMS if key.endswith(f".{name}")]
            # Exported, it may have a shorter name.
            near = [key for key in known if key.partition(".")[0] == one.partition(".")[0]]
            return ANNOTATION_FORMS[near[0]] if near else None
        methods = {each.name for each in one.node.body if isinstance(each, ast.FunctionDef)}
        if not methods.isdisjoint(READING_METHODS):
            return None
    return None


def _lineage(config: ConfigView, known: KnownClass) -> Iterator[str]:
    """Those of a data set and its bases of which it is known that it reads as they do."""
    if known.dotted in ANNOTATION_FORMS:
        yield known.dotted
    for base in config.family.lineage(known)[1:]:
        if not isinstance(base, str) and base.dotted in READ_AS_BASE:
            yield base.dotted


def _is_plain(sampler: str) -> bool:
    return sampler in SAMPLERS and SAMPLERS[sampler].is_plain
