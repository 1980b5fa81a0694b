"""Bases of packages that are not installed: what code for them relies on is in their wheels."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytest.importorskip("mmengine")

import mmengine
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import family_of
from mmscaffold.scaffold.add_component import plan_addition
from mmscaffold.scaffold.ancestry import Ancestry
from support import corpora
from support.added_components import make_project

READ = [
    ("mmsegmentation", "1.2.2", "model", "mmseg.EncoderDecoder"),
    ("mmsegmentation", "1.2.2", "head", "mmseg.UPerHead"),
    ("mmsegmentation", "1.2.2", "metric", "mmseg.IoUMetric"),
    ("mmsegmentation", "1.2.2", "dataset", "mmseg.CityscapesDataset"),
    ("mmpose", "1.3.2", "model", "mmpose.TopdownPoseEstimator"),
    ("mmpose", "1.3.2", "data-preprocessor", "mmpose.PoseDataPreprocessor"),
    ("mmpose", "1.3.2", "sampler", "mmpose.MultiSourceSampler"),
    ("mmpretrain", "1.2.0", "backbone", "mmpretrain.VisionTransformer"),
    ("mmpretrain", "1.2.0", "neck", "mmpretrain.GlobalAveragePooling"),
    ("mmpretrain", "1.2.0", "hook", "mmpretrain.SwitchRecipeHook"),
    ("mmaction2", "1.2.0", "model", "mmaction.Recognizer3D"),
    ("mmocr", "1.0.1", "head", "mmocr.DBHead"),
    ("mmagic", "1.2.0", "loop", "mmagic.MultiValLoop"),
    ("mmrazor", "1.0.0", "loop", "mmrazor.SingleTeacherDistillValLoop"),
]


def name_of(base: str) -> str:
    return "Own" + base.replace(":", ".").rpartition(".")[2]


def definition(places: list[Path], dotted: str) -> ast.ClassDef | None:
    """The class of a name, in the package that holds it; ``None`` for one of another package."""
    module, _, name = dotted.rpartition(".")
    for place in places:
        file = place.joinpath(*module.split(".")).with_suffix(".py")
        if file.is_file():
            nodes = ast.walk(ast.parse(file.read_bytes()))
            return next(one for one in nodes if getattr(one, "name", None) == name)
    return None


def methods(node: ast.ClassDef) -> dict[str, ast.arguments]:
    return {one.name: one.args for one in node.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.slow
@pytest.mark.parametrize(("distribution", "version", "kind", "base"), READ)
def test_what_is_extended_is_there(tmp_path, distribution, version, kind, base):
    if corpora.offline():
        pytest.skip("MMSCAFFOLD_OFFLINE=1: the official configs are not downloaded")
    root = make_project(tmp_path)
    addition = plan_addition(root, kind, name_of(base), base)
    component = addition.component
    assert component.registry_module == f"{base.partition('.')[0]}.registry"
    wheel = corpora.unpacked_wheel(distribution, version)
    places = [wheel, Path(mmengine.__file__).parents[1]]
    package = wheel / component.base.dotted.partition(".")[0]
    files = [package / "registry.py", package / "registry" / "registry.py"]
    registry = ast.parse(next(one for one in files if one.is_file()).read_bytes())
    made = {one.targets[0].id for one in registry.body if isinstance(one, ast.Assign)}
    assert component.kind.registry in made
    assert definition([wheel], f"{component.base.module}.{component.base.name}") is not None

    ancestry = Ancestry(Package({}), family_of(root))
    line = [definition(places, one) for one in ancestry.of(component.base.dotted)]
    theirs = [methods(one) for one in line if one is not None]
    code = ast.parse(next(iter(addition.new.values())))
    ours = next(one for one in code.body if isinstance(one, ast.ClassDef))
    for name, arguments in methods(ours).items():
        extended = next(one[name] for one in theirs if name in one)
        taken = [one.arg for one in extended.args]
        given = [one.arg for one in arguments.args]
        assert len(given) <= len(taken) or extended.vararg, name
        # What is named here is named so there, or only ever given by position.
        assert arguments.vararg or given == taken[: len(given)], (name, given, taken)
