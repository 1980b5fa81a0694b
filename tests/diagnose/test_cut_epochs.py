"""Epochs that end before their last batch; and those that only seem to."""

from __future__ import annotations

import pytest
from mmscaffold.diagnose import diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
START = "System environment:\n"


def lines(epoch, *batches, size=60):
    return "".join(
        f"{STAMP}Epoch(train) [{epoch}][{batch}/{size}]  lr: 1.0000e-02  eta: 0:10:00  "
        "time: 1.0000  data_time: 0.0010  loss: 0.5\n"
        for batch in batches
    )


@pytest.fixture
def is_cut(tmp_path):
    def read(text):
        log = tmp_path / "a.log"
        log.write_text(text)
        [run] = diagnose([log]).runs
        return "epoch-cut-short" in {one.symptom.name for one in run.seen}

    return read


TENS = range(10, 61, 10)
CUT = {
    "the last line of an epoch is missing": lines(1, *range(10, 51, 10)) + lines(2, 10, 20),
    "all epochs": lines(1, 10, 20) + lines(2, 10, 20) + lines(3, 10, 20),
    "a second one": lines(1, *TENS) + lines(2, 10, 20, 30) + lines(3, 10),
}
WHOLE = {
    "every line": lines(1, *TENS) + lines(2, *TENS) + lines(3, 10),
    "an interval that does not divide": lines(1, 50, 100, size=120) + lines(2, 50, size=120),
    "one line an epoch": "".join(lines(n, 50) for n in range(1, 9)),
    "the last line of the log": lines(1, *TENS) + lines(2, 10, 20),
    "an excerpt with a gap": lines(1, 10, 20) + lines(5, 40, 50) + lines(6, 10, 20),
    "the rest of the last batches": lines(1, 25, 50, 60) + lines(2, 25, 50, 60) + lines(3, 25),
}


@pytest.mark.parametrize("name", CUT)
def test_it_is_cut(name, is_cut):
    assert is_cut(START + CUT[name])


@pytest.mark.parametrize("name", WHOLE)
def test_it_is_whole(name, is_cut):
    assert not is_cut(START + WHOLE[name])


def test_an_excerpt_must_show_it_twice(is_cut):
    assert not is_cut(lines(1, 30, 40, 50) + lines(2, 10, 20, 30) + lines(3, 10, 20))
    assert is_cut(lines(1, 10, 20) + lines(2, 10, 20) + lines(3, 10, 20))


def test_a_checkpoint_ends_the_last_epoch(is_cut):
    text = START + lines(1, 10, 20, 30, 40)
    assert not is_cut(text)
    assert is_cut(f"{text}{STAMP}Saving checkpoint at 1 epochs\n")
