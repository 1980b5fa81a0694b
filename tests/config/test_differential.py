"""What the differential run counts as a wrong value."""

from __future__ import annotations

import pytest
from mmscaffold.config.evaluate.values import Perhaps, Unknown
from support.differential import differs

unknown = Unknown("why", "where")
perhaps = Perhaps("why", "where")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": True}),
        ({"a": 1}, {}),
        ({}, {"a": 1}),
        ({"a": unknown}, {}),
        ({"a": perhaps}, {"b": 1}),
        ({"d": {"a": unknown}}, {"d": {}}),
        ({"a": [unknown]}, {"a": []}),
        ({"_base_": unknown, "a": 1}, {}),
        ({"_base_": unknown, "d": {"a": 1}}, {"d": {"a": 1, "b": 2}}),
    ],
)
def test_a_key_that_is_said_to_be_there_must_be(ours, theirs):
    assert differs(ours, theirs, "", strict=False)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"a": unknown}, {"a": 2}),
        ({"a": perhaps}, {"a": 2}),
        ({"a": perhaps}, {}),
        ({"_base_": unknown, "a": unknown}, {"b": 1}),
    ],
)
def test_what_is_unknown_may_be_anything(ours, theirs):
    assert not differs(ours, theirs, "", strict=False)


def test_the_order_of_keys_counts_where_all_is_known():
    assert differs({"a": 1, "b": 2}, {"b": 2, "a": 1}, "", strict=True)
    assert not differs({"a": 1, "b": 2}, {"b": 2, "a": 1}, "", strict=False)
