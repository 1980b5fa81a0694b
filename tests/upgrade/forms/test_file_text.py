"""Statements of 2.x become those of 3.x in their place; whatever did not change keeps its bytes.

The goals are made here by hand, so that the forms are tested and not the rules.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mmscaffold.config.change import first_difference
from mmscaffold.config.evaluate.containers import CfgDict, CfgList, origin_of
from mmscaffold.config.resolve.resolver import Resolver
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.trees.file_upgrader import FileUpgrader, Written

Build = Callable[[CfgDict, CfgDict], None]


def move(old: CfgDict, key: str, new: CfgDict, name: str | None = None) -> None:
    """Move a value with its origin, as rules do."""
    new.put(name or key, old[key], origin_of(old, key))


def made(**values: object) -> CfgDict:
    """A dict that a rule makes."""
    return CfgDict(values)


def upgraded(
    folder: Path,
    text: str | bytes,
    build: Build,
    *,
    variables: bool = True,
    notes: tuple[Note, ...] = (),
    name: str = "config.py",
) -> Written:
    """A file, written for a goal that is made of its old values."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = Resolver()
    config = before.resolve(path)
    goal = CfgDict()
    known = ("data", "optimizer", "runner", "lr_config", "model", "total_epochs", "evaluation")
    for key in config.root if variables else ():
        if key not in known:
            move(config.root, key, goal)
    build(config.root, goal)
    after = Resolver(below=before)
    written = FileUpgrader(after).write(config, goal, notes)
    result = after.resolve(path).root
    for key in goal:
        if key not in config.own or key in known:
            assert first_difference(result.get(key), goal[key]) is None, key
    return written


def text_of(written: Written) -> str:
    return written.raw.decode()


def optimizer(old: CfgDict, new: CfgDict) -> None:
    wrapper = made(type="OptimWrapper")
    move(old, "optimizer", wrapper)
    new.put("optim_wrapper", wrapper, None)


def loop(old: CfgDict, new: CfgDict) -> None:
    cfg = made(type="EpochBasedTrainLoop")
    move(old["runner"], "max_epochs", cfg)
    new.put("train_cfg", cfg, None)


def data(old: CfgDict, new: CfgDict) -> None:
    """One loader for each split; every pipeline loses its Normalize."""
    for split in ("train", "val"):
        if split in old["data"]:
            loader = made()
            move(old["data"], "samples_per_gpu", loader, "batch_size")
            split_old = old["data"][split]
            split_new = made()
            for key in split_old:
                if key == "pipeline":
                    kept = CfgList()
                    for index, item in enumerate(split_old[key]):
                        if item["type"] != "Normalize":
                            kept.append(item, origin_of(split_old[key], index))
                    split_new.put(key, kept, origin_of(split_old, key))
                else:
                    name = "data_prefix" if key == "img_prefix" else key
                    move(split_old, key, split_new, name)
            loader.put("dataset", split_new, origin_of(old["data"], split))
            new.put(f"{split}_dataloader", loader, None)


def test_an_expression_moves_as_it_is_written(tmp_path: Path) -> None:
    text = "optimizer = dict(type='SGD', lr=0.02 * 2, betas=(0.9, 1e-3))  # tuned\n"
    assert text_of(upgraded(tmp_path, text, optimizer)) == (
        "optim_wrapper = dict(\n"
        "    type='OptimWrapper',\n"
        "    optimizer=dict(type='SGD', lr=0.02 * 2, betas=(0.9, 1e-3)))  # tuned\n"
    )


def test_a_name_stays_a_name(tmp_path: Path) -> None:
    text = "epochs = 12\nrunner = dict(type='EpochBasedRunner', max_epochs=epochs)\n"
    assert text_of(upgraded(tmp_path, text, loop)) == (
        "epochs = 12\ntrain_cfg = dict(type='EpochBasedTrainLoop', max_epochs=epochs)\n"
    )


PIPELINE = """\
train_pipeline = [
    dict(type='Load'),
    # colours
    dict(type='Normalize', mean=1),
    dict(type='Pack', keys=["img"]),  # last
]
data = dict(
    samples_per_gpu=2,
    train=dict(
        type='Coco',  # the set
        img_prefix=f'{1}/x',
        pipeline=train_pipeline),
    val=dict(type='Coco', pipeline=train_pipeline))
"""


def test_a_variable_is_edited_once_and_stays_named(tmp_path: Path) -> None:
    assert text_of(upgraded(tmp_path, PIPELINE, data)) == (
        "train_pipeline = [\n"
        "    dict(type='Load'),\n"
        "    # colours\n"
        "    dict(type='Pack', keys=[\"img\"]),  # last\n"
        "]\n"
        "train_dataloader = dict(\n"
        "    batch_size=2,\n"
        "    dataset=dict(\n"
        "        type='Coco',  # the set\n"
        "        data_prefix=f'{1}/x',\n"
        "        pipeline=train_pipeline))\n"
        "val_dataloader = dict(\n"
        "    batch_size=2,\n"
        "    dataset=dict(type='Coco', pipeline=train_pipeline))\n"
    )


@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("indent", ["    ", "\t", "  "])
def test_line_endings_and_indents_stay(tmp_path: Path, ending: str, indent: str) -> None:
    text = PIPELINE.replace("    ", indent).replace("\n", ending)
    raw = upgraded(tmp_path, text.encode(), data).raw
    assert raw.count(b"\n") == raw.count(ending.encode())
    if indent == "\t":
        assert b"    " not in raw


def test_what_two_places_need_differently_is_written_out_in_one(tmp_path: Path) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        data(old, new)
        longer = new["val_dataloader"]["dataset"]["pipeline"].copy()
        longer.append(made(type="Extra"))
        dataset = new["val_dataloader"]["dataset"]
        dataset.put("pipeline", longer, origin_of(dataset, "pipeline"))

    text = text_of(upgraded(tmp_path, PIPELINE, build))
    assert text.count("pipeline=train_pipeline") == 1
    assert text.count("Extra") == 1


def test_comments_of_what_is_gone_stay_above_what_took_its_place(tmp_path: Path) -> None:
    text = (
        "# how long\n"
        "runner = dict(\n"
        "    type='EpochBasedRunner',\n"
        "    # not more\n"
        "    max_epochs=3)  # end\n"
        "evaluation = dict(interval=1)  # often\n"
    )
    written = text_of(upgraded(tmp_path, text, loop))
    assert [line for line in written.splitlines() if "#" in line] == [
        "# how long",
        "    # not more",
        "    max_epochs=3)  # end",
        "# often",
    ]


def test_a_dead_statement_is_commented_out(tmp_path: Path) -> None:
    text = "optimizer = dict(\n    lr=1)\noptimizer = dict(lr=2)\n"
    written = upgraded(tmp_path, text, optimizer)
    assert text_of(written).startswith("# optimizer = dict(\n#     lr=1)\noptim_wrapper = ")
    assert [note.code for note in written.notes] == ["UP104"]


def test_a_key_that_is_read_stays_as_a_variable(tmp_path: Path) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        cfg = made()
        move(old, "total_epochs", cfg, "max_epochs")
        new.put("train_cfg", cfg, None)

    text = "total_epochs = 12\nlast = total_epochs - 1\n"
    assert text_of(upgraded(tmp_path, text, build)) == (
        "total_epochs = 12\ntrain_cfg = dict(max_epochs=total_epochs)\nlast = total_epochs - 1\n"
    )


def test_what_a_loop_fills_is_written_out(tmp_path: Path) -> None:
    text = (
        "data = dict(samples_per_gpu=1, train=dict(type='A', pipeline=[]))\n"
        "for size in (1, 2):\n"
        "    data['train']['pipeline'] += [dict(type='Resize', scale=size)]\n"
    )
    written = text_of(upgraded(tmp_path, text, data))
    assert "dict(type='Resize', scale=1)" in written


def test_a_note_stands_above_its_key_in_one_line(tmp_path: Path) -> None:
    note = Note("UP203", "evaluates after other\nepochs " + "x" * 100, ("train_cfg", "val_begin"))
    text = "runner = dict(type='EpochBasedRunner', max_epochs=3)\n"
    first, second, *_ = text_of(upgraded(tmp_path, text, loop, notes=(note,))).splitlines()
    assert first.startswith("# mmscaffold: upgrade[UP203] evaluates after other epochs x")
    assert len(first) <= 100
    assert second.startswith("train_cfg = ")


def test_spreads_stay_where_they_hold_and_give_way_where_not(tmp_path: Path) -> None:
    text = (
        "common = dict(type='Coco', classes=('a', ))\n"
        "other = dict(img_prefix='x')\n"
        "data = dict(samples_per_gpu=1, train=dict(**common), val=dict(type='A', **other))\n"
    )
    written = text_of(upgraded(tmp_path, text, data))
    assert "dataset=dict(**common)" in written
    assert "data_prefix='x'" in written


def test_a_dict_display_stays_one(tmp_path: Path) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        model = old["model"].copy()
        del model["pretrained"]
        model.put("data_preprocessor", made(type="P"), None)
        new.put("model", model, origin_of(old, "model"))

    text = (
        "model = {\n    'type': 'A',  # kind\n    \"pretrained\": None,\n    'b': {'c': 1},\n}\n"
    )
    assert text_of(upgraded(tmp_path, text, build)) == (
        "model = {\n    'type': 'A',  # kind\n    'b': {'c': 1},\n"
        "    'data_preprocessor': dict(type='P'),\n}\n"
    )


@pytest.mark.parametrize(
    "setting",
    [
        "optimizer, gpus = dict(lr=0.3), 4\n",
        "if True:\n    optimizer = dict(lr=0.3)\n    gpus = 4\n",
        "for gpus in (4,):\n    optimizer = dict(lr=0.3)\n",
    ],
)
def test_a_statement_that_sets_a_variable_too_stays(tmp_path: Path, setting: str) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        new.put("optim_wrapper", made(optimizer=made(lr=0.3)), None)

    written = upgraded(tmp_path, setting, build)
    assert text_of(written) == (
        f"{setting}optim_wrapper = dict(optimizer=dict(lr=0.3))\ndel optimizer\n"
    )


@pytest.mark.parametrize(
    ("function", "stays"),
    [
        ("def f(n):\n    optimizer = n\n    return optimizer\n", False),
        ("def f(optimizer):\n    return optimizer\n", False),
        ("def f(n):\n    return optimizer\n", True),
        ("def f(optimizer=optimizer):\n    return optimizer\n", True),
        ("def f():\n    global optimizer\n    optimizer = optimizer\n", True),
    ],
)
def test_a_name_of_a_function_is_not_that_of_the_file(
    tmp_path: Path, function: str, stays: bool
) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        new.put("optim_wrapper", made(optimizer=made(lr=0.3)), None)

    text = text_of(upgraded(tmp_path, f"optimizer = dict(lr=0.3)\n{function}", build))
    assert ("del optimizer" in text) == stays
    assert ("\noptimizer = dict(lr=0.3)\n" in f"\n{text}") == stays


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_element_between_comments_leaves_no_empty_line(tmp_path: Path, newline: str) -> None:
    def build(old: CfgDict, new: CfgDict) -> None:
        steps = old["steps"]
        kept = CfgList([steps[0], steps[3]], [steps.origins[0], steps.origins[3]])
        new.put("custom_hooks", kept, origin_of(old, "steps"))

    text = (
        "steps = [\n    dict(type='A'),\n    dict(type='B'),  # b\n    dict(type='C'),\n"
        "    # d\n    dict(type='D')]\ncustom_hooks = steps\n"
    )
    written = upgraded(tmp_path, text.replace("\n", newline).encode(), build, variables=False)
    lines = written.raw.decode().split(newline)
    at = lines.index("    # b")
    assert [line.strip() for line in lines[at : at + 3]] == ["# b", "# d", "dict(type='D')]"]
