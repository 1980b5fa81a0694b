"""Pure-Python configs are moved by imports and calls; mmengine reads them as planned."""

from __future__ import annotations

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, NewUnit, Task, plan_migration
from mmscaffold.project import ClassMap

CLASSES = ClassMap(
    "my_project",
    "MyRunner",
    {
        "EpochBasedTrainLoop": "MyLoop",
        "IterBasedTrainLoop": "MyIterLoop",
        "RetinaNet": "MyRetinaNet",
        "ResNet": "MyResNet",
        "ValLoop": "MyValLoop",
    },
    {
        "MyLoop": "my_project.engine.loops",
        "MyIterLoop": "my_project.engine.loops",
        "MyRetinaNet": "my_project.models",
        "MyResNet": "my_project.models",
        "MyRunner": "my_project.engine.runner",
        "MyValLoop": "my_project.engine.loops",
    },
)
MODEL = (
    "from mmdet.models import FPN, ResNet, RetinaNet\n"
    "model = dict(type=RetinaNet, backbone=dict(type=ResNet, depth=50),  # keep\n"
    "    neck=dict(type=FPN))\n"
)
SCHEDULE = (
    "from mmengine.runner import EpochBasedTrainLoop\n"
    "from mmengine.runner.loops import ValLoop\n"
    "from mmengine.optim import LinearLR, MultiStepLR\n"
    "train_cfg = dict(type=EpochBasedTrainLoop, max_epochs=12)\n"
    "val_cfg = dict(type=ValLoop)\n"
    "param_scheduler = [\n"
    "    dict(type=LinearLR, by_epoch=False, begin=0, end=500),\n"
    "    dict(type=MultiStepLR, by_epoch=True, begin=0, end=12, milestones=[8, 11]),\n"
    "]\n"
)
CHILD = (
    "from mmengine.config import read_base\n"
    "with read_base():\n"
    "    from .model import *\n"
    "    from .schedule import *\n"
    "model.update(dict(num_classes=3))\n"
)


@pytest.fixture
def migrate(tree):
    """Migrate some files; give the texts and what mmengine reads of ``config``."""

    def run(task=None, folder=False, **files):
        root = tree(**files)
        named = [root] if folder else [root / "config.py"]
        plan = plan_migration(named, task or Task(CLASSES))
        for file in plan.edited:
            file.path.write_bytes(file.after)
        texts = {path.stem: path.read_text() for path in root.rglob("*.py")}
        return texts, Config.fromfile(root / "config.py").to_dict()

    return run


def test_a_whole_config_changes_names_and_imports(migrate):
    texts, config = migrate(config=MODEL + SCHEDULE)
    assert config["model"]["type"] == "my_project.models.MyRetinaNet"
    assert config["model"]["backbone"]["type"] == "my_project.models.MyResNet"
    assert config["train_cfg"]["type"] == "my_project.engine.loops.MyLoop"
    assert config["runner_type"] == "my_project.engine.runner.MyRunner"
    text = texts["config"]
    # Nothing uses these any more.
    assert text.startswith("from mmdet.models import FPN\n")
    assert "from my_project.models import MyResNet, MyRetinaNet\n" in text
    assert "EpochBasedTrainLoop" not in text
    assert "model = dict(type=MyRetinaNet, backbone=dict(type=MyResNet, depth=50),  # keep" in text
    assert "custom_imports" not in text


def test_what_bases_set_is_updated_by_calls(migrate):
    texts, config = migrate(config=CHILD, model=MODEL, schedule=SCHEDULE)
    assert texts["model"] == MODEL
    assert "train_cfg.update(type=MyLoop)\n" in texts["config"]
    assert "model['backbone'].update(type=MyResNet)\n" in texts["config"]
    assert config["model"]["type"] == "my_project.models.MyRetinaNet"
    assert config["model"]["backbone"] == {"type": "my_project.models.MyResNet", "depth": 50}
    assert config["train_cfg"]["max_epochs"] == 12
    assert config["model"]["num_classes"] == 3


def test_in_a_folder_each_class_changes_where_it_is_defined(migrate):
    texts, config = migrate(folder=True, config=CHILD, model=MODEL, schedule=SCHEDULE)
    assert "type=MyRetinaNet" in texts["model"]
    assert "type=MyLoop" in texts["schedule"]
    assert "train_cfg" not in texts["config"]
    # Others may take these names from here.
    assert texts["model"].startswith("from mmdet.models import FPN, ResNet, RetinaNet\n")
    assert config["runner_type"] == "my_project.engine.runner.MyRunner"


@pytest.mark.parametrize("folder", [False, True])
def test_a_second_run_changes_nothing(migrate, folder, tmp_path):
    migrate(folder=folder, config=CHILD, model=MODEL, schedule=SCHEDULE)
    root = tmp_path / "configs"
    again = plan_migration([root if folder else root / "config.py"], Task(CLASSES))
    assert not again.edited


def test_a_length_moves_what_hangs_on_it(migrate):
    task = Task(length=NewLength(Unit.EPOCHS, 24))
    texts, config = migrate(task, config=CHILD, model=MODEL, schedule=SCHEDULE)
    assert config["train_cfg"]["max_epochs"] == 24
    assert config["param_scheduler"][1]["milestones"] == [16, 22]
    assert config["param_scheduler"][1]["end"] == 24
    assert "param_scheduler[1].update(" in texts["config"]


def test_the_unit_changes_with_the_loop_that_is_imported(migrate):
    task = Task(CLASSES, NewUnit(Unit.ITERATIONS, 10))
    _, config = migrate(task, config=MODEL + SCHEDULE)
    assert config["train_cfg"] == {
        "type": "my_project.engine.loops.MyIterLoop",
        "max_iters": 120,
        "val_interval": 10,
    }


def test_strings_become_imports_too(migrate):
    text = (MODEL + SCHEDULE).replace("type=RetinaNet", "type='RetinaNet'")
    _, config = migrate(config=text)
    assert config["model"]["type"] == "my_project.models.MyRetinaNet"


def test_a_class_whose_module_is_not_known_is_refused(tree):
    path = tree(config=MODEL + SCHEDULE) / "config.py"
    nowhere = ClassMap("my_project", None, {"RetinaNet": "MyRetinaNet"})
    with pytest.raises(ConfigError, match="module that defines MyRetinaNet is not known"):
        plan_migration([path], nowhere)
