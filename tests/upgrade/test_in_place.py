"""Official configs of 2.x, upgraded in place: proven, with their comments, and as they were.

The ordinary run takes a share of them; with ``MMSCAFFOLD_WHOLE``, all.
"""

from __future__ import annotations

import random
import statistics
from pathlib import Path

import pytest
from mmscaffold.config.change import first_difference
from mmscaffold.config.edit.comments import lost_comments
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.migrate.line_diff import lines_of
from mmscaffold.upgrade.forms.file_text import READ
from mmscaffold.upgrade.plan import UpgradePlan
from mmscaffold.upgrade.planner import plan_upgrade
from mmscaffold.upgrade.tree_upgrader import Options
from support.rewritten_configs import REWRITINGS
from support.share import WHOLE, share

WITH_BASES = Options(with_bases=True)


@pytest.fixture(scope="module")
def chosen(mmdet2_configs: Path) -> list[Path]:
    files = [path for path in sorted(mmdet2_configs.rglob("*.py")) if "_base_" not in path.parts]
    return list(share(files, 20))


@pytest.fixture(scope="module")
def plan(chosen: list[Path]) -> UpgradePlan:
    return plan_upgrade(chosen, options=WITH_BASES, keep_going=True, with_heirs=False)


def test_every_file_resolves_to_its_goal(plan: UpgradePlan) -> None:
    assert plan.failed == ()
    assert plan.current == ()
    assert len(plan.files) >= (634 if WHOLE else 31)


def test_every_comment_stays(plan: UpgradePlan) -> None:
    for file in plan.edited:
        assert lost_comments(file.path, file.before, file.after) == []


def test_little_else_changes(plan: UpgradePlan) -> None:
    changed, length = [], []
    for file in plan.files:
        lines = len(lines_of(file.plan.before.decode()))
        if lines:
            changed.append(file.plan.changed_lines / lines)
            length.append(len(lines_of(file.plan.after.decode())) / lines)
    assert statistics.median(changed) <= 0.35
    assert statistics.median(length) <= 1.1


def test_a_second_run_changes_nothing(
    mmdet2_configs: Path, plan: UpgradePlan, tmp_path: Path
) -> None:
    for file in plan.files:
        target = tmp_path / file.path.relative_to(mmdet2_configs)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.plan.after)
    again = plan_upgrade([tmp_path])
    assert again.failed == ()
    assert again.edited == []


@pytest.mark.parametrize("name", REWRITINGS)
def test_the_same_in_other_words_becomes_the_same(name: str, chosen: list[Path]) -> None:
    """Shuffled, spread, displayed, commented: what it resolves to stays the same."""
    number = list(REWRITINGS).index(name)
    for path in chosen if WHOLE else chosen[number :: len(REWRITINGS)]:
        text = path.read_text(encoding="utf-8")
        if "{{" in text and name not in ("with_windows_endings", "with_tabs", "with_comments"):
            continue
        new = REWRITINGS[name](text, random.Random(path.name)).encode()
        roots = [_upgraded(path, overlay) for overlay in ({}, {path: new})]
        for key in READ:
            assert first_difference(roots[0].get(key), roots[1].get(key)) is None, (path, key)


def _upgraded(file: Path, overlay: dict[Path, bytes]) -> dict[str, object]:
    plan = plan_upgrade(
        [file], package="mmdet", options=WITH_BASES, overlay=overlay, with_heirs=False
    )
    after = {one.path: one.plan.after for one in plan.files}
    written = after.get(file, b"")
    if b"\r\n" in overlay.get(file, b""):
        assert written.count(b"\r\n") == written.count(b"\n")
    return dict(Resolver({**overlay, **after}).resolve(file).root)
