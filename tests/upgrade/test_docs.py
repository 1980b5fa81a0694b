"""The example of the page about upgrades is what the command makes of it, in both languages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["upgrade.md", "upgrade.zh-CN.md"])
def test_before_becomes_after(name: str, mmdet2_configs: Path, tmp_path: Path):
    before, after = re.findall(r"```python\n(.*?)```", (DOCS / name).read_text("utf-8"), re.S)
    shutil.copytree(mmdet2_configs / "_base_", tmp_path / "configs/_base_")
    config = tmp_path / "configs/ships/ships.py"
    config.parent.mkdir()
    config.write_text(before)
    plan = plan_upgrade([config], options=Options(with_bases=True))
    found = next(file.plan.after for file in plan.files if file.plan.path == config)
    assert found.decode() == after


@pytest.mark.parametrize("name", ["upgrade.md", "upgrade.zh-CN.md"])
def test_its_links_lead_somewhere(name: str):
    links = re.findall(r"\]\(([^)#:]+)\)", (DOCS / name).read_text("utf-8"))
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []
