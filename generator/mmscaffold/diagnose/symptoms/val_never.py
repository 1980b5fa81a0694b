"""By the config a validation was due, and none is in the log."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import CONFIG
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom
from mmscaffold.facts.loops import LOOP_OF_UNIT
from mmscaffold.facts.units import Unit


def _find(story: Story) -> Iterator[Evidence]:
    run, config = story.run, story.config
    if config is None or run.validations or not config.validates or not run.train.line:
        return
    loop = config.loop
    default = LOOP_OF_UNIT[Unit.EPOCHS if config.max_iters is None else Unit.ITERATIONS]
    begin = loop.get("val_begin", default.val_begin)
    interval = loop.get("val_interval", default.val_interval)
    if not isinstance(begin, int) or not isinstance(interval, int) or interval < 1:
        return
    if loop.get("dynamic_intervals"):
        return
    last = len(run.train) - 1
    # What was run for sure: the last epoch may not be over.
    if config.max_iters is not None:
        done, unit = story.iterations(last) - 1, "iterations"
        before = run.resumed.iter if run.resumed is not None else 0
    elif config.max_epochs is not None:
        done, unit = story.epochs_before + len(story.passes) - 1, "epochs"
        before = story.epochs_before
        if story.run.train.size[last] > 0:
            done = max(done, (story.iterations(last) - 1) // story.run.train.size[last])
    else:
        return
    due = max(begin, (before // interval + 1) * interval)
    due += -due % interval
    if done >= due:
        text = f"{run.train.head(last)}: {done} {unit} run without the validation due at {due}"
        yield Evidence(text, run.train.line[last])


SYMPTOM = Symptom(
    name="val-never",
    text="no validation, although the config asks for it",
    looks="no `(val)`, after `val_interval` epochs",
    order=240,
    find=_find,
    needs=(CONFIG,),
)
