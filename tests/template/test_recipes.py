"""Each detector trains as the official config that its row names, but for what is listed here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from mmscaffold.config import Resolver, resolve
from mmscaffold.facts.runner import KNOWN_KEYS
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, Task, plan_migration
from mmscaffold.project import load_project
from mmscaffold.scaffold import new_project
from mmscaffold.scaffold.template_source import table

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

DETECTORS = table("detectors")
# Rendering takes a second or two: all detectors in both styles in `make test-slow`.
WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
SHARE = list(DETECTORS) if WHOLE else ["CascadeRCNN", "YOLOX"]
ABSENT = "absent"
# Key paths, with what stands there here and in the official config: of every detector.
EVERYWHERE = [
    # The answers: the project's own classes, and what it detects.
    (r"custom_imports\..*|runner_type", r".*", ABSENT),
    (r"(model|train_cfg|val_cfg|test_cfg)\.type", r"My(.*)", r"\1"),
    (r".*\.num_classes", "2", "80"),
    (
        r"(train|val|test)_dataloader(\.dataset)+\.metainfo\.classes",
        r"\['square', 'disc'\]",
        ABSENT,
    ),
    # Checkpoints do not fill the disk, and the best is kept: MMDetection leaves both to its users.
    (r"default_hooks\.checkpoint\.max_keep_ckpts", "3", ABSENT),
    (r"default_hooks\.checkpoint\.save_best", "auto", ABSENT),
    # The official ones write out what is the default.
    (r".*\.backend_args", ABSENT, "None"),
    (r"(val|test)_evaluator\.format_only", ABSENT, "False"),
]
ONLY_OF = {
    "RTMDet": [
        # Also defaults.
        (r"model\.data_preprocessor\.batch_augments", ABSENT, "None"),
        (r"train_dataloader\.batch_sampler", ABSENT, "None"),
        # Its learning rate is for 8 GPUs with 32 images each, as its name says; the 16 comes
        # from the base schedule, and `--auto-scale-lr` would multiply the rate by it.
        (r"auto_scale_lr\.base_batch_size", "256", "16"),
    ],
    # Written out here: it is the default.
    "DETR": [(r"auto_scale_lr\.enable", "False", ABSENT)],
    "DeformableDETR": [(r"auto_scale_lr\.enable", "False", ABSENT)],
    "DINO": [(r"auto_scale_lr\.enable", "False", ABSENT)],
}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each key path of a config with its value, containers of containers opened."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple) and any(
        isinstance(item, Mapping | list | tuple) for item in value
    ):
        for index, item in enumerate(value):
            yield from leaves(item, f"{path}.{index}")
    else:
        yield path, str(list(value) if isinstance(value, tuple) else value)


def read_by_mmengine(config: Path) -> dict[str, str]:
    """What the Runner and the tools of MMDetection read of a config: not its variables."""
    resolved = resolve(config)
    assert not resolved.unknowns
    return dict(
        leaves({key: value for key, value in resolved.to_dict().items() if key in KNOWN_KEYS})
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Callable[[str, str], Path]:
    """Projects by detector and style of configs, each rendered once; nothing may change them."""

    @cache
    def render(detector: str, style: str = "classic") -> Path:
        answers = {"detector": detector, "config_style": style, "package_name": "p"}
        return new_project(tmp_path_factory.mktemp("made") / "p", answers)

    return render


def run(project: Path, *words: str) -> str:
    ended = subprocess.run(
        [sys.executable, *words], cwd=project, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-3000:]
    return ended.stdout


def coco_config(project: Path) -> Path:
    (config,) = project.glob("configs/coco/*.py")
    return config


def is_listed(
    path: str, ours: str, official: str, differences: list[tuple[str, str, str]]
) -> bool:
    for where, mine, theirs in differences:
        found = re.fullmatch(mine, ours)
        if re.fullmatch(where, path) and found and official == found.expand(theirs):
            return True
    return False


@pytest.mark.parametrize("detector", DETECTORS)
def test_it_is_the_official_config_but_for_what_is_listed(made, mmdet_configs, detector):
    ours = read_by_mmengine(coco_config(made(detector)))
    official = read_by_mmengine(mmdet_configs / DETECTORS[detector]["official"])
    listed = EVERYWHERE + ONLY_OF.get(detector, [])
    unlisted = {
        path: (mine, theirs)
        for path in {**ours, **official}
        if (mine := ours.get(path, ABSENT)) != (theirs := official.get(path, ABSENT))
        and not is_listed(path, mine, theirs, listed)
    }
    assert unlisted == {}
    # A difference that no longer is one leaves the list.
    for difference in ONLY_OF.get(detector, []):
        assert any(
            is_listed(path, ours.get(path, ABSENT), official.get(path, ABSENT), [difference])
            for path in {**ours, **official}
        ), difference


@pytest.mark.parametrize("detector", SHARE)
def test_it_is_the_same_recipe_in_the_pure_python_style(made, detector):
    for folder in ("coco", "toy"):
        one, other = (
            read_by_mmengine(next(made(detector, style).glob(f"configs/{folder}/*.py")))
            for style in ("classic", "pure_python")
        )
        of_style = {path for path in one if path.startswith("custom_imports")}
        assert one.keys() - of_style == other.keys()
        for path, value in other.items():
            assert value in one[path] or value.rpartition(".")[2] == one[path].rpartition(".")[2]


@pytest.mark.parametrize("detector", SHARE)
def test_another_length_moves_all_that_depends_on_it(made, detector):
    """In both styles, and the configs name the project's classes already."""
    length = DETECTORS[detector]["epochs"]
    for style in ("classic", "pure_python"):
        project = made(detector, style)
        assert not plan_migration([project / "configs"], load_project(project).class_map).edited
        config = coco_config(project)
        plan = plan_migration([config], Task(length=NewLength(Unit.EPOCHS, 2 * length)))
        overlay = {file.path: file.after for file in plan.files}
        resolved = Resolver(overlay=overlay).resolve(config)
        assert resolved.get("train_cfg.max_epochs") == 2 * length
        assert resolved.get("param_scheduler")[-1]["end"] == 2 * length


ROUNDS = {"RetinaNet": (12, 90000), "YOLOX": (300, 562000), "RTMDet": (300, 140000)}


@pytest.mark.parametrize("detector", ROUNDS if WHOLE else ["RTMDet"])
def test_iterations_are_as_many_as_those_of_its_epochs(tmp_path, detector):
    """To the thousand, which the names of files can tell."""
    project = new_project(tmp_path / "p", {"detector": detector, "training_unit": "iterations"})
    resolved = resolve(coco_config(project))
    epochs, iterations = ROUNDS[detector]
    assert resolved.get("train_cfg.max_iters") == iterations
    assert DETECTORS[detector]["epochs"] == epochs
    last = resolved.get("param_scheduler")[-1]
    assert (last["by_epoch"], last["end"]) == (False, iterations)
    run(project, "-m", "mmscaffold", "check", "configs")


def test_the_list_of_classes_stands_once(tmp_path):
    names = ["zebra crossing", "stop line", "arrow"]
    for number, detector in enumerate(["MaskRCNN", "CascadeRCNN"][: None if WHOLE else 1]):
        for style in ("classic", "pure_python"):
            answers = {"detector": detector, "class_names": names, "config_style": style}
            project = new_project(tmp_path / f"{number}{style}", answers)
            said = [
                path.relative_to(project).as_posix()
                for path in project.rglob("*.py")
                if "stop line" in path.read_text(encoding="utf-8")
            ]
            assert said == ["configs/_base_/datasets/class_names.py"]
            listing = project / said[0]
            listing.write_text('class_names = ("kerb",)\n')
            for config in project.glob("configs/[!_]*/*.py"):
                found = read_by_mmengine(config)
                counts = {value for path, value in found.items() if path.endswith("num_classes")}
                assert counts == {"1"}
                assert found["train_dataloader.dataset.metainfo.classes"] == "['kerb']"


# In the project: the data of its config for COCO, read from the toy data set.
DRAW = """
import sys
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmdet import registry

config = Config.fromfile(sys.argv[1])
init_default_scope("mmdet")
data = config.train_dataloader.dataset
inner = data.get("dataset", data)
inner.update(data_root="data/toy/", ann_file="train.json")
inner.data_prefix = {key: folder.replace("2017", "") for key, folder in inner.data_prefix.items()}
dataset = registry.DATASETS.build(data)
pipelines = [config.test_pipeline, config.get("train_pipeline_stage2", [])]
for pipeline in pipelines + [config.get("tta_pipeline", [])]:
    for transform in pipeline:
        registry.TRANSFORMS.build(transform)
model = registry.MODELS.build(config.model)
for hook in config.get("custom_hooks", []):
    assert registry.HOOKS.get(hook.type), hook
samples = [dataset[number] for number in range(4)]
print(len(samples), sum(len(sample["data_samples"].gt_instances) for sample in samples))
"""


@pytest.mark.mmdet
@pytest.mark.parametrize(
    ("detector", "inputs"),
    [*((detector, "rgb") for detector in DETECTORS), ("YOLOX", "extra"), ("RTMDet", "paired")]
    if WHOLE
    else [("YOLOX", "rgb"), ("RTMDet", "rgb")],
)
def test_its_data_can_be_drawn_and_its_model_built(tmp_path, detector, inputs):
    project = new_project(tmp_path / "p", {"detector": detector, "inputs": inputs})
    config = coco_config(project)
    # No weights are downloaded: building a model does not load them.
    run(project, "tools/make_toy_dataset.py")
    printed = run(project, "-c", DRAW, str(config))
    drawn, objects = map(int, printed.split()[-2:])
    assert drawn == 4
    assert objects >= 4
