"""The first cause of real trainings under several versions of mmengine, resumed or not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("mmengine")

from diagnose.matrix import FAULTS, NAMES, SOUND, expected
from mmscaffold.diagnose import diagnose
from support.corpora import offline
from support.old_mmengine import VERSIONS, run_under

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
# One with a resumed fault, one from the start, one sound: a minute for each version is too long.
SHARE = NAMES if WHOLE else NAMES[1::15]
RIGHT = 0.95


def test_it_is_as_large_as_it_should_be():
    assert len(FAULTS) >= 10
    assert len(NAMES) == 2 * (len(FAULTS) + len(SOUND))
    assert all(expected(f"{name}, resumed") is None for name in SOUND)


@pytest.mark.parametrize("version", VERSIONS if WHOLE else VERSIONS[:1])
def test_the_first_cause_is_right_and_sound_runs_are_silent(version, tmp_path):
    if offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: mmengine is not downloaded")
    made = run_under(version, "diagnose.matrix", str(tmp_path), *SHARE)
    assert made["version"] == version
    wrong, right = [], 0
    for name, logs in made["logs"].items():
        run = diagnose([Path(log) for log in logs]).runs[-1]
        seen = [one.symptom.name for one in run.seen]
        cause = expected(name)
        if cause is None:
            assert not seen, (version, name, seen)
            continue
        first = run.causes[0].cause.name if run.causes else None
        if first == cause:
            right += 1
        else:
            wrong.append((name, first, seen))
    print(f"mmengine {version}: {right} of {right + len(wrong)} first causes right; {wrong}")
    assert right >= RIGHT * (right + len(wrong)), (version, wrong)
