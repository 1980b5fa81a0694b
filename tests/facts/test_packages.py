from __future__ import annotations

import pytest
from mmengine.config.utils import MODULE2PACKAGE
from mmscaffold.facts.classes import upstream
from mmscaffold.facts.packages import (
    DISTRIBUTIONS,
    PACKAGES,
    TABLED_PACKAGES,
    TABLED_SCOPES,
    ignores_runner_type,
    is_openmmlab,
)


def test_bases_come_from_the_packages_that_mmengine_knows():
    assert dict(DISTRIBUTIONS) == MODULE2PACKAGE


def test_the_class_table_has_the_packages_that_say_so():
    assert {name for name, row in PACKAGES.items() if row.class_table} == set(upstream().versions)
    assert set(TABLED_SCOPES) == {"mmengine", "mmdet"}
    assert set(TABLED_PACKAGES) == {"mmengine", "mmdet", "mmcv"}


def test_each_row_is_complete():
    for name, row in PACKAGES.items():
        assert row.name == name
        assert row.scope in PACKAGES
        assert row.generations <= {"2.x", "3.x"}
        assert row.generations


@pytest.mark.parametrize(
    ("scope", "ignored"),
    [
        ("mmpose", True),
        ("mmagic", True),
        ("mmrazor", True),
        ("mmdet", False),
        ("mmseg", False),
        # Without a tool of its own, or not known.
        ("mmengine", False),
        ("own", False),
        (None, False),
    ],
)
def test_whose_training_script_ignores_runner_type(scope, ignored):
    assert ignores_runner_type(scope) is ignored


def test_a_module_belongs_to_openmmlab_by_its_first_name():
    assert is_openmmlab("mmpretrain.models")
    assert is_openmmlab("mmcv")
    assert not is_openmmlab("mmpretrained.models")
