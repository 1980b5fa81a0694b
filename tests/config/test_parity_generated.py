"""Random trees of configs resolve as in mmengine, or are refused as there.

``python -m support.differential --help`` draws as many as one likes, and prints the figures.
"""

from __future__ import annotations

import os
from functools import partial

import pytest
from support.differential import Figures, run, write_pure_python_tree, write_tree

pytestmark = pytest.mark.slow

SHARDS = 4
# `make test-slow` draws 20,000 of the forms that configs really use, and 5,000 and 2,000 of the
# others; ``support.differential`` more.
EXAMPLES = int(os.environ.get("MMSCAFFOLD_TREES", "1000"))


def faults(figures: Figures, *kinds: str) -> str:
    """The faults, each with the smallest tree that shows it."""
    return "\n\n".join(
        f"seed {number}: {verdict}\n{tree.text()}"
        for number, verdict, tree in figures.faults
        if not kinds or verdict.kind in kinds
    )


@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_configs_really_use_is_known(shard):
    # Each shard draws trees of its own, and in every run the same.
    count = EXAMPLES // SHARDS
    plain = partial(write_tree, wild=False)
    figures = run(plain, range(shard * count, (shard + 1) * count), most_faults=4)
    assert not faults(figures)
    assert figures.kinds["equal"] > count
    assert figures.kinds["only we refuse"] <= count / 50
    assert figures.unknown / figures.leaves < 0.02


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize(
    ("write", "count"),
    [(write_tree, EXAMPLES // 16), (write_pure_python_tree, EXAMPLES // 40)],
    ids=["classic", "pure Python"],
)
def test_what_may_not_be_known_is_never_guessed(write, count, shard):
    figures = run(write, range(shard * count, (shard + 1) * count), most_faults=4)
    assert not faults(figures, "wrong", "crash")
    # An unknown that goes into no key may be what mmengine refuses.
    assert len(figures.faults) <= max(2, count / 50), faults(figures)
    assert figures.kinds["equal"] > count / 2
    assert figures.kinds["only we refuse"] <= max(3, count / 20)
    assert figures.unknown / figures.leaves < 0.45
