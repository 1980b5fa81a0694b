"""Names that meant nothing to 2.x do not come to life in 3.x."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.config.errors import ConfigError
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.planner import plan_upgrade

OLD = """\
optimizer = dict(type='SGD', lr=0.1)
dist_params = dict(backend='nccl')
runner = dict(type='EpochBasedRunner', max_epochs=12)
"""


def _upgraded(folder: Path, name: str) -> tuple[dict, list[str]]:
    plan = plan_upgrade([folder])
    after = {file.plan.path: file.plan.after for file in plan.files}
    codes = [placed.note.code for placed in plan.notes]
    return to_plain(Resolver(after).resolve(folder / name).root), codes


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("resume = True\n", "resume", None),
        ("compile = True\n", "compile", None),
        ("tta_pipeline = [dict(type='Mine')]\n", "tta_pipeline", None),
        ("resume = True\nresume_from = None\n", "resume", False),
        (
            "env_cfg = dict(cudnn_benchmark=True)\n",
            "env_cfg",
            {"cudnn_benchmark": False, "dist_cfg": {"backend": "nccl"}},
        ),
        ("randomness = dict(seed=1, diff_rank_seed=True)\nseed = 3\n", "randomness", {"seed": 3}),
    ],
)
def test_what_2x_did_not_read_does_not_act(tmp_path: Path, text: str, key: str, value: object):
    (tmp_path / "a.py").write_text(OLD + text)
    new, codes = _upgraded(tmp_path, "a.py")
    assert new.get(key) == value
    assert codes == ["UP101"]


def test_other_variables_stay(tmp_path: Path):
    (tmp_path / "a.py").write_text(OLD + "rate = 0.1\nbackbone = dict(type='Mine')\n")
    new, codes = _upgraded(tmp_path, "a.py")
    assert new["rate"] == 0.1
    assert new["backbone"] == {"type": "Mine"}
    assert codes == []


def test_a_child_and_its_base(tmp_path: Path):
    (tmp_path / "base.py").write_text(OLD + "resume = True\n")
    (tmp_path / "child.py").write_text("_base_ = 'base.py'\nsync_bn = 'torch'\n")
    new, codes = _upgraded(tmp_path, "child.py")
    assert not {"resume", "sync_bn"} & new.keys()
    assert codes


def test_a_variable_that_is_read_needs_another_name(tmp_path: Path):
    (tmp_path / "a.py").write_text(OLD + "resume = True\nauto_resume = resume\n")
    with pytest.raises(ConfigError, match=r"the variable resume has a name that 3\.x reads"):
        plan_upgrade([tmp_path])


def test_a_base_of_3x_keeps_what_it_says(tmp_path: Path):
    (tmp_path / "base.py").write_text("env_cfg = dict(cudnn_benchmark=True)\nresume = True\n")
    (tmp_path / "child.py").write_text("_base_ = 'base.py'\nlr_config = dict(policy='fixed')\n")
    new, codes = _upgraded(tmp_path, "child.py")
    assert new["env_cfg"] == {"cudnn_benchmark": True}
    assert new["resume"] is True
    assert codes == []
