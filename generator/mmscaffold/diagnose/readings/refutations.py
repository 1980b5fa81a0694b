"""What in a log rules a cause out, whatever else speaks for it."""

from __future__ import annotations

import statistics

from mmscaffold.diagnose.history import NO_EPOCH, Validation, is_number
from mmscaffold.diagnose.readings.eta import VISIBLE
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence

# The ETA comes from the mean time of all iterations, `time` in a line from the last few: what
# both say together of the length is off by up to that share of the iterations that are left.
_ERROR = 0.05
_LINES = 20  # of the end, where the fewest iterations are left


def second_epoch_or_validation(story: Story) -> Evidence | None:
    """An epoch that never ends has nothing after it."""
    train = story.run.train
    if story.by_epoch:
        for index in range(1, len(train)):
            if train.epoch[index] != train.epoch[index - 1]:
                return Evidence(f"{train.head(index)} is another epoch", train.line[index])
    for one in story.run.validations:
        return Evidence("a validation, which comes after an epoch", one.line)
    return None


def runner_sees_the_loop(story: Story) -> Evidence | None:
    """What ``Runner.resume`` reports, it reads off the train loop."""
    resumed = story.run.resumed
    if resumed is None or resumed.epoch == resumed.iter == 0:
        return None
    text = f"the Runner reads epoch {resumed.epoch}, iter {resumed.iter} off the train loop"
    return Evidence(text, resumed.line)


def iterations_advance(story: Story) -> Evidence | None:
    """The number in a line of an iteration loop is that of the Runner, which is the loop's."""
    train = story.run.train
    if story.by_epoch:
        return None
    for index in range(1, len(train)):
        if train.batch[index] > train.batch[index - 1]:
            return Evidence(f"{train.head(index)} has counted on", train.line[index])
    return None


def no_number_beyond_the_end(story: Story) -> Evidence | None:
    """A loop that counts correctly, and goes on, counts on beyond the maximum of the config."""
    train, maximum = story.run.train, story.config.max_epochs if story.config else None
    if not train.line or not story.by_epoch or maximum is None:
        return None
    last = len(train) - 1
    if train.epoch[last] > maximum:
        return None
    return Evidence(f"{train.head(last)} is an epoch of the config", train.line[last])


def eta_is_above_zero(story: Story) -> Evidence | None:
    """Where ``iter`` stays 0 and ``max_iters`` is too small for any ETA, none is above zero.

    IterTimerHook computes it from ``max_iters - iter - 1``, which is the same in every line.
    """
    train = story.run.train
    for index in range(len(train) - 1, -1, -1):
        if is_number(train.eta[index]) and train.eta[index] > VISIBLE:
            return Evidence(f"{train.head(index)} has an ETA above zero", train.line[index])
    return None


def validation_within_epoch(story: Story) -> Evidence | None:
    """A validation between two batches of an epoch is not one after an epoch."""
    for one in story.run.validations:
        if is_within_epoch(story, one):
            return Evidence("a validation between two batches of an epoch", one.line)
    return None


def is_within_epoch(story: Story, validation: Validation) -> bool:
    """Whether batches of the same epoch stand before and behind a validation."""
    train, after = story.run.train, validation.after
    if after == 0 or train.epoch[after - 1] == NO_EPOCH:
        return False
    if after == len(train):
        # Not every batch has a line: the others tell whether this training validates there.
        is_open = train.batch[after - 1] < train.size[after - 1]
        others = (one for one in story.run.validations if one.after < after)
        return is_open and any(is_within_epoch(story, one) for one in others)
    same = train.epoch[after] == train.epoch[after - 1]
    return same and train.batch[after] > train.batch[after - 1]


def hook_after_train_iter(story: Story) -> Evidence | None:
    """``Exp name: ...`` is written by LoggerHook.after_train_iter alone."""
    line = story.run.exp_name
    return None if line is None else Evidence("LoggerHook.after_train_iter wrote this", line)


def total_is_no_multiple(story: Story) -> Evidence | None:
    """An iteration loop whose length is not a whole number of epochs."""
    total = told_total(story)
    if total is None or total[2]:
        return None
    return Evidence(f"iteration and ETA together tell about {total[0]} iterations in all")


def total_is_a_multiple(story: Story) -> Evidence | None:
    """A loop over epochs: its ``max_iters`` is a whole number of them."""
    total = told_total(story)
    if total is None or not total[2]:
        return None
    epochs = round(total[0] / total[1])
    text = f"iteration and ETA together tell {epochs} epochs of {total[1]} batches"
    return Evidence(text)


def told_total(story: Story) -> tuple[int, int, bool] | None:
    """How many iterations the Runner means to train, from iteration, ETA and time.

    Returns:
        The iterations in all, the batches of an epoch, and whether the first is a multiple of the
        second; ``None`` where the log does not tell it closely enough.
    """
    train = story.run.train
    estimates, spread = [], 0.0
    for index in range(max(len(train) - _LINES, 0), len(train)):
        eta, time = train.eta[index], train.time[index]
        if is_number(eta) and is_number(time) and eta > 0 and time > 0:
            left = eta / time
            estimates.append(train.batch[index] + left)
            spread = left * _ERROR + 1 / time
    if not estimates or train.size[-1] <= 0:
        return None
    size, total = train.size[-1], statistics.median(estimates)
    if spread > size / 4:
        return None
    off = abs(total - round(total / size) * size)
    return round(total), size, off <= spread
