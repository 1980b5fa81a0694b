"""Write a value as the Python text that a config author would."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import LazyName, Unknown

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
    if isinstance(value, dict):
        plain = _are_keywords(value)
        start, end = ("dict(", ")") if plain else ("{", "}")
        items = [(f"{key}=" if plain else f"{render(key)}: ", item) for key, item in value.items()]
    else:
        start, end = ("[", "]") if isinstance(value, list) else ("(", ")")
        items = [("", item) for item in value]
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
