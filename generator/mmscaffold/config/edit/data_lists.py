"""Make the lists of YAML and JSON configs longer or shorter; comments beside items stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from mmscaffold.config.edit.data import render_data
from mmscaffold.config.edit.spans import Edit, separator_like
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.resolve.data_files import ParsedData
from mmscaffold.config.text.source import Span


def resize(parsed: ParsedData, node: yaml.Node, keep: int, more: Sequence[Any]) -> list[Edit]:
    """Take the last items out of a list, or add some behind its last.

    Args:
        parsed: The file.
        node: The list.
        keep: How many items stay, at least one.
        more: What to add; only where all items stay.

    Raises:
        ConfigError: If the node is not a list that writes its items itself.
    """
    if not isinstance(node, yaml.SequenceNode) or keep < 1 or keep > len(node.value):
        raise ConfigError("is not a list to change", where=parsed.where(node))
    starts = [one.start_mark.index for one in node.value]
    if starts != sorted(set(starts)) or starts[0] < node.start_mark.index:
        raise ConfigError("a list of aliases", where=parsed.where(node))
    edits = []
    for index in range(keep, len(node.value)):
        remove = _without_flow_item if node.flow_style else _without_block_item
        edits.append(remove(parsed, node, index))
    if more:
        edits.append(_with_items(parsed, node, more))
    return edits


def _with_items(parsed: ParsedData, node: yaml.SequenceNode, more: Sequence[Any]) -> Edit:
    texts = [render_data(value, parsed) for value in more]
    last = parsed.span(node.value[-1])
    if node.flow_style:
        separator = separator_like(parsed.source, last.start)
        return Edit(Span(last.end, last.end), "".join(separator + text for text in texts))
    dash = _dash(parsed, node, len(node.value) - 1)
    column = parsed.source.line_and_column(dash)[1] - 1
    # Behind what is said of the last item.
    line = re.compile(rb"[^\r\n]*").match(parsed.source.raw, last.end)
    end = line.end() if line else last.end
    return Edit(Span(end, end), "".join(f"\n{' ' * column}- {text}" for text in texts))


def _without_block_item(parsed: ParsedData, node: yaml.SequenceNode, index: int) -> Edit:
    raw, starts = parsed.source.raw, parsed.source.line_starts
    dash, item = _dash(parsed, node, index), parsed.span(node.value[index])
    first = starts[parsed.source.line_and_column(dash)[0] - 1]
    number = parsed.source.line_and_column(item.end)[0]
    following = starts[number] if number < len(starts) else len(raw)
    rest = raw[item.end : following]
    if raw[first:dash].strip():
        return Edit(Span(dash, item.end), "")
    if not rest.strip():
        return Edit(Span(first, following), "")
    # The comment stays, and takes the place of the item.
    return Edit(Span(dash, item.end + len(rest) - len(rest.lstrip())), "")


def _without_flow_item(parsed: ParsedData, node: yaml.SequenceNode, index: int) -> Edit:
    raw = parsed.source.raw
    before, item = parsed.span(node.value[index - 1]), parsed.span(node.value[index])
    if b"#" not in raw[before.end : item.start]:
        return Edit(Span(before.end, item.end), "")
    comma = re.compile(rb"\s*,").match(raw, item.end)
    return Edit(Span(item.start, comma.end() if comma else item.end), "")


def _dash(parsed: ParsedData, node: yaml.SequenceNode, index: int) -> int:
    """The byte of the dash in front of an item of a block."""
    start = parsed.span(node.value[index]).start
    above = parsed.span(node.value[index - 1]).end if index else 0
    return parsed.source.raw.rindex(b"-", above, start)
