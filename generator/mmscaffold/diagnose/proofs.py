"""Causes that lie in the config: what of it proves them."""

from __future__ import annotations

from collections.abc import Callable

from mmscaffold.diagnose.causes import Cause
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptoms import Evidence
from mmscaffold.diagnose.symptoms.learning_rate import old_schedule
from mmscaffold.schedule.training_length import Unit


def prove(cause: Cause, story: Story) -> list[Evidence]:
    """What the config of a training says for a cause; nothing refutes it.

    Args:
        cause: One that lies in the config.
        story: A training whose config is known.
    """
    assert story.config is not None
    by_hand = _BY_HAND.get(cause.name)
    if by_hand is not None:
        return by_hand(story)
    return [
        Evidence(f"{rule} finds in {story.config.where}: {found.message}")
        for rule in cause.rules
        for found in story.config.findings(rule)[:1]
    ]


def _iterations_as_epochs(story: Story) -> list[Evidence]:
    """An iteration loop whose log has the form of epochs."""
    assert story.config is not None
    if story.config.unit is not Unit.ITERATIONS or not story.by_epoch:
        return []
    return [Evidence(f"{story.config.where} trains {story.config.max_iters} iterations")]


def _keys_of_2x(story: Story) -> list[Evidence]:
    assert story.config is not None
    key = old_schedule(story.config)
    return [] if key is None else [Evidence(f"{story.config.where} sets {key}")]


# Where the rules look at whole configs only, and a log may hold a part of one.
_BY_HAND: dict[str, Callable[[Story], list[Evidence]]] = {
    "iterations-logged-as-epochs": _iterations_as_epochs,
    "keys-of-2x": _keys_of_2x,
}
