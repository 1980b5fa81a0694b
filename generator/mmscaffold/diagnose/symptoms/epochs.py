"""The numbers of epochs: in lines of training, validations and checkpoints."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from mmscaffold.diagnose.history import NO_EPOCH, Run
from mmscaffold.diagnose.story import Pass, Story
from mmscaffold.diagnose.symptoms.resuming import EPOCH_NAME
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom


def find(story: Story) -> Iterator[Seen]:
    """Symptoms in the numbers of epochs."""
    if story.by_epoch:
        yield from _passes(story)
        yield from _batches(story)
        yield from _end(story)
    yield from _iteration_end(story)
    yield from _validations(story)
    yield from _checkpoints(story)


def _passes(story: Story) -> Iterator[Seen]:
    run, passes = story.run, story.passes
    train = run.train
    if run.whole and run.resumed is None and passes[0].epoch not in (1, _loaded_epoch(run) + 1):
        first = Evidence(f"{train.head(0)} is the first line of training", train.line[0])
        yield Seen(Symptom.EPOCH_STARTS_LATE, [first])
    steps: dict[Symptom, list[Evidence]] = {}
    pairs = list(itertools.pairwise(passes))
    advances = any(after.epoch == before.epoch + 1 for before, after in pairs)
    for before, after in pairs:
        symptom = _step(story, before, after, advances)
        if symptom is not None:
            text = f"{train.head(after.first)} follows {train.head(before.last)}"
            steps.setdefault(symptom, []).append(Evidence(text, train.line[after.first]))
    if len(steps.get(Symptom.EPOCH_TOO_FAST, ())) < 2:
        steps.pop(Symptom.EPOCH_TOO_FAST, None)
    for symptom, evidence in steps.items():
        found = evidence[:2]
        if len(evidence) > 2:
            found.append(Evidence(f"... {len(evidence)} times in all"))
        yield Seen(symptom, found)


def _step(story: Story, before: Pass, after: Pass, advances: bool) -> Symptom | None:
    """What is wrong between two epochs.

    Args:
        story: The training.
        before: The first of them.
        after: The one that follows.
        advances: Whether the number ever advances by one.
    """
    difference = after.epoch - before.epoch
    train = story.run.train
    if difference == 0:
        return Symptom.EPOCH_SHARED if advances else Symptom.EPOCH_REPEATS
    if difference < 0:
        return Symptom.EPOCH_GOES_BACK
    # A batch that comes after the last one, within the epoch.
    if train.batch[before.last] < train.batch[after.first] <= train.size[after.first]:
        return Symptom.EPOCH_TOO_FAST
    return Symptom.EPOCH_SKIPS if difference > 1 else None


def _loaded_epoch(run: Run) -> int:
    """The epoch of a checkpoint that was loaded, by its name; 0 if there is none."""
    named = EPOCH_NAME.search(run.loaded[1]) if run.loaded is not None else None
    return int(named[2]) if named is not None else 0


def _batches(story: Story) -> Iterator[Seen]:
    train = story.run.train
    for index in range(len(train)):
        if 0 < train.size[index] < train.batch[index]:
            beyond = Evidence(train.head(index), train.line[index])
            last = len(train) - 1
            reached = Evidence(train.head(last), train.line[last])
            yield Seen(Symptom.BATCH_BEYOND, [beyond, reached] if last > index else [beyond])
            return


def _end(story: Story) -> Iterator[Seen]:
    maximum = story.config.max_epochs if story.config is not None else None
    if maximum is None or maximum < 1 or story.only_scalars:
        return
    run, train, last = story.run, story.run.train, len(story.run.train) - 1
    done = story.epochs_before + len(story.passes)
    where = train.line[last]
    size = train.size[last]
    if done > maximum or (size > 0 and story.iterations(last) > maximum * size):
        text = f"{train.head(last)} is of epoch {done} of {maximum}"
        if done <= maximum:
            ran = story.iterations(last)
            text = f"{train.head(last)} is iteration {ran} of {maximum * size}"
        yield Seen(Symptom.NEVER_ENDS, [Evidence(text, where)])
    elif done < maximum and run.stopped_early is None and story.is_last and run.is_finite:
        complete = any(one.by_epoch and one.after == len(train) for one in run.saved)
        text = f"{train.head(last)} is the last line, of epoch {done} of {maximum}"
        evidence = [Evidence(text, where)]
        if complete:
            evidence.append(Evidence("that epoch was finished", run.saved[-1].line))
        yield Seen(Symptom.ENDS_EARLY, evidence)


def _iteration_end(story: Story) -> Iterator[Seen]:
    train = story.run.train
    if story.by_epoch or not train.line:
        return
    last = len(train) - 1
    if train.batch[last] > train.size[last] and not story.only_scalars:
        yield Seen(Symptom.NEVER_ENDS, [Evidence(train.head(last), train.line[last])])


def _validations(story: Story) -> Iterator[Seen]:
    wrong: dict[Symptom, list[Evidence]] = {}
    for one in story.run.validations:
        trained = story.label_before(one)
        if trained is None or NO_EPOCH in (trained, one.epoch) or trained == one.epoch:
            continue
        symptom = Symptom.VAL_BEHIND if one.epoch < trained else Symptom.VAL_AHEAD
        text = f"Epoch(val) [{one.epoch}] follows Epoch(train) [{trained}]"
        wrong.setdefault(symptom, []).append(Evidence(text, one.line))
    for symptom, evidence in wrong.items():
        yield Seen(symptom, evidence[:2])


def _checkpoints(story: Story) -> Iterator[Seen]:
    ahead = []
    for one in story.run.saved:
        trained = story.run.train.epoch[one.after - 1] if one.after else NO_EPOCH
        if one.by_epoch and trained != NO_EPOCH and one.number > trained:
            text = f"checkpoint {one.number} is saved after Epoch(train) [{trained}]"
            ahead.append(Evidence(text, one.line))
    if ahead:
        yield Seen(Symptom.CHECKPOINT_AHEAD, ahead[:2])
