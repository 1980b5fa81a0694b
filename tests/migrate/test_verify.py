from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.migrate.verify import first_difference

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


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
    ],
)
def test_types_and_places_count(left, right, path):
    assert first_difference(left, right) == path


def test_the_order_of_keys_does_not_count():
    assert first_difference({"a": 1, "b": 2}, {"b": 2, "a": 1}) is None
