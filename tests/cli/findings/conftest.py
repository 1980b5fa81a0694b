"""A report with every kind of finding, and with files that were not understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import Report, Settings, all_rules, check_paths

FILES = {
    "configs/ä, b.py": "x = '界'; train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True,\n"
    "\tmax_epochs=36, val_begin=99)\n"
    "param_scheduler = dict(type='CosineAnnealingLR', T_max=12, end=12)\n",
    "configs/child.py": "_base_ = './ä, b.py'\n",
    "configs/other.py": "_base_ = './ä, b.py'\n",
    "configs/torn.py": "x = (\n",
    "configs/foreign.py": "_base_ = 'mmpose::_base_/x.py'\ntrain_cfg = dict(max_epochs=1)\n",
}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = check_paths([tmp_path], Settings(all_rules()))
    assert {one.rule.id for one in found.findings} >= {"MMS101", "MMS104", "MMS115"}
    return found
