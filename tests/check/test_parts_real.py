"""What the rules say of data and loaders, confirmed with real mmengine and torch."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.dataset import BaseDataset, RepeatDataset
from mmengine.optim import build_optim_wrapper
from mmengine.registry import MODEL_WRAPPERS
from mmengine.runner import Runner
from mmscaffold.check import Settings, check_paths, find_rule
from mmscaffold.facts.building import DATALOADER_ARGUMENTS
from support.tiny_training import TinyDataset, TinyMetric, arguments, dataloader, train
from torch.utils.data import DataLoader


def found(tmp_path, text: str) -> list[str]:
    file = tmp_path / "config.py"
    file.write_text(text)
    rules = tuple(find_rule(f"MMS{number}") for number in (*range(139, 151), 160, 161))
    return [one.rule.id for one in check_paths([file], Settings(rules)).findings]


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ({"num_workers": 0, "persistent_workers": True}, ["MMS146"]),
        ({"num_workers": 0, "prefetch_factor": 2}, ["MMS146"]),
        ({"persistent_workers": True}, ["MMS146"]),
        ({"num_workers": 1, "persistent_workers": True}, []),
        ({"num_workers": 0, "persistent_workers": False}, []),
    ],
)
def test_torch_refuses_settings_of_workers_where_there_are_none(tmp_path, settings, rules):
    loader = {**dataloader(), "num_workers": 0, **settings}
    text = f"model = dict(type='own.Model')\ntrain_dataloader = {settings!r}\n"
    assert found(tmp_path, text) == rules
    if rules:
        with pytest.raises(ValueError, match=r"num_workers|multiprocessing"):
            Runner.build_dataloader(loader)
    else:
        assert Runner.build_dataloader(loader) is not None


class Listed(BaseDataset):
    METAINFO: dict = {"classes": ("cat", "dog")}  # noqa: RUF012

    def load_data_list(self) -> list[dict[str, Any]]:
        return [TinyDataset()[index] for index in range(4)]


@pytest.mark.parametrize(
    ("metainfo", "taken", "rules"),
    [
        ({"classes": "ship"}, "ship", ["MMS143"]),
        ({"CLASSES": ("ship",)}, ("cat", "dog"), ["MMS143"]),
        ({"classes": ("ship",)}, ("ship",), []),
    ],
)
def test_mmengine_takes_a_string_for_classes_and_does_not_read_old_keys(
    tmp_path, metainfo, taken, rules
):
    assert Listed(metainfo=metainfo).metainfo["classes"] == taken
    text = f"train_dataloader = dict(dataset=dict(type='own.Listed', metainfo={metainfo!r}))\n"
    assert found(tmp_path, text) == rules


@pytest.mark.parametrize(("times", "rules"), [(0, ["MMS148"]), (1, []), (2, [])])
def test_a_data_set_repeated_0_times_has_no_samples(tmp_path, times, rules):
    text = f"train_dataloader = dict(dataset=dict(type='RepeatDataset', times={times}))\n"
    assert found(tmp_path, text) == rules
    assert len(RepeatDataset(Listed(), times)) == 4 * times


def test_a_wrapper_does_not_use_the_pipeline_that_a_hook_gives_it(tmp_path):
    wrapped = RepeatDataset(Listed(pipeline=[]), 2)
    wrapped.pipeline = lambda data: pytest.fail("the wrapper used it")
    assert wrapped[0] is not None


@pytest.mark.parametrize(("resume", "rules"), [("epoch_1.pth", ["MMS148"]), (True, [])])
def test_the_runner_does_not_read_the_path_in_resume(tmp_path, resume, rules):
    assert found(tmp_path, f"resume = {resume!r}\n") == rules
    runner = Runner(**arguments(tmp_path, resume=resume))
    assert runner._load_from is None


@pytest.mark.parametrize(
    ("monitor", "is_there"), [("tiny/count", True), ("count", False), ("other/count", False)]
)
def test_only_what_the_evaluator_gives_can_be_monitored(tmp_path, monitor, is_there):
    training = train(
        tmp_path,
        val_evaluator=[TinyMetric(prefix="tiny")],
        default_hooks={"checkpoint": {"type": "CheckpointHook", "save_best": monitor,
                                      "rule": "greater"}},
    )  # fmt: skip
    assert (training.error is None) is is_there
    text = f"""
default_scope = 'mmdet'
val_evaluator = dict(type='CocoMetric', prefix='tiny')
default_hooks = dict(checkpoint=dict(type='CheckpointHook', save_best={monitor!r}))
"""
    named = text.replace("count'", "bbox_mAP'")
    assert found(tmp_path, named) == ([] if is_there else ["MMS145"])


@pytest.mark.parametrize(
    ("settings", "rules"),
    [({"samples_per_gpu": 2}, ["MMS141"]), ({"pin_memory": False}, []),
     ({"num_batch_per_epoch": 2}, [])],
)  # fmt: skip
def test_torch_refuses_keys_that_are_none_of_a_dataloader(tmp_path, settings, rules):
    loader = {**dataloader(), **settings}
    assert found(tmp_path, f"train_dataloader = {settings!r}\n") == rules
    if rules:
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            Runner.build_dataloader(loader)
    else:
        assert Runner.build_dataloader(loader) is not None


def test_all_that_torch_takes_is_known_of_dataloaders():
    taken = inspect.signature(DataLoader.__init__).parameters
    assert taken.keys() - {"self"} <= DATALOADER_ARGUMENTS


@pytest.mark.parametrize(
    ("settings", "rules"),
    [({"grad_clip": {"max_norm": 3}}, ["MMS141"]), ({"clip_grad": {"max_norm": 3}}, []),
     ({"paramwise_cfg": {"norm_decay_mult": 0.0}}, [])],
)  # fmt: skip
def test_mmengine_refuses_keys_that_are_none_of_the_default_wrapper(tmp_path, settings, rules):
    wrapper = {"optimizer": {"type": "SGD", "lr": 0.1, "weight_decay": 0.1}, **settings}
    assert found(tmp_path, f"optim_wrapper = {wrapper!r}\n") == rules
    runner = Runner(**arguments(tmp_path))
    if rules:
        with pytest.raises(TypeError, match="unexpected keyword argument"):
            runner.build_optim_wrapper(wrapper)
    else:
        assert runner.build_optim_wrapper(wrapper) is not None


RUNNABLE = """
default_scope = 'mmdet'
model = dict(type='RetinaNet')
train_dataloader = dict()
"""


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("DefaultOptimWrapperConstructor", True),
        ("DefaultOptimWrapperConstuctor", False),
        ("mmengine.DefaultOptimWrapperConstructor", True),
        # A class, but of another registry.
        ("OptimWrapper", False),
    ],
)
def test_the_constructor_of_an_optimizer_wrapper_is_looked_up(tmp_path, name, known):
    wrapper = {"constructor": name, "optimizer": {"type": "SGD", "lr": 0.1}}
    text = f"{RUNNABLE}optim_wrapper = {wrapper!r}\n"
    assert found(tmp_path, text) == ([] if known else ["MMS139"])
    model = torch.nn.Linear(1, 1)
    if known:
        assert build_optim_wrapper(model, wrapper) is not None
    else:
        with pytest.raises(KeyError, match="is not in the"):
            build_optim_wrapper(model, wrapper)


@pytest.mark.parametrize(
    "name", ["MMDistributedDataParallel", "DistributedDataParallel", "MMDistributedDataParalel",
             "EpochBasedTrainLoop"]
)  # fmt: skip
def test_the_wrapper_of_a_model_is_looked_up(tmp_path, name):
    text = f"{RUNNABLE}model_wrapper_cfg = dict(type={name!r})\n"
    known = MODEL_WRAPPERS.get(name) is not None
    assert found(tmp_path, text) == ([] if known else ["MMS139"])


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"data_prefix": "train/"}, AttributeError),
        ({"metainfo": ("ship",)}, TypeError),
        ({"pipeline": {"type": "Pad"}}, TypeError),
        ({"data_prefix": {"img": "train/"}, "metainfo": {"classes": ("ship",)}}, None),
    ],
)
def test_a_data_set_refuses_values_of_another_kind(tmp_path, values, error):
    text = (
        f"train_dataloader = dict(dataset=dict(type='mmengine.dataset.BaseDataset', **{values}))"
    )
    assert found(tmp_path, text) == (["MMS161"] if error else [])
    if error is None:
        assert Listed(**values, lazy_init=True) is not None
    else:
        with pytest.raises(error):
            Listed(**values, lazy_init=True)


@pytest.mark.parametrize(
    ("hooks", "is_refused"),
    [
        ({"custom_hooks": {"type": "EMAHook"}}, True),
        ({"custom_hooks": ["EMAHook"]}, True),
        ({"default_hooks": [{"type": "EMAHook"}]}, True),
        ({"custom_hooks": ({"type": "EMAHook"},)}, False),
        ({"default_hooks": {"timer": None}}, False),
    ],
)
def test_the_runner_refuses_hooks_of_another_kind(tmp_path, hooks, is_refused):
    text = "".join(f"{key} = {value!r}\n" for key, value in hooks.items())
    assert found(tmp_path, text) == (["MMS161"] if is_refused else [])
    if is_refused:
        with pytest.raises((TypeError, AttributeError)):
            Runner(**arguments(tmp_path, **hooks))
    else:
        assert Runner(**arguments(tmp_path, **hooks)) is not None


@pytest.mark.parametrize(
    ("imports", "is_refused"),
    [
        ("json", True),
        (["json"], True),
        ({"modules": ["json"]}, True),
        ({"imports": ["json"], "allow_failed_imports": False}, False),
    ],
)
def test_mmengine_refuses_imports_of_another_kind(tmp_path, imports, is_refused):
    text = f"custom_imports = {imports!r}\n"
    assert found(tmp_path, text) == (["MMS161"] if is_refused else [])
    if is_refused:
        with pytest.raises(TypeError):
            Config.fromfile(tmp_path / "config.py")
    else:
        assert Config.fromfile(tmp_path / "config.py")


def test_a_list_of_data_sets_is_taken_for_samples(tmp_path):
    several = [{"type": "Listed"}, {"type": "Listed"}]
    assert found(tmp_path, f"train_dataloader = dict(dataset={several!r})\n") == ["MMS161"]
    assert Runner.build_dataloader({**dataloader(), "dataset": several}).dataset == several


@pytest.mark.parametrize(
    "hooks",
    [{"default_hooks": {"checkpoint": {"interval": 5}}}, {"custom_hooks": [{"interval": 5}]}],
)
def test_the_runner_refuses_a_hook_without_type(tmp_path, hooks):
    text = "".join(f"{key} = {value!r}\n" for key, value in hooks.items())
    assert found(tmp_path, RUNNABLE + text) == ["MMS160"]
    with pytest.raises(KeyError, match="type"):
        Runner(**arguments(tmp_path, **hooks))
