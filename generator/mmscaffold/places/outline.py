"""What a text writes where: its statements, dicts and lists, however unfinished they are.

An outline is not a syntax tree. It knows brackets, commas and keys, which is all that it takes
to say of a place to which key of the config it belongs; and brackets that are not closed yet,
or closed twice, do not keep it from saying so of the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mmscaffold.config.evaluate.budget import MAX_DEPTH
from mmscaffold.config.key_path import Key, KeyPath
from mmscaffold.places.tokens import Tokens


@dataclass(eq=False)
class Bracket:
    """A dict, list, call or tuple as it is written.

    Attributes:
        opener: ``(``, ``[`` or ``{``; empty for a block of YAML.
        callee: What stands before it: ``dict``; empty if nothing does.
        start: Where it begins, what stands before it included.
        inside: Where its inside begins, and where it ends.
        end: Where it ends.
        is_closed: Whether its closing bracket is there.
        items: What it holds.
        path: The key path that it fills; ``None`` where that cannot be told.
        has_comma: Whether its items are separated by any comma: ``(a,)`` is a tuple.
    """

    opener: str
    callee: str
    start: int
    inside: tuple[int, int]
    end: int
    is_closed: bool = False
    items: list[Item] = field(default_factory=list)
    path: KeyPath | None = None
    has_comma: bool = False

    @property
    def is_dict(self) -> bool:
        """Whether it holds keys of the config."""
        return self.opener in ("", "{") or (self.opener == "(" and self.callee == "dict")

    @property
    def is_mapping(self) -> bool:
        """Whether any of its items has a key, or it is one that could have some."""
        return self.opener == "(" or any(item.key is not None for item in self.items)

    def item(self, key: Key) -> Item | None:
        """The item of a key, the last one if there are several."""
        return next((one for one in reversed(self.items) if one.key == key), None)


@dataclass(eq=False)
class Item:
    """One statement, or what stands between two commas.

    Attributes:
        start: Where it begins, with its key.
        end: Where it ends.
        key: Its key, where it is written; the last one of the target of a statement.
        key_span: Where that stands.
        value: Where its value begins, and where it ends.
        brackets: The brackets in its value that are in no other.
        is_plain: Whether its value is one bracket, and nothing else.
        path: The key path of its value; ``None`` where that cannot be told.
        target: Of a statement, all keys of its target, ``_base_`` included.
        words: The numbers of the first and behind the last word of its value.
        is_spread: Whether it stands for any number of items, as ``*others``.
    """

    start: int
    end: int
    key: Key | None = None
    key_span: tuple[int, int] | None = None
    value: tuple[int, int] = (0, 0)
    brackets: list[Bracket] = field(default_factory=list)
    is_plain: bool = False
    path: KeyPath | None = None
    target: KeyPath | None = None
    words: tuple[int, int] = (0, 0)
    is_spread: bool = False

    @property
    def bracket(self) -> Bracket | None:
        """The bracket that is its value, if it is one and nothing else."""
        return self.brackets[0] if self.is_plain else None


@dataclass(frozen=True, eq=False)
class Outline:
    """What a text writes.

    Attributes:
        tokens: Its words.
        statements: The statements, or the items of a document of YAML or JSON.
        is_python: Whether it is Python.
        document: The top level of YAML or JSON.
    """

    tokens: Tokens
    statements: list[Item]
    is_python: bool
    document: Bracket | None = None

    @property
    def text(self) -> str:
        """The text."""
        return self.tokens.text

    def items(self) -> Iterator[Item]:
        """Every item, each before those in it, in order."""
        pending = self.statements[::-1]
        while pending:
            item = pending.pop()
            yield item
            for bracket in reversed(item.brackets):
                pending.extend(reversed(bracket.items))

    def statement(self, name: str, before: int | None = None) -> Item | None:
        """The last statement that sets a name as a whole.

        Args:
            name: The name.
            before: An offset; statements from there on do not count.
        """
        return next(
            (
                one
                for one in reversed(self.statements)
                if one.target == (name,) and (before is None or one.start < before)
            ),
            None,
        )

    def value_words(self, item: Item) -> list[str]:
        """The words of an item's value, comments and ends of lines left out."""
        tokens = self.tokens
        return [
            tokens.of(token)
            for token in tokens.words[item.words[0] : item.words[1]]
            if token.kind not in ("comment", "newline")
        ]


def set_paths(statements: list[Item]) -> None:
    """Tell each item and bracket its key path, from the targets of the statements down."""
    pending: list[tuple[Bracket, KeyPath | None]] = []
    for statement in statements:
        if statement.target is not None:
            target = statement.target
            statement.path = target[1:] if target[0] == "_base_" and len(target) > 1 else target
        pending += _within_item(statement, statement.path)
    while pending:
        bracket, path = pending.pop()
        if path is not None and len(path) > MAX_DEPTH:
            path = None
        bracket.path = path
        position: int | None = 0
        is_sequence = not bracket.is_mapping and bracket.opener != "("
        is_group = bracket.opener == "(" and not bracket.callee
        if is_group:
            # (a) is a; (a, b) and (a,) are tuples.
            is_sequence = len(bracket.items) != 1 or bracket.has_comma
        for item in bracket.items:
            if path is None:
                item.path = None
            elif is_sequence:
                item.path = None if position is None else (*path, position)
                if position is not None:
                    position += 1
                if item.is_spread:
                    item.path = position = None
            elif is_group:
                item.path = path
            elif item.key is not None and (bracket.is_dict or _is_update(bracket)):
                item.path = (*path, item.key)
            elif item is bracket.items[0] and _is_update(bracket):
                item.path = path
            else:
                item.path = None
            pending += _within_item(item, item.path)


def _within_item(item: Item, path: KeyPath | None) -> Iterator[tuple[Bracket, KeyPath | None]]:
    for bracket in item.brackets:
        yield bracket, _updated(bracket) or (path if item.is_plain else None)


def _is_update(bracket: Bracket) -> bool:
    return bracket.callee.endswith((".update", ".merge"))


def _updated(bracket: Bracket) -> KeyPath | None:
    """What ``model.update(...)`` changes."""
    if not _is_update(bracket):
        return None
    path = tuple(bracket.callee.split(".")[:-1])
    return path[1:] if path[:1] == ("_base_",) else path
