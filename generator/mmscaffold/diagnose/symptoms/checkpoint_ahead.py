"""CheckpointHook writes ``epoch + 1``, which is right only before the loop advances it."""

from __future__ import annotations

from mmscaffold.diagnose.history import NO_EPOCH
from mmscaffold.diagnose.needs import CHECKPOINT
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    ahead = []
    for one in story.run.saved:
        trained = story.run.train.epoch[one.after - 1] if one.after else NO_EPOCH
        if one.by_epoch and trained != NO_EPOCH and one.number > trained:
            text = f"checkpoint {one.number} is saved after Epoch(train) [{trained}]"
            ahead.append(Evidence(text, one.line))
    return ahead[:2]


SYMPTOM = Symptom(
    name="checkpoint-ahead",
    text="checkpoints are named after the next epoch",
    looks="`Saving checkpoint at 2 epochs` after train `[1]`",
    order=230,
    find=_find,
    needs=(CHECKPOINT,),
)
