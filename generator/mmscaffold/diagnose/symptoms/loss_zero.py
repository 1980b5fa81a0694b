"""A loss is 0 in every line."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom

_FEWEST = 3  # lines


def _find(story: Story) -> Iterator[Evidence]:
    train = story.run.train
    if len(train) < _FEWEST:
        return
    for name in sorted(story.run.zero_losses or ()):
        # A head of one class needs no classification: that loss of YOLO is 0.
        if "cls" in name and story.config is not None and story.config.has_one_class:
            continue
        yield Evidence(f"{name} is 0 in all {len(train)} lines", train.line[0])


SYMPTOM = Symptom(
    name="loss-zero",
    text="a loss is 0 throughout",
    looks="`loss_bbox: 0.0000` in every line",
    order=920,
    find=_find,
    is_note=True,
    only_alone=True,
)
