"""Every official config that the Runner refuses has an error, and no other has one for that."""

from __future__ import annotations

import copy
import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from mmengine.config import Config
from mmengine.runner import Runner
from mmscaffold.check import all_rules, check_config, find_rule
from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.known_code import KnownCode
from mmscaffold.config import ConfigError, Resolver
from support.share import share
from support.tiny_training import arguments

pytestmark = pytest.mark.mmdet
# Errors of trainings that the Runner does not refuse.
SILENT = {"MMS102", "MMS103", "MMS111", "MMS113", "MMS133"}
# Errors of models, data and metrics, which are not built here but in test_parts_mmdet.
OF_PARTS = {"MMS139", "MMS140", "MMS141"}
GROUPS = (("dataloader", "cfg", "evaluator"), ("val", "test"))
TAKEN = ("train_cfg", "param_scheduler", "custom_hooks", "log_processor")


def refusal(config: Config, folder: Path) -> str | None:
    """How mmengine refuses to build what a config trains with, besides its model and data."""
    for mode in GROUPS[1]:
        given = [config.get(f"{mode}_{key}") is not None for key in GROUPS[0]]
        if any(given) and not all(given):
            return f"incomplete {mode}"
    settings: dict[str, Any] = {key: config[key] for key in TAKEN if key in config}
    hooks = dict(config.default_hooks)
    # It wants a visualizer that belongs to it.
    hooks.pop("visualization", None)
    scope = config.default_scope
    try:
        runner = Runner(**arguments(folder, default_hooks=hooks, default_scope=scope, **settings))
        runner._train_loop = runner.build_train_loop(runner._train_loop)
        runner.optim_wrapper = runner.build_optim_wrapper(
            {"optimizer": {"type": "SGD", "lr": 0.1}}
        )
        if runner.param_schedulers:
            runner.build_param_scheduler(runner.param_schedulers)
        optimizer = dict(config.optim_wrapper.optimizer)
        optimizer_class = getattr(torch.optim, optimizer.pop("type"))
        optimizer_class([torch.nn.Parameter(torch.zeros(1))], **optimizer)
    except Exception as error:
        return repr(error)
    return None


def test_errors_are_what_the_runner_refuses(mmdet_configs, mmdet_loaded, tmp_path):
    import mmdet.utils

    mmdet.utils.register_all_modules(init_default_scope=True)
    logging.disable(logging.CRITICAL)
    resolver, code = Resolver(), KnownCode()
    rules = [rule for rule in all_rules() if rule.severity.value == "error"]
    trained, reported = [], set()
    for path in sorted(mmdet_configs.rglob("*.py")):
        try:
            resolved = resolver.resolve(path)
        except ConfigError:
            continue
        view = ConfigView(resolved, code)
        if not view.is_runnable or view.length is None or "custom_imports" in view.root:
            # mmpretrain, which some import, is not installed.
            continue
        if view.get("optim_wrapper") is None:
            continue
        trained.append(path)
        if any(
            rule.id not in SILENT | OF_PARTS for rule, _ in check_config(resolved, rules, code)
        ):
            reported.add(path)
    assert len(trained) > 500
    try:
        refused = {
            path
            for path in reported.union(share(trained, 4))
            if refusal(Config(copy.deepcopy(mmdet_loaded[path])), tmp_path) is not None
        }
    finally:
        logging.disable(logging.NOTSET)
    assert refused == reported
    assert {path.parent.name for path in refused} == {"solov2"}


def test_the_silent_errors_are_errors():
    assert {find_rule(rule).severity.value for rule in SILENT} == {"error"}
