"""Values that ``check`` says to be refused are refused by mmengine and mmdet; others are not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.evaluator import Evaluator
from mmengine.logging import MMLogger
from mmengine.optim.optimizer import amp_optimizer_wrapper
from mmengine.registry import HOOKS, LOOPS, OPTIM_WRAPPERS, PARAM_SCHEDULERS
from mmengine.runner import Runner, load_checkpoint
from mmscaffold.check import Settings, all_rules, check_paths, find_rule
from support.tiny_training import arguments
from torch.utils.data import DataLoader

pytestmark = pytest.mark.mmdet

RULE = Settings((find_rule("MMS163"),))
WHOLE = """
default_scope = 'mmdet'
model = dict(type='own.Net')
train_dataloader = dict(dataset=dict(type='own.Ships'))
"""
EPOCHS = {"type": "EpochBasedTrainLoop"}
AMP = {"type": "AmpOptimWrapper"}
NECK = {"type": "FPN", "in_channels": [8, 16], "out_channels": 8, "num_outs": 2}
RESNET = {"type": "ResNet", "depth": 18}
PREPROCESSOR = {"type": "DetDataPreprocessor", "mean": [1, 2, 3], "std": [1, 1, 1]}
COCO = {"type": "CocoMetric"}
# What is built, of what; a value that is refused, and one that is not.
CASES: list[tuple[str, dict[str, Any], str, Any, Any]] = [
    ("loop", EPOCHS, "max_epochs", "24", 24),
    ("loop", EPOCHS, "max_epochs", 12.5, 12.0),
    ("loop", {"type": "IterBasedTrainLoop"}, "max_iters", "9", 9),
    ("training", {**EPOCHS, "max_epochs": 2}, "val_interval", 0, 1),
    ("training", {**EPOCHS, "max_epochs": 2}, "val_begin", "1", 1),
    ("scheduler", {"type": "LinearLR", "end": 10}, "start_factor", 0, 0.1),
    ("scheduler", {"type": "LinearLR", "end": 10}, "start_factor", "0.1", 1),
    ("scheduler", {"type": "LinearLR", "end": 10}, "end_factor", "1", 0),
    ("scheduler", {"type": "LinearLR"}, "end", "10", 10.5),
    ("scheduler", {"type": "ConstantLR"}, "begin", "0", 0),
    ("scheduler", {"type": "ConstantLR"}, "factor", "0.5", 0.5),
    ("scheduler", {"type": "StepLR"}, "step_size", 0, 2.5),
    ("scheduler", {"type": "StepLR", "step_size": 1}, "gamma", "0.1", 0.1),
    ("scheduler", {"type": "MultiStepLR"}, "milestones", 2, (2,)),
    ("scheduler", {"type": "MultiStepLR", "milestones": [2]}, "gamma", "0.1", 0.1),
    ("scheduler", {"type": "ExponentialLR"}, "gamma", "0.9", 0.9),
    ("scheduler", {"type": "CosineAnnealingLR"}, "T_max", "10", 10),
    ("scheduler", {"type": "CosineAnnealingLR", "T_max": 3}, "eta_min", "1e-5", 1e-5),
    ("scheduler", {"type": "PolyLR"}, "power", "2", 2),
    ("scheduler", {"type": "PolyLR"}, "eta_min", "1e-5", 1e-5),
    ("scheduler", {"type": "OneCycleLR", "eta_max": 0.1}, "total_steps", 0, 10),
    ("scheduler", {"type": "OneCycleLR", "eta_max": 0.1, "total_steps": 9}, "pct_start", 30, 0.3),
    ("scheduler", {"type": "OneCycleLR", "eta_max": 0.1, "total_steps": 9},
     "anneal_strategy", "cosine", "cos"),
    ("scheduler", {"type": "CosineRestartLR", "eta_min": 0}, "periods", 5, [5]),
    ("scheduler", {"type": "ReduceOnPlateauLR", "monitor": "loss"}, "factor", 1.0, 0.1),
    ("scheduler", {"type": "ReduceOnPlateauLR", "monitor": "loss"}, "rule", "max", "less"),
    ("scheduler", {"type": "ReduceOnPlateauLR", "monitor": "loss"},
     "threshold_rule", "relative", "rel"),
    ("hook", {"type": "LoggerHook"}, "interval", 50.0, 50),
    ("hook", {"type": "LoggerHook"}, "interval_exp_name", 0, 1),
    ("hook", {"type": "CheckpointHook"}, "save_best", True, "auto"),
    ("hook", {"type": "EarlyStoppingHook", "monitor": "loss"}, "rule", "max", "less"),
    ("hook", {"type": "EMAHook"}, "begin_iter", -1, 0),
    ("hook", {"type": "EMAHook"}, "begin_epoch", "3", 3),
    ("wrapper", {"type": "OptimWrapper"}, "accumulative_counts", 0, 1.5),
    ("wrapper", {"type": "OptimWrapper"}, "clip_grad", 35, {"max_norm": 35}),
    ("wrapper", AMP, "loss_scale", 512, 512.0),
    ("wrapper", AMP, "loss_scale", "dynamics", "dynamic"),
    ("wrapper", AMP, "dtype", "fp16", "float16"),
    ("optimizer", {"type": "SGD"}, "lr", "0.1", 0.1),
    ("optimizer", {"type": "SGD"}, "lr", -0.1, 0),
    ("optimizer", {"type": "SGD", "lr": 0.1}, "momentum", "0.9", 0.9),
    ("optimizer", {"type": "AdamW", "lr": 0.1}, "weight_decay", "0.05", 0.05),
    ("optimizer", {"type": "AdamW", "lr": 0.1}, "eps", "1e-8", 1e-8),
    ("data_preprocessor", {**PREPROCESSOR, "std": [1, 1]}, "mean", [1, 2], None),
    ("data_preprocessor", PREPROCESSOR, "std", None, [2]),
    ("data_preprocessor", {**PREPROCESSOR, "rgb_to_bgr": True}, "bgr_to_rgb", True, False),
    ("backbone", {"type": "ResNet"}, "depth", 49, 34),
    ("backbone", RESNET, "frozen_stages", 5, 4),
    ("backbone", RESNET, "out_indices", (0, 4), (0, 3)),
    ("backbone", RESNET, "out_indices", 3, [3]),
    ("backbone", {**RESNET, "depth": 50}, "style", "torch", "caffe"),
    ("neck", NECK, "in_channels", (8, 16), [8, 16]),
    ("neck", NECK, "num_outs", 1, 3),
    ("neck", NECK, "add_extra_convs", "on_laterals", "on_lateral"),
    ("neck", {**NECK, "type": "PAFPN"}, "in_channels", (8, 16), [8, 16]),
    ("neck", {"type": "ChannelMapper", "out_channels": 8}, "in_channels", (8, 16), [8, 16]),
    ("neck", {**NECK, "type": "NASFPN", "stack_times": 1}, "num_outs", 1, 5),
    ("evaluator", {"type": "CrowdHumanMetric", "ann_file": "a"}, "metric", "mAP", "AP"),
    ("evaluator", {"type": "ReIDMetrics"}, "metric", "bbox", "CMC"),
    ("evaluator", COCO, "metric", ["bbox", "mask"], ["bbox", "segm"]),
    ("evaluator", COCO, "format_only", True, False),
    ("evaluator", {"type": "VOCMetric"}, "metric", "map", "mAP"),
    ("evaluator", {"type": "VOCMetric"}, "eval_mode", "11point", "11points"),
    ("loader", {}, "batch_size", 0, 1),
    ("loader", {}, "batch_size", "2", 2),
    ("loader", {}, "num_workers", "2", 0),
    ("randomness", {}, "randomness", {"deterministic": True}, {"seed": 0, "deterministic": True}),
    ("randomness", {}, "randomness", {"seed": 0, "cudnn": True}, {"seed": 0}),
    ("checkpoint", {}, "load_from", True, None),
    ("level", {}, "log_level", "info", "INFO"),
]  # fmt: skip


OF_MMDET = ("data_preprocessor", "backbone", "neck", "evaluator")


def parameters() -> Any:
    return torch.nn.Linear(2, 2).parameters()


def build(kind: str, values: dict[str, Any], folder: Path) -> None:
    """Build and use it as mmengine's Runner does."""
    import mmdet.evaluation
    import mmdet.models
    from mmdet.registry import METRICS, MODELS

    assert mmdet.models
    assert mmdet.evaluation
    optimizer = torch.optim.SGD(parameters(), lr=0.1, momentum=0.9)
    if kind in OF_MMDET:
        # Whatever scope another test has left behind.
        values = {**values, "type": f"mmdet.{values['type']}"}
    if kind == "loop":
        LOOPS.build({"runner": None, "dataloader": DataLoader([1, 2]), **values})
    elif kind == "training":
        Runner(**arguments(folder, train_cfg=values)).train()
    elif kind == "scheduler":
        scheduler = PARAM_SCHEDULERS.build({"optimizer": optimizer, **values})
        for _ in range(4):
            optimizer.step()
            scheduler.step(*([{"loss": 1.0}] if "monitor" in values else []))
    elif kind == "hook":
        HOOKS.build(values)
    elif kind == "wrapper":
        OPTIM_WRAPPERS.build({"optimizer": optimizer, **values})
    elif kind == "optimizer":
        getattr(torch.optim, values["type"])(
            parameters(), **{key: value for key, value in values.items() if key != "type"}
        )
    elif kind == "evaluator":
        Evaluator([METRICS.build(values)])
    elif kind == "loader":
        list(DataLoader([1, 2], **values))
    elif kind == "randomness":
        Runner.set_randomness(object.__new__(Runner), **values["randomness"])
    elif kind == "checkpoint":
        if values["load_from"]:
            load_checkpoint(torch.nn.Linear(2, 2), values["load_from"])
    elif kind == "level":
        MMLogger(str(folder), log_level=values["log_level"])
    else:
        MODELS.build(values).train()


def text(kind: str, values: dict[str, Any]) -> str:
    """A config that holds it."""
    if kind == "scheduler":
        return f"{WHOLE}param_scheduler = {values}\n"
    if kind in ("loop", "training"):
        validation = "val_cfg = dict()\n" if kind == "training" else ""
        return f"{WHOLE}train_cfg = {values}\n{validation}"
    if kind == "hook":
        return f"{WHOLE}custom_hooks = [{values}]\n"
    if kind == "wrapper":
        return f"{WHOLE}optim_wrapper = dict(**{values}, optimizer=dict(type='SGD', lr=0.1))\n"
    if kind == "optimizer":
        return f"{WHOLE}optim_wrapper = dict(optimizer={values})\n"
    if kind == "evaluator":
        return f"{WHOLE}val_evaluator = {values}\n"
    if kind == "loader":
        return f"{WHOLE}val_dataloader = {values}\n"
    if kind in ("randomness", "level", "checkpoint"):
        [(key, value)] = values.items()
        return f"{WHOLE}{key} = {value!r}\n"
    return f"{WHOLE}model = dict(type='RetinaNet', {kind}={values})\n"


@pytest.fixture(autouse=True)
def with_gpus_for_amp(monkeypatch):
    """AmpOptimWrapper asks for a GPU before anything else."""
    monkeypatch.setattr(amp_optimizer_wrapper, "is_cuda_available", lambda: True)


@pytest.mark.parametrize(("kind", "values", "argument", "refused", "taken"), CASES)
def test_it_is_refused_and_found(kind, values, argument, refused, taken, tmp_path):
    values = {**values, argument: refused}
    with pytest.raises(
        (AssertionError, AttributeError, KeyError, TypeError, ValueError, ArithmeticError)
    ):
        build(kind, values, tmp_path)
    (tmp_path / "config.py").write_text(text(kind, values))
    found = check_paths([tmp_path / "config.py"], RULE)
    assert not found.not_understood
    assert any(argument in one.diagnostic.message for one in found.findings)


@pytest.mark.parametrize(("kind", "values", "argument", "refused", "taken"), CASES)
def test_another_value_is_taken_and_not_found(kind, values, argument, refused, taken, tmp_path):
    values = {**values, argument: taken}
    if argument == "mean" and taken is None:
        values["std"] = None
    build(kind, values, tmp_path)
    (tmp_path / "config.py").write_text(text(kind, values))
    assert not check_paths([tmp_path / "config.py"], RULE).findings


@pytest.mark.parametrize("length", [0, -1])
def test_a_training_of_no_epoch(length, tmp_path):
    loop = {**EPOCHS, "max_epochs": length, "val_interval": 5}
    runner = Runner(**arguments(tmp_path, train_cfg=loop))
    runner.train()
    assert runner.iter == 0
    (tmp_path / "config.py").write_text(text("loop", loop))
    found = check_paths([tmp_path / "config.py"], Settings(all_rules())).findings
    told = [one.diagnostic.message for one in found if "epochs" in one.diagnostic.message]
    assert told == [
        f"max_epochs={length} of EpochBasedTrainLoop must be above 0; nothing is trained"
    ]


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("1e-5", "Write the number: 1.0e-05"),
        ("1e300", "Write the number: 1.0e+300"),
        ("'12'", "Write the number: 12"),
        ("'0.50'", "Write the number: 0.5"),
        ("fast", "Correct the value."),
        ("nan", "Correct the value."),
    ],
)
def test_a_number_that_is_text_is_advised_as_one(written, advice, tmp_path):
    """PyYAML, which mmengine reads with, takes 1e-5 for text."""
    (tmp_path / "config.yaml").write_text(
        f"default_scope: mmdet\noptim_wrapper: {{optimizer: {{type: SGD, lr: {written}}}}}\n"
    )
    found = check_paths([tmp_path / "config.yaml"], RULE).findings
    assert [one.diagnostic.hint for one in found] == [advice]
