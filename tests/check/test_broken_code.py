"""Broken loops, runners, models and hooks: each is found by its rule, and really broken.

Every module of ``broken/`` is one variant, ``MMS2xx_what_is_broken.py``, found by the rule
MMS2xx and by no other. Beside the broken class it declares:

- ``SYMPTOM``: what one sees, in words that the page of the rule has under "What one sees:".
- ``OVERRIDES``: the arguments of the Runner that put the class to work.
- ``is_broken(seen)``: whether a ``Training`` shows the symptom.

It may declare:

- ``RUNNER``: the Runner to build; mmengine's own by default.
- ``train(folder, runner_class, **overrides)``: how to train, such as ``train_and_resume``.
- ``ALSO``: ids of other rules that find something, too.
- ``HEALTHY``: the arguments of the same training without the fault. By default those of
  ``OVERRIDES``, with mmengine's own loops.

The same training without the fault must not show the symptom, or it would prove nothing.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmengine.runner import Runner
from mmscaffold.check import Settings, all_rules, check_paths, find_rule
from support import tiny_training
from support.tiny_training import Training

FOLDER = Path(__file__).with_name("broken")
BROKEN = sorted(FOLDER.glob("*.py"))
each = pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)


@functools.cache
def load(path: Path) -> ModuleType:
    """Import a broken module, which registers its classes."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def healthy_overrides(module: ModuleType) -> dict[str, Any]:
    """The arguments of the same training without the fault."""
    if hasattr(module, "HEALTHY"):
        return module.HEALTHY
    overrides = dict(module.OVERRIDES)
    for key, loop in (("val_cfg", "ValLoop"), ("test_cfg", "TestLoop")):
        if key in overrides:
            overrides[key] = {**overrides[key], "type": loop}
    if "train_cfg" in overrides:
        by_epoch = "max_epochs" in overrides["train_cfg"]
        loop = "EpochBasedTrainLoop" if by_epoch else "IterBasedTrainLoop"
        overrides["train_cfg"] = {**overrides["train_cfg"], "type": loop}
    return overrides


def train(module: ModuleType, folder: Path, *, healthy: bool) -> Training:
    run = getattr(module, "train", tiny_training.train)
    runner = Runner if healthy else getattr(module, "RUNNER", Runner)
    return run(folder, runner, **(healthy_overrides(module) if healthy else module.OVERRIDES))


def report(seen: Training) -> str:
    """What a training showed, for the message of a test that fails."""
    parts = {
        "error": repr(seen.error),
        "train": seen.labels("train"),
        "val": seen.labels("val"),
        "etas": seen.etas,
        "steps": len(seen.rates),
        "checkpoints": seen.checkpoints,
    }
    return "".join(f"\n  {key}: {value}" for key, value in parts.items())


def words(text: str) -> str:
    """A text on one line, without marks of code."""
    return " ".join(text.replace("`", "").split())


@each
def test_it_is_found_by_its_rule_and_by_no_other(path):
    found = check_paths([path], Settings(all_rules()))
    assert not found.not_understood
    seen = {finding.rule.id: finding.diagnostic.message for finding in found.findings}
    also = getattr(load(path), "ALSO", set())
    assert seen.keys() == {path.stem[:6]} | also, seen


@each
def test_the_page_of_the_rule_tells_the_symptom(path):
    page = words(find_rule(path.stem[:6]).page)
    before, heading, symptoms = page.partition("What one sees:")
    assert heading, f"the page has no such paragraph: {before}"
    assert words(load(path).SYMPTOM) in symptoms.partition("How to mend it:")[0]


@each
def test_it_shows_the_symptom_under_the_real_runner(path, tmp_path):
    module = load(path)
    seen = train(module, tmp_path, healthy=False)
    assert module.is_broken(seen), report(seen)


@each
def test_without_the_fault_the_same_training_does_not_show_it(path, tmp_path):
    module = load(path)
    seen = train(module, tmp_path, healthy=True)
    assert seen.error is None, report(seen)
    assert not module.is_broken(seen), report(seen)


def test_there_are_enough_of_them():
    assert len(BROKEN) >= 40
