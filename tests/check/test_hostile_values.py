"""Whatever a config holds, no rule raises: rules meet half-written configs every day."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.check import all_rules, check_config
from mmscaffold.config import ConfigError, Resolver

CLASSES = [
    "EpochBasedTrainLoop", "IterBasedTrainLoop", "ValLoop", "MultiStepLR", "CosineAnnealingLR",
    "LinearLR", "ReduceOnPlateauLR", "CheckpointHook", "EMAHook", "YOLOXModeSwitchHook",
    "PipelineSwitchHook", "LoggerHook", "LogProcessor", "InfiniteSampler", "RepeatDataset",
    "RetinaNet", "mmdet.RetinaNet", "nowhere.Loop", "..", "",
]  # fmt: skip
NAMES = [
    "type", "by_epoch", "max_epochs", "max_iters", "val_interval", "val_begin", "begin", "end",
    "milestones", "T_max", "dynamic_intervals", "interval", "save_begin", "switch_epoch",
    "num_last_epochs", "begin_epoch", "convert_to_iter_based", "sampler", "dataset", "times",
    "imports", "allow_failed_imports", "log_metric_by_epoch", "_delete_", "_scope_",
]  # fmt: skip
KEYS = [
    "train_cfg", "val_cfg", "test_cfg", "param_scheduler", "default_hooks", "custom_hooks",
    "log_processor", "custom_imports", "runner_type", "train_dataloader", "val_dataloader",
    "val_evaluator", "optim_wrapper", "model", "max_epochs", "max_iters", "default_scope",
    "models", "total_epochs", "runner", "lr_config", "base_batch_size", "stage2_num_epochs",
]  # fmt: skip
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.sampled_from([0.5, 1e9, -0.0]),
    st.sampled_from(CLASSES),
    st.text("ab.:/12e", max_size=6),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.tuples(inner, inner),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    ),
    max_leaves=12,
)
CONFIGS = st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=8)


def written(config: dict) -> bytes:
    return "".join(f"{key} = {value!r}\n" for key, value in config.items()).encode()


@pytest.mark.slow
@given(base=CONFIGS, child=CONFIGS, name=st.sampled_from(["a_12e_x.py", "a_3x.py", "a-90k.py"]))
@settings(max_examples=300)
def test_no_rule_raises_on_any_value_and_each_finding_has_a_place(base, child, name):
    folder = Path("/nowhere/configs")
    overlay = {
        folder / "base.py": written(base),
        folder / name: b"_base_ = './base.py'\n" + written(child),
        folder / "alone.py": written({**base, **child}),
    }
    resolver = Resolver(overlay)
    for path in overlay:
        try:
            config = resolver.resolve(path)
        except ConfigError:
            # A dict over a list is refused, here as by mmengine.
            continue
        for rule, diagnostic in check_config(config, all_rules()):
            assert diagnostic.place.path in overlay, rule.id
            assert diagnostic.message
            assert diagnostic.hint


@pytest.mark.parametrize("rule", [rule for rule in all_rules() if rule.kind == "config"],
                         ids=lambda rule: rule.id)  # fmt: skip
def test_an_empty_config_has_no_fault(rule):
    path = Path("/nowhere/empty.py")
    assert check_config(Resolver({path: b""}).resolve(path), (rule,)) == []
