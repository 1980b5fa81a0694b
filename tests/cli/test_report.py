from __future__ import annotations

import importlib.util

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.cli.planned_changes import planned_upgrade
from report import trees


def test_a_page_is_written_and_its_contents_are_counted(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    ended = CliRunner().invoke(group, ["report", "configs", "-o", "page.html"])
    assert ended.exit_code == 0, ended.output
    assert "page.html written: 4 configs, 1 could not be read, " in ended.output
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["configs", "-o", "page.pdf"], "must end in .html"),
        (["nowhere", "-o", "page.html"], "nowhere"),
        (["configs", "-o", "no/page.html"], "cannot be written"),
        (["configs"], "--output"),
        (["configs", "-o", "page.html", "--against", "no"], "--against"),
        (["configs", "-o", "page.html", "--against", "configs", "--migrate"], "give one"),
        (["configs", "-o", "page.html", "--upgrade", "--migrate"], "give one"),
        (["configs", "-o", "page.html", "--with-bases"], "for --upgrade"),
        (["configs", "-o", "page.html", "--max-epochs", "3"], "for --migrate"),
    ],
)
def test_what_does_not_work_is_said(tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    ended = CliRunner().invoke(group, ["report", *words])
    assert ended.exit_code == 2
    assert message in ended.output


def test_a_rate_without_end_is_on_the_page(tmp_path):
    (tmp_path / "a.py").write_text(
        "train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)\n"
        "optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))\n"
        "param_scheduler = [dict(type='ExponentialLR', gamma=1e300)]\n"
    )
    page = tmp_path / "page.html"
    ended = CliRunner().invoke(group, ["report", str(tmp_path), "-o", str(page)])
    assert ended.exit_code == 0, ended.output
    assert page.exists()


def test_what_changed_since_an_older_tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        trees.write(tmp_path / name / "deep")
    (tmp_path / "new/deep/child.py").write_text(
        trees.CHILD.replace("batch_size=2", "batch_size=4")
    )
    words = ["report", "new", "-o", "page.html", "--against", "old"]
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 0, ended.output
    assert "3 changed" in ended.output


def test_what_a_migration_would_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    words = ["report", "configs", "-o", "page.html", "--migrate", "--max-epochs", "24"]
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 0, ended.output
    assert "2 changed" in ended.output  # the grandchild has 24 already, and the base is no config
    assert (tmp_path / "configs/base.py").read_text() == trees.BASE


def test_what_an_upgrade_would_change(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write_old(tmp_path / "configs")
    for words, told in (
        (["configs"], "2 configs, 2 changed, "),
        (["configs/own"], "1 config, 0 changed, 1 cannot be upgraded, "),
        (["configs/own", "--with-bases"], "1 config, 1 changed, "),
    ):
        ended = CliRunner().invoke(group, ["report", *words, "-o", "page.html", "--upgrade"])
        assert ended.exit_code == 0, ended.output
        assert told in ended.output
    assert (tmp_path / "configs/own/leaf.py").read_text() == trees.OLD_LEAF


def test_each_old_key_is_told_with_its_fate(tmp_path):
    trees.write_old(tmp_path)
    planned = planned_upgrade((tmp_path,), with_bases=False)
    fates = planned.fates[tmp_path / "own/leaf.py"]
    assert list(fates.of("data.samples_per_gpu")) == ["train_dataloader.batch_size"]
    assert list(fates.of("optimizer.lr")) == ["optim_wrapper.optimizer.lr"]
    assert fates.reason("optimizer_config.grad_clip") == "is gone: it was the default"
    assert fates.reason("lr_config.policy") == "went into other keys"
    [note] = [one for one in planned.notes if one.needs_decision]
    assert note.code == "UP202"
    assert (note.path, note.key) == (tmp_path / "own/leaf.py", "custom_hooks[0].type")


def test_without_its_library_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trees.write(tmp_path / "configs")
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "jinja2" else found(name)
    )
    ended = CliRunner().invoke(group, ["report", "configs", "-o", "page.html"])
    assert ended.exit_code == 2
    assert 'this needs jinja2: install it with `pip install "mmscaffold[report]"`' in ended.output
