"""Edits of YAML and JSON configs."""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from mmscaffold.config.edit.spans import Edit, separator_like
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.data_files import ParsedData
from mmscaffold.config.text.source import Span

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
    """Replace the value of one node; a block of several lines becomes one line."""
    span = parsed.span(node)
    text = render_data(value, parsed)
    anchor = _ANCHOR.match(parsed.source.text_of(span))
    if anchor and not parsed.is_json:
        # What refers to it changes with it, or the planner refuses.
        return Edit(span, f"{anchor.group(1)} {text}")
    if span.start == span.end:
        # "key:" has a value that takes no place.
        text = f" {text}"
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        # A list may stand as far left as its key; a value of one line may not.
        text = f"  {text}"
    return Edit(span, text)


def set_key(parsed: ParsedData, node: yaml.Node, key: str | int, value: Any) -> Edit:
    """Give one key of a mapping another value, or add the key before the first.

    Raises:
        ConfigError: If the node is not a mapping.
    """
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError("a key can only be added to a mapping", where=parsed.where(node))
    for key_node, value_node in reversed(node.value):
        if key_node.value == str(key):
            return replace_node(parsed, value_node, value)
    text = render_data(value, parsed)
    start = parsed.span(node).start
    if node.flow_style:
        separator = ", " if node.value else ""
        return Edit(Span(start + 1, start + 1), f"{json.dumps(key)}: {text}{separator}")
    first = node.value[0][0]
    at = parsed.span(first).start
    indent = " " * first.start_mark.column
    return Edit(Span(at, at), f"{_plain_key(key)}: {text}\n{indent}")


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
    text = render_data(value, parsed)
    raw = parsed.source.raw
    if root.flow_style:
        if not root.value:
            return set_key(parsed, root, key, value)
        last = parsed.span(root.value[-1][1]).end
        separator = separator_like(parsed.source, parsed.span(root.value[-1][0]).start)
        return Edit(Span(last, last), f"{separator}{json.dumps(key)}: {text}")
    line = f"{' ' * root.value[0][0].start_mark.column}{_plain_key(key)}: {text}"
    end = _end_of_document(parsed)
    if end < len(raw):
        return Edit(Span(end, end), line + "\n")
    if raw.endswith((b"\n", b"\r")):
        return Edit(Span(end, end), line + "\n")
    return Edit(Span(end, end), "\n" + line)


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
