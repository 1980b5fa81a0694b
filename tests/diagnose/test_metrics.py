"""Metrics and losses that are 0, or stand, throughout."""

from __future__ import annotations

import json

import pytest
from mmscaffold.diagnose import diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "


def train(epoch, losses="loss: 0.5000  loss_cls: 0.3000  loss_bbox: 0.2000", config=""):
    return "".join(
        f"{STAMP}Epoch(train) [{epoch}][{batch}/4]  lr: 1.0000e-02  eta: 0:10:00  time: 1.0000  "
        f"data_time: 0.0010  memory: 100  {losses}\n"
        for batch in range(1, 5)
    )


def val(epoch, metrics):
    progress = f"{STAMP}Epoch(val) [{epoch}][2/4]    eta: 0:00:01  time: 0.1  data_time: 0.0  \n"
    return f"{progress}{STAMP}Epoch(val) [{epoch}][4/4]    {metrics}  data_time: 0.1  time: 0.1\n"


@pytest.fixture
def notes(tmp_path):
    def read(text):
        log = tmp_path / "a.log"
        log.write_text(f"System environment:\n{text}")
        found = diagnose([log])
        assert found.exit_code == 0
        [run] = found.runs
        return [evidence.text for one in run.seen for evidence in one.evidence]

    return read


def run(*metrics):
    return "".join(train(at) + val(at, one) for at, one in enumerate(metrics, 1))


COCO = "coco/bbox_mAP: {}  coco/bbox_mAP_50: {}  coco/bbox_mAP_s: -1.0000"
SEEN = {
    "0": ([COCO.format("0.0000", "0.0000")] * 2, "coco/bbox_mAP is 0 in all 2 validations"),
    "-1": ([COCO.format("-1.0000", "-1.0000")] * 3, "coco/bbox_mAP is -1 in all 3 validations"),
    "nan": (["mIoU: nan"] * 2, "mIoU is nan in all 2 validations"),
    "names with blanks": (
        ["coco/AP: 0.000000  coco/AP .5: 0.000000  coco/AP (M): -1.000000"] * 2,
        "coco/AP is 0 in all 2 validations",
    ),
    "one of two": (
        ["coco/bbox_mAP: 0.3000  coco/segm_mAP: 0.0000"] * 2,
        "coco/segm_mAP is 0 in all 2 validations",
    ),
    "always the same": (["mIoU: 12.3400  aAcc: 50.0"] * 3, "mIoU is 12.34 in all 3 validations"),
}  # fmt: skip
SILENT = {
    "only one validation": [COCO.format("0.0000", "0.0000")],
    "later more": [COCO.format("0.0000", "0.0000"), COCO.format("0.0010", "0.0040")],
    "nothing small": [COCO.format("0.1000", "0.2000"), COCO.format("0.2000", "0.3000")],
    "a count": ["count: 8.0000"] * 4,
    "twice the same": ["mIoU: 12.3400"] * 2,
    "none": ["loss: 0.5"],
}


@pytest.mark.parametrize("name", SEEN)
def test_it_is_noted(name, notes):
    metrics, text = SEEN[name]
    assert notes(run(*metrics)) == [text]


@pytest.mark.parametrize("name", SILENT)
def test_it_is_not_noted(name, notes):
    assert notes(run(*SILENT[name])) == []


def test_a_loss_that_is_0_in_all_lines(notes):
    losses = "loss: 0.5000  s0.loss_cls: 0.5000  s0.loss_bbox: 0.0000"
    assert notes(train(1, losses)) == ["s0.loss_bbox is 0 in all 4 lines"]
    assert notes(train(1, losses) + train(2)) == []
    assert notes(train(1, "loss: 0.5000  loss_dfl: 0.00001")) == []


def test_the_classification_of_one_class_is_0(notes):
    losses = "loss: 0.5000  loss_cls: 0.0000  loss_obj: 0.2000"
    head = "model = dict(type='YOLODetector', bbox_head=dict(num_classes={}))\n\n"
    assert notes(f"{STAMP}Config:\n{head.format(1)}{train(1, losses)}") == []
    assert len(notes(f"{STAMP}Config:\n{head.format(2)}{train(1, losses)}")) == 1


def test_scalars_alone_tell_the_metrics_too(tmp_path):
    records = []
    for epoch in (1, 2):
        records += [{"lr": 0.1, "time": 0.1, "epoch": epoch, "iter": 4 * epoch, "step": 4 * epoch}]
        records += [{"coco/bbox_mAP": 0.0, "time": 0.1, "data_time": 0.0, "step": epoch}]
    path = tmp_path / "scalars.json"
    path.write_text("".join(json.dumps(one) + "\n" for one in records))
    [found] = diagnose([path]).runs
    assert [one.symptom.name for one in found.seen] == ["metric-stands"]
