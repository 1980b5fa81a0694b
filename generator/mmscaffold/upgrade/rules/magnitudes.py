"""``Rotate``, ``Shear``, ``Translate`` and the transforms of colours, with their ``level``.

| 2.x | 3.x |
| --- | --- |
| ``ColorTransform``, ``BrightnessTransform``, ``ContrastTransform`` | ``Color``, ``Brightness``, ``Contrast``: the same levels |
| ``EqualizeTransform`` | ``Equalize`` |
| ``Rotate``: ``max_rotate_angle`` | ``max_mag`` |
| ``random_negative_prob=p`` | ``reversal_prob=1 - p``: 3.x reverses in all other cases |
| ``img_fill_val`` | ``img_border_value`` |
| ``Shear``, ``Translate`` with ``direction`` | ``ShearX`` or ``ShearY``, ``TranslateX`` or ``TranslateY`` |

``prob`` was 0.5 by default and is 1.0: it is written out. A shear was a share of the other side
and is an angle now, of the same tangent; a shift was in pixels and is a share of the side, which
only you know (UP210).

3.x refuses a magnitude or a chance of reversal that is no float (``max_mag=20``), and a ``level``
that is no int, which 2.x all took: 20 becomes 20.0, and 5.0 becomes 5. Of a level between two whole
ones, ``max_mag`` is what it came to, at the highest level.

Sources: mmdet 2.28.2, mmdet/datasets/pipelines/auto_augment.py; mmdet 3.3.0,
mmdet/datasets/transforms/geometric.py and colorspace.py.
"""  # noqa: E501

from __future__ import annotations

import math
from collections.abc import Iterator

from mmscaffold.upgrade.data.pipelines import Pipeline, Step
from mmscaffold.upgrade.data.transform_notes import TransformNotes
from mmscaffold.upgrade.examples import trained
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

ID, PACKAGE = "UPR-26 magnitudes", "mmdet"
WRITES = ("train_dataloader", "val_dataloader", "test_dataloader")
AFTER = ("UPR-16", "UPR-25 test-pipeline", "UPR-26 auto-augment", "UPR-20")
OF_DATA = True
_COLOURS = {
    "ColorTransform": "Color",
    "BrightnessTransform": "Brightness",
    "ContrastTransform": "Contrast",
    "EqualizeTransform": "Equalize",
}
_MAX_LEVEL = 10


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Rename them and their arguments."""
    notes = TransformNotes()
    for _, _, step in old.transforms(*_COLOURS):
        step.become(_COLOURS[step.type])
        _chance(step)
        _colour_level(step)
    for pipeline, _, step in old.transforms("Rotate", "Shear", "Translate"):
        _chance(step)
        _reversal(step)
        step.rename("img_fill_val", "img_border_value")
        if step.type == "Rotate":
            _angle(step)
            _lost(step, pipeline, notes, {"scale": 1, "center": None})
        elif step.type == "Shear":
            _shear(step)
        else:
            _translate(step, pipeline, notes)
    yield from notes


def _chance(step: Step) -> None:
    if "prob" not in step:
        step.add("prob", 0.5)


def _between_levels(step: Step) -> float | None:
    """The level, if 3.x has none such; one that is whole is written as an int."""
    level = step.get("level")
    if not isinstance(level, float):
        return None
    if level.is_integer():
        step.turn("level", int(level))
        return None
    return level


def _at_highest(step: Step, most: float) -> None:
    """Do at the highest level what the old one came to."""
    step.turn("level", _MAX_LEVEL)
    step.add("max_mag", round(most, 6))


def _colour_level(step: Step) -> None:
    """2.x: ``enhance_level_to_value``, from 0.1 to 1.9 as in 3.x."""
    level = _between_levels(step)
    if level is not None:
        _at_highest(step, level / _MAX_LEVEL * 1.8 + 0.1)


def _angle(step: Step) -> None:
    most = step.get("max_rotate_angle", 30)
    if isinstance(most, int | float):
        step.turn("max_rotate_angle", float(most), "max_mag")
        level = _between_levels(step)
        if level is not None:
            _at_highest(step, level / _MAX_LEVEL * most)
    else:
        step.rename("max_rotate_angle", "max_mag")


def _reversal(step: Step) -> None:
    """3.x turns a magnitude round where 2.x did not: it compares the other way."""
    chance = step.get("random_negative_prob")
    if isinstance(chance, int | float):
        step.turn("random_negative_prob", round(1.0 - chance, 12), "reversal_prob")
    else:
        step.rename("random_negative_prob", "reversal_prob")


def _lost(
    step: Step, pipeline: Pipeline, notes: TransformNotes, defaults: dict[str, object]
) -> None:
    for key, default in defaults.items():
        if key in step and step.get(key) == default:
            step.drop(key, Reason.DEFAULT)
        elif key in step:
            step.leave_to_note(key)
            notes.add(
                "UP210", f"{step.type} takes no {key} now", "Derive a transform that does.",
                pipeline, step, key,
            )  # fmt: skip


def _axis(step: Step) -> str:
    return "Y" if step.use("direction") == "vertical" else "X"


def _shear(step: Step) -> None:
    """2.x moved a point by ``level / 10 * max`` times its distance; 3.x by a tangent."""
    level, most = step.get("level"), step.get("max_shear_magnitude", 0.3)
    step.become(f"Shear{_axis(step)}")
    if isinstance(level, int | float) and isinstance(most, int | float) and level:
        angle = math.degrees(math.atan(level / _MAX_LEVEL * most))
        step.use("max_shear_magnitude")
        if _between_levels(step) is None:
            step.add("max_mag", round(angle / level * _MAX_LEVEL, 6))
        else:
            _at_highest(step, angle)
    else:
        _between_levels(step)
        step.drop("max_shear_magnitude", Reason.NO_EFFECT)


def _translate(step: Step, pipeline: Pipeline, notes: TransformNotes) -> None:
    _lost(step, pipeline, notes, {"min_size": 0})
    most = step.leave_to_note("max_translate_offset") or 250.0
    level = _between_levels(step)
    if level is not None and isinstance(most, int | float):
        step.turn("level", _MAX_LEVEL)
        most = round(level / _MAX_LEVEL * most, 6)
    step.become(f"Translate{_axis(step)}")
    notes.add(
        "UP210", f"{step.type} shifts by a share of the side, 2.x by up to {most} pixels",
        "Set max_mag to that number of pixels divided by the length of the side.",
        pipeline, step, "max_translate_offset",
    )  # fmt: skip


EXAMPLES = (
    trained(
        "dict(type='ColorTransform', level=4), dict(type='EqualizeTransform', prob=0.2)",
        "dict(type='Color', level=4, prob=0.5), dict(type='Equalize', prob=0.2)",
    ),
    trained(
        "dict(type='Rotate', level=5, max_rotate_angle=20, random_negative_prob=0.1, scale=2)",
        "dict(type='Rotate', level=5, max_mag=20.0, reversal_prob=0.9, prob=0.5)",
        "UP210",
    ),
    trained(
        "dict(type='Rotate', level=2.5, random_negative_prob=0), dict(type='Rotate', level=3.0)",
        "dict(type='Rotate', level=10, reversal_prob=1.0, prob=0.5, max_mag=7.5),"
        "dict(type='Rotate', level=3, prob=0.5)",
    ),
    trained(
        "dict(type='ContrastTransform', level=7.5), dict(type='ColorTransform', level=2.0)",
        "dict(type='Contrast', level=10, prob=0.5, max_mag=1.45),"
        "dict(type='Color', level=2, prob=0.5)",
    ),
    trained(
        "dict(type='Shear', level=10, max_shear_magnitude=1.0, direction='vertical')",
        "dict(type='ShearY', level=10, prob=0.5, max_mag=45.0)",
    ),
    trained(
        "dict(type='Translate', level=3, img_fill_val=0)",
        "dict(type='TranslateX', level=3, img_border_value=0, prob=0.5)",
        "UP210",
    ),
    trained(
        "dict(type='Translate', level=2.5, random_negative_prob=1)",
        "dict(type='TranslateX', level=10, reversal_prob=0.0, prob=0.5)",
        "UP210",
    ),
)
