"""Components go into projects that exist, ours or not; only lines are added."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.scaffold import component, new_project
from mmscaffold.scaffold.add_component import plan_addition, with_import
from mmscaffold.scaffold.component import KINDS, ComponentError

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

TEMPLATES = Path(component.__file__).parent / "component_templates"
FOREIGN = {
    "setup.py": "from setuptools import setup\n\nsetup(name='thermal')\n",
    "thermal/__init__.py": "from .models import *  # noqa: F401,F403\n\n__version__ = '1.0'\n",
    "thermal/registry.py": (
        "from mmengine.registry import HOOKS as PARENT\nfrom mmengine.registry import Registry\n\n"
        "HOOKS = Registry('hook', parent=PARENT, locations=['thermal.engine'])\n"
    ),
    "thermal/models/__init__.py": "from .nets import Net\n\n__all__ = ['Net']\n",
    "thermal/models/nets.py": (
        "from mmengine.model import BaseModel\nfrom mmengine.registry import MODELS\n\n\n"
        "@MODELS.register_module()\nclass Net(BaseModel):\n"
        "    def forward(self, inputs, data_samples=None, mode='tensor'):\n        return inputs\n"
    ),
    "thermal/hooks/__init__.py": (
        '"""Hooks."""\nfrom .stop import StopHook\n\n__all__ = [\n    "StopHook",\n]\n'
    ),
    "thermal/hooks/stop.py": (
        "from mmengine.hooks import Hook\nfrom ..registry import HOOKS\n\n\n"
        "@HOOKS.register_module()\nclass StopHook(Hook):\n    pass\n"
    ),
    "tests/test_net.py": "def test_it_is_there():\n    import thermal\n\n    assert thermal.Net\n",
}


def git(folder, *words):
    ended = subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


@pytest.fixture
def foreign(tmp_path):
    folder = tmp_path / "foreign"
    for name, text in FOREIGN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "as it was")
    return folder


def add(folder, *words):
    return CliRunner().invoke(group, ["add", *words, "--project", str(folder)])


ADDED = [
    ("loop", "WarmLoop", "EpochBasedTrainLoop"),
    ("loop", "CoolLoop", "IterBasedTrainLoop"),
    ("loop", "SlowValLoop", "ValLoop"),
    ("runner", "CarefulRunner", "Runner"),
    ("hook", "WatchHook", "Hook"),
    ("model", "WideNet", "thermal.models.nets:Net"),
    ("transform", "Blur", "mmcv.transforms:BaseTransform"),
    ("dataset", "Cats", "BaseDataset"),
]


def test_into_a_foreign_project_only_lines_are_added(foreign):
    for kind, name, base in ADDED:
        ended = add(foreign, kind, name, "--base", base)
        assert ended.exit_code == 0, ended.output
    git(foreign, "add", "-A")
    for line in git(foreign, "diff", "--cached", "--numstat").splitlines():
        assert line.split("\t")[1] == "0", line
    # Classes lie where the project keeps such classes.
    assert (foreign / "thermal/hooks/watch_hook.py").is_file()
    assert (foreign / "thermal/models/wide_net.py").is_file()
    assert (foreign / "thermal/engine/warm_loop.py").is_file()
    # The project's own registry is used.
    assert "from thermal.registry import HOOKS" in (
        (foreign / "thermal/hooks/watch_hook.py").read_text()
    )
    assert '    "WatchHook",\n' in (foreign / "thermal/hooks/__init__.py").read_text()


# With a model, a data set or a transform in it, a package needs mmcv to be imported.
LIGHT = {"loop", "runner", "hook"}
WHOLE = pytest.mark.parametrize(
    "whole", [False, pytest.param(True, marks=pytest.mark.mmdet)], ids=["light", "whole"]
)


@WHOLE
def test_what_was_added_imports_and_its_tests_pass(foreign, whole):
    pytest.importorskip("torch")
    kinds = [one for one in ADDED if whole or one[0] in LIGHT]
    for kind, name, base in kinds:
        assert add(foreign, kind, name, "--base", base).exit_code == 0
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=foreign,
        env={**os.environ, "PYTHONPATH": str(foreign)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:]
    # Importing the package alone registers them all.
    names = [name for kind, name, _ in kinds if kind == "loop"]
    code = (
        "import thermal\nfrom mmengine.registry import LOOPS\n"
        f"print([name in LOOPS for name in {names}])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=foreign, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == str([True] * len(names))


@WHOLE
def test_into_a_project_of_ours_it_stays_clean_and_its_tests_pass(tmp_path, whole):
    made = new_project(tmp_path / "my-project", {})
    kinds = [
        ("loop", "WarmLoop", "MyEpochBasedTrainLoop"),
        ("hook", "WatchHook", "Hook"),
        ("runner", "SlowRunner", "MyRunner"),
    ]
    tests = ["test_warm_loop.py", "test_watch_hook.py", "test_slow_runner.py"]
    if whole:
        kinds += [
            ("model", "WideRetinaNet", "MyRetinaNet"),
            ("dataset", "Cats", "CocoDataset"),
            ("transform", "Blur", "BaseTransform"),
        ]
        tests += ["test_wide_retina_net.py", "test_cats.py", "test_blur.py"]
    for kind, name, base in kinds:
        ended = add(made, kind, name, "--base", base)
        assert ended.exit_code == 0, ended.output
    assert "from my_project.engine.train_loops import MyEpochBasedTrainLoop" in (
        (made / "my_project/engine/warm_loop.py").read_text()
    )
    pytest.importorskip("torch")
    pytest.importorskip("ruff")
    for words in (
        ["ruff", "check", "--no-cache"],
        ["ruff", "format", "--check", "--no-cache"],
        ["mmscaffold", "check", "."],
        ["pytest", "-q", "-p", "no:cacheprovider", *(f"tests/{name}" for name in tests)],
    ):
        ended = subprocess.run(
            [sys.executable, "-m", *words], cwd=made, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout
    assert f"{2 * len(tests)} passed" in ended.stdout


def test_the_command_offers_each_kind_that_has_code():
    code = {path.name.partition(".")[0] for path in TEMPLATES.glob("*.py.jinja")}
    assert code - {"test"} == set(KINDS) == {kind for kind, _name, _base in ADDED}
    assert f"{{{'|'.join(KINDS)}}}" in CliRunner().invoke(group, ["add", "--help"]).output


@pytest.mark.parametrize(
    ("base", "extended"),
    [
        ("YOLOX", "extract_feat"),
        ("CornerRCNN", "extract_feat"),
        ("DETRHead", "__init__"),
        ("FPN", "__init__"),
    ],
)
def test_a_detector_is_extended_where_its_features_come_from(foreign, base, extended):
    addition = plan_addition(foreign, "model", "Wide", base)
    code = next(raw for path, raw in addition.new.items() if path.name == "wide.py")
    assert f"def {extended}(" in code.decode()


def test_the_same_twice_is_refused_and_writes_nothing(foreign):
    assert add(foreign, "hook", "WatchHook", "--base", "Hook").exit_code == 0
    before = {path: path.read_bytes() for path in foreign.rglob("*.py")}
    ended = add(foreign, "hook", "WatchHook", "--base", "Hook")
    assert ended.exit_code == 2
    assert "WatchHook already exists" in ended.output
    assert {path: path.read_bytes() for path in foreign.rglob("*.py")} == before


def test_undo_takes_an_addition_out_again(foreign):
    words = ("transform", "MyCrop", "--base", "BaseTransform")
    assert add(foreign, *words).exit_code == 0
    assert git(foreign, "status", "--short", "-uall")
    ended = CliRunner().invoke(group, ["migrate", "--undo", str(foreign)])
    assert ended.exit_code == 0, ended.output
    assert "before `mmscaffold add transform MyCrop" in ended.output
    assert git(foreign, "status", "--short", "--ignored") == ""
    assert not (foreign / "thermal" / "datasets").exists()


def test_diff_shows_and_writes_nothing(foreign):
    before = {path: path.read_bytes() for path in foreign.rglob("*.py")}
    ended = add(foreign, "hook", "WatchHook", "--base", "Hook", "--diff")
    assert ended.exit_code == 1
    assert "+class WatchHook(Hook):" in ended.output
    assert {path: path.read_bytes() for path in foreign.rglob("*.py")} == before


@pytest.mark.parametrize(
    ("name", "package", "message"),
    [
        ("warm_loop", None, "not a valid class name"),
        ("Warm", "nowhere", "no package nowhere"),
    ],
)
def test_what_makes_no_sense_is_refused(foreign, name, package, message):
    with pytest.raises(ComponentError, match=message):
        plan_addition(foreign, "loop", name, "Hook", package)


def test_several_packages_need_a_name(foreign):
    (foreign / "other").mkdir()
    (foreign / "other" / "__init__.py").write_text("")
    with pytest.raises(ComponentError, match="unclear which package to use"):
        plan_addition(foreign, "loop", "Warm", "EpochBasedTrainLoop")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "from .a import A\n"),
        ('"""Doc."""\n', '"""Doc."""\n\nfrom .a import A\n'),
        ("from . import x\r\n", "from . import x\r\nfrom .a import A\r\n"),
        (
            "from . import x\n\n__all__ = ['x']\n",
            "from . import x\nfrom .a import A\n\n__all__ = ['x']\n__all__ += [\"A\"]\n",
        ),
        (
            "import x\n\n__all__ = [\n  'x',\n]\n",
            "import x\nfrom .a import A\n\n__all__ = [\n  'x',\n  \"A\",\n]\n",
        ),
    ],
)
def test_imports_are_added_in_the_manner_of_the_file(tmp_path, text, expected):
    path = tmp_path / "__init__.py"
    path.write_bytes(text.encode())
    assert with_import(path, "from .a import A", "A").decode() == expected
