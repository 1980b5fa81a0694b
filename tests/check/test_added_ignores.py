from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import check_paths, load_settings
from mmscaffold.check.added_ignores import AddedIgnores, plan_ignores

FAULTY = "train_cfg = dict(type='EpochBasedTrainLoop', by_epoch=True, max_epochs=1)"
LOOP = """from mmengine.runner import EpochBasedTrainLoop


class Loop(EpochBasedTrainLoop):
    def run(self):
        while self._epoch < self._max_epochs:
            self.run_epoch()
"""


def plan(folder: Path, **files: str | bytes) -> AddedIgnores:
    for name, text in files.items():
        raw = text if isinstance(text, bytes) else text.encode()
        suffix = {"data": ".json", "settings": ".yaml"}.get(name, ".py")
        (folder / f"{name}{suffix}").write_bytes(raw)
    report = check_paths([folder], load_settings(folder))
    assert report.findings
    return plan_ignores(report.findings, (*report.configs, *report.code))


def found_after(folder: Path, planned: AddedIgnores) -> list[str]:
    report = check_paths([folder], load_settings(folder), overlay=planned.after)
    return [one.rule.id for one in report.findings]


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (FAULTY, f"{FAULTY}  # mmscaffold: ignore[MMS101]"),
        (f"{FAULTY}   ", f"{FAULTY}  # mmscaffold: ignore[MMS101]"),
        (f"{FAULTY}  # noqa", f"{FAULTY}  # noqa  # mmscaffold: ignore[MMS101]"),
        (
            f"{FAULTY}  # mmscaffold: ignore[MMS102] why",
            f"{FAULTY}  # mmscaffold: ignore[MMS102, MMS101] why",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
def test_a_comment_stands_at_the_end_of_the_line(tmp_path, line, after, newline):
    planned = plan(tmp_path, a=f"{line}{newline}")
    assert planned.after == {tmp_path / "a.py": f"{after}{newline}".encode()}
    # Of another comment on the line, that it is idle may be left.
    assert {one.rule.id for one, _ in planned.left} <= {"MMS001"}
    assert "MMS101" not in found_after(tmp_path, planned)


def test_one_comment_names_all_rules_of_a_line_and_the_rest_stays(tmp_path):
    raw = b"\xef\xbb\xbf# \xe4\xb8\xad\r\n" + LOOP.replace("\n", "\r\n").encode()
    planned = plan(tmp_path, loop=raw)
    after = planned.after[tmp_path / "loop.py"]
    lines = list(zip(raw.split(b"\r\n"), after.split(b"\r\n"), strict=True))
    (changed,) = [pair for pair in lines if pair[0] != pair[1]]
    assert changed[1].startswith(changed[0] + b"  # mmscaffold: ignore[MMS2")
    assert changed[1].count(b"MMS") >= 2
    assert found_after(tmp_path, planned) == []


def test_a_line_that_can_have_no_comment_is_told_and_others_get_theirs(tmp_path):
    inside = FAULTY.replace("True", "'''\n''' == ''", 1).replace("by_epoch", "\\\n by_epoch")
    text = f"a = '''\n'''\n{inside}\nval_cfg = dict(type='ValLoop', typo=1)\n"
    planned = plan(tmp_path, a=text)
    reasons = {reason for _, reason in planned.left}
    assert reasons == {"no comment can stand on its line; use per-file-ignores"}
    assert planned.suppressed
    assert b"typo=1)  # mmscaffold: ignore[" in planned.after[tmp_path / "a.py"]


@pytest.mark.parametrize(
    "text",
    [
        "work_dir = '{{fileDirname}}'\n",
        "work_dir = 'a/{{ fileBasenameNoExtension }}'\n",
        "lr = '{{$LR:0.01}}'\n",
    ],
)
def test_placeholders_of_mmengine_do_not_matter(tmp_path, text):
    planned = plan(tmp_path, a=f"{text}{FAULTY}\n")
    assert planned.left == []
    assert planned.after[tmp_path / "a.py"].startswith(text.encode())


def test_yaml_gets_comments_and_json_has_none(tmp_path):
    yaml = "train_cfg:\n  type: EpochBasedTrainLoop\n  by_epoch: true\n  max_epochs: 1\n"
    json = '{"train_cfg": {"type": "EpochBasedTrainLoop", "by_epoch": true, "max_epochs": 1}}\n'
    planned = plan(tmp_path, settings=yaml, data=json)
    (after,) = planned.after.values()
    assert b"by_epoch: true  # mmscaffold: ignore[MMS101]\n" in after
    assert [reason for _, reason in planned.left] == ["JSON has no comments; use per-file-ignores"]


def test_only_files_that_were_named_are_edited(tmp_path):
    inner = tmp_path / "configs"
    inner.mkdir()
    (tmp_path / "base.py").write_text(f"{FAULTY}\n")
    (inner / "a.py").write_text("_base_ = '../base.py'\n")
    report = check_paths([inner], load_settings(inner))
    planned = plan_ignores(report.findings, (*report.configs, *report.code))
    assert planned.after == {}
    assert [reason for _, reason in planned.left] == [
        "its file was not named, nor is it in a named folder"
    ]


def test_a_comment_that_is_not_needed_is_not_suppressed_by_another(tmp_path):
    planned = plan(tmp_path, a="work_dir = 'x'  # mmscaffold: ignore[MMS104]\n")
    assert planned.after == {}
    assert "it is about such a comment" in planned.left[0][1]
