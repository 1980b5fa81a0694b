"""A base is the class that a config of the project would find, or it is refused in words."""

from __future__ import annotations

import pytest
from mmscaffold.project.code import Package
from mmscaffold.project.packages_here import family_of
from mmscaffold.scaffold.ancestry import Ancestry
from mmscaffold.scaffold.base_class import BaseFinder, scopes_of
from mmscaffold.scaffold.errors import ComponentError
from mmscaffold.scaffold.kinds import KINDS

OWN = """\
from mmdet.models import RetinaNet
from mmdet.registry import MODELS, TASK_UTILS
from mmengine.hooks import Hook
from mmengine.registry import HOOKS


@MODELS.register_module(name='Thermal')
class ThermalNet(RetinaNet):
    pass


@HOOKS.register_module()
class Watch(Hook):
    pass


@TASK_UTILS.register_module()
class Assigner:
    pass


class Plain:
    pass
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").write_text("from .nets import *\n")
    (tmp_path / "mine" / "nets.py").write_text(OWN)
    return tmp_path


def find(project, kind, text, scopes=("mmdet", "mmengine")):
    ancestry = Ancestry(Package.read(project / "mine", "mine"), family_of(project))
    return BaseFinder(project, ancestry, scopes).find(KINDS[kind], text)


@pytest.mark.parametrize(
    ("kind", "text", "dotted"),
    [
        ("model", "RetinaNet", "mmdet.models.detectors.retinanet.RetinaNet"),
        ("model", "mmdet.RetinaNet", "mmdet.models.detectors.retinanet.RetinaNet"),
        ("model", "mmdet.models:RetinaNet", "mmdet.models.detectors.retinanet.RetinaNet"),
        ("model", "mmdet.models.detectors.retinanet.RetinaNet",
         "mmdet.models.detectors.retinanet.RetinaNet"),
        # The project's own: by its name, by that in the registry, by where it lies.
        ("model", "ThermalNet", "mine.nets.ThermalNet"),
        ("model", "Thermal", "mine.nets.ThermalNet"),
        ("model", "mine:ThermalNet", "mine.nets.ThermalNet"),
        # From the parents of the registry; from another package; without a registry.
        ("hook", "EMAHook", "mmengine.hooks.ema_hook.EMAHook"),
        ("transform", "LoadImageFromFile", "mmcv.transforms.loading.LoadImageFromFile"),
        ("model", "mmseg.EncoderDecoder",
         "mmseg.models.segmentors.encoder_decoder.EncoderDecoder"),
        ("transform", "BaseTransform", "mmcv.transforms.base.BaseTransform"),
        ("model", "BaseDetector", "mmdet.models.detectors.base.BaseDetector"),
        # Of one name in two registries, that of the kind.
        ("loss", "mmseg.CrossEntropyLoss",
         "mmseg.models.losses.cross_entropy_loss.CrossEntropyLoss"),
        # A class of which nothing tells what it is.
        ("metric", "Plain", "mine.nets.Plain"),
    ],
)  # fmt: skip
def test_it_is_found_as_a_config_would_find_it(project, kind, text, dotted):
    assert find(project, kind, text).dotted == dotted


@pytest.mark.parametrize(
    ("kind", "text", "scopes", "dotted"),
    [
        ("neck", "FPN", ("mmdet", "mmengine"), "mmdet.models.necks.fpn.FPN"),
        ("neck", "FPN", ("mmseg", "mmengine"), "mmseg.models.necks.fpn.FPN"),
        ("neck", "FPN", ("mmpose", "mmengine"), "mmpose.models.necks.fpn.FPN"),
    ],
)
def test_a_name_means_the_class_of_the_projects_scope(project, kind, text, scopes, dotted):
    assert find(project, kind, text, scopes).dotted == dotted


@pytest.mark.parametrize(
    ("kind", "text", "message", "hint"),
    [
        # Nowhere.
        ("model", "RetinaNett", "neither mmdet nor mmengine nor this project has a class",
         "Did you mean RetinaNet"),
        ("hook", "emahook", "has a class 'emahook'", "Did you mean EMAHook"),
        ("metric", "CocoMetrik", "has a class", "Did you mean CocoMetric"),
        ("model", "Termal", "has a class", "Thermal"),
        ("model", "Zebra", "has a class", "Write the name of a class as configs do"),
        # In another scope.
        ("model", "EncoderDecoder", "has a class", "Did you mean mmseg.EncoderDecoder"),
        ("transform", "PackSegInputs", "has a class", "mmseg.PackSegInputs"),
        ("model", "mmseg.RetinaNet", "mmseg has no class", "mmdet.RetinaNet"),
        # Meant in the scope that was written, which is not the project's.
        ("head", "mmpose.HeatmapHed", "mmpose has no class", "Did you mean mmpose.HeatmapHead"),
        ("model", "mmseg.EncoderDecodr", "mmseg has no class", "mean mmseg.EncoderDecoder"),
        ("model", "mmdet.Termal", "mmdet has no class", "Write the name"),
        # In a package that is known, and has it nowhere.
        ("model", "mmdet.models:Retina", "mmdet.models has no class 'Retina'", "RetinaNet"),
        ("model", "mine.nets:Missing", "mine.nets has no class 'Missing'", ""),
        ("model", "mmdett.models:RetinaNet", "no package 'mmdett'", "'mmdet.models.RetinaNet'"),
        ("metric", "json.nowhere:Metric", "json has no module 'json.nowhere'", ""),
        ("model", "Retina Net", "not a valid name", "package.module:Class"),
        ("model", "", "not a valid name", ""),
        # Of another kind.
        ("loop", "EMAHook", "is not a loop: mmengine.hooks.ema_hook.EMAHook is a hook",
         "mmscaffold add hook NAME --base EMAHook"),
        ("model", "FPN", "is not a model: mmdet.models.necks.fpn.FPN is a neck", "add neck NAME"),
        ("neck", "ResNet", "is a backbone", "add backbone NAME"),
        ("backbone", "RetinaNet", "is a model", "add model NAME"),
        ("head", "mmseg.SegDataPreProcessor", "is a data preprocessor", "add data-preprocessor"),
        ("head", "mmpose.KeypointMSELoss", "is a loss", "add loss NAME"),
        ("dataset", "Watch", "mine.nets.Watch is a hook", "add hook NAME"),
        ("runner", "Thermal", "mine.nets.ThermalNet is a model", "add model NAME"),
        ("metric", "BaseTransform", "is a transform", "add transform NAME"),
        ("sampler", "MaxIoUAssigner", "is registered elsewhere than in DATA_SAMPLERS", ""),
        ("model", "Assigner", "is registered elsewhere than in MODELS", ""),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_was_meant(project, kind, text, message, hint):
    with pytest.raises(ComponentError) as caught:
        find(project, kind, text)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("os.path", "os is Python's own"),
        ("collections.OrderedDict", "collections is Python's own"),
        ("click.testing", "is a module, not a class"),
    ],
)
def test_a_base_that_is_no_class_of_mmengine_is_refused(project, text, message):
    with pytest.raises(ComponentError, match=message):
        find(project, "hook", text)


def test_a_package_that_nobody_knows_is_taken_at_its_word(project):
    found = find(project, "backbone", "acme_vision.nets:AcmeNet")
    assert (found.module, found.name) == ("acme_vision.nets", "AcmeNet")
    assert found.unseen.startswith("acme_vision is not installed here")
    assert find(project, "metric", "click.core:Group").unseen == ""


def test_a_fork_in_the_tree_has_what_the_release_lacks(project):
    folder = project / "mmdet" / "models"
    folder.mkdir(parents=True)
    (project / "mmdet" / "__init__.py").write_text("")
    (project / "mmdet" / "version.py").write_text("__version__ = '3.9.0'\n")
    (project / "mmdet" / "registry.py").write_text(
        "from mmengine.registry import MODELS as PARENT\nfrom mmengine.registry import Registry\n"
        "MODELS = Registry('model', parent=PARENT, locations=['mmdet.models'])\n"
    )
    (folder / "__init__.py").write_text("from .extra import ForkedNet\n")
    (folder / "extra.py").write_text(
        "from mmengine.model import BaseModel\nfrom mmdet.registry import MODELS\n\n\n"
        "@MODELS.register_module()\nclass ForkedNet(BaseModel):\n    pass\n"
    )
    assert find(project, "model", "ForkedNet").module == "mmdet.models"


def test_the_scopes_of_a_project_are_those_it_imports(tmp_path):
    (tmp_path / "a.py").write_text(
        "from mmseg.models import A, B\nfrom mmdet.models import C\nimport mmcv\nimport mmengine\n"
    )
    (tmp_path / "b.py").write_text("import mmengine\n")
    code = Package.of_files([("a", tmp_path / "a.py")])
    assert scopes_of(code, "mmpose") == ("mmseg", "mmdet", "mmengine")
    code = Package.of_files([("b", tmp_path / "b.py")])
    assert scopes_of(code, "mmdet") == ("mmdet", "mmengine")
    assert scopes_of(code, "mmengine") == ("mmengine", "mmdet")
