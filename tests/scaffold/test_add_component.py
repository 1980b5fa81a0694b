"""Components go into projects that exist, ours or not; only lines are added."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.add_component import plan_addition
from mmscaffold.scaffold.errors import ComponentError

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

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
        "# Copyright (c) Thermal. All rights reserved.\n"
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


def test_into_a_foreign_project_only_imports_and_names_are_added(foreign):
    for kind, name, base in ADDED:
        ended = add(foreign, kind, name, "--base", base)
        assert ended.exit_code == 0, ended.output
    git(foreign, "add", "-A")
    changed = git(foreign, "diff", "--cached", "-U0").splitlines()
    removed = [line for line in changed if re.match(r"-(?!-- )", line)]
    # The one list on one line has become longer.
    assert removed == ["-__all__ = ['Net']"]
    assert "+__all__ = ['Net', 'WideNet']" in changed
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
    # Four of the loop, two of each of the others.
    assert f"{2 * len(tests) + 2} passed" in ended.stdout


# What people write into a loop that was added, and what its test says of it.
BREACHES = {
    "an epoch that is not counted": """
    def run_epoch(self):
        self.runner.call_hook("before_train_epoch")
        self.runner.model.train()
        for idx, data_batch in enumerate(self.dataloader):
            self.run_iter(idx, data_batch)
        self.runner.call_hook("after_train_epoch")
        if self.epoch == 1:
            raise SystemExit("would never end")
        self._epoch += 2
""",
    "a hook that cannot stop it": """
    def run(self):
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs:
            self.run_epoch()
            self.runner.val_loop.run()
        self.runner.call_hook("after_train")
        return self.runner.model
""",
    "counters under other names": """
    def run(self):
        self.my_epoch = 0
        self._epoch = 0
        self._iter = 0
        return super().run()
""",
}


def test_the_test_of_a_loop_runs_it_and_finds_what_breaks_the_counters(tmp_path):
    pytest.importorskip("torch")
    made = new_project(tmp_path / "my-project", {})
    loops = [
        ("WarmLoop", "MyEpochBasedTrainLoop"),
        ("CoolLoop", "IterBasedTrainLoop"),
        ("SlowValLoop", "MyValLoop"),
        ("SlowTestLoop", "TestLoop"),
        ("TwiceLoop", "WarmLoop"),
    ]
    for name, base in loops:
        assert add(made, "loop", name, "--base", base).exit_code == 0
    tests = sorted(path.name for path in made.glob("tests/test_*_loop.py"))
    assert len(tests) == 5
    for breach, lines in enumerate(BREACHES.values()):
        original = (made / "my_project/engine/warm_loop.py").read_text()
        text = original.replace("WarmLoop", f"Broken{breach}")
        (made / f"my_project/engine/broken{breach}.py").write_text(text + lines)
        test = (
            (made / "tests/test_warm_loop.py").read_text().replace("WarmLoop", f"Broken{breach}")
        )
        test = test.replace("engine.warm_loop", f"engine.broken{breach}")
        (made / f"tests/test_broken{breach}.py").write_text(test)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    words = [f"tests/{name}" for name in tests]
    words += [f"tests/test_broken{breach}.py" for breach in range(len(BREACHES))]
    ended = subprocess.run(
        [*command, *words], cwd=made, capture_output=True, text=True, check=False
    )
    failed = set(re.findall(r"^FAILED tests/(\w+)\.py::(\w+)", ended.stdout, flags=re.MULTILINE))
    whole, stopped = "test_it_counts_as_the_runner_expects", "test_it_ends_where_a_hook_stops_it"
    assert failed == {
        ("test_broken0", whole),
        ("test_broken0", stopped),
        ("test_broken1", stopped),
        ("test_broken2", whole),
    }, ended.stdout[-3000:]


def without_openmmlab(folder, package):
    """Import a package where only mmengine is installed, and return its ``__all__``."""
    code = (
        "import importlib.util, sys\n"
        "real = importlib.util.find_spec\n"
        "gone = lambda name: name.split('.')[0] in ('mmdet', 'mmcv')\n"
        "class Block:\n"
        "    def find_spec(name, path=None, target=None):\n"
        "        if gone(name):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Block)\n"
        "importlib.util.find_spec = lambda name, up=None: None if gone(name) else real(name, up)\n"
        f"import {package}\nprint(*{package}.__all__)"
    )
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


NEEDS_MMDET = [
    ("transform", "Blur", "BaseTransform"),
    ("dataset", "Cats", "CocoDataset"),
    ("hook", "Switch", "mmdet.engine.hooks:PipelineSwitchHook"),
    ("model", "Wide", "RetinaNet"),
]


@pytest.mark.parametrize("answers", [{}, {"custom_parts": []}], ids=["all", "none"])
def test_a_project_that_needs_no_mmdet_needs_none_afterwards(tmp_path, answers):
    pytest.importorskip("torch")
    made = new_project(tmp_path / "my-project", answers)
    for kind, name, base in NEEDS_MMDET:
        assert add(made, kind, name, "--base", base).exit_code == 0
    ended = without_openmmlab(made, "my_project")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["engine"]
    for init in made.glob("my_project/**/__init__.py"):
        asked = re.findall(r"^if find_spec\((.*)\)", init.read_text(), flags=re.MULTILINE)
        # One block for each package: transforms need mmcv alone.
        assert sorted(asked) == sorted(set(asked))
        assert init.read_text().count("__all__ +=") <= len(asked)
    pytest.importorskip("ruff")
    for words in (["check"], ["format", "--check"]):
        ruff = [sys.executable, "-m", "ruff", *words, "--no-cache"]
        ended = subprocess.run(ruff, cwd=made, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout


def test_a_foreign_package_stays_importable_without_mmdet(foreign):
    pytest.importorskip("torch")
    assert add(foreign, "model", "WideNet", "--base", "mmdet.models:RetinaNet").exit_code == 0
    text = (foreign / "thermal/models/__init__.py").read_text()
    assert "if find_spec('mmdet') is not None:\n    from .wide_net import WideNet\n" in text
    ended = without_openmmlab(foreign, "thermal.models")
    assert (ended.returncode, ended.stdout) == (0, "Net\n"), ended.stderr


def test_code_is_written_in_the_manner_of_the_project(foreign):
    for path in foreign.rglob("*.py"):
        text = path.read_text().removeprefix("# Copyright (c) Thermal. All rights reserved.\n")
        path.write_text(
            "# Copyright (c) Thermal. All rights reserved.\n"
            + text.replace('"StopHook"', "'StopHook'")
        )
    assert add(foreign, "loop", "WarmLoop", "--base", "EpochBasedTrainLoop").exit_code == 0
    for path in (foreign / "thermal/engine/warm_loop.py", foreign / "tests/test_warm_loop.py"):
        text = path.read_text()
        assert text.startswith('# Copyright (c) Thermal. All rights reserved.\n"""')
        assert not re.search(r'(?<!")"(?!")', text), path
    init = (foreign / "thermal/engine/__init__.py").read_text()
    assert init.startswith("# Copyright (c) Thermal.")
    assert init.endswith("__all__ = ['WarmLoop']\n")


@pytest.mark.parametrize("inner", ["", "thermal/models", "tests"])
def test_a_folder_in_the_project_leads_to_it(foreign, inner):
    assert add(foreign / inner, "hook", "WatchHook", "--base", "Hook").exit_code == 0
    assert (foreign / "thermal/hooks/watch_hook.py").is_file()
    assert not (foreign / inner / "tests/tests").exists()


def test_a_detector_goes_to_the_detectors_of_the_project(foreign):
    detectors = foreign / "thermal/models/detectors"
    detectors.mkdir()
    (detectors / "__init__.py").write_text("from .mine import MyDetector\n")
    (detectors / "mine.py").write_text(
        "from mmdet.models import FasterRCNN\nfrom mmdet.registry import MODELS\n\n\n"
        "@MODELS.register_module()\nclass MyDetector(FasterRCNN):\n    pass\n"
    )
    assert add(foreign, "model", "Wide", "--base", "RetinaNet").exit_code == 0
    text = (detectors / "__init__.py").read_text()
    assert text == "from .mine import MyDetector\nfrom .wide import Wide\n"


@pytest.mark.parametrize(
    ("base", "extended"),
    [
        ("YOLOX", "extract_feat"),
        ("FasterRCNN", "extract_feat"),
        ("DINO", "extract_feat"),
        # No detector; and one that only declares it.
        ("ByteTrack", "__init__"),
        ("BaseDetector", "__init__"),
    ],
)
def test_a_detector_is_extended_where_its_features_come_from(foreign, base, extended):
    addition = plan_addition(foreign, "model", "Wide", f"mmdet.{base}")
    code = next(raw for path, raw in addition.new.items() if path.name == "wide.py")
    assert f"def {extended}(" in code.decode()


def test_the_same_twice_is_refused_and_writes_nothing(foreign):
    assert add(foreign, "hook", "WatchHook", "--base", "Hook").exit_code == 0
    before = {path: path.read_bytes() for path in foreign.rglob("*.py")}
    ended = add(foreign, "hook", "WatchHook", "--base", "Hook")
    assert ended.exit_code == 2
    assert "WatchHook already exists" in ended.output
    assert {path: path.read_bytes() for path in foreign.rglob("*.py")} == before


@pytest.mark.parametrize("command", ["add", "migrate"])
def test_undo_takes_an_addition_out_again(foreign, command):
    words = ("transform", "MyCrop", "--base", "BaseTransform")
    assert add(foreign, *words).exit_code == 0
    assert git(foreign, "status", "--short", "-uall")
    place = ["--project", str(foreign)] if command == "add" else [str(foreign)]
    ended = CliRunner().invoke(group, [command, "--undo", *place])
    assert ended.exit_code == 0, ended.output
    assert "before `mmscaffold add transform MyCrop" in ended.output
    assert git(foreign, "status", "--short", "--ignored") == ""
    assert not (foreign / "thermal" / "datasets").exists()
    again = CliRunner().invoke(group, [command, "--undo", *place])
    assert (again.exit_code, again.output) == (0, "No run to undo.\n")


def test_undo_goes_back_one_addition_at_a_time(foreign):
    for name in ("FirstHook", "SecondHook"):
        assert add(foreign, "hook", name).exit_code == 0
    for left in (["first_hook.py"], []):
        assert add(foreign, "--undo").exit_code == 0
        assert [one.name for one in foreign.glob("thermal/hooks/*_hook.py")] == left


def test_undo_of_add_leaves_a_migration_alone(foreign):
    config = foreign / "config.py"
    config.write_text("train_cfg = dict(by_epoch=True, max_epochs=3)\n")
    assert add(foreign, "hook", "WatchHook").exit_code == 0
    words = ["migrate", str(config), "--max-epochs", "6"]
    assert CliRunner().invoke(group, words).exit_code == 0
    ended = add(foreign, "--undo")
    assert ended.exit_code == 2
    assert "was `mmscaffold migrate" in ended.output
    assert "max_epochs=6" in config.read_text()
    assert (foreign / "thermal/hooks/watch_hook.py").is_file()


@pytest.mark.parametrize("words", [["hook"], [], ["--undo", "hook", "X"], ["--undo", "--diff"]])
def test_what_the_command_line_lacks_is_a_usage_error(foreign, words):
    ended = add(foreign, *words)
    assert ended.exit_code == 2
    assert "Usage: " in ended.output


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
