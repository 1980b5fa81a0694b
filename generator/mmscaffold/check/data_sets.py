"""The data sets of a config: what lies in wrappers, and which classes they have."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.parts import Part
from mmscaffold.facts.classes.known_class import NOT_TOLD
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.project.family import Found, Verdict

if TYPE_CHECKING:
    from mmscaffold.check.imported_code import ImportedCode

# The names of the classes, or their number where they are many.
Classes = tuple[str, ...] | int
WRAPPED = frozenset({"dataset", "datasets"})
"""The arguments by which wrappers of data sets take those."""


def is_wrapper(part: Part) -> bool:
    """Whether a data set draws its samples from other ones."""
    return not WRAPPED.isdisjoint(part.values)


def data_sets(config: ConfigView, mode: str) -> Iterator[Part]:
    """The data sets that a dataloader draws from, wrappers left out.

    Args:
        config: The config.
        mode: ``train``, ``val`` or ``test``.
    """
    for part in config.parts_below(f"{mode}_dataloader"):
        if part.registry == "DATASETS" and not is_wrapper(part):
            yield part


def common_classes(config: ConfigView, mode: str) -> tuple[Classes, Part] | None:
    """The classes that all data sets of a dataloader have, with the first of these.

    Returns:
        ``None`` if there are none, or they are not known, or differ.
    """
    parts = list(data_sets(config, mode))
    found = [classes_of(config, part) for part in parts]
    first = found[0] if found else None
    if first is None or any(one != first for one in found):
        return None
    return first, parts[0]


def classes_of(config: ConfigView, part: Part) -> Classes | None:
    """The classes of a data set, of its ``metainfo`` or its class; ``None`` if not known."""
    if "metainfo" in part.values:
        metainfo = part.values["metainfo"]
        if metainfo is not None and not isinstance(metainfo, Mapping):
            return None
        if metainfo is not None and "classes" in metainfo:
            classes = metainfo["classes"]
            is_known = isinstance(classes, list | tuple) and all(
                isinstance(one, str) for one in classes
            )
            return tuple(classes) if is_known else None
    own = config.imported_code
    if own is not None and own.knows(part.bare):
        return _classes_of_own(config, own, part)
    found = config.find(part)
    return _classes_of_known(config, found) if found.verdict is Verdict.KNOWN else None


def _classes_of_known(config: ConfigView, found: Found) -> Classes | None:
    of_class = {
        next(
            (
                one.classes
                for one in config.family.lineage(known)
                if not isinstance(one, str) and one.classes is not None
            ),
            None,
        )
        for known in found.classes
    }
    only = of_class.pop() if len(of_class) == 1 else None
    return None if only == NOT_TOLD else only


def _classes_of_own(config: ConfigView, own: ImportedCode, part: Part) -> Classes | None:
    """The classes of a data set of the project, of its ``METAINFO`` or that of its bases."""
    # Most configs have no data set of their own.
    from mmscaffold.project.class_reader import metainfo_classes, sets_metainfo

    for one in own.lineage("DATASETS", part.bare):
        if isinstance(one, str):
            found = config.family.find(ROOT_SCOPE, None, one)
            return _classes_of_known(config, found) if found.verdict is Verdict.KNOWN else None
        if _names_metainfo(one.node):
            return None
        if sets_metainfo(one.node):
            classes = metainfo_classes(one.node)
            return None if classes == NOT_TOLD else classes
    return None


def _names_metainfo(node: ast.ClassDef) -> bool:
    """Whether a method of a class does something with the metainfo."""
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    names = {"metainfo", "_metainfo", "_load_metainfo", "METAINFO"}
    return any(
        getattr(inner, key, None) in names
        for method in methods
        for inner in ast.walk(method)
        for key in ("id", "attr", "arg", "name")
    )


def count_of(classes: Classes) -> int:
    """How many classes those are."""
    return classes if isinstance(classes, int) else len(classes)
