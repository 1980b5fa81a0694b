"""What the code of a class puts into the dicts of its parts, read off the code."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.facts.classes.known_class import ANY
from mmscaffold.project.code import Package
from mmscaffold.project.family import Family
from mmscaffold.project.given_keys import GivenKeys

# A head, whose arguments are all that can be lacking.
HEAD = """
class Head:
    def __init__(self, in_channels, train_cfg, init_cfg=dict(in_channels=3)):
        pass
"""


def given(tmp_path: Path, body: str, more: str = "") -> frozenset[str]:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    code = f"{HEAD}{more}\nclass Model:\n    def __init__(self, head, **kwargs):\n{lines}"
    (tmp_path / "own.py").write_text(code)
    package = Package.of_files([("own", tmp_path / "own.py")])
    return GivenKeys(package).of(package.classes["own.Model"].node)


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("head.update(train_cfg=3)", {"train_cfg"}),
        ("head.update({'train_cfg': 3})", {"train_cfg"}),
        ("head.update(dict(train_cfg=3))", {"train_cfg"}),
        ("head.setdefault('train_cfg', 3)", {"train_cfg"}),
        ("head['train_cfg'] = 3", {"train_cfg"}),
        ("head.train_cfg = 3", {"train_cfg"}),
        ("head = dict(train_cfg=3, **head)", {"train_cfg"}),
        ("head = {**head, 'train_cfg': 3}", {"train_cfg"}),
        ("MODELS.build(head, default_args=dict(train_cfg=3))", {"train_cfg"}),
        ("build_head(head, train_cfg=3)", {"train_cfg"}),
        ("Head(train_cfg=3, **head)", {"train_cfg"}),
        # Those of its own base, of nothing that it builds, and its own.
        ("super().__init__(train_cfg=3, **kwargs)", set()),
        ("head.update(colour=3)", set()),
        ("self.train_cfg = 3", set()),
        ("train_cfg = head['train_cfg']", set()),
        ("MODELS.build(head)", set()),
        ("build_from_cfg(head, MODELS)", set()),
        # What has no name there.
        ("build_conv_layer(head, 3, 64)", {ANY}),
        ("KINDS[head['type']](3, 64)", {ANY}),
        ("KINDS.get(head['type'])(3, 64)", {ANY}),
        ("kind = head.pop('type')", {ANY}),
        ("is_own = head['type'] == 'Own'", set()),
    ],
)
def test_what_changes_a_dict_gives_it_keys(tmp_path, body, keys):
    assert given(tmp_path, body) == keys


def test_what_functions_and_classes_of_the_package_give_is_given_by_who_calls_them(tmp_path):
    more = """
def prepare(head):
    prepare(head)
    helper = Helper(head)


class Helper:
    def __init__(self, head):
        head.update(in_channels=3)
"""
    assert given(tmp_path, "prepare(head)", more) == {"in_channels"}
    assert given(tmp_path, "head.prepared = True", more) == set()


def test_what_sets_weights_builds_nothing(tmp_path):
    body = "pass\n\ndef init_weights(self):\n    kind = self.head.pop('type')"
    assert given(tmp_path, body) == set()


def test_a_default_is_not_added_to_what_a_config_says(tmp_path):
    more = "\ndef helper(head=dict(train_cfg=3)):\n    pass\n"
    assert given(tmp_path, "helper(head)", more) == set()


def test_what_bases_give_is_given_too():
    family = Family(lambda name: None)
    keys = family.given(family.find("mmdet", "MODELS", "RetinaNet"))
    assert keys is not None
    assert {"train_cfg", "test_cfg"} <= keys
    assert not {"in_channels", ANY} & keys
    assert family.given(family.find("mmdet", "MODELS", "NoSuchNet")) is None
