"""Whether the learning rate runs through its schedule faster than training does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mmscaffold.diagnose.readings.curve import (
    Comparison,
    are_close,
    comparison,
    epoch_length,
)
from mmscaffold.diagnose.readings.rates import shown
from mmscaffold.diagnose.story import Story, once
from mmscaffold.diagnose.symptom import Evidence
from mmscaffold.facts.units import Unit
from mmscaffold.schedule.curves import Curve


@dataclass(frozen=True)
class _Stepping:
    """One way to step schedulers too often.

    Attributes:
        text: How, for messages.
        steps: The steps that those by epoch and those by iteration have made, after so many
            epochs and iterations.
    """

    text: str
    steps: Callable[[int, int], tuple[int, int]]


# Beside ParamSchedulerHook, which steps those by epoch after an epoch, those by iteration after
# an iteration (mmengine/hooks/param_scheduler_hook.py): a loop steps all of them, or another
# ParamSchedulerHook does what the first one did.
_STEPPINGS = (
    _Stepping("once more after each epoch", lambda epochs, iters: (2 * epochs, iters + epochs)),
    _Stepping("once more after each batch", lambda epochs, iters: (epochs + iters, 2 * iters)),
    _Stepping("twice each time", lambda epochs, iters: (2 * epochs, 2 * iters)),
)


@once
def ahead_of_schedule(story: Story) -> list[Evidence]:
    """Where the learning rate runs ahead, if every line shows just what extra steps make.

    Of a resumed run, the steps before are those of another log.
    """
    compared = comparison(story)
    if compared is None or compared.departure is None or compared.curve is None:
        return []
    if not story.run.whole or story.run.resumed is not None:
        return []
    for stepping in _STEPPINGS:
        if _fits(story, compared, stepping):
            text = f"the rates are those of schedulers that step {stepping.text}"
            return [compared.departure.seen_in(story), Evidence(text)]
    return []


def _fits(story: Story, compared: Comparison, stepping: _Stepping) -> bool:
    """Whether all lines that the curve reaches have the rate of that many steps."""
    assert compared.departure is not None
    assert compared.curve is not None
    assert story.config is not None
    start, rates = compared.departure.index, story.run.train.lr
    batches, curve = epoch_length(story), compared.curve
    final = _final(story, curve)
    units = {scheduler.unit for scheduler in story.config.rate_schedulers}
    moved, last = False, None
    for index in shown(story):
        by_epoch, by_iteration = stepping.steps(
            story.epochs_done[index], story.iterations_done[index]
        )
        # Of schedulers by epoch and by iteration one rests, as a warm-up that is over does.
        expected = [curve.at(by_iteration)] if Unit.ITERATIONS in units else []
        if Unit.EPOCHS in units and batches is not None:
            expected.append(curve.at(by_epoch * batches))
        known = [one for one in expected if one is not None]
        if len(known) < len(expected):
            # Beyond the end of the curve, a rate is where that ended, or below.
            if final is not None and rates[index] > final and not are_close(rates[index], final):
                return False
            continue
        if not any(are_close(rates[index], one) for one in known):
            return False
        changes = last is not None and not are_close(rates[index], last)
        moved = moved or (index >= start and changes)
        last = rates[index]
    return moved


def _final(story: Story, curve: Curve) -> float | None:
    """The rate in the last iteration that the config plans."""
    assert story.config is not None
    epochs, batches = story.config.max_epochs, epoch_length(story)
    length = story.config.max_iters
    if epochs is not None and batches is not None:
        length = epochs * batches
    return None if length is None else curve.at(length - 1)
