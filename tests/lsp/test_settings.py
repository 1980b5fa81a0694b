from __future__ import annotations

from typing import Any

import pytest
from mmscaffold.lsp.settings import ClientSettings


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ClientSettings()),
        ([1], ClientSettings()),
        ({"mmscaffold": {"inlayHints": False}}, ClientSettings(inlay_hints=False)),
        ({"delay": 200, "codeLens": False}, ClientSettings(delay=200, code_lens=False)),
        ({"delay": "soon", "diagnostics": 3, "other": 1}, ClientSettings()),
        ({"delay": -1}, ClientSettings()),
        ({"mmscaffold": None, "index": False}, ClientSettings(index=False)),
    ],
)
def test_settings_are_read_as_far_as_they_are_right(given: Any, expected: ClientSettings):
    assert ClientSettings.of(given) == expected
