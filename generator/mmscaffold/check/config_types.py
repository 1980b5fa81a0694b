"""The types that a config names at the places where projects put their own classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mmscaffold.check.config_view import ConfigView, class_name
from mmscaffold.check.known_code import find_module
from mmscaffold.check.parts import Part
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.text.disk import is_file, is_folder
from mmscaffold.facts.building import is_built_by_models
from mmscaffold.facts.loops import EVALUATION_LOOPS, LOOP_KEYS
from mmscaffold.facts.packages import TABLED_SCOPES, is_openmmlab
from mmscaffold.facts.runner import REGISTRY_OF_KEY
from mmscaffold.project.code import parse
from mmscaffold.project.errors import ProjectError


class NamedType(NamedTuple):
    """A class that a config names, by a registered name or by a dotted path.

    Attributes:
        path: Where the config names it.
        registry: The registry in which it is looked up.
        name: The name as it is written.
    """

    path: KeyPath
    registry: str
    name: str

    @property
    def module(self) -> str:
        """The module of a dotted path; empty for a registered name."""
        return self.name.rpartition(".")[0]


def unknown_types(config: ConfigView) -> Iterator[NamedType]:
    """Types by registered name that neither mmengine nor mmdet has.

    Nothing is said of configs of other packages of OpenMMLab, whose registries are not known.
    """
    for one in named_types(config):
        if config.scope_at(one.path[:-1]) not in TABLED_SCOPES:
            continue
        bare = not one.module or one.module in TABLED_SCOPES
        if not bare or config.table.registered(one.registry, one.name) is not None:
            continue
        name = one.name.rpartition(".")[2]
        if not any(fork.unread or fork.may_have(one.registry, name) for fork in config.forks):
            yield one


def unknown_parts(config: ConfigView) -> Iterator[tuple[Part, str]]:
    """Parts whose ``type`` no registry has that mmengine looks through, with the scope.

    What ``unknown_types`` yields is left out; so is what the project's own code may register, or
    may read as a plain text.
    """
    if not config.is_runnable or config.is_legacy:
        return
    code = config.imported_code
    if ("custom_imports" in config.root and code is None) or (
        code is not None and (code.missing or code.unread)
    ):
        return
    absent = list(config.absent_parts)
    if not absent:
        return
    told = {one.path[:-1] for one in unknown_types(config)}
    for part in absent:
        if part.path in told:
            continue
        bare = part.bare
        # Within a model, what is written small is a choice, not a class: type='conv'.
        if part.registry is None and bare[:1].islower():
            continue
        if part.registry is None and _may_be_a_choice(config, part):
            continue
        if code is not None and (code.knows(bare) or code.may_register_otherwise(bare)):
            continue
        scope = config.scope_of(part)
        if scope is None or _is_evaluator_of_other_loop(config, part):
            continue
        looked_up = part.name.rpartition(".")[0] or scope
        default = config.scope or looked_up
        if default == looked_up or not config.family.may_lend(default, looked_up, bare):
            yield part, scope


def _may_be_a_choice(config: ConfigView, part: Part) -> bool:
    """Whether the class around a part may read its ``type`` as a plain text, and build nothing.

    One of a project may, of ``schedule=dict(type='UDA')``; an ``assigner`` is built in any.
    """
    around = config.part_around(part)
    if around is None or config.is_of_a_package(around):
        return False
    keys = part.path[len(around.path) :]
    return not any(isinstance(key, str) and is_built_by_models(key) for key in keys)


def _is_evaluator_of_other_loop(config: ConfigView, part: Part) -> bool:
    """Whether a part is an evaluator in a list, and the loop that gets that is not mmengine's.

    mmengine's loops take one evaluator, and the list is one of metrics; MultiTestLoop of mmagic
    builds an evaluator of each.
    """
    key = str(part.path[0])
    if part.registry != "METRICS" or "metrics" not in part.values:
        return False
    loop_key = f"{key.partition('_')[0]}_cfg"
    loop = class_name(config.get((loop_key, "type")))
    return loop is not None and loop != EVALUATION_LOOPS.get(loop_key)


def close_name(config: ConfigView, scope: str, registry: str | None, name: str) -> str | None:
    """The name in a registry that a name was probably meant to be."""
    prefix, _, bare = name.rpartition(".")
    family = config.family
    names = (
        family.names_below(prefix) if "." in prefix else family.names(prefix or scope, registry)
    )
    folded = {one.lower(): one for one in names}
    import difflib

    near = difflib.get_close_matches(bare.lower(), folded, n=1, cutoff=0.8)
    return folded[near[0]] if near else None


def named_types(config: ConfigView) -> Iterator[NamedType]:
    """The Runner, the loops, the model, the hooks, the schedulers and the log processor."""
    parts: list[KeyPath] = [("model",), *((key,) for key in LOOP_KEYS)]
    parts += [path for path, _ in (*config.hooks, *config.scheduler_dicts)]
    parts.append(("log_processor",))
    places: list[KeyPath] = [("runner_type",), *((*path, "type") for path in parts)]
    for path in places:
        name = config.get(path)
        # A class that a pure-Python config imports needs no registry.
        if isinstance(name, str):
            yield NamedType(path, REGISTRY_OF_KEY[str(path[0])], name)


def missing_attribute(dotted: str, folder: Path) -> str | None:
    """What of a dotted path to a class does not exist, as far as the files tell.

    Args:
        dotted: ``my_project.engine.MyLoop``.
        folder: The folder of the config.
    """
    module, _, name = dotted.rpartition(".")
    if not module or is_openmmlab(module):
        return None
    place = find_module(module, folder)
    if place is None:
        return module if known_prefix(module, folder) else None
    file = place / "__init__.py" if is_folder(place) else place
    if not is_file(file):
        return None
    try:
        return None if _may_define(parse(file), name) else name
    except ProjectError:
        return None


def known_prefix(module: str, folder: Path) -> str | None:
    """The longest part of a module's name that is found, if any."""
    while "." in module:
        module = module.rpartition(".")[0]
        if find_module(module, folder) is not None:
            return module
    return None


def _may_define(tree: ast.Module, name: str) -> bool:
    """Whether a module may have a name, imports included."""
    for node in ast.walk(tree):
        defined: set[str] = set()
        if isinstance(node, ast.ImportFrom | ast.Import):
            defined = {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            defined = {node.name}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            defined = {node.id}
        if defined & {name, "*", "__getattr__"}:
            return True
    return False
