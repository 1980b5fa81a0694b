"""What mmengine's constructors do not take, for the rules that compare arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.facts.building import NO_ARGUMENTS, NO_HOOK_ARGUMENTS, NO_SCHEDULER_ARGUMENTS
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
