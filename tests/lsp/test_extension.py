"""The extension for VS Code and the server mean the same by settings and commands."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.lsp.feature import all_commands, all_features
from mmscaffold.lsp.settings import SECTION, ClientSettings

EDITORS = Path(__file__).parents[2] / "editors"
OF_THE_EXTENSION = {"mmscaffold.enable", "mmscaffold.path", "mmscaffold.trace.server"}


@pytest.fixture(scope="module")
def properties() -> dict[str, Any]:
    manifest = json.loads((EDITORS / "vscode" / "package.json").read_text("utf-8"))
    found: dict[str, Any] = manifest["contributes"]["configuration"]["properties"]
    return found


def test_each_setting_is_one_of_the_server_with_its_default(properties: dict[str, Any]):
    given: dict[str, Any] = {}
    for name in properties.keys() - OF_THE_EXTENSION:
        section, setting = name.split(".")
        assert section == SECTION
        given[setting] = properties[name]["default"]
    assert ClientSettings.of({SECTION: given}) == ClientSettings()
    assert len(given) == len(fields(ClientSettings))
    for name, default in given.items():
        other = (not default) if isinstance(default, bool) else default + 1
        assert ClientSettings.of({name: other}) != ClientSettings(), name


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_each_setting(page: str, properties: dict[str, Any]):
    text = (EDITORS / page).read_text("utf-8")
    rows = dict(re.findall(r"^\| `(mmscaffold\.\w+)` \| `(\w+)` \|", text, re.MULTILINE))
    expected = {n: p for n, p in properties.items() if n not in OF_THE_EXTENSION}
    assert rows == {name: json.dumps(one["default"]) for name, one in expected.items()}


def test_the_extension_asks_for_what_the_server_has():
    source = "\n".join(
        path.read_text("utf-8") for path in (EDITORS / "vscode" / "src").glob("*.ts")
    )
    commands = {command.name for command in all_commands()}
    asked = set(re.findall(r'(?:command:|COMMAND =) "(mmscaffold\.\w+)"', source))
    asked -= {"mmscaffold.restart", "mmscaffold.install", "mmscaffold.openSettings"}
    assert asked == commands
    requests = set(re.findall(r'"(mmscaffold/\w+)"', source))
    requests.remove("mmscaffold/resolvedChanged")
    assert requests <= {feature.method for feature in all_features()}


def test_both_readmes_have_the_same_settings_for_editors():
    def blocks(page: str) -> list[list[str]]:
        text = (EDITORS / page).read_text("utf-8")
        found = re.findall(r"^```\w+\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        # Remarks are translated.
        return [[s for s in one.splitlines() if not s.startswith("# ")] for one in found]

    assert blocks("README.md") == blocks("README.zh-CN.md") != []
