"""Random trees of configs resolve as in mmengine, or are refused as there."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from support.differential import Workplace, compare_tree, write_tree
from support.random_expressions import choices_of

pytestmark = pytest.mark.slow

SHARDS = 4
# `make test-slow` draws 20,000.
EXAMPLES = int(os.environ.get("MMSCAFFOLD_TREES", "2000"))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_random_tree_resolves_as_in_mmengine(shard):
    """Of what configs really use, nothing is unknown."""

    # Each shard draws trees of its own, and in every run the same.
    @seed(shard)
    @settings(max_examples=EXAMPLES // SHARDS, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def compare(data):
        with Workplace().open() as place:
            tree = write_tree(place, choices_of(data.draw), wild=False)
            for verdict in compare_tree(place, tree):
                assert not verdict.is_fault, f"{verdict}\n{tree.text()}"

    compare()
