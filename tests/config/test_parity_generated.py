"""Random trees of configs resolve as in mmengine, or are refused as there.

``python -m support.differential --help`` draws as many as one likes, and prints the figures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support.differential import (
    Workplace,
    compare_tree,
    run,
    write_pure_python_tree,
    write_tree,
)
from support.random_expressions import choices_of

pytestmark = pytest.mark.slow

SHARDS = 4
# `make test-slow` draws 20,000 of the first kind, as many of the second, and 8,000 of the third.
EXAMPLES = int(os.environ.get("MMSCAFFOLD_TREES", "1000"))
MOST_UNKNOWN = 0.35


@pytest.fixture
def place() -> Iterator[Workplace]:
    """A folder for trees, and mmengine without a word."""
    with Workplace().open() as place:
        yield place


@pytest.mark.parametrize("shard", range(SHARDS))
def test_of_what_configs_really_use_nothing_is_unknown(shard, place):
    # Each shard draws trees of its own, and in every run the same.
    @seed(shard)
    @settings(max_examples=EXAMPLES // SHARDS, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def compare(data):
        tree = write_tree(place, choices_of(data.draw), wild=False)
        for verdict in compare_tree(place, tree):
            assert not verdict.is_fault, f"{verdict}\n{tree.text()}"
            # What contains itself mmengine reads, and cannot write.
            refused = verdict.kind == "only we refuse"
            assert not refused or "contains itself" in verdict.detail, f"{verdict}\n{tree.text()}"
            reasons = [one for one in verdict.unknowns if not one.startswith(_NEVER_KNOWN)]
            assert not reasons, f"{reasons}\n{tree.text()}"

    compare()


# A function as a value; part of a random name; what a set gives away.
_NEVER_KNOWN = ("helper is a function", "mmengine does not replace {{_base_", "attribute pop of a")


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize(
    ("write", "count"),
    [(write_tree, EXAMPLES // 4), (write_pure_python_tree, EXAMPLES // 10)],
    ids=["classic", "pure Python"],
)
def test_of_what_a_resolver_may_not_know_nothing_is_guessed(write, count, shard):
    figures = run(write, range(shard * count, (shard + 1) * count))
    wrong = [fault for fault in figures.faults if fault[1].kind in {"wrong", "crash"}]
    assert not wrong, "\n\n".join(
        f"seed {number}: {verdict}\n{tree.text()}" for number, verdict, tree in wrong
    )
    # An unknown that goes into no key may be what mmengine refuses.
    assert len(figures.faults) <= max(2, count / 50)
    assert figures.kinds["equal"] > count / 2
    assert figures.kinds["only we refuse"] < count / 20
    assert figures.unknown / figures.leaves < MOST_UNKNOWN
