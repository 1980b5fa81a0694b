"""A fault is told at the file that brings it."""

from __future__ import annotations

from pathlib import Path

from mmscaffold.check import Settings, check_paths, find_rule

SCHEDULE = """
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
param_scheduler = [dict(type='CosineAnnealingLR', begin=0, end=12, T_max=12)]
"""
RUN = "model = dict(type='RetinaNet')\ntrain_dataloader = dict(batch_size=2)\n"


def found(folder: Path, *, rule: str = "MMS104") -> list[tuple[str, int]]:
    report = check_paths([folder], Settings((find_rule(rule),)))
    return sorted(
        (str(one.diagnostic.place.path.relative_to(folder)), one.diagnostic.place.line)
        for one in report.findings
    )


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


def test_a_leaf_that_changes_the_length_is_at_fault(tmp_path):
    write(
        tmp_path,
        base=SCHEDULE,
        right=f"_base_ = './base.py'\n{RUN}",
        leaf=f"_base_ = './base.py'\n{RUN}train_cfg = dict(max_epochs=36)\n",
        below="_base_ = './leaf.py'\nmodel = dict(depth=50)\n",
    )
    # Once, at the length; the config below inherits the fault.
    assert found(tmp_path) == [("leaf.py", 4)]
    report = check_paths([tmp_path], Settings((find_rule("MMS104"),)))
    assert [path.name for path in report.findings[0].seen_in] == ["below.py", "leaf.py"]
    assert f"{tmp_path / 'base.py'}:3" in report.findings[0].diagnostic.hint


def test_a_base_that_shows_it_by_itself_keeps_the_blame(tmp_path):
    write(
        tmp_path,
        base=SCHEDULE.replace("max_epochs=12", "max_epochs=36"),
        leaf=f"_base_ = './base.py'\n{RUN}",
        other=f"_base_ = './base.py'\n{RUN}",
    )
    assert [name for name, _ in found(tmp_path)] == ["base.py"]


def test_two_bases_that_do_not_fit_are_told_where_they_meet(tmp_path):
    loop, schedule = SCHEDULE.strip().splitlines()
    write(
        tmp_path,
        loop=loop.replace("12", "36"),
        schedule=schedule,
        leaf=f"{RUN}_base_ = ['./loop.py', './schedule.py']\n",
    )
    assert found(tmp_path) == [("leaf.py", 3)]


def test_what_only_the_leaves_lack_is_told_at_each(tmp_path):
    write(
        tmp_path,
        hooks="custom_hooks = [dict(type='EarlyStoppingHook', monitor='x')]\n",
        **dict.fromkeys(
            "ab", f"_base_ = './hooks.py'\n{RUN}train_cfg = dict(by_epoch=True, max_epochs=3)\n"
        ),
    )
    # Neither validates, which is what the hook of their base waits for.
    assert found(tmp_path, rule="MMS137") == [("a.py", 4), ("b.py", 4)]


def test_comments_suppress_it_at_the_leaf(tmp_path):
    write(
        tmp_path,
        base=SCHEDULE,
        leaf=f"_base_ = './base.py'\n{RUN}"
        "train_cfg = dict(max_epochs=36)  # mmscaffold: ignore[MMS104] on purpose\n",
    )
    assert found(tmp_path) == []
