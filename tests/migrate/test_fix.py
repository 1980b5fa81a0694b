from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.check import Report, Settings, all_rules, check_paths
from mmscaffold.config import ConfigError, resolve
from mmscaffold.config.change import MISSING, first_difference
from mmscaffold.migrate import write_plan
from mmscaffold.migrate.fix import plan_fixes
from support.mmengine_loading import load_all
from support.share import share

ALL = Settings(all_rules())


def check(folder: Path) -> Report:
    return check_paths([folder], ALL)


def fixed(folder: Path) -> Report:
    """Fix a folder, and check it again."""
    report = check(folder)
    write_plan(plan_fixes(report.findings, report.configs))
    return check(folder)


@pytest.fixture
def write(tmp_path):
    def make(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path

    return make


def test_a_link_that_has_another_base_keeps_its_file_from_being_fixed(tmp_path):
    """Fixed for one of the names, the file would be wrong for the other."""
    loop = "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs={})\n"
    for name, text in (("a", "train_cfg = dict(by_epoch=True)\n"), ("b", loop.format(3))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "base.py").write_text(text)
    (tmp_path / "a" / "c.py").write_text("_base_ = './base.py'\n" + loop.format(24))
    (tmp_path / "b" / "c.py").symlink_to("../a/c.py")
    before = (tmp_path / "a" / "c.py").read_text()
    report = check(tmp_path)
    assert any(finding.diagnostic.fix for finding in report.findings)
    with pytest.raises(ConfigError, match="is the same file as"):
        plan_fixes(report.findings, report.configs)
    assert (tmp_path / "a" / "c.py").read_text() == before


def test_a_link_beside_its_file_is_fixed_with_it(write):
    folder = write(a="train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)\n")
    (folder / "b.py").symlink_to("a.py")
    assert not [finding for finding in fixed(folder).findings if finding.diagnostic.fix]
    assert (folder / "b.py").is_symlink()


def test_a_fault_is_fixed_where_it_is_and_what_inherits_is_fixed_with_it(write):
    folder = write(
        base="train_cfg = dict(\n"
        "    type='EpochBasedTrainLoop',  # ours\n"
        "    by_epoch=True,\n"
        "    max_epochs=3)\n",
        child="_base_ = './base.py'\nx = 1\n",
    )
    assert fixed(folder).findings == []
    text = "train_cfg = dict(\n    type='EpochBasedTrainLoop',  # ours\n    max_epochs=3)\n"
    assert (folder / "base.py").read_text() == text
    assert (folder / "child.py").read_text() == "_base_ = './base.py'\nx = 1\n"


def test_a_base_without_the_fault_stays_as_it_is(write):
    base = "train_cfg = dict(by_epoch=True, max_epochs=3)\n"
    folder = write(base=base, child="_base_ = './base.py'\ntrain_cfg = dict(max_epochs=4)\n",
                   faulty="_base_ = './base.py'\n"
                   "train_cfg = dict(type='EpochBasedTrainLoop')\n")  # fmt: skip
    assert fixed(folder).findings == []
    assert (folder / "base.py").read_text() == base
    assert resolve(folder / "child.py").get("train_cfg.by_epoch") is True
    assert "by_epoch" not in resolve(folder / "faulty.py").root["train_cfg"]
    assert resolve(folder / "faulty.py").get("train_cfg.max_epochs") == 3


def test_a_base_is_left_alone_if_a_config_without_the_fault_would_change(write):
    base = (
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
        "param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[28])]\n"
    )
    short = "_base_ = './base.py'\ntrain_cfg = dict(max_epochs=12)\n"
    folder = write(base=base, long="_base_ = './base.py'\n", short=short)
    report = check(folder)
    before = {path: resolve(path).to_dict() for path in report.configs}
    plan = plan_fixes(report.findings, report.configs)
    write_plan(plan)
    ends = {path.stem: resolve(path).get("param_scheduler[0].end") for path in report.configs}
    assert ends == {"base": 12, "long": 36, "short": 12}
    assert resolve(folder / "short.py").to_dict() == before[folder / "short.py"]
    assert [file.path.name for file in plan.files if file.notes] == ["base.py"]


def test_only_files_that_were_checked_change(write):
    base = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=3)\n"
    folder = write(base=base, child="_base_ = './base.py'\n")
    report = check_paths([folder / "child.py"], ALL)
    write_plan(plan_fixes(report.findings, report.configs))
    assert (folder / "base.py").read_text() == base
    assert "by_epoch" not in resolve(folder / "child.py").root["train_cfg"]


@pytest.mark.parametrize(
    ("text", "fixed_text"),
    [
        (
            "optim_wrapper = dict(\n    optimizer=dict(\n"
            "        type='AdamW',\n        lr=0.2))\n",
            "optim_wrapper = dict(\n    optimizer=dict(\n        _delete_=True,\n"
            "        type='AdamW',\n        lr=0.2))\n",
        ),
        (
            "opt = dict(type='AdamW')\noptim_wrapper = dict(optimizer=opt)\n",
            "opt = dict(type='AdamW')\noptim_wrapper = dict(optimizer=opt)\noptim_wrapper = "
            "dict(optim_wrapper,\n                     "
            "optimizer=dict(_delete_=True, type='AdamW', lr=0.1))\n",
        ),
    ],
)
def test_what_a_base_left_deep_inside_is_dropped(write, text, fixed_text):
    folder = write(
        base="optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1, momentum=0.9))\n",
        child="_base_ = './base.py'\n" + text,
    )
    assert [one.rule.id for one in check(folder).findings] == ["MMS136"]
    assert fixed(folder).findings == []
    assert (folder / "child.py").read_text() == "_base_ = './base.py'\n" + fixed_text


def test_without_a_safe_fix_nothing_is_planned(write):
    folder = write(a="train_cfg = dict(type='OwnLoop', by_epoch=True, max_epochs=3)\n")
    report = check(folder)
    assert report.findings
    assert plan_fixes(report.findings, report.configs).files == ()


def with_fixes(config: dict[str, Any], fixes: dict[tuple, Any]) -> dict[str, Any]:
    """A config with its fixes made, spelled out without any code of the migration."""
    config = copy.deepcopy(config)
    for (*above, last), value in fixes.items():
        parent: Any = config
        for key in above:
            parent = parent[key]
        if value is MISSING:
            del parent[last]
        else:
            parent[last] = value
    return config


@pytest.mark.slow
def test_mmdet_3_3_0_is_fixed_and_mmengine_reads_every_config_as_before_plus_the_fixes(
    mmdet_configs, mmdet_loaded, tmp_path
):
    folder = tmp_path / "configs"
    shutil.copytree(mmdet_configs, folder)
    before = {
        folder / path.relative_to(mmdet_configs): config for path, config in mmdet_loaded.items()
    }
    report = check(folder)
    fixable = [finding for finding in report.findings if finding.diagnostic.fix]
    assert len(fixable) >= 5
    plan = plan_fixes(report.findings, report.configs)
    assert plan.failed == ()
    write_plan(plan)

    after = check(folder)
    assert not [finding for finding in after.findings if finding.diagnostic.fix]
    # No new ones, and none of the others is gone.
    assert names(after) == names(report, but=fixable)

    faulty = {path for finding in fixable for path in finding.seen_in}
    looked_at = sorted(faulty.union(share(sorted(before), 6)))
    read = load_all(looked_at)
    for path in looked_at:
        fixes = {
            change.path: change.new
            for finding in fixable
            if path in finding.seen_in
            for change in finding.diagnostic.fix
        }
        assert first_difference(read[path], with_fixes(before[path], fixes)) is None, path


def names(report: Report, but: list | None = None) -> set[tuple[str, str]]:
    """The faults by rule and config; those of a base move when it changes."""
    return {
        (finding.rule.id, path.name)
        for finding in report.findings
        if finding not in (but or [])
        for path in finding.seen_in
    }


ENDS_EARLY = (
    "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
    "param_scheduler = [dict(type='MultiStepLR', end=12, milestones=[28])]\n"
)
SAME_FAULT = "_base_ = '../ours/base.py'\nx = 1\n"


@pytest.mark.parametrize(
    ("heir", "is_fixed"),
    [
        (SAME_FAULT, True),
        # The rule finds nothing there: its own length fits the schedule of the base.
        ("_base_ = '../ours/base.py'\ntrain_cfg = dict(max_epochs=12)\n", False),
        ("_base_ = '../ours/base.py'\nmine = _base_.param_scheduler[0].end\n", False),
        ("_base_ = '../ours/base.py'\nif _base_.param_scheduler[0].end < 20:\n    y = 2\n", False),
    ],
)
def test_an_heir_elsewhere_changes_by_its_own_finding_only(tmp_path, heir, is_fixed):
    (tmp_path / ".git").mkdir()
    for name, text in {"ours/base": ENDS_EARLY, "theirs/heir": heir}.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir()
        path.write_text(text)
    heir_path = tmp_path / "theirs" / "heir.py"
    before = resolve(heir_path).to_dict()
    report = check(tmp_path / "ours")
    assert any(finding.diagnostic.fix for finding in report.findings)
    plan = plan_fixes(report.findings, report.configs, [tmp_path / "ours"])
    write_plan(plan)
    assert heir_path.read_text() == heir
    after = resolve(heir_path).to_dict()
    if is_fixed:
        assert plan.heirs == (heir_path,)
        assert after["param_scheduler"][0]["end"] == 36
        before["param_scheduler"][0]["end"] = 36
    else:
        assert plan.heirs == ()
        (left,) = plan.files
        assert str(heir_path) in left.notes[0]
    assert after == before


def test_what_seems_to_inherit_and_does_not_resolve_is_told(tmp_path):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "a.py").write_text(ENDS_EARLY)
    (tmp_path / "configs" / "torn.py").write_text("_base_ = './a.py'\nx = (\n")
    report = check_paths([tmp_path / "configs" / "a.py"], ALL)
    plan = plan_fixes(report.findings, report.configs)
    assert [path.name for path, _ in plan.unread_heirs] == ["torn.py"]


def test_heirs_in_yaml_pure_python_and_by_way_of_others_are_found(tmp_path):
    folder = tmp_path / "configs"
    folder.mkdir()
    (folder / "a.py").write_text(ENDS_EARLY)
    (folder / "b.yaml").write_text("_base_: ./a.py\ny: 1\n")
    (folder / "c.py").write_text("_base_ = './b.yaml'\nz = 1\n")
    (folder / "d.py").write_text(
        "from mmengine.config import read_base\nwith read_base():\n    from .a import *\n"
    )
    report = check_paths([folder / "a.py"], ALL)
    plan = plan_fixes(report.findings, report.configs)
    assert {path.name for path in plan.heirs} == {"b.yaml", "c.py", "d.py"}
    assert {file.path.name for file in plan.edited} == {"a.py"}
