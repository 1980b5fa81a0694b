"""Every kind can be added without naming a base, and what it makes works as it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.config import Resolver
from mmscaffold.facts.classes.tables import PACKAGES_OF_SCOPE
from mmscaffold.scaffold import kinds
from mmscaffold.scaffold.add_component import plan_addition
from mmscaffold.scaffold.kinds import KINDS
from mmscaffold.scaffold.usage import advice, command_of_test, config_lines
from support.added_components import FOREIGN, add, make_all, make_project, name_of

TEMPLATES = Path(kinds.__file__).parent / "component_templates"


def test_the_command_offers_each_kind_that_has_code():
    names = {path.name.partition(".")[0] for path in TEMPLATES.glob("*.py.jinja")}
    assert {name for name in names if not name.startswith("test")} == set(KINDS)
    shown = " ".join(CliRunner().invoke(group, ["add", "--help"]).output.split())
    assert ", ".join(KINDS) in shown.replace("- ", "-")


@pytest.mark.parametrize("scope", sorted(PACKAGES_OF_SCOPE.keys() & KINDS["model"].bases.keys()))
def test_each_default_base_is_found_in_its_scope(tmp_path, scope):
    code = f"import {scope}.models\n" if scope != "mmengine" else FOREIGN
    root = make_project(tmp_path, code)
    for kind in KINDS.values():
        base = plan_addition(root, kind.name, name_of(kind.name)).component.base
        assert base.name == kind.bases.get(scope, kind.bases["mmengine"])
        assert base.dotted.partition(".")[0] in (scope, "mmengine", "mmcv")


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_step_is_a_config_that_can_be_read(tmp_path, kind):
    root = make_project(tmp_path / "project", "import mmdet.models\n")
    addition = plan_addition(root, kind, name_of(kind))
    text = "\n".join(config_lines(addition))
    (tmp_path / "config.py").write_text(text)
    config = Resolver().resolve(tmp_path / "config.py").to_dict()
    assert config.pop("custom_imports")["imports"] == ["mine"]
    assert name_of(kind) in repr(config)
    command = command_of_test(addition, root)
    assert command == f"python -m pytest tests/{addition.test.name}"
    told = advice(addition, root)
    assert any("_delete_=True" in one for one in told) == (kind == "loop")
    # Without a table there is no project that `migrate` could use.
    assert not any("migrate" in one for one in told)
    (root / "pyproject.toml").write_text("[tool.mmscaffold]\npackage = 'mine'\n")
    moves = kind in ("loop", "runner") or addition.component.kind.registry == "MODELS"
    assert any("--map" in one for one in advice(addition, root)) == moves


@pytest.mark.parametrize(
    ("kind", "base", "key"),
    [
        # Of two-stage detectors, what has a head in its place.
        ("head", "StandardRoIHead", "model.roi_head"),
        ("head", "CascadeRoIHead", "model.roi_head"),
        ("head", "Shared2FCBBoxHead", "model.roi_head.bbox_head"),
        ("head", "FCNMaskHead", "model.roi_head.mask_head"),
        ("head", "ResLayer", "model.roi_head.shared_head"),
        ("head", "RPNHead", "model.rpn_head"),
        ("head", "GARPNHead", "model.rpn_head"),
        ("head", "FCOSHead", "model.bbox_head"),
        # A base that tells nothing: as the project's scope has it.
        ("head", "BaseModule", "model.bbox_head"),
        ("loss", "BaseModule", "model.bbox_head.loss_cls"),
        ("loss", "torch.nn.Module", "model.bbox_head.loss_cls"),
        # The project's own, by what it derives from.
        ("head", "Mine", "model.roi_head"),
        # Of another package than that of the project.
        ("head", "mmseg.FCNHead", "model.decode_head"),
        ("loss", "mmseg.DiceLoss", "model.decode_head.loss_decode"),
        ("head", "mmpretrain.LinearClsHead", "model.head"),
    ],
)
def test_a_part_stands_where_a_model_has_it(tmp_path, kind, base, key):
    code = (
        "from mmdet.models import StandardRoIHead\n"
        "from mmdet.registry import MODELS\n\n\n"
        "@MODELS.register_module()\n"
        "class Mine(StandardRoIHead):\n    pass\n"
    )
    root = make_project(tmp_path / "project", code)
    addition = plan_addition(root, kind, "Added", base)
    (tmp_path / "config.py").write_text("\n".join(config_lines(addition)))
    found = Resolver().resolve(tmp_path / "config.py").to_dict()
    for part in key.split("."):
        found = found[part]
    assert found == {"type": "Added"}


def test_the_command_prints_the_next_step(tmp_path):
    root = make_project(tmp_path, "import mmseg.models\n")
    ended = CliRunner().invoke(group, ["add", "head", "WideHead", "--project", str(root)])
    assert ended.exit_code == 0, ended.output
    assert "A config uses WideHead by\n    custom_imports = dict(imports=['mine']" in ended.output
    assert "    model = dict(decode_head=dict(type='WideHead'))\n" in ended.output
    assert "Its arguments" in ended.output or "the arguments of FCNHead" in ended.output
    assert "python -m pytest tests/test_wide_head.py" in ended.output
    assert "add --undo" in ended.output


@pytest.mark.subprocess
def test_all_code_is_valid_and_clean(tmp_path):
    pytest.importorskip("ruff")
    root = make_project(tmp_path, "import mmdet.models\n")
    make_all(root)
    # As long as class names get, and longer.
    add(root, "optim-wrapper-constructor", "LayerWiseDecayOptimWrapperConstructor")
    add(root, "transform", "BatchwiseSynchronizedRandomResize", "mmdet.RandomCenterCropPad")
    for path in root.rglob("*.py"):
        ast.parse(path.read_text(), feature_version=(3, 8))
    for words in (["check"], ["format", "--check"]):
        ended = subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--no-cache"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout
