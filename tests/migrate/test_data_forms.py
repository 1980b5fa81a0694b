"""YAML and JSON configs move like Python ones; mmengine reads them as planned."""

from __future__ import annotations

import json

import pytest
from mmengine.config import Config
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, NewUnit, Task, plan_migration
from mmscaffold.project import ClassMap

YAML = """\
# a small one
model:
  type: RetinaNet  # the detector
  backbone: {type: ResNet, depth: 50}
train_cfg:
  by_epoch: true
  max_epochs: 12
  # validate now and then
  val_interval: 1
param_scheduler:
- type: MultiStepLR
  begin: 0
  end: 12
  by_epoch: true
  milestones: [8, 11]
"""
CLASSES = ClassMap(
    "my_project",
    "MyRunner",
    {"EpochBasedTrainLoop": "MyLoop", "RetinaNet": "MyRetinaNet", "ResNet": "MyResNet"},
)


@pytest.fixture
def migrate(tmp_path):
    def run(name, text, task=None, **bases):
        for base, content in bases.items():
            (tmp_path / f"{base}.py").write_text(content)
        path = tmp_path / name
        path.write_text(text)
        plan = plan_migration([path], task or Task(CLASSES))
        path.write_bytes(plan.files[0].after)
        assert not plan_migration([path], task or Task(CLASSES)).edited
        return path.read_text(), Config.fromfile(path, import_custom_modules=False).to_dict()

    return run


def test_yaml_changes_where_the_values_stand(migrate):
    text, config = migrate("config.yaml", YAML)
    assert config["train_cfg"] == {"type": "MyLoop", "max_epochs": 12, "val_interval": 1}
    assert config["model"]["backbone"]["type"] == "MyResNet"
    assert config["custom_imports"] == {"imports": ["my_project"], "allow_failed_imports": False}
    assert config["runner_type"] == "MyRunner"
    assert 'type: "MyRetinaNet"  # the detector' in text
    assert "  # validate now and then\n" in text
    assert text.startswith("# a small one\n")


@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(migrate, indent):
    import yaml

    text, config = migrate("config.json", json.dumps(yaml.safe_load(YAML), indent=indent))
    assert config == json.loads(text)
    assert config["train_cfg"] == {"type": "MyLoop", "max_epochs": 12, "val_interval": 1}


def test_what_a_base_says_is_overridden(migrate):
    base = "train_cfg = dict(by_epoch=True, max_epochs=12)\nmodel = dict(type='RetinaNet', x=1)\n"
    text, config = migrate("config.yml", "_base_: ./base.py\nmodel: {x: 2}\n", base=base)
    assert config["train_cfg"] == {"type": "MyLoop", "max_epochs": 12}
    assert config["model"] == {"type": "MyRetinaNet", "x": 2}
    assert 'train_cfg: {"_delete_": true' in text


def test_lengths_and_units(migrate):
    _, config = migrate("config.yaml", YAML, Task(length=NewLength(Unit.EPOCHS, 36)))
    assert config["train_cfg"]["max_epochs"] == 36
    assert config["param_scheduler"][0]["milestones"] == [24, 33]
    _, config = migrate("config.yaml", YAML, Task(length=NewUnit(Unit.ITERATIONS, 10)))
    assert config["train_cfg"] == {"by_epoch": False, "max_iters": 120, "val_interval": 10}
    assert config["param_scheduler"][0]["milestones"] == [80, 110]
    assert config["log_processor"]["by_epoch"] is False


@pytest.mark.parametrize(
    "text",
    [
        "---\n" + YAML + "...\n",
        YAML + "# the end\n...  # really\n",
        "".join(f"  {line}\n" for line in YAML.splitlines()),
        YAML + "notes: |\n  two\n  lines\n",
        YAML.replace("max_epochs: 12", "max_epochs: &n 12") + "copy: *n\n",
        YAML.replace("\n", "\r\n"),
        YAML + '"a long key, quoted": "é 中文"\n',
    ],
    ids=["document", "comment at the end", "indented", "block", "anchor", "crlf", "quoted"],
)
def test_odd_documents_are_edited_right(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_bytes(text.encode())
    plan = plan_migration([path], CLASSES).files[0]
    path.write_bytes(plan.after)
    config = Config.fromfile(path, import_custom_modules=False).to_dict()
    assert config["train_cfg"] == {"type": "MyLoop", "max_epochs": 12, "val_interval": 1}
    assert config["runner_type"] == "MyRunner"
    assert "# the detector" in plan.after.decode()
