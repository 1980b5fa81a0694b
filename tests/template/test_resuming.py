"""A resumed run of several processes: each goes on with its own random numbers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.subprocess

WAYS = [(by_epoch, differ) for by_epoch in (True, False) for differ in (False, True)]


@pytest.fixture(scope="module")
def ranks(project: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple, dict]:
    """What each of two processes reports of each way to train."""
    scratch = tmp_path_factory.mktemp("ranks")
    script = Path(__file__).with_name("resumed_ranks.py")
    words = ["--standalone", "--nproc_per_node=2", script, project, scratch]
    subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", *map(str, words)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        check=True,
    )
    lines = [
        json.loads(line)
        for rank in range(2)
        for line in (scratch / f"rank{rank}.jsonl").read_text().splitlines()
    ]
    return {(line["rank"], line["by_epoch"], line["differ"]): line for line in lines}


@pytest.mark.parametrize(("by_epoch", "differ"), WAYS)
def test_each_process_goes_on_with_the_data_and_numbers_it_would_have_had(ranks, by_epoch, differ):
    both = [ranks[rank, by_epoch, differ] for rank in range(2)]
    assert [one["same_data"] for one in both] == [True, True]
    assert [one["same_weights"] for one in both] == [True, True]
    # So that the test would notice if one process got the numbers of the other.
    assert (both[0]["first"] != both[1]["first"]) is differ
