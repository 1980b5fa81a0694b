"""The config says ``resume = True``, and the Runner only loads the checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.diagnose.needs import START
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Symptom


def _find(story: Story) -> Iterator[Evidence]:
    run, config = story.run, story.config
    if run.resumed is not None or run.loaded is None or config is None:
        return
    if not run.whole or not run.train.line:
        return
    if config.view.get("resume") is True and isinstance(config.view.get("load_from"), str):
        line, path = run.loaded
        yield Evidence(f"loads {path}; the config says resume = True", line)


SYMPTOM = Symptom(
    name="resume-lost",
    text="a checkpoint was loaded, but not resumed",
    looks="`Load checkpoint from`, without `resumed epoch:`; the config says `resume = True`",
    order=840,
    find=_find,
    needs=(START,),
)
