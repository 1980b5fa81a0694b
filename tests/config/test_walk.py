from __future__ import annotations

from mmscaffold.config.walk import dicts, leaves, nodes

CONFIG = {"a": [{"b": 1}, ()], "c": {}, "d": (2, "x")}


def test_every_container_comes_before_what_it_holds():
    assert list(nodes(CONFIG)) == [
        ((), CONFIG),
        (("a",), [{"b": 1}, ()]),
        (("a", 0), {"b": 1}),
        (("a", 0, "b"), 1),
        (("a", 1), ()),
        (("c",), {}),
        (("d",), (2, "x")),
        (("d", 0), 2),
        (("d", 1), "x"),
    ]


def test_dicts_are_found_within_lists_and_tuples():
    config = {"a": [{"b": {}}, 1], "c": ({"d": 2},)}
    assert [path for path, _ in dicts(config, ("x",))] == [
        ("x",),
        ("x", "a", 0),
        ("x", "a", 0, "b"),
        ("x", "c", 0),
    ]
    assert list(dicts(3)) == []


def test_leaves_are_scalars_and_empty_containers():
    assert list(leaves(CONFIG, ("root",))) == [
        (("root", "a", 0, "b"), 1),
        (("root", "a", 1), ()),
        (("root", "c"), {}),
        (("root", "d", 0), 2),
        (("root", "d", 1), "x"),
    ]


def test_a_scalar_is_its_own_leaf():
    assert list(leaves(3, ("x",))) == list(nodes(3, ("x",))) == [(("x",), 3)]
