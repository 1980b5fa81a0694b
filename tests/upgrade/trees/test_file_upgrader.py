"""What is said of a file that cannot be written so that it resolves to its goal."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.errors import ConfigError
from mmscaffold.upgrade.planner import plan_upgrade


def test_statements_that_share_a_line_are_named(tmp_path: Path) -> None:
    path = tmp_path / "config.py"
    path.write_text("total_epochs = 12\nx = 1; workflow = [('train', 1)]; seed = 3\n")
    with pytest.raises(ConfigError, match="line 2 holds several statements") as caught:
        plan_upgrade([path])
    assert caught.value.hint == "Write each on a line of its own, then try again."
    assert caught.value.where == f"{path}:2"


def test_they_stay_together_where_that_is_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "config.py"
    path.write_text("total_epochs = 12; lr = 0.1\noptimizer = dict(type='SGD', lr=lr)\n")
    (file,) = plan_upgrade([path]).files
    assert b"lr = 0.1" in file.plan.after
