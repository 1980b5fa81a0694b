from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config.change import (
    MISSING,
    Change,
    apply,
    changed_items,
    differences,
    first_difference,
    largest_group,
    overlap,
    removed_keys,
    value_at,
)
from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.values import LazyName, Unknown

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
configs = st.dictionaries(st.text(max_size=3), values, max_size=4)


def test_a_change_names_its_key_as_people_write_it():
    assert Change(("param_scheduler", 1, "end"), 36).key == "param_scheduler[1].end"


def test_missing_is_the_same_one_in_every_process():
    assert pickle.loads(pickle.dumps(MISSING)) is MISSING
    assert repr(MISSING) == "(none)"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"a": [{"b": None}]}),
        (("a", 0, "b"), None),
        (("a", 1), MISSING),
        (("b",), MISSING),
        (("a", "b"), MISSING),
        (("a", 0, "b", "c"), MISSING),
    ],
)
def test_a_value_is_found_or_missing(path, value):
    assert value_at({"a": [{"b": None}]}, path) == value


def test_changes_set_and_remove_without_touching_the_original():
    config = {"train_cfg": {"by_epoch": True, "max_epochs": 1}, "other": {"x": 1}}
    before = copy.deepcopy(config)
    moved = apply(
        config,
        [Change(("train_cfg", "type"), "L"), Change(("train_cfg", "by_epoch"), MISSING)],
    )
    assert moved == {"train_cfg": {"max_epochs": 1, "type": "L"}, "other": {"x": 1}}
    assert config == before
    assert moved["other"] is config["other"]


def test_a_later_change_sees_the_earlier_ones():
    changes = [Change(("a",), {"b": 1}), Change(("a", "c"), 2), Change(("a", "b"), MISSING)]
    assert apply({}, changes) == {"a": {"c": 2}}


def test_a_key_that_is_not_there_can_go():
    config = {"a": {"b": 1}, "c": [1]}
    assert apply(config, [Change(("a", "x"), MISSING), Change(("c", 3), MISSING)]) == config


@pytest.mark.parametrize("kind", [list, tuple])
def test_lists_and_tuples_stay_what_they_are(kind):
    config = {"a": kind([{"end": 12}, {"end": 24}])}
    moved = apply(config, [Change(("a", 1, "end"), 36)])
    assert moved == {"a": kind([{"end": 12}, {"end": 36}])}
    assert config["a"][1] == {"end": 24}


def test_a_value_needs_a_container():
    with pytest.raises(LookupError):
        apply({}, [Change(("a", "b"), 1)])


@given(configs, configs)
def test_the_differences_of_two_configs_make_one_of_the_other(before, after):
    untouched = copy.deepcopy(before)
    changed = apply(before, differences(before, after))
    assert first_difference(changed, after) is None
    assert first_difference(before, untouched) is None


@given(configs, configs)
def test_there_are_differences_exactly_if_there_is_a_first_one(before, after):
    found = list(differences(before, after))
    assert bool(found) == (first_difference(before, after) is not None)
    for change in found:
        assert first_difference(value_at(after, change.path), change.new) is None
        assert first_difference(value_at(before, change.path), change.new) is not None


def test_differences_go_into_dicts_and_equally_long_lists():
    before = {"a": [{"b": 1}, 2], "c": [1], "d": (1,), "e": 1}
    after = {"a": [{"b": 3}, 2], "c": [1, 2], "d": (2,), "f": 1}
    assert list(differences(before, after)) == [
        Change(("a", 0, "b"), 3),
        Change(("c",), [1, 2]),
        Change(("d",), (2,)),
        Change(("e",), MISSING),
        Change(("f",), 1),
    ]
    assert [change.key for change in differences([1], [2], ("x",))] == ["x[0]"]


@given(values)
def test_a_copy_does_not_differ(value):
    assert first_difference(copy.deepcopy(value), value) is None


@given(st.dictionaries(st.text(max_size=3), values, min_size=1, max_size=4), st.data())
def test_a_missing_key_is_named(config, data):
    key = data.draw(st.sampled_from(sorted(config)))
    less = {name: value for name, value in config.items() if name != key}
    assert first_difference(less, config) == (key,)
    assert first_difference(config, less) == (key,)


@pytest.mark.parametrize(
    ("left", "right", "path"),
    [
        ({"a": (1,)}, {"a": [1]}, ("a",)),
        ({"a": True}, {"a": 1}, ("a",)),
        ({"a": 1.0}, {"a": 1}, ("a",)),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ("a", 0, "b")),
        ({"a": [1]}, {"a": [1, 2]}, ("a",)),
        ({"a": None}, {}, ("a",)),
        ({"a": LazyName("m.A")}, {"a": LazyName("n.A")}, ("a",)),
        ({"a": LazyName("m.A")}, {"a": "m.A"}, ("a",)),
        ({"a": Unknown("one", "x:1")}, {"a": Unknown("two", "x:1")}, ("a",)),
    ],
)
def test_types_and_places_count(left, right, path):
    assert first_difference(left, right) == path


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (float("nan"), float("nan")),
        (CfgDict(a=CfgList([1])), {"a": [1]}),
        (LazyName("m.A"), LazyName("m.A")),
        (Unknown("why", "x:1"), Unknown("why", "y:2")),
    ],
)
def test_the_order_of_keys_and_the_kind_of_dict_do_not_count(left, right):
    assert first_difference(left, right) is None


def test_changed_items_are_one_level_deep_and_in_the_order_of_the_new_value():
    before = {"a": {"x": 1}, "b": 2, "c": 3}
    after = {"d": 4, "c": 3, "a": {"x": 5}}
    assert list(changed_items(before, after).items()) == [("d", 4), ("a", {"x": 5})]
    assert removed_keys(before, after) == ["b"]
    assert changed_items([1, 2, 3], [1, 5, 3]) == {1: 5}


def test_what_is_not_a_dict_has_no_items():
    unknown = Unknown("why", "x:1")
    assert changed_items(unknown, {"a": 1}) == {"a": 1}
    assert removed_keys(unknown, {"a": 1}) == []


@pytest.mark.parametrize(
    ("left", "right", "overlapping"),
    [
        (("a",), ("a",), True),
        (("a",), ("a", "b"), True),
        (("a", 0, "b"), ("a", 0), True),
        (("a", 0), ("a", 1), False),
        (("a",), ("ab",), False),
    ],
)
def test_keys_overlap_if_one_lies_within_the_other(left, right, overlapping):
    assert overlap(left, right) is overlapping


def test_the_largest_group_of_equal_values():
    assert largest_group([{"a": 1}, {"a": 2}, {"a": 1}]) == [{"a": 1}, {"a": 1}]
    assert largest_group([1, True, 1.0, True]) == [True, True]
    assert largest_group([]) == []
