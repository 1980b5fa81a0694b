"""Write a value as the Python text that a config author would."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName, Unknown

# How a container begins; its items, each with what is written in front; how it ends.
_Parts = tuple[str, list[tuple[str, Any]], str]
_SCALARS = (str, bytes, int, float, complex, bool, type(None))


def render(value: Any) -> str:
    """The source text of a value made of scalars, dicts, lists and tuples.

    Args:
        value: What to write. Dicts whose keys are all identifiers become ``dict(...)``;
            an imported class is its bare name.

    Raises:
        ConfigError: If it holds something that has no literal form, such as an unknown.
    """
    if isinstance(value, float) and value != value:
        return "float('nan')"
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return f"float('{value}')"
    if isinstance(value, _SCALARS):
        return repr(value)
    if isinstance(value, dict):
        return _render_dict(value)
    if isinstance(value, list):
        return f"[{', '.join(render(item) for item in value)}]"
    if isinstance(value, tuple):
        inner = ", ".join(render(item) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, set):
        inner = ", ".join(sorted(render(item) for item in value))
        return f"{{{inner}}}" if value else "set()"
    if isinstance(value, LazyName):
        return str(value)
    raise ConfigError(f"{value!r} cannot be written into a config")


def _render_dict(value: dict[Any, Any]) -> str:
    if _are_keywords(value):
        return f"dict({', '.join(f'{key}={render(item)}' for key, item in value.items())})"
    return f"{{{', '.join(f'{render(key)}: {render(item)}' for key, item in value.items())}}}"


def render_fitting(
    value: Any, *, before: int, indent: str, width: int, hugging: bool = True, after: int = 0
) -> str:
    """The source text of a value, over several lines where one would be too long.

    Args:
        value: What to write.
        before: How many characters stand before it on its line.
        indent: The blanks that its line begins with.
        width: The longest line wanted, in characters.
        hugging: Whether the last bracket stands behind the last item, as OpenMMLab writes;
            otherwise on a line of its own, behind a comma.
        after: How many characters follow on its last line.

    Raises:
        ConfigError: If it holds something that has no literal form.
    """
    line = render(value)
    if before + len(line) + after <= width or not isinstance(value, dict | list | tuple):
        return line
    if not value:
        return line
    inner = indent + "    "
    start, items, end = _parts(value)
    one_line = ", ".join(head + render(item) for head, item in items)
    if isinstance(value, tuple) and len(value) == 1:
        one_line += ","
    closing = end if hugging else f"\n{indent}{end}"
    if len(inner) + len(one_line) + (1 + after if hugging else 0) <= width:
        return f"{start}\n{inner}{one_line}{closing}"
    texts = []
    for number, (head, item) in enumerate(items):
        is_last = number + 1 == len(items)
        text = render_fitting(
            item,
            before=len(inner) + len(head),
            indent=inner,
            width=width,
            hugging=hugging,
            after=1 + (after if is_last and hugging else 0),
        )
        texts.append(head + text)
    if all(not isinstance(item, dict | list | tuple) for _, item in items) and not isinstance(
        value, dict
    ):
        body = _filled(texts, inner, width)
    else:
        body = f",\n{inner}".join(texts)
    comma = "," if not hugging or (isinstance(value, tuple) and len(value) == 1) else ""
    return f"{start}\n{inner}{body}{comma}{closing}"


def _filled(texts: list[str], indent: str, width: int) -> str:
    """Short items, as many to a line as fit."""
    lines = [texts[0]]
    for text in texts[1:]:
        if len(indent) + len(lines[-1]) + len(text) + 3 <= width:
            lines[-1] += f", {text}"
        else:
            lines.append(text)
    return f",\n{indent}".join(lines)


def render_lines(value: Any, indent: str = "", width: int = 79) -> str:
    """The source text of a value, over several lines where one would be too long.

    Args:
        value: What to write. What cannot be known becomes ``None`` and a comment.
        indent: The blanks before the first line's statement.
        width: The longest line wanted, in characters.

    Raises:
        ConfigError: If it holds something that has no literal form.
    """
    if isinstance(value, Unknown):
        return f"None  # {value!r}"
    if not isinstance(value, dict | list | tuple) or not value:
        return render(value)
    try:
        line = render(value)
    except ConfigError:
        line = ""
    if line and len(indent) + len(line) <= width - 20:
        return line
    inner = indent + "    "
    start, items, end = _parts(value)
    lines = [_with_comma(inner + head + render_lines(item, inner, width)) for head, item in items]
    return "\n".join([start, *lines, indent + end])


def _with_comma(line: str) -> str:
    text, mark, comment = line.partition("  # <unknown")
    return f"{text},{mark}{comment}"


def _are_keywords(value: dict[Any, Any]) -> bool:
    import keyword

    return all(
        isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key) for key in value
    )


def _parts(value: dict[Any, Any] | list[Any] | tuple[Any, ...]) -> _Parts:
    """A dict as keywords where all its keys can be some, else as a display; a list or tuple."""
    if not isinstance(value, dict):
        start, end = ("[", "]") if isinstance(value, list) else ("(", ")")
        return start, [("", item) for item in value], end
    if _are_keywords(value):
        return "dict(", [(f"{key}=", item) for key, item in value.items()], ")"
    return "{", [(f"{render(key)}: ", item) for key, item in value.items()], "}"
