"""Where a twin says the same in other words, or only more than was asked, its words stand.

An official config of 3.x writes out defaults (``backend_args=None``, ``begin=0``, hooks that the
Runner has anyway). A config that inherits from it need not take these back.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from mmscaffold.config.change import MISSING, first_difference, value_at
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple, origin_of
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import Key, KeyPath, format_key_path
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.upgrade.bases import HABITS
from mmscaffold.upgrade.tables.mmdet_data import CHECKING_HOOKS
from mmscaffold.upgrade.tables.mmdet_models import family_of_3x, in_3x

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


def adopt(
    goal: CfgDict,
    below: Mapping[str, Any],
    path: Path | None,
    asked: Mapping[str, Any] | None = None,
) -> tuple[CfgDict, list[str]]:
    """A goal with the words of the twins, where these mean the same.

    Args:
        goal: What a config must resolve to.
        below: What its bases have.
        path: The config. What it writes itself stays. ``None`` is a config that is to give way
            to its twin, of which nothing has to stay.
        asked: What those of its bases that have no twins had to resolve to: what is beside that,
            they have of the twins of their own bases.

    Returns:
        The goal, and the habits of the twins that stand in it.
    """
    adoption = _Adoption(goal, path, asked or {})
    adopted = adoption.of_dict(goal, below, ())
    return adopted, adoption.habits


class _Adoption:
    def __init__(self, goal: CfgDict, path: Path | None, asked: Mapping[str, Any]) -> None:
        self._path = path
        self._asked = asked
        self.habits: list[str] = []
        loop = goal.get("train_cfg")
        self._lengths = {
            loop[key] for key in ("max_epochs", "max_iters") if key in loop
        } if isinstance(loop, dict) else set()  # fmt: skip

    def of_dict(
        self,
        ours: CfgDict,
        theirs: Mapping[Any, Any],
        path: KeyPath,
        origin: Origin | None = None,
        *,
        is_restated: bool = False,
    ) -> CfgDict:
        """A dict of the goal, with what the twin has in its place.

        Args:
            ours: The dict.
            theirs: What the twin has.
            path: Its key path.
            origin: Where the dict was written.
            is_restated: Whether it is written whole, since one around it is.
        """
        adopted = CfgDict()
        ours = self._below_data_root(ours, theirs)
        unheld = () if path else _keys_of_no_data(ours)
        beside = {
            key: value
            for key, value in theirs.items()
            if key not in ours
            and key not in unheld
            and (path or key in KNOWN_KEYS)
            and (self._is_open(path, key) or self._is_neutral(key, value, in_list=False))
            and _takes(ours, theirs, key)
        }
        habits = [habit for habit in HABITS if habit[:-1] == path and habit[-1] in theirs]
        # Of what is written over nothing, no key of the twin is in force.
        stays = {*ours, *beside, *(habit[-1] for habit in habits)}
        is_restated = is_restated or self._deletes(origin)
        is_restated = is_restated or bool(path and theirs.keys() - stays)
        for key, value in ours.items():
            at = origin_of(ours, key)
            if is_restated and at is None and key == "data_root" and value == "":
                continue
            other = theirs.get(key, MISSING)
            made = self._of_value(value, other, (*path, key), at, is_restated=is_restated)
            adopted.put(key, made, at)
        if not is_restated:
            for key, value in beside.items():
                adopted.put(key, value, None)
        if not path:
            self._drop_checks(adopted, theirs)
        for habit in habits:
            self._keep_habit(adopted, ours, theirs, habit)
        if adopted.get("num_workers") == 0 and theirs.get("persistent_workers") is True:
            self._let_workers_go(adopted, path)
        return adopted

    def _is_open(self, path: KeyPath, key: Key) -> bool:
        return path in _OPEN and value_at(self._asked, (*path, key)) is MISSING

    def _let_workers_go(self, loader: CfgDict, path: KeyPath) -> None:
        """Torch refuses to keep processes of which there are none."""
        if self._is_written(loader, ("persistent_workers",)):
            return
        loader.put("persistent_workers", False, None)
        habit = format_key_path((*path, "persistent_workers"))
        if habit in self.habits:
            self.habits.remove(habit)

    def _deletes(self, origin: Origin | None) -> bool:
        """Whether the config itself writes a dict with ``_delete_``."""
        if origin is None or origin.path != self._path:
            return False
        node = origin.written.node
        if isinstance(node, ast.Call):
            return any(one.arg == DELETE for one in node.keywords)
        keys = node.keys if isinstance(node, ast.Dict) else []
        return any(isinstance(one, ast.Constant) and one.value == DELETE for one in keys)

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
        if "data_root" in ours or not isinstance(root, str):
            return ours
        if _is_wrapper(ours) or not _takes(ours, theirs, "data_root"):
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
        if self._is_written(ours, (key,)):
            mine, others = ours[key], theirs[key]
            if self._is_own(origin_of(ours, key)) or not isinstance(others, dict):
                return
            # A rule made the dict, of some values that the config writes and some that it doesn't.
            kept = CfgDict(others)
            for one in mine:
                if one not in others or self._is_written(mine, (one,)):
                    kept.put(one, mine[one], origin_of(mine, one))
            adopted.put(key, kept, None)
        elif first_difference(theirs[key], ours.get(key, MISSING)) is not None:
            adopted.put(key, theirs[key], None)
            self.habits.append(format_key_path(path))

    def _of_value(
        self, ours: Any, theirs: Any, path: KeyPath, origin: Origin | None, *, is_restated: bool
    ) -> Any:
        if isinstance(ours, CfgDict) and isinstance(theirs, dict):
            return self.of_dict(ours, theirs, path, origin, is_restated=is_restated)
        if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
            mine, other = self._plain(ours), self._plain(theirs)
            if first_difference(mine, other) is None and not self._is_written(ours):
                return theirs
        return ours

    def _is_own(self, origin: Origin | None) -> bool:
        return origin is not None and origin.path == self._path

    def _is_written(self, value: Any, keys: Iterable[Any] | None = None) -> bool:
        """Whether the config itself writes something of a container, or of some of its keys."""
        if keys is None:
            keys = range(len(value)) if isinstance(value, list | tuple) else value
        for key in keys:
            if key not in value and isinstance(value, dict):
                continue
            if self._is_own(origin_of(value, key)):
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


def _keys_of_no_data(config: Mapping[Any, Any]) -> list[str]:
    """The keys of the evaluations for which a config that trains has no data: ``val=None``."""
    splits = [
        split
        for split in ("val", "test")
        if "train_dataloader" in config and f"{split}_dataloader" not in config
    ]
    return [f"{split}_{part}" for split in splits for part in ("dataloader", "evaluator", "cfg")]


def _takes(ours: Mapping[Any, Any], theirs: Mapping[Any, Any], key: Key) -> bool:
    """Whether what a dict is built into takes a key that the twin's dict has."""
    mine, other = _class_of(ours), _class_of(theirs)
    if not mine or mine == other:
        return True
    taken = family_of_3x().constructor(in_3x(mine))
    if taken is None:
        # One of yours: what has files is built as those of 3.x are.
        return "ann_file" in ours
    return not taken.is_open and key in taken.arguments


def _class_of(values: Mapping[Any, Any]) -> str:
    name = values.get("type")
    return name.rpartition(".")[2] if isinstance(name, str) else ""


def _is_wrapper(data_set: Mapping[Any, Any]) -> bool:
    """Whether a data set wraps others, which have the files."""
    return "dataset" in data_set or "datasets" in data_set


def _joined(root: str | None, name: Any) -> Any:
    return root + name if isinstance(root, str) and isinstance(name, str) else name
