"""The classes of a data set are not those of its annotation file.

Classes that the file does not have; or classes in another order, which decides what a label means:
``CocoDataset`` counts the categories of the file, not the names in ``classes``. The file is read
where it lies at ``data_root``, below a folder of the config or one above it; one of more than
50 MB only with ``--data``. Categories that are not among the classes are not a finding: their
boxes are left out.

## Why it matters

A class that the file spells differently (``Ship``, ``ships``) has no boxes. If none is there, no
image is left: ``metainfo`` was forgotten, or is misspelt. And with one missing in the middle,
each label after it stands for the class before. A category that is there twice, as in exports
whose group of classes is named as one of these, has two labels.

## Symptoms

``ValueError: need at least one array to concatenate``; ``loss_bbox: 0.0000``; predictions under
the names of other classes, or an mAP of 0 where the files of training and validation differ.

## Before -> after

Write the names of the file, in its order: ``metainfo = dict(classes=('ship', 'buoy'))``.

## Fix safety

There is no automatic fix: the file or the config may be wrong.

## Source in mmengine

mmdet/datasets/coco.py, which asks pycocotools for the categories;
mmengine/dataset/base_dataset.py, ``BaseDataset.full_init``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import classes_of, data_sets
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.check.training_data import annotations_of
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.runner import MODES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each data set at fault."""
    if config.is_legacy or not config.is_runnable:
        return
    for mode in MODES:
        for part in data_sets(config, mode):
            yield from _of(config, part)


def _of(config: ConfigView, part: Part) -> Iterator[Diagnostic]:
    found = annotations_of(config, part)
    categories = found[1].categories if found is not None else None
    if found is None or not categories:
        return
    classes = classes_of(config, part)
    place, name = _place(part), found[0].name
    if isinstance(classes, int):
        if classes > len(categories):
            yield config.found(
                place,
                f"{part.bare} has {classes} classes, and {name} has only {_listed(categories)}",
                "Write these into metainfo.",
            )
        return
    if not classes:
        return
    missing = [one for one in classes if one not in categories]
    labels = [one for one in categories if one in classes]
    if missing:
        which = "none of" if not labels else "no boxes of"
        told = f"the {len(classes)} classes of {part.bare}" if not labels else _listed(missing)
        yield config.found(
            place,
            f"{name} has {which} {told}: it has {_listed(categories)}",
            "Write the names of the file into metainfo, in its order.",
        )
    elif twice := _repeated(labels):
        yield config.found(
            place,
            f"{name} has the category {twice!r} {labels.count(twice)} times, each with a label of "
            f"its own: {part.bare} counts {len(labels)} classes, not {len(set(classes))}",
            "Merge them in the file: boxes whose label is beyond the classes train as background.",
        )
    elif twice := _repeated(classes):
        yield config.found(
            place,
            f"the classes of {part.bare} name {twice!r} {classes.count(twice)} times, and {name} "
            f"gives it one label: those after it stand for other classes",
            f"Write classes={tuple(labels)!r}.",
        )
    elif tuple(labels) != classes:
        number, label = next(
            (number, label) for number, label in enumerate(labels) if label != classes[number]
        )
        yield config.found(
            place,
            f"{part.bare} counts the categories of {name}, where label {number} is {label!r}, "
            f"and classes[{number}] is {classes[number]!r}",
            f"Write classes={tuple(labels)!r}.",
        )


def _place(part: Part) -> KeyPath:
    metainfo = part.values.get("metainfo")
    if isinstance(metainfo, dict) and "classes" in metainfo:
        return (*part.path, "metainfo", "classes")
    return part.path


def _repeated(names: Sequence[str]) -> str | None:
    """The first name that stands there more than once."""
    return next((one for one in names if names.count(one) > 1), None)


def _listed(names: Sequence[str]) -> str:
    told = ", ".join(repr(one) for one in names[:_MOST])
    return told if len(names) <= _MOST else f"{told} and {len(names) - _MOST} more"


_MOST = 4

_CONFIG = """
default_scope = 'mmdet'
model = dict(type='RetinaNet')
train_dataloader = dict(
    dataset=dict(type='CocoDataset', data_root='data/', ann_file='a.json',
                 metainfo=dict(classes={})),
)
"""
_DATA = """
{"info": {}, "images": [{"id": 1}], "annotations": [{"id": 7, "bbox": [1, 2, 3, 4]}],
 "categories": [{"id": 3, "name": "buoy"}, {"id": 1, "name": "ship"}, {"id": 9, "name": "crew"}]}
"""

RULE = Rule(
    id="MMS157",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            {"config.py": _CONFIG.format("('buoy', 'crew')"), "data/a.json": _DATA},
            because="Ships are left out.",
        ),
        Valid(
            {"configs/a.py": _CONFIG.format("['buoy', 'ship', 'crew']"), "data/a.json": _DATA},
        ),
        Valid(_CONFIG.format("('sail',)"), because="The file is not here."),
        Valid(
            {"config.py": _CONFIG.format("('sail',)"), "data/a.json": "[{}]"},
            because="Nothing is known of such a file.",
        ),
    ],
    invalid=[
        Invalid(
            {"config.py": _CONFIG.format("('buoy', 'ships', 'crew')"), "data/a.json": _DATA},
            at=Spot(5, 40, 65),
            message="a.json has no boxes of 'ships': it has 'buoy', 'ship', 'crew'",
            after=_CONFIG.format("('buoy', 'ship', 'crew')"),
        ),
        Invalid(
            {
                "configs/own/a.py": _CONFIG.replace(
                    ",\n                 metainfo=dict(classes={})", ""
                ),
                "data/a.json": _DATA,
            },
            at=Spot(4, 13, 75),
            message=(
                "a.json has none of the 80 classes of CocoDataset: it has 'buoy', 'ship', 'crew'"
            ),
        ),
        Invalid(
            {"config.py": _CONFIG.format("('ship', 'buoy')"), "data/a.json": _DATA},
            at=Spot(5, 40, 56),
            message=(
                "CocoDataset counts the categories of a.json, where label 0 is 'buoy', and "
                "classes[0] is 'ship'"
            ),
        ),
        Invalid(
            {
                "config.py": _CONFIG.format("('ship', 'buoy', 'crew')"),
                "data/a.json": _DATA.replace(
                    '[{"id": 3,', '[{"id": 0, "name": "ship"}, {"id": 3,'
                ),
            },
            at=Spot(5, 40, 64),
            message=(
                "a.json has the category 'ship' 2 times, each with a label of its own: "
                "CocoDataset counts 4 classes, not 3"
            ),
        ),
        Invalid(
            {"config.py": _CONFIG.format("('buoy', 'buoy', 'ship')"), "data/a.json": _DATA},
            at=Spot(5, 40, 64),
            message=(
                "the classes of CocoDataset name 'buoy' 2 times, and a.json gives it one label: "
                "those after it stand for other classes"
            ),
            after=_CONFIG.format("('buoy', 'ship')"),
        ),
    ],
)
