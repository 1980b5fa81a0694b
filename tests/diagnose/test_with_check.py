"""The loops that the rules over code are tested with: what their logs say agrees with the rules.

Not every fault shows in a log. Where one does, the rule that finds it in the code is among
those that `diagnose` names; and the same training without the fault shows nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from mmscaffold.diagnose import RunDiagnosis, diagnose
from support.broken_code import FOLDER, train
from support.registered import loaded

pytestmark = pytest.mark.slow

# These show in the log, by what `SYMPTOM` in each says.
IN_THE_LOG = (
    "MMS202_own_names_behind_properties",
    "MMS203_copied_base_loop_accepted",
    "MMS204_epoch_in_a_local_variable",
    "MMS204_iter_never_advanced",
    "MMS205_epoch_twice",
    "MMS205_epoch_with_each_batch",
    "MMS205_iter_twice",
    "MMS206_epoch_at_the_start",
    "MMS206_epoch_before_the_hook",
    "MMS207_validates_first",
    "MMS208_hard_coded",
    "MMS209_two_passes",
    "MMS210_for_each_task",
    "MMS210_for_epoch_in_range",
    "MMS210_iter_in_each_epoch",
    "MMS210_starts_at_one",
    "MMS214_no_after_train_iter",
    "MMS214_no_before_train_iter",
    "MMS215_after_train_iter_twice",
    "MMS215_index_of_the_training",
    "MMS219_builds_another_train_loop",
    "MMS219_sets_counters_back",
    "MMS220_progress_fields",
    "MMS224_loop_kept_elsewhere",
    "MMS224_steps_of_its_own",
    "MMS227_another_object",
    "MMS229_iteration_forgotten",
    "MMS237_hook_advances_the_loop",
)


def read(name: str, folder: Path, *, healthy: bool) -> RunDiagnosis:
    with loaded(FOLDER / f"{name}.py") as module:
        return diagnose([train(module, folder, healthy=healthy).log_file]).runs[-1]


@pytest.mark.parametrize("name", IN_THE_LOG)
def test_the_rule_that_finds_it_in_the_code_is_named(name, tmp_path):
    run = read(name, tmp_path, healthy=False)
    assert run.seen
    named = [rule for one in run.causes for rule in one.cause.rules]
    assert name[:6] in named, [one.cause.name for one in run.causes]


@pytest.mark.parametrize("name", IN_THE_LOG)
def test_without_the_fault_nothing_is_said(name, tmp_path):
    # The loss of a tiny model may really be 0 in every line, which is noted.
    seen = read(name, tmp_path, healthy=True).seen
    assert [one.symptom.name for one in seen if one.symptom.name != "loss-zero"] == []
