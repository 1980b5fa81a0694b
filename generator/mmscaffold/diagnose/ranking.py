"""Which causes explain what was seen, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmscaffold.diagnose.causes import CAUSES, Cause
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, SeenSymptom, Symptom
from mmscaffold.diagnose.symptoms import all_symptoms

# A symptom that is there counts more than one that is missing: logs are short, and some
# symptoms show late. One that a cause cannot bring speaks most against it.
_SHOWN, _MISSING, _FOREIGN = 2.0, 1.0, 1.5
_PROVEN = 4.0
_CLOSE = 4.0  # how much worse a cause may fit and still be named
_MOST = 4  # causes for one group of symptoms


@dataclass(frozen=True)
class LikelyCause:
    """A cause that may be the one.

    Attributes:
        cause: The cause.
        explains: The symptoms that it brings.
        evidence: What speaks for it, beside those.
        score: How well it fits; more is better.
    """

    cause: Cause
    explains: list[Symptom]
    evidence: list[Evidence] = field(default_factory=list)
    score: float = 0.0


def rank_causes(story: Story, seen: list[SeenSymptom]) -> list[LikelyCause]:
    """The causes of a run's symptoms, in order of likelihood.

    Where one fault does not explain everything that was seen, the causes of the rest follow.
    """
    unknown = {one.name for one in all_symptoms() if not one.can_show(story)}
    left = {one.symptom.name for one in seen}
    ranked: list[LikelyCause] = []
    while left:
        fitting = [
            likely
            for cause in CAUSES
            if cause.shows & left and all(cause is not one.cause for one in ranked)
            if cause.is_possible(story)
            for likely in [_weigh(cause, left, story, unknown)]
        ]
        # Sorting is stable: equals stay in the order of the table.
        fitting.sort(key=lambda one: -one.score)
        if not fitting:
            break
        best = fitting[0]
        close = max(best.score - _CLOSE, 0.0)
        ranked += [best, *(one for one in fitting[1:_MOST] if one.score > close)]
        left -= {one.name for one in best.explains}
    return ranked


def _weigh(cause: Cause, seen: set[str], story: Story, unknown: set[str]) -> LikelyCause:
    shown = cause.shows & seen
    missing = cause.shows - seen - unknown
    foreign = seen - cause.shows - cause.may_show
    score = _SHOWN * len(shown) - _MISSING * len(missing) - _FOREIGN * len(foreign)
    evidence: list[Evidence] = []
    if cause.in_config and story.config is not None:
        proof = cause.prove(story)
        score += _PROVEN if proof else -_PROVEN
        evidence += proof
    clue = cause.find_clue(story)
    if clue is not None:
        score += clue.weight
        evidence.append(clue.evidence)
    explains = [one for one in all_symptoms() if one.name in seen & (shown | cause.may_show)]
    return LikelyCause(cause, explains, evidence, score)
