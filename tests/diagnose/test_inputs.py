from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.diagnose import diagnose
from mmscaffold.errors import MmscaffoldError

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
REST = "lr: 1.0000e-02  eta: 0:00:09  time: 0.1000  data_time: 0.0010  loss: 0.5\n"


def log(epoch: int, resumed: int | None = None) -> str:
    text = f"{STAMP}\n-----\nSystem environment:\n"
    if resumed is not None:
        text += f"{STAMP}resumed epoch: {resumed}, iter: {resumed * 4}\n"
    return text + f"{STAMP}Epoch(train) [{epoch}][4/4]  {REST}"


def put(folder: Path, name: str, text: str, rank: str = "") -> Path:
    path = folder / name / f"{name}{rank}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_work_folder_is_its_newest_training(tmp_path):
    put(tmp_path, "20250101_000000", log(7))
    newest = put(tmp_path, "20250102_000000", log(1))
    found = diagnose([tmp_path])
    assert [run.story.run.path for run in found.runs] == [newest]
    assert len(found.passed_over) == 1


def test_with_those_that_it_resumed_in_their_order(tmp_path):
    put(tmp_path, "20250101_000000", log(9))
    chain = [
        put(tmp_path, "20250102_000000", log(1)),
        put(tmp_path, "20250103_000000", log(2, resumed=1)),
        put(tmp_path, "20250104_000000", log(3, resumed=2)),
    ]
    found = diagnose([tmp_path])
    assert [run.story.run.path for run in found.runs] == chain
    assert [run.seen for run in found.runs] == [[], [], []]
    assert len(found.passed_over) == 1


TEST = f"{STAMP}\n-----\nSystem environment:\n{STAMP}Epoch(test) [  10/2500]    eta: 0:00:09  "
TEST += "time: 0.1  data_time: 0.1  memory: 1  \n"


def test_the_newest_training_is_read_and_a_newer_test_is_said(tmp_path):
    training = put(tmp_path, "20250101_000000", log(1))
    test = put(tmp_path, "20250102_000000", TEST)
    found = diagnose([tmp_path])
    assert [run.story.run.path for run in found.runs] == [training]
    assert found.tests == [test]
    assert found.passed_over == []


def test_tests_only_are_no_training(tmp_path):
    put(tmp_path, "20250101_000000", TEST)
    put(tmp_path, "20250102_000000", TEST)
    found = diagnose([tmp_path])
    assert [run.story.run.is_test for run in found.runs] == [True, True]
    assert found.exit_code == 0


def test_a_log_that_trains_and_then_tests_is_a_training(tmp_path):
    path = put(tmp_path, "20250101_000000", log(1) + TEST.splitlines(keepends=True)[-1])
    [run] = diagnose([path]).runs
    assert not run.story.run.is_test


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("20250101_000000/vis_data/events.out.tfevents.1.host.1.0", "TensorBoard"),
        ("wandb/run-20250101_000000-abc/files/output.log", "output.log"),
        ("notes.txt", "Give the .log file"),
    ],
)
def test_a_folder_without_a_log_is_told_what_to_give(tmp_path, file, hint):
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text("x")
    with pytest.raises(MmscaffoldError, match="no mmengine log") as caught:
        diagnose([tmp_path])
    assert hint in caught.value.hint


def test_of_several_processes_the_first_is_read(tmp_path):
    put(tmp_path, "20250101_000000", log(1), "_user@host_device1_rank1")
    first = put(tmp_path, "20250101_000000", log(1), "_user@host_device0_rank0")
    record = '{"lr": 0.1, "time": 0.1, "epoch": 1, "iter": 4, "step": 4}\n'
    (first.parent / "vis_data").mkdir()
    (first.parent / "vis_data" / "20250101_000000.json").write_text(record)
    found = diagnose([tmp_path])
    assert [run.story.run.path for run in found.runs] == [first]
    assert found.runs[0].story.iters == [4]


def test_an_empty_newest_log_gives_way_to_the_one_before(tmp_path):
    older = put(tmp_path, "20250101_000000", log(1))
    put(tmp_path, "20250102_000000", "")
    assert [run.story.run.path for run in diagnose([tmp_path]).runs] == [older]


@pytest.mark.parametrize(
    "place", ["20250101_000000/vis_data/config.py", "20250101_000000.py", "x.py"]
)
def test_the_config_of_the_work_folder_is_used(tmp_path, place):
    put(tmp_path, "20250101_000000", log(5))
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=9)\n")
    config = diagnose([tmp_path]).runs[0].story.config
    assert config is not None
    assert config.max_epochs == 9


def test_a_config_is_never_run(tmp_path):
    ran = tmp_path / "ran"
    text = f"{STAMP}Config:\nx = open({str(ran)!r}, 'w')\ntrain_cfg = dict(max_epochs=9)\n\n"
    (tmp_path / "a.log").write_text(text + log(1))
    config = diagnose([tmp_path / "a.log"]).runs[0].story.config
    assert not ran.exists()
    assert config is not None
    assert config.max_epochs == 9


def test_a_config_that_cannot_be_read_is_said(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(f"{STAMP}Config:\ntrain_cfg = dict(\n\n" + log(1))
    found = diagnose([path])
    assert found.runs[0].story.config is None
    assert "a.log" in found.unread_configs[0]
    assert "syntax error" in found.unread_configs[0]


OLD_STAMP = "2022-01-01 00:00:00,000 - mmdet - INFO - "
OLD = f"{OLD_STAMP}Epoch [1][50/7330]\tlr: 1e-3, eta: 1:00:00\n"
OLD_ITER = (
    f"{OLD_STAMP}Iter [50/90000]\tlr: 1.000e-03, eta: 1 day, 2:00:00, time: 0.5, loss: 2.1\n"
)
OLD_SAVED = f"{OLD_STAMP}Saving checkpoint at 1 epochs\n"
OLD_EVALUATED = f"{OLD_STAMP}Epoch(val) [1][625]\tbbox_mAP: 0.1, bbox_mAP_copypaste: 0.1 0.2\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "no such file"),
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\x89PNG\0\0", "is not a text file"),
        ("Epoch(train) [1][1/4]".encode("utf-16"), "is UTF-16"),
        (b"hello\n", "is not an mmengine log"),
        (OLD.encode(), "mmcv 1.x"),
        ((OLD + OLD_SAVED).encode(), "mmcv 1.x"),
        ((OLD_ITER + OLD_SAVED + OLD_EVALUATED).encode(), "mmcv 1.x"),
        (("Config:\nmodel = dict()\n" + OLD_SAVED + OLD).encode(), "mmcv 1.x"),
        (b'{"a": 1}\n', "has no mmengine scalars"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path, content, message):
    path = tmp_path / "a.log"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MmscaffoldError, match=message) as caught:
        diagnose([path])
    assert caught.value.where == str(path)


def test_a_folder_without_a_log_is_refused(tmp_path):
    with pytest.raises(MmscaffoldError, match="no mmengine log in this folder"):
        diagnose([tmp_path])


def test_a_log_of_mmcv_before_one_of_mmengine_is_no_obstacle(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(OLD + OLD_SAVED + log(1))
    assert diagnose([path]).runs[-1].story.run.train.line


def test_the_json_of_mmcv_is_refused_as_its_log_is(tmp_path):
    path = tmp_path / "20210101_000000.log.json"
    path.write_text(
        '{"env_info": "sys.platform: linux"}\n'
        '{"mode": "train", "epoch": 1, "iter": 50, "lr": 0.002, "loss": 2.3, "time": 0.5}\n'
    )
    with pytest.raises(MmscaffoldError, match=r"is a log of mmcv 1\.x"):
        diagnose([path])


@pytest.mark.parametrize("zeros", [b"\0" * 4096, b"\0" * 4096 + b"\n"])
def test_zeros_where_a_machine_went_down_do_not_hide_a_log(tmp_path, zeros):
    path = tmp_path / "a.log"
    path.write_bytes(log(1).encode() + zeros)
    assert len(diagnose([path]).runs[0].story.run.train) == 1
    path.write_bytes(log(1).encode() + zeros + log(2, resumed=1).encode())
    assert [len(run.story.run.train) for run in diagnose([path]).runs] == [1, 1]


def test_scalars_stand_in_for_a_log_of_warnings_only(tmp_path):
    place = put(tmp_path, "20250101_000000", f"{STAMP.replace('INFO', 'WARNING')}Oh.\n")
    with pytest.raises(MmscaffoldError, match="is not an mmengine log"):
        diagnose([tmp_path])
    scalars = place.parent / "vis_data" / "20250101_000000.json"
    scalars.parent.mkdir()
    scalars.write_text('{"lr": 0.1, "time": 0.1, "loss": 1.0, "epoch": 1, "iter": 4, "step": 4}\n')
    [run] = diagnose([tmp_path]).runs
    assert run.story.run.path == scalars
