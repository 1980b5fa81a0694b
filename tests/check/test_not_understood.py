"""What check could not look at is said, and is no all-clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def run(path: Path, *words: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(group, ["check", str(path), *words])
    return result.exit_code, result.output.splitlines()


def test_a_torn_config_of_a_folder_is_told_once_with_what_it_takes_along(tmp_path):
    torn = "<<<<<<< HEAD\nmodel = dict(type='A')\n=======\nmodel = dict(type='B')\n>>>>>>> x\n"
    leaf = "_base_ = './base.py'\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=3)\n"
    write(tmp_path, base=torn, a=leaf, b=leaf, c="_base_ = './b.py'\n", sound="work_dir = 'x'\n")
    code, lines = run(tmp_path)
    told = [line for line in lines if line.startswith("not understood")]
    assert code == 2
    assert len(told) == 1
    assert told[0].endswith("; 3 configs inherit from it")


def test_a_torn_file_of_code_in_a_folder_is_no_error_of_the_configs(tmp_path):
    write(tmp_path, sound="work_dir = 'x'\n", loops="class Loop(:\n    pass\n")
    assert run(tmp_path)[0] == 0


def test_a_base_of_a_package_that_is_not_installed_is_no_all_clear(tmp_path):
    write(tmp_path, own="_base_ = 'mmseg::_base_/schedules/schedule_20k.py'\n")
    code, lines = run(tmp_path)
    assert code == 0
    assert "not understood: 1 config (base of mmseg, which is not installed)" in lines
    assert "no findings in what was understood" in lines[-1]
    # The remedy names what to install, which the package is not called.
    (remedy,) = [line for line in lines if line.startswith("  help: Install")]
    assert "pip install mmsegmentation" in remedy
    assert "additional_dependencies: [mmsegmentation]" in remedy


@pytest.mark.parametrize(
    "base",
    ["'mmseg::_base_/x.py'", "['./b.py', 'mmpose::_base_/x.py']", "'mmyolo::yolov5/y.py'"],
)
def test_who_needs_bases_gets_an_error_for_one_that_is_not_there(tmp_path, base):
    write(tmp_path, own=f"_base_ = {base}\n", b="work_dir = 'x'\n")
    assert run(tmp_path)[0] == 0
    assert run(tmp_path, "--need-bases")[0] == 2
    assert run(tmp_path, "--need-bases", "--exit-zero")[0] == 2
    write(tmp_path, own="_base_ = './b.py'\n")
    assert run(tmp_path, "--need-bases")[0] == 0


def test_a_named_file_says_which_base_it_did_not_find(tmp_path):
    loop = (
        "from mmengine.registry import LOOPS\nfrom {module} import TheirLoop\n\n\n"
        "@LOOPS.register_module()\nclass OwnLoop(TheirLoop):\n    pass\n"
    )
    write(
        tmp_path, loops=loop.format(module="nowhere.loops"), data="class A(Dataset):\n    x = 1\n"
    )
    _, lines = run(tmp_path / "loops.py")
    assert "OwnLoop derives from nowhere.loops.TheirLoop, which was not found" in lines[0]
    assert lines[-1].endswith("1 value unknown.")
    assert len(run(tmp_path / "data.py")[1]) == 1
    write(tmp_path, there="class TheirLoop:\n    pass\n", found=loop.format(module="there"))
    assert "not found" not in "".join(run(tmp_path / "found.py")[1])


def test_a_project_of_2x_is_told_to_be_one(tmp_path):
    write(tmp_path, a="total_epochs = 12\nlr_config = dict(policy='step')\n")
    code, lines = run(tmp_path)
    assert code == 1
    assert lines[-2] == (
        "This is a project of MMDetection 2.x: 1 of 1 config was written for mmcv's Runner."
    )


def test_own_classes_are_known_by_what_they_derive_from(tmp_path):
    (tmp_path / "own").mkdir()
    write(
        tmp_path / "own",
        __init__="from .hooks import OwnStopHook, OwnEndHook\nfrom .loops import OwnLoop\n",
        hooks="""
from mmengine.hooks import EarlyStoppingHook
from mmengine.registry import HOOKS


@HOOKS.register_module()
class OwnStopHook(EarlyStoppingHook):
    pass


@HOOKS.register_module()
class OwnEndHook(EarlyStoppingHook):
    def after_val_epoch(self, runner, metrics):
        pass
""",
        loops="""
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class OwnLoop(EpochBasedTrainLoop):
    pass
""",
    )
    write(
        tmp_path,
        config="""
custom_imports = dict(imports=['own'], allow_failed_imports=False)
model = dict(type='mmdet.RetinaNet')
train_dataloader = dict(batch_size=2, sampler=dict(type='InfiniteSampler'))
train_cfg = dict(type='OwnLoop', max_epochs=3)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
custom_hooks = [dict(type='OwnStopHook', monitor='x'), dict(type='OwnEndHook', monitor='x')]
""",
    )
    output = "\n".join(run(tmp_path)[1])
    assert "OwnStopHook waits for validations" in output
    assert "OwnEndHook waits" not in output
    assert "an epoch never ends" in output or "InfiniteSampler" in output
