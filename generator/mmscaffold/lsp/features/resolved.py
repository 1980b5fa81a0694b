"""The resolved config as a read-only document beside the file (``mmscaffold/resolved``).

The editor asks with ``{"uri": ...}`` and gets ``{"text": ..., "languageId": "python"}``: what
``mmscaffold resolve --format py`` prints. ``text`` is null for what is no config; where it does
not resolve at the moment, ``error`` says why, and the text is as it was before.
"""

from __future__ import annotations

from typing import Any

from mmscaffold.config.edit.rendering import render_lines
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import Unknown
from mmscaffold.config.resolve.resolved import ResolvedConfig
from mmscaffold.lsp.feature import Feature
from mmscaffold.lsp.session import Session


def resolved(session: Session, params: Any) -> dict[str, Any]:
    """The resolved config of a file as text."""
    path = session.config_path(str(params.uri))
    if path is None:
        return {"text": None, "languageId": "python"}
    answer: dict[str, Any] = {"languageId": "python"}
    try:
        config: ResolvedConfig | None = session.resolve(path)
    except ConfigError as error:
        config = session.latest(path)
        answer["error"] = str(error)
    answer["text"] = None if config is None else _text(config)
    return answer


def _text(config: ResolvedConfig) -> str:
    lines = []
    for name, value in config.to_dict().items():
        if isinstance(value, Unknown):
            lines.append(f"# {name} = {value!r}")
        else:
            lines.append(f"{name} = {render_lines(value)}")
    return "".join(f"{line}\n" for line in lines)


FEATURE = Feature("mmscaffold/resolved", resolved)
