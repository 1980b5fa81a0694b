"""What ``evaluation`` of 2.x said that neither a metric nor a hook of mmcv takes."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.part import Part
from mmscaffold.upgrade.tables.mmdet_data import EVAL_HOOK


def told_of_the_rest(evaluation: Part) -> Iterator[Note]:
    """What no metric took; what the hook took, other rules read.

    Args:
        evaluation: The old dict, of which metrics have taken what they take.
    """
    for automatic in ("tmpdir", "broadcast_bn_buffer", "gpu_collect"):
        evaluation.drop(automatic, Reason.AUTOMATIC)
    for key in evaluation.unsaid():
        if key in EVAL_HOOK and key not in ("test_fn", "file_client_args"):
            continue
        if key == "metric":
            evaluation.take(key)
            continue
        value = evaluation.leave_to_note(key)
        if key == "type":
            yield Note(
                "UP202",
                f"{value} evaluated; in 3.x, the loop of the validation does",
                ("val_evaluator",),
                (*evaluation.path, key),
                "It was a hook of yours: what it did besides belongs in a hook, a metric or a "
                "ValLoop of yours, which val_cfg names.",
            )
            continue
        yield Note(
            "UP210",
            f"evaluation.{key} has no place in 3.x",
            ("val_evaluator",),
            (*evaluation.path, key),
            "2.x gave it to evaluate() of the data set; set what the metric has for it.",
        )
