"""``custom_imports`` stay; ``plugin_dir`` becomes one.

3.x imports the same modules before it builds anything. Their classes must be registered with
mmengine's registries, not with mmcv's or those of 2.x, and hooks, data sets and heads must have
the methods that 3.x calls; each module of one's own gets a note. ``mmscaffold check`` says more
of its code.

``plugin = True`` with ``plugin_dir`` is what some 2.x projects did in their own ``train.py``.

Hooks, optimizers and constructors that 3.x does not have are told wherever they come from.

Sources: mmcv 1.7.2, utils/misc.py (``import_modules_from_strings``); mmengine, config/config.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.key_path import KeyPath
from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.upgrade.known_names import is_registered
from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.old_config import OldConfig
from mmscaffold.upgrade.package import row_of
from mmscaffold.upgrade.part import New
from mmscaffold.upgrade.rule import ANY, Example

ID, PACKAGE = "UPR-37 own-modules", ANY
WRITES = ("custom_imports",)
AFTER = ("UPR-32", "UPR-34", "UPR-13 mixed-precision", "UPR-11 layer-decay")
EXAMPLES = (
    Example(
        "custom_imports = dict(imports=['mine.heads'], allow_failed_imports=False)\n",
        "custom_imports = dict(imports=['mine.heads'], allow_failed_imports=False)\n",
        ("UP202",),
    ),
    Example(
        "plugin = True\nplugin_dir = 'projects/plugin/'\n",
        "custom_imports = dict(imports=['projects.plugin'], allow_failed_imports=False)\n",
        ("UP202",),
    ),
    Example(
        "custom_imports = dict(imports='mine.heads')\n"
        "plugin = True\nplugin_dir = 'projects/plugin/'\n",
        "custom_imports = dict(\n"
        "    imports=['mine.heads', 'projects.plugin'], allow_failed_imports=False)\n",
        ("UP202", "UP202"),
    ),
    Example(
        "optimizer = dict(type='MySGD', lr=1., constructor='MyConstructor')\n",
        "",
        ("UP202", "UP202"),
    ),
)
_REGISTRIES = {
    "OPTIMIZERS": ("the optimizer", "Register the class in OPTIMIZERS of mmengine.registry."),
    "OPTIM_WRAPPER_CONSTRUCTORS": (
        "the constructor",
        "Derive it from mmengine's DefaultOptimWrapperConstructor, and register it in "
        "OPTIM_WRAPPER_CONSTRUCTORS of mmengine.registry.",
    ),
    "HOOKS": (
        "the hook",
        "Derive it from mmengine.hooks.Hook, register it in HOOKS of mmengine.registry, and see "
        "what mmscaffold check says of its methods.",
    ),
}


def apply(old: OldConfig, new: New) -> Iterator[Note]:
    """Move the imports, and tell what must change in code."""
    top = old.top()
    top.move("custom_imports", new)
    directory = top.get("plugin_dir")
    if isinstance(directory, str) and directory.strip("./") and top.get("plugin", True):
        top.take("plugin_dir")
        top.take("plugin")
        imports = new.child("custom_imports")
        _add(imports, directory.strip("./").replace("/", "."))
        imports.put("allow_failed_imports", False)
    top.drop("plugin", Reason.NO_EFFECT)
    if "plugin_dir" not in top.said:
        top.drop("plugin_dir", Reason.NO_EFFECT)
    yield from _modules(new)
    scope = row_of(old.package).scope
    for path, type_, registry in _named(new):
        if not is_registered(type_, registry, scope):
            what, help_ = _REGISTRIES[registry]
            message = f"{what} {type_} is not one of 3.x; it must be registered with mmengine"
            yield Note("UP202", message, path, (), help_)


def _add(imports: New, module: str) -> None:
    """Import a module after those that are imported already: a list of names, or one name."""
    named = imports.get("imports")
    added = CfgList([named] if isinstance(named, str) else named or ())
    if module not in added:
        added.append(module)
    imports.put("imports", added)


def _modules(new: New) -> Iterator[Note]:
    imports = new.get("custom_imports")
    named = imports.get("imports") if isinstance(imports, CfgDict) else None
    for one in named if isinstance(named, list | tuple) else [named]:
        if isinstance(one, str) and not is_openmmlab(one):
            message = f"the classes of {one} must be those of mmengine now"
            help_ = "Run mmscaffold check over its code: it says what 3.x calls otherwise."
            yield Note("UP202", message, ("custom_imports", "imports"), ("custom_imports",), help_)


def _named(new: New) -> Iterator[tuple[KeyPath, str, str]]:
    wrapper = new.get("optim_wrapper")
    if isinstance(wrapper, CfgDict):
        for path, one in _wrappers(wrapper):
            optimizer = one.get("optimizer")
            if isinstance(optimizer, CfgDict) and isinstance(optimizer.get("type"), str):
                yield (*path, "optimizer", "type"), optimizer["type"], "OPTIMIZERS"
            if isinstance(one.get("constructor"), str):
                where = (*path, "constructor")
                yield where, one["constructor"], "OPTIM_WRAPPER_CONSTRUCTORS"
    checkpoint = new.get("default_hooks", {}).get("checkpoint")
    if isinstance(checkpoint, CfgDict) and isinstance(checkpoint.get("type"), str):
        yield ("default_hooks", "checkpoint", "type"), checkpoint["type"], "HOOKS"
    hooks = new.get("custom_hooks")
    for index, hook in enumerate(hooks if isinstance(hooks, list | tuple) else ()):
        if isinstance(hook, CfgDict) and isinstance(hook.get("type"), str):
            yield ("custom_hooks", index, "type"), hook["type"], "HOOKS"


def _wrappers(wrapper: CfgDict) -> Iterator[tuple[KeyPath, dict[Any, Any]]]:
    yield ("optim_wrapper",), wrapper
    for key, value in wrapper.items():
        if isinstance(value, CfgDict) and "optimizer" in value:
            yield ("optim_wrapper", key), value
