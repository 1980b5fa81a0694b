"""Classes of the project's own, taken for what they derive from: its hooks, and its sampler."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mmscaffold.check.config_view import ConfigView, full_name
from mmscaffold.check.known_code import KnownCode
from mmscaffold.config.change import Change, apply, value_at
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.key_path import KeyPath, format_key_path
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.facts.data import SAMPLERS
from mmscaffold.facts.hooks import hook_row
from mmscaffold.facts.packages import is_openmmlab
from mmscaffold.schedule.hooks import hooks, row_of

SAMPLER: KeyPath = ("train_dataloader", "sampler")


@dataclass(frozen=True)
class KnownConfig:
    """A config whose own hooks and sampler are named as the classes that they derive from.

    Attributes:
        plain: The config, without ``LazyName``.
        derived: For each that was renamed, its own name and that of its base.
    """

    plain: Mapping[str, Any]
    derived: Mapping[KeyPath, tuple[str, str]]

    def notes(self, touched: list[KeyPath], told: list[str]) -> Iterator[str]:
        """Tell of the classes that are taken for their bases, where that mattered.

        Args:
            touched: The keys that change.
            told: The notes that name a key that does not.
        """
        for path, (own, base) in self.derived.items():
            key = format_key_path(path)
            if any(one[: len(path)] == path for one in touched) or any(
                note.startswith(key) for note in told
            ):
                yield f"{key}: {own} derives from {base}, and is treated as one"


def known_config(config: ResolvedConfig, known_code: KnownCode) -> KnownConfig:
    """Read off the code of the project what its own hooks and its sampler derive from.

    Args:
        config: The config.
        known_code: The code that its ``custom_imports`` can reach.
    """
    plain: Mapping[str, Any] = to_plain(config.root)
    view = ConfigView(config, known_code)
    scope = plain.get("default_scope")
    derived: dict[KeyPath, tuple[str, str]] = {}
    for path, hook in hooks(plain):
        if row_of(hook, scope) is None:
            base = _base(view, path, "HOOKS")
            if base is not None and hook_row(base, scope) is not None:
                derived[path] = (hook["type"], base)
    sampler = value_at(plain, (*SAMPLER, "type"))
    if isinstance(sampler, str) and sampler.rpartition(".")[2] not in SAMPLERS:
        base = _base(view, SAMPLER, "DATA_SAMPLERS")
        if base in SAMPLERS:
            derived[SAMPLER] = (sampler, str(base))
    renamed = [Change((*path, "type"), base) for path, (_, base) in derived.items()]
    return KnownConfig(apply(plain, renamed) if renamed else plain, derived)


def _base(view: ConfigView, path: KeyPath, registry: str) -> str | None:
    """The nearest class of OpenMMLab that a class derives from, if its code is found."""
    written = value_at(view.config.root, (*path, "type"))
    full = full_name(written)
    if full is None:
        return None
    bare = full.rpartition(".")[2]
    if view.table.registered(registry, full) is not None:
        return None
    known = view.known_as(written, registry)
    if known is not None and known != bare:
        return known
    # One of a package that the table does not hold.
    code = view.imported_code
    definition = code.registered.get(registry, {}).get(bare) if code is not None else None
    if code is None or definition is None:
        return None
    ancestors = code.package.ancestors(definition)
    return next((one.rpartition(".")[2] for one in ancestors if is_openmmlab(one)), None)
