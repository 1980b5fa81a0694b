from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.diagnose.history import NO_EPOCH, UnreadLines
from mmscaffold.diagnose.scalars import read_scalars

TRAIN = {"lr": 0.1, "time": 0.2, "loss": 1.0, "epoch": 1, "iter": 4, "step": 4}


def read(*records: object):
    unread = UnreadLines()
    lines = [r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in records]
    return read_scalars(Path("scalars.json"), lines, unread), unread


def test_records_of_training_and_validation():
    scalars, unread = read(TRAIN, {"coco/bbox_mAP": 0.3, "time": 0.1, "step": 1})
    assert (list(scalars.iter), list(scalars.epoch), list(scalars.lr)) == ([4], [1], [0.1])
    assert scalars.validations == [(2, 1, {"coco/bbox_mAP": 0.3})]
    assert unread.number == 0


def test_an_iteration_loop_has_no_epoch():
    scalars, _ = read({key: value for key, value in TRAIN.items() if key != "epoch"})
    assert list(scalars.epoch) == [NO_EPOCH]


def test_nan_is_read_and_a_line_cut_off_is_counted():
    scalars, unread = read({**TRAIN, "loss": float("nan")}, b'{"lr": 0.1, "it')
    assert list(scalars.iter) == [4]
    assert unread.number == 1
    assert unread.first == (Path("scalars.json"), 2, '{"lr": 0.1, "it')


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["iter", "epoch", "lr", "time", "step"]), json_values)
        | json_values
        | st.binary(max_size=12)
    )
)
def test_any_lines_are_read_or_counted(records):
    scalars, unread = read(*records)
    assert len(scalars.iter) == len(scalars.lr) == len(scalars.epoch)
    assert len(scalars.iter) + len(scalars.validations) + unread.number <= len(records)


def test_mmengine_0_6_writes_the_iteration_as_step():
    old = {key: value for key, value in TRAIN.items() if key != "iter"}
    scalars, _ = read({**old, "step": 7}, {"count": 4.0, "step": 1})
    assert list(scalars.iter) == [7]
    assert scalars.validations == [(2, 1, {"count": 4.0})]
