"""Read logs, and say what went wrong in each run and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mmscaffold.diagnose.causes.cause import rule_evidence
from mmscaffold.diagnose.crash import Crash
from mmscaffold.diagnose.deaths import Death, death_of, places_of
from mmscaffold.diagnose.earlier import run_before
from mmscaffold.diagnose.history import Run, UnreadLines
from mmscaffold.diagnose.inputs import read_inputs
from mmscaffold.diagnose.ranking import LikelyCause, rank_causes
from mmscaffold.diagnose.run_config import RunConfig, run_config
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, SeenSymptom
from mmscaffold.diagnose.symptoms import find_symptoms

_MOST_BEFORE = 5  # runs, each resumed by the next


@dataclass(frozen=True)
class Ending:
    """The exception that ended a run.

    Attributes:
        crash: What the log says.
        death: Its kind; ``None`` for one that is in no row.
        places: Where the config brings it.
        findings: What the rules of its kind find in the config.
    """

    crash: Crash
    death: Death | None = None
    places: tuple[str, ...] = ()
    findings: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class RunDiagnosis:
    """What was seen in one run.

    Attributes:
        story: The run.
        seen: Its symptoms.
        causes: Why, the likeliest first.
        ending: What it died of.
    """

    story: Story
    seen: list[SeenSymptom]
    causes: list[LikelyCause]
    ending: Ending | None = None

    @property
    def is_unclear(self) -> bool:
        """Whether nothing was seen, but not every line of training was understood."""
        return not self.seen and self.ending is None and self.story.run.unread_lines > 0

    @property
    def is_ill(self) -> bool:
        """Whether it shows more than notes."""
        ending = self.ending
        if ending is not None and (ending.death is None or not ending.death.is_wish):
            return True
        return any(not one.symptom.is_note for one in self.seen)


@dataclass
class Diagnosis:
    """What was seen in all logs.

    Attributes:
        runs: The runs, in order.
        unread: Lines that were not understood.
        unread_configs: Configs that were not understood, with the reason.
        passed_over: Older logs of a work folder.
        tests: Newer logs of a work folder, of tests.
    """

    runs: list[RunDiagnosis] = field(default_factory=list)
    unread: UnreadLines = field(default_factory=UnreadLines)
    unread_configs: list[str] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)
    tests: list[Path] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 nothing wrong; 1 something found; 2 lines of training were not understood."""
        if any(run.is_ill for run in self.runs):
            return 1
        return 2 if any(run.is_unclear for run in self.runs) else 0


def diagnose(paths: list[Path]) -> Diagnosis:
    """Diagnose the runs in logs, scalars and work folders.

    Args:
        paths: Files and folders, in the order of the runs.

    Raises:
        MmscaffoldError: If one is missing, or is not an mmengine log.
    """
    inputs = read_inputs(paths)
    diagnosis = Diagnosis(unread=inputs.unread, passed_over=inputs.passed_over, tests=inputs.tests)
    known: RunConfig | None = None
    stories: list[Story] = []
    for number, run in enumerate(inputs.runs):
        config, problem = run_config(run)
        if problem is not None:
            diagnosis.unread_configs.append(problem)
        # What resumes without a config of its own goes on with the one before.
        if config is None and run.resumed is not None:
            config = known
        known = config
        is_last = number == len(inputs.runs) - 1
        before = None
        if run.resumed is not None:
            before = stories[-1] if stories else story_before(run)
        story = Story(run, config, is_last=is_last, before=before)
        stories.append(story)
        diagnosis.runs.append(diagnose_run(story))
    return diagnosis


def diagnose_run(story: Story) -> RunDiagnosis:
    """Diagnose one run."""
    seen = find_symptoms(story)
    causes = rank_causes(story, seen)
    return RunDiagnosis(story, seen, causes, _ending(story.run, story.config))


def story_before(run: Run, most: int = _MOST_BEFORE) -> Story | None:
    """What came before a run that resumed, by the other logs of its work folder.

    Args:
        run: It.
        most: How many runs to go back, each resumed by the next.
    """
    before = run_before(run) if most else None
    if before is None:
        return None
    config, _ = run_config(before)
    return Story(before, config, is_last=False, before=story_before(before, most - 1))


def _ending(run: Run, config: RunConfig | None) -> Ending | None:
    if run.crash is None:
        return None
    kind = death_of(run.crash)
    if kind is None:
        return Ending(run.crash)
    death, found = kind
    if config is None:
        return Ending(run.crash, death)
    findings = rule_evidence(death.rules, config)
    return Ending(run.crash, death, tuple(places_of(death, found, config)), tuple(findings))
