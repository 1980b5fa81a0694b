"""Names of the family are found as mmengine's registries find them."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.project.family import Family, Verdict


@pytest.fixture(scope="module")
def family() -> Family:
    return Family(lambda name: None)


@pytest.mark.parametrize(
    ("scope", "registry", "name", "verdict"),
    [
        ("mmdet", "MODELS", "RetinaNet", Verdict.KNOWN),
        ("mmdet", None, "FocalLoss", Verdict.KNOWN),
        ("mmseg", "MODELS", "RetinaNet", Verdict.ABSENT),
        ("mmseg", "MODELS", "mmdet.RetinaNet", Verdict.KNOWN),
        ("mmdet", "DATASETS", "ConcatDataset", Verdict.KNOWN),
        ("mmdet", "HOOKS", "EMAHook", Verdict.KNOWN),
        ("mmdet", "TRANSFORMS", "LoadImageFromFile", Verdict.KNOWN),
        ("mmdet", None, "SyncBN", Verdict.THERE),
        ("mmdet", None, "ReLU", Verdict.THERE),
        ("mmdet", "OPTIMIZERS", "AdamW", Verdict.THERE),
        ("mmdet", "OPTIMIZERS", "bnb_Adam8bit", Verdict.THERE),
        ("mmdet", "METRICS", "MOTChallengeMetrics", Verdict.ABSENT),
        ("mmdet", "METRICS", "RetinaNet", Verdict.ABSENT),
        ("mmengine", "MODELS", "RetinaNet", Verdict.ABSENT),
        ("some_project", "MODELS", "RetinaNet", Verdict.UNSURE),
        ("mmpretrain", "TRANSFORMS", "torchvision/Resize", Verdict.UNSURE),
        ("mmdet", "MODELS", "mmdet.models.RetinaNet", Verdict.KNOWN),
        ("mmdet", "MODELS", "my_project.models.RetinaNet", Verdict.UNSURE),
        ("mmdet", "MODELS", "mmdet.models.detectors.retinanet.RetinaNet", Verdict.KNOWN),
        ("mmdet", "MODELS", "mmdet.models.detectors.RetinaNets", Verdict.ABSENT),
        ("mmdet", "HOOKS", "mmengine.hooks.CheckpointHok", Verdict.ABSENT),
        # Another module may import the class, or be no module of classes; functions are no class.
        ("mmdet", "MODELS", "mmdet.models.necks.RetinaNet", Verdict.UNSURE),
        ("mmdet", "MODELS", "mmdet.own.OwnNet", Verdict.UNSURE),
        ("mmdet", "FUNCTIONS", "mmengine.dataset.pseudo_collate", Verdict.UNSURE),
    ],
)
def test_names_are_looked_up_in_their_scope_and_its_parent(family, scope, registry, name, verdict):
    assert family.find(scope, registry, name).verdict is verdict


@pytest.mark.parametrize(
    ("scope", "registry", "name", "takes", "takes_not", "needs"),
    [
        ("mmdet", "MODELS", "RetinaNet", {"bbox_head", "data_preprocessor"}, {"roi_head"},
         {"backbone", "neck", "bbox_head"}),
        ("mmdet", None, "RetinaHead", {"num_classes", "feat_channels", "loss_cls"}, {"roi"},
         {"num_classes", "in_channels"}),
        ("mmdet", "DATASETS", "CocoDataset", {"ann_file", "metainfo", "data_prefix"},
         {"img_prefix", "classes"}, set()),
        ("mmdet", "METRICS", "CocoMetric", {"ann_file", "prefix"}, {"eval_mode"}, set()),
        ("mmpose", "METRICS", "PCKAccuracy", {"thr", "prefix"}, {"threshold"}, set()),
    ],
)  # fmt: skip
def test_constructors_join_those_of_the_bases(
    family, scope, registry, name, takes, takes_not, needs
):
    constructor = family.constructor(family.find(scope, registry, name))
    assert constructor is not None
    assert not constructor.is_open
    assert takes <= constructor.arguments
    assert not takes_not & constructor.arguments
    assert constructor.required == needs


@pytest.mark.parametrize(
    ("scope", "registry", "name"),
    [
        # Those of mmpose and mmagic are called EVALUATORS.
        ("mmpose", "EVALUATOR", "MultiDatasetEvaluator"),
        ("mmagic", "EVALUATOR", "Evaluator"),
        ("mmdet", "EVALUATOR", "MultiDatasetsEvaluator"),
    ],
)
def test_a_registry_goes_by_the_name_of_its_parent(family, scope, registry, name):
    assert name in family.names(scope, registry)
    assert family.find(scope, registry, name).registries == {registry}


@pytest.mark.parametrize(
    ("scope", "registry", "name", "argument"),
    [
        ("mmdet", "TRANSFORMS", "PhotoMetricDistortion", "swap_channels"),
        ("mmdet", "MODELS", "GroundingDINO", "use_autocast"),
        ("mmseg", "TRANSFORMS", "Albu", "bgr_to_rgb"),
        ("mmengine", "LOOPS", "IterBasedTrainLoop", "fast_forward_on_resume"),
    ],
)
def test_what_any_release_takes_is_taken(family, scope, registry, name, argument):
    found = family.find(scope, registry, name)
    taking = [argument in (one.arguments or ()) for one in found.classes]
    assert sorted(taking) == [False, True]
    constructor = family.constructor(found)
    assert constructor is not None
    assert argument in constructor.arguments


def fork(root: Path, **files: str) -> Path:
    folder = root / "mmdet"
    folder.mkdir(parents=True)
    for name, text in {"version": "__version__ = '9.9.9'\n", **files}.items():
        (folder / f"{name}.py").write_text(text)
    return folder


NECK = """
from mmdet.registry import MODELS
from mmengine.model import BaseModule


@MODELS.register_module()
class OwnNeck(BaseModule):
    def __init__(self, sizes, **kwargs):
        sizes = kwargs.pop("scales", sizes)
        super().__init__(**kwargs)
"""


def test_what_lies_in_the_tree_is_read_and_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    folder = fork(tmp_path / "work", necks=NECK)
    for _ in range(2):
        family = Family({"mmdet": folder}.get)
        found = family.find("mmdet", "MODELS", "OwnNeck")
        assert found.verdict is Verdict.KNOWN
        constructor = family.constructor(found)
        assert constructor is not None
        assert constructor.arguments == {"sizes", "scales", "init_cfg"}
        assert constructor.required == {"sizes"}
        assert "9.9.9" in family.described["mmdet"]
        # A part of the package that lies in a tree says nothing of the rest.
        assert family.find("mmdet", "MODELS", "RetinaNet").verdict is Verdict.KNOWN
    kept = list((tmp_path / "cache" / "classes").iterdir())
    assert len(kept) == 1
    (folder / "necks.py").write_text(NECK.replace("OwnNeck", "OtherNeck") + "# changed\n")
    again = Family({"mmdet": folder}.get)
    assert again.find("mmdet", "MODELS", "OtherNeck").verdict is Verdict.KNOWN
    assert again.find("mmdet", "MODELS", "OwnNeck").verdict is Verdict.ABSENT
    # What it was before is kept no longer.
    (now,) = (tmp_path / "cache" / "classes").iterdir()
    assert now != kept[0]


@pytest.mark.parametrize("version", ["../../../outside", "1/2", "\ud800", "a" * 500])
def test_nothing_is_written_elsewhere_whatever_the_version(tmp_path, monkeypatch, version):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "deep" / "in" / "cache"))
    text = f"__version__ = {version!r}\n"
    folder = fork(tmp_path / "work", version=text, necks=NECK)
    assert Family({"mmdet": folder}.get).find("mmdet", "MODELS", "OwnNeck").classes
    files = {one for one in tmp_path.rglob("*") if one.is_file() and folder not in one.parents}
    assert {one.parent for one in files} == {tmp_path / "deep" / "in" / "cache" / "classes"}


def test_text_that_cannot_be_written_is_read_every_time(tmp_path, monkeypatch):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    data = "class Ships(Base):\n    METAINFO = {'classes': ('\\ud800',)}\n"
    folder = fork(tmp_path / "work", necks=NECK, data=data)
    assert Family({"mmdet": folder}.get).find("mmdet", "MODELS", "OwnNeck").classes
    assert not list((tmp_path / "cache" / "classes").iterdir())


RELEASED = {"version": "__version__ = '3.3.0'\n", "necks": NECK}


@pytest.mark.parametrize(
    ("place", "sizes", "is_read"),
    [
        # Nothing says that it was edited.
        ("site-packages", None, False),
        ("site-packages", {name: len(text) for name, text in RELEASED.items()}, False),
        ("site-packages", {"version": 24, "necks": 1}, True),
        ("site-packages", {"version": 24, "removed": 1}, True),
        ("work", {name: len(text) for name, text in RELEASED.items()}, False),
        ("work", {"version": 24, "necks": 1}, True),
        ("work", None, True),
    ],
)
def test_a_release_of_which_there_is_a_table_is_read_if_it_was_edited(
    tmp_path, monkeypatch, place, sizes, is_read
):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    folder = fork(tmp_path / place, **RELEASED)
    if sizes is not None:
        record = tmp_path / place / "mmdet-3.3.0.dist-info" / "RECORD"
        record.parent.mkdir()
        rows = [f"mmdet/{name}.py,sha256=x,{size}\n" for name, size in sizes.items()]
        record.write_text("".join(rows))
    family = Family({"mmdet": folder}.get)
    assert (family.find("mmdet", "MODELS", "OwnNeck").verdict is Verdict.KNOWN) is is_read
    assert family.find("mmdet", "MODELS", "RetinaNet").verdict is Verdict.KNOWN


@pytest.mark.parametrize("end", ["BaseModule", "C1499"])
def test_bases_without_an_end_are_not_followed(tmp_path, monkeypatch, end):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    chain = "".join(f"class C{one}(C{one - 1}):\n    pass\n" for one in range(1, 1500))
    text = NECK.replace("OwnNeck(BaseModule)", "OwnNeck(C1499)")
    text += f"class C0({end}):\n    pass\n" + chain
    family = Family({"mmdet": fork(tmp_path / "site-packages", necks=text)}.get)
    found = family.find("mmdet", "MODELS", "OwnNeck")
    assert found.verdict is Verdict.KNOWN
    assert family.constructor(found) is None


def test_what_is_installed_wins_over_the_table(tmp_path, monkeypatch):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    folder = fork(tmp_path / "site-packages", necks=NECK)
    family = Family({"mmdet": folder}.get)
    assert family.find("mmdet", "MODELS", "OwnNeck").verdict is Verdict.KNOWN
    assert family.find("mmdet", "MODELS", "RetinaNet").verdict is Verdict.ABSENT


def test_a_cache_that_is_spoilt_is_read_anew(tmp_path, monkeypatch):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    folder = fork(tmp_path / "site-packages", necks=NECK)
    assert Family({"mmdet": folder}.get).find("mmdet", "MODELS", "OwnNeck").classes
    for kept in (tmp_path / "cache" / "classes").iterdir():
        kept.write_text("{}")
    assert Family({"mmdet": folder}.get).find("mmdet", "MODELS", "OwnNeck").classes


def test_where_nothing_can_be_kept_it_is_read_every_time(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file, not a folder")
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    folder = fork(tmp_path / "site-packages", necks=NECK)
    assert Family({"mmdet": folder}.get).find("mmdet", "MODELS", "OwnNeck").classes


@pytest.mark.parametrize(
    ("code", "is_told"),
    [
        ("def __init__(self, a): super().__init__()", True),
        ("def __init__(self, a, **kwargs): super().__init__(**kwargs)", True),
        ("def __init__(self, a, **kwargs): self.rest = kwargs", False),
        ("def __init__(self, a, **kwargs): super().__init__(**dict(kwargs))", False),
        ("def __init__(self, a, **kwargs): Other.__init__(self, **kwargs)", False),
        ("def __new__(cls, *args, **kwargs): return object.__new__(cls)", False),
        ("@renamed(b='a')\n    def __init__(self, a): super().__init__()", False),
    ],
)
def test_constructors_that_do_more_than_hand_on_are_not_told(tmp_path, monkeypatch, code, is_told):
    monkeypatch.setenv("MMSCAFFOLD_CACHE", str(tmp_path / "cache"))
    text = NECK[: NECK.index("    def __init__")] + f"    {code}\n"
    family = Family({"mmdet": fork(tmp_path / "site-packages", necks=text)}.get)
    found = family.find("mmdet", "MODELS", "OwnNeck")
    assert (family.constructor(found) is not None) is is_told


@pytest.mark.parametrize(
    ("scope", "other", "name", "lent"),
    [
        ("mmaction", "mmdet", "BBoxHeadAVA", True),
        ("mmaction", "mmdet", "MaxIoUAssignerAVA", True),
        ("mmaction", "mmdet", "ACRNHead", True),
        # A class of its own with the scope of another package is a mistake.
        ("mmseg", "mmdet", "EncoderDecoder", False),
        ("mmaction", "mmdet", "Recognizer3D", False),
        ("mmaction", "mmdet", "NoSuchHead", False),
        ("some_project", "mmdet", "BBoxHeadAVA", False),
    ],
)
def test_a_package_may_register_classes_with_the_registry_of_another(
    family, scope, other, name, lent
):
    assert family.may_lend(scope, other, name) is lent


def test_a_class_without_a_constructor_and_without_bases_is_not_built(family):
    mixin = family.find("mmpretrain", "MODELS", "FlamingoLMAdapter")
    assert mixin.classes
    assert family.constructor(mixin) is None
