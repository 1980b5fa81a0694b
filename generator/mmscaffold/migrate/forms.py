"""How a change of one top-level key is written into a config file."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from mmscaffold.config.edit.python import (
    add_element,
    add_keywords,
    add_statements,
    is_dict_literal,
    keyword_value,
    quote_like,
    remove_keyword,
    rename_keyword,
    replace,
)
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.edit.spans import Edit, apply_edits
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.containers import CfgDict, CfgList
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate.base_edits import beside_base_edits
from mmscaffold.migrate.verify import first_difference


class Writer:
    """Collects the edits of one file, key by key.

    Args:
        config: The file as it resolves now.
        base: The joined top level of its bases.
    """

    def __init__(self, config: ResolvedConfig, base: dict[str, Any]) -> None:
        self._config = config
        self._parsed = config.python
        self._base = base
        self._edits: dict[tuple[int, int], Edit] = {}
        self._statements: list[str] = []

    def result(self) -> bytes:
        """The file's bytes with everything written so far."""
        return apply_edits(self._parsed.source, self.edits())

    def edits(self) -> list[Edit]:
        """Everything written so far, as edits of the file."""
        edits = list(self._edits.values())
        if self._statements:
            edits.append(add_statements(self._parsed.source, self._statements))
        return edits

    def write(self, key: str, wanted: Any) -> None:
        """Write ``wanted`` where the file sets ``key``, or override it at the end."""
        if not self._write_in_place(key, wanted):
            self.override(key, wanted)

    def write_in_place(self, key: str, wanted: Any) -> bool:
        """Change what the file itself writes for ``key``; add nothing to it.

        Returns:
            Whether that was possible.
        """
        own = self._config.own.get(key)
        if not isinstance(own, CfgDict):
            return False
        edits = self._edits_of_key(key, own, wanted, may_add=False)
        return edits is not None and self._accept(edits)

    def override(self, key: str, wanted: Any) -> None:
        """Write a statement at the end of the file, or wrap the one that sets ``key``."""
        own = self._config.own.get(key)
        if not isinstance(wanted, dict):
            self._statements.append(f"{key} = {render(wanted)}")
            return
        current = self._config.root.get(key)
        if not isinstance(current, dict):
            self._statements.append(f"{key} = {render(wanted)}")
            return
        changed, removed = differences(current, wanted)
        if isinstance(own, CfgDict) and not removed:
            below = self._base.get(key)
            if isinstance(below, dict) and DELETE not in own:
                changed = {name: _over(below.get(name), value) for name, value in changed.items()}
            self._extend_own(key, changed)
        elif removed and key in self._base:
            self._statements.append(f"{key} = {render({DELETE: True, **wanted})}")
        elif removed:
            self._statements.append(f"{key} = {render(wanted)}")
        else:
            self._statements.append(f"{key} = {render(_least(current, wanted))}")

    def _write_in_place(self, key: str, wanted: Any) -> bool:
        own = self._config.own.get(key)
        if key == "custom_imports" and isinstance(own, CfgDict):
            return self._join_imports(own, wanted)
        if isinstance(own, CfgDict) and isinstance(wanted, dict):
            edits = self._edits_of_key(key, own, wanted, may_add=True)
            return edits is not None and self._accept(edits)
        if own is None and key in self._base:
            edit = beside_base_edits(self._config, key, wanted)
            return edit is not None and self._accept([edit])
        slot = self._own_slot(self._config.own, key)
        if slot is None or isinstance(wanted, dict):
            return False
        if isinstance(own, CfgList) and isinstance(wanted, list) and len(own) == len(wanted):
            edits = self._edits_of_list(slot.expression, own, self._config.root[key], wanted)
            return edits is not None and self._accept(edits)
        return self._accept([self._replace(slot.expression, wanted)])

    def _edits_of_key(
        self, key: str, own: CfgDict, wanted: dict[str, Any], *, may_add: bool
    ) -> list[Edit] | None:
        slot = self._own_slot(self._config.own, key)
        return self._edits_of_dict(
            own,
            slot.expression if slot is not None else None,
            self._config.root[key],
            wanted,
            self._base.get(key),
            may_add=may_add,
        )

    def _edits_of_dict(
        self,
        own: CfgDict,
        node: ast.expr | None,
        current: dict[str, Any],
        wanted: dict[str, Any],
        below: Any,
        *,
        may_add: bool,
    ) -> list[Edit] | None:
        """The edits that turn one dict, as the file writes it, into the wanted one.

        Args:
            own: What the file itself sets.
            node: The expression that sets it, if this file holds it.
            current: The dict as it resolves now, bases included.
            wanted: What it must resolve to.
            below: What the bases have in its place.
            may_add: Whether keys may be added to a dict literal.

        Returns:
            ``None`` if no edit of what is written leads there.
        """
        changed, removed = differences(current, wanted)
        literal = node if node is not None and is_dict_literal(node) else None
        parsed = self._parsed
        inherited = isinstance(below, dict) and not own.get(DELETE, False)
        edits: list[Edit] = []
        additions: dict[str, str] = {}
        if inherited and any(name in below for name in removed):
            # A merge cannot drop a key of the base: replace the whole dict.
            additions[DELETE] = "True"
            for name, value in wanted.items():
                if name not in own and name not in changed:
                    additions[name] = render(value)
        for name, value in changed.items():
            written = self._own_slot(own, name)
            if written is not None:
                nested = self._edits_of_value(
                    written.expression,
                    own[name],
                    current[name],
                    value,
                    below.get(name) if inherited else None,
                )
                if nested is None:
                    return None
                edits += nested
                continue
            if inherited and DELETE not in additions and name in below and name not in own:
                value = _over(below[name], value)
            gone = next((old for old in removed if self._writes(literal, old)), None)
            if literal is not None and gone is not None:
                removed.remove(gone)
                edits.append(rename_keyword(parsed, literal, gone, name, render(value)))
            else:
                additions = {name: render(value), **additions}
        for name in removed:
            if self._writes(literal, name):
                assert literal is not None
                edits.append(remove_keyword(parsed, literal, name))
            elif name in own:
                return None
        if additions:
            if literal is None or not may_add:
                return None
            edits.append(add_keywords(parsed, literal, additions))
        return edits

    def _edits_of_value(
        self, node: ast.expr, own: Any, current: Any, wanted: Any, below: Any = None
    ) -> list[Edit] | None:
        """The edits that give one written key another value, over that of the bases."""
        if isinstance(own, CfgList) and isinstance(wanted, list) and len(own) == len(wanted):
            return self._edits_of_list(node, own, current, wanted)
        if not isinstance(own, CfgDict) or not isinstance(wanted, dict):
            return [self._replace(node, wanted)]
        if is_dict_literal(node):
            return self._edits_of_dict(own, node, current, wanted, below, may_add=True)
        changed, removed = differences(current, wanted)
        if removed:
            return None
        text = self._parsed.source.text_of(self._parsed.span(node))
        return [replace(self._parsed, node, f"dict({text}, {_keywords(changed)})")]

    def _edits_of_list(
        self, node: ast.expr, own: CfgList, current: Any, wanted: list[Any]
    ) -> list[Edit] | None:
        """The edits of those elements that differ; or of the whole list."""
        if not isinstance(node, ast.List):
            return None
        edits: list[Edit] = []
        for index, value in enumerate(wanted):
            if first_difference(current[index], value) is None:
                continue
            slot = own.origins[index]
            # An element that a loop or a spread made is written somewhere else.
            if slot is None or slot.node not in node.elts:
                return [self._replace(node, wanted)]
            nested = self._edits_of_value(slot.expression, own[index], current[index], value)
            if nested is None:
                return [self._replace(node, wanted)]
            edits += nested
        return edits

    @staticmethod
    def _writes(literal: ast.expr | None, name: str) -> bool:
        return literal is not None and keyword_value(literal, name) is not None

    def _join_imports(self, own: CfgDict, wanted: dict[str, Any]) -> bool:
        parsed = self._parsed
        modules: list[Any] = wanted["imports"]
        slot = self._own_slot(own, "imports")
        if slot is None:
            edits = self._edits_of_key("custom_imports", own, wanted, may_add=True)
            return edits is not None and self._accept(edits)
        if isinstance(slot.expression, ast.List):
            return self._accept([add_element(parsed, slot.expression, render(modules[-1]))])
        return self._accept([replace(parsed, slot.expression, render(modules))])

    def _extend_own(self, key: str, changed: dict[str, Any]) -> None:
        """Give ``key`` a dict of its own: what it was set to, with some keys replaced."""
        parsed = self._parsed
        items = _keywords(changed)
        assignments = [
            statement
            for statement in parsed.tree.body
            if isinstance(statement, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == key for t in statement.targets)
        ]
        if len(assignments) == 1 and len(assignments[0].targets) == 1:
            value = assignments[0].value
            span = parsed.span(value)
            if isinstance(value, ast.Name) and (span.start, span.end) not in self._edits:
                text = parsed.source.text_of(span)
                self._edits[span.start, span.end] = Edit(span, f"dict({text}, {items})")
                return
        self._statements.append(f"{key} = dict({key}, {items})")

    def _replace(self, node: ast.expr, value: Any) -> Edit:
        parsed = self._parsed
        if isinstance(value, str) and isinstance(node, ast.Constant):
            return replace(parsed, node, quote_like(parsed, node, value))
        return replace(parsed, node, render(value))

    def _own_slot(self, container: CfgDict, name: str) -> Origin | None:
        slot = container.origins.get(name)
        return slot if slot is not None and slot.parsed is self._parsed else None

    def _accept(self, edits: Iterable[Edit]) -> bool:
        """Take edits over unless one of them contradicts an earlier one."""
        new = {(edit.span.start, edit.span.end): edit for edit in edits}
        for place, edit in new.items():
            if self._edits.get(place, edit) != edit:
                return False
        self._edits.update(new)
        return True


def _keywords(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={render(value)}" for name, value in values.items())


def _over(below: Any, wanted: Any) -> Any:
    """What to write over a value of a base so that the merge of both is the wanted one."""
    if not isinstance(below, dict) or not isinstance(wanted, dict):
        return wanted
    _, removed = differences(below, wanted)
    return {DELETE: True, **wanted} if removed else _least(below, wanted)


def _least(current: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """The smallest dict that makes one dict another by merging over it."""
    changed, _ = differences(current, wanted)
    least = {}
    for name, value in changed.items():
        least[name] = _over(current.get(name), value)
    return least


def differences(current: Any, wanted: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The keys to set, and the keys to remove, to turn one dict into another."""
    if not isinstance(current, dict):
        raise ConfigError("only a dict can be changed key by key")
    changed = {
        name: value
        for name, value in wanted.items()
        if name not in current or first_difference(current[name], value) is not None
    }
    return changed, [name for name in current if name not in wanted]
