"""What cannot be upgraded is left alone, with the reason.

- A model or a training that only forks of 2.x had: ``model_wrapper``, ``semi_wrapper``, ``swa_*``.
- A file that imports something and has no ``_base_``: mmengine takes it for the pure Python style.
- Keys of both generations that mean something.
- Lengths that contradict each other: 2.x itself refuses them.

Sources: mmdet 2.28.2, mmdet/utils/compat_config.py (``compat_runner_args``), replace_cfg_vals.py
(``model_wrapper``); mmengine, config/config.py (``Config._is_lazy_import``).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

from mmscaffold.check.config_names import ConfigNames, names_read, names_set
from mmscaffold.config.key_path import format_key_path
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.config.text.style import Style
from mmscaffold.config.walk import leaves
from mmscaffold.facts.legacy import READ_BY_2X
from mmscaffold.facts.loops import LOOP_KEYS
from mmscaffold.upgrade.forms.imports import bound_names, registers_nothing, telling_import
from mmscaffold.upgrade.generation import Generation, Signs, signs
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example
from mmscaffold.upgrade.tables.attributes import renamed

ID, PACKAGE = "UPR-00 refused", ANY
WRITES = ("model_wrapper",)
AFTER: tuple[str, ...] = ()
EXAMPLES = (
    Example("model_wrapper = dict(type='SoftTeacher', model=1)\ndata = dict()\n", "", ("UP301",)),
    Example("swa_training = True\ntotal_epochs = 3\n", "", ("UP301",)),
    Example("import numpy as np\ntotal_epochs = 3\nkind = np.float32\n", "", ("UP302",)),
    Example("import mine\ntotal_epochs = 3\n", "", ("UP302",)),
    # Nothing needs these imports afterwards.
    Example("import mmcv\ntotal_epochs = 3\n", ""),
    Example("import torch\ntotal_epochs = 3\nworkflow = torch.x\n", "", ("UP204",)),
    Example(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "lr_config = dict(policy='step', step=[8])\n",
        "",
        ("UP303",),
    ),
    Example(
        "total_epochs = 24\nrunner = dict(type='EpochBasedRunner', max_epochs=12)\n",
        "",
        ("UP304",),
    ),
    Example("total_epochs = 12\nrunner = dict(type='EpochBasedRunner', max_epochs=12)\n", ""),
)
_MOST_NAMES = 6
_WRAPPERS = ("model_wrapper", "semi_wrapper")


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Yield the reasons."""
    del new
    top = old.top()
    for key in _WRAPPERS:
        if top.leave_to_note(key) is not None:
            yield _lost(key, f"{key} is of a fork of 2.x; 3.x builds no such wrapper")
    swa = next((key for key in top if str(key).startswith("swa_")), None)
    if swa is not None:
        yield _lost(str(swa), "weights averaged by swa_* are of a fork of 2.x")
    yield from _style(old)
    found = signs(old.config)
    if found.generation is Generation.BOTH:
        yield _over_3x(old, found) if found.own else _half_ported(found)
        for key in LOOP_KEYS:
            top.leave_to_note(key)
    yield from _lengths(old)


def _lost(key: str, message: str) -> Note:
    help_ = "Upgrade the config without it, and build on what 3.x has: SemiBaseDetector, EMAHook."
    return Note("UP301", message, (), (key,), help_)


def _half_ported(found: Signs) -> Note:
    message = f"it has {_listed(found.old)} of 2.x and {_listed(found.new)} of 3.x"
    help_ = "Port the rest by hand, or go back to the version that was all 2.x."
    return Note("UP303", message, (), (found.old[0],), help_)


def _over_3x(old: OldConfig, found: Signs) -> Note:
    """What is told of a file of 2.x whose base was upgraded without it."""
    base = next(
        (one for one in map(_file_of(old), found.new) if one != old.path), old.config.bases[0]
    )
    verb = "is a key" if len(found.own) == 1 else "are keys"
    message = f"{_listed(found.own)} {verb} of 2.x, and the base {base} is of 3.x"
    names = _new_names(old, found.own)
    told = "; ".join(names[:_MOST_NAMES]) + ("; ..." if len(names) > _MOST_NAMES else "")
    help_ = f"Upgrade both together, from the base as it was; or write what 3.x calls it: {told}."
    return Note("UP303", message, (), (found.own[0],), help_)


def _file_of(old: OldConfig) -> Callable[[str], Path]:
    return lambda key: old.config.origin(key).path


def _new_names(old: OldConfig, keys: tuple[str, ...]) -> list[str]:
    """What 3.x calls each value of some keys; a list counts as one."""
    told = {}
    for key in keys:
        for path, _ in leaves(old.config.own[key], (key,)):
            within = tuple(itertools.takewhile(lambda one: not isinstance(one, int), path))
            new = renamed(within)
            if new is not None:
                told[within] = f"{format_key_path(within)} is {new.strip('()')}"
    return list(told.values())


def _style(old: OldConfig) -> Iterator[Note]:
    """A note on an import that is certain to stay; of others, the new text decides."""
    parsed = old.config.parsed
    if old.config.style is not Style.PURE_PYTHON or not isinstance(parsed, ParsedSource):
        return
    statement = telling_import(parsed)
    if statement is None:
        return
    names = bound_names(statement)
    is_read = bool(names & ConfigNames(parsed).read)
    if registers_nothing(statement) and not _reads_in_variables(parsed, names):
        return
    message = (
        f"line {statement.lineno} imports {', '.join(sorted(names))}: mmengine takes the file for "
        "the pure Python style"
    )
    if is_read:
        help_ = "Write what it is used for as values, and remove it."
    elif registers_nothing(statement):
        help_ = "Nothing uses it: remove it."
    else:
        help_ = "Remove it; if it registers classes, name its module in custom_imports."
    yield Note("UP302", message, (), (), help_)


def _reads_in_variables(parsed: ParsedSource, names: frozenset[str]) -> bool:
    """Whether a statement reads one of the names that sets more than keys of 2.x."""
    return any(
        names & names_read(node) and not names_set(node) <= READ_BY_2X for node in parsed.tree.body
    )


def _lengths(old: OldConfig) -> Iterator[Note]:
    runner, total = old.root.get("runner"), old.root.get("total_epochs")
    epochs = runner.get("max_epochs") if isinstance(runner, dict) else None
    if isinstance(epochs, int) and isinstance(total, int) and epochs != total:
        message = f"total_epochs is {total}, and runner.max_epochs is {epochs}"
        help_ = "2.x refuses that: remove total_epochs, or make them the same."
        yield Note("UP304", message, (), ("total_epochs",), help_)


def _listed(keys: tuple[str, ...]) -> str:
    shown = ", ".join(keys[:3])
    return f"{shown}, ..." if len(keys) > 3 else shown
