"""What metrics evaluate and what they call it, where that follows from the config."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class ResultNames(NamedTuple):
    """The names of the results of a metric, without its prefix.

    Attributes:
        pattern: What each of them matches; ``{metric}`` stands for each of the kinds that its
            argument ``metric`` names.
        examples: What to suggest, with the same.
        default: The kind, where the argument is not set.
        chosen_by: The argument that asks for other results; where it is set, nothing is known.
    """

    pattern: str
    examples: tuple[str, ...]
    default: str = ""
    chosen_by: str = ""

    def match(self, name: str, kinds: tuple[str, ...]) -> bool:
        """Whether a metric of some kinds gives a result of a name."""
        return any(
            re.fullmatch(self.pattern.replace("{metric}", re.escape(kind)), name)
            for kind in kinds or (self.default,)
        )

    def suggested(self, kinds: tuple[str, ...]) -> list[str]:
        """Some results that a metric of some kinds gives."""
        return [
            example.replace("{metric}", kind)
            for example in self.examples
            for kind in kinds or (self.default,)
        ]


# mmdet/evaluation/metrics/coco_metric.py: with `classwise`, those of each class are added.
_OF_CLASS = r"|.+_precision"
RESULT_NAMES: Mapping[str, ResultNames] = {
    "mmdet.evaluation.metrics.coco_metric.CocoMetric": ResultNames(
        r"{metric}_mAP(_50|_75|_s|_m|_l)?|AR@\d+|AR_[sml]@\d+" + _OF_CLASS,
        ("{metric}_mAP", "{metric}_mAP_50"),
        "bbox",
        "metric_items",
    ),
    # mmdet/evaluation/metrics, each in the file of its class
    "mmdet.evaluation.metrics.voc_metric.VOCMetric": ResultNames(
        r"mAP|AP\d+|recall@\d+@[\d.]+|AR@\d+", ("mAP", "AP50")
    ),
    "mmdet.evaluation.metrics.openimages_metric.OpenImagesMetric": ResultNames(
        r"mAP|AP\d+", ("mAP", "AP50")
    ),
    "mmdet.evaluation.metrics.lvis_metric.LVISMetric": ResultNames(
        r"{metric}_AP(50|75|[smlrcf])?|AR[sml]?@\d+" + _OF_CLASS,
        ("{metric}_AP", "{metric}_AP50"),
        "bbox",
        "metric_items",
    ),
    "mmdet.evaluation.metrics.coco_panoptic_metric.CocoPanopticMetric": ResultNames(
        r"[PSR]Q(_th|_st)?", ("PQ", "SQ", "RQ")
    ),
    "mmdet.evaluation.metrics.cityscapes_metric.CityScapesMetric": ResultNames(
        r"mAP|AP@50", ("mAP", "AP@50")
    ),
    "mmdet.evaluation.metrics.crowdhuman_metric.CrowdHumanMetric": ResultNames(
        r"mAP|mMR|JI", ("mAP", "mMR", "JI")
    ),
    # mmpose/evaluation/metrics: coco_metric.py and keypoint_2d_metrics.py
    "mmpose.evaluation.metrics.coco_metric.CocoMetric": ResultNames(
        r"A[PR]( \.5| \.75| \([ML]\)|\([EMH]\))?", ("AP", "AP .5")
    ),
    "mmpose.evaluation.metrics.keypoint_2d_metrics.PCKAccuracy": ResultNames(
        r"PCKh?|tPCK", ("PCK",)
    ),
    "mmpose.evaluation.metrics.keypoint_2d_metrics.AUC": ResultNames("AUC", ("AUC",)),
    "mmpose.evaluation.metrics.keypoint_2d_metrics.EPE": ResultNames("EPE", ("EPE",)),
    "mmpose.evaluation.metrics.keypoint_2d_metrics.NME": ResultNames("NME", ("NME",)),
    # mmseg/evaluation/metrics/iou_metric.py: aAcc, and the mean of each of iou_metrics.
    "mmseg.evaluation.metrics.iou_metric.IoUMetric": ResultNames(
        r"aAcc|m(IoU|Acc|Dice|Fscore|Precision|Recall)", ("mIoU", "mAcc", "aAcc")
    ),
}
"""By the class that defines them."""


class Evaluated(NamedTuple):
    """What a metric reads of what a detector gives.

    Attributes:
        always: What it reads in any case.
        argument: The argument that asks for more, by kinds.
        default: The kinds, where that is not set.
    """

    always: tuple[str, ...]
    argument: str = ""
    default: tuple[str, ...] = ()

    def results(self, values: Mapping[str, Any]) -> Iterator[str]:
        """What it reads, of ``boxes``, ``masks``, ``panoptic`` and ``semantic``.

        Args:
            values: The metric, as a config has it.
        """
        yield from self.always
        kinds = values.get(self.argument, self.default) if self.argument else ()
        if kinds == "segm" or (isinstance(kinds, list | tuple) and "segm" in kinds):
            yield "masks"


_OF_KINDS = Evaluated(("boxes",), "metric", ("bbox",))
EVALUATED: Mapping[str, Evaluated] = {
    "mmdet.evaluation.metrics.coco_metric.CocoMetric": _OF_KINDS,
    "mmdet.evaluation.metrics.coco_occluded_metric.CocoOccludedSeparatedMetric": Evaluated(
        ("boxes",), "metric", ("bbox", "segm")
    ),
    "mmdet.evaluation.metrics.lvis_metric.LVISMetric": _OF_KINDS,
    "mmdet.evaluation.metrics.cityscapes_metric.CityScapesMetric": Evaluated(("masks",)),
    "mmdet.evaluation.metrics.coco_panoptic_metric.CocoPanopticMetric": Evaluated(("panoptic",)),
    "mmdet.evaluation.metrics.semseg_metric.SemSegMetric": Evaluated(("semantic",)),
}
"""By the class that defines them."""
