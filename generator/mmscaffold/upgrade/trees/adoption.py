"""Where a twin says the same in other words, or only more than was asked, its words stand.

An official config of 3.x writes out defaults (``backend_args=None``, ``begin=0``, hooks that the
Runner has anyway). A config that inherits from it need not take these back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.key_path import Key, KeyPath, format_key_path
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.bases import HABITS
from mmscaffold.upgrade.tables.mmdet_data import CHECKING_HOOKS

_NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "backend_args": (None,),
    "format_only": (False,),
    "begin": (0,),
    "by_epoch": (True,),
    "bbox_lazy": (False,),
    "drop_last": (False,),
    "val_interval": (1,),
    "proposal_nums": ((100, 300, 1000),),
}
"""Values that are defaults of 3.x wherever they stand."""
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "StepLR": {"gamma": 0.1},
    "MultiStepLR": {"gamma": 0.1},
    "LoadPanopticAnnotations": {"with_bbox": True, "with_mask": True, "with_seg": True},
}
"""Further defaults, by the class."""
_OPEN: tuple[KeyPath, ...] = (
    (),
    ("default_hooks",),
    ("default_hooks", "checkpoint"),
    ("env_cfg",),
    ("visualizer",),
    ("log_processor",),
)
"""Dicts in which what a twin has beside is what the Runner would do anyway."""


def adopt(goal: CfgDict, below: Mapping[str, Any], path: Path | None) -> tuple[CfgDict, list[str]]:
    """A goal with the words of the twins, where these mean the same.

    Args:
        goal: What a config must resolve to.
        below: What its bases have.
        path: The config. What it writes itself stays. ``None`` is a config that is to give way
            to its twin, of which nothing has to stay.

    Returns:
        The goal, and the habits of the twins that stand in it.
    """
    adoption = _Adoption(goal, path)
    adopted = adoption.of_dict(goal, below, ())
    return adopted, adoption.habits


class _Adoption:
    def __init__(self, goal: CfgDict, path: Path | None) -> None:
        self._path = path
        self.habits: list[str] = []
        loop = goal.get("train_cfg")
        self._lengths = {
            loop[key] for key in ("max_epochs", "max_iters") if key in loop
        } if isinstance(loop, dict) else set()  # fmt: skip

    def of_dict(self, ours: CfgDict, theirs: Mapping[Any, Any], path: KeyPath) -> CfgDict:
        """A dict of the goal, with what the twin has in its place."""
        adopted = CfgDict()
        ours = self._below_data_root(ours, theirs)
        for key, value in ours.items():
            origin = origin_of(ours, key)
            adopted.put(key, self._of_value(value, theirs.get(key, MISSING), (*path, key)), origin)
        for key, value in theirs.items():
            if key in ours or (not path and key not in KNOWN_KEYS):
                continue
            if path in _OPEN or self._is_neutral(key, value, in_list=False):
                adopted.put(key, value, None)
        if not path:
            self._drop_checks(adopted, theirs)
        for habit in HABITS:
            if habit[:-1] == path and habit[-1] in theirs:
                self._keep_habit(adopted, ours, theirs, habit)
        return adopted

    def _drop_checks(self, adopted: CfgDict, theirs: Mapping[Any, Any]) -> None:
        """Take out hooks that only check, where the twin does without any hooks."""
        hooks = adopted.get("custom_hooks")
        if not isinstance(hooks, list | tuple) or "custom_hooks" in theirs:
            return
        only_check = all(
            isinstance(hook, dict) and hook.get("type") in CHECKING_HOOKS for hook in hooks
        )
        if only_check and not self._is_written(hooks):
            adopted.pop("custom_hooks")

    def _below_data_root(self, ours: CfgDict, theirs: Mapping[Any, Any]) -> CfgDict:
        """A data set with its files named from the twin's ``data_root``, if it has the same.

        3.x joins ``data_root`` with the names of files and folders; in configs of 2.x, they
        hold it themselves.
        """
        root = theirs.get("data_root")
        if "data_root" in ours or not isinstance(root, str) or not root or _is_wrapper(ours):
            return ours
        moved = ours.copy()
        others = [key for key in ours if str(key).endswith("_file") and key != "ann_file"]
        names, folders = theirs.get("ann_file"), theirs.get("data_prefix")
        mine = ours.get("data_prefix")
        same = (
            not self._is_written(ours, ("ann_file", "data_prefix", *others))
            and all(isinstance(ours[key], str) and ours[key].startswith(root) for key in others)
            and _joined(root, names) == _joined(None, ours.get("ann_file"))
            and isinstance(mine, dict)
            and isinstance(folders, dict)
            and mine.keys() == folders.keys()
            and all(_joined(root, folders[key]) == mine[key] for key in mine)
        )
        if same:
            moved.put("ann_file", names, None)
            moved.put("data_prefix", folders, None)
            for key in others:
                moved.put(key, ours[key].removeprefix(root), None)
        moved.put("data_root", root if same else "", None)
        return moved

    def _keep_habit(
        self, adopted: CfgDict, ours: CfgDict, theirs: Mapping[Any, Any], path: KeyPath
    ) -> None:
        key = path[-1]
        origin = origin_of(ours, key)
        if origin is not None and origin.path == self._path:
            return
        if first_difference(theirs[key], ours.get(key, MISSING)) is not None:
            adopted.put(key, theirs[key], None)
            self.habits.append(format_key_path(path))

    def _of_value(self, ours: Any, theirs: Any, path: KeyPath) -> Any:
        if isinstance(ours, CfgDict) and isinstance(theirs, dict):
            return self.of_dict(ours, theirs, path)
        if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
            mine, other = self._plain(ours), self._plain(theirs)
            if first_difference(mine, other) is None and not self._is_written(ours):
                return theirs
        return ours

    def _is_written(self, value: Any, keys: Iterable[Any] | None = None) -> bool:
        """Whether the config itself writes something of a container, or of some of its keys."""
        if keys is None:
            keys = range(len(value)) if isinstance(value, list | tuple) else value
        for key in keys:
            if key not in value and isinstance(value, dict):
                continue
            origin = origin_of(value, key)
            if origin is not None and origin.path == self._path:
                return True
            if isinstance(value[key], CfgDict | CfgList | CfgTuple) and self._is_written(
                value[key]
            ):
                return True
        return False

    def _is_neutral(self, key: Key, value: Any, *, in_list: bool) -> bool:
        if in_list and key == "end":
            return value in self._lengths
        return any(first_difference(value, one) is None for one in _NEUTRAL.get(str(key), ()))

    def _plain(self, value: Any) -> Any:
        """A value of a list without what says a default."""
        if isinstance(value, dict):
            defaults = _DEFAULTS.get(str(value.get("type")), {})
            return {
                key: self._plain(item)
                for key, item in value.items()
                if not self._is_neutral(key, item, in_list=True)
                and (key not in defaults or first_difference(defaults[key], item) is not None)
            }
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        return value


def _is_wrapper(data_set: Mapping[Any, Any]) -> bool:
    """Whether a data set wraps others, which have the files."""
    return "dataset" in data_set or "datasets" in data_set


def _joined(root: str | None, name: Any) -> Any:
    return root + name if isinstance(root, str) and isinstance(name, str) else name
