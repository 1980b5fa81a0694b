"""Other forms of the faults that MMS247 to MMS260 find, and sound code that looks like them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from mmscaffold.check import Settings, all_rules, check_paths

HEAD = """
import itertools

from mmengine.hooks import Hook
from mmengine.model import BaseModel
from mmengine.registry import HOOKS, LOOPS
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop, Runner, ValLoop
"""
EPOCH = """
class MyLoop(EpochBasedTrainLoop):
    {before}
    def run_epoch(self):
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for idx, data_batch in enumerate({data}):
            self.run_iter(idx, data_batch)
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1
"""
OTHER = """def __init__(self, runner, dataloader, max_epochs, other):
        super().__init__(runner, dataloader, max_epochs)
        self.other = {built}
"""
AFTER_ITER = """
class MyHook(Hook):
    def after_train_iter(self, runner, batch_idx, data_batch=None, outputs=None):
        {0}
"""
RUN = """
class MyLoop({base}):
    def run(self):
        self.runner.call_hook('before_train')
        {before}
        {head}:
            if self.stop_training:
                break
            {body}
            if (self.runner.val_loop is not None and self.{counter} >= self.val_begin
                    and self.{counter} % self.val_interval == 0):
                self.runner.val_loop.run()
        {after}
        self.runner.call_hook('after_train')
        return self.runner.model
"""


def other_data(data: str, built: str = "runner.build_dataloader(other)") -> str:
    return EPOCH.format(before=OTHER.format(built=built), data=data)


def hook(*lines: str) -> str:
    return AFTER_ITER.format("\n        ".join(lines))


ONE_ITER = """
class MyLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
        self.runner.call_hook('before_train_iter', batch_idx=idx, data_batch=data_batch)
        outputs = self.runner.model.train_step(
            data_batch, optim_wrapper=self.runner.optim_wrapper)
        self.runner.call_hook(
            'after_train_iter', batch_idx=idx, data_batch=data_batch, outputs=outputs)
        {0}
"""
EVALUATES = """
class MyLoop(EpochBasedTrainLoop):
    def run_iter(self, idx, data_batch):
        super().run_iter(idx, data_batch)
        if idx % 10 == 0:
            self.look(data_batch)

    def look(self, data_batch):
        {0}
"""


def unwraps(value: str) -> str:
    return (
        "class MyHook(Hook):\n    def before_train(self, runner):\n        model = runner.model\n"
        f"        if hasattr(model, 'module'):\n            model = {value}\n"
        "        runner.model = model"
    )


FOUND = {
    "samples, written out": (
        "MMS205",
        ONE_ITER.format("self._iter = self._iter + len(data_batch['inputs'])"),
    ),
    "the data of the validation": (
        "MMS254",
        EPOCH.format(before="", data="self.runner.val_dataloader"),
    ),
    "the data of the loop of validation": (
        "MMS254",
        EPOCH.format(before="", data="self.runner.val_loop.dataloader"),
    ),
    "an unwrapped model by a local name": ("MMS258", unwraps("model.module")),
    "an unwrapped model by getattr": (
        "MMS258",
        hook("runner.model = getattr(runner.model, 'module')"),
    ),
    "evaluation in a method of its own": (
        "MMS259",
        EVALUATES.format("self.runner.model.eval()"),
    ),
    "several counters": (
        "MMS260",
        hook("runner.message_hub.update_info_dict(dict(iter=0, mine=1))"),
    ),
    "several counters in a dict": (
        "MMS260",
        hook("runner.message_hub.update_info_dict({'max_iters': 9, 'mine': 1})"),
    ),
    "epochs of a progress bar": (
        "MMS255",
        RUN.format(
            base="EpochBasedTrainLoop",
            head="for _ in trange(self._max_epochs)",
            before="",
            body="self.run_epoch()",
            after="",
            counter="_epoch",
        ),
    ),
    "a class given in the place of the name": (
        "MMS247",
        "class MyHook(Hook):\n    pass\n\n\nHOOKS.register_module(MyHook)",
    ),
    "a registry by its module": (
        "MMS247",
        "import mmdet.registry as r\n\n\n@r.HOOKS.register_module\nclass MyHook(Hook):\n    pass",
    ),
    "the message hub of the Runner": (
        "MMS248",
        "class MyLoop(EpochBasedTrainLoop):\n    def run_iter(self, idx, data_batch):\n"
        "        super().run_iter(idx, data_batch)\n        self.message_hub.get_info('epoch')",
    ),
    "the optimizer wrapper of the Runner": (
        "MMS248",
        "class MyLoop(IterBasedTrainLoop):\n    def run_iter(self, data_batch):\n"
        "        print(self.optim_wrapper)\n        super().run_iter(data_batch)",
    ),
    "a keyword that nobody gives": (
        "MMS249",
        "class MyLoop(EpochBasedTrainLoop):\n    def run_iter(self, idx, data_batch, *, scale):\n"
        "        super().run_iter(idx, data_batch)",
    ),
    "a validation with batches alone": (
        "MMS249",
        "class MyLoop(ValLoop):\n    def run_iter(self, data_batch):\n"
        "        super().run_iter(0, data_batch)",
    ),
    "a step without the wrapper": (
        "MMS250",
        "class MyModel(BaseModel):\n    def train_step(self, data):\n        return {'loss': 0}",
    ),
    "a wrapper that cannot be given by keyword": (
        "MMS250",
        "class MyModel(BaseModel):\n    def train_step(self, data, optim_wrapper, /):\n"
        "        return {'loss': 0}",
    ),
    "the Config of mmcv": ("MMS251", "from mmcv import Config"),
    "a module deeper in the Runner's package": ("MMS251", "import mmcv.runner.hooks as hooks"),
    "a member by another name for the Runner": (
        "MMS252",
        "class MyLoop(EpochBasedTrainLoop):\n    def run_iter(self, idx, data_batch):\n"
        "        runner = self.runner\n        super().run_iter(idx, data_batch)\n"
        "        print(runner.inner_iter)",
    ),
    "a method of mmcv's Runner": ("MMS252", hook("print(runner.current_lr())")),
    "a dataloader of its own": (
        "MMS253",
        "class MyLoop(EpochBasedTrainLoop):\n    def run(self):\n"
        "        self.dataloader = Runner.build_dataloader(self.runner.cfg.other)\n"
        "        return super().run()",
    ),
    "a dataloader of PyTorch": ("MMS254", other_data("self.other", "DataLoader(other)")),
    "three dataloaders": (
        "MMS254",
        other_data("zip(itertools.cycle(self.dataloader), itertools.count(), self.other)"),
    ),
    "iterations in range": (
        "MMS255",
        RUN.format(
            base="IterBasedTrainLoop",
            head="for _ in range(self.max_iters)",
            before="self.runner.call_hook('before_train_epoch')",
            body="self.runner.model.train()\n            "
            "self.run_iter(next(self.dataloader_iterator))",
            after="self.runner.call_hook('after_train_epoch')",
            counter="_iter",
        ),
    ),
    "an epoch that is the variable of a loop": (
        "MMS255",
        RUN.format(
            base="EpochBasedTrainLoop",
            head="for epoch in range(1, self._max_epochs + 1)",
            before="",
            body="self.run_epoch()",
            after="",
            counter="_epoch",
        ),
    ),
    "a step by another name for the wrapper": (
        "MMS257",
        hook("wrapper = runner.optim_wrapper", "wrapper.step()"),
    ),
    "a step of the module": ("MMS257", hook("runner.model.module.train_step(data_batch, None)")),
    "an unwrapped model by another name": (
        "MMS258",
        "class MyHook(Hook):\n    def before_run(self, runner):\n        wrapper = runner.model\n"
        "        runner.model = wrapper.module",
    ),
    "evaluation of the module": ("MMS259", hook("runner.model.module.eval()")),
    "evaluation after training": (
        "MMS259",
        hook("runner.model.train()", "runner.model.eval()", "runner.model.val_step(data_batch)"),
    ),
    "a counter by keyword": (
        "MMS260",
        hook("runner.message_hub.update_info(key='iter', value=0)"),
    ),
}
SOUND = {
    "counters by their own values": hook(
        "runner.message_hub.update_info_dict(dict(iter=runner.iter, mine=1))"
    ),
    "a module that is wrapped again": unwraps("self.wrap(model.module)"),
    "evaluation in a method that ends it": EVALUATES.format(
        "self.runner.model.eval()\n        self.runner.model.train()"
    ),
    "evaluation that another method may end": EVALUATES.format(
        "self.runner.model.eval()\n        self.back()\n\n    def back(self):\n"
        "        self.runner.model.train()"
    ),
    "a progress bar from the counter on": RUN.format(
        base="EpochBasedTrainLoop",
        head="for _ in trange(self._epoch, self._max_epochs)",
        before="",
        body="self.run_epoch()",
        after="",
        counter="_epoch",
    ),
    "a registry that takes the class as module": (
        "class MyHook(Hook):\n    pass\n\n\nHOOKS.register_module(module=MyHook)"
    ),
    "a hook that the loop has itself": (
        "class MyLoop(EpochBasedTrainLoop):\n    def call_hook(self, name):\n"
        "        self.runner.call_hook(name)\n\n    def run_epoch(self):\n"
        "        super().run_epoch()\n        self.call_hook('after_own_epoch')"
    ),
    "any arguments": (
        "class MyLoop(EpochBasedTrainLoop):\n    def run_iter(self, *args, **kwargs):\n"
        "        super().run_iter(*args, **kwargs)"
    ),
    "a wrapper by keyword alone": (
        "class MyModel(BaseModel):\n    def train_step(self, data, *, optim_wrapper):\n"
        "        return {'loss': 0}"
    ),
    "mmcv 1.x where it is asked for": (
        "def old():\n    from mmcv.runner import Hook\n    return Hook"
    ),
    "a Runner that has its own optimizer": (
        "class MyRunner(Runner):\n    @property\n    def optimizer(self):\n"
        "        return self.optim_wrapper.optimizer\n\n\n" + hook("print(runner.optimizer)")
    ),
    "a dataloader before the constructor": (
        "class MyLoop(EpochBasedTrainLoop):\n"
        "    def __init__(self, runner, dataloader, **kwargs):\n"
        "        self.dataloader = runner.build_dataloader(dataloader)\n"
        "        super().__init__(runner, self.dataloader, **kwargs)"
    ),
    "a dataloader with its iterator": (
        "class MyLoop(IterBasedTrainLoop):\n    def run(self):\n"
        "        self.dataloader = self.runner.build_dataloader(self.runner.cfg.other)\n"
        "        self.dataloader_iterator = iter(self.dataloader)\n        return super().run()"
    ),
    "the dataloader sets the length": other_data(
        "zip(self.dataloader, itertools.cycle(self.other))"
    ),
    "data of which nothing is known": EPOCH.format(before="", data="self.my_batches"),
    "a range from the counter on": RUN.format(
        base="EpochBasedTrainLoop",
        head="for _ in range(self._epoch, self._max_epochs)",
        before="",
        body="self.run_epoch()",
        after="",
        counter="_epoch",
    ),
    "an optimizer of its own": hook("self.optimizer.step()"),
    "a model of its own": hook("self.teacher.eval()", "self.teacher.val_step(data_batch)"),
    "a mode that is put back": hook(
        "was = runner.model.training", "runner.model.eval()", "runner.model.train(was)"
    ),
    "the counter itself": hook("runner.message_hub.update_info('iter', runner.iter)"),
    "counters of another object": hook("self.progress.update_info('iter', 0)"),
}


def rules(text: str, folder: Path) -> list[str]:
    file = folder / "module.py"
    file.write_text(dedent(HEAD) + "\n\n" + text + "\n")
    report = check_paths([file], Settings(all_rules()))
    assert not report.not_understood
    return [one.rule.id for one in report.findings]


@pytest.mark.parametrize(("rule", "text"), FOUND.values(), ids=FOUND)
def test_it_is_found_and_nothing_else(tmp_path, rule, text):
    assert rules(text, tmp_path) == [rule]


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_nothing_is_found(tmp_path, text):
    assert rules(text, tmp_path) == []


def test_steps_beside_the_training_are_no_epoch_of_other_data(tmp_path):
    text = (
        "class MyLoop(EpochBasedTrainLoop):\n    def run_epoch(self):\n"
        "        super().run_epoch()\n"
        "        for data_batch in self.runner.val_dataloader:\n"
        "            self.runner.model.train_step(data_batch, self.runner.optim_wrapper)"
    )
    assert "MMS254" not in rules(text, tmp_path)
