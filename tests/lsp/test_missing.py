"""What people see where the language server's own requirements are not installed."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from click.testing import CliRunner
from mmscaffold.cli.lsp import command


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    find_spec = importlib.util.find_spec

    def without_pygls(name: str, *more: Any) -> Any:
        return None if name == "pygls" else find_spec(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", without_pygls)
    ended = CliRunner().invoke(command, ["--stdio"])
    assert ended.exit_code == 2
    assert 'pip install "mmscaffold[lsp]"' in ended.output
