"""A Runner's ``from_cfg`` does not pass every key of the config to its constructor.

## Why it matters

``tools/train.py`` builds the Runner with ``from_cfg``, which passes 27 keys to ``__init__``, one
by one. An override that was written for one project, or against an older version, passes those
that were needed then. The others silently have no effect.

## Symptoms

Where ``resume`` is missing, a run that should resume starts at epoch 1; ``load_from``,
``custom_hooks`` and ``randomness`` have no effect; or, if one of three keys that belong together
is missing, ``ValueError: train_dataloader, train_cfg, and optim_wrapper should be either all
None or not None``.

## Before -> after

Call ``super().from_cfg(cfg)``, and change ``cfg`` before it or the Runner after it.

## Fix safety

There is no automatic fix: keys that were dropped take effect again, which may come as a surprise.

## Source in mmengine

mmengine/runner/runner.py, ``Runner.from_cfg``, which lists the keys.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.syntax import Function, calls_super
from mmscaffold.check.diagnostic import Diagnostic, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.facts.base_classes import RUNNER_BASES
from mmscaffold.project.constructor import constructor_of

_FIRST = ("model", "work_dir")


def check(code: Code) -> Iterator[Diagnostic]:
    """Yield one finding for each ``from_cfg`` that leaves keys out."""
    for view in code.runners:
        function = view.own_methods.get("from_cfg")
        if function is None or calls_super(function, "from_cfg"):
            continue
        calls = [node for node in ast.walk(function) if _builds(node, view, function)]
        missing = [_missing(view, function, call) for call in calls]
        if calls and all(missing):
            keys = min(missing, key=len)
            yield view.found(
                calls[0],
                f"{view.name}.from_cfg drops keys of the config: {', '.join(keys)}",
                "Call super().from_cfg(cfg), or pass these on as well.",
            )


def _builds(node: ast.AST, view: ClassView, function: Function) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    arguments = function.args.args
    return node.func.id in {view.name, arguments[0].arg if arguments else "cls"}


def _missing(view: ClassView, function: Function, call: ast.AST) -> list[str]:
    """The arguments of mmengine's Runner that a call leaves out, and nothing else mentions."""
    assert isinstance(call, ast.Call)
    if any(one.arg is None for one in call.keywords) or len(call.args) > len(_FIRST):
        return []
    if any(isinstance(one, ast.Starred) for one in call.args):
        return []
    upstream = next(one for one in RUNNER_BASES if view.inherits(one))
    known = view.code.table.constructor(upstream)
    if known is None:
        return []
    own = constructor_of(view.code.package, view.definition, view.code.table.constructor)
    taken = known.arguments if own is None or own.is_open else known.arguments & own.arguments
    passed = {one.arg for one in call.keywords} | set(_FIRST[: len(call.args)])
    mentioned = {
        one.value if isinstance(one, ast.Constant) else one.attr
        for one in ast.walk(function)
        if isinstance(one, ast.Constant | ast.Attribute)
    }
    return sorted(taken - passed - {one for one in mentioned if isinstance(one, str)})


RULE = Rule(
    id="MMS221",
    severity=Severity.ERROR,
    check=check,
    valid=[
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):

                def __init__(self, model, work_dir, cfg=None):
                    super().__init__(model=model, work_dir=work_dir, cfg=cfg)

                @classmethod
                def from_cfg(cls, cfg):
                    return cls(model=cfg['model'], work_dir=cfg['work_dir'], cfg=cfg)
            """,
            because="Its constructor takes no others.",
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    cfg.setdefault('work_dir', 'out')
                    return super().from_cfg(cfg)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    return cls(**cfg)
            """,
        ),
        Valid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    keys = ('model', 'work_dir')
                    return cls(cfg=cfg, **{key: cfg.get(key) for key in keys})
            """,
        ),
    ],
    invalid=[
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    return cls(model=cfg['model'], work_dir=cfg['work_dir'],
                               train_dataloader=cfg.get('train_dataloader'),
                               train_cfg=cfg.get('train_cfg'),
                               optim_wrapper=cfg.get('optim_wrapper'))
            """,
            at=Spot(7, 16, 59, end_line=10),
            message=(
                "OwnRunner.from_cfg drops keys of the config: auto_scale_lr, cfg, custom_hooks, "
                "data_preprocessor, default_hooks, default_scope, env_cfg, experiment_name, "
                "launcher, load_from, log_level, log_processor, param_scheduler, randomness, "
                "resume, test_cfg, test_dataloader, test_evaluator, val_cfg, val_dataloader, "
                "val_evaluator, visualizer"
            ),
            after="""
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    return super().from_cfg(cfg)
            """,
        ),
        Invalid(
            """
            from mmengine.runner import Runner


            class OwnRunner(Runner):
                @classmethod
                def from_cfg(cls, cfg):
                    runner = cls(cfg['model'], cfg.work_dir)
                    return runner
            """,
            at=Spot(7, 18, 49),
            message=(
                "OwnRunner.from_cfg drops keys of the config: auto_scale_lr, cfg, custom_hooks, "
                "data_preprocessor, default_hooks, default_scope, env_cfg, experiment_name, "
                "launcher, load_from, log_level, log_processor, optim_wrapper, param_scheduler, "
                "randomness, resume, test_cfg, test_dataloader, test_evaluator, train_cfg, "
                "train_dataloader, val_cfg, val_dataloader, val_evaluator, visualizer"
            ),
        ),
    ],
)
