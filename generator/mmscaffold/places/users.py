"""Who inherits a file, and who still takes a value from where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.key_path import KeyPath
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.places.config_text import ConfigText, origin_in
from mmscaffold.places.naming import named_at
from mmscaffold.places.outline import Item
from mmscaffold.places.place import place_at
from mmscaffold.places.registry_fit import uses_of_variable
from mmscaffold.places.spots import Spot

_DEEPEST = 50


def base_at(config: ConfigText, offset: int) -> Path | None:
    """The base that is named at an offset; the file itself on the word ``_base_``."""
    for one in config.named_bases:
        if one.start <= offset <= one.end:
            return one.path
    place = place_at(config.outline, offset)
    return config.path if place.names == ("_base_",) else None


def named_in(heir: ConfigText, base: Path) -> Iterator[Spot]:
    """Where a config names one of its bases."""
    for one in heir.named_bases:
        if one.path == base:
            yield Spot.in_text(heir.path, heir.text, one.start, one.end)


def users_at(
    config: ConfigText,
    offset: int,
    heirs: Callable[[], Iterable[Path]],
    text_of: Callable[[Path], ConfigText],
) -> list[Spot]:
    """Who takes the value at an offset from there.

    Args:
        config: The config that writes it.
        offset: In characters.
        heirs: Lists the configs that inherit from it, directly or by others.
        text_of: Reads one of them.

    Returns:
        For a key, the bases in those heirs whose value still is this one; for a name, where the
        text uses it; for a base, where configs name it.
    """
    place = place_at(config.outline, offset)
    named = named_at(config, place)
    path = place.key_part or place.path
    found: list[Spot] = []
    if named is not None and not named.is_of_base and named.statement is not None:
        path = named.statement.path
    if path is None or path[:1] == ("_base_",):
        return found
    if len(path) == 1 and config.outline.is_python:
        found += names_of(config, str(path[0]))
    origin = config.origin(path)
    if origin is None or not config.is_current or origin.path != config.path:
        return found
    targets = _aliases(config, path)
    for heir in heirs():
        if heir == config.path:
            continue
        try:
            resolved = config.resolve(heir)
        except ConfigError:
            continue
        if any(_is_from(resolved, one, origin) for one in targets):
            spot = next(_way_to(heir, config.path, text_of), None)
            found.append(spot if spot is not None else Spot(heir))
    return found


def _aliases(config: ConfigText, path: KeyPath) -> list[KeyPath]:
    """A key path, and those that name a variable that it lies in."""
    uses = uses_of_variable(config, str(path[0])) if path else []
    return [path, *((*one, *path[1:]) for one in uses)]


def _is_from(config: ResolvedConfig, path: KeyPath, origin: Origin) -> bool:
    """Whether a value of another config was written in a certain place."""
    here = origin_in(config.root, path)
    for _ in range(_DEEPEST):
        if here is None:
            return False
        if here.path == origin.path and here.span == origin.span:
            return True
        here = here.copied_from
    return False


def _way_to(heir: Path, base: Path, text_of: Callable[[Path], ConfigText]) -> Iterator[Spot]:
    """Where a config names the base by which it inherits from another one."""
    config = text_of(heir)
    for one in config.named_bases:
        try:
            files = config.resolve(one.path).files
        except ConfigError:
            continue
        if base in files:
            yield from named_in(config, one.path)


def names_of(config: ConfigText, name: str) -> list[Spot]:
    """Where the text uses a variable of its own, its definition left out."""
    tokens = config.outline.tokens
    found = []
    owners = _key_starts(config)
    for index, token in enumerate(tokens.words):
        if token.kind != "name" or tokens.of(token) != name or token.start in owners:
            continue
        before = tokens.of(tokens.words[index - 1]) if index else ""
        if before == ".":
            continue
        found.append(Spot.in_text(config.path, config.text, token.start, token.end))
    return found


def _key_starts(config: ConfigText) -> set[int]:
    items: Iterable[Item] = config.outline.items()
    return {one.key_span[0] for one in items if one.key_span is not None}
