"""Sound loops, Runners, hooks and models in unusual forms: all train, and no rule objects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

import torch
from mmengine.registry import HOOKS, LOOPS, MODELS, RUNNERS, Registry
from mmscaffold.check import Settings, all_rules, check_paths
from mmscaffold.project.code import Package
from mmscaffold.project.registered import registered_classes
from support.registered import loaded
from support.tiny_training import TinyMetric, Training, dataloader, train

FOLDER = Path(__file__).with_name("sound")
FILES = sorted(FOLDER.glob("*.py"))
FORMS = sorted(
    (file.stem, one.name)
    for file in FILES
    for one in registered_classes(Package.of_files([(file.stem, file)]))
)
# Each run of CI trains every third, a different one each for the kinds; `make test-slow` all.
SHARE = FORMS if os.environ.get("MMSCAFFOLD_WHOLE") else FORMS[::3]
REGISTRIES: dict[str, Registry] = {
    "hooks": HOOKS, "models": MODELS, "runners": RUNNERS, "loops": LOOPS,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with ExitStack() as stack:
        for file in FILES:
            stack.enter_context(loaded(file))
        yield


def test_there_are_sixty_and_no_rule_finds_anything():
    assert len(FORMS) >= 60
    report = check_paths([FOLDER], Settings(all_rules()))
    assert len(report.code) == len(FILES)
    assert [
        (one.rule.id, one.diagnostic.place.path.name, one.diagnostic.message)
        for one in report.findings
    ] == []


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), SHARE)
def test_it_trains(kind, name, tmp_path):
    registry = REGISTRIES[kind.rpartition("_")[2]]
    found = registry.get(name)
    if kind == "sound_train_loops":
        seen = train(tmp_path, train_cfg={"type": name, "max_epochs": 3})
    elif kind == "sound_evaluation_loops":
        seen = _evaluated(tmp_path, name)
    elif kind == "sound_runners":
        seen = train(tmp_path, found)
    elif kind == "sound_hooks":
        seen = train(tmp_path, custom_hooks=[{"type": name}])
    else:
        seen = train(tmp_path, model=found())
    assert seen.error is None
    assert seen.labels("train") == [1, 2, 3]
    assert seen.runner.epoch == 3
    assert seen.runner.iter == 12
    assert seen.checkpoints[:3] == ["epoch_1.pth", "epoch_2.pth", "epoch_3.pth"]
    if kind == "sound_train_loops":
        assert seen.returned is seen.runner.model
        assert seen.labels("val") == [1, 2, 3]
        with mock.patch.dict(os.environ, TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD="1"):
            again = train(
                tmp_path / "again",
                train_cfg={"type": name, "max_epochs": 3},
                load_from=str(tmp_path / "epoch_2.pth"),
                resume=True,
            )
        assert again.error is None
        assert again.labels("train") == [3]


def _evaluated(folder: Path, name: str) -> Training:
    """A training that validates, or tests at its end, with a loop."""
    if not issubclass(LOOPS.get(name), LOOPS.get("TestLoop")):
        seen = train(folder, val_cfg={"type": name})
        assert seen.labels("val") == [1, 2, 3]
        return seen
    seen = train(
        folder,
        test_cfg={"type": name},
        test_dataloader=dataloader(),
        test_evaluator=[TinyMetric()],
    )
    with torch.no_grad():
        assert seen.runner.test() == {"own/count": 4.0}
    return seen
