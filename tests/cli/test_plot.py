from __future__ import annotations

import pytest
from click.testing import CliRunner
from mmscaffold.cli.drawing import iterations_per_epoch
from mmscaffold.cli.main import group
from mmscaffold.config import resolve

CONFIG = """\
train_dataloader = dict(batch_size=4)
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs=12)
optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.02))
param_scheduler = [dict(type='MultiStepLR', milestones=[8, 11])]
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plot(*words):
    return CliRunner().invoke(group, ["plot", *words])


def test_in_the_terminal(config):
    pytest.importorskip("plotext")
    ended = plot("a.py", "--dataset-size", "100", "--gpus", "2")
    assert ended.exit_code == 0, ended.output
    assert "12 epochs; milestones 8, 11" in ended.output
    assert "guess" not in ended.output


@pytest.mark.parametrize("words", [[], ["--format", "json"], ["-o", "a.svg"], ["-o", "a.html"]])
def test_a_rate_without_end_is_drawn_as_far_as_it_is_a_number(config, words):
    pytest.importorskip("plotext")
    pytest.importorskip("matplotlib")
    grown = CONFIG.replace("MultiStepLR', milestones=[8, 11]", "ExponentialLR', gamma=1e300")
    (config / "a.py").write_text(grown)
    ended = plot("a.py", "--iters-per-epoch", "5", *words)
    assert ended.exit_code == 0, ended.output
    assert "-o" in words or "no finite number" in ended.output
    assert "Infinity" not in ended.output


OLD = """\
data = dict(samples_per_gpu=2, train=dict(type='RepeatDataset', times=3, dataset=dict(type='D')))
runner = dict(type='EpochBasedRunner', max_epochs=12)
optimizer = dict(type='SGD', lr=0.02)
lr_config = dict(policy='step', step=[8, 11])
"""
REPEATED = (
    "dict(batch_size=4, dataset=dict(type='RepeatDataset', times=3, dataset=dict(type='D')))"
)


@pytest.mark.parametrize(
    ("text", "gpus", "batches"),
    [
        (CONFIG, 1, 25),
        (CONFIG, 3, 9),
        (CONFIG.replace("batch_size=4", "batch_size=7, drop_last=True"), 1, 14),
        (CONFIG.replace("dict(batch_size=4)", REPEATED), 1, 75),
        (OLD, 2, 75),
    ],
)
def test_the_batches_of_an_epoch_are_counted(tmp_path, text, gpus, batches):
    path = tmp_path / "a.py"
    path.write_text(text)
    assert iterations_per_epoch(resolve(path).root, 100, gpus, path) == batches


def test_a_picture(config):
    pytest.importorskip("matplotlib")
    ended = plot("a.py", "-o", "a.png")
    assert (ended.exit_code, ended.stderr) == (0, "a.png written.\n")
    assert (config / "a.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["a.py", "-o", "a.bmp"], ".png, .svg, .pdf, .html"),
        (["nope.py"], "no such file"),
        (["a.py", "--dataset-size", "9", "--iters-per-epoch", "3"], "give one"),
        (["part.py"], "the length of the training is not known"),
        (["a.py", "-o", "nowhere/a.png"], "cannot be written"),
        (["no_batch.py", "--dataset-size", "9"], "the batch size is not known"),
        (["balanced.py", "--dataset-size", "9"], "how often its ClassBalancedDataset shows"),
    ],
)
def test_what_is_refused(config, words, says):
    pytest.importorskip("matplotlib")
    pytest.importorskip("plotext")
    (config / "part.py").write_text("model = dict()\n")
    balanced = REPEATED.replace("RepeatDataset', times=3", "ClassBalancedDataset'")
    (config / "balanced.py").write_text(CONFIG.replace("dict(batch_size=4)", balanced))
    (config / "no_batch.py").write_text(CONFIG.partition("\n")[2])
    ended = plot(*words)
    assert ended.exit_code == 2, ended.output
    assert says in ended.output


@pytest.mark.parametrize(
    ("library", "words"), [("matplotlib", ["a.py", "-o", "a.png"]), ("plotext", ["a.py"])]
)
def test_a_library_that_is_missing_is_named_with_its_extra(config, monkeypatch, library, words):
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name, *rest: None if name == library else object()
    )
    ended = plot(*words)
    assert ended.exit_code == 2
    assert f"this needs {library}" in ended.output
    assert 'pip install "mmscaffold[plot]"' in ended.output


@pytest.mark.parametrize("word", ["--diff", "--notes=report"])
def test_upgrade_draws_before_against_after(config, word):
    pytest.importorskip("matplotlib")
    old = OLD.replace("type='D'", "type='CocoDataset'")
    (config / "a.py").write_text(old)
    ended = CliRunner().invoke(group, ["upgrade", "a.py", word, "--plot", "change.svg"])
    assert "change.svg written" in ended.stderr, ended.output
    assert ended.exit_code == (1 if word == "--diff" else 0), ended.output
    picture = (config / "change.svg").read_text()
    assert "<!-- a.py before" in picture
    assert "<!-- a.py after" in picture
    assert ((config / "a.py").read_text() == old) == (word == "--diff")


def test_migrate_draws_before_against_after(config):
    pytest.importorskip("matplotlib")
    words = ["migrate", "a.py", "--max-epochs", "24", "--diff", "--plot", "change.svg"]
    ended = CliRunner().invoke(group, words)
    assert ended.exit_code == 1, ended.output
    assert "change.svg written" in ended.stderr
    assert "-train_cfg" in ended.stdout
    assert (config / "change.svg").read_bytes().startswith(b"<?xml")
    assert (config / "a.py").read_text() == CONFIG


@pytest.mark.parametrize("command", [["migrate", "--max-epochs", "24"], ["upgrade"]])
@pytest.mark.parametrize(
    "words", [["a.py", "b.py", "--plot", "c.svg"], ["a.py", "--plot", "c.txt"]]
)
def test_what_is_not_drawn_changes_nothing(config, command, words):
    pytest.importorskip("matplotlib")
    (config / "b.py").write_text(CONFIG)
    ended = CliRunner().invoke(group, [*command, *words])
    assert ended.exit_code == 2, ended.output
    assert (config / "a.py").read_text() == CONFIG
