"""Every planted fault, really run: its cause comes first."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from diagnose.planted import NOTED, PLANTED, loop, train
from mmengine.registry import LOOPS
from mmscaffold.diagnose import diagnose

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", PLANTED)
def test_the_planted_cause_comes_first(name, tmp_path):
    planted = PLANTED[name]
    training = planted.how(tmp_path, planted.runner, **planted.overrides)
    run = diagnose([training.log_file]).runs[-1]
    shown = [(one.cause.name, one.score, one.explains) for one in run.causes]
    assert run.is_ill, (training.error, training.log[-3000:])
    assert shown[planted.after][0] == planted.cause, (shown, training.error, training.log[-3000:])


@pytest.mark.parametrize("name", NOTED)
def test_what_is_noted_has_its_cause_and_is_no_fault(name, tmp_path):
    planted = NOTED[name]
    training = planted.how(tmp_path, planted.runner, **planted.overrides)
    assert training.error is None
    found = diagnose([training.log_file])
    assert [one.cause.name for one in found.runs[-1].causes] == [planted.cause]
    assert found.exit_code == 0


def test_what_no_single_fault_brings_has_the_causes_of_both(tmp_path):
    both = {**PLANTED["max_iters too large"].overrides}
    both["optim_wrapper"] = PLANTED["loss diverges"].overrides["optim_wrapper"]
    training = PLANTED["max_iters too large"].how(tmp_path, **both)
    run = diagnose([training.log_file]).runs[-1]
    names = [one.cause.name for one in run.causes]
    assert {"max-iters-too-large", "loss-diverged"} <= set(names)


def test_no_cause_is_named_of_a_config_that_refutes_it(tmp_path):
    planted = PLANTED["new optimizer"]
    training = planted.how(tmp_path, planted.runner, **planted.overrides)
    names = [one.cause.name for one in diagnose([training.log_file]).runs[-1].causes]
    assert names == ["optimizer-was-replaced", "schedulers-do-not-step"]


def test_a_training_leaves_the_registry_of_mmengine_as_it_was(tmp_path):
    before = dict(LOOPS.module_dict)
    train(tmp_path, **loop("EpochTwice"))
    assert LOOPS.module_dict == before
    assert "EpochTwice" not in before
