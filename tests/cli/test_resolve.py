from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.config import resolve


@pytest.fixture(autouse=True)
def configs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.py").write_text("train_cfg = dict(by_epoch=True, max_epochs=12)\n")
    child = "_base_ = './base.py'\nn = 36\ntrain_cfg = dict(max_epochs=n)\nx = open('f')\n"
    (tmp_path / "child.py").write_text(child)


def run(*words: str):
    return CliRunner().invoke(group, ["resolve", *words])


def test_every_value_is_printed_with_its_place_on_request():
    printed = run("child.py").output
    assert "train_cfg.max_epochs = 36\n" in printed
    assert "x = <unknown: open is not evaluated" in printed
    assert "train_cfg.by_epoch = True  # base.py:1:27" in run("child.py", "--origins").output


def test_one_value_tells_its_whole_story():
    assert run("child.py", "--get", "train_cfg.max_epochs").output.splitlines() == [
        "36",
        "  child.py:3:29: n",
        "  which is child.py:2:5: 36",
        "  overrides base.py:1:44: 12",
    ]


def test_a_missing_key_exits_with_2():
    ended = run("child.py", "--get", "nothing.here")
    assert ended.exit_code == 2
    assert "has no key nothing.here" in ended.output


def test_what_may_be_there_is_not_said_to_be_absent(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("_base_ = 'mmpose::a/b.py'\ntrain_cfg = dict(max_epochs=3)\n")
    other = tmp_path / "b.py"
    other.write_text("import os\nx = dict(y=os.environ['Y'])\n")
    for path, key, reason in [
        (file, "train_cfg.val_interval", "mmpose"),
        (file, "model.type", "mmpose"),
        (other, "x.y.z", "os.environ"),
    ]:
        ended = run(str(path), "--get", key)
        assert ended.exit_code == 2
        assert f"{key} is not known: " in ended.output
        assert reason in ended.output
    assert "has no key nothing" in run(str(other), "--get", "nothing").output


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("train_cfg.max_epoch", "Did you mean 'max_epochs'?"),
        ("trian_cfg", "Did you mean 'train_cfg'?"),
        ("train_cfg.optimizer.lr", ""),
    ],
)
def test_a_misspelt_key_is_recognised(key, hint):
    ended = run("child.py", "--get", key)
    assert ended.exit_code == 2
    assert hint in ended.output
    assert bool(hint) == ("Did you mean" in ended.output)


def test_json_is_one_object_per_config(tmp_path):
    printed = json.loads(run("child.py", "base.py", "--format", "json").output)
    printed = printed["configs"]
    assert printed["base.py"] == {"train_cfg": {"by_epoch": True, "max_epochs": 12}}
    assert printed["child.py"]["x"]["where"].endswith("child.py:4:5")
    alone = json.loads(run("base.py", "--format", "json").output)
    assert alone["configs"] == {"base.py": printed["base.py"]}


def test_python_is_a_config_without_bases(tmp_path):
    text = "a = dict(b=[dict(c=1, d='x' * 60)] * 3, e={1: (2,)})\nf = {1, 2}\ng = open('f')\n"
    (tmp_path / "long.py").write_text(text)
    printed = run("long.py", "--format", "py").output
    (tmp_path / "printed.py").write_text(printed)
    again = resolve(tmp_path / "printed.py")
    assert again.to_dict() == {k: v for k, v in resolve("long.py").to_dict().items() if k != "g"}
    assert "# g = <unknown: open" in printed
    assert max(map(len, printed.splitlines()[:-1])) < 100


def test_options_that_do_not_go_together_exit_with_2():
    assert run("child.py", "--format", "json", "--origins").exit_code == 2


def test_a_folder_is_refused_by_name(tmp_path):
    from click.testing import CliRunner
    from mmscaffold.cli.main import group

    ended = CliRunner().invoke(group, ["resolve", str(tmp_path)])
    assert ended.exit_code == 2
    assert "is a folder; resolve takes config files" in ended.output


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "import os\n__hidden = 1\n"])
def test_a_config_without_keys_prints_none(tmp_path, text):
    (tmp_path / "empty.py").write_text(text)
    assert run("empty.py").output == ""
    assert run("empty.py", "--origins").output == ""
    printed = json.loads(run("empty.py", "--format", "json").output)
    assert printed["configs"] == {"empty.py": {}}
