"""How much data a config trains on, held against what mmengine makes of as many."""

from __future__ import annotations

import json

import pytest
from mmscaffold.check import DataSettings, Settings, check_paths, find_rule, known_data
from mmscaffold.check.known_data import KnownData
from mmscaffold.facts.data import AnnotationForm
from support.tiny_training import BATCHES, EPOCHS, train

# What the tiny data set holds, in batches of 2.
SAMPLES = 2 * BATCHES
LENGTH = BATCHES * EPOCHS
HEAD = f"""
train_cfg = dict(type='EpochBasedTrainLoop', max_epochs={EPOCHS})
train_dataloader = dict(batch_size=2, dataset=dict(type='TinyDataset'))
"""


def found(tmp_path, text: str, samples: int | None = SAMPLES, **more) -> list[str]:
    file = tmp_path / "config.py"
    file.write_text(HEAD + text)
    rules = tuple(find_rule(f"MMS{number}") for number in (115, 154, 155, 156))
    settings = Settings(rules, data=DataSettings(samples, **more))
    return [one.rule.id for one in check_paths([file], settings).findings]


def warm_up(end: int) -> dict:
    return {"type": "LinearLR", "start_factor": 0.01, "by_epoch": False, "begin": 0, "end": end}


@pytest.mark.parametrize(
    ("end", "rules"), [(500, ["MMS154"]), (LENGTH + 2, ["MMS154"]), (LENGTH - 2, [])]
)
def test_the_full_rate_is_not_reached(tmp_path, end, rules):
    assert found(tmp_path, f"param_scheduler = {warm_up(end)!r}") == rules
    assert found(tmp_path, f"param_scheduler = {warm_up(end)!r}", samples=None) == []
    training = train(tmp_path, param_scheduler=[warm_up(end)])
    assert training.error is None
    assert (max(training.rates) < 0.1 - 1e-6) is bool(rules)


def test_more_gpus_make_it_shorter(tmp_path):
    text = f"param_scheduler = {warm_up(LENGTH - 2)!r}"
    assert found(tmp_path, text, processes=1) == []
    assert found(tmp_path, text, processes=2) == ["MMS154"]


@pytest.mark.parametrize(("number", "rules"), [(1, ["MMS154"]), (2, []), (True, [])])
def test_a_dataloader_that_sets_the_length_of_its_epoch(tmp_path, number, rules):
    loader = f"train_dataloader.update(num_batch_per_epoch={number})\n"
    end = EPOCHS + 1
    text = f"{loader}param_scheduler = {warm_up(end)!r}"
    assert found(tmp_path, text) == found(tmp_path, text, samples=None) == rules


@pytest.mark.parametrize(
    ("scheduler", "rules"),
    [
        ({"type": "PolyLR", "by_epoch": False, "begin": LENGTH}, ["MMS155"]),
        ({"type": "CosineAnnealingLR", "by_epoch": False, "begin": 1000, "T_max": 9}, ["MMS155"]),
        ({"type": "LinearLR", "end": 0.2, "convert_to_iter_based": True}, ["MMS155"]),
        ({"type": "PolyLR", "by_epoch": False, "begin": LENGTH - 3}, []),
        ({"type": "LinearLR", "end": 0.5, "convert_to_iter_based": True}, []),
        ({"type": "LinearLR", "begin": 1, "convert_to_iter_based": True}, []),
    ],
)
def test_mmengine_refuses_a_scheduler_without_steps(tmp_path, scheduler, rules):
    assert found(tmp_path, f"param_scheduler = {scheduler!r}") == rules
    assert found(tmp_path, f"param_scheduler = {scheduler!r}", samples=None) == []
    training = train(tmp_path, param_scheduler=[scheduler])
    assert bool(training.error) is bool(rules)
    if rules:
        assert "end should be larger than begin" in str(training.error)


@pytest.mark.parametrize(
    ("interval", "rules"), [(BATCHES + 1, ["MMS156"]), (BATCHES, []), (BATCHES - 1, [])]
)
def test_one_line_for_an_epoch(tmp_path, interval, rules):
    hooks = {"logger": {"type": "LoggerHook", "interval": interval}}
    assert found(tmp_path, f"default_hooks = {hooks!r}") == rules
    training = train(tmp_path, default_hooks=hooks)
    assert training.error is None
    lines = training.log.count("Epoch(train)")
    assert lines == EPOCHS if rules else lines >= EPOCHS


@pytest.mark.parametrize(
    "loader",
    [
        "dict(batch_size=2, dataset=dict(type='A'), sampler=dict(type='InfiniteSampler'))",
        "dict(batch_size=2, dataset=dict(type='A'), sampler=dict(type='OwnSampler'))",
        "dict(dataset=dict(type='A'))",
        "dict(batch_size=2, dataset=dict(type='ClassBalancedDataset', dataset=dict(type='A')))",
        "[dict(batch_size=2, dataset=dict(type='A'))]",
        "None",
    ],
)
def test_an_epoch_that_is_not_known_is_not_judged(tmp_path, loader):
    text = f"train_dataloader = {loader}\nparam_scheduler = {warm_up(500)!r}"
    assert found(tmp_path, text) == []


def test_large_files_are_read_when_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(known_data, "_LARGE", 10)
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"images": [{"id": 1}], "categories": []}))
    data = KnownData()
    assert data.annotations(file, AnnotationForm.COCO) is None
    assert "--data" in data.described[str(file)]
    data = KnownData(DataSettings(reads_large=True))
    read = data.annotations(file, AnnotationForm.COCO)
    assert read is not None
    assert read.images == 1


CLASSES = ("ship", "buoy", "crew")


def coco(folder, name: str, categories) -> None:
    boxes = [
        {"id": one, "image_id": 1, "category_id": one, "bbox": [1, 1, 5, 5], "area": 25,
         "iscrowd": 0}
        for one in range(len(categories))
    ]  # fmt: skip
    (folder / name).write_text(
        json.dumps(
            {
                "images": [{"id": 1, "width": 9, "height": 9, "file_name": "1.jpg"}],
                "annotations": boxes,
                "categories": [{"id": i, "name": name} for i, name in enumerate(categories)],
            }
        )
    )


@pytest.mark.mmdet
@pytest.mark.parametrize(
    ("categories", "labels", "rules"),
    [
        (("ship", "buoy", "crew"), [0, 1, 2], []),
        (("ship", "buoy", "crew", "gull"), [0, 1, 2], []),
        (("buoy", "ship", "crew"), [0, 1, 2], ["MMS157"]),
        (("ship", "crew"), [0, 1], ["MMS157"]),
        (("Ship", "Buoy"), None, ["MMS157"]),
    ],
)
def test_mmdet_counts_the_categories_of_the_file(tmp_path, categories, labels, rules):
    from mmdet.registry import DATASETS
    from mmdet.utils import register_all_modules

    register_all_modules(init_default_scope=True)
    coco(tmp_path, "a.json", categories)
    part = {
        "type": "CocoDataset",
        "data_root": str(tmp_path),
        "ann_file": "a.json",
        "data_prefix": {"img": ""},
        "metainfo": {"classes": CLASSES},
        "filter_cfg": {"filter_empty_gt": True},
        "pipeline": [],
    }
    if labels is None:
        with pytest.raises(ValueError, match="need at least one array to concatenate"):
            DATASETS.build(dict(part))
    else:
        built = DATASETS.build(dict(part))
        names = [name for name in categories if name in CLASSES]
        assert [one["bbox_label"] for one in built[0]["instances"]] == labels
        taken = [built.metainfo["classes"][label] for label in labels]
        assert (taken == names) is not bool(rules)
    file = tmp_path / "config.py"
    file.write_text(
        "default_scope = 'mmdet'\nmodel = dict(type='RetinaNet')\n"
        f"train_dataloader = dict(batch_size=1, dataset={part!r})\n"
    )
    report = check_paths([file], Settings((find_rule("MMS157"),)))
    assert [one.rule.id for one in report.findings] == rules
