"""How public projects are laid out, rebuilt small: no false error, and what is wrong is found."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from mmscaffold.check import Report, Settings, Severity, all_rules, check_paths

ALL = Settings(all_rules())
LOOP = """
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class {name}(EpochBasedTrainLoop):
    pass
"""
MODEL = """
from {registry} import MODELS
from mmengine.model import BaseModel


@MODELS.register_module()
class {name}(BaseModel):
    def forward(self, inputs, data_samples=None, mode='tensor'):
        return dict()
"""
CONFIG = """
model = dict(type='{model}')
train_dataloader = dict(batch_size=2)
train_cfg = dict(type='{loop}', max_epochs=3)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
"""
REGISTRY = """
from mmengine.registry import LOOPS as MMENGINE_LOOPS
from mmengine.registry import MODELS as MMENGINE_MODELS
from mmengine.registry import Registry

MODELS = Registry('model', parent=MMENGINE_MODELS, locations=['mmdet.models'])
LOOPS = Registry('loop', parent=MMENGINE_LOOPS, locations=['mmdet.engine'])
"""


def imports(*modules: str) -> str:
    return f"custom_imports = dict(imports={list(modules)!r}, allow_failed_imports=False)\n"


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return root


def found(report: Report, *, counted: bool = True) -> list[str]:
    return [
        f"{one.rule.id} {one.diagnostic.place.path.name}: {one.diagnostic.message}"
        for one in report.findings
        if not counted or one.rule.severity is not Severity.INFO
    ]


FORK = {
    "mmdet/__init__.py": "from .version import __version__\n",
    "mmdet/version.py": "__version__ = '3.3.0'\n",
    "mmdet/registry.py": REGISTRY,
    "mmdet/models/__init__.py": "from .retinanet import RetinaNet\nfrom .own import OwnNet\n",
    "mmdet/models/retinanet.py": MODEL.format(registry="mmdet.registry", name="RetinaNet"),
    "mmdet/models/own.py": """
        from mmdet.registry import MODELS
        from .retinanet import RetinaNet


        @MODELS.register_module()
        class OwnNet(RetinaNet):
            pass
        """,
    "mmdet/engine/__init__.py": "from .loops import OwnLoop\n",
    "mmdet/engine/loops.py": LOOP.format(name="OwnLoop").replace(
        "mmengine.registry", "mmdet.registry"
    ),
    "configs/own.py": CONFIG.format(model="OwnNet", loop="OwnLoop") + "default_scope = 'mmdet'\n",
}
LAYOUTS = {
    "a fork with its own mmdet": FORK,
    "a fork with an __init__.py in its root": {**FORK, "__init__.py": "", ".git/HEAD": "ref"},
    "a fork with a stray __init__.py and nothing else": {**FORK, "__init__.py": ""},
    "a fork of mmengine": {
        "mmengine/__init__.py": "from .version import __version__\n",
        "mmengine/version.py": "__version__ = '0.10.7'\n",
        "mmengine/registry/__init__.py": "from .root import LOOPS, HOOKS\n",
        "mmengine/registry/root.py": """
            class Registry:
                pass


            LOOPS = Registry()
            HOOKS = Registry()
            """,
        "mmengine/runner/__init__.py": "from .base_loop import BaseLoop\nfrom .loops import *\n",
        "mmengine/runner/base_loop.py": """
            class BaseLoop:
                def __init__(self, runner, dataloader):
                    self._runner = runner
            """,
        "mmengine/runner/loops.py": """
            from mmengine.registry import LOOPS
            from .base_loop import BaseLoop


            @LOOPS.register_module()
            class EpochBasedTrainLoop(BaseLoop):
                def __init__(self, runner, dataloader, max_epochs, own_argument=None):
                    super().__init__(runner, dataloader)

                def run(self):
                    return None
            """,
        "mmengine/hooks/__init__.py": "from .checkpoint_hook import CheckpointHook\n",
        "mmengine/hooks/hook.py": "class Hook:\n    pass\n",
        "mmengine/hooks/checkpoint_hook.py": """
            from mmengine.registry import HOOKS
            from .hook import Hook


            @HOOKS.register_module()
            class CheckpointHook(Hook):
                def __init__(self, interval=1, own_argument=None):
                    self.interval = interval
            """,
        "configs/own.py": CONFIG.format(model="mmdet.RetinaNet", loop="EpochBasedTrainLoop")
        + "train_cfg.update(own_argument=3)\n"
        + "default_hooks = dict(checkpoint=dict(type='CheckpointHook', own_argument=3))\n",
    },
    "a root __init__.py over a package": {
        "__init__.py": "",
        "own/__init__.py": "from . import models\n",
        "own/models/__init__.py": "from own.models.net import OwnNet\n",
        "own/models/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
        "tools/train.py": "import own.models\n",
        "configs/own.py": imports("own.models")
        + CONFIG.format(model="OwnNet", loop="EpochBasedTrainLoop"),
    },
    "projects with packages of one name": {
        f"projects/{name}/{file}": text
        for name, model in (("a", "FirstNet"), ("b", "SecondNet"))
        for file, text in {
            "models/__init__.py": f"from .net import {model}\n",
            "models/net.py": MODEL.format(registry="mmengine.registry", name=model),
            "models/extra.py": MODEL.format(registry="mmengine.registry", name=f"Extra{model}"),
            "configs/own.py": imports(f"projects.{name}.models", f"projects.{name}.models.extra")
            + CONFIG.format(model=f"Extra{model}", loop="EpochBasedTrainLoop"),
        }.items()
    },
    "projects that register the same name": {
        f"projects/{name}/{file}": text
        for name in ("a", "b")
        for file, text in {
            "models/__init__.py": "from .net import OwnNet\n",
            "models/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
            "configs/own.py": imports(f"projects.{name}.models")
            + CONFIG.format(model="OwnNet", loop="EpochBasedTrainLoop"),
        }.items()
    },
    "a namespace package": {
        "own/models/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
        "own/engine/loops.py": LOOP.format(name="OwnLoop"),
        "configs/own.py": imports("own.models.net", "own.engine.loops")
        + CONFIG.format(model="OwnNet", loop="OwnLoop"),
    },
    "a namespace package around a package": {
        "group/own/__init__.py": "from .net import OwnNet\n",
        "group/own/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
        "group/own/other.py": MODEL.format(registry="mmengine.registry", name="OtherNet"),
        "configs/own.py": imports("group.own", "group.own.other")
        + CONFIG.format(model="OtherNet", loop="EpochBasedTrainLoop"),
    },
    "backup copies": {
        "own/__init__.py": "from . import net\n",
        "own/net.py": MODEL.format(registry="mmdet.registry", name="OwnNet"),
        "own/net_backup.py": MODEL.format(registry="mmdet.registry", name="OwnNet"),
        "own/old/retinanet.py": MODEL.format(registry="mmdet.registry", name="RetinaNet"),
        "backup/faster_rcnn (copy).py": MODEL.format(registry="mmdet.registry", name="FasterRCNN"),
        "backup/net.py": MODEL.format(registry="mmdet.registry", name="OwnNet"),
        "configs/own.py": imports("own")
        + CONFIG.format(model="OwnNet", loop="EpochBasedTrainLoop"),
    },
    "a folder of configs with the name of the package": {
        "own/__init__.py": "from . import net, loops\n",
        "own/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
        "own/loops.py": LOOP.format(name="OwnLoop"),
        "configs/own/a.py": imports("own", "own.loops")
        + CONFIG.format(model="OwnNet", loop="OwnLoop"),
        "configs/own/b.py": "_base_ = './a.py'\nmodel = dict(init_cfg=None)\n",
    },
    "xtuner's schedules": {
        "config.py": imports("own.net")
        + """
max_epochs = 3
warmup_ratio = 0.03
model = dict(type='OwnNet')
train_dataloader = dict(batch_size=2)
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=max_epochs)
optim_wrapper = dict(type='AmpOptimWrapper', optimizer=dict(type='SGD', lr=2e-4))
param_scheduler = [
    dict(type='LinearLR', start_factor=1e-5, by_epoch=True, begin=0,
         end=warmup_ratio * max_epochs, convert_to_iter_based=True),
    dict(type='CosineAnnealingLR', eta_min=0.0, by_epoch=True,
         begin=warmup_ratio * max_epochs, end=max_epochs, convert_to_iter_based=True),
]
""",
        "own/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
    },
    "a search loop": {
        "own/__init__.py": "from .search import OwnSearchLoop, Calibration\n",
        "own/search.py": """
            import torch
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop, TestLoop


            @LOOPS.register_module()
            class OwnSearchLoop(EpochBasedTrainLoop):
                def __init__(self, runner, dataloader, evaluator, max_epochs=20, top_k=10):
                    super().__init__(runner, dataloader, max_epochs)
                    self.evaluator = runner.build_evaluator(evaluator)
                    self.candidates = []
                    self.top_k = top_k

                def run(self):
                    self.runner.call_hook('before_train')
                    while self._epoch < self._max_epochs:
                        self.run_epoch()
                        self._epoch += 1
                    self.runner.call_hook('after_train')
                    return self.runner.model

                def run_epoch(self):
                    self.candidates.sort(key=self.score)
                    del self.candidates[self.top_k:]

                @torch.no_grad()
                def score(self, candidate):
                    self.runner.model.eval()
                    for data_batch in self.dataloader:
                        outputs = self.runner.model.val_step(data_batch)
                        self.evaluator.process(outputs, data_batch)
                    return self.evaluator.evaluate(len(self.dataloader.dataset))['top1']


            @LOOPS.register_module()
            class Calibration(TestLoop):
                def run(self):
                    for data_batch in self.dataloader:
                        self.runner.model.test_step(data_batch)
                    return super().run()
            """,
        "own_config.py": imports("own")
        + """
model = dict(type='mmdet.RetinaNet')
train_dataloader = dict(batch_size=2)
train_cfg = dict(type='OwnSearchLoop', evaluator=dict(type='Accuracy'))
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
""",
    },
    "a tracker over a detector": {
        "configs/detector.py": CONFIG.format(model="RetinaNet", loop="EpochBasedTrainLoop")
        + "default_scope = 'mmdet'\n",
        "configs/tracker.py": """
            _base_ = './detector.py'
            model = dict(_delete_=True, type='DeepSORT', detector=_base_.model)
            train_cfg = None
            train_dataloader = None
            optim_wrapper = None
            test_cfg = dict(type='TestLoop')
            test_dataloader = dict(batch_size=1)
            test_evaluator = dict(type='MOTChallengeMetric')
            _val_dataloader = dict(batch_size=1)
            _test_dataloader = dict(batch_size=1)
            """,
    },
    "pure-Python students": {
        "own/__init__.py": "",
        "own/net.py": MODEL.format(registry="mmengine.registry", name="OwnNet"),
        "own/loops.py": LOOP.format(name="OwnLoop"),
        "own/hooks.py": """
            from mmengine.hooks import Hook
            from mmengine.registry import HOOKS


            @HOOKS.register_module()
            class FirstHook(Hook):
                pass


            class SecondHook(Hook):
                pass
            """,
        "configs/small.py": """
            from own.net import OwnNet
            from own.loops import OwnLoop
            from own.hooks import SecondHook

            model = dict(type=OwnNet)
            train_dataloader = dict(batch_size=2)
            train_cfg = dict(type=OwnLoop, max_epochs=3)
            optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.1))
            custom_hooks = [dict(type=SecondHook)]
            """,
        "configs/student.py": """
            from mmengine.config import read_base

            with read_base():
                from .small import *
                from .small import model as student

            model = dict(type='own.net.OwnNet', student=student)
            """,
    },
    "a loop that supplies what its base requires": {
        "own/__init__.py": "from .loops import FixedLoop, LongerLoop, PreparedLoop\n",
        "own/loops.py": """
            from mmengine.registry import LOOPS
            from mmengine.runner import EpochBasedTrainLoop


            @LOOPS.register_module()
            class FixedLoop(EpochBasedTrainLoop):
                def __init__(self, runner, dataloader, **kwargs):
                    super().__init__(runner, dataloader, max_epochs=3, **kwargs)


            @LOOPS.register_module()
            class LongerLoop(EpochBasedTrainLoop):
                def __init__(self, runner, dataloader, max_epochs=12, **kwargs):
                    super().__init__(runner, dataloader, max_epochs, **kwargs)


            @LOOPS.register_module()
            class PreparedLoop(EpochBasedTrainLoop):
                def __init__(self, *args, **kwargs):
                    kwargs.setdefault('max_epochs', 12)
                    super().__init__(*args, **kwargs)
            """,
        **{
            f"configs/{loop}.py": imports("own")
            + CONFIG.format(model="mmdet.RetinaNet", loop=loop).replace(", max_epochs=3", "")
            for loop in ("FixedLoop", "LongerLoop", "PreparedLoop")
        },
    },
    "a part of another scope": {
        "configs/own.py": CONFIG.format(model="RetinaNet", loop="EpochBasedTrainLoop")
        + "default_scope = 'mmdet'\n"
        + "custom_hooks = [dict(type='SwAVHook', batch_size=32, _scope_='mmpretrain')]\n",
    },
    "another package whose name begins with mm": {
        "mmmine/__init__.py": "from . import registry, loops\n",
        "mmmine/registry.py": "class Registry:\n    pass\n\n\nLOOPS = Registry()\n",
        "mmmine/loops.py": """
            from mmmine.registry import LOOPS


            @LOOPS.register_module()
            class OwnLoop:
                def run(self):
                    return 1
            """,
    },
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_layout_is_at_fault(name, tmp_path, monkeypatch):
    report = check_paths([write(tmp_path / "work", LAYOUTS[name])], ALL)
    assert report.configs or report.code
    assert found(report) == []
    assert report.not_understood == []


@pytest.mark.parametrize("name", ["a fork with its own mmdet", "a fork of mmengine"])
def test_a_fork_counts_where_only_a_part_of_it_is_checked(name, tmp_path):
    root = write(tmp_path / "work", LAYOUTS[name])
    assert found(check_paths([root / "configs"], ALL)) == []
    write(root, {"mine/net.py": MODEL.format(registry="mmdet.registry", name="FasterRCNN")})
    wanted = [] if "mmdet" in LAYOUTS[name] or name.endswith("mmdet") else 1
    assert bool(found(check_paths([root / "mine"], ALL))) == bool(wanted)


def test_a_project_of_2x_is_one_finding_for_each_file(tmp_path):
    part = "optimizer = dict(type='SGD', lr=0.1)\nlr_config = dict(policy='step', step=[8])\n"
    files = {"configs/_base_/schedule.py": f"{part}runner = dict(max_epochs=12)\n"}
    for name in "abc":
        files[f"configs/{name}.py"] = (
            "_base_ = './_base_/schedule.py'\nmodel = dict(type='RetinaNet')\n"
            "data = dict(samples_per_gpu=2)\nlr_config = dict(step=[9])\ntotal_epochs = 12\n"
        )
    report = check_paths([write(tmp_path, files)], ALL)
    assert found(report) == [
        *(
            f"MMS103 {name}.py: data, lr_config and total_epochs are keys of MMDetection 2.x; "
            "a 3.x Runner ignores them"
            for name in "abc"
        ),
        "MMS103 schedule.py: optimizer, lr_config and runner are keys of MMDetection 2.x; a 3.x "
        "Runner ignores them",
    ] or sorted(one.split(":")[0] for one in found(report)) == [
        "MMS103 a.py", "MMS103 b.py", "MMS103 c.py", "MMS103 schedule.py",
    ]  # fmt: skip
    assert report.legacy == 4


# What is wrong is found, in these layouts as in others.


def test_a_name_that_is_taken_in_a_fork_is_told(tmp_path):
    twice = FORK["mmdet/models/retinanet.py"]
    files = {
        **FORK,
        "mmdet/models/again.py": twice,
        "mmdet/models/__init__.py": "from .retinanet import RetinaNet\nfrom . import again, own\n",
    }
    report = check_paths([write(tmp_path, files)], ALL)
    assert [one.rpartition(":")[0].split(",")[0] for one in found(report)] == [
        "MMS240 retinanet.py: MODELS already has the name 'RetinaNet'"
    ] or any("MMS240" in one for one in found(report))


def test_a_module_that_nothing_imports_is_told_in_a_project_of_projects(tmp_path):
    layout = LAYOUTS["projects with packages of one name"]
    lost = MODEL.format(registry="mmengine.registry", name="LostNet")
    root = write(tmp_path, {**layout, "projects/b/models/lost.py": lost})
    assert found(check_paths([root], ALL)) == [
        "MMS228 lost.py: b.models.lost registers LostNet, but nothing imports this module"
    ]


def test_a_class_that_replaces_one_of_mmdet_is_told_where_it_is_imported(tmp_path):
    files = {
        "own/__init__.py": "from . import net\n",
        "own/net.py": MODEL.format(registry="mmdet.registry", name="RetinaNet"),
    }
    (told,) = found(check_paths([write(tmp_path, files)], ALL))
    assert told.startswith("MMS240 net.py: MODELS already has the name 'RetinaNet'")


def test_a_misspelt_class_of_a_fork_is_told(tmp_path):
    files = {**FORK, "configs/typo.py": FORK["configs/own.py"].replace("OwnNet", "OwnNett")}
    (told,) = found(check_paths([write(tmp_path, files)], ALL))
    assert told.startswith("MMS129 typo.py: neither mmengine nor mmdet has 'OwnNett' in MODELS")
