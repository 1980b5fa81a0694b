"""Imports that nothing needs once a file is upgraded."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.errors import ConfigError
from mmscaffold.upgrade.forms.imports import without_idle_imports
from mmscaffold.upgrade.planner import plan_upgrade

WHOLE = """\
model = dict(type='FasterRCNN')
data = dict()
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import mmcv\nx = 1\n", "x = 1\n"),
        ("import mmcv  # why\nx = 1\n", "# why\nx = 1\n"),
        ("x = 1\r\nfrom torch import nn\r\n", "x = 1\r\n"),
        ("import numpy as np; x = 1\n", "x = 1\n"),
        ("import torch\nimport numpy\nx = torch.y\n", "import torch\nx = torch.y\n"),
        # Python's own tell nothing of the style; one of a project may register classes.
        ("import os\nx = 1\n", "import os\nx = 1\n"),
        ("import mine\nx = 1\n", "import mine\nx = 1\n"),
        ("_base_ = 'a.py'\nimport mmcv\n", "_base_ = 'a.py'\nimport mmcv\n"),
    ],
)
def test_idle_imports_go(text: str, expected: str):
    assert without_idle_imports(Path("a.py"), text.encode()) == expected.encode()


@pytest.mark.parametrize(
    "text",
    [
        "import mmcv\n",
        "import mmcv\nworkflow = mmcv.runner.workflow\n",
        "from mmcv.runner import hooks\nlog_config = dict(hooks=[dict(type=hooks.A)])\n",
    ],
)
def test_an_import_that_the_upgrade_made_idle_goes(text: str, tmp_path: Path):
    path = tmp_path / "config.py"
    path.write_text(text + WHOLE)
    after = plan_upgrade([path]).files[0].plan.after.decode()
    assert "import" not in after
    assert "train_cfg" in after


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\noptimizer = dict(type='SGD', lr=np.pi)\n",
        "import torch\nkind = torch.float16\n",
        "from mmcv.runner import hooks\ncustom_hooks = [dict(type=hooks.A)]\n",
    ],
)
def test_an_import_that_is_needed_is_refused(text: str, tmp_path: Path):
    path = tmp_path / "config.py"
    path.write_text(text + WHOLE)
    with pytest.raises(ConfigError, match="UP302") as caught:
        plan_upgrade([path])
    assert str(path) in str(caught.value.where)
