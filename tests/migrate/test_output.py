from __future__ import annotations

from pathlib import Path

from mmscaffold.config import resolve
from mmscaffold.migrate import plan_migration
from mmscaffold.migrate.output import copies_of
from mmscaffold.writing import write_copies


def test_copies_hold_the_migrated_config_and_its_untouched_bases(tree, class_map, tmp_path):
    base = "train_cfg = dict(by_epoch=True, max_epochs=3)\n"
    folder = tree(
        **{
            "_base_/schedule": base,
            "retinanet/a": "_base_ = '../_base_/schedule.py'\nmodel = dict(type='RetinaNet')\n",
            "retinanet/unrelated": "x = 1\n",
        }
    )
    copies = copies_of(plan_migration([folder / "retinanet" / "a.py"], class_map))
    assert sorted(copies) == [Path("_base_/schedule.py"), Path("retinanet/a.py")]
    assert copies[Path("_base_/schedule.py")] == base.encode()
    write_copies(tmp_path / "out", copies)
    moved = resolve(tmp_path / "out" / "retinanet" / "a.py")
    assert moved.get("train_cfg.type") == "MyEpochBasedTrainLoop"
    assert moved.get("train_cfg.max_epochs") == 3
