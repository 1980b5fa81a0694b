"""The text of a value of the new config: copied from where it came from, as far as that goes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from typing import Any

from mmscaffold.config.change import MISSING, first_difference, value_at
from mmscaffold.config.edit.rendering import render
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.config.evaluate.evaluation import BASE
from mmscaffold.config.evaluate.origin import Origin
from mmscaffold.config.text.syntax_nodes import syntax_nodes
from mmscaffold.upgrade.forms.layout import Place, bracketed, moved, place_at, step_of
from mmscaffold.upgrade.forms.literals import (
    Item,
    Rewritten,
    are_keywords,
    is_literal,
    items_of,
    key_text,
    quoted_like,
)
from mmscaffold.upgrade.forms.named import base_path, spread_of
from mmscaffold.upgrade.forms.old_text import OldText


class Expressions:
    """Writes values as expressions of one file.

    Args:
        old: The file as it is written.
        below: What its bases have, as they are planned.
        names: What each variable of the file stands for afterwards.

    Attributes:
        replaced: The computed expressions for which a value was written.
        here: The byte of the file at which a statement is written: what is set further down has
            no value there.
    """

    def __init__(self, old: OldText, below: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        self._old = old
        self._below = below
        self._names = names
        self.replaced: list[ast.expr] = []
        self._changed = {
            name
            for name, value in names.items()
            if first_difference(old.config.own.get(name, MISSING), value) is not None
        }
        self._step = step_of(old.source)
        # The expression that is being replaced.
        self._at: ast.expr | None = None
        # Where the statement begins that is being written.
        self.here = 0

    def text(self, value: Any, origin: Origin | None, place: Place, *, plain: bool = False) -> str:
        """An expression for a value.

        Args:
            value: What it must evaluate to.
            origin: Where the value comes from.
            place: Where it will stand.
            plain: Whether to write it as a literal, and copy nothing.

        Raises:
            ConfigError: If it holds something that has no literal form.
        """
        if plain:
            return self._fresh(value, place, plain=True)
        node = None if self._old.is_wrapped(origin, value) else self._node(origin)
        if node is not None:
            assert origin is not None
            copied = self._copied(node, origin, value)
            if copied is not None:
                return moved(copied, self._place(node), place)
            if isinstance(node, ast.Name):
                statement = self._old.variable(node.id)
                node = statement.value if statement is not None else None
        template = node if is_literal(node) else None
        if isinstance(node, ast.ListComp):
            text = self._edited_comprehension(node, origin, value)
            if text is not None:
                return moved(text, self._place(node), place)
        if isinstance(node, ast.Constant) and isinstance(value, str):
            return quoted_like(self._source_text(node), value)
        if node is not None and not isinstance(node, ast.Constant | ast.Name) and template is None:
            self.replaced.append(node)
        if template is None:
            spread = spread_of(self._old, self._names, self.here, value)
            if spread is not None:
                return self._fresh(value, place, spread=spread)
            template = self._template(value)
        if template is not None:
            edited = self._edited(template, value)
            if edited is not None:
                laid_out = moved(edited, self._place(template), place)
                if "#" in laid_out or self._is_legible(template, laid_out, place):
                    self._tell_of_spreads(template, laid_out)
                    return laid_out
        spread = spread_of(self._old, self._names, self.here, value)
        fresh = self._fresh(value, place, spread=spread)
        if template is not None:
            self._tell_of_spreads(template, fresh)
        return fresh

    def _tell_of_spreads(self, template: ast.expr, text: str) -> None:
        """Tell of a literal whose ``**name`` is no longer in its text."""
        spread = [item for item in items_of(self._old.parsed, template) or () if item.spreads]
        if not all(self._source_text(item.value) in text for item in spread):
            self.replaced.append(template)

    def text_of_statement(
        self, value: Any, origin: Origin | None, name: str, *, plain: bool
    ) -> str:
        """An expression for a value, behind ``name = ``."""
        return self.text(value, origin, Place("", len(name) + 3, self._step), plain=plain)

    def _is_legible(self, template: ast.expr, text: str, place: Place) -> bool:
        """Whether an edited literal can stay as it is laid out."""
        if "\n" not in self._source_text(template):
            return "\n" not in text and self._fits(text, place)
        old = self._place(template)
        stays = old.indent == place.indent and place.column <= old.column
        return stays or self._fits(text, place)

    def _fits(self, text: str, place: Place) -> bool:
        first, *rest = text.split("\n")
        return place.column + len(first) <= self._old.line_length and all(
            len(line) <= self._old.line_length for line in rest
        )

    def edited_in_place(self, node: ast.expr, value: Any, origin: Origin | None) -> str:
        """The text that takes the place of an expression."""
        self._at = node
        try:
            return self.text(value, origin or Origin(self._old.parsed, node), self._place(node))
        finally:
            self._at = None

    def _node(self, origin: Origin | None) -> ast.expr | None:
        if origin is None or not self._old.wrote(origin):
            return None
        return origin.node if isinstance(origin.node, ast.expr) else None

    def _place(self, node: ast.expr) -> Place:
        return place_at(self._old.source, self._old.parsed.span(node).start, self._step)

    def _source_text(self, node: ast.expr) -> str:
        return self._old.source.text_of(self._old.parsed.span(node))

    def _copied(self, node: ast.expr, origin: Origin, value: Any) -> str | None:
        """The old text of an expression, if it will have a value; else ``None``."""
        text = self._source_text(node)
        kept = None if node is self._at else self._kept_variable(node)
        if kept is not None and first_difference(self._names.get(kept, MISSING), value) is None:
            return kept
        of_base = base_path(node, text)
        if of_base is not None:
            is_it = first_difference(value_at(self._below, of_base), value) is None
            return text if is_it else None
        if isinstance(node, ast.Name):
            known = self._names.get(node.id, MISSING)
            return node.id if first_difference(known, value) is None else None
        if first_difference(self._old.value_of(origin), value) is not None:
            return None
        reads = {one.id for one in syntax_nodes(node) if isinstance(one, ast.Name)}
        if BASE in reads or "_base_." in text or reads & self._changed:
            return None
        return text

    def _kept_variable(self, node: ast.expr) -> str | None:
        """The variable whose statement an expression is the value of, if it is kept."""
        parent = self._old.parent(node)
        if isinstance(parent, ast.Assign) and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, ast.Name) and target.id in self._names:
                return target.id
        return None

    def _template(self, value: Any) -> ast.expr | None:
        """The literal from which most of what a new container holds was moved."""
        if not isinstance(value, dict | list | tuple):
            return None
        keys = list(value) if isinstance(value, dict) else range(len(value))
        kind = (ast.Call, ast.Dict) if isinstance(value, dict) else (ast.List, ast.Tuple)
        counted: Counter[int] = Counter()
        found: dict[int, ast.expr] = {}
        for key in keys:
            node = self._node(origin_of(value, key))
            parent = None if node is None else self._old.parent(node)
            if isinstance(parent, ast.keyword):
                parent = self._old.parent(parent)
            if isinstance(parent, kind) and is_literal(parent):
                counted[id(parent)] += 1
                found[id(parent)] = parent
        others = len([key for key in keys if key not in ("type", "_delete_")])
        for known, times in counted.most_common(1):
            items = items_of(self._old.parsed, found[known]) or []
            named = [item for item in items if item.key not in ("type", "_delete_")]
            if times * 2 > others and times * 2 > len(named):
                return found[known]
        return None

    def _edited(self, node: ast.expr, value: Any) -> str | None:
        """A literal with those of its items changed that must be; ``None`` if that is no way."""
        items = items_of(self._old.parsed, node)
        if items is None or any(
            item.spreads and not isinstance(item.value, ast.Name) for item in items
        ):
            return None
        if isinstance(value, dict) and isinstance(node, ast.Call | ast.Dict):
            if isinstance(node, ast.Call) and not are_keywords(value):
                return None
            return self._edited_dict(node, items, value)
        same_kind = isinstance(value, list) == isinstance(node, ast.List)
        if (
            isinstance(value, list | tuple)
            and same_kind
            and isinstance(node, ast.List | ast.Tuple)
        ):
            return self._edited_list(node, items, value)
        return None

    def _edited_dict(self, node: ast.expr, items: list[Item], value: dict[Any, Any]) -> str | None:
        matched = self._matched(items, value)
        if not matched:
            return None
        rewritten = Rewritten(self._old.parsed, node, items)
        at: dict[Any, int] = {}
        for index, item in enumerate(items):
            keys = [key for key, found in matched.items() if found == index]
            if not keys:
                rewritten.replace(index, None)
                continue
            at.update(dict.fromkeys(keys, index))
            if item.spreads:
                continue
            key = keys[0]
            text = self._item_text(node, item, key, value)
            rewritten.replace(index, text)
        # Nothing stands before what says the class.
        heads = [index for index, item in enumerate(items) if item.key in ("_delete_", "type")]
        previous = heads[-1] if heads == list(range(len(heads))) and heads else -1
        for key, one in value.items():
            if key in at:
                previous = max(previous, at[key])
                continue
            index = 0 if key == "_delete_" else previous + 1
            head = key_text(self._old.parsed, node, key)
            place = rewritten.place_of_new
            inner = Place(place.indent, place.column + len(head), self._step)
            rewritten.insert(index, head + self.text(one, origin_of(value, key), inner))
        return rewritten.text()

    def _item_text(self, node: ast.expr, item: Item, key: Any, value: dict[Any, Any]) -> str:
        """One item of a dict literal, as it stands or under another name, or changed."""
        source = self._old.source
        start = self._old.parsed.span(item.value).start
        head = before = source.raw[item.span.start : start].decode("utf-8")
        if key != item.key:
            quote = '"' if head.startswith('"') else "'"
            head = key_text(self._old.parsed, node, key, quote)
        written = Origin(self._old.parsed, item.value)
        origin = origin_of(value, key) if isinstance(value, CfgDict) else None
        node_of_value = self._node(origin)
        if node_of_value is None:
            origin = written
        old = self._place(item.value)
        place = Place(old.indent, old.column + len(head) - len(before), self._step)
        return head + self.text(value[key], origin, place)

    def _matched(self, items: list[Item], value: dict[Any, Any]) -> dict[Any, int]:
        """Which item of a literal gives each key its value."""
        matched: dict[Any, int] = {}
        by_node = {id(item.value): index for index, item in enumerate(items) if not item.spreads}
        for key in value:
            node = self._node(origin_of(value, key))
            if node is not None and id(node) in by_node:
                matched[key] = by_node[id(node)]
        taken = set(matched.values())
        for index, item in enumerate(items):
            if item.spreads or index in taken:
                continue
            if item.key in value and item.key not in matched:
                matched[item.key] = index
        for index, item in enumerate(items):
            if not item.spreads:
                continue
            assert isinstance(item.value, ast.Name)
            spread = self._names.get(item.value.id)
            if isinstance(spread, dict) and all(
                key not in matched and key in value and first_difference(value[key], one) is None
                for key, one in spread.items()
            ):
                matched.update(dict.fromkeys(spread, index))
        return matched

    def _edited_comprehension(
        self, node: ast.ListComp, origin: Origin | None, value: Any
    ) -> str | None:
        """A list of one item, many times, with that item changed; ``None`` if it is none."""
        items = value if type(value) is CfgList else ()
        old = self._old.value_of(origin)
        if (
            not items
            or not isinstance(old, list)
            or len(old) != len(items)
            or not self._old.wrote(Origin(self._old.parsed, node.elt))
            or any(first_difference(items[0], other) is not None for other in items[1:])
        ):
            return None
        source, span, item = self._old.source, self._old.parsed.span(node), node.elt
        of_item = self._old.parsed.span(item)
        text = self.text(items[0], origin_of(value, 0), self._place(item))
        before = source.raw[span.start : of_item.start].decode("utf-8")
        return before + text + source.raw[of_item.end : span.end].decode("utf-8")

    def _edited_list(self, node: ast.expr, items: list[Item], value: Any) -> str | None:
        if any(item.spreads for item in items):
            return None
        by_node = {id(item.value): index for index, item in enumerate(items)}
        places: list[int | None] = []
        last = -1
        for index in range(len(value)):
            origin = origin_of(value, index)
            found = by_node.get(id(origin.node)) if origin is not None else None
            if found is None:
                template = self._template(value[index])
                found = by_node.get(id(template)) if template is not None else None
            if found is not None and found <= last:
                # It stands elsewhere now: written anew there.
                found = None
            places.append(found)
            last = found if found is not None else last
        if all(found is None for found in places):
            if len(value) != len(items) or not items:
                return None
            places = list(range(len(items)))
        rewritten = Rewritten(self._old.parsed, node, items)
        for index in set(range(len(items))).difference(places):
            rewritten.replace(index, None)
        previous = -1
        for index, found in enumerate(places):
            origin = origin_of(value, index)
            if found is None:
                place = rewritten.place_of_new
                text = self.text(value[index], origin, place)
                rewritten.insert(previous + 1, text)
                continue
            item = items[found]
            if origin is None or not self._old.wrote(origin):
                origin = Origin(self._old.parsed, item.value)
            rewritten.replace(found, self.text(value[index], origin, self._place(item.value)))
            previous = found
        return rewritten.text()

    def _fresh(
        self, value: Any, place: Place, *, plain: bool = False, spread: str | None = None
    ) -> str:
        """A literal of a layout of our own.

        Args:
            value: The value.
            place: Where it stands.
            plain: Whether nothing in it is copied.
            spread: The variable that gives some of the items of a dict.
        """
        if isinstance(value, dict) and value:
            is_call = are_keywords(value)
            texts = []
            given = self._names[spread] if spread is not None else ()
            for key, one in value.items():
                if key in given:
                    if f"**{spread}" not in texts:
                        texts.append(f"**{spread}")
                    continue
                head = f"{key}=" if is_call else f"{render(key)}: "
                inner = place.inner(head)
                texts.append(head + self.text(one, origin_of(value, key), inner, plain=plain))
            start, end = ("dict(", ")") if is_call else ("{", "}")
            return bracketed(start, texts, end, place, self._old.line_length)
        if isinstance(value, list | tuple) and value:
            start, end = ("[", "]") if isinstance(value, list) else ("(", ")")
            texts = [
                self.text(one, origin_of(value, index), place.inner(), plain=plain)
                for index, one in enumerate(value)
            ]
            if isinstance(value, tuple) and len(texts) == 1:
                texts = [texts[0] + ","]
            return bracketed(start, texts, end, place, self._old.line_length)
        return render(value)
