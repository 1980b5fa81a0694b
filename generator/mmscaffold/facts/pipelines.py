"""What the transforms of data pipelines bring in, and the wrappers that have pipelines."""

from __future__ import annotations

from collections.abc import Mapping

_LOADING = "mmdet.datasets.transforms.loading"
# That of mmcv has the name of the first, and loads no masks.
LOADERS: Mapping[str, bool] = {
    f"{_LOADING}.LoadAnnotations": False,
    f"{_LOADING}.LoadEmptyAnnotations": False,
    f"{_LOADING}.LoadPanopticAnnotations": True,
    f"{_LOADING}.LoadTrackAnnotations": False,
}
"""The transforms that load annotations, and the default of their ``with_mask``."""

_FORMATTING = "mmdet.datasets.transforms.formatting"
PACKERS = frozenset(
    {
        f"{_FORMATTING}.PackDetInputs",
        f"{_FORMATTING}.PackReIDInputs",
        f"{_FORMATTING}.PackTrackInputs",
    }
)
"""The transforms of mmdet that give what models take: ``inputs`` and ``data_samples``."""

OTHER_LOADERS = frozenset({f"{_LOADING}.InferencerLoader"})
"""Those that run other pipelines."""

# Of mmcv and mmdet, no other transform adds annotations or packs.
PACKAGES_OF_TRANSFORMS = frozenset({"mmcv", "mmdet"})

DATA_SETS = frozenset({"mmdet.datasets.base_det_dataset.BaseDetDataset"})
"""The bases of the data sets that give what their own ``pipeline`` makes of an image."""

WRAPPERS = frozenset(
    {
        "mmdet.datasets.dataset_wrappers.MultiImageMixDataset",
        "mmdet.datasets.dataset_wrappers.ConcatDataset",
        "mmengine.dataset.dataset_wrapper.ClassBalancedDataset",
        "mmengine.dataset.dataset_wrapper.ConcatDataset",
        "mmengine.dataset.dataset_wrapper.RepeatDataset",
    }
)
"""The wrappers that give samples of what they wrap; one has a pipeline of its own for these."""

SWITCH_HOOK = "mmdet.engine.hooks.pipeline_switch_hook.PipelineSwitchHook"
"""A hook that gives another pipeline to the outermost data set."""
