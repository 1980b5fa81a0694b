"""Data sets, transforms and metrics of mmdet 2.28.2 and what they are in mmdet 3.x.

Sources: mmdet/datasets and mmdet/core/evaluation of 2.28.2; mmdet/datasets and mmdet/evaluation
of 3.3.0; mmcv/transforms of mmcv 2.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from mmscaffold.facts.classes.tables import TABLED, table_of

PACKAGES = ("mmdet", "mmcv", "mmengine")


@cache
def names_in_3x(registry: str) -> frozenset[str]:
    """The names that a registry of mmdet 3.x has."""
    found: set[str] = set()
    for tabled in TABLED:
        if tabled.package in PACKAGES:
            found.update(table_of(tabled).registered.get(registry, ()))
    return frozenset(found)


@dataclass(frozen=True)
class MetricRow:
    """What evaluates a data set in 3.x.

    Attributes:
        type: The metric.
        prefix: What it puts before the names of its results.
        arguments: Those of ``evaluation`` in 2.x that it takes, with their new names.
        needs_ann_file: Whether it reads the annotation file itself.
        dropped: Those that it does without.
    """

    type: str
    prefix: str
    arguments: Mapping[str, str]
    needs_ann_file: bool = True
    dropped: tuple[str, ...] = ()


_COCO_ARGUMENTS = {
    name: name for name in ("metric", "classwise", "proposal_nums", "iou_thrs", "metric_items")
}
COCO = MetricRow("CocoMetric", "coco", _COCO_ARGUMENTS | {"jsonfile_prefix": "outfile_prefix"})
LVIS = MetricRow("LVISMetric", "lvis", COCO.arguments)
PANOPTIC = MetricRow(
    "CocoPanopticMetric",
    "coco_panoptic",
    {"classwise": "classwise", "jsonfile_prefix": "outfile_prefix", "nproc": "nproc"},
)
VOC = MetricRow(
    "VOCMetric",
    "pascal_voc",
    {
        "metric": "metric", "iou_thr": "iou_thrs", "scale_ranges": "scale_ranges",
        "proposal_nums": "proposal_nums",
    },
    needs_ann_file=False,
)  # fmt: skip
OPEN_IMAGES = MetricRow(
    "OpenImagesMetric",
    "openimages",
    {
        "iou_thr": "iou_thrs", "ioa_thr": "ioa_thrs", "scale_ranges": "scale_ranges",
        "use_group_of": "use_group_of",
    },
    needs_ann_file=False,
    dropped=("metric", "denorm_gt_bbox"),
)  # fmt: skip
CITYSCAPES = MetricRow(
    "CityScapesMetric", "cityscapes", {"outfile_prefix": "outfile_prefix"}, needs_ann_file=False
)


@dataclass(frozen=True)
class DataSetRow:
    """A class of data sets.

    Attributes:
        image_prefix: The key of ``data_prefix`` that ``img_prefix`` becomes.
        metric: What evaluates it.
        filters: Whether it filters its training images by ``filter_cfg``.
        meta_keys: What its metric reads of each image, beside what all metrics do.
        metric_values: What its metric must be told besides.
        dropped: Arguments that 3.x does without.
        to_metric: Arguments that belong to the metric in 3.x.
        required: Those that 3.x cannot do without, and 2.x could.
    """

    metric: MetricRow
    image_prefix: str = "img"
    filters: bool = True
    meta_keys: tuple[str, ...] = ()
    metric_values: tuple[tuple[str, object], ...] = ()
    dropped: tuple[str, ...] = ()
    to_metric: tuple[str, ...] = ()
    required: tuple[str, ...] = ()


_OPEN_IMAGES = DataSetRow(
    OPEN_IMAGES,
    filters=False,
    meta_keys=("instances", "image_level_labels"),
    dropped=("get_metas", "load_from_file", "load_image_level_labels"),
    to_metric=("get_supercategory", "filter_labels"),
    required=("meta_file",),
)
DATA_SETS: Mapping[str, DataSetRow] = {
    "CocoDataset": DataSetRow(COCO),
    "CocoPanopticDataset": DataSetRow(PANOPTIC),
    "CityscapesDataset": DataSetRow(COCO),
    "DeepFashionDataset": DataSetRow(COCO),
    "LVISDataset": DataSetRow(LVIS),
    "LVISV05Dataset": DataSetRow(LVIS),
    "LVISV1Dataset": DataSetRow(LVIS),
    # mmdet/datasets/objects365.py: its categories are sorted by their ids, in 2.x as well.
    "Objects365V1Dataset": DataSetRow(COCO, metric_values=(("sort_categories", True),)),
    "Objects365V2Dataset": DataSetRow(COCO),
    "OpenImagesDataset": _OPEN_IMAGES,
    "OpenImagesChallengeDataset": _OPEN_IMAGES,
    "VOCDataset": DataSetRow(VOC, "sub_data_root"),
    "XMLDataset": DataSetRow(VOC, "sub_data_root"),
    "WIDERFaceDataset": DataSetRow(VOC),
}
"""By the name of the class, the same in 2.x and 3.x."""

COCO_KINDS = frozenset({"bbox", "segm", "proposal", "proposal_fast"})
"""What ``metric`` may ask for in the evaluation of COCO."""
VOC_KINDS = frozenset({"mAP", "recall"})
"""And in that of VOC."""

WRAPPERS: Mapping[str, tuple[str, ...]] = {
    "RepeatDataset": ("type", "times", "dataset"),
    "ClassBalancedDataset": ("type", "oversample_thr", "dataset"),
    "ConcatDataset": ("type", "datasets", "separate_eval"),
    "MultiImageMixDataset": (
        "type", "dataset", "pipeline", "dynamic_scale", "skip_type_keys", "max_refetch",
    ),
}  # fmt: skip
"""Wrappers of data sets, with what 2.x reads of them (mmdet/datasets/builder.py)."""
MIXING = "MultiImageMixDataset"
BALANCING = "ClassBalancedDataset"
REPEATING = "RepeatDataset"
JOINING = "ConcatDataset"
EACH_FOR_ITSELF = "MultiDatasetsEvaluator"
"""What evaluates each of several data sets by a metric of its own."""

LOADS_IMAGE = ("LoadImageFromFile", "LoadMultiChannelImageFromFiles")
LOADS_TARGETS = ("LoadAnnotations", "LoadPanopticAnnotations")

FORMATTING = frozenset(
    {"DefaultFormatBundle", "ImageToTensor", "ToTensor", "ToDataContainer", "SegRescale"}
)
"""What PackDetInputs, the preprocessor and the heads do in 3.x."""

GEOMETRIC = frozenset(
    {
        "Resize", "RandomResize", "RandomChoiceResize", "RandomFlip", "RandomCrop", "RandomShift",
        "MinIoURandomCrop", "Expand", "Rotate", "ShearX", "ShearY", "TranslateX", "TranslateY",
    }
)  # fmt: skip
"""What moves boxes, and so proposals."""

COMMUTES = FORMATTING | {
    "Resize", "RandomFlip", "RandomCrop", "MinIoURandomCrop", "RandomShift", "Collect",
    "LoadAnnotations", "LoadPanopticAnnotations", "LoadProposals", "FilterAnnotations",
}  # fmt: skip
"""Before or after which an image may be normalised: the same comes out, but for rounding."""

PACKED = frozenset(
    {
        "img", "gt_bboxes", "gt_labels", "gt_bboxes_ignore", "gt_labels_ignore", "gt_masks",
        "gt_semantic_seg", "proposals",
    }
)  # fmt: skip
"""What ``Collect`` may be asked for that PackDetInputs packs by itself."""

META_KEYS: Mapping[str, str | None] = {
    "filename": "img_path",
    "ori_filename": None,
    "img_norm_cfg": None,
    "pad_shape": None,
    "batch_input_shape": None,
}
"""What meta keys are called in 3.x; ``None`` what the preprocessor adds, or what is gone."""
TEST_META_KEYS = ("img_id", "img_path", "ori_shape", "img_shape", "scale_factor")

EVAL_HOOK = (
    "interval", "start", "by_epoch", "dynamic_intervals", "save_best", "rule", "greater_keys",
    "less_keys", "test_fn", "out_dir", "file_client_args", "broadcast_bn_buffer", "tmpdir",
    "gpu_collect",
)  # fmt: skip
"""What mmcv's EvalHook takes out of ``evaluation``; all else goes to ``evaluate`` of the data set
(mmcv/runner/hooks/evaluation.py)."""

CHECKING_HOOKS = frozenset({"NumClassCheckHook"})
"""Hooks that only refuse what is wrong; official configs of 3.x do without."""
