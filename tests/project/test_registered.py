"""The class map that a package's own registrations make, without importing it."""

from __future__ import annotations

import pytest
from mmscaffold.project import ProjectError, load_project

TABLE = '[tool.mmscaffold]\npackage = "my_project"\n'


@pytest.fixture
def project(tmp_path):
    """Write a project of modules by name, and load its class map."""

    def load(*mapped, table=TABLE, under="", **modules):
        (tmp_path / "pyproject.toml").write_text(table)
        for name, text in modules.items():
            path = tmp_path / under / "my_project" / f"{name.replace('__in__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return load_project(tmp_path, mapped).class_map

    return load


MODELS = """
from mmdet.models import RetinaNet as Upstream
from mmdet.registry import MODELS

@MODELS.register_module()
class MyRetinaNet(Upstream):
    pass
"""
LOOPS = """
import mmengine.runner as runner
from mmengine.registry import LOOPS, RUNNERS, HOOKS
import mmengine.hooks

class Counting:
    pass

class Middle(Counting, runner.EpochBasedTrainLoop):
    pass

@LOOPS.register_module(name="NamedLoop")
class MyLoop(Middle):
    pass

@RUNNERS.register_module()
class MyRunner(runner.Runner):
    pass

@HOOKS.register_module()
class Guard(mmengine.hooks.Hook):
    pass

@HOOKS.register_module()
class MyCheckpoints(mmengine.hooks.CheckpointHook):
    pass
"""


def test_registered_classes_stand_in_for_their_upstream_bases(project):
    class_map = project(__init__="", models=MODELS, loops=LOOPS)
    assert class_map.runner == "MyRunner"
    assert class_map.classes == {
        "RetinaNet": "MyRetinaNet",
        "EpochBasedTrainLoop": "NamedLoop",
        "CheckpointHook": "MyCheckpoints",
    }


def test_a_src_layout_is_found(project):
    assert project(under="src", models=MODELS).classes == {"RetinaNet": "MyRetinaNet"}


def test_bases_are_followed_through_reexports_and_stars(project):
    class_map = project(
        __init__="",
        base__in____init__="from .core import *\n",
        base__in__core="from mmdet.models.detectors import FCOS\nclass Plain(FCOS):\n    pass\n",
        models=(
            "from mmengine.registry import MODELS\n"
            "from .base import Plain\n"
            "class MyFCOS(Plain):\n    pass\n"
            "MODELS.register_module(module=MyFCOS, name='Ours')\n"
        ),
    )
    assert class_map.classes == {"FCOS": "Ours"}


LOOP = """
from mmdet.registry import LOOPS as L
from mmengine.runner import EpochBasedTrainLoop


class MyLoop(EpochBasedTrainLoop):
    pass


"""


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("L.register_module()(MyLoop)", "MyLoop"),
        ("L.register_module(module=MyLoop)", "MyLoop"),
        ("L.register_module(name='X', module=MyLoop)", "X"),
        # The class's own name is in no registry then.
        ("L.register_module(name=('A', 'B'))(MyLoop)", "A"),
        ("L.register_module(name=['A', 'B'], module=MyLoop)", "A"),
        ("if True:\n    L.register_module('A')(MyLoop)", "A"),
        ("try:\n    L.register_module('A')(MyLoop)\nexcept KeyError:\n    pass", "A"),
        ("L.register_module(f'{__name__}.X')(MyLoop)", None),
    ],
)
def test_a_config_gets_a_name_that_the_registry_has(project, call, name):
    class_map = project(__init__="", loops=f"{LOOP}{call}\n")
    assert class_map.classes == ({} if name is None else {"EpochBasedTrainLoop": name})
    assert name is None or class_map.locate(name) == "my_project.loops.MyLoop"


LOOP2 = """
from mmdet.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class MyEpochLoop(EpochBasedTrainLoop):
    pass


@LOOPS.register_module()
class MyTrainLoop(EpochBasedTrainLoop):
    pass
"""


def test_two_candidates_are_named_and_one_is_to_be_chosen(project):
    second = MODELS.replace("MyRetinaNet", "OurRetinaNet")
    with pytest.raises(
        ProjectError, match="more than one class could replace EpochBased"
    ) as raised:
        project(models=MODELS, others=second, loops=LOOP2)
    assert "MyRetinaNet (" in raised.value.message
    assert "others.py:6)" in raised.value.message
    # All conflicts in one message, with a table to paste.
    assert "EpochBasedTrainLoop: MyEpochLoop (" in raised.value.message
    assert raised.value.hint == (
        "Choose in pyproject.toml, or with --map EpochBasedTrainLoop=MyEpochLoop:\n"
        "    [tool.mmscaffold.classes]\n"
        '    EpochBasedTrainLoop = "MyEpochLoop"\n'
        '    # EpochBasedTrainLoop = "MyTrainLoop"\n'
        '    RetinaNet = "MyRetinaNet"\n'
        '    # RetinaNet = "OurRetinaNet"'
    )


def test_a_choice_on_the_command_line_settles_it(project):
    second = MODELS.replace("MyRetinaNet", "OurRetinaNet")
    class_map = project("RetinaNet=OurRetinaNet", models=MODELS, others=second)
    assert class_map.classes == {"RetinaNet": "OurRetinaNet"}


@pytest.mark.parametrize(
    ("entries", "wanted"),
    [
        ('FCOS = "MyFCOS"', {"FCOS": "MyFCOS", "RetinaNet": "MyRetinaNet"}),
        ('RetinaNet = "my_project.models.Other"', {"RetinaNet": "my_project.models.Other"}),
        # Switched off.
        ('RetinaNet = "RetinaNet"', {"RetinaNet": "RetinaNet"}),
        # It stands in for another class already.
        ('SingleStageDetector = "MyRetinaNet"', {"SingleStageDetector": "MyRetinaNet"}),
        ('mmrazor.SPOS = "MySPOS"', {"mmrazor.SPOS": "MySPOS", "RetinaNet": "MyRetinaNet"}),
    ],
)
def test_a_table_and_discovery_join(project, entries, wanted):
    table = f"{TABLE}[tool.mmscaffold.classes]\n{entries}\n"
    assert project(table=table, models=MODELS).classes == wanted


def test_beside_a_table_a_conflict_is_listed(project):
    second = MODELS.replace("MyRetinaNet", "OurRetinaNet")
    table = TABLE + '[tool.mmscaffold.classes]\nFCOS = "MyFCOS"\n'
    class_map = project(table=table, models=MODELS, others=second)
    assert class_map.classes == {"FCOS": "MyFCOS"}
    assert [one.name for one in class_map.declined["RetinaNet"]] == ["MyRetinaNet", "OurRetinaNet"]


def test_code_that_does_not_parse_is_told_and_ends_nothing(project):
    class_map = project(broken="class :\n", models=MODELS)
    assert class_map.classes == {"RetinaNet": "MyRetinaNet"}
    [told] = class_map.unread
    assert "broken.py:1: is not valid Python" in told


def judged(class_map, upstream):
    return {one.name: one.reason for one in class_map.declined.get(upstream, ())}


TEMPLATE = """
from mmengine.registry import HOOKS, LOOPS, MODELS, RUNNERS
from mmengine.hooks import CheckpointHook, EMAHook
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop, Runner, TestLoop, ValLoop
from mmdet.models import ResNet, RetinaNet
from mmpretrain.models import VisionTransformer


@{registry}.register_module()
class {name}({base}):
    {body}
"""


@pytest.mark.parametrize(
    ("name", "base", "body", "reason"),
    [
        ("MyEpochBasedTrainLoop", "EpochBasedTrainLoop", "pass", None),
        ("MyEpochLoop", "EpochBasedTrainLoop", "pass", None),
        ("CustomTrainLoop", "IterBasedTrainLoop", "pass", None),
        ("MyProjectValLoop", "ValLoop", "pass", None),
        ("my_retinanet", "RetinaNet", "pass", None),
        ("RetinaNetCustom", "RetinaNet", "pass", None),
        ("OurEMA", "EMAHook", "pass", None),
        ("DistillRunner", "Runner", "pass", None),
        ("MyVisionTransformer", "VisionTransformer", "pass", None),
        (
            "MyResNet", "ResNet",
            "def __init__(self, depth, frames=1, **kwargs):\n        super().__init__(depth)",
            None,
        ),
        # Its name says that it is for something else.
        ("TrackResNet", "ResNet", "pass", "has a name that does not say that it replaces ResNet"),
        ("TeacherValLoop", "ValLoop", "pass",
         "has a name that does not say that it replaces ValLoop"),
        ("MyTestLoop", "ValLoop", "pass", "has a name that does not say that it replaces ValLoop"),
        ("Tracker", "RetinaNet", "pass",
         "has a name that does not say that it replaces RetinaNet"),
        # Its constructor asks for more, or takes less.
        (
            "MyTrainLoop", "EpochBasedTrainLoop",
            "def __init__(self, runner, dataloader, max_epochs, warm, **kw):\n"
            "        super().__init__(runner, dataloader, max_epochs, **kw)",
            "needs warm, which EpochBasedTrainLoop does not take",
        ),
        (
            "MyTrainLoop", "EpochBasedTrainLoop",
            "def __init__(self, runner, dataloader, max_epochs, val_interval=1):\n"
            "        super().__init__(runner, dataloader, max_epochs)",
            "does not take dynamic_intervals, val_begin, as EpochBasedTrainLoop does",
        ),
        (
            "MyTrainLoop", "EpochBasedTrainLoop",
            "def __init__(self, *args, **kw):\n"
            "        super().__init__(*args, val_begin=3, **kw)",
            "sets val_begin itself, which configs may give",
        ),
        (
            "MyTrainLoop", "EpochBasedTrainLoop",
            "def __init__(self, *args, **kw):\n"
            "        kw.pop('val_begin', None)\n"
            "        super().__init__(*args, val_begin=3, **kw)",
            None,
        ),
        (
            "MyRetinaNet", "RetinaNet",
            "def __init__(self, backbone, neck, bbox_head, train_cfg=None):\n"
            "        super().__init__(backbone, neck=neck, bbox_head=bbox_head)",
            None,
        ),
        (
            "MyRetinaNet", "RetinaNet",
            "def __init__(self, teacher, **kwargs):\n"
            "        super().__init__(**kwargs)",
            "needs teacher, which RetinaNet does not take",
        ),
        (
            "MyVisionTransformer", "VisionTransformer",
            "def __init__(self, more):\n        pass",
            "needs more, which mmpretrain.VisionTransformer does not take",
        ),
    ],
)  # fmt: skip
def test_only_what_can_stand_in_is_taken(project, name, base, body, reason):
    kinds = {"Loop": "LOOPS", "Hook": "HOOKS", "Runner": "RUNNERS"}
    registry = next((kind for end, kind in kinds.items() if base.endswith(end)), "MODELS")
    code = TEMPLATE.format(registry=registry, name=name, base=base, body=body)
    class_map = project(code=code)
    key = f"mmpretrain.{base}" if base == "VisionTransformer" else base
    if reason is not None:
        assert judged(class_map, key) == {name: reason}
        assert class_map.classes == {}
    elif base == "Runner":
        assert class_map.runner == name
    else:
        assert class_map.classes == {key: name}


def test_the_name_of_the_runner_shows_what_a_project_calls_its_classes(project):
    code = MODELS.replace("MyRetinaNet", "AcmeRetinaNet")
    assert project(models=code).classes == {}
    runner = TEMPLATE.format(registry="RUNNERS", name="AcmeRunner", base="Runner", body="pass")
    assert project(models=code, runner=runner).classes == {"RetinaNet": "AcmeRetinaNet"}


@pytest.mark.parametrize(
    ("comment", "taken"),
    [
        ("# Tracker replaces RetinaNet", True),
        ("  # here, Tracker always replaces a RetinaNet", True),
        ('# RetinaNet = "Tracker"', False),
        ("# Tracker2 replaces RetinaNet", False),
    ],
)
def test_a_comment_in_the_table_says_so(project, comment, taken):
    code = TEMPLATE.format(registry="MODELS", name="Tracker", base="RetinaNet", body="pass")
    found = project(code=code, table=f"{TABLE}{comment}\n").classes
    assert found == ({"RetinaNet": "Tracker"} if taken else {})


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        ("dict(type='MyResNet', depth=50)", None),
        ("dict(type='MyResNet', depth=50, frames=3)", "is used in configs with frames, which"),
        ("{'type': 'mmdet.MyResNet', 'frames': 3}", "is used in configs with frames, which"),
        ("dict(type='ResNet', frames=3)", None),
    ],
)
def test_a_class_that_configs_use_for_another_purpose_is_not_taken(project, tmp_path, use, reason):
    code = TEMPLATE.format(
        registry="MODELS",
        name="MyResNet",
        base="ResNet",
        body="def __init__(self, frames=1, **kw):\n        super().__init__(**kw)",
    )
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "track.py").write_text(f"model = dict(backbone={use})\n")
    (tmp_path / "configs" / "broken.py").write_text("model = dict(type='MyResNet'\n")
    class_map = project(code=code)
    found = judged(class_map, "ResNet").get("MyResNet", "")
    assert found.startswith(reason) if reason else class_map.classes == {"ResNet": "MyResNet"}


def test_the_generated_project_scans_to_the_table_it_was_given(tmp_path):
    import re

    from mmscaffold.scaffold import new_project

    made = new_project(tmp_path / "made", {})
    written = load_project(made).class_map
    text = (made / "pyproject.toml").read_text()
    without = re.sub(r"\[tool\.mmscaffold\.classes\]\n(.+\n)*", "", text)
    assert without != text
    (made / "pyproject.toml").write_text(without)
    assert load_project(made).class_map == written
