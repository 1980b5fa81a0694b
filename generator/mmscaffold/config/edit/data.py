"""Edits of YAML and JSON configs."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from mmscaffold.config.edit.comments import data_comments
from mmscaffold.config.edit.line_length import line_length
from mmscaffold.config.edit.spans import Edit, separator_like
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.data_files import ParsedData
from mmscaffold.config.text.source import Span

_ALIAS = re.compile(rb"\s*:\s+(\*[^\s,\[\]{}]+)")
_ANCHOR = re.compile(r"(&[^\s,\[\]{}]+)\s")


def render_data(value: Any, parsed: ParsedData) -> str:
    """The text of a value in a file's own format, on one line.

    Raises:
        ConfigError: If the format has no form for it.
    """
    if isinstance(value, dict):
        # Keys of JSON are strings; in YAML, a number is a key of its own.
        keys = [k if isinstance(k, int) and not parsed.is_json else str(k) for k in value]
        items = [
            f"{json.dumps(key)}: {render_data(item, parsed)}"
            for key, item in zip(keys, value.values(), strict=True)
        ]
        return "{" + ", ".join(items) + "}"
    if isinstance(value, list | tuple):
        inner = ", ".join(render_data(item, parsed) for item in value)
        if isinstance(value, list):
            return f"[{inner}]"
        if not parsed.is_json:
            return f"!!python/tuple [{inner}]"
    elif isinstance(value, float) and value == value and abs(value) != float("inf"):
        # YAML 1.1 takes 1e-05 for a text: it wants the point.
        mantissa, exponent, power = repr(value).partition("e")
        if exponent and "." not in mantissa:
            mantissa += ".0"
        return mantissa + exponent + (power if not power or power[0] in "+-" else f"+{power}")
    elif isinstance(value, str | int | bool) or value is None:
        return json.dumps(value, ensure_ascii=False)
    raise ConfigError(f"{value!r} cannot be written into {parsed.path.suffix}")


def replace_node(parsed: ParsedData, node: yaml.Node, value: Any) -> Edit:
    """Replace the value of one node; a block of several lines becomes brackets.

    Comments within a block stay, in front of them.
    """
    span = parsed.span(node)
    old = parsed.source.text_of(span)
    line, column = parsed.source.line_and_column(span.start)
    block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    indent = " " * (column + 1 if block else _indent(parsed, line))
    rest = re.match(rb"[^\r\n]*", parsed.source.raw[span.end :])
    text = _fitting(value, parsed, column - 1, indent, len(rest.group()) if rest else 0)
    anchor = _ANCHOR.match(old)
    if anchor and not parsed.is_json:
        # What refers to it changes with it, or the planner refuses.
        return Edit(span, f"{anchor.group(1)} {text}")
    if span.start == span.end:
        # "key:" has a value that takes no place.
        text = f" {text}"
    elif block:
        if isinstance(node, yaml.SequenceNode):
            # A list may stand as far left as its key; brackets may not.
            text = f"  {text}"
        comments = [comment for _, comment in data_comments(old)]
        text = "".join(f"{comment}\n{indent[:-2]}" for comment in comments) + text
    return Edit(span, text)


def replace_alias(parsed: ParsedData, node: yaml.Node, key: str | int, value: Any) -> Edit | None:
    """Replace the alias that a mapping has for a key; its anchor stays as it is.

    Returns:
        ``None`` if there is no alias.
    """
    for key_node, _ in own_pairs(parsed, node):
        if key_node.value == str(key):
            end = parsed.span(key_node).end
            alias = _ALIAS.match(parsed.source.raw, end)
            if alias is not None and not parsed.is_json:
                return Edit(Span(*alias.span(1)), render_data(value, parsed))
    return None


def own_pairs(parsed: ParsedData, node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    """The keys and values that a mapping itself writes, not those that ``<<`` brings in.

    Raises:
        ConfigError: If the node is not a mapping.
    """
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError("a key can only be added to a mapping", where=parsed.where(node))
    start, end = node.start_mark.index, node.end_mark.index
    return [pair for pair in node.value if start <= pair[0].start_mark.index < end]


def set_key(parsed: ParsedData, node: yaml.Node, key: str | int, value: Any) -> Edit:
    """Give one key of a mapping another value, or add the key before the first.

    Raises:
        ConfigError: If the node is not a mapping.
    """
    pairs = own_pairs(parsed, node)
    for key_node, value_node in reversed(pairs):
        if key_node.value == str(key):
            return replace_alias(parsed, node, key, value) or replace_node(
                parsed, value_node, value
            )
    span = parsed.span(node)
    if isinstance(node, yaml.MappingNode) and node.flow_style:
        start = parsed.source.raw.index(b"{", span.start) + 1
        text = f"{json.dumps(key)}: {render_data(value, parsed)}"
        is_empty = not parsed.source.raw[start : span.end - 1].strip()
        return Edit(Span(start, start), text + ("" if is_empty else ", "))
    first = pairs[0][0] if pairs else node
    at = parsed.span(first).start
    indent = " " * first.start_mark.column
    head = f"{_plain_key(key)}: "
    text = _fitting(value, parsed, len(indent) + len(head), indent)
    return Edit(Span(at, at), f"{head}{text}\n{indent}")


def remove_key(parsed: ParsedData, node: yaml.Node, key: str | int) -> Edit:
    """Remove one of several keys of a mapping; a comment beside it stays.

    Raises:
        ConfigError: If the node is not a mapping with that key and another.
    """
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    names = [key_node.value for key_node, _ in pairs]
    if str(key) not in names or len(names) < 2:
        raise ConfigError(f"has no key {key!r} to remove", where=parsed.where(node))
    index = names.index(str(key))
    start = parsed.span(pairs[index][0]).start
    end = parsed.span(pairs[index][1]).end
    if index + 1 < len(pairs):
        after = parsed.span(pairs[index + 1][0]).start
        between = parsed.source.raw[end:after].decode("utf-8")
        return Edit(Span(start, after if "#" not in between else end), "")
    before = parsed.span(pairs[index - 1][1]).end
    between = parsed.source.raw[before:start].decode("utf-8")
    return Edit(Span(before if "#" not in between else start, end), "")


def append_key(parsed: ParsedData, key: str, value: Any) -> Edit:
    """Add a key to the end of the whole document."""
    root = parsed.root
    raw = parsed.source.raw
    if root.flow_style:
        if not root.value:
            return set_key(parsed, root, key, value)
        last = parsed.span(root.value[-1][1]).end
        separator = separator_like(parsed.source, parsed.span(root.value[-1][0]).start)
        before, indent = len(json.dumps(key)) + 2, separator[2:] if "\n" in separator else ""
        text = _fitting(value, parsed, before + len(indent), indent)
        return Edit(Span(last, last), f"{separator}{json.dumps(key)}: {text}")
    indent = " " * root.value[0][0].start_mark.column
    head = f"{indent}{_plain_key(key)}: "
    line = head + _fitting(value, parsed, len(head), indent)
    end = _end_of_document(parsed)
    if end < len(raw):
        return Edit(Span(end, end), line + "\n")
    if raw.endswith((b"\n", b"\r")):
        return Edit(Span(end, end), line + "\n")
    return Edit(Span(end, end), "\n" + line)


def _fitting(value: Any, parsed: ParsedData, before: int, indent: str, after: int = 0) -> str:
    """A value as text within the lines of its file: brackets are spread where one is too short.

    Args:
        value: What to write.
        parsed: The file. JSON on one line stays so.
        before: How many characters stand before the value on its line.
        indent: The blanks that its line begins with.
        after: How many characters follow it.
    """
    text = render_data(value, parsed)
    single = parsed.is_json and b"\n" not in parsed.source.raw.strip()
    if not isinstance(value, dict | list) or not value or single:
        return text
    if before + len(text) + after <= line_length(parsed.source):
        return text
    inner = indent + "  "
    items: list[str] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in pairs:
        head = ""
        if isinstance(value, dict):
            # Its own text, as render_data writes it.
            head = render_data({key: None}, parsed)[1 : -len("null}")]
        items.append(head + _fitting(item, parsed, len(inner) + len(head), inner, 1))
    start, end = text[0], text[-1]
    # For YAML, a bracket must not close as far left as the key stands.
    closing = f"\n{indent}{end}" if parsed.is_json else end
    return f"{start}\n{inner}" + f",\n{inner}".join(items) + closing


def _indent(parsed: ParsedData, line: int) -> int:
    start = parsed.source.line_starts[line - 1]
    blanks = re.match(rb" *", parsed.source.raw[start:])
    return len(blanks.group()) if blanks else 0


def _end_of_document(parsed: ParsedData) -> int:
    """The byte where a key can be appended: before ``...``, or at the end of the file."""
    for token in yaml.scan(parsed.text):
        if (
            isinstance(token, yaml.DocumentEndToken)
            and token.start_mark.index < token.end_mark.index
        ):
            return parsed.byte_of(token.start_mark.index)
    return len(parsed.source.raw)


def _plain_key(key: str | int) -> str:
    if not isinstance(key, str):
        return json.dumps(key)
    return key if key.isidentifier() and key not in {"y", "n"} else json.dumps(key)
