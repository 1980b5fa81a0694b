"""The forms themselves; what they come to in whole configs is in test_planner.py."""

from __future__ import annotations

from mmscaffold.config import Resolver
from mmscaffold.migrate.forms import Writer


def written(tree, text: str, key: str, wanted: object, *, in_place: bool = False) -> str:
    folder = tree(a=text, base="loop = dict(by_epoch=True, n=1)\n")
    resolver = Resolver()
    config = resolver.resolve(folder / "a.py")
    base = resolver.resolve(config.bases[0]).root if config.bases else {}
    writer = Writer(config, base)
    if in_place:
        writer.write_in_place(key, wanted)
    else:
        writer.write(key, wanted)
    return writer.result().decode()


def test_a_new_key_goes_in_front_in_the_layout_of_the_first(tree):
    text = "loop = dict(\n    n=1,\n    m=2)\n"
    assert written(tree, text, "loop", {"n": 1, "m": 2, "type": "T"}) == (
        "loop = dict(\n    type='T',\n    n=1,\n    m=2)\n"
    )


def test_a_key_takes_the_place_of_the_one_it_supersedes(tree):
    assert written(tree, "loop = dict(n=1, by_epoch=True)\n", "loop", {"n": 1, "type": "T"}) == (
        "loop = dict(n=1, type='T')\n"
    )


def test_a_key_of_the_base_can_only_go_with_the_whole_dict(tree):
    text = "_base_ = './base.py'\nloop = dict(m=2)\n"
    wanted = {"n": 1, "m": 2, "type": "T"}
    assert written(tree, text, "loop", wanted) == (
        "_base_ = './base.py'\nloop = dict(type='T', _delete_=True, n=1, m=2)\n"
    )


def test_nested_keys_are_edited_where_they_stand(tree):
    text = "loop = dict(inner=dict(type='A', n=[1]), other=2)\n"
    assert written(tree, text, "loop", {"inner": {"type": "B", "n": [1]}, "other": 2}) == (
        "loop = dict(inner=dict(type='B', n=[1]), other=2)\n"
    )


def test_in_place_never_adds(tree):
    text = "loop = dict(n=1)\n"
    assert written(tree, text, "loop", {"n": 1, "type": "T"}, in_place=True) == text
    assert written(tree, text, "loop", {"n": 5}, in_place=True) == "loop = dict(n=5)\n"


def test_quotes_follow_the_literal_that_is_replaced(tree):
    assert written(tree, 'runner_type = "Runner"\n', "runner_type", "Mine") == (
        'runner_type = "Mine"\n'
    )
