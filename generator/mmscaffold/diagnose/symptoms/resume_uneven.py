"""The iterations that were resumed are not those of the epochs that were resumed.

A checkpoint from within an epoch, or another number of batches than before: another batch size,
another number of GPUs, another data set (mmengine/runner/loops.py, EpochBasedTrainLoop: the
epoch starts over from its first batch, and ``max_iters`` counts the batches of now).
"""

from __future__ import annotations

from mmscaffold.diagnose.needs import START
from mmscaffold.diagnose.readings.resuming import first_line_after, said, uneven_resumption
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> list[Evidence]:
    uneven = uneven_resumption(story)
    if uneven is None:
        return []
    resumed = story.run.resumed
    assert resumed is not None
    text = f"{resumed.epoch} epochs of {uneven.batches} batches are {uneven.expected} iterations"
    return [said(resumed), first_line_after(story), Evidence(text)]


SYMPTOM = Symptom(
    name="resume-uneven",
    text="the resumed iterations are not those of the resumed epochs",
    looks="`resumed epoch: 2, iter: 11`, then train `[3][1/4]`",
    order=835,
    find=_find,
    needs=(START,),
)
