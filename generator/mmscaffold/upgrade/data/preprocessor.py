"""The preprocessor of a model, which several rules fill."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.upgrade.draft import place
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

KEY = "data_preprocessor"
TYPE = "DetDataPreprocessor"
_AUGMENTS = "batch_augments"
# In the order in which people write them.
_FIRST = ("mean", "std", "bgr_to_rgb")


def asked_preprocessor(old: OldConfig) -> New | None:
    """What the data ask of the preprocessor of a model; ``None`` if the config has no data."""
    if not isinstance(old.root.get("data"), dict):
        return None
    return New(old.preprocessor, ("model", KEY))


def preprocessor(old: OldConfig, new: New) -> New | None:
    """That of the model, with what its data ask; ``None`` if the config has no data.

    It is made if it is not there. Where the config has data and no model, the values are those of
    whichever config has both.
    """
    asked = asked_preprocessor(old)
    if asked is None or old.part("model") is None:
        return asked
    if new.get("model") is old.root.get("model"):
        new.put("model", old.root["model"].copy())
    made = new.child("model")
    if not isinstance(made.get(KEY), CfgDict):
        place(made.values, KEY, CfgDict(type=TYPE), None, after="type")
    found = made.child(KEY)
    if "type" not in found:
        found.put("type", TYPE)
    for key in sorted(asked.values, key=lambda key: key not in _FIRST):
        value = asked.get(key)
        if key == _AUGMENTS:
            for one in value:
                batch_augment(found, **one)
        else:
            found.values.put(key, value, origin_of(asked.values, key))
    return found


def batch_augment(found: New, **values: Any) -> None:
    """Add what the preprocessor does to each batch of the training.

    Data sets that are joined say it each, and it is done once.
    """
    augments = CfgList(found.get(_AUGMENTS) or ())
    if CfgDict(values) not in augments:
        augments.append(CfgDict(values))
    found.put(_AUGMENTS, augments)
