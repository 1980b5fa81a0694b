"""What the detector of a config trains on, and what it gives, where mmdet's code says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.lineage import is_of, row_of
from mmscaffold.check.parts import Part
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.detectors import (
    DENSE_HEADS,
    DETECTORS,
    FUSED,
    FUSION_HEAD,
    MASK_HEADS,
    PREPROCESSOR,
    ROI_HEADS,
    Detector,
)

_MODEL: KeyPath = ("model",)
_HEAD = {
    Detector.TWO_STAGE: "roi_head",
    Detector.DENSE: "bbox_head",
    Detector.INSTANCES: "mask_head",
}
_PLACES_OF_MASKS: Mapping[KeyPath, tuple[Detector, ...]] = {
    ("model", "roi_head", "mask_head"): (Detector.TWO_STAGE, Detector.PANOPTIC),
    ("model", "bbox_head"): (Detector.DENSE,),
    ("model", "mask_head"): (Detector.INSTANCES,),
    ("model", "panoptic_head"): (Detector.QUERIES,),
}


def detector(config: ConfigView) -> Part | None:
    """The model, if it is a detector of mmdet whose data stay as the pipeline packs them."""
    parts = {part.path: part for part in config.parts_below("model")}
    model = parts.get(_MODEL)
    preprocessor = parts.get(("model", "data_preprocessor"))
    if model is not None and "data_preprocessor" not in model.values:
        # mmengine/runner/runner.py, build_model: it may stand beside the model.
        preprocessor = next(iter(config.parts_below("data_preprocessor")), None)
    if model is None or preprocessor is None or row_of(config, model, DETECTORS) is None:
        return None
    # What derives from it may make annotations of its own.
    classes = {one.dotted for one in config.find(preprocessor).classes}
    is_plain = classes == {PREPROCESSOR} and config.is_of_a_package(preprocessor)
    return model if is_plain else None


def heads_of_masks(config: ConfigView) -> Iterator[Part]:
    """The heads of a detector of mmdet whose loss wants a mask of each object."""
    for part in config.parts_below("model"):
        # Cascades have a list of them.
        path = part.path[:-1] if isinstance(part.path[-1], int) else part.path
        kinds = _PLACES_OF_MASKS.get(path, ())
        if kinds and is_of(config, part, MASK_HEADS) and _kind(config) in kinds:
            yield part


def _kind(config: ConfigView) -> Detector | None:
    """How the detector is made up; ``None`` where not all of it is known that counts."""
    parts = {part.path: part for part in config.parts_below("model")}
    model = parts.get(_MODEL)
    kind = None if model is None else row_of(config, model, DETECTORS)
    if kind in (Detector.TWO_STAGE, Detector.PANOPTIC):
        roi_head = parts.get(("model", "roi_head"))
        return kind if roi_head is not None and row_of(config, roi_head, ROI_HEADS) else None
    return kind


def results_of(config: ConfigView) -> frozenset[str] | None:
    """What a detector gives of ``boxes``, ``masks``, ``panoptic``; ``None`` if not known."""
    parts = {part.path: part for part in config.parts_below("model")}
    model = parts.get(_MODEL)
    kind = None if model is None else row_of(config, model, DETECTORS)
    if model is None or kind is None or kind is Detector.PANOPTIC:
        return None
    if kind is Detector.QUERIES:
        return _fused(config, model, parts.get(("model", "panoptic_fusion_head")))
    head = parts.get(("model", _HEAD[kind]))
    if head is None:
        return None
    if kind is Detector.INSTANCES:
        return frozenset({"boxes", "masks"})
    if kind is Detector.TWO_STAGE:
        if row_of(config, head, ROI_HEADS) is None:
            return None
        boxes = [one for path, one in parts.items() if path[:3] == (*head.path, "bbox_head")]
        if not boxes or not all(config.is_of_a_package(one) for one in boxes):
            return None
        has_masks: bool | None = head.values.get("mask_head") is not None
    else:
        has_masks = row_of(config, head, DENSE_HEADS)
    if has_masks is None:
        return None
    return frozenset({"boxes", "masks"} if has_masks else {"boxes"})


def _fused(config: ConfigView, model: Part, fusion: Part | None) -> frozenset[str] | None:
    settings = model.values.get("test_cfg")
    is_known = fusion is not None and is_of(config, fusion, frozenset({FUSION_HEAD}))
    if not is_known or not isinstance(settings, Mapping):
        return None
    given: frozenset[str] = frozenset()
    for key, (default, results) in FUSED.items():
        is_on = settings.get(key, default)
        if not isinstance(is_on, bool):
            return None
        given |= results if is_on else frozenset()
    return given
