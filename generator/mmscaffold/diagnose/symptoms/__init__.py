"""The symptoms: each is a module of this folder, and registers by being there."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import SeenSymptom, Symptom

__all__ = ["all_symptoms", "find_symptoms"]


@cache
def all_symptoms() -> tuple[Symptom, ...]:
    """Every symptom, in the order in which symptoms are shown."""
    found: list[Symptom] = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found.append(module.SYMPTOM)
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def find_symptoms(story: Story) -> list[SeenSymptom]:
    """What is wrong with a run, each symptom once, in order."""
    found = (
        (symptom, list(symptom.find(story)))
        for symptom in all_symptoms()
        if not (symptom.at_end and story.goes_on)
    )
    seen = [SeenSymptom(symptom, evidence) for symptom, evidence in found if evidence]
    if any(not one.symptom.only_alone and not one.symptom.is_note for one in seen):
        return [one for one in seen if not one.symptom.only_alone]
    return seen
