"""How a change of one top-level key is written into a config file."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mmscaffold.config.change import changed_items, first_difference, removed_keys
from mmscaffold.config.edit.python import (
    add_element,
    add_keywords,
    add_statements,
    assignment,
    is_dict_literal,
    keyword_value,
    remove_elements,
    remove_keyword,
    rename_key,
    rename_keyword,
    replace,
    replace_value,
)
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.edit.spans import Edit
from mmscaffold.config.edit.wrapping import apply_wrapped
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, CfgTuple
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.resolve.merge import DELETE
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.migrate.base_edits import beside_base_edits

if TYPE_CHECKING:
    from typing import TypeGuard


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
        self._rewritten: dict[str, Any] = {}

    def result(self) -> bytes:
        """The file's bytes with everything written so far."""
        return apply_wrapped(self._parsed.source, self.edits())

    def edits(self) -> list[Edit]:
        """Everything written so far, as edits of the file."""
        edits = list(self._edits.values())
        if self._statements:
            edits.append(add_statements(self._parsed.source, self._statements))
        return edits

    def write(self, key: str, wanted: Any) -> None:
        """Write ``wanted`` where the file sets ``key``, or override it at the end."""
        if self._write_in_place(key, wanted):
            self._rewritten[key] = wanted
        else:
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
            self._statements.append(assignment(self._parsed.source, key, wanted))
            return
        current = self._config.root.get(key)
        if not isinstance(current, dict):
            self._statements.append(assignment(self._parsed.source, key, wanted))
            return
        changed, removed = changed_items(current, wanted), removed_keys(current, wanted)
        if isinstance(own, CfgDict) and not removed:
            below = self._base.get(key)
            if isinstance(below, dict) and DELETE not in own:
                changed = {name: _over(below.get(name), value) for name, value in changed.items()}
            self._extend_own(key, changed)
        elif removed and key in self._base:
            self._statements.append(assignment(self._parsed.source, key, {DELETE: True, **wanted}))
        elif removed:
            self._statements.append(assignment(self._parsed.source, key, wanted))
        else:
            self._statements.append(assignment(self._parsed.source, key, _least(current, wanted)))

    def drop(self, key: str) -> None:
        """Have the config no longer hold a key that its bases set."""
        self._statements.append(f"{BASE}.pop({key!r})")

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
        origin = self._own_origin(self._config.own, key)
        if origin is None or isinstance(wanted, dict):
            return False
        if _element_by_element(own, wanted):
            edits = self._edits_of_list(origin.expression, own, self._config.root[key], wanted)
            return edits is not None and self._accept(edits)
        if isinstance(own, CfgList) and isinstance(wanted, list):
            edits = self._edits_of_value(origin.expression, own, self._config.root[key], wanted)
            return edits is not None and self._accept(edits)
        return self._accept([replace_value(self._parsed, origin.expression, wanted)])

    def _edits_of_key(
        self, key: str, own: CfgDict, wanted: dict[str, Any], *, may_add: bool
    ) -> list[Edit] | None:
        origin = self._own_origin(self._config.own, key)
        return self._edits_of_dict(
            own,
            origin.expression if origin is not None else None,
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
        changed, removed = changed_items(current, wanted), removed_keys(current, wanted)
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
            written = self._own_origin(own, name)
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
                edits += self._renamed(literal, gone, name, own, current, value)
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

    def _renamed(
        self,
        literal: ast.expr,
        gone: Any,
        name: Any,
        own: CfgDict,
        current: dict[str, Any],
        value: Any,
    ) -> list[Edit]:
        """The edits that give a key of a literal another name and value."""
        written = self._own_origin(own, gone)
        whole = rename_keyword(self._parsed, literal, gone, name, render(value))
        if (
            written is not None
            and b"#" in self._parsed.source.raw[whole.span.start : whole.span.end]
        ):
            nested = self._edits_of_value(written.expression, own[gone], current[gone], value)
            if nested is not None:
                return [rename_key(self._parsed, literal, gone, name), *nested]
        return [whole]

    def _has_comment(self, node: ast.expr) -> bool:
        return "#" in self._parsed.source.text_of(self._parsed.span(node))

    def _edits_of_value(
        self, node: ast.expr, own: Any, current: Any, wanted: Any, below: Any = None
    ) -> list[Edit] | None:
        """The edits that give one written key another value, over that of the bases."""
        if self._is_rewritten(node, own, wanted):
            return []
        if _element_by_element(own, wanted):
            edits = self._edits_of_list(node, own, current, wanted)
            if edits is None and isinstance(node, ast.Name):
                # The name alone gives way, and nothing around it.
                return [replace_value(self._parsed, node, wanted)]
            return edits
        if isinstance(own, CfgList) and isinstance(wanted, list) and self._has_comment(node):
            edits = self._edits_of_length(node, own, current, wanted)
            if edits is not None:
                return edits
        if not isinstance(own, CfgDict) or not isinstance(wanted, dict):
            return [replace_value(self._parsed, node, wanted)]
        if is_dict_literal(node):
            return self._edits_of_dict(own, node, current, wanted, below, may_add=True)
        if removed_keys(current, wanted):
            return None
        text = self._parsed.source.text_of(self._parsed.span(node))
        items = _keywords(changed_items(current, wanted))
        return [replace(self._parsed, node, f"dict({text}, {items})")]

    def _is_rewritten(self, node: ast.expr, own: Any, wanted: Any) -> bool:
        """Whether an expression names a variable that is changed to what is wanted already."""
        if not isinstance(node, ast.Name) or node.id not in self._rewritten:
            return False
        is_it = isinstance(own, CfgDict | CfgList) and self._config.own.get(node.id) is own
        return is_it and first_difference(self._rewritten[node.id], wanted) is None

    def _edits_of_list(
        self, node: ast.expr, own: CfgList | CfgTuple, current: Any, wanted: Any
    ) -> list[Edit] | None:
        """The edits of those elements that differ; or of the whole list or tuple."""
        if not isinstance(node, ast.List | ast.Tuple):
            return None
        edits: list[Edit] = []
        for index, value in changed_items(current, wanted).items():
            origin = own.origins[index]
            # An element that a loop or a spread made is written somewhere else.
            if origin is None or origin.node not in node.elts:
                return [replace_value(self._parsed, node, wanted)]
            nested = self._edits_of_value(origin.expression, own[index], current[index], value)
            if nested is None:
                return [replace_value(self._parsed, node, wanted)]
            edits += nested
        return edits

    def _edits_of_length(
        self, node: ast.expr, own: CfgList, current: Any, wanted: list[Any]
    ) -> list[Edit] | None:
        """The edits that make a commented list longer or shorter at its end."""
        if not isinstance(node, ast.List) or not wanted or len(node.elts) != len(own) or not own:
            return None
        if any(isinstance(element, ast.Starred) for element in node.elts):
            return None
        edits: list[Edit] = []
        for index, value in changed_items(current, wanted[: len(own)]).items():
            element = node.elts[index]
            nested = self._edits_of_value(element, own[index], current[index], value)
            edits += [replace_value(self._parsed, element, value)] if nested is None else nested
        if len(wanted) < len(own):
            return edits + remove_elements(self._parsed, node, len(wanted))
        texts = [render(value) for value in wanted[len(own) :]]
        return [*edits, add_element(self._parsed, node, ", ".join(texts))]

    @staticmethod
    def _writes(literal: ast.expr | None, name: str) -> bool:
        return literal is not None and keyword_value(literal, name) is not None

    def _join_imports(self, own: CfgDict, wanted: dict[str, Any]) -> bool:
        parsed = self._parsed
        modules: list[Any] = wanted["imports"]
        origin = self._own_origin(own, "imports")
        if origin is None:
            edits = self._edits_of_key("custom_imports", own, wanted, may_add=True)
            return edits is not None and self._accept(edits)
        if isinstance(origin.expression, ast.List):
            return self._accept([add_element(parsed, origin.expression, render(modules[-1]))])
        return self._accept([replace_value(parsed, origin.expression, modules)])

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

    def _own_origin(self, container: CfgDict, name: str) -> Origin | None:
        origin = container.origins.get(name)
        return origin if origin is not None and origin.parsed is self._parsed else None

    def _accept(self, edits: Iterable[Edit]) -> bool:
        """Take edits over unless one of them contradicts an earlier one."""
        new = {(edit.span.start, edit.span.end): edit for edit in edits}
        for place, edit in new.items():
            if self._edits.get(place, edit) != edit:
                return False
        self._edits.update(new)
        return True


def _element_by_element(own: Any, wanted: Any) -> TypeGuard[CfgList | CfgTuple]:
    """Whether both are lists, or both tuples, of one length."""
    alike = (isinstance(own, CfgList) and isinstance(wanted, list)) or (
        isinstance(own, CfgTuple) and isinstance(wanted, tuple)
    )
    return alike and len(own) == len(wanted)


def _keywords(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={render(value)}" for name, value in values.items())


def _over(below: Any, wanted: Any) -> Any:
    """What to write over a value of a base so that the merge of both is the wanted one."""
    if not isinstance(below, dict) or not isinstance(wanted, dict):
        return wanted
    if removed_keys(below, wanted):
        return {DELETE: True, **wanted}
    return _least(below, wanted)


def _least(current: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    """The smallest dict that makes one dict another by merging over it."""
    return {
        name: _over(current.get(name), value)
        for name, value in changed_items(current, wanted).items()
    }
