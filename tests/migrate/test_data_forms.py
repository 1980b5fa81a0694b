"""YAML and JSON configs move like Python ones; mmengine reads them as planned."""

from __future__ import annotations

import json

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError
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


COMMENTED = """\
train_cfg: {by_epoch: true, max_epochs: 12}
param_scheduler:
  # all of it
  - type: MultiStepLR  # kind
    by_epoch: true
    begin: 0
    end: 12
    milestones:  # drops
    - 8  # first - of two
    # then
    - 11  # second
# the model
model: {type: RetinaNet}
"""


def test_a_block_list_of_another_length_keeps_its_comments(tmp_path):
    from mmscaffold.config import Resolver
    from mmscaffold.migrate.data_forms import DataWriter

    for new in ([16], [16, 22, 23], [16, 22], [1, 2, 3, 4]):
        path = tmp_path / "config.yaml"
        path.write_text(COMMENTED)
        config = Resolver().resolve(path)
        scheduler = dict(config.root["param_scheduler"][0])
        writer = DataWriter(config, {})
        writer.write("param_scheduler", [{**scheduler, "milestones": new}])
        path.write_bytes(writer.result())
        text = path.read_text()
        assert Config.fromfile(path).param_scheduler[0]["milestones"] == new
        for comment in ("# all of it", "# kind", "# drops", "# first - of two", "# then"):
            assert comment in text
        assert "# second" in text
        assert "# the model\nmodel:" in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x: [8, 11]  # a\n", [1], "x: [1]  # a\n"),
        ("x: [8,  # a\n  11]  # b\n", [1], "x: [1,  # a\n  ]  # b\n"),
        ("x: [8,  # a\n  11]  # b\n", [8, 11, 12], "x: [8,  # a\n  11,\n  12]  # b\n"),
        ("x:\n- - 1  # a\n  - 2\n", [[1]], "x:\n- - 1  # a\n"),
        ("x:\n- - 1\n  - 2  # a\n", [[1, 2, 3]], "x:\n- - 1\n  - 2  # a\n  - 3\n"),
        ("x:\n- 1\n- 2  # a\n# b\n", [1], "x:\n- 1\n# a\n# b\n"),
        ("x:\n- 1\n- 2  # a\n# b\n", "no", 'x:\n  "no"  # a\n# b\n'),
        ("x:\n- 1  # a\n- 2\n# b\ny: 1\n", {"c": 1}, 'x:\n# a\n  {"c": 1}\n# b\ny: 1\n'),
        ("x:\n- a: 1  # a\n  b: 2  # b\n", ["c"], 'x:\n- # a\n  "c"  # b\n'),
        ("x: {a: &q [1, 2], b: *q}  # a\n", {"a": [1], "b": [1]}, "x: {a: &q [1], b: *q}  # a\n"),
        ("x: &q 1\ny: 2\nz: *q\n", None, "x: &q null\ny: 2\nz: *q\n"),
    ],
)
def test_lists_and_blocks_keep_what_is_said_of_them(tmp_path, old, new, expected):
    from mmscaffold.config import Resolver
    from mmscaffold.migrate.data_forms import DataWriter

    path = tmp_path / "config.yaml"
    path.write_text(old)
    writer = DataWriter(Resolver().resolve(path), {})
    writer.write("x", new)
    path.write_bytes(writer.result())
    assert path.read_text() == expected
    assert Config.fromfile(path).x == new


ANCHORED = {
    "shared and moved alike": (
        "n: &n 12\ntrain_cfg: {by_epoch: true, max_epochs: *n}\n"
        "param_scheduler: [{type: MultiStepLR, by_epoch: true, end: *n, milestones: [8, 11]}]\n",
        True,
    ),
    "a merge key": (
        "loop: &loop {by_epoch: true, max_epochs: 12}\ntrain_cfg:\n  <<: *loop\n"
        "  val_interval: 1\n",
        None,
    ),
    "an alias that must not move": (
        "train_cfg: {by_epoch: true, max_epochs: &n 12}\n"
        "train_dataloader: {batch_size: *n}\nmodel: {type: RetinaNet, depth: *n}\n",
        None,
    ),
    "a whole value by its alias": (
        "other: &loop {by_epoch: true, max_epochs: 12}\ntrain_cfg: *loop  # ours\n",
        True,
    ),
}


@pytest.mark.parametrize("name", ANCHORED)
def test_anchors_are_edited_right_or_refused_with_a_hint(tmp_path, name):
    text, edited = ANCHORED[name]
    path = tmp_path / "config.yaml"
    path.write_text(text)
    before = Config.fromfile(path).to_dict()
    plan = plan_migration([path], Task(length=NewLength(Unit.EPOCHS, 24)), keep_going=True)
    if plan.failed:
        assert not edited
        ((_, error),) = plan.failed
        assert "anchors" in (error.hint or "")
        return
    path.write_bytes(plan.files[0].after)
    after = Config.fromfile(path).to_dict()
    assert after["train_cfg"]["max_epochs"] == 24
    for key in ("model", "train_dataloader"):
        assert after.get(key) == before.get(key)


def test_long_values_are_spread_over_lines(migrate):
    base = (
        "train_cfg = dict(by_epoch=True, max_epochs=12)\nparam_scheduler = [\n"
        "    dict(type='LinearLR', start_factor=0.001, by_epoch=False, begin=0, end=500),\n"
        "    dict(type='MultiStepLR', begin=0, end=12, by_epoch=True, milestones=[8, 11])]\n"
    )
    for name, own in (
        ("a.yaml", "_base_: ./base.py\n"),
        ("a.json", '{\n  "_base_": "./base.py"\n}'),
    ):
        task = Task(length=NewLength(Unit.EPOCHS, 24))
        text, config = migrate(name, own, task, base=base)
        assert config["param_scheduler"][1]["milestones"] == [16, 22]
        assert max(map(len, text.splitlines())) <= 120
        assert len(text.splitlines()) > 4


def test_the_key_that_comes_out_wrong_is_named_not_what_broke_the_file(migrate):
    """Rewritten whole, the first sampler would take the anchor away from the second."""
    text = (
        "train_cfg: {type: EpochBasedTrainLoop, max_epochs: 12}\n"
        "train_dataloader:\n  batch_size: 2\n  sampler: &s {type: DefaultSampler}\n"
        "val_dataloader: {sampler: *s}\n"
    )
    with pytest.raises(ConfigError) as caught:
        migrate("a.yaml", text, Task(length=NewUnit(Unit.ITERATIONS, 100)))
    assert str(caught.value.message) == (
        "cannot be changed: val_dataloader.sampler.type would not come out as planned"
    )
