"""How often training goes through the data: samplers and wrappers of data sets, one row each."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import NamedTuple

from mmscaffold.facts.units import Unit


class Sampler(NamedTuple):
    """A sampler of a train dataloader.

    Attributes:
        name: Its class.
        ends: Whether it ends, as an epoch must, mostly with the data; else it never does.
        counterpart: The sampler of mmengine that does the same and ends, or does not.
        only_here: Arguments that the counterpart does not take.
        is_plain: Whether it gives each sample once.
    """

    name: str
    ends: bool
    counterpart: str | None = None
    only_here: tuple[str, ...] = ()
    is_plain: bool = False

    @property
    def unit(self) -> Unit:
        """What a loop that it serves counts."""
        return Unit.EPOCHS if self.ends else Unit.ITERATIONS


# mmengine/dataset/sampler.py; datasets/samplers of mmdet 3.3.0 (multi_source_sampler.py,
# class_aware_sampler.py, custom_sample_size_sampler.py, track_img_sampler.py), mmpretrain 1.2.0
# (repeat_aug.py, sequential.py) and mmpose 1.3.2 (its MultiSourceSampler never ends, either).
SAMPLERS: Mapping[str, Sampler] = {
    row.name: row
    for row in (
        Sampler("DefaultSampler", True, "InfiniteSampler", only_here=("round_up",), is_plain=True),
        Sampler("InfiniteSampler", False, "DefaultSampler"),
        Sampler("ClassAwareSampler", True),
        Sampler("CustomSampleSizeSampler", True),
        Sampler("TrackImgSampler", True),
        Sampler("RepeatAugSampler", True),
        Sampler("SequentialSampler", True, is_plain=True),
        Sampler("MultiSourceSampler", False),
        Sampler("GroupMultiSourceSampler", False),
    )
}

SAMPLER_OF_UNIT: Mapping[Unit, Sampler] = {
    row.unit: row for row in SAMPLERS.values() if row.counterpart is not None
}
"""mmengine's own sampler for a loop that counts each unit."""

ENDLESS_SAMPLERS = frozenset(row.name for row in SAMPLERS.values() if not row.ends)


class Passes(enum.Enum):
    """How often one epoch of a wrapped data set shows each image."""

    ONCE = "once"
    TIMES = "as often as its argument `times` says"
    PARTS = "as its parts in `datasets` do"
    BY_CONTENT = "as often as the images call for"


# mmengine/dataset/dataset_wrapper.py, and datasets/dataset_wrappers.py (or the like) of mmdet,
# mmseg, mmdet3d, mmpretrain, mmpose, mmaction and mmrazor.
WRAPPERS: Mapping[str, Passes] = {
    "RepeatDataset": Passes.TIMES,
    "ConcatDataset": Passes.PARTS,
    "ClassBalancedDataset": Passes.BY_CONTENT,
    "CBGSDataset": Passes.BY_CONTENT,
    "KFoldDataset": Passes.BY_CONTENT,
    "CombinedDataset": Passes.BY_CONTENT,
    "MultiImageMixDataset": Passes.ONCE,
    "CRDDataset": Passes.ONCE,
    "RepeatAugDataset": Passes.ONCE,
}


class AnnotationForm(enum.Enum):
    """How an annotation file is written."""

    COCO = "a JSON object with images, annotations and categories"
    LINES = "one image on each line"


_MMDET = "mmdet.datasets"
# The data sets of mmdet 3.3.0 and mmsegmentation 1.2.2 that read their file as their base does:
# coco.py, xml_style.py and basesegdataset.py.
ANNOTATION_FORMS: Mapping[str, AnnotationForm | None] = {
    f"{_MMDET}.coco.CocoDataset": AnnotationForm.COCO,
    f"{_MMDET}.cityscapes.CityscapesDataset": AnnotationForm.COCO,
    f"{_MMDET}.deepfashion.DeepFashionDataset": AnnotationForm.COCO,
    f"{_MMDET}.isaid.iSAIDDataset": AnnotationForm.COCO,
    f"{_MMDET}.v3det.V3DetDataset": AnnotationForm.COCO,
    f"{_MMDET}.xml_style.XMLDataset": AnnotationForm.LINES,
    f"{_MMDET}.voc.VOCDataset": AnnotationForm.LINES,
    "mmseg.datasets.basesegdataset.BaseSegDataset": AnnotationForm.LINES,
    "mmseg.datasets.decathlon.DecathlonDataset": None,
    "mmseg.datasets.dsdl.DSDLSegDataset": None,
    "mmseg.datasets.nyu.NYUDataset": None,
}
"""How the classes of data sets read their annotation files; ``None``: each in its own way."""

READ_AS_BASE = frozenset({"mmseg.datasets.basesegdataset.BaseSegDataset"})
"""Those as which all that derives from them reads the file, but for what is told above."""

# mmengine/dataset/base_dataset.py
READING_METHODS = frozenset(
    {"__len__", "_join_prefix", "filter_data", "full_init", "load_data_list", "parse_data_info"}
)
"""The methods by which a data set may read its annotation file in another way than its base."""

# mmdet/datasets: coco.py, xml_style.py, coco_panoptic.py, base_video_dataset.py, ...
FILTER_KEYS = frozenset({"filter_empty_gt", "min_size", "bbox_min_size"})
"""The keys of ``filter_cfg`` that data sets of mmdet read."""

# mmengine/dataset/base_dataset.py, _join_prefix, which all of these call, whatever they add.
JOINING = frozenset({"mmengine.dataset.base_dataset.BaseDataset"})
"""The data sets that put ``data_root`` before the relative paths that they are given."""

JOINING_PACKAGES = frozenset({"mmdet", "mmengine", "mmocr", "mmpose", "mmpretrain", "mmseg"})
"""The packages whose data sets do so, as far as they derive from those."""

PROPOSALS = "proposal_file"
"""The argument that mmdet joins in the same way (mmdet/datasets/base_det_dataset.py)."""
