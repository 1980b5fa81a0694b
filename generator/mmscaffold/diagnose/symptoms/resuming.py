"""Where a training resumed, and where it went on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom

EPOCH_NAME = re.compile(r"(epoch|iter)_(\d{1,15})\.pth$")


def find(story: Story) -> Iterator[Seen]:
    """Symptoms at a resumption."""
    run = story.run
    if run.resumed is None:
        yield from _lost(story)
        yield from _half(story)
        return
    resumed, train = run.resumed, run.train
    said = Evidence(f"resumed epoch: {resumed.epoch}, iter: {resumed.iter}", resumed.line)
    named = EPOCH_NAME.search(run.loaded[1]) if run.loaded is not None else None
    if named is not None and int(named[2]) > 0 and resumed.epoch == resumed.iter == 0:
        yield Seen(Symptom.RESUME_IGNORED, [said, Evidence(f"from {named[0]}", run.loaded[0])])  # type: ignore[index]
    elif _disagree(story):
        yield Seen(Symptom.RESUME_SKIPS, [said])
    if not train.line:
        return
    first = Evidence(f"{train.head(0)} is the first line of training after it", train.line[0])
    start = train.epoch[0] - 1 if story.by_epoch else train.batch[0]
    expected = resumed.epoch if story.by_epoch else resumed.iter + 1
    if story.by_epoch and train.batch[0] > train.size[0] > 0:
        return  # an iteration loop in the form of epochs
    if start < expected:
        yield Seen(Symptom.RESUME_RESTARTS, [said, first])
    elif story.by_epoch and start > expected:
        yield Seen(Symptom.RESUME_SKIPS, [said, first])


def _disagree(story: Story) -> bool:
    """Whether epoch and iteration cannot be of the same checkpoint."""
    resumed = story.run.resumed
    assert resumed is not None
    if resumed.epoch > 0 and resumed.iter == 0:
        return True
    counts_epochs = story.config is not None and story.config.max_epochs is not None
    size = story.run.train.size[0] if story.run.train.line and story.by_epoch else 0
    return counts_epochs and resumed.epoch == 0 and 0 < 2 * size <= resumed.iter


def _half(story: Story) -> Iterator[Seen]:
    """A Runner that resumes in its own way, and forgets the iteration."""
    train, iters = story.run.train, story.iters
    if story.run.loaded is None or not story.by_epoch or not iters or train.epoch[0] < 2:
        return
    if iters[0] == train.batch[0] < train.size[0] + 1:
        text = f"{train.head(0)} is iteration {iters[0]} of the training"
        yield Seen(Symptom.RESUME_SKIPS, [Evidence(text, train.line[0])])


def _lost(story: Story) -> Iterator[Seen]:
    run, config = story.run, story.config
    if run.loaded is None or config is None or not run.whole or not run.train.line:
        return
    if config.view.get("resume") is True and isinstance(config.view.get("load_from"), str):
        line, path = run.loaded
        text = f"loads {path}; the config says resume = True"
        yield Seen(Symptom.RESUME_LOST, [Evidence(text, line)])
