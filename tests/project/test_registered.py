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
            "class Mine(Plain):\n    pass\n"
            "MODELS.register_module(module=Mine, name='Ours')\n"
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


def test_two_candidates_are_named_and_one_is_to_be_chosen(project):
    second = MODELS.replace("MyRetinaNet", "OtherRetinaNet")
    with pytest.raises(
        ProjectError, match="more than one class could replace RetinaNet"
    ) as raised:
        project(models=MODELS, others=second)
    assert "MyRetinaNet (" in raised.value.message
    assert "others.py:6)" in raised.value.message
    assert "--map RetinaNet=MyRetinaNet" in (raised.value.hint or "")


def test_a_choice_on_the_command_line_settles_it(project):
    second = MODELS.replace("MyRetinaNet", "OtherRetinaNet")
    class_map = project("RetinaNet=OtherRetinaNet", models=MODELS, others=second)
    assert class_map.classes == {"RetinaNet": "OtherRetinaNet"}


def test_a_table_of_classes_is_all_there_is(project):
    table = TABLE + '[tool.mmscaffold.classes]\nFCOS = "MyFCOS"\n'
    assert project(table=table, models=MODELS).classes == {"FCOS": "MyFCOS"}


def test_code_that_does_not_parse_is_named(project):
    with pytest.raises(ProjectError, match="not valid Python") as raised:
        project(broken="class :\n")
    assert (raised.value.where or "").endswith("broken.py:1")


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
