"""Which causes explain what was seen, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmscaffold.diagnose.causes import CAUSES, Cause
from mmscaffold.diagnose.proofs import prove
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms import Evidence, Seen, Symptom, unknowable

# A symptom that is there counts more than one that is missing: logs are short, and some
# symptoms show late. One that a cause cannot bring speaks most against it.
_SHOWN, _MISSING, _FOREIGN = 2.0, 1.0, 1.5
_PROVEN = 4.0
_CLOSE = 4.0  # how much worse a cause may fit and still be named
_MOST = 4  # causes for one group of symptoms


@dataclass(frozen=True)
class Likely:
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


def rank_causes(story: Story, seen: list[Seen]) -> list[Likely]:
    """The causes of a training's symptoms, in the order of likelihood.

    Where one fault does not explain all that was seen, the causes of the rest follow.
    """
    unknown = unknowable(story)
    left = {one.symptom for one in seen}
    ranked: list[Likely] = []
    while left:
        fitting = [
            likely
            for cause in CAUSES
            if cause.shows & left and all(cause is not one.cause for one in ranked)
            for likely in [_weigh(cause, left, story, unknown)]
        ]
        # Sorting is stable: equals stay in the order of the table.
        fitting.sort(key=lambda one: -one.score)
        if not fitting:
            break
        best = fitting[0]
        close = max(best.score - _CLOSE, 0.0)
        ranked += [best, *(one for one in fitting[1:_MOST] if one.score > close)]
        left -= set(best.explains)
    return ranked


def _weigh(cause: Cause, seen: set[Symptom], story: Story, unknown: set[Symptom]) -> Likely:
    shown = cause.shows & seen
    missing = cause.shows - seen - unknown
    foreign = seen - cause.shows - cause.may_show
    score = _SHOWN * len(shown) - _MISSING * len(missing) - _FOREIGN * len(foreign)
    evidence: list[Evidence] = []
    if cause.in_config and story.config is not None:
        proof = prove(cause, story)
        score += _PROVEN if proof else -_PROVEN
        evidence += proof
    for weight, hint in _hints(cause, story):
        score += weight
        evidence.append(hint)
    explains = [symptom for symptom in Symptom if symptom in seen & (shown | cause.may_show)]
    return Likely(cause, explains, evidence, score)


def _hints(cause: Cause, story: Story) -> list[tuple[float, Evidence]]:
    """What else tells causes apart that bring the same symptoms."""
    if cause.name in (_BLIND, _COUNTS_NOTHING):
        return _padding(cause, story)
    if cause.name == "batch-index-is-global" and len({one.epoch for one in story.passes}) > 1:
        # An endless epoch and an iteration loop stay at the first.
        return [(2.0, Evidence("the epoch advances all the same"))]
    if cause.name == "optimizer-was-replaced":
        # ParamSchedulerHook and CheckpointHook act at the same hook.
        saved = [one for one in story.run.saved if one.by_epoch]
        text = "checkpoints are saved, so the hooks that step the schedulers are called"
        return [(1.0, Evidence(text, saved[0].line))] if saved else []
    return []


_BLIND = "runner-does-not-see-the-counters"
_COUNTS_NOTHING = "loop-counts-nothing-and-max-iters-is-wrong"


def _padding(cause: Cause, story: Story) -> list[tuple[float, Evidence]]:
    """The Runner's ``max_epochs``, which no line tells, but its number of digits.

    The log sets the epoch to the right in as many digits. Where that is one, and the config
    says 12, the Runner reads 0: it does not see the loop.
    """
    maximum = story.config.max_epochs if story.config is not None else None
    if not story.digits or maximum is None or maximum < 10:
        return []
    agrees = story.digits == len(str(maximum))
    if agrees != (cause.name == _COUNTS_NOTHING):
        return []
    digits = "1 digit" if story.digits == 1 else f"{story.digits} digits"
    text = f"the log pads epochs for a max_epochs of {digits}; the config says {maximum}"
    return [(1.0, Evidence(text, story.run.train.line[0]))]
