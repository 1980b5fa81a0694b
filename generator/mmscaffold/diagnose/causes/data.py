"""Faults of the data and of what is measured on them: batches, classes, a model that stands."""

from __future__ import annotations

from mmscaffold.diagnose.causes.cause import Cause, Clue
from mmscaffold.diagnose.readings.metrics import empty_metrics, standing_metrics
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence


def _something_is_measured(story: Story) -> Evidence | None:
    """A metric that is not 0 has found objects of the classes."""
    found = [] if empty_metrics(story) or story.run.zero_losses else standing_metrics(story)
    return found[0] if found else None


def _nothing_is_measured(story: Story) -> Evidence | None:
    found = empty_metrics(story)
    return found[0] if found else None


def _loop_is_mmengines(story: Story) -> Evidence | None:
    if story.config is None or story.config.own_loop is not False:
        return None
    return Evidence(f"{story.config.where} trains with a loop of mmengine, which runs all batches")


def _loop_is_the_projects(story: Story) -> Clue | None:
    if story.config is None or not story.config.own_loop:
        return None
    return Clue(1.5, Evidence(f"{story.config.where} trains with a loop of the project's own"))


CAUSES: tuple[Cause, ...] = (
    Cause(
        name="dataloader-runs-out",
        text=(
            "The dataloader has fewer batches than its length says: `__len__` of the data set, "
            "the sampler or the batch sampler counts what it does not yield."
        ),
        hint="Let `__len__` return what is yielded; the ETA and `max_iters` are computed from it.",
        shows={"epoch-cut-short"},
        may_show={"eta-never-zero", "ends-early"},
    ),
    Cause(
        name="loop-leaves-the-epoch",
        text="The train loop leaves the epoch before its dataloader ends (`break`, `return`).",
        hint="Run every batch, or give the dataloader only those that an epoch should have.",
        shows={"epoch-cut-short"},
        may_show={"eta-never-zero", "ends-early"},
        rules=("MMS204", "MMS209"),
        clue=_loop_is_the_projects,
        refuted_by=_loop_is_mmengines,
    ),
    Cause(
        name="classes-do-not-fit-the-annotations",
        text=(
            "Nothing in the annotations matches the classes of the config: other names, another "
            "number of them, or an annotation file without boxes."
        ),
        hint=(
            "Compare metainfo['classes'] of the data sets with the category names in ann_file "
            "(one class is a tuple, too: ('cat',)), and num_classes of every head with their "
            "number; look whether ann_file and data_prefix are the right ones, and whether "
            "filter_cfg (filter_empty_gt) leaves any image. In YOLO heads of one class, loss_cls "
            "is always 0."
        ),
        shows={"metric-stands", "loss-zero"},
        may_show={"lr-off", "ends-early"},
        refuted_by=_something_is_measured,
    ),
    Cause(
        name="validated-model-stands",
        text="The model that is validated does not change, or its predictions do not.",
        hint=(
            "Look whether lr is 0, the parameters are frozen, an EMA copy that is never updated "
            "is validated, or the evaluator reads predictions of another run."
        ),
        shows={"metric-stands"},
        may_show={"lr-off", "ends-early"},
        refuted_by=_nothing_is_measured,
    ),
)
