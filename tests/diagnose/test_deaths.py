"""Runs that died: what killed them is named, with the key of the config that brought it."""

from __future__ import annotations

import re
import traceback

import pytest
from mmscaffold.check import find_rule
from mmscaffold.diagnose import DEATHS, diagnose

STAMP = "2025/01/01 00:00:00 - mmengine - INFO - "
TRAIN = STAMP + (
    "Epoch(train) [1][4/4]  lr: 1.0000e-02  eta: 0:00:09  time: 0.1000  data_time: 0.0010  "
    "loss: 0.5\n"
)
FRAME = 'Traceback (most recent call last):\n  File "tools/train.py", line 9, in <module>\n'
FRAME += '    main()\n  File "/x/site-packages/mmengine/runner.py", line 3, in train\n    x()\n'


def printed(error: BaseException | None) -> str:
    """What Python prints of an exception that nothing catches."""
    assert error is not None
    return "".join(traceback.format_exception(error))


def with_config(text: str, rest: str) -> str:
    return f"{STAMP}\n-----\nSystem environment:\n{STAMP}Config:\n{text}\n\n{STAMP}x\n{rest}"


@pytest.fixture
def ending(tmp_path):
    """Diagnose a log, and give what its run died of."""

    def read(text: str):
        path = tmp_path / "a.log"
        path.write_text(text)
        found = diagnose([path])
        [run] = found.runs
        assert run.ending is not None
        assert found.exit_code == (
            0 if run.ending.death is not None and run.ending.death.is_wish else 1
        )
        return run.ending

    return read


SCHEDULE = "param_scheduler = [dict(type='MultiStepLR', begin=9, end=6, milestones=[4])]"
REAL = {
    "a misspelt argument": (
        {"default_hooks": {"logger": {"type": "LoggerHook", "intervall": 1}}},
        "default_hooks = dict(logger=dict(type='LoggerHook', intervall=1))",
        "argument-not-accepted",
        "default_hooks.logger.intervall at ",
    ),
    "an unknown hook": (
        {"custom_hooks": [{"type": "NoSuchHook"}]},
        "custom_hooks = [dict(type='NoSuchHook')]",
        "class-not-registered",
        "custom_hooks[0].type at ",
    ),
    "an argument too few": (
        {"param_scheduler": [{"type": "MultiStepLR"}]},
        "param_scheduler = [dict(type='MultiStepLR')]",
        "argument-missing",
        None,
    ),
    "a metric that is not there": (
        {"default_hooks": {"checkpoint": {"type": "CheckpointHook", "save_best": "acc"}}},
        "default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best='acc'))",
        "metric-not-there",
        "default_hooks.checkpoint.save_best at ",
    ),
    "a monitor that is not there": (
        {"custom_hooks": [{"type": "EarlyStoppingHook", "monitor": "acc", "strict": True}]},
        "custom_hooks = [dict(type='EarlyStoppingHook', monitor='acc', strict=True)]",
        "monitor-not-there",
        "custom_hooks[0].monitor at ",
    ),
    "a schedule back to front": (
        {"param_scheduler": [{"type": "LinearLR", "begin": 9, "end": 6}]},
        "param_scheduler = [dict(type='LinearLR', begin=9, end=6)]",
        "scheduler-ends-before-it-begins",
        None,
    ),
}


@pytest.mark.parametrize(("overrides", "config", "name", "place"), REAL.values(), ids=REAL)
def test_what_mmengine_raises(tmp_path, ending, overrides, config, name, place):
    pytest.importorskip("torch")
    from support import tiny_training

    training = tiny_training.train(tmp_path / "run", **overrides)
    found = ending(with_config(config, printed(training.error)))
    assert found.death.name == name
    assert found.crash.own_frame is not None
    if place is not None:
        [told] = found.places
        assert told.startswith(place)
        assert re.search(r":\d+$", told)


def test_a_rule_of_check_says_what_it_finds_in_the_config(ending):
    found = ending(with_config(SCHEDULE, FRAME + "ValueError: end should be larger than begin\n"))
    assert any("MMS123 finds" in one.text for one in found.findings)


def test_a_config_that_mmengine_cannot_read(tmp_path, ending):
    config = pytest.importorskip("mmengine.config")
    path = tmp_path / "config.py"
    path.write_text("from mmengine.config import read_base\nwith open('x'):\n    pass\n")
    with pytest.raises(config.config.ConfigParsingError) as caught:
        config.Config.fromfile(path)
    assert ending(printed(caught.value)).death.name == "config-not-parsed"


def test_what_a_worker_of_the_data_loader_raised(ending):
    torch = pytest.importorskip("torch")

    class Broken(torch.utils.data.Dataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            raise FileNotFoundError(2, "No such file or directory", "data/coco/1.jpg")

    with pytest.raises(FileNotFoundError) as caught:
        list(torch.utils.data.DataLoader(Broken(), num_workers=1))
    found = ending(printed(caught.value))
    assert found.death.name == "file-not-found"
    assert found.crash.own_frame.file == __file__


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0)",
         "gpu-memory-full"),
        ("torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
         "gpu-memory-full"),
        ("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", "gpu-memory-full"),
        ("RuntimeError: [enforce fail at alloc_cpu.cpp:75] DefaultCPUAllocator: can't allocate"
         " memory", "memory-full"),
        ("RuntimeError: DataLoader worker (pid 12) is killed by signal: Killed. ", "memory-full"),
        ("RuntimeError: DataLoader worker (pid 12) is killed by signal: Bus error. It is possible"
         " that dataloader's workers are out of shared memory.", "shared-memory-full"),
        ("ValueError: need at least one array to concatenate", "data-set-empty"),
        ("KeyError: 'MyHead is not in the mmdet::model registry. Please check whether the value of"
         " `MyHead` is correct'", "class-not-registered"),
        ("TypeError: class `RetinaNet` in mmdet/models/detectors/retinanet.py: __init__() got an"
         " unexpected keyword argument 'roi_head'", "argument-not-accepted"),
        ("TypeError: RetinaNet.__init__() missing 1 required positional argument: 'neck'",
         "argument-missing"),
        ("_pickle.UnpicklingError: Weights only load failed. This file can still be loaded",
         "weights-only"),
        ("KeyError: 'Foo is already registered in model at x'", "class-registered-twice"),
        ("RuntimeError: CUDA error: device-side assert triggered", "classes-do-not-match"),
        ("AssertionError: The `num_classes` (80) in RetinaHead of RetinaNet does not matches the "
         "length of `CLASSES` 3) in CocoDataset", "classes-do-not-match"),
        ("ModuleNotFoundError: No module named 'mmdet.models.foo'", "module-not-found"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.json'",
         "file-not-found"),
    ],
)  # fmt: skip
def test_what_other_libraries_raise(ending, message, name):
    found = ending(TRAIN + FRAME + message + "\n")
    assert found.death is not None
    assert found.death.name == name
    assert str(found.crash.own_frame) == "tools/train.py:9"


@pytest.mark.parametrize(
    "last",
    [
        "Killed\n",
        "tools/dist_train.sh: line 10:  4711 Killed                  python train.py\n",
        "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=1.0\n",
        "srun: error: node1: task 0: Out Of Memory\n",
        "Killed",
    ],
)
def test_what_the_system_killed(ending, last):
    assert ending(TRAIN + last).death.name == "memory-full"


@pytest.mark.parametrize(
    "prefix",
    ["[rank0]: ", "0: ", "trainer-1  | ", "2025-01-01T00:00:00.123Z "],
    ids=["torchrun", "slurm", "compose", "docker"],
)
def test_the_prefixes_of_launchers(ending, prefix):
    text = "".join(
        prefix + line
        for line in (FRAME + "ValueError: need at least one array to concatenate\n").splitlines(
            keepends=True
        )
    )
    found = ending(TRAIN + text)
    assert found.death.name == "data-set-empty"
    assert str(found.crash.own_frame) == "tools/train.py:9"


def test_processes_that_write_at_once(ending):
    lines = (FRAME + "ValueError: need at least one array to concatenate\n").splitlines()
    text = "".join(f"[rank{rank}]: {line}\n" for line in lines for rank in (0, 1))
    assert ending(TRAIN + text).death.name == "data-set-empty"


def test_the_wrapper_of_torchrun_does_not_hide_the_cause(ending):
    text = FRAME + "KeyError: 'MyHead is not in the mmdet::model registry.'\n"
    text += FRAME + "torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n"
    text += "====\ntools/train.py FAILED\n----\n  exitcode  : 1 (pid: 12)\n"
    assert ending(text).death.name == "class-not-registered"


def test_of_a_chain_the_last_is_told(ending):
    text = FRAME + "KeyError: 'a'\n\n"
    text += "During handling of the above exception, another exception occurred:\n\n"
    text += FRAME + "ValueError: end should be larger than begin\n"
    assert ending(text).death.name == "scheduler-ends-before-it-begins"


def test_a_message_of_several_lines(ending):
    found = ending(FRAME + "RuntimeError: one\ntwo CUDA out of memory\nthree\n\n")
    assert found.crash.headline == "RuntimeError: one"
    assert found.death.name == "gpu-memory-full"


def test_an_exception_of_no_kind_is_named_all_the_same(ending):
    found = ending(TRAIN + FRAME + "ZeroDivisionError: division by zero\n")
    assert found.death is None
    assert found.crash.headline == "ZeroDivisionError: division by zero"
    assert found.crash.line == 7


def test_one_without_a_message(ending):
    found = ending(TRAIN + FRAME + "AssertionError\n")
    assert found.crash.headline == "AssertionError"


def test_ctrl_c_is_not_a_fault(ending):
    assert ending(TRAIN + FRAME + "KeyboardInterrupt\n").death.is_wish


def test_what_training_survived_did_not_end_it(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(TRAIN + FRAME + "OSError: retrying\n" + TRAIN.replace("[1]", "[2]"))
    [run] = diagnose([path]).runs
    assert run.ending is None


def test_of_two_starts_in_one_text_each_has_its_own(tmp_path):
    path = tmp_path / "a.log"
    start = f"{STAMP}\n-----\nSystem environment:\n"
    path.write_text(start + FRAME + "KeyError: 'a'\n" + start + TRAIN)
    first, second = diagnose([path]).runs
    assert first.ending.crash.headline == "KeyError: 'a'"
    assert second.ending is None


@pytest.mark.parametrize("death", DEATHS, ids=lambda death: death.name)
def test_its_rules_exist(death):
    assert all(find_rule(rule) for rule in death.rules)
    assert death.text.endswith(".")
    assert death.hint


def test_the_kinds_have_names_of_their_own():
    assert len({death.name for death in DEATHS}) == len(DEATHS)


GUARDED = (
    "2025/01/01 00:00:00 - mmengine - ERROR - /x/my_project/engine/contract.py - report - 88 - "
    "ContractError: MyLoop.epoch: expected 1, got 0. _epoch must advance by one per epoch. "
    "(MMS204: https://github.com/mmscaffold/mmscaffold/blob/main/docs/rules/MMS204.md)\n"
)


@pytest.mark.parametrize("rest", ["", FRAME + GUARDED[GUARDED.index("ContractError") :]])
def test_what_the_guard_of_a_project_wrote_before_it_ended_the_run(ending, rest):
    """The log file has no traceback, the console has both."""
    found = ending(TRAIN + GUARDED + rest)
    assert found.death.name == "stopped-by-the-guard"
    assert found.crash.headline.startswith("ContractError: MyLoop.epoch: expected 1, got 0.")
    assert "MMS204" in found.crash.headline


def test_a_guard_that_only_warned_ended_nothing(tmp_path):
    path = tmp_path / "a.log"
    path.write_text(TRAIN + GUARDED.replace("ERROR", "WARNING"))
    [run] = diagnose([path]).runs
    assert run.ending is None
