from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from mmscaffold.schedule.boundaries import (
    NotScalableError,
    Stretch,
    keep_distance_to_end,
    scale_milestones,
    scale_parts,
)

LENGTHS = st.integers(1, 1000)


def test_a_warm_up_is_kept_a_last_stage_keeps_its_distance_and_the_middle_its_share():
    stretch = Stretch(300, 100, [0, 5, 150, 285, 300], kept=[5])
    assert [stretch(b) for b in (0, 5, 150, 285, 300, 400)] == [0, 5, 50, 85, 100, 100]


def test_what_does_not_fit_shrinks_in_proportion():
    stretch = Stretch(300, 7, [0, 5, 285, 300], kept=[5])
    assert [stretch(b) for b in (0, 5, 285, 300)] == [0, 1, 6, 7]


@given(LENGTHS, LENGTHS, st.lists(LENGTHS, max_size=6), st.data())
def test_order_is_kept_and_no_stage_vanishes(old, new, boundaries, data):
    kept = data.draw(st.lists(st.sampled_from(boundaries))) if boundaries else []
    try:
        stretch = Stretch(old, new, boundaries, kept)
    except NotScalableError:
        assert len({b for b in boundaries if b < old}) + 1 > new
        return
    moved = [stretch(b) for b in sorted({0, *(b for b in boundaries if b < old), old})]
    assert moved[0] == 0
    assert moved[-1] == new
    assert all(left < right for left, right in itertools.pairwise(moved))


@given(LENGTHS, LENGTHS, st.sets(LENGTHS, max_size=6))
@example(old=2, new=1, steps={1})
@example(old=2, new=1, steps={1, 2})
@example(old=6, new=3, steps={1, 2, 3, 4, 5, 6})
def test_milestones_increase_below_the_new_end(old, new, steps):
    moved = scale_milestones(sorted(steps), old, new)
    beyond = sum(step >= old for step in steps)
    # Those for which there is no room are left out.
    firing = moved[: min(len(steps) - beyond, new - 1)]
    assert all(0 < step < new for step in firing)
    assert all(left < right for left, right in itertools.pairwise(firing))
    assert moved[len(firing) :] == [new] * beyond


@given(LENGTHS, st.lists(st.integers(1, 50), min_size=1, max_size=8))
def test_the_same_length_changes_nothing_and_periods_fill_it(new, parts):
    total = sum(parts)
    assert scale_parts(parts, total) == parts
    assume(len(parts) <= new)
    scaled = scale_parts(parts, new)
    assert sum(scaled) == new
    assert min(scaled) >= 1


def test_1x_to_3x_is_the_official_3x():
    assert scale_milestones([8, 11], 12, 36) == [24, 33]


@pytest.mark.parametrize(
    ("step", "old", "new", "moved"), [(285, 300, 100, 85), (285, 300, 7, 0), (300, 300, 7, 7)]
)
def test_a_distance_to_the_end_is_kept_within_the_training(step, old, new, moved):
    assert keep_distance_to_end(step, old, new) == moved
