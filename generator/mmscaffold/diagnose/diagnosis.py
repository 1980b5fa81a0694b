"""Read logs, and say what went wrong in each run and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.diagnose.history import UnreadLines
from mmscaffold.diagnose.inputs import read_inputs
from mmscaffold.diagnose.ranking import LikelyCause, rank_causes
from mmscaffold.diagnose.run_config import RunConfig, run_config
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import SeenSymptom
from mmscaffold.diagnose.symptoms import find_symptoms


@dataclass(frozen=True)
class RunDiagnosis:
    """What was seen in one run.

    Attributes:
        story: The run.
        seen: Its symptoms.
        causes: Why, the likeliest first.
    """

    story: Story
    seen: list[SeenSymptom]
    causes: list[LikelyCause]

    @property
    def is_ill(self) -> bool:
        """Whether it shows more than notes."""
        return any(not one.symptom.is_note for one in self.seen)


@dataclass
class Diagnosis:
    """What was seen in all logs.

    Attributes:
        runs: The runs, in order.
        unread: Lines that were not understood.
        unread_configs: Configs that were not understood, with the reason.
        passed_over: Older logs of a work folder.
    """

    runs: list[RunDiagnosis] = field(default_factory=list)
    unread: UnreadLines = field(default_factory=UnreadLines)
    unread_configs: list[str] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 nothing wrong; 1 something found."""
        return 1 if any(run.is_ill for run in self.runs) else 0


def diagnose(paths: list[Path]) -> Diagnosis:
    """Diagnose the runs in logs, scalars and work folders.

    Args:
        paths: Files and folders, in the order of the runs.

    Raises:
        MmscaffoldError: If one is missing, or is not an mmengine log.
    """
    inputs = read_inputs(paths)
    diagnosis = Diagnosis(unread=inputs.unread, passed_over=inputs.passed_over)
    known: RunConfig | None = None
    for number, run in enumerate(inputs.runs):
        config, problem = run_config(run)
        if problem is not None:
            diagnosis.unread_configs.append(problem)
        # What resumes without a config of its own goes on with the one before.
        if config is None and run.resumed is not None:
            config = known
        known = config
        story = Story(run, config, is_last=number == len(inputs.runs) - 1)
        seen = find_symptoms(story)
        diagnosis.runs.append(RunDiagnosis(story, seen, rank_causes(story, seen)))
    return diagnosis
