"""Edits of Python configs: expressions, the keys of dicts, statements."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from typing import Any

from mmscaffold.config.edit.line_length import line_length
from mmscaffold.config.edit.rendering import render, render_fitting
from mmscaffold.config.edit.spans import Edit, separator_like
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.text.source import ParsedSource, Source, Span


def replace(parsed: ParsedSource, node: ast.expr, text: str) -> Edit:
    """Replace one expression."""
    return Edit(parsed.span(node), text)


def replace_value(parsed: ParsedSource, node: ast.expr, value: Any) -> Edit:
    """Replace one expression by a value; a string takes the quotes of the old literal.

    A value that is too long for its line is broken; the comments within the expression stay, if
    what takes its place has brackets.

    Raises:
        ConfigError: If the value has no literal form.
    """
    if isinstance(value, str) and isinstance(node, ast.Constant):
        return replace(parsed, node, quote_like(parsed, node, value))
    span = parsed.span(node)
    source = parsed.source
    line, column = source.line_and_column(span.start)
    begin = source.raw[source.line_starts[line - 1] : span.start].decode("utf-8")
    indent = begin[: len(begin) - len(begin.lstrip())]
    rest = re.match(rb"[^\r\n]*", source.raw[span.end :])
    text = fitting(source, value, column - 1, indent, len(rest.group()) if rest else 0)
    comments = _comments(source.text_of(span))
    opened = re.match(r"dict\(|[\[({]", text)
    if comments and opened and isinstance(value, dict | list | tuple):
        lines = "".join(f"\n{indent}    {comment}" for comment in comments)
        rest_of_text = text[opened.end() :].lstrip("\n ")
        text = f"{opened.group()}{lines}\n{indent}    {rest_of_text}"
    return replace(parsed, node, text)


def fitting(source: Source, value: Any, before: int, indent: str = "", after: int = 0) -> str:
    """A value as text that fits into the lines of a file.

    Args:
        source: The file.
        value: What to write.
        before: How many characters stand before it on its line.
        indent: The blanks that its line begins with.
        after: How many characters follow it.
    """
    text = render(value)
    if before + len(text) + after <= 40:
        return text
    return render_fitting(
        value,
        before=before,
        indent=indent,
        width=line_length(source),
        # As the file itself closes its brackets.
        hugging=not re.search(rb",[ \t\r\f\v]*\n\s*[\])}]", source.raw),
        after=after,
    )


def assignment(source: Source, target: str, value: Any) -> str:
    """A statement that sets a target to a value, within the lines of a file."""
    return f"{target} = {fitting(source, value, len(target) + 3)}"


def _comments(text: str) -> list[str]:
    """The comments within an expression."""
    if "#" not in text:
        return []
    try:
        tokens = tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline)
        return [token.string for token in tokens if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return []


def quote_like(parsed: ParsedSource, node: ast.expr, value: str) -> str:
    """Write a string in the quotes of the literal that it replaces."""
    old = parsed.source.text_of(parsed.span(node))
    text = repr(value)
    if old.startswith('"') and not old.startswith('"""') and '"' not in value:
        return f'"{text[1:-1]}"'
    return text


def is_dict_literal(node: ast.expr) -> bool:
    """Whether ``node`` is ``dict(...)`` or ``{...}``, to which a key can be added."""
    if isinstance(node, ast.Dict):
        return True
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict"
    )


def keyword_value(node: ast.expr, name: str) -> ast.expr | None:
    """The expression that a dict literal itself writes for a key, if it does."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == name:
                return keyword.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == name:
                return value
    return None


def rename_keyword(parsed: ParsedSource, node: ast.expr, old: str, new: str, text: str) -> Edit:
    """Turn ``old=...`` of a dict literal into ``new=text``, where it stands."""
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == old:
                return Edit(parsed.span(keyword), f"{new}={text}")
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == old:
                start = parsed.span(key).start
                return Edit(
                    Span(start, parsed.span(value).end), f"{quote_like(parsed, key, new)}: {text}"
                )
    raise ConfigError(f"{old!r} is not written there", where=parsed.where(node))


def rename_key(parsed: ParsedSource, node: ast.expr, old: Any, new: Any) -> Edit:
    """Give a key of a dict literal another name; its value stays.

    Raises:
        ConfigError: If the literal does not write that key.
    """
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg == old:
                start = parsed.span(keyword).start
                return Edit(Span(start, start + len(str(old).encode())), str(new))
    elif isinstance(node, ast.Dict):
        for key in node.keys:
            if isinstance(key, ast.Constant) and key.value == old:
                return replace(parsed, key, quote_like(parsed, key, new))
    raise ConfigError(f"{old!r} is not written there", where=parsed.where(node))


def remove_elements(parsed: ParsedSource, node: ast.List | ast.Tuple, count: int) -> list[Edit]:
    """Take the last elements out of a list; comments beside others stay.

    Args:
        parsed: The file.
        node: The list.
        count: How many elements to keep, at least one.
    """
    raw = parsed.source.raw
    spans = [parsed.span(element) for element in node.elts]
    edits = []
    for index, span in enumerate(spans[count:], count):
        end = span.end
        if index + 1 < len(spans) and b"#" not in raw[span.end : spans[index + 1].start]:
            end = spans[index + 1].start
        elif (comma := re.compile(rb"\s*,").match(raw, span.end)) is not None:
            end = comma.end()
        edits.append(Edit(Span(span.start, end), ""))
    return edits


def remove_keyword(parsed: ParsedSource, node: ast.expr, name: str) -> Edit:
    """Take one key out of a dict literal; comments beside others stay.

    Raises:
        ConfigError: If the literal does not write that key.
    """
    items: list[Span] = []
    index = None
    if isinstance(node, ast.Call):
        written: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        items = [parsed.span(item) for item in written]
        names = [None] * len(node.args) + [keyword.arg for keyword in node.keywords]
        index = names.index(name) if name in names else None
    elif isinstance(node, ast.Dict):
        for position, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            start = parsed.span(key or value).start
            items.append(Span(start, parsed.span(value).end))
            if isinstance(key, ast.Constant) and key.value == name:
                index = position
    if index is None:
        raise ConfigError(f"{name!r} is not written there", where=parsed.where(node))
    raw, here = parsed.source.raw, items[index]
    if index + 1 < len(items):
        following = items[index + 1].start
        if b"#" not in raw[here.end : following] and raw[following - 2 : following] != b"**":
            return Edit(Span(here.start, following), "")
        comma = raw.index(b",", here.end) + 1
        line = parsed.source.line_and_column(here.start)[0]
        if line < len(starts := parsed.source.line_starts):
            own = raw[starts[line - 1] : here.start].isspace() and starts[line] <= following
            rest = raw[comma : starts[line]].strip()
            if own and comma <= starts[line] and (not rest or rest.startswith(b"#")):
                # The line holds this key, and what is said of it.
                return Edit(Span(starts[line - 1], starts[line]), "")
        return Edit(Span(here.start, comma), "")
    if index and b"#" not in raw[items[index - 1].end : here.start]:
        return Edit(Span(items[index - 1].end, here.end), "")
    return Edit(here, "")


def add_keywords(parsed: ParsedSource, node: ast.expr, keywords: dict[str, str]) -> Edit:
    """Write more keys into a dict literal, before its first key.

    Args:
        parsed: The file.
        node: A ``dict(...)`` call or a ``{...}`` display.
        keywords: The source text of each new key's value.

    Raises:
        ConfigError: If ``node`` is not a dict literal.
    """
    if not is_dict_literal(node):
        raise ConfigError(
            "a key can only be added to a dict(...) or {...}", where=parsed.where(node)
        )
    first: ast.expr | ast.keyword | None
    if isinstance(node, ast.Call):
        written = [f"{name}={text}" for name, text in keywords.items()]
        # Positional arguments stay in front: dict(base, type=...).
        first = node.keywords[0] if node.keywords else None
        after = node.args[-1] if node.args else None
    else:
        assert isinstance(node, ast.Dict)
        written = [f"{name!r}: {text}" for name, text in keywords.items()]
        keys = [key or value for key, value in zip(node.keys, node.values, strict=True)]
        first = keys[0] if keys else None
        after = None
    if first is None:
        if after is not None:
            end = parsed.span(after).end
            return Edit(Span(end, end), "".join(f", {item}" for item in written))
        end = parsed.span(node).end - 1
        return Edit(Span(end, end), ", ".join(written))
    start = parsed.span(first).start
    if isinstance(node, ast.Dict) and node.keys[0] is None:
        # The node of {**base} begins behind its stars.
        start = parsed.source.raw.rindex(b"**", 0, start)
    separator = separator_like(parsed.source, start)
    return Edit(Span(start, start), "".join(item + separator for item in written))


def add_element(parsed: ParsedSource, node: ast.List, text: str) -> Edit:
    """Append an element to a list literal, in the layout of its last one."""
    if not node.elts:
        end = parsed.span(node).end - 1
        return Edit(Span(end, end), text)
    last = parsed.span(node.elts[-1])
    separator = separator_like(parsed.source, last.start)
    return Edit(Span(last.end, last.end), separator + text)


def add_statements(source: Source, statements: list[str]) -> Edit:
    """Write statements at the end of a file, which keeps or keeps lacking its final newline."""
    end = len(source.raw)
    text = "\n".join(statements)
    if not source.raw[source.bom_length :] or source.raw.endswith((b"\n", b"\r")):
        return Edit(Span(end, end), text + "\n")
    return Edit(Span(end, end), "\n" + text)
