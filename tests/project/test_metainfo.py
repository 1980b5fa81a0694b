"""The classes of a data set, read off its code."""

from __future__ import annotations

import ast

import pytest
from mmscaffold.facts.classes.known_class import NOT_TOLD
from mmscaffold.project.class_reader import metainfo_classes

DATA = "class Ships(Base):\n    METAINFO = {'classes': ('a', 'b')}\n"
LOAD = "    def load_data_list(self):\n"


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        ("", ("a", "b")),
        (f"{LOAD}        return self._metainfo['classes']\n", ("a", "b")),
        (f"{LOAD}        self._metainfo['palette'] = []\n", ("a", "b")),
        # mmrotate's HRSCDataset, unless it is given classwise=True.
        (f"{LOAD}        self._metainfo['classes'] = ('ship', )\n", NOT_TOLD),
    ],
)
def test_classes_are_told_where_no_code_replaces_them(code, classes):
    node = ast.parse(DATA + code).body[0]
    assert isinstance(node, ast.ClassDef)
    assert metainfo_classes(node) == classes
