"""All symptoms of a training, and those that its log could not show."""

from __future__ import annotations

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms import (
    epochs,
    eta,
    iterations,
    learning_rate,
    resuming,
    validation,
)
from mmscaffold.diagnose.symptoms.symptom import Seen, Symptom

_ROOMS = (epochs, eta, iterations, learning_rate, validation, resuming)
_ETA = {symptom for symptom in Symptom if symptom.name.startswith("ETA_")}
_ITER = {symptom for symptom in Symptom if symptom.name.startswith("ITER_")}
_RESUME = {symptom for symptom in Symptom if symptom.name.startswith("RESUME_")}


def find_symptoms(story: Story) -> list[Seen]:
    """What is wrong with a training, each symptom once, in the order of their names."""
    found: dict[Symptom, Seen] = {}
    for room in _ROOMS:
        for seen in room.find(story):
            found.setdefault(seen.symptom, seen)
    return [found[symptom] for symptom in Symptom if symptom in found]


def unknowable(story: Story) -> set[Symptom]:
    """The symptoms that the log could not show, even if the training had them."""
    run, config = story.run, story.config
    unknown: set[Symptom] = set()
    if not any(is_number(one) and abs(one) > 1 for one in run.train.eta):
        unknown |= _ETA
    if not story.iters:
        unknown |= _ITER
    if run.resumed is None and run.loaded is None:
        unknown |= _RESUME
    if config is None:
        unknown |= {Symptom.VAL_NEVER, Symptom.LR_FROZEN, Symptom.LR_STOPS}
        unknown |= {Symptom.NEVER_ENDS, Symptom.ENDS_EARLY, Symptom.ETA_NEVER_ZERO}
    if not run.whole:
        unknown.add(Symptom.EPOCH_STARTS_LATE)
    if not run.saved:
        unknown.add(Symptom.CHECKPOINT_AHEAD)
    if not run.validations:
        unknown |= {Symptom.VAL_BEHIND, Symptom.VAL_AHEAD}
    if len(story.passes) < 2:
        unknown |= {
            Symptom.EPOCH_REPEATS,
            Symptom.EPOCH_SHARED,
            Symptom.EPOCH_GOES_BACK,
            Symptom.EPOCH_SKIPS,
        }
    return unknown
