"""The codes of notes: what each means, why, and what to do; ``mmscaffold explain`` shows them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from mmscaffold.errors import MmscaffoldError


class Level(Enum):
    """What a code asks for, by its first digit."""

    DIFFERENT = "done, but not the same"
    DECIDE = "decide"
    REFUSED = "cannot be upgraded"
    FAULT = "a fault of mmscaffold"


_LEVELS = {"1": Level.DIFFERENT, "2": Level.DECIDE, "3": Level.REFUSED, "9": Level.FAULT}


@dataclass(frozen=True)
class NoteCode:
    """One code.

    Attributes:
        code: Such as ``UP203``.
        name: In a few words with hyphens, as rules have one.
        what: What it tells, in one or two sentences.
        why: Why that cannot be avoided, or not be decided by a tool.
        do: What to do.
        before: A config of 2.x that gets such a note, if a config does.
        after: What it becomes.
    """

    code: str
    name: str
    what: str
    why: str
    do: str
    before: str = ""
    after: str = ""

    @property
    def level(self) -> Level:
        """What it asks for."""
        return _LEVELS[self.code[2]]


_DELETE = " Then delete the note."
CODES: Mapping[str, NoteCode] = {
    row.code: row
    for row in (
        NoteCode(
            "UP101", "without-effect",
            "Something of the old config has no counterpart, and did nothing to the training, or "
            "is not needed any more.",
            "3.x has no such option: it looked for faults only, or 2.x itself did not act on it.",
            "Nothing, as a rule. If you counted on it, the help of the report says how to get it.",
            "runner = dict(type='IterBasedRunner', max_iters=90000)\n"
            "lr_config = dict(policy='step', by_epoch=True, step=[8, 11])",
            "train_cfg = dict(type='IterBasedTrainLoop', max_iters=90000)\n"
            "# mmscaffold: upgrade[UP101] lr_config counted epochs, which an IterBasedRunner "
            "never tells\n"
            "param_scheduler = []",
        ),
        NoteCode(
            "UP102", "default-written-out",
            "A default that differs between 2.x and 3.x is written out.",
            "The old config relied on what 2.x did without being told; 3.x would do something "
            "else.",
            "Nothing. It is only reported.",
        ),
        NoteCode(
            "UP103", "schedule-differs",
            "The learning rate or the momentum is not within 1 % of what it was, in some "
            "iteration. The note says how far it is off, and where that is worst.",
            "Every schedule is computed for each iteration, as mmcv's hooks and as mmengine's "
            "schedulers do it. Some of 2.x, such as several cycles that jump back to the full "
            "rate, cannot be made of mmengine's schedulers.",
            "Draw both with `mmscaffold plot`, and decide whether it matters. If it does, write a "
            "scheduler of your own (`PARAM_SCHEDULERS`)." + _DELETE,
            "total_epochs = 24\nlr_config = dict(policy='inv', gamma=0.5)",
            "# mmscaffold: upgrade[UP103] lr differs by 31.9% of its peak (epoch 4, iteration 1 "
            "of 60)\n"
            "param_scheduler = [dict(type='ExponentialLR', by_epoch=True, gamma=0.896)]",
        ),
        NoteCode(
            "UP104", "dead-statement",
            "A statement that a later one of the same name replaces is commented out.",
            "The name was assigned twice. The later statement has another name now, so the first "
            "one would have come to life.",
            "Delete it.",
            "lr_config = dict(policy='step', step=[8])\nlr_config = dict(policy='fixed')",
            "# lr_config = dict(policy='step', step=[8])\nparam_scheduler = []",
        ),
        NoteCode(
            "UP105", "expression-replaced",
            "An expression gave way to its value.",
            "What it gives is not what 3.x needs, and it cannot be edited in part: a "
            "comprehension whose items differ, or `**` of a dict that others read, too.",
            "Write it as an expression again, if you like it better.",
            "data = dict(train=[dict(type='CocoDataset', ann_file=f'{one}.json')\n"
            "                   for one in ('home', 'street')])",
            "train_dataloader = dict(dataset=dict(type='ConcatDataset', datasets=[\n"
            "    dict(type='CocoDataset', ann_file='home.json', ...),\n"
            "    dict(type='CocoDataset', ann_file='street.json', ...)]), ...)",
        ),
        NoteCode(
            "UP107", "habits-of-the-base",
            "The official base of 3.x does something else in running, and that was kept: "
            "intervals of checkpoints and logs, workers, batch sizes of the evaluation.",
            "These are the package's defaults; they change neither weights nor metrics.",
            "Nothing. Restate what you want otherwise.",
        ),
        NoteCode(
            "UP109", "apex",
            "Mixed precision by apex, or by a Runner of its own, is that of PyTorch now.",
            "mmengine has no hook for apex. The numerics are not the same.",
            "Compare the first losses of a run with the old log.",
            "runner = dict(type='EpochBasedRunnerAmp', max_epochs=36)",
            "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=36)\n"
            "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale='dynamic', ...)",
        ),
        NoteCode(
            "UP110", "fp16-in-evaluation",
            "2.x evaluated in half precision, too; 3.x does in full precision.",
            "`fp16` of 2.x holds for everything, and a hook such as `Fp16OptimizerHook` for the "
            "validation in the training. 3.x asks for it in each loop.",
            "Write `val_cfg = dict(type='ValLoop', fp16=True)`, and the same for `test_cfg`, if "
            "evaluation must be as fast, or as small, as it was.",
            "fp16 = dict(loss_scale=512.)",
            "optim_wrapper = dict(type='AmpOptimWrapper', loss_scale=512., ...)",
        ),
        NoteCode(
            "UP111", "validation-at-the-end",
            "It also validates after the last epoch or iteration, where 2.x did not.",
            "mmengine's loops always validate at the end; 2.x did so only if that was due by its "
            "interval.",
            "Nothing. With `save_best`, the last epoch can be the best one now.",
            "runner = dict(type='EpochBasedRunner', max_epochs=12)\n"
            "evaluation = dict(interval=5)",
            "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=5)",
        ),
        NoteCode(
            "UP112", "comment-on-the-old-order",
            "A comment says that a size is (height, width). It is (width, height) now.",
            "3.x takes the width first, and the two numbers were swapped. Comments are never "
            "edited.",
            "Mend the comment." + _DELETE,
            "crop_size = (480, 640)  # height, width",
            "# mmscaffold: upgrade[UP112] crop_size of RandomCrop is (w, h) now; its comment says "
            "(h, w)\n"
            "crop_size = (640, 480)  # height, width",
        ),
        NoteCode(
            "UP201", "test-time-augmentation",
            "The test pipeline flipped images, or took several scales. That is `tta_model` and "
            "`tta_pipeline` now.",
            "3.x evaluates one version of an image, and augments only if it is asked to. The "
            "validation within the training takes the first scale, without flips.",
            "Evaluate with `tools/test.py --tta` to get the old numbers." + _DELETE,
        ),
        NoteCode(
            "UP202", "own-class",
            "The config names a class that 3.x does not have: one of your own, or of a package "
            "that was not looked through. Or 3.x has one by that name now, which is another.",
            "A tool that reads configs cannot write your code anew. 3.x has other registries "
            "(`from mmengine.registry import HOOKS`, `from mmdet.registry import MODELS`) and "
            "calls other methods.",
            "Register the class there and give it the methods that 3.x calls; `mmscaffold check` "
            "says what its code still does as in 2.x." + _DELETE,
            "custom_hooks = [dict(type='MyHook')]",
            "# mmscaffold: upgrade[UP202] the hook MyHook is not one of 3.x; it must be "
            "registered with mmengine\n"
            "custom_hooks = [dict(type='MyHook')]",
        ),
        NoteCode(
            "UP203", "validations-differ",
            "It validates at other times than it did.",
            "2.x counts from `start` on (3, 5, 7 with an interval of 2) and can validate before "
            "the training; 3.x validates at the multiples of the interval from `val_begin` on, "
            "and at the end.",
            "Choose `val_begin` and `val_interval`; an interval of 1 meets all." + _DELETE,
            "evaluation = dict(start=3, interval=2)",
            "# mmscaffold: upgrade[UP203] 2.x evaluated after epochs 3, 5, 7, ...; this after "
            "4, 6, 8, ...\n"
            "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12, val_interval=2, "
            "val_begin=3)",
        ),
        NoteCode(
            "UP204", "losses-of-validation",
            "`workflow` computed the losses of the validation data, or cannot be read.",
            "A loop of 3.x trains, or computes metrics.",
            "Use a metric; or write a hook that runs the model over the data." + _DELETE,
            "workflow = [('train', 1), ('val', 1)]",
        ),
        NoteCode(
            "UP205", "normalisation-differs",
            "Images of training and test are normalised or padded in different ways, or within a "
            "pipeline that mixes images.",
            "The data preprocessor of 3.x does both for training and test alike.",
            "Look at the pipelines: if the difference was a mistake, let the preprocessor do it."
            + _DELETE,
        ),
        NoteCode(
            "UP206", "ignored-boxes",
            "`ignore_iof_thr` meets boxes to be ignored that 2.x did not collect.",
            "3.x always hands them to the assigner.",
            "Set it to -1 to train as before." + _DELETE,
        ),
        NoteCode(
            "UP207", "classes-of-some-splits",
            "`classes` were set for some splits only, or are no list of names.",
            "Each split of 2.x fell back to the classes of its data set; a model has one order.",
            "Write the same `metainfo` for all splits." + _DELETE,
        ),
        NoteCode(
            "UP208", "nearest-schedule",
            "A part of the schedule has no counterpart; what comes closest was written.",
            "mmengine's schedulers each change the value that the one before left. What jumps "
            "back to the initial value (several cycles), stops at one value for all parameter "
            "groups (`min_lr` of `step`), or depends on a length that is not known, is not among "
            "them.",
            "Draw both with `mmscaffold plot`. UP103 says how far it is off, if that is more than "
            "1 %." + _DELETE,
            "lr_config = dict(policy='step', step=[8, 11, 20], min_lr=0.05)",
            "param_scheduler = [\n"
            "    dict(type='MultiStepLR', by_epoch=True, milestones=[8]),\n"
            "    dict(type='MultiStepLR', by_epoch=True, milestones=[11], gamma=0.5),\n]",
        ),
        NoteCode(
            "UP209", "moving-average",
            "An average of the weights (EMA) warms up in another way, or not at all.",
            "The averages of 3.x have other curves for their momentum.",
            "Choose an `ema_type`; its effect is mostly over after some hundred iterations."
            + _DELETE,
            "custom_hooks = [dict(type='EMAHook', momentum=0.05, warm_up=100)]",
            "custom_hooks = [dict(type='EMAHook', ema_type='ExponentialMovingAverage', "
            "momentum=0.05)]",
        ),
        NoteCode(
            "UP210", "arguments-differ",
            "A class takes other arguments than it did.",
            "Arguments were renamed, split or given up between 2.x and 3.x, in a way that changes "
            "what they mean.",
            "Read the docstring of the class in 3.x, and write what you mean." + _DELETE,
        ),
        NoteCode(
            "UP211", "logger-without-backend",
            "A logger, or something that it logged, has no counterpart; or it logged at other "
            "times than the others, or kept results from them.",
            "3.x logs to backends of the visualizer, which write what the Runner gives them, all "
            "at one interval.",
            "Choose another backend, or a hook of your own; or one interval for all." + _DELETE,
            "log_config = dict(interval=50, hooks=[\n"
            "    dict(type='TextLoggerHook'), dict(type='PaviLoggerHook')])",
        ),
        NoteCode(
            "UP212", "path-by-code",
            "A path of a data set is no text, or has a placeholder that code fills in.",
            "3.x joins it with `data_root` and hands it on; no tool can follow what code makes.",
            "Write it as 3.x wants it: `data_prefix=dict(img=...)`." + _DELETE,
        ),
        NoteCode(
            "UP213", "package-without-rules",
            "Only the run-time part was upgraded: length, schedule, optimizer, hooks, loggers. "
            "Model, data and metrics are as they were.",
            "mmscaffold knows the classes of MMDetection 2.x. Of other packages it knows what all "
            "of them share.",
            "Port models, data sets, pipelines and metrics by the guide of the package." + _DELETE,
        ),
        NoteCode(
            "UP214", "not-readable",
            "A value that decides what is written cannot be read: only running code would tell, "
            "or it is not of the kind that 2.x takes.",
            "A guess might train something else without anybody noticing.",
            "Write the value itself, or what 3.x needs of it." + _DELETE,
            "fp16 = mine.settings()",
        ),
        NoteCode(
            "UP215", "preprocessor-elsewhere",
            "The data ask something of `model.data_preprocessor`, and the config has no model.",
            "In 2.x, pipelines normalised and padded; in 3.x, the model does. No config of this "
            "run has these data and a model, so there is nowhere to write it.",
            "Write it into the model that trains on these data, or upgrade the configs that "
            "inherit from this one together with it: they get it then." + _DELETE,
            "data = dict(train=dict(type='CocoDataset', ann_file='a.json', pipeline=[\n"
            "    dict(type='Pad', size_divisor=32)]))",
            "model = dict(data_preprocessor=dict(\n"
            "    type='DetDataPreprocessor', pad_size_divisor=32))",
        ),
        NoteCode(
            "UP216", "balance-of-several-sets",
            "`ClassBalancedDataset` stands around several data sets in a row, and mmdet 3.x stops "
            "with an AttributeError when it builds them.",
            "It asks what it wraps for the classes of each image. `ConcatDataset` of 2.x could "
            "tell them; that of 3.x has no `get_cat_ids`. To balance each data set by itself is "
            "something else: which classes are rare in one may be common in another.",
            "Join the annotation files to one; or write a `ClassBalancedDataset` around each data "
            "set of the `ConcatDataset`; or derive a `ConcatDataset` that has `get_cat_ids`."
            + _DELETE,
            "data = dict(train=dict(type='ClassBalancedDataset', oversample_thr=1e-3,\n"
            "    dataset=dict(type='CocoDataset', ann_file=['home.json', 'street.json'])))",
            "# mmscaffold: upgrade[UP216] ClassBalancedDataset of 3.x cannot balance the classes "
            "of several sets\n"
            "train_dataloader = dict(dataset=dict(type='ClassBalancedDataset', "
            "oversample_thr=1e-3,\n"
            "    dataset=dict(type='ConcatDataset', datasets=[\n"
            "        dict(type='CocoDataset', ann_file='home.json', ...),\n"
            "        dict(type='CocoDataset', ann_file='street.json', ...)])), ...)",
        ),
        NoteCode(
            "UP217", "belongs-elsewhere",
            "What this config said belongs in a key of 3.x that is made from another config, "
            "and no such config is part of this run.",
            "In 3.x, clipping and half precision belong to the wrapper of the optimizer, and what "
            "`evaluation` said to the loop, the checkpoints and the metrics. Two bases must not "
            "set the same key, so only a config that has both can write it.",
            "Upgrade the configs that inherit from this one together with it: they get it then. "
            "Or write it there yourself." + _DELETE,
            "optimizer_config = dict(grad_clip=dict(max_norm=35))",
            "# in the config that has the optimizer\n"
            "optim_wrapper = dict(clip_grad=dict(max_norm=35))",
        ),
        NoteCode(
            "UP301", "no-such-training",
            "3.x has no such way of training: a wrapper around the model or a semi-supervised one "
            "of a fork, or weights averaged by `swa_*`.",
            "These were loops and hooks of a fork of 2.x.",
            "Write the base config without it, upgrade that, and build on what 3.x has: "
            "`SemiBaseDetector`, `EMAHook`.",
        ),
        NoteCode(
            "UP302", "import-in-config",
            "The config needs an import of a module that is not Python's own.",
            "mmengine takes such a file for the pure Python style, in which `_base_` is no key. "
            "An import that nothing needs any more is taken out, unless it may register classes.",
            "Write what the import is used for as a value, and remove it.",
            "import numpy as np\nkind = np.float32",
        ),
        NoteCode(
            "UP303", "both-generations",
            "The config has keys of 2.x and of 3.x that both mean something, or a variable that "
            "is read and has the name of a key of 3.x.",
            "It was ported in part, or a 2.x config inherits from 3.x ones. Whichever is meant, "
            "the other would be lost. A variable would come to life as a key.",
            "Finish it by hand, or go back to the version before. Give a variable another name.",
            "_base_ = 'mmdet::_base_/schedules/schedule_1x.py'\n"
            "lr_config = dict(policy='step', step=[16, 22])",
        ),
        NoteCode(
            "UP304", "refused-by-2x",
            "2.x itself refuses this config.",
            "It says two things that contradict each other, and only you know which was meant.",
            "Mend the 2.x config first.",
            "total_epochs = 24\nrunner = dict(type='EpochBasedRunner', max_epochs=12)",
        ),
        NoteCode(
            "UP999", "fault",
            "A value of the old config was not accounted for, so that nothing was written.",
            "Nothing may be lost silently. No rule said what became of the value.",
            "Please report it, with the config.",
        ),
    )
}  # fmt: skip
"""Every code of a note, with what it means."""


def find_code(code: str) -> NoteCode:
    """What a code means.

    Args:
        code: In any case, or the name.

    Raises:
        MmscaffoldError: If there is no such code.
    """
    for row in CODES.values():
        if code.upper() == row.code or code.lower() == row.name:
            return row
    near = difflib.get_close_matches(code.upper(), list(CODES))
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    raise MmscaffoldError(
        f"there is no note {code!r}", hint=f"{meant}`mmscaffold explain` lists them."
    )
