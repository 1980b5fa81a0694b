"""Values that classes of mmengine and mmdet refuse, though they take the argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

_Check = Callable[[Any, Mapping[str, Any]], bool]
_ANY = float("inf")
_NOT_BUILT = "it cannot be built with it"


class Demand(NamedTuple):
    """What one argument must be.

    Attributes:
        argument: The argument.
        holds: Whether a value is taken, beside all arguments; so is what is not known.
        what: What it must be, behind "must be".
        otherwise: What happens with another value.
        is_of_whole: Whether it asks for other arguments, which a part of configs may leave to
            the configs that use it.
    """

    argument: str
    holds: _Check
    what: str
    otherwise: str = _NOT_BUILT
    is_of_whole: bool = False


def _number(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, str)


def _whole(least: int | None = None, *, as_float: bool = False) -> _Check:
    def holds(value: Any, _: Mapping[str, Any]) -> bool:
        if isinstance(value, float):
            return as_float and value.is_integer()
        if isinstance(value, int):
            return least is None or value >= least
        return not isinstance(value, str | list | tuple | dict)

    return holds


def _not_zero(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, str) and value != 0


def _between(low: float, high: float, *, ends: bool = True) -> _Check:
    def holds(value: Any, _: Mapping[str, Any]) -> bool:
        if isinstance(value, str):
            return False
        if not isinstance(value, int | float):
            return True
        return low <= value <= high if ends else low < value < high

    return holds


def _one_of(*names: str) -> _Check:
    def holds(value: Any, _: Mapping[str, Any]) -> bool:
        return not isinstance(value, str) or value in names

    return holds


def _some_of(*names: str) -> _Check:
    def holds(value: Any, _: Mapping[str, Any]) -> bool:
        several = value if isinstance(value, list | tuple) else [value]
        return all(not isinstance(one, str) or one in names for one in several)

    return holds


def _of_kind(*kinds: type) -> _Check:
    """One of these, where it is a plain value at all."""

    def holds(value: Any, _: Mapping[str, Any]) -> bool:
        plain = (str, bool, int, float, list, tuple, dict)
        return isinstance(value, kinds) or not isinstance(value, plain)

    return holds


def _alternatives(names: tuple[str, ...]) -> str:
    return " or ".join(map(repr, names))


def _choice(argument: str, *names: str) -> Demand:
    return Demand(argument, _one_of(*names), _alternatives(names))


# mmengine/runner/loops.py
_TO_VALIDATE = "training ends with an error at the first validation"
_VALIDATION = (
    Demand("val_interval", _not_zero, "a number above 0", _TO_VALIDATE),
    Demand("val_begin", _number, "a number", "training ends with a TypeError in its first round"),
)
OF_VALIDATION = frozenset(one.argument for one in _VALIDATION)
"""The arguments of a train loop that matter where there is a validation."""
_WHOLE = _whole(as_float=True)


def _trains(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, int | float) or value > 0


def _length(argument: str) -> tuple[Demand, ...]:
    return (
        Demand(argument, _WHOLE, "a whole number"),
        Demand(argument, _trains, "above 0", "nothing is trained"),
    )


# mmengine/optim/scheduler/param_scheduler.py
_FIRST_STEP = "training ends with an error at one of its first steps"
_AT_A_STEP = "training ends with a TypeError at one of its steps"
_RULES = ("greater", "less")


# mmengine/model/base_model/data_preprocessor.py, ImgDataPreprocessor
_CHANNELS = "a list of 1 or 3 values, as mean and std both are"


def _channels(value: Any, values: Mapping[str, Any]) -> bool:
    if value is None:
        return True
    if isinstance(value, str | int | float):
        return False
    both = all(values.get(key) is not None for key in ("mean", "std"))
    return not isinstance(value, list | tuple) or (both and len(value) in (1, 3))


def _one_order(value: Any, values: Mapping[str, Any]) -> bool:
    return not (value is True and values.get("rgb_to_bgr") is True)


_PREPROCESSOR = (
    Demand("mean", _channels, _CHANNELS, is_of_whole=True),
    Demand("std", _channels, _CHANNELS, is_of_whole=True),
    Demand("bgr_to_rgb", _one_order, "False beside rgb_to_bgr=True"),
)


# mmdet/models/backbones/resnet.py
def _stages(values: Mapping[str, Any]) -> int | None:
    number = values.get("num_stages", 4)
    return number if isinstance(number, int) else None


def _frozen(value: Any, values: Mapping[str, Any]) -> bool:
    stages = _stages(values)
    return not isinstance(value, int) or stages is None or value <= stages


def _existing(value: Any, values: Mapping[str, Any]) -> bool:
    stages = _stages(values)
    if isinstance(value, int | str) or value in ([], ()):
        return False
    numbers = [one for one in value if isinstance(one, int)] if _is_list(value) else []
    return stages is None or all(one < stages for one in numbers)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _depth(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, int | str) or value in (18, 34, 50, 101, 152)


# mmdet/models/necks/fpn.py
def _extra(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, str | int) or value in (
        True, False, "on_input", "on_lateral", "on_output",
    )  # fmt: skip


def _enough_levels(value: Any, values: Mapping[str, Any]) -> bool:
    inputs, first = values.get("in_channels"), values.get("start_level", 0)
    if values.get("end_level", -1) != -1 or not isinstance(value, int):
        return not isinstance(value, str)
    return (
        not isinstance(inputs, list) or not isinstance(first, int) or value >= len(inputs) - first
    )


_PYRAMID = (
    Demand("in_channels", _of_kind(list), "a list, in square brackets"),
    Demand(
        "num_outs", _enough_levels, "as large as the number of levels that it gets",
        is_of_whole=True,
    ),
)  # fmt: skip
_EXTRA = Demand("add_extra_convs", _extra, "True, False, 'on_input', 'on_lateral' or 'on_output'")


# mmdet/evaluation/metrics
_OF_COCO = ("bbox", "segm", "proposal", "proposal_fast")


def _results(*names: str) -> Demand:
    return Demand("metric", _some_of(*names), _alternatives(names))


def _prefixed(value: Any, values: Mapping[str, Any]) -> bool:
    return value is not True or values.get("outfile_prefix") is not None


_TO_FILES = Demand(
    "format_only", _prefixed, "False, or set beside outfile_prefix", is_of_whole=True
)


def _saved(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, bool | int | float | dict)


_DTYPES = ("float16", "bfloat16", "float32", "float64")
_SPAN = (Demand("begin", _number, "a number"), Demand("end", _number, "a number"))
_SCHEDULERS = "mmengine.optim.scheduler.param_scheduler"

DEMANDS: Mapping[str, tuple[Demand, ...]] = {
    "mmengine.runner.loops.EpochBasedTrainLoop": (
        *_length("max_epochs"), *_VALIDATION,
    ),
    "mmengine.runner.loops.IterBasedTrainLoop": (
        *_length("max_iters"), *_VALIDATION,
    ),
    f"{_SCHEDULERS}.ConstantParamScheduler": (Demand("factor", _number, "a number"), *_SPAN),
    f"{_SCHEDULERS}.LinearParamScheduler": (
        *_SPAN,
        Demand("start_factor", _not_zero, "a number above 0", _FIRST_STEP),
        Demand("end_factor", _number, "a number"),
    ),
    f"{_SCHEDULERS}.StepParamScheduler": (
        *_SPAN,
        Demand("step_size", _not_zero, "a number above 0", _FIRST_STEP),
        Demand("gamma", _number, "a number", _AT_A_STEP),
    ),
    f"{_SCHEDULERS}.MultiStepParamScheduler": (
        *_SPAN,
        Demand("milestones", _of_kind(list, tuple), "a list of numbers"),
        Demand("gamma", _number, "a number", _AT_A_STEP),
    ),
    f"{_SCHEDULERS}.ExponentialParamScheduler": (
        *_SPAN,
        Demand("gamma", _number, "a number", _FIRST_STEP),
    ),
    f"{_SCHEDULERS}.CosineAnnealingParamScheduler": (
        *_SPAN,
        Demand("T_max", _number, "a number", _FIRST_STEP),
        Demand("eta_min", _number, "a number", _FIRST_STEP),
        Demand("eta_min_ratio", _number, "a number", _FIRST_STEP),
    ),
    f"{_SCHEDULERS}.PolyParamScheduler": (
        *_SPAN,
        Demand("power", _number, "a number", _FIRST_STEP),
        Demand("eta_min", _number, "a number", _FIRST_STEP),
    ),
    f"{_SCHEDULERS}.OneCycleParamScheduler": (
        *_SPAN,
        Demand("total_steps", _whole(1), "a whole number above 0"),
        Demand("pct_start", _between(0, 1), "a number from 0 to 1"),
        _choice("anneal_strategy", "cos", "linear"),
    ),
    f"{_SCHEDULERS}.CosineRestartParamScheduler": (
        *_SPAN,
        Demand("periods", _of_kind(list, tuple), "a list of numbers"),
    ),
    f"{_SCHEDULERS}.ReduceOnPlateauParamScheduler": (
        *_SPAN,
        Demand("factor", _between(-_ANY, 1, ends=False), "a number below 1"),
        _choice("rule", *_RULES),
        _choice("threshold_rule", "rel", "abs"),
    ),
    "mmengine.hooks.logger_hook.LoggerHook": (
        Demand("interval", _whole(1), "a whole number above 0"),
        Demand("interval_exp_name", _whole(1), "a whole number above 0"),
    ),
    "mmengine.hooks.checkpoint_hook.CheckpointHook": (
        Demand("save_best", _saved, "the name of a result, a list of names, or 'auto'"),
        Demand(
            "interval", _number, "a number", "training ends with a TypeError in its first round"
        ),
    ),
    "mmengine.hooks.early_stopping_hook.EarlyStoppingHook": (
        _choice("rule", *_RULES),
    ),
    "mmengine.hooks.ema_hook.EMAHook": (
        Demand("begin_iter", _between(0, _ANY), "a number that is not below 0"),
        Demand("begin_epoch", _between(0, _ANY), "a number that is not below 0"),
    ),
    "mmengine.optim.optimizer.optimizer_wrapper.OptimWrapper": (
        Demand("accumulative_counts", _between(0, _ANY, ends=False), "a number above 0"),
        Demand("clip_grad", _of_kind(dict), "a dict, such as dict(max_norm=35, norm_type=2)"),
    ),
    "mmengine.optim.optimizer.amp_optimizer_wrapper.AmpOptimWrapper": (
        Demand(
            "loss_scale",
            lambda value, _: (
                not isinstance(value, int | str) or value == "dynamic"
            ),
            "'dynamic', a dict, or a float such as 512.0",
        ),
        _choice("dtype", *_DTYPES),
    ),
    "mmengine.model.base_model.data_preprocessor.ImgDataPreprocessor": _PREPROCESSOR,
    "mmdet.models.data_preprocessors.data_preprocessor.DetDataPreprocessor": _PREPROCESSOR,
    "mmpose.models.data_preprocessors.data_preprocessor.PoseDataPreprocessor": _PREPROCESSOR,
    "mmdet.models.backbones.resnet.ResNet": (
        Demand("depth", _depth, "18, 34, 50, 101 or 152"),
        Demand("frozen_stages", _frozen, "a stage that it has: 4 at most by default"),
        Demand("out_indices", _existing, "a list of stages that it has: 0 to 3 by default"),
        _choice("style", "pytorch", "caffe"),
    ),
    "mmdet.models.necks.fpn.FPN": (*_PYRAMID, _EXTRA),
    "mmdet.models.necks.pafpn.PAFPN": (*_PYRAMID, _EXTRA),
    "mmdet.models.necks.fpn_carafe.FPN_CARAFE": _PYRAMID,
    "mmdet.models.necks.nas_fpn.NASFPN": _PYRAMID,
    "mmdet.models.necks.channel_mapper.ChannelMapper": _PYRAMID[:1],
    "mmdet.evaluation.metrics.coco_metric.CocoMetric": (_results(*_OF_COCO), _TO_FILES),
    "mmdet.evaluation.metrics.lvis_metric.LVISMetric": (_results(*_OF_COCO), _TO_FILES),
    "mmdet.evaluation.metrics.crowdhuman_metric.CrowdHumanMetric": (
        _results("MR", "AP", "JI"), _TO_FILES,
    ),
    "mmdet.evaluation.metrics.mot_challenge_metric.MOTChallengeMetric": (
        _results("HOTA", "CLEAR", "Identity"), _TO_FILES,
    ),
    "mmdet.evaluation.metrics.reid_metric.ReIDMetrics": (_results("mAP", "CMC"),),
    "mmdet.evaluation.metrics.voc_metric.VOCMetric": (
        _results("recall", "mAP"),
        _choice("eval_mode", "area", "11points"),
    ),
}  # fmt: skip
"""By the class whose constructor names the argument; derived classes may leave it to that."""

# torch/optim: all of them compare these with 0.
OF_OPTIMIZERS = tuple(
    Demand(key, _between(0, _ANY), "a number that is not below 0")
    for key in ("lr", "weight_decay", "momentum", "eps")
)
"""What is demanded of torch's optimizers."""

# torch/utils/data/dataloader.py and sampler.py
_POSITIVE = _whole(1)
OF_DATALOADERS = (
    Demand(
        "batch_size",
        lambda value, values: value is not True and _POSITIVE(value, values),
        "a whole number above 0",
    ),
    Demand("num_workers", _whole(0), "a whole number, or 0"),
)
"""What is demanded of a dataloader."""


# mmengine/runner/runner.py, scale_lr and set_randomness; logging of Python
_RANDOMNESS = frozenset({"seed", "deterministic", "diff_rank_seed"})
_LEVELS = ("CRITICAL", "FATAL", "ERROR", "WARNING", "WARN", "INFO", "DEBUG", "NOTSET")


def _has_base(value: Any, _: Mapping[str, Any]) -> bool:
    is_on = isinstance(value, dict) and value.get("enable") is True
    return not is_on or "base_batch_size" in value


def _seeded(value: Any, _: Mapping[str, Any]) -> bool:
    return not isinstance(value, dict) or ("seed" in value and value.keys() <= _RANDOMNESS)


OF_RUNNER = (
    Demand(
        "auto_scale_lr", _has_base, "without enable=True, or have a base_batch_size",
        "training ends with an AssertionError before its first step", is_of_whole=True,
    ),
    Demand(
        "randomness", _seeded,
        "a dict with seed, and with none but deterministic and diff_rank_seed",
        "the Runner cannot be built with it", is_of_whole=True,
    ),
    Demand(
        "load_from", _of_kind(str), "the path of a checkpoint",
        "training ends with an error before its first step",
    ),
    Demand(
        "log_level", _one_of(*_LEVELS), "'INFO', 'DEBUG', 'WARNING' or 'ERROR', in capitals",
        "the Runner cannot be built with it",
    ),
)  # fmt: skip
"""What is demanded of keys of the top level, which the Runner gets itself."""

TRUE_TEXTS: Mapping[str, str] = {"False": "False", "false": "False", "None": "None"}
"""Texts that are true, as all but the empty one are, and what is meant by them."""
