"""How far a run went, against the length that its config sets."""

from __future__ import annotations

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def epochs_begun(story: Story) -> int:
    """How many epochs were really begun, those before a resumption included."""
    return story.epochs_before + len(story.passes)


def epochs_wanted(story: Story) -> int | None:
    """``max_epochs`` of the config, where the log shows how many were run."""
    if not story.by_epoch or story.only_scalars or story.config is None:
        return None
    maximum = story.config.max_epochs
    return maximum if maximum is not None and maximum > 0 else None


def beyond_the_end(story: Story) -> list[Evidence]:
    """The last line of an epoch loop that went on after its end."""
    maximum = epochs_wanted(story)
    if maximum is None:
        return []
    train, last = story.run.train, len(story.run.train) - 1
    done, ran, size = epochs_begun(story), story.iterations(last), train.size[last]
    if done > maximum:
        text = f"{train.head(last)} is in epoch {done} of {maximum}"
    elif size > 0 and ran > maximum * size:
        text = f"{train.head(last)} is iteration {ran} of {maximum * size}"
    else:
        return []
    return [Evidence(text, train.line[last])]
