"""Containers of configs: whatever is done to one, values and origins stay in step."""

from __future__ import annotations

import copy
import pickle

import pytest
from mmscaffold.config import resolve
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.values import to_plain


@pytest.fixture
def root(write):
    return resolve(write(a="d = dict(a=1, b=[2], c=(3, 4))\nl = [5, 6, 7]\nt = (8, 9)\n")).root


def texts(container):
    """The source text of every value, by its origin."""
    keys = list(container) if isinstance(container, dict) else range(len(container))
    found = [origin_of(container, key) for key in keys]
    return [origin and origin.text for origin in found]


def test_a_dict_keeps_its_origins_in_step(root):
    d = root["d"]
    assert texts(d) == ["1", "[2]", "(3, 4)"]
    d["a"] = 5
    assert texts(d) == [None, "[2]", "(3, 4)"]
    del d["b"]
    assert d.pop("c") == (3, 4)
    assert d.pop("absent", 0) == 0
    d["c"] = 1
    assert texts(d) == [None, None]
    d.update(root["d"] | CfgDict(x=1), y=2)
    assert list(d) == ["a", "c", "x", "y"]
    d.clear()
    assert d.setdefault("a", 1, origin_of(root, "l")) == 1
    assert texts(d) == ["[5, 6, 7]"]
    assert d.popitem() == ("a", 1)
    assert d.origins == {}


def test_a_dict_brings_its_origins_into_another(root):
    made = CfgDict(z=0)
    made.update(root["d"])
    assert texts(made) == [None, "1", "[2]", "(3, 4)"]
    made |= {"a": 2}
    assert texts(made) == [None, None, "[2]", "(3, 4)"]
    copied = root["d"].copy()
    copied["a"] = 0
    assert texts(copied)[0] is None
    assert texts(root["d"])[0] == "1"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda x: x.append(0), ["5", "6", "7", None]),
        (lambda x: x.extend([1, 2]), ["5", "6", "7", None, None]),
        (lambda x: x.extend(x), ["5", "6", "7", "5", "6", "7"]),
        (lambda x: x.insert(-1, 0), ["5", "6", None, "7"]),
        (lambda x: x.pop(), ["5", "6"]),
        (lambda x: x.remove(6), ["5", "7"]),
        (lambda x: x.reverse(), ["7", "6", "5"]),
        (lambda x: x.sort(reverse=True), [None, None, None]),
        (lambda x: x.clear(), []),
        (lambda x: x.__setitem__(1, 0), ["5", None, "7"]),
        (lambda x: x.__setitem__(slice(0, 2), x[1:]), ["6", "7", "7"]),
        (lambda x: x.__setitem__(slice(1, 1), (0,)), ["5", None, "6", "7"]),
        (lambda x: x.__delitem__(slice(0, 2)), ["7"]),
        (lambda x: x.__iadd__([0]), ["5", "6", "7", None]),
        (lambda x: x.__imul__(2), ["5", "6", "7", "5", "6", "7"]),
    ],
)
def test_a_list_keeps_its_origins_in_step(root, change, expected):
    change(root["l"])
    assert texts(root["l"]) == expected


def test_a_refused_change_changes_neither(root):
    for change in (lambda x: x.pop(9), lambda x: x.__setitem__(9, 0), lambda x: x.__delitem__(9)):
        with pytest.raises(IndexError):
            change(root["l"])
    assert texts(root["l"]) == ["5", "6", "7"]
    with pytest.raises(KeyError):
        del root["d"]["absent"]
    assert texts(root["d"]) == ["1", "[2]", "(3, 4)"]


@pytest.mark.parametrize("key", ["l", "t"])
def test_slices_sums_and_multiples_know_their_origins(root, key):
    sequence = root[key]
    written = texts(sequence)
    assert texts(sequence[1:]) == written[1:]
    assert texts(sequence + sequence[:1]) == [*written, written[0]]
    assert texts(sequence * 2) == written * 2


def test_plain_values_follow_every_change(root):
    d = root["d"]
    assert to_plain(d) == {"a": 1, "b": [2], "c": (3, 4)}
    d["a"] = CfgList([CfgTuple.make([1])])
    plain = to_plain(d)
    assert plain["a"] == [(1,)]
    assert {type(plain["a"]), type(plain["a"][0])} == {list, tuple}
    del d["b"]
    d.update(c=CfgDict(x=1))
    assert to_plain(d) == {"a": [(1,)], "c": {"x": 1}}
    assert type(to_plain(d)["c"]) is dict
    plain["a"].append(0)
    assert to_plain(d)["a"] == [(1,)]


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_clone_has_values_and_origins(root, clone):
    cloned = clone(root)
    assert cloned == root
    assert texts(cloned) == texts(root)
    assert texts(cloned["t"]) == ["8", "9"]
