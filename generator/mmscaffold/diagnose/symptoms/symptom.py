"""The symptoms by name."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Symptom(enum.Enum):
    """Something in a log that a healthy training does not show; the value says what."""

    EPOCH_REPEATS = "the same epoch again and again"
    EPOCH_SHARED = "several passes over the data have the same epoch"
    EPOCH_TOO_FAST = "the epoch changes within an epoch"
    EPOCH_GOES_BACK = "the epoch goes back"
    EPOCH_SKIPS = "epochs are skipped"
    EPOCH_STARTS_LATE = "the first epoch is not 1"
    VAL_BEHIND = "validation shows an epoch less than was trained"
    VAL_AHEAD = "validation shows an epoch more than was trained"
    CHECKPOINT_AHEAD = "checkpoints are named after the next epoch"
    VAL_NEVER = "no validation, although the config asks for it"
    NO_TRAIN_LINES = "no line of training"
    LINES_TWICE = "batches are logged twice"
    NO_LR_ETA = "neither learning rate nor ETA"
    BATCH_BEYOND = "the batch index passes the number of batches"
    ETA_NEGATIVE = "the ETA is below zero from the start"
    ETA_TURNS_NEGATIVE = "the ETA falls below zero"
    ETA_GROWS = "the ETA grows"
    ETA_FROZEN = "the ETA stands still"
    ETA_JUMPS_BACK = "the ETA starts again with each epoch"
    ETA_NEVER_ZERO = "the ETA does not reach zero"
    ITER_FROZEN = "the global iteration stands still"
    ITER_GOES_BACK = "the global iteration goes back"
    ITER_TOO_FAST = "the global iteration advances by more than one per batch"
    LR_FROZEN = "the learning rate does not move when its scheduler says so"
    LR_STOPS = "the learning rate stops moving long before the end"
    NEVER_ENDS = "training goes on after its end"
    ENDS_EARLY = "training ends before its last epoch"
    RESUME_IGNORED = "resuming restores no epoch"
    RESUME_RESTARTS = "a resumed training begins again"
    RESUME_SKIPS = "epoch and iteration jump where it resumes"
    RESUME_LOST = "a checkpoint was loaded, but not resumed"
    LOSS_NAN = "the loss is no number"

    @property
    def is_note(self) -> bool:
        """Whether a healthy training can show it, too, as one that still runs."""
        return self is Symptom.ENDS_EARLY


@dataclass(frozen=True)
class Evidence:
    """A line of a log, and what it says.

    Attributes:
        text: What is seen there, with the values.
        line: From 1; ``None`` if it is no single line.
    """

    text: str
    line: int | None = None

    def __str__(self) -> str:
        return self.text if self.line is None else f"line {self.line}: {self.text}"


@dataclass(frozen=True)
class Seen:
    """A symptom with its evidence."""

    symptom: Symptom
    evidence: list[Evidence] = field(default_factory=list)
