"""Epochs that end before their last batch, although their log goes on without a gap."""

from __future__ import annotations

from collections import Counter

from mmscaffold.diagnose.story import Pass, Story, once

_ENOUGH = 20  # epochs, to tell the interval


@once
def cut_epochs(story: Story) -> list[Pass]:
    """The finished epochs in which at least one more line was due.

    LoggerHook writes a line every ``interval`` batches (mmengine/hooks/logger_hook.py). What comes
    after the last of them is not seen, and what people paste has gaps: only epochs that are
    written line by line from their first count, and one that is followed by the first of the next.
    """
    run, train = story.run, story.run.train
    interval = _interval(story)
    if interval is None or run.unread_lines or story.logged_twice:
        return []
    passes = story.passes
    begins = [train.batch[one.first] == interval for one in passes]
    finished = [
        one
        for number, one in enumerate(passes)
        if begins[number]
        and (begins[number + 1] if number + 1 < len(passes) else _is_finished(story))
        and _is_regular(story, one, interval)
    ]
    cut = [one for one in finished if _more_was_due(story, one, interval)]
    return cut if len(cut) > 1 or run.whole else []


def _interval(story: Story) -> int | None:
    """How many batches lie between two lines of an epoch; ``None`` if the log does not tell."""
    train = story.run.train
    if not story.by_epoch or story.only_scalars:
        return None
    gaps = Counter(
        train.batch[index] - train.batch[index - 1]
        for one in story.passes[:_ENOUGH]
        for index in range(one.first + 1, one.last + 1)
    )
    [(interval, times)] = gaps.most_common(1) or [(0, 0)]
    return interval if interval > 0 and times > 1 else None


def _is_regular(story: Story, one: Pass, interval: int) -> bool:
    batch = story.run.train.batch
    return batch[one.last] - batch[one.first] == interval * (one.last - one.first)


def _more_was_due(story: Story, one: Pass, interval: int) -> bool:
    train = story.run.train
    return train.batch[one.last] + interval <= train.size[one.last]


def _is_finished(story: Story) -> bool:
    """Whether a checkpoint or a validation follows the last line of training."""
    run, count = story.run, len(story.run.train)
    saved = any(one.by_epoch and one.after == count for one in run.saved)
    return saved or any(one.epoch > 0 and one.after == count for one in run.validations)
