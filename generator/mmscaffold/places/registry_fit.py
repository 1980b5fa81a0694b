"""Which registry builds what stands at a place, and which names fit there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.parts import KEYS_OF_PARTS, parts_below
from mmscaffold.config.evaluate.containers import CfgDict
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.walk import nodes
from mmscaffold.facts.building import GIVEN_TO_LOOP, GIVEN_TO_PART
from mmscaffold.facts.classes.package_table import PackageTable
from mmscaffold.facts.classes.tables import OPTIMIZERS, PACKAGES_OF_SCOPE
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.places.config_text import ConfigText, origin_in, value_in

_TYPE = "type"
_LONGEST_LIST = 1000
# What a model or a transform builds of dicts in it is in one of these.
_OF_MODELS = ("MODELS", "TASK_UTILS", "WEIGHT_INITIALIZERS")
_SIBLINGS = 30
_MOST_USES = 20


def registries_at(config: ConfigText, path: KeyPath, siblings: tuple[str, ...] = ()) -> list[str]:
    """The registries in which the ``type`` of a dict is looked up, most likely first.

    Args:
        config: The config.
        path: Of the dict, which need not exist yet.
        siblings: Types that are written beside it, in the same list.

    Returns:
        None if nothing is known of the place.
    """
    for place in (path, *_used_at(config, path)):
        if place[:1] and place[0] in KEYS_OF_PARTS:
            found = _registry_below(config, place)
            if found is not None:
                return [found] if found else _of_class_there(config, place) or list(_OF_MODELS)
    return _of_siblings(config, siblings)


def _of_class_there(config: ConfigText, path: KeyPath) -> list[str]:
    """The registries of the class that the bases have at a place."""
    named = value_in(config.base_values, (*path, _TYPE))
    if not isinstance(named, str):
        return []
    scope = config.class_view.scope_at(path) or ROOT_SCOPE
    return sorted(config.class_view.family.find(scope, None, named).registries)


def given_at(config: ConfigText, path: KeyPath | None) -> frozenset[str]:
    """What mmengine itself hands to the class of a dict, or takes out of it."""
    if path is None:
        return frozenset()
    if len(path) == 1 and path[0] in GIVEN_TO_LOOP:
        return GIVEN_TO_LOOP[str(path[0])]
    registries = registries_at(config, path)
    return GIVEN_TO_PART.get(registries[0], frozenset()) if registries else frozenset()


def _registry_below(config: ConfigText, path: KeyPath) -> str | None:
    """The registry; empty where only code of a model says which; ``None`` if it is no part."""
    if any(isinstance(key, int) and not 0 <= key < _LONGEST_LIST for key in path):
        return None
    made = _with_type(config.value(path[:1]), path[1:])
    for part in parts_below(str(path[0]), made):
        if part.path == path:
            return part.registry or ""
    return None


def _with_type(value: Any, path: KeyPath) -> Any:
    """What a key would hold, of the rest of which only types count, if a part stood there."""
    if not path:
        return {_TYPE: "X"}
    key = path[0]
    if isinstance(key, int):
        items = value if isinstance(value, list | tuple) else ()
        inner = _with_type(items[key] if key < len(items) else None, path[1:])
        return [None] * key + [inner]
    kept = value if isinstance(value, Mapping) else {}
    plain = {
        name: None if isinstance(one, dict | list | tuple) else one for name, one in kept.items()
    }
    inner = _with_type(kept.get(key), path[1:])
    return {**plain, key: inner}


def _used_at(config: ConfigText, path: KeyPath) -> Iterator[KeyPath]:
    """Where the value of a variable is used: ``train_pipeline`` in the data set of a loader."""
    if not path or path[0] in KEYS_OF_PARTS:
        return
    for users in uses_of_variable(config, str(path[0])):
        yield (*users, *path[1:])


def uses_of_variable(config: ConfigText, name: str) -> list[KeyPath]:
    """The key paths that got their value by naming a variable of the config."""
    if config.config is not None:
        found = _uses(config.config.root, config.config.names or config.config.root, name)
        if found:
            return found
    # What sets a variable of the bases anew is meant for where they use theirs.
    return _uses(config.base_values, config.base_values, name)


def _uses(root: CfgDict, names: CfgDict, name: str) -> list[KeyPath]:
    origin = origin_in(names, (name,))
    if origin is None:
        return []
    target = origin.written.node
    found = []
    for path, _ in nodes(root):
        if len(path) < 2 and (not path or path[0] == name):
            continue
        here = origin_in(root, path) if path else None
        if here is not None and _copies(here, target):
            found.append(path)
            if len(found) >= _MOST_USES:
                break
    return found


def _copies(origin: Origin, target: Any) -> bool:
    while origin.copied_from is not None:
        origin = origin.copied_from
        if origin.node is target:
            return True
    return False


def _of_siblings(config: ConfigText, siblings: tuple[str, ...]) -> list[str]:
    scope = config.class_view.scope or ROOT_SCOPE
    counted: Counter[str] = Counter()
    for name in siblings[:_SIBLINGS]:
        counted.update(config.class_view.family.find(scope, None, name).registries)
    return [name for name, count in counted.most_common() if count == max(counted.values())]


def names_at(
    config: ConfigText, registries: list[str], key: str | None, scope: str
) -> dict[str, tuple[str, bool]]:
    """The names that can be given as a type.

    Args:
        config: The config.
        registries: Those in which it is looked up.
        key: What the dict is called, such as ``backbone``, which tells what is likely.
        scope: The scope that holds there.

    Returns:
        For each name, the package or project that it comes from, and whether it is likely here.
    """
    view = config.class_view
    found: dict[str, tuple[str, bool]] = {}
    likely = _likely_module(key)
    for registry in registries:
        for table in _tables(config, scope):
            for name, dotted in table.registered.get(registry, {}).items():
                fits = likely is not None and likely.search(dotted) is not None
                if name not in found or (fits and not found[name][1]):
                    found[name] = (table.distribution, fits)
        if registry == "OPTIMIZERS":
            found.update(dict.fromkeys(sorted(OPTIMIZERS), ("torch", False)))
        own = view.imported_code
        if own is not None:
            for name, definition in own.registered.get(registry, {}).items():
                fits = likely is None or likely.search(definition.dotted) is not None
                found[name] = (definition.dotted.partition(".")[0], fits)
    return found


def _tables(config: ConfigText, scope: str) -> Iterator[PackageTable]:
    own = PACKAGES_OF_SCOPE.get(scope, ())
    root = () if scope == ROOT_SCOPE else PACKAGES_OF_SCOPE[ROOT_SCOPE]
    for package in (*own, *root):
        yield from config.class_view.family.tables(package)


def _likely_module(key: str | None) -> re.Pattern[str] | None:
    """What modules are called that hold classes for a key: ``backbones`` for ``backbone``."""
    if not key:
        return None
    word = key.rpartition("_")[2] if not key.startswith("loss_") else "loss"
    word = word if word != "cfg" else key.removesuffix("_cfg").rpartition("_")[2]
    if len(word) < 3:
        return None
    plural = f"{word}e?s" if word != "loss" else "losses"
    return re.compile(rf"\.(?:\w+_)?(?:{re.escape(word)}|{plural})\.")
