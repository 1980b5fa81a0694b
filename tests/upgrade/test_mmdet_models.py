"""The rows on models of mmdet 2.x hold, and there is one for each argument that was lost."""

from __future__ import annotations

from functools import cache

import pytest
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE
from mmscaffold.project.class_reader import read_table
from mmscaffold.upgrade.tables.mmdet_models import (
    GONE,
    MODELS,
    SCOPE,
    SCOPES,
    family_of_3x,
    in_3x,
    is_part_of_3x,
)

from tests.support import corpora

# The registries of mmdet 2.28.2 that models are built of.
_OF_MODELS = frozenset(
    {
        "MODELS", "BACKBONES", "NECKS", "HEADS", "DETECTORS", "ROI_EXTRACTORS", "SHARED_HEADS",
        "LOSSES", "BBOX_ASSIGNERS", "BBOX_SAMPLERS", "BBOX_CODERS", "IOU_CALCULATORS",
        "MATCH_COST", "PRIOR_GENERATORS", "ANCHOR_GENERATORS", "TRANSFORMER",
        "LINEAR_LAYERS", "PLUGIN_LAYERS",
    }
)  # fmt: skip

# What the rules of families (UPR-31), ``pretrained`` (UPR-30) and the layers of transformers
# account for, class by class.
_BY_RULES = {
    "DETRHead": {"in_channels", "num_query", "transformer", "positional_encoding"},
    "DeformableDETRHead": {"transformer", "with_box_refine", "in_channels", "num_query",
                           "positional_encoding", "as_two_stage"},
    "YOLACT": {"segm_head"},
    "YOLOX": {"input_size", "size_multiplier", "random_size_range", "random_size_interval"},
}  # fmt: skip
# The same name is another class in 3.x, or one that is not built by its name any more.
_OTHERS = frozenset({"ResLayer"})


@cache
def _old() -> PackageTable:
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    folder = corpora.unpacked_wheel("mmdet", "2.28.2") / "mmdet"
    return PackageTable(read_table(folder, "mmdet", "mmdet", "2.28.2"))


def _old_arguments(name: str) -> set[str]:
    """What the class itself names in its constructor in 2.28.2."""
    (known,) = _old().named(name)
    return set(known.arguments or ())


def _taken(name: str) -> Constructor:
    found = in_3x(name)
    taken = family_of_3x().constructor(found)
    assert taken is not None, (name, found)
    return taken


@pytest.mark.parametrize("name", sorted(MODELS))
def test_each_row_says_what_both_classes_take(name: str):
    row = MODELS[name]
    old, new = _old_arguments(name), _taken(row.type or name).arguments
    assert set(row.renamed) <= old - new
    assert set(row.renamed.values()) <= new - old
    assert set(row.lost) | set(row.refused) <= old - new
    if row.gathered is not None:
        assert row.gathered.name in new - old
        assert set(row.gathered.parts) <= old - new
        for cost in row.gathered.parts.values():
            assert is_part_of_3x(cost["type"])
            assert set(cost) - {"type"} <= _taken(cost["type"]).arguments


def test_what_is_gone_was_there():
    for name in GONE:
        assert _old().named(name)
        assert not is_part_of_3x(name)


def test_packages_have_their_new_names():
    assert set(SCOPES.values()) <= set(PACKAGES_OF_SCOPE)
    assert not set(SCOPES) & set(PACKAGES_OF_SCOPE)


def test_each_lost_argument_is_accounted_for():
    unsaid = {}
    for registry, names in _old().registered.items():
        if registry not in _OF_MODELS:
            continue
        for name in names:
            if name in _OTHERS or in_3x(name).classes == ():
                continue
            taken = family_of_3x().constructor(in_3x(name))
            if taken is None or taken.is_open:
                continue
            row = MODELS.get(name)
            said = _BY_RULES.get(name, set()) | {"pretrained"}
            if row is not None:
                said |= {*row.renamed, *row.lost, *row.refused}
                said |= set(row.gathered.parts if row.gathered else ())
            lost = _old_arguments(name) - taken.arguments - said
            if lost:
                unsaid[name] = lost
    assert unsaid == {}


def test_each_gone_model_is_known_to_be_gone():
    gone = {
        name
        for registry, names in _old().registered.items()
        if registry in _OF_MODELS
        for name in names
        if not is_part_of_3x(name)
    }
    assert gone - {row for row in MODELS if MODELS[row].type} <= GONE
    assert SCOPE in PACKAGES_OF_SCOPE
