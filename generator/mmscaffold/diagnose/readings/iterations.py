"""The global iteration at each line of training."""

from __future__ import annotations

from mmscaffold.diagnose.story import Story, once


@once
def counted(story: Story) -> list[int]:
    """The global iteration at each line; empty where too few lines tell it."""
    return story.iters if story.run.train.line and len(story.iters) > 2 else []


@once
def stands(story: Story) -> bool:
    """Whether it is the same in every line."""
    iters = counted(story)
    return bool(iters) and min(iters) == max(iters)


@once
def first_step_back(story: Story) -> int | None:
    """The first line whose iteration is below that of the line before."""
    iters = counted(story)
    return next((at for at in range(1, len(iters)) if iters[at] < iters[at - 1]), None)


def advancing(story: Story) -> list[int]:
    """What ``iter`` of the Runner was with each line; nothing where it stands or goes back."""
    iters = counted(story)
    if not iters or not story.by_epoch or story.only_scalars:
        return []
    if stands(story) or first_step_back(story) is not None:
        return []
    return iters
