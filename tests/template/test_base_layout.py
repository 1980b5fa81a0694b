"""A project of the first layout is updated: ``migrations/base_layout.py`` makes way for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from mmscaffold.config import resolve
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import template_folder

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

# The last commit whose template had the first layout.
FIRST_LAYOUT = "db759d5ccfdb10beb028c26fd53dbc7b92877051"
ROOT = template_folder()
# An update renders the template five times: all of them in `make test-slow`.
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
UNCHANGED = [
    {"detector": "YOLOX"},
    {"detector": "MaskRCNN", "config_style": "pure_python", "training_unit": "iterations"},
]


def git(folder: Path, *words: str) -> str:
    ended = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "core.hooksPath=", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


def has_history() -> bool:
    asked = ["git", "cat-file", "-e", FIRST_LAYOUT]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """A repository whose v0.1.0 has the first layout, and whose v0.2.0 is what is here."""
    if not has_history():
        pytest.skip("the history of this repository is not here")
    folder = tmp_path_factory.mktemp("repository") / "template"
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", FIRST_LAYOUT, "copier.yml", "template"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    subprocess.run(["tar", "-x"], cwd=folder, input=archive.stdout, check=True)
    git(folder, "init", "-q")
    commit(folder, "first")
    git(folder, "tag", "v0.1.0")
    shutil.rmtree(folder / "template")
    for name in ("template", "migrations"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "copier.yml", folder)
    commit(folder, "second")
    git(folder, "tag", "v0.2.0")
    return folder


def make(template: Path, folder: Path, **answers: object) -> Path:
    from copier import run_copy

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(
            str(template),
            folder,
            {"package_name": "mine", **answers},
            defaults=True,
            vcs_ref="v0.1.0",
            quiet=True,
        )
    git(folder, "init", "-q")
    commit(folder, "made")
    return folder


def update(folder: Path) -> None:
    from copier import run_update

    commit(folder, "mine") if git(folder, "status", "--porcelain") else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_update(
            folder, defaults=True, overwrite=True, quiet=True, conflict="inline", unsafe=True
        )


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def configs(folder: Path) -> set[str]:
    return {
        path.relative_to(folder / "configs").as_posix() for path in folder.rglob("configs/**/*.py")
    }


def values(path: Path) -> dict[str, object]:
    resolved = resolve(path)
    assert not resolved.unknowns
    return resolved.to_dict()


def assert_no_conflict(folder: Path) -> None:
    for path in folder.rglob("*.py"):
        assert "<<<<<<<" not in path.read_text(), path
    assert not list(folder.rglob("*.rej"))


@pytest.mark.parametrize("answers", UNCHANGED if WHOLE else UNCHANGED[:1])
def test_what_nobody_changed_becomes_what_a_new_project_has(template, tmp_path, answers):
    project = make(template, tmp_path / "project", **answers)
    before = configs(project)
    (project / "mine" / "own.py").write_text("x = 1\n")
    update(project)
    fresh = new_project(tmp_path / "fresh", {"package_name": "mine", **answers})
    assert configs(project) == configs(fresh) != before
    for name in configs(fresh):
        path = Path("configs", name)
        assert (project / path).read_text() == (fresh / path).read_text()
    assert (project / "mine" / "own.py").is_file()
    assert_no_conflict(project)


@pytest.mark.parametrize("style", ["classic", "pure_python"] if WHOLE else ["classic"])
def test_what_somebody_changed_trains_as_before(template, tmp_path, capfd, style):
    project = make(template, tmp_path / "project", config_style=style)
    leaf = project / "configs/coco/retinanet_r50_fpn_1x_coco.py"
    edit(leaf, "max_epochs = 12", "max_epochs = 24  # as we always do")
    edit(project / "configs/_base_/retinanet_r18_fpn.py", "stacked_convs=1", "stacked_convs=3")
    own = project / "configs/coco/own.py"
    # One that inherits from what was changed, and one from what was not.
    if style == "classic":
        own.write_text("_base_ = './retinanet_r50_fpn_1x_coco.py'\nwork_dir = 'own'\n")
        (own.parent / "plain.py").write_text("_base_ = '../toy/retinanet_r18_fpn_toy.py'\n")
        # Without "./", with Windows' ends of lines, and beside the models.
        plain = b"_base_ = ['retinanet_r50_fpn_1x_coco.py']\r\nwork_dir = 'same'\r\n"
        (own.parent / "same_folder.py").write_bytes(plain)
        deeper = project / "configs/_base_/deeper.py"
        deeper.write_text('_base_ = "retinanet_r50_fpn.py"\nmodel = dict(neck=dict(num_outs=6))\n')
    else:
        head = "from mmengine.config import read_base\n\nwith read_base():\n    "
        own.write_text(head + "from .retinanet_r50_fpn_1x_coco import *\n\nwork_dir = 'own'\n")
        (own.parent / "plain.py").write_text(head + "from ..toy.retinanet_r18_fpn_toy import *\n")
        deeper = project / "configs/_base_/deeper.py"
        deeper.write_text(
            head + "from .retinanet_r50_fpn import *\n\nmodel['neck'].update(num_outs=6)\n"
        )
    before = {key: values(leaf)[key] for key in ("model", "param_scheduler", "train_dataloader")}
    update(project)
    kept = leaf.with_name("retinanet_r50_fpn_1x_coco_before_update.py")
    assert "max_epochs = 24  # as we always do" in kept.read_text()
    assert {key: values(kept)[key] for key in before} == before
    assert values(own)["work_dir"] == "own"
    assert values(own)["max_epochs"] == 24
    assert values(own.parent / "plain.py")["max_epochs"] == 30
    assert values(deeper)["model"]["neck"]["num_outs"] == 6
    if style == "classic":
        same = own.parent / "same_folder.py"
        assert values(same)["max_epochs"] == 24
        assert same.read_bytes() == plain.replace(b"1x_coco", b"1x_coco_before_update")
    old_model = project / "configs/_base_/retinanet_r18_fpn_before_update.py"
    assert "stacked_convs=3" in old_model.read_text()
    # The new ones lie beside them, and are told.
    assert values(leaf)["max_epochs"] == 12
    assert (project / "configs/_base_/models/retinanet_r50_fpn.py").is_file()
    assert not (project / "configs/_base_/retinanet_r50_fpn.py").exists()
    told = capfd.readouterr().out
    assert "configs/coco/retinanet_r50_fpn_1x_coco.py: you changed this file" in told
    assert "configs/_base_/retinanet_r18_fpn_before_update.py" in told
    assert_no_conflict(project)


def run_update(project: Path, *words: str) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, "-m", "mmscaffold", "update", *words],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


if WHOLE:

    def test_mmscaffold_update_from_this_repository_s_first_layout_to_what_it_has_now(tmp_path):
        """The command, the entry of ``_migrations`` and the history are the real ones."""
        if not has_history():
            pytest.skip("the history of this repository is not here")
        clone = tmp_path / "mmscaffold"
        git(tmp_path, "clone", "--quiet", "--no-tags", str(ROOT), str(clone))
        git(clone, "tag", "v0.1.0", FIRST_LAYOUT)
        git(clone, "tag", "v0.2.0", "HEAD")
        project = make(clone, tmp_path / "project", detector="FasterRCNN")
        loops = project / "mine/engine/train_loops.py"
        edit(
            loops,
            "        return data_batch\n",
            "        data_batch['mine'] = 1\n        return data_batch\n",
        )
        edit(
            project / "README.md", "`Runner.epoch`, `iter`,", "Ask Ada.\n\n`Runner.epoch`, `iter`,"
        )
        leaf = project / "configs/coco/faster_rcnn_r50_fpn_1x_coco.py"
        edit(leaf, "max_epochs = 12", "max_epochs = 36")
        own = project / "configs/coco/ours.py"
        own.write_text("_base_ = './faster_rcnn_r50_fpn_1x_coco.py'\nwork_dir = 'ours'\n")
        commit(project, "mine")

        code, printed = run_update(project, "--to", "v0.2.0")
        assert code == 2
        assert "--trust" in printed
        code, printed = run_update(project, "--to", "v0.2.0", "--trust", "--diff")
        assert code == 1
        assert "configs/_base_/models/faster_rcnn_r50_fpn.py" in printed
        # Neither has written anything.
        assert not git(project, "status", "--porcelain")

        code, printed = run_update(project, "--to", "v0.2.0", "--trust")
        assert code == 0, printed
        assert "_commit: v0.2.0" in (project / ".copier-answers.yml").read_text()
        folders = {path.name for path in (project / "configs/_base_").iterdir() if path.is_dir()}
        assert folders == {"datasets", "models", "schedules"}
        assert "data_batch['mine'] = 1" in loops.read_text()
        assert "Ask Ada." in (project / "README.md").read_text()
        assert values(own)["max_epochs"] == 36
        assert values(leaf)["max_epochs"] == 12
        assert_no_conflict(project)
        assert run_update(project, "--to", "v0.2.0", "--trust")[0] == 2  # not committed yet
        commit(project, "updated")
        code, printed = run_update(project, "--to", "v0.2.0", "--trust")
        assert (code, "nothing changes" in printed) == (0, True)
