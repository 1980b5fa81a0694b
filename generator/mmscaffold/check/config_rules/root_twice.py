"""A path of a data set begins with its ``data_root``, which is put before it once more.

Looked at are ``ann_file``, ``data_prefix`` and ``proposal_file``. A path of a metric is taken as
it is.

## Why it matters

MMDetection 2.x had configs with ``ann_file=data_root + 'train.json'``. Data sets of mmengine join
both themselves, unless the path is absolute.

## Symptoms

``FileNotFoundError: data/ships/data/ships/train.json``.

## Before -> after

Write ``ann_file='train.json'``.

## Fix safety

There is no automatic fix: the same expression may give a metric its path.

## Source in mmengine

mmengine/dataset/base_dataset.py, ``_join_prefix``; mmengine/utils/path.py, ``is_abs``.
"""

from __future__ import annotations

import os.path
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.data_sets import data_sets
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.lineage import is_of
from mmscaffold.check.parts import Part
from mmscaffold.check.rule import ExampleFinding, Invalid, Rule, Spot, Valid
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.data import JOINING, JOINING_PACKAGES, PROPOSALS
from mmscaffold.facts.runner import MODES


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each such path."""
    if config.is_legacy:
        return
    for mode in MODES:
        for part in data_sets(config, mode):
            root = _relative(part.values.get("data_root"))
            if root in (None, "", "."):
                continue
            for path, written in _paths(part):
                rest = _rest(root, written)
                if rest is not None and _joins(config, part) and _is_sure(config, part, written):
                    yield config.found(
                        path,
                        f"{part.bare} reads {posixpath.join(part.values['data_root'], written)}: "
                        "data_root is put before this path, which begins with it",
                        f"Write {rest!r}.",
                    )


def _paths(part: Part) -> Iterator[tuple[KeyPath, str]]:
    """The paths of a data set that are joined with its root, and where they are written."""
    values = part.values
    prefixes = values.get("data_prefix")
    named: list[tuple[KeyPath, Any]] = [
        ((*part.path, key), values.get(key)) for key in ("ann_file", PROPOSALS)
    ]
    if isinstance(prefixes, Mapping):
        named += [((*part.path, "data_prefix", key), one) for key, one in prefixes.items()]
    for path, one in named:
        if isinstance(one, str):
            yield path, one


def _relative(path: Any) -> str | None:
    """A path in its shortest form; ``None`` if it is not a relative one, anywhere."""
    if not isinstance(path, str) or ":" in path or path.startswith(("/", "\\", "~")):
        return None
    return posixpath.normpath(path) if path else ""


def _rest(root: str | None, written: str) -> str | None:
    """What a path has behind a root that it begins with; ``None`` if it does not."""
    path = _relative(written)
    if not path or root is None or not f"{path}/".startswith(f"{root}/"):
        return None
    rest = path[len(root) + 1 :]
    return f"{rest}/" if rest and written.endswith("/") else rest


def _joins(config: ConfigView, part: Part) -> bool:
    packages = {one.dotted.partition(".")[0] for one in config.find(part).classes}
    return packages <= JOINING_PACKAGES and is_of(config, part, JOINING)


def _is_sure(config: ConfigView, part: Part, written: str) -> bool:
    """Whether no folder seems to have another one of its own name in it."""
    root = part.values["data_root"]
    if _is_there(config, posixpath.join(root, written)):
        return False
    # data/data is not so rare as data/ships/data/ships.
    return "/" in posixpath.normpath(root) or _is_there(config, written)


def _is_there(config: ConfigView, path: str) -> bool:
    """Whether there is something from a folder above the config, where training may start."""
    # Those of pathlib raise what these take for an answer.
    around = (config.folder, *config.folder.parents)
    return any(os.path.exists(os.path.join(one, path)) for one in around)  # noqa: PTH110, PTH118


RULE = Rule(
    id="MMS165",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid(
            """
            default_scope = 'mmdet'
            data_root = 'data/ships/'
            train_dataloader = dict(dataset=dict(
                type='CocoDataset',
                data_root=data_root,
                ann_file='train.json',
                data_prefix=dict(img='train/'),
            ))
            val_evaluator = dict(type='CocoMetric', ann_file=data_root + 'val.json')
            """,
            because="A metric has no data_root.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            data_root = '/data/ships/'
            train_dataloader = dict(dataset=dict(
                type='CocoDataset', data_root=data_root, ann_file=data_root + 'train.json'
            ))
            """,
            because="A path that is absolute is taken as it is.",
        ),
        Valid(
            """
            default_scope = 'mmdet'
            data_root = 'data/ships/'
            train_dataloader = dict(dataset=dict(
                type='CocoDataset',
                ann_file=data_root + 'train.json',
                data_prefix=dict(img=data_root + 'train/'),
            ))
            val_dataloader = dict(dataset=dict(
                type='CocoDataset', data_root='data/ship', ann_file='data/ships/val.json'
            ))
            """,
        ),
        Valid(
            """
            data_root = 'data/ships/'
            train_dataloader = dict(dataset=dict(
                type='my_project.data.Ships', data_root=data_root, ann_file=data_root + 'a.json'
            ))
            """,
            because="Nothing is known of that data set.",
        ),
    ],
    invalid=[
        Invalid(
            """
            default_scope = 'mmdet'
            data_root = 'data/ships/'
            train_dataloader = dict(dataset=dict(
                type='CocoDataset',
                data_root=data_root,
                ann_file=data_root + 'train.json',
                data_prefix=dict(img=data_root + 'train/'),
            ))
            """,
            at=Spot(6, 14, 38),
            message=(
                "CocoDataset reads data/ships/data/ships/train.json: data_root is put before "
                "this path, which begins with it"
            ),
            also=[
                ExampleFinding(
                    Spot(7, 26, 46),
                    "CocoDataset reads data/ships/data/ships/train/: data_root is put before "
                    "this path, which begins with it",
                )
            ],
            after="""
            default_scope = 'mmdet'
            data_root = 'data/ships/'
            train_dataloader = dict(dataset=dict(
                type='CocoDataset',
                data_root=data_root,
                ann_file='train.json',
                data_prefix=dict(img='train/'),
            ))
            """,
        ),
        Invalid(
            """
            default_scope = 'mmdet'
            val_dataloader = dict(dataset=dict(
                type='RepeatDataset',
                times=2,
                dataset=dict(
                    type='VOCDataset',
                    data_root='./data/ships',
                    ann_file='data/ships/main/val.txt',
                ),
            ))
            """,
            at=Spot(8, 18, 43),
            message=(
                "VOCDataset reads ./data/ships/data/ships/main/val.txt: data_root is put before "
                "this path, which begins with it"
            ),
            after="""
            default_scope = 'mmdet'
            val_dataloader = dict(dataset=dict(
                type='RepeatDataset',
                times=2,
                dataset=dict(
                    type='VOCDataset',
                    data_root='./data/ships',
                    ann_file='main/val.txt',
                ),
            ))
            """,
        ),
    ],
)
