from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.history import NO_EPOCH, UnreadLines
from mmscaffold.diagnose.text_log import TextLog

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
TRAIN = STAMP + "Epoch(train)  [ 3][  50/7330]  base_lr: 2.0e-02 lr: 1.9820e-03  "
TRAIN += "eta: 1 day, 2:03:04  time: 0.2511  data_time: 0.0041  memory: 7423  loss: 0.5123\n"


def read(*lines: str):
    unread = UnreadLines()
    raw = "".join(lines).encode()
    return TextLog(Path("a.log"), unread).read(raw.splitlines(keepends=True)), unread


def test_a_line_of_training():
    [run], unread = read(TRAIN)
    train = run.train
    assert train.head(0) == "Epoch(train) [3][50/7330]"
    assert (train.line[0], train.lr[0], train.time[0]) == (1, 1.982e-3, 0.2511)
    assert train.eta[0] == 26 * 3600 + 3 * 60 + 4
    assert unread.number == 0


@pytest.mark.parametrize(
    ("shown", "digits"),
    [("[1]", 0), (" [1]", 1), ("  [1]", 2), (" [12]", 2), ("  [12]", 3), ("   [1]", 3)],
)
def test_the_padding_tells_the_digits_of_max_epochs(shown, digits):
    [run], _ = read(TRAIN.replace("  [ 3]", shown))
    assert run.train.digits[0] == digits


@pytest.mark.parametrize(
    ("eta", "seconds"),
    [
        ("0:00:07", 7),
        ("-1 day, 23:59:59", -1),
        ("-2 days, 23:59:00", -86460),
        ("12 days, 0:00:01", 12 * 86400 + 1),
    ],
)
def test_an_eta_below_zero_and_of_days(eta, seconds):
    [run], _ = read(TRAIN.replace("1 day, 2:03:04", eta))
    assert run.train.eta[0] == seconds


def test_a_line_of_an_iteration_loop():
    line = TRAIN.replace("Epoch(train)  [ 3][  50/7330]", "Iter(train) [   50/90000]")
    [run], _ = read(line)
    assert run.train.epoch[0] == NO_EPOCH
    assert run.train.head(0) == "Iter(train) [50/90000]"
    assert not run.by_epoch


def test_a_line_without_rate_and_eta():
    [run], unread = read(STAMP + "Epoch(train) [1][1/4]    loss: 0.5\n")
    assert math.isnan(run.train.lr[0])
    assert math.isnan(run.train.eta[0])
    assert unread.number == 0


@pytest.mark.parametrize(
    "line",
    [
        STAMP + "Epoch(train) [1][x/4]  lr: 1e-3  \n",
        STAMP + "Epoch(train) [1][1/4]  lr: fast  loss: 1\n",
        STAMP + "Epoch(train) [1][1/4]  lr: 1e-3  eta: soon  time: 0.1\n",
        STAMP + "Saving checkpoint at some epochs\n",
        TRAIN[:-20],
    ],
)
def test_what_looks_like_a_line_and_is_none_is_counted(line):
    _, unread = read(TRAIN, line)
    assert unread.number == 1
    assert unread.first is not None
    assert unread.first[:2] == (Path("a.log"), 2)
    assert unread.first[2] == line.strip()


def test_what_lies_between():
    [run], _ = read(
        STAMP + "\n------\nSystem environment:\n    sys.platform: linux\n",
        STAMP + "Config:\ntrain_cfg = dict(max_epochs=3)\n# Epoch\n\n",
        STAMP + "Load checkpoint from /x/epoch_2.pth\n",
        STAMP + "resumed epoch: 2, iter: 14660\n",
        TRAIN,
        STAMP + "Saving checkpoint at 3 epochs\n",
        STAMP + "Epoch(val)  [3][50/5000]    eta: 0:01:00  time: 0.1  data_time: 0.1  \n",
        STAMP + "Epoch(val) [3][5000/5000]    coco/bbox_mAP: 0.4  time: 0.1\n",
        STAMP + "the monitored metric did not improve in the last 5 records. best score: 1.\n",
    )
    assert run.whole
    assert run.config_text == b"train_cfg = dict(max_epochs=3)\n# Epoch\n\n"
    assert run.loaded == (9, "/x/epoch_2.pth")
    assert (run.resumed.epoch, run.resumed.iter) == (2, 14660)
    assert [(one.number, one.by_epoch, one.after) for one in run.saved] == [(3, True, 1)]
    assert [(one.line, one.epoch, one.after) for one in run.validations] == [(13, 3, 1)]
    assert run.stopped_early == 15


def test_two_trainings_in_one_file_are_two():
    start = STAMP + "\n-----\nSystem environment:\n"
    runs, _ = read(start, TRAIN, start, TRAIN, TRAIN.replace("  50", " 100"))
    assert [len(run.train) for run in runs] == [1, 2]
    assert [run.first_line for run in runs] == [1, 7]


lines = st.sampled_from(
    [
        TRAIN.encode(),
        (STAMP + "Saving checkpoint at 3 epochs\n").encode(),
        (STAMP + "resumed epoch: 2, iter: 3\n").encode(),
        (STAMP + "Config:\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3)\n").encode(),
        (STAMP + "\nSystem environment:\n").encode(),
        (STAMP + "Epoch(val) [3][9/9]    mAP: 1  \n").encode(),
        TRAIN.replace("Epoch(train)  [ 3]", "Iter(train) ").encode(),
    ]
)


@given(
    whole=st.lists(lines, min_size=1, max_size=12),
    hurt=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4)), max_size=6),
)
def test_a_log_that_was_damaged_ends_in_an_answer(whole, hurt, tmp_path_factory):
    raw = b"".join(whole)
    for at, put in hurt:
        at %= len(raw)
        raw = raw[:at] + put + raw[at + len(put) // 2 :]
    path = tmp_path_factory.mktemp("hurt") / "a.log"
    # Something to read there always is.
    path.write_bytes(TRAIN.encode() + raw.replace(b"\0", b""))
    found = diagnose([path])
    assert sum(len(run.story.run.train) for run in found.runs) >= 1
    assert found.exit_code in ((0, 1, 2) if any(run.is_unclear for run in found.runs) else (0, 1))
