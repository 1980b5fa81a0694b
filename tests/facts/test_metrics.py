"""The metrics call their results as their rows say."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest
from mmscaffold.facts.metrics import RESULT_NAMES

pytest.importorskip("mmdet")
np = pytest.importorskip("numpy")

_METRICS = "mmdet.evaluation.metrics"
_ONE_BOX = np.array([[0.0, 0.0, 8.0, 8.0]])
_TRUTH = {
    "bboxes": _ONE_BOX,
    "labels": np.array([0]),
    "bboxes_ignore": np.zeros((0, 4)),
    "labels_ignore": np.zeros(0, dtype=int),
}


@pytest.mark.parametrize("iou_thrs", [0.5, [0.5, 0.75]])
@pytest.mark.parametrize("kind", ["mAP", "recall"])
def test_all_results_of_voc_are_known_and_no_others(kind, iou_thrs):
    from mmdet.evaluation import VOCMetric

    row = RESULT_NAMES[f"{_METRICS}.voc_metric.VOCMetric"]
    metric = VOCMetric(metric=kind, iou_thrs=iou_thrs)
    metric.dataset_meta = {"classes": ("ship",)}
    dets = [np.hstack([_ONE_BOX, [[0.9]]])]
    names = metric.compute_metrics([(_TRUTH, dets)])
    assert names
    assert all(row.match(name, (kind,)) for name in names)
    assert not any(row.match(name, (kind,)) for name in ("mAP50", "bbox_mAP", "ap", "AP"))


@pytest.mark.parametrize("module", ["cityscapes", "crowdhuman", "coco_panoptic"])
def test_all_results_that_the_source_names_are_known(module):
    (dotted,) = [one for one in RESULT_NAMES if f".{module}_metric." in one and "mmdet" in one]
    source = inspect.getsource(importlib.import_module(dotted.rpartition(".")[0]))
    # Of panoptic segmentation, the last function collects them.
    source = source.partition("def parse_pq_results")[2] or source
    names = re.findall(r"\b(?:eval_results|result)\['(m?[A-Z][^']*)'\] = ", source)
    assert len(names) > 1
    assert all(RESULT_NAMES[dotted].match(name, ()) for name in names)


def test_all_results_of_lvis_are_known():
    row = RESULT_NAMES[f"{_METRICS}.lvis_metric.LVISMetric"]
    source = inspect.getsource(importlib.import_module(f"{_METRICS}.lvis_metric"))
    lists = re.findall(r"metric_items = \[(.*?)\]", source, re.DOTALL)
    recalls, precisions = (re.findall(r"'([^']+)'", one) for one in lists)
    assert all(row.match(name, ("proposal",)) for name in recalls)
    assert all(row.match(f"bbox_{name}", ()) for name in precisions)
    assert not row.match("bbox_mAP", ())


def test_every_row_matches_what_it_suggests():
    for row in RESULT_NAMES.values():
        assert all(row.match(name, ()) for name in row.suggested(()))
