"""A run in one line."""

from __future__ import annotations

from mmscaffold.diagnose.diagnosis import RunDiagnosis


def heading(run: RunDiagnosis) -> str:
    """What a run trained, and how long it meant to; without the name of its log."""
    story = run.story
    train = story.run.train
    if not train.line:
        return "a test, no training" if story.run.is_test else "no training lines"
    text = f"{train.head(0)} to {train.head(len(train) - 1)}, "
    if story.run.resumed is not None:
        text += f"resumed at epoch {story.run.resumed.epoch}, "
    config = story.config
    if config is None:
        return f"{text}no config"
    if config.max_epochs is not None:
        return f"{text}max_epochs = {config.max_epochs}"
    if config.max_iters is not None:
        return f"{text}max_iters = {config.max_iters}"
    return f"{text}unknown length"


def verdict(run: RunDiagnosis) -> str:
    """What was found in a run, in a few words."""
    if run.is_unclear:
        number = run.story.run.unread_lines
        lines = "1 line" if number == 1 else f"{number} lines"
        return f"cannot tell: {lines} of training could not be understood"
    if not run.seen and run.ending is None:
        return "nothing wrong" if run.story.run.train.line else "no training to judge"
    notes = sum(one.symptom.is_note for one in run.seen)
    symptoms = len(run.seen) - notes
    parts = []
    if run.ending is not None:
        death = run.ending.death
        parts.append("ended" if death is not None and death.is_wish else "died")
    for number, noun in ((symptoms, "symptom"), (notes, "note")):
        if number:
            parts.append(f"{number} {noun}" if number == 1 else f"{number} {noun}s")
    return ", ".join(parts)
