"""Write a value as the Python text that a config author would."""

from __future__ import annotations

from typing import Any

from mmscaffold.config.errors import ConfigError

_SCALARS = (str, bytes, int, float, complex, bool, type(None))


def render(value: Any) -> str:
    """The source text of a value made of scalars, dicts, lists and tuples.

    Args:
        value: What to write. Dicts whose keys are all identifiers become ``dict(...)``.

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
    raise ConfigError(f"{value!r} cannot be written into a config")


def _render_dict(value: dict[Any, Any]) -> str:
    import keyword

    plain = all(
        isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key) for key in value
    )
    if plain:
        return f"dict({', '.join(f'{key}={render(item)}' for key, item in value.items())})"
    return f"{{{', '.join(f'{render(key)}: {render(item)}' for key, item in value.items())}}}"
