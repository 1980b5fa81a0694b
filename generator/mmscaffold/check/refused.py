"""What mmengine's constructors do not take, for the rules that compare arguments."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.check.data_sets import is_wrapper
from mmscaffold.check.parts import Part
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.facts.building import (
    GIVEN_TO_PART,
    GIVEN_TO_TTA_MODEL,
    NO_ARGUMENTS,
    NO_HOOK_ARGUMENTS,
    NO_SCHEDULER_ARGUMENTS,
)
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.packages import ROOT_SCOPE, TABLED_SCOPES
from mmscaffold.facts.runner import DEFAULT_LOG_PROCESSOR, REGISTRY_OF_KEY


def registered_constructor(
    config: ConfigView, path: KeyPath, values: Mapping[str, Any]
) -> Constructor | None:
    """What the class that a part of a config names can be built with, where it is known for sure.

    A bare name of another package's config may be that package's own class.
    """
    name = full_name(values.get("type"))
    if name is None:
        return None
    scope, _, bare = name.rpartition(".")
    own = config.code_registering(bare)
    if own is not None:
        return own.constructor(bare)
    dotted = config.table.registered(REGISTRY_OF_KEY[str(path[0])], name)
    looked_up = values.get(SCOPE) or config.scope_at(path)
    if looked_up is not None and not isinstance(looked_up, str):
        return None
    if dotted is None or (not scope and looked_up not in TABLED_SCOPES):
        return None
    # Without a scope of its own, a part may belong to configs of any package.
    if not scope and looked_up == ROOT_SCOPE and not dotted.startswith(f"{ROOT_SCOPE}."):
        return None
    return config.table.constructor(dotted)


def parts_with_constructors(
    config: ConfigView,
) -> Iterator[tuple[KeyPath, Mapping[str, Any], Constructor, frozenset[str]]]:
    """Every scheduler, hook and log processor whose constructor is known.

    Yields:
        Its key path, its values, its constructor, and what mmengine adds or takes away
        before it calls that.
    """
    for path, values in config.scheduler_dicts:
        constructor = registered_constructor(config, path, values)
        if constructor is not None:
            yield path, values, constructor, NO_SCHEDULER_ARGUMENTS
    for path, values in config.hooks:
        constructor = registered_constructor(config, path, values)
        if constructor is not None:
            yield path, values, constructor, NO_HOOK_ARGUMENTS
    processor = config.plain.get("log_processor")
    if isinstance(processor, Mapping):
        path = ("log_processor",)
        values = {"type": DEFAULT_LOG_PROCESSOR, **processor}
        constructor = registered_constructor(config, path, values)
        if constructor is not None:
            yield path, values, constructor, NO_ARGUMENTS


def is_left_over(config: ConfigView, path: KeyPath, argument: str) -> bool:
    """Whether an argument was written in a file farther from the config than the ``type``.

    Then the fault is that of the file with the ``type``, which merged it over its base.
    """
    files = config.config.files
    try:
        places = [files.index(config.origin((*path, key)).path) for key in (argument, "type")]
    except (ConfigError, ValueError):
        return False
    return places[0] > places[1]


# Parts within a model that its class builds as they stand; others it may complete.
_BUILT_AS_WRITTEN = frozenset({"backbone", "neck", "data_preprocessor"})
_WITH_RULES_OF_THEIR_OWN = frozenset({"HOOKS", "PARAM_SCHEDULERS", "LOG_PROCESSORS"})
# What a key of MMDetection 2.x is called now.
_SINCE_3X: Mapping[str, str] = {
    "img_prefix": "data_prefix=dict(img=...)",
    "seg_prefix": "data_prefix=dict(seg=...)",
    "classes": "metainfo=dict(classes=...)",
    "img_scale": "scale=...",
    "flip_ratio": "prob=...",
}


def refused_keys(config: ConfigView) -> Iterator[tuple[Part, list[str], list[str]]]:
    """Every part with what its class does not take, and what it needs and does not get.

    Loops are left out, and what ``parts_with_constructors`` yields.
    """
    own = config.imported_code
    for part, too_many, too_few in config.misfits:
        if own is not None and own.knows(part.bare):
            continue
        if part.registry in _WITH_RULES_OF_THEIR_OWN and (
            part.path == ("log_processor",)
            or registered_constructor(config, part.path, part.values) is not None
        ):
            continue
        if part.registry is None:
            # Only code of the package could say of what it takes a key out.
            scopes = _scopes_of_code(config, part)
            too_many = {
                key
                for key in too_many
                if not any(config.family.is_popped(scope, key) for scope in scopes)
            }
            # Lacking what the class needs, with nothing that it takes, it is no call of
            # a constructor: its holder reads it, as mutators of mmrazor their channel_unit_cfg.
            if too_few and not _is_whole(part) and not _takes_any(config, part):
                continue
        refused = [key for key in part.values if key in too_many]
        missing = sorted(too_few) if config.is_runnable and _is_whole(part) else []
        if part.path == ("tta_model",):
            missing = [key for key in missing if key not in GIVEN_TO_TTA_MODEL]
        if refused or missing:
            yield part, refused, missing


def _scopes_of_code(config: ConfigView, part: Part) -> set[str]:
    """Whose code may build a part: that of its scope, and of the package of its class.

    A file of ``_base_`` has no ``default_scope`` of its own.
    """
    packages = {one.dotted.partition(".")[0] for one in config.find(part).classes}
    return {config.scope_of(part) or ROOT_SCOPE, *packages}


def _takes_any(config: ConfigView, part: Part) -> bool:
    constructor = config.family.constructor(config.find(part))
    return constructor is not None and not constructor.arguments.isdisjoint(part.values)


def _is_whole(part: Part) -> bool:
    """Whether a part is built as it stands, and nothing is added to it."""
    if part.path == ("model",):
        # What is nothing but its type is a placeholder, which a script fills.
        return len(part.values) > 1
    return part.registry is not None or part.path[-1] in _BUILT_AS_WRITTEN


def advice_on(config: ConfigView, part: Part, argument: str) -> str:
    """What to do with an argument that a part does not take."""
    constructor = config.family.constructor(config.find(part))
    taken = constructor.arguments if constructor is not None else frozenset()
    if part.registry == "DATASETS" and is_wrapper(part) and argument != "times":
        return f"{part.bare} wraps a data set: write {argument} there."
    since = _SINCE_3X.get(argument)
    if since is not None and since.partition("=")[0] in taken:
        return f"That is a key of MMDetection 2.x: now it is {since}"
    near = difflib.get_close_matches(argument, taken, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    given = GIVEN_TO_TTA_MODEL if part.path == ("tta_model",) else frozenset()
    written = taken - given - GIVEN_TO_PART.get(part.registry or "", frozenset())
    return f"It takes {', '.join(sorted(written)) or 'none'}."
