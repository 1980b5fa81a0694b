"""Which kinds of components a class could be the base of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mmscaffold.facts.base_classes import BASE_MODEL
from mmscaffold.project.registered import registered_classes
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.kinds import KINDS, OF_MODELS

_PREPROCESSOR = "mmengine.model.base_model.data_preprocessor.BaseDataPreprocessor"
_MODEL_ROOTS = frozenset({"BaseModule", "BaseModel", "BaseDataPreprocessor"})
FOLDER_OF_PART: Mapping[str, str] = {
    "backbone": "backbones",
    "neck": "necks",
    "head": "heads",
    "loss": "losses",
    "data-preprocessor": "data_preprocessors",
}
"""How the folders of packages end that hold one kind of part of a model."""


def registries_of(ancestry: Ancestry, dotted: str) -> frozenset[str]:
    """The registries that a class is in, by the name of its definition."""
    if dotted in ancestry.code.classes:
        own = registered_classes(ancestry.code)
        return frozenset(one.registry for one in own if one.definition.dotted == dotted)
    return frozenset(
        registry
        for table in ancestry.family.tables(dotted.partition(".")[0])
        for registry, names in table.registered.items()
        if dotted in names.values()
    )


def kinds_of(ancestry: Ancestry, dotted: str) -> frozenset[str] | None:
    """The kinds that a class is one of; ``None`` if that cannot be told.

    What counts is the registry of the class, or else of the nearest class that it derives from;
    for parts of models, the folder in which their package keeps them.

    Args:
        ancestry: Of the project.
        dotted: The class, by the name of its definition.

    Returns:
        Nothing for a class whose registry is for none of the kinds, such as TASK_UTILS.
    """
    line = list(dict.fromkeys(ancestry.of(dotted)))
    registries: frozenset[str] = frozenset()
    for one in line:
        registries = registries_of(ancestry, one)
        if registries:
            break
    names = {one.rpartition(".")[2] for one in line}
    if not registries:
        registries = frozenset(kind.registry for kind in KINDS.values() if kind.roots & names)
        if not registries and names & _MODEL_ROOTS:
            registries = frozenset({"MODELS"})
    if not registries:
        return None
    found = {kind.name for kind in KINDS.values() if kind.registry in registries}
    if "MODELS" in registries:
        part = _part(line)
        if part is not None:
            found = found - OF_MODELS | {part}
    return frozenset(found)


def _part(line: Iterable[str]) -> str | None:
    """Which part of a model a class is, by itself and its bases, nearest first."""
    line = list(line)
    if _PREPROCESSOR in line:
        return "data-preprocessor"
    if BASE_MODEL in line:
        return "model"
    for one in line:
        # The folder of the module, or the module itself: heads.py.
        for place in one.split(".")[-3:-1]:
            ends = FOLDER_OF_PART.items()
            found = next((kind for kind, end in ends if place.endswith(end)), None)
            if found is not None:
                return found
    return None
