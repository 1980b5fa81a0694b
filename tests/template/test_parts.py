"""The tables and the parts of the template agree; what is added to them needs nothing else."""

from __future__ import annotations

import ast
import shutil
import warnings
from itertools import product
from pathlib import Path

import jinja2
import pytest
import yaml
from mmscaffold.scaffold.template_source import table, template_folder

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

PARTS = template_folder() / "template" / "_parts"
DETECTORS, INPUTS = table("detectors"), table("inputs")
# Names of blocks of mmcv and torch, which its registries build from texts.
TEXTS = {"BN", "GN", "LN", "Pretrained", "ReLU", "RoIAlign", "SiLU", "Swish", "SyncBN", "nms"}


def part(name: str, **answers: object) -> jinja2.environment.TemplateModule:
    """A part, as a config imports it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()), undefined=jinja2.StrictUndefined
    )
    context = {
        "has_model": True,
        "class_prefix": "My",
        "config_style": "pure_python",
        "detectors": DETECTORS,
        "classes": ["cat"],
        "class_names": ["cat"],
        "validation_loss": False,
        **answers,
    }
    return environment.get_template(f"template/_parts/{name}.jinja").make_module(context)


@pytest.mark.parametrize(("folder", "rows"), [("detectors", DETECTORS), ("inputs", INPUTS)])
def test_each_row_has_a_part_and_each_part_a_row(folder, rows):
    assert {path.stem for path in (PARTS / folder).glob("*.jinja")} == set(rows)


# What only some detectors say.
OPTIONAL = {
    "keeps_empty", "last_stage", "longest", "masks", "milestones", "momentum", "nesterov",
    "paramwise", "plain", "proposal_nums", "toy", "tta", "warm_up",
}  # fmt: skip


def test_each_detector_says_all_that_others_read():
    for row in DETECTORS.values():
        assert set(row) - OPTIONAL == {
            "title",
            "slug",
            "line",
            "official",
            "heads",
            "data",
            "schedule",
            "epochs",
            "batch",
            "optimizer",
            "lr",
            "weight_decay",
            "clip",
        }
        assert set(row["lr"]) == set(row["slug"]) == {"full", "small"}
        assert set(row["clip"]) <= {"full", "small"}
        assert (PARTS / "pipelines" / f"{row['data']}.jinja").is_file()
        assert (PARTS / "schedules" / f"{row['schedule']}.jinja").is_file()
        assert (row["schedule"] == "steps") == ("milestones" in row)


def test_the_parts_of_the_inputs_have_the_same_blocks():
    blocks = {
        kind: {name for name in vars(part(f"inputs/{kind}", detector="DETR")) if name[0] != "_"}
        for kind in INPUTS
    }
    assert all(names == blocks["rgb"] for names in blocks.values()), blocks


@pytest.mark.parametrize(
    ("detector", "inputs", "small"), list(product(DETECTORS, INPUTS, [True, False]))
)
def test_a_model_imports_the_classes_that_it_names_and_no_other(detector, inputs, small):
    text = str(
        part(
            "model_config",
            detector=detector,
            inputs=inputs,
            training_unit="epochs",
            small=small,
            doc="Doc.",
            package_name="mine",
        )
    )
    tree = ast.parse(text)
    imported = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(set(imported)) == sorted(imported)
    types = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "type"
    ]
    assert {node.id for node in types if isinstance(node, ast.Name)} == set(imported)
    assert {node.value for node in types if isinstance(node, ast.Constant)} <= TEXTS


@pytest.fixture
def template(tmp_path) -> Path:
    """A copy of the template, to be changed."""
    folder = tmp_path / "template"
    shutil.copytree(template_folder() / "template", folder / "template")
    shutil.copy(template_folder() / "copier.yml", folder)
    return folder


def render(template: Path, **answers: object) -> Path:
    from copier import run_copy

    made = template.parent / "my-project"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(str(template), made, data=answers, defaults=True, quiet=True)
    return made


def add_row(template: Path, name: str, key: str, row: dict[str, object]) -> None:
    path = template / "template" / "_parts" / f"{name}.yml"
    path.write_text(path.read_text("utf-8") + "\n" + yaml.safe_dump({key: row}), "utf-8")


def test_a_detector_is_a_row_and_a_part(template):
    row = {**DETECTORS["RetinaNet"], "title": "GFL", "slug": {"full": "gfl_r50", "small": "gfl"}}
    add_row(template, "detectors", "GFL", row)
    parts = template / "template" / "_parts" / "detectors"
    text = (parts / "RetinaNet.jinja").read_text("utf-8").replace("RetinaHead", "GFLHead")
    (parts / "GFL.jinja").write_text(text, "utf-8")
    made = render(template, detector="GFL", config_style="pure_python")
    config = (made / "configs/_base_/models/gfl_r50.py").read_text("utf-8")
    assert "GFLHead" in config.split("model = ")[0]
    assert "type=GFLHead" in config
    assert "type=MyGFL," in config
    assert (made / "configs" / "toy" / "gfl_toy.py").is_file()
    assert "class MyGFL(GFL):" in (made / "my_project/models/detectors.py").read_text("utf-8")


def test_an_input_is_a_row_and_a_part(template):
    row = {"title": "Two views", "second_file": True, "needs_model": "Two views need a model."}
    add_row(template, "inputs", "stereo", row)
    parts = template / "template" / "_parts" / "inputs"
    text = (parts / "paired.jinja").read_text("utf-8").replace("TwoStream", "Stereo")
    (parts / "stereo.jinja").write_text(text, "utf-8")
    with pytest.raises(ValueError, match="Two views need a model"):
        render(template, inputs="stereo", custom_parts=[])
    made = render(template, inputs="stereo", docs_language="both")
    models = (made / "my_project/models/__init__.py").read_text("utf-8")
    assert "from .fusion import StereoBackbone" in models
    for readme in ("README.md", "README.zh-CN.md"):
        assert "| `StereoBackbone` |" in (made / readme).read_text("utf-8")
