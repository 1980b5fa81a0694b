"""The preprocessor of a model, which several rules fill."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.upgrade.draft import place
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New

KEY = "data_preprocessor"
TYPE = "DetDataPreprocessor"


def preprocessor(old: OldConfig, new: New) -> New | None:
    """That of the model, made if it is not there; ``None`` if the config has no data.

    Where it has data and no model, the values are those of whichever config has both.
    """
    if not isinstance(old.root.get("data"), dict):
        return None
    if old.part("model") is None:
        return New(old.preprocessor_elsewhere, ("model", KEY))
    if new.get("model") is old.root.get("model"):
        new.put("model", old.root["model"].copy())
    made = new.child("model")
    if not isinstance(made.get(KEY), CfgDict):
        place(made.values, KEY, CfgDict(type=TYPE), None, after="type")
    found = made.child(KEY)
    if "type" not in found:
        found.put("type", TYPE)
    return found


def batch_augment(found: New, **values: Any) -> None:
    """Add what the preprocessor does to each batch of the training.

    Data sets that are joined say it each, and it is done once.
    """
    augments = CfgList(found.get("batch_augments") or ())
    if CfgDict(values) not in augments:
        augments.append(CfgDict(values))
    found.put("batch_augments", augments)
