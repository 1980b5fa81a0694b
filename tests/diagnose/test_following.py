"""Logs that grow line by line: each symptom once, as soon as its line is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.diagnose import all_symptoms, diagnose
from mmscaffold.diagnose.following import Follower
from mmscaffold.errors import MmscaffoldError

LOGS = Path(__file__).with_name("logs")
AT_END = {one.name for one in all_symptoms() if one.at_end}


def follower(path: Path) -> Follower:
    return Follower(path, busy=1.0, settle=0.0)


def lines_of(name: str) -> list[bytes]:
    return (LOGS / f"{name}.log").read_bytes().splitlines(keepends=True)


def told_by_line(path: Path, lines: list[bytes]) -> dict[int, list[str]]:
    """The symptoms that are told at each line, as it is appended."""
    following, told = follower(path), {}
    for number, line in enumerate(lines, 1):
        with path.open("ab") as file:
            file.write(line)
        names = [one.symptom.name for news in following.update() for one in news.seen]
        if names:
            told[number] = names
    return told


def shown_by_prefix(path: Path, lines: list[bytes]) -> dict[int, list[str]]:
    """The symptoms that each prefix shows and no shorter one did, each read as a whole."""
    known: set[str] = set()
    shown = {}
    for number in range(1, len(lines) + 1):
        path.write_bytes(b"".join(lines[:number]))
        try:
            [run] = diagnose([path]).runs
        except MmscaffoldError:
            continue
        names = [one.symptom.name for one in run.seen if one.symptom.name not in known | AT_END]
        if names:
            shown[number] = names
            known.update(names)
    return shown


@pytest.mark.parametrize("name", sorted(path.stem for path in LOGS.glob("*.log")))
def test_each_symptom_is_told_once_at_the_line_that_shows_it(name, tmp_path):
    lines = lines_of(name)
    told = told_by_line(tmp_path / "a.log", lines)
    assert told == shown_by_prefix(tmp_path / "b.log", lines)
    if name == "healthy" or name in AT_END:
        assert not [one for one in told.values() if name in one]
    elif not (LOGS / "vis_data" / f"{name}.json").exists():
        assert sum(names.count(name) for names in told.values()) == 1


def test_scalars_are_followed_beside_the_log(tmp_path):
    (tmp_path / "vis_data").mkdir()
    records = (LOGS / "vis_data" / "iter-frozen.json").read_bytes().splitlines(keepends=True)
    path, scalars = tmp_path / "iter-frozen.log", tmp_path / "vis_data" / "iter-frozen.json"
    following, told, written = follower(path), [], 0
    for line in lines_of("iter-frozen"):
        with path.open("ab") as file:
            file.write(line)
        if b"(train)" in line or b"(val)" in line:
            with scalars.open("ab") as file:
                file.write(records[written])
            written += 1
        told += [one.symptom.name for news in following.update() for one in news.seen]
    assert written == len(records)
    assert told.count("iter-frozen") == 1


def test_nothing_is_told_of_a_line_that_is_not_whole(tmp_path):
    path, lines = tmp_path / "a.log", lines_of("epoch-repeats")
    path.write_bytes(b"".join(lines)[:-1])
    following = follower(path)
    assert not [one for news in following.update() for one in news.seen]
    with path.open("ab") as file:
        file.write(b"\n")
    assert [one.symptom.name for n in following.update() for one in n.seen] == ["epoch-repeats"]


def test_a_log_that_is_not_there_yet_is_waited_for(tmp_path):
    path = tmp_path / "work" / "20250101_000000" / "20250101_000000.log"
    following = follower(path)
    assert following.update() == []
    assert following.log is None
    assert following.folders() == {tmp_path}
    path.parent.mkdir(parents=True)
    assert following.folders() == {path.parent}
    path.touch()
    assert following.update() == []
    path.write_bytes(b"".join(lines_of("val-behind")))
    assert [one.symptom.name for n in following.update() for one in n.seen] == ["val-behind"]


@pytest.mark.parametrize("how", ["moved away", "cut", "written over"])
def test_a_log_that_begins_anew_is_another_run(tmp_path, how):
    path, ill = tmp_path / "a.log", b"".join(lines_of("val-behind"))
    path.write_bytes(ill)
    following = follower(path)
    assert len(following.update()) == 1
    with path.open("ab") as file:
        file.write(lines_of("val-behind")[-1])
    if how == "moved away":
        path.rename(tmp_path / "a.log.1")
    if how == "cut":
        path.write_bytes(b"")
        following.update()
    # Longer than what was there, so that its length does not tell.
    path.write_bytes(b"\n" * 5000 * (how == "written over") + ill)
    news = following.update()
    assert [one.symptom.name for n in news for one in n.seen] == ["val-behind"]
    assert len(following.diagnosis().runs) >= 2


def test_a_copy_that_is_replaced_by_a_longer_one_goes_on(tmp_path):
    """As rsync does it, which people fetch logs with."""
    path, lines = tmp_path / "a.log", lines_of("val-behind")
    told, following = [], follower(path)
    for number in range(1, len(lines) + 1):
        (tmp_path / "new").write_bytes(b"".join(lines[:number]))
        (tmp_path / "new").replace(path)
        told += [one.symptom.name for news in following.update() for one in news.seen]
    assert told == ["val-behind"]
    assert len(following.diagnosis().runs) == 1


def test_a_run_that_resumes_in_a_new_log_of_the_work_folder_is_followed(tmp_path):
    first, second = (
        tmp_path / name / f"{name}.log" for name in ("20250101_000000", "20250102_000000")
    )
    for log in (first, second):
        log.parent.mkdir()
    first.write_bytes(b"".join(lines_of("val-behind")))
    following = follower(tmp_path)
    # It may be years old.
    assert following.update() == []
    with first.open("ab") as file:
        file.write(lines_of("val-behind")[-1])
    assert [one.symptom.name for n in following.update() for one in n.seen] == ["val-behind"]
    second.write_bytes(b"".join(lines_of("healthy")[:5]).replace(b"(train)", b"(test)"))
    following.update()
    assert following.log == first
    second.write_bytes(b"".join(lines_of("healthy")))
    assert not [one for n in following.update() for one in n.seen]
    assert following.log == second
    assert [len(run.seen) for run in following.diagnosis().runs] == [1, 0]


TRACEBACK = b"""Traceback (most recent call last):
  File "/work/train.py", line 12, in <module>
    runner.train()
torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB
"""


def test_a_traceback_is_told_once_nothing_follows_it(tmp_path):
    path, lines = tmp_path / "a.log", lines_of("healthy")
    path.write_bytes(b"".join(lines[:20]) + TRACEBACK)
    following = Follower(path, busy=1.0, settle=0.2)
    assert not any(news.ending for news in following.update())
    with path.open("ab") as file:
        file.write(lines[20])
    assert following.update() == []
    with path.open("ab") as file:
        file.write(TRACEBACK)
    following.update()
    following._grew -= 1
    [news] = following.update()
    assert news.ending is not None
    assert news.is_ill
    assert following.update() == []
    assert following.diagnosis().exit_code == 1


def test_what_is_no_log_is_refused(tmp_path):
    (tmp_path / "a.log").write_bytes(b"\x1f\x8b" + b"\n" * 10)
    with pytest.raises(MmscaffoldError, match="compressed"):
        follower(tmp_path / "a.log").update()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scalars.json", (LOGS / "vis_data" / "iter-frozen.json").read_bytes()),
        # A byte order mark and an empty line before it; and a file of one line.
        ("config.json", b'\xef\xbb\xbf\n{"train_cfg": {}}\n'),
        ("20250101_000000.json", b'{"lr": 0.01, "step": 1}\n'),
    ],
)
def test_scalars_are_refused_rather_than_watched_in_vain(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MmscaffoldError, match="only a text log") as refused:
        follower(tmp_path / name).update()
    assert "the .log file" in refused.value.hint
