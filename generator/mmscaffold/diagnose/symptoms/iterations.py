"""Lines of training as such, and the global iteration."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.history import is_number
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom

_QUIET = 1000  # iterations that a training may run without a line, by its interval


def find(story: Story) -> Iterator[Seen]:
    """Symptoms in lines of training and in the global iteration."""
    run, train = story.run, story.run.train
    if not train.line:
        yield from _no_lines(story)
        return
    rates = any(is_number(value) for value in train.lr)
    etas = any(is_number(value) for value in train.eta)
    if not rates and not etas and not story.only_scalars:
        yield Seen(Symptom.NO_LR_ETA, [Evidence(train.head(0), train.line[0])])
    twice = sorted(story.logged_twice)
    if len(twice) > 2:
        yield Seen(
            Symptom.LINES_TWICE,
            [Evidence(f"{train.head(one)} once more", train.line[one]) for one in twice[:2]],
        )
    if run.nan_line is not None:
        yield Seen(Symptom.LOSS_NAN, [Evidence("the first such loss", run.nan_line)])
    yield from _global_iteration(story)


def _no_lines(story: Story) -> Iterator[Seen]:
    """What is saved or validated was trained, and so should have a line.

    One validation alone is no training, and a short iteration loop may end before its first
    line is due.
    """
    run = story.run
    epochs = [one for one in run.saved if one.by_epoch]
    long = [one for one in run.saved if not one.by_epoch and one.number >= _QUIET]
    if epochs or long:
        one = (epochs or long)[0]
        unit = "epochs" if one.by_epoch else "iterations"
        text = f"checkpoint at {one.number} {unit}, and no line of training before"
        yield Seen(Symptom.NO_TRAIN_LINES, [Evidence(text, one.line)])
    elif any(one.epoch > 0 for one in run.validations):
        first = next(one for one in run.validations if one.epoch > 0)
        text = f"Epoch(val) [{first.epoch}], and no line of training before"
        yield Seen(Symptom.NO_TRAIN_LINES, [Evidence(text, first.line)])


def _global_iteration(story: Story) -> Iterator[Seen]:
    iters, train = story.iters, story.run.train
    if len(iters) < 3:
        return
    if min(iters) == max(iters):
        text = f"every line of training is of iteration {iters[0]}"
        yield Seen(Symptom.ITER_FROZEN, [Evidence(text)])
        return
    back = [index for index in range(1, len(iters)) if iters[index] < iters[index - 1]]
    if back:
        index = back[0]
        text = f"iteration {iters[index]} follows {iters[index - 1]}"
        yield Seen(Symptom.ITER_GOES_BACK, [Evidence(text, train.line[index])])
        return
    if not story.by_epoch or story.only_scalars:
        return
    last = len(iters) - 1
    ran = story.iterations(last) - story.iterations(0)
    counted = iters[last] - iters[0]
    if ran >= 4 and counted > 1.5 * ran:
        text = f"{counted} iterations are counted, and {ran} were run"
        yield Seen(Symptom.ITER_TOO_FAST, [Evidence(text, train.line[last])])
