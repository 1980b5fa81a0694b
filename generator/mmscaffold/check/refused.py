"""What mmengine's constructors do not take, for the rules that compare arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from mmscaffold.check.config_view import ConfigView, class_name, full_name
from mmscaffold.check.data_sets import WRAPPED, is_wrapper
from mmscaffold.check.holders import not_given
from mmscaffold.check.parts import Part
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.registry_scope import SCOPE
from mmscaffold.facts.building import (
    BUILT_BY_HOOK,
    DATALOADER_ARGUMENTS,
    DEFAULT_WRAPPER,
    GIVEN_TO_PART,
    GIVEN_TO_TTA_MODEL,
    NO_ARGUMENTS,
    NO_HOOK_ARGUMENTS,
    NO_SCHEDULER_ARGUMENTS,
)
from mmscaffold.facts.classes.constructor import Constructor
from mmscaffold.facts.optimizers import CLIPPING, CLIPPING_WRAPPERS
from mmscaffold.facts.packages import ROOT_SCOPE
from mmscaffold.facts.runner import DEFAULT_LOG_PROCESSOR, MODES, REGISTRY_OF_KEY
from mmscaffold.project.family import Verdict

if TYPE_CHECKING:
    from mmscaffold.check.imported_code import ImportedCode


def registered_constructor(
    config: ConfigView, path: KeyPath, values: Mapping[str, Any]
) -> Constructor | None:
    """What the class that a part of a config names can be built with, where it is known for sure.

    The one reader of constructors for loops, schedulers, hooks and the log processor: the code
    of the project, or else the classes of the family.

    Args:
        config: The config.
        path: Where the part stands.
        values: The part.
    """
    name = full_name(values.get("type"))
    if name is None:
        return None
    own = config.code_registering(name.rpartition(".")[2])
    if own is not None:
        return own.constructor(name.rpartition(".")[2], config.family)
    scope = values.get(SCOPE) or config.scope_at(path) or ROOT_SCOPE
    if not isinstance(scope, str):
        return None
    found = config.family.find(scope, REGISTRY_OF_KEY[str(path[0])], name)
    return config.family.constructor(found) if found.verdict is Verdict.KNOWN else None


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
        given = NO_HOOK_ARGUMENTS
        if constructor is None:
            constructor, added = _with_what_it_builds(config, path, values)
            given |= added
        if constructor is not None:
            yield path, values, constructor, given
    processor = config.plain.get("log_processor")
    if isinstance(processor, Mapping):
        path = ("log_processor",)
        values = {"type": DEFAULT_LOG_PROCESSOR, **processor}
        constructor = registered_constructor(config, path, values)
        if constructor is not None:
            yield path, values, constructor, NO_ARGUMENTS


def _with_what_it_builds(
    config: ConfigView, path: KeyPath, hook: Mapping[str, Any]
) -> tuple[Constructor | None, frozenset[str]]:
    """What a hook takes that builds a class of all arguments that are not its own.

    Returns:
        Its constructor joined with that of the class, ``None`` where either is not known; and
        what the hook gives to the class itself.
    """
    unknown: tuple[None, frozenset[str]] = (None, frozenset())
    name = full_name(hook.get("type")) or ""
    built = BUILT_BY_HOOK.get(name.rpartition(".")[2])
    scope, default = hook.get(SCOPE) or config.scope_at(path), config.scope or ROOT_SCOPE
    if built is None or not isinstance(scope or ROOT_SCOPE, str):
        return unknown
    named = full_name(hook.get(built.named_by, built.default))
    if named is None or any(config.is_own(one.rpartition(".")[2]) for one in (name, named)):
        return unknown
    itself = config.family.find(scope or ROOT_SCOPE, "HOOKS", name).classes
    own = [one.arguments for one in itself if one.dotted == built.dotted]
    of_class = config.family.constructor(config.family.find(default, built.registry, named))
    if of_class is None or not own or len(own) < len(itself):
        return unknown
    taken = of_class.arguments.union(*(one or () for one in own))
    return of_class._replace(arguments=taken), built.given


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


# Parts within a model that its class builds as they stand; others it completes.
_BUILT_AS_WRITTEN = frozenset({"backbone", "neck", "data_preprocessor"})
_WITH_RULES_OF_THEIR_OWN = frozenset({"HOOKS", "PARAM_SCHEDULERS", "LOG_PROCESSORS"})
# What a key of MMDetection 2.x is called now.
_SINCE_3X: Mapping[str, str] = {
    "img_prefix": "data_prefix=dict(img=...)",
    "seg_prefix": "data_prefix=dict(seg=...)",
    "classes": "metainfo=dict(classes=...)",
    "img_scale": "scale=...",
    "flip_ratio": "prob=...",
    "samples_per_gpu": "batch_size=...",
    "workers_per_gpu": "num_workers=...",
    "grad_clip": "clip_grad=...",
}


def refused_keys(config: ConfigView) -> Iterator[tuple[Part, list[str], list[str]]]:
    """Every part with what its class does not take, and what it needs and does not get.

    Loops are left out, and what ``parts_with_constructors`` yields.
    """
    own = config.imported_code
    if own is not None:
        yield from _of_own_code(config, own)
    for part, too_many, too_few in config.misfits:
        if config.is_own(part.bare):
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
        missing: list[str] = []
        if too_few and config.is_runnable:
            whole = _is_whole(part)
            missing = sorted(too_few if whole else not_given(config, part, too_few))
        if part.path == ("tta_model",):
            missing = [key for key in missing if key not in GIVEN_TO_TTA_MODEL]
        if refused or missing:
            yield part, refused, missing


def unnamed_parts(
    config: ConfigView,
) -> Iterator[tuple[KeyPath, str, str, AbstractSet[str]]]:
    """What mmengine builds of dicts without a ``type``, with each key that it does not take.

    Yields:
        The key path, the class, the key, and what the class takes.
    """
    for mode in MODES:
        loader = config.get(f"{mode}_dataloader")
        if isinstance(loader, Mapping) and "type" not in loader:
            for key in loader:
                if key not in DATALOADER_ARGUMENTS | NO_ARGUMENTS:
                    yield (f"{mode}_dataloader",), "DataLoader", key, DATALOADER_ARGUMENTS
    wrapper = config.get("optim_wrapper")
    yield from _clipping(config, wrapper)
    # With a constructor, that reads what it likes.
    if not isinstance(wrapper, Mapping) or not {"type", "constructor"}.isdisjoint(wrapper):
        return
    if isinstance(wrapper.get("optimizer"), Mapping):
        known = config.family.constructor(
            config.family.find(ROOT_SCOPE, "OPTIM_WRAPPERS", DEFAULT_WRAPPER)
        )
        if known is None or known.is_open:
            return
        given = GIVEN_TO_PART["OPTIM_WRAPPERS"]
        for key in wrapper:
            if key not in known.arguments | given | NO_ARGUMENTS:
                yield ("optim_wrapper",), DEFAULT_WRAPPER, key, known.arguments


def _clipping(
    config: ConfigView, wrapper: Any
) -> Iterator[tuple[KeyPath, str, str, AbstractSet[str]]]:
    """The same of ``clip_grad``, whose keys go on to a function of torch."""
    if not isinstance(wrapper, Mapping) or not isinstance(wrapper.get("clip_grad"), Mapping):
        return
    name = class_name(wrapper.get("type", DEFAULT_WRAPPER))
    clipping = wrapper["clip_grad"]
    kind = clipping.get("type", "norm")
    row = CLIPPING.get(kind) if isinstance(kind, str) else None
    if name not in CLIPPING_WRAPPERS or row is None or config.is_own(name):
        return
    for key in clipping:
        if key not in row[1] | NO_ARGUMENTS:
            yield ("optim_wrapper", "clip_grad"), row[0], key, row[1]


def _of_own_code(
    config: ConfigView, own: ImportedCode
) -> Iterator[tuple[Part, list[str], list[str]]]:
    """The same of the parts whose classes the code of the project registers.

    Those within a model are left out: what holds them may take out some of their keys.
    """
    for part in config.parts:
        registry = part.registry
        if registry is None or registry in _WITH_RULES_OF_THEIR_OWN or registry == "LOOPS":
            continue
        if registry not in own.registries_of(part.bare):
            continue
        constructor = own.constructor(part.bare, config.family)
        if constructor is None:
            continue
        given = GIVEN_TO_PART.get(registry, frozenset()) | NO_ARGUMENTS
        taken = constructor.arguments | given
        refused = [key for key in part.values if not constructor.is_open and key not in taken]
        missing: list[str] = []
        if config.is_runnable and _is_whole(part):
            missing = sorted(constructor.required - part.values.keys() - given)
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
    """What to do with an argument that a part does not take.

    Args:
        config: The config.
        part: The part.
        argument: The argument, which stands beside the ``type``.
    """
    own = config.imported_code
    if own is not None and own.knows(part.bare):
        constructor = own.constructor(part.bare, config.family)
    else:
        constructor = config.family.constructor(config.find(part))
    taken = constructor.arguments if constructor is not None else frozenset()
    is_wrapping = is_wrapper(part) and not WRAPPED.isdisjoint(taken)
    if part.registry == "DATASETS" and is_wrapping and argument != "times":
        return f"{part.bare} wraps a data set: write {argument} there."
    given = GIVEN_TO_TTA_MODEL if part.path == ("tta_model",) else frozenset()
    return advice(
        argument, taken - given - GIVEN_TO_PART.get(part.registry or "", frozenset()), stale=False
    )


def advice(argument: str, taken: AbstractSet[str], *, stale: bool) -> str:
    """What to do with an argument that a class does not take, in the words of every rule.

    Args:
        argument: The argument.
        taken: What a config can give the class.
        stale: Whether a base left it there for another ``type``.
    """
    if stale:
        return (
            "The key comes from a base that has another type there: add _delete_=True, and "
            "restate the rest."
        )
    since = _SINCE_3X.get(argument)
    if since is not None and since.partition("=")[0] in taken:
        return f"That is a key of MMDetection 2.x: now it is {since}"
    import difflib

    near = difflib.get_close_matches(argument, taken, n=1)
    if near:
        return f"Did you mean {near[0]!r}?"
    return f"It takes {', '.join(sorted(taken)) or 'none'}."
