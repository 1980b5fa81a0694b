from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.pictures.reduction import points
from mmscaffold.schedule.curves import Curve, Segment

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=3000)


def curve(values):
    return Curve(iter((Segment(0, len(values), array("d", values)),)))


@given(values=VALUES, most=st.integers(8, 200))
def test_ends_lowest_and_highest_stay(values, most):
    at, kept = points(curve(values), most)
    assert at == sorted(set(at))
    assert [values[index] for index in at] == kept
    assert (at[0], at[-1]) == (0, len(values) - 1)
    assert (min(kept), max(kept)) == (min(values), max(values))
    assert len(kept) <= max(most, 4) + 4 or len(values) <= most


@given(values=VALUES)
def test_few_points_are_kept_as_they_are(values):
    assert points(curve(values), len(values)) == (list(range(len(values))), values)


def test_a_value_that_stays_needs_its_ends_alone():
    stretches = (Segment(0, 5, 0.1), Segment(5, 6, 0.01), Segment(6, 9, 0.2))
    assert points(Curve(iter(stretches))) == ([0, 4, 5, 6, 8], [0.1, 0.1, 0.01, 0.2, 0.2])
