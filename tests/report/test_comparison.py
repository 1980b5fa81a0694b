from __future__ import annotations

from pathlib import Path

import pytest
from mmscaffold.check import load_settings
from mmscaffold.config import ConfigError
from mmscaffold.migrate.plan import FilePlan
from mmscaffold.report import (
    Comparison,
    Contents,
    Fates,
    Planned,
    PlannedNote,
    compare_with_plan,
    compare_with_tree,
    gather,
)
from mmscaffold.report.values import NOWHERE
from report import trees


@pytest.fixture
def folders(tmp_path) -> tuple[Path, Path]:
    return trees.write(tmp_path / "old"), trees.write(tmp_path / "new")


def changes(contents: Contents, comparison: Comparison) -> dict[str, dict[str, tuple]]:
    values, found = contents.values, {}
    for one in comparison.changed:
        texts = {}
        for pair in one.pairs:
            entry = values.entries[next(n for n in pair[:2] if n != NOWHERE)]
            texts[values.keys[entry[0]]] = tuple(
                None if n == NOWHERE else values.texts[values.entries[n][1]] for n in pair[:2]
            )
        found[values.files[one.file].name] = texts
    return found


def test_a_changed_base_changes_what_inherits_from_it(folders):
    old, new = folders
    (new / "base.py").write_text(
        trees.BASE.replace("max_epochs=12, val_interval=1", "max_epochs=18")
    )
    contents = gather([new], load_settings(new))
    comparison = compare_with_tree(contents, old)
    gone = ("1", None)
    assert changes(contents, comparison) == {
        "base.py": {"train_cfg.max_epochs": ("12", "18"), "train_cfg.val_interval": gone},
        "child.py": {"train_cfg.max_epochs": ("12", "18"), "train_cfg.val_interval": gone},
        trees.HOSTILE: {"train_cfg.max_epochs": ("12", "18"), "train_cfg.val_interval": gone},
        "grandchild.py": {"train_cfg.val_interval": gone},
    }
    assert "12 epochs" in comparison.changed[0].before.text
    assert "18 epochs" in comparison.changed[0].after.text
    # One could not be read then, and cannot be read now.
    assert comparison.failed == []


def test_configs_that_came_and_went(folders):
    old, new = folders
    (old / "grandchild.py").unlink()
    (new / trees.HOSTILE).unlink()
    contents = gather([new], load_settings(new))
    comparison = compare_with_tree(contents, old)
    assert [contents.values.files[one] for one in comparison.added] == [new / "grandchild.py"]
    assert [contents.values.files[one] for one in comparison.gone] == [old / trees.HOSTILE]
    assert comparison.changed == []
    assert comparison.same == 2


def test_one_file_against_another(folders):
    old, new = folders
    (new / "child.py").write_text(trees.CHILD.replace("batch_size=2", "batch_size=4"))
    contents = gather([new / "child.py"], load_settings(new))
    comparison = compare_with_tree(contents, old / "child.py")
    assert changes(contents, comparison) == {
        "child.py": {"train_dataloader.batch_size": ("2", "4")}
    }


def test_what_is_planned(folders):
    _, new = folders
    contents = gather([new], load_settings(new))
    path, text = new / "base.py", trees.BASE.encode()
    files = [FilePlan(path, text, text.replace(b"lr=0.02", b"lr=0.01"), ())]
    note = PlannedNote("left alone", path)
    comparison = compare_with_plan(
        contents, Planned("planned", files, [note], [(path, f"{path}: no")])
    )
    assert set(changes(contents, comparison)) == {
        "base.py", "child.py", "grandchild.py", trees.HOSTILE,
    }  # fmt: skip
    assert changes(contents, comparison)["child.py"] == {
        "optim_wrapper.optimizer.lr": ("0.02", "0.01")
    }
    assert path.read_text() == trees.BASE
    [(file, diff)] = comparison.diffs
    assert contents.values.files[file] == path
    assert "--- a/base.py" in diff
    assert "+optim_wrapper = dict(optimizer=dict(type='SGD', lr=0.01))" in diff
    assert comparison.notes == [(file, note)]
    assert comparison.failed == [(file, "base.py: no")]


def test_a_key_that_moved_is_told_with_its_new_place_and_what_is_gone_with_the_reason(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("data = dict(size=2, sets=[dict(name='x', old=1)])\nlog = 3\n")
    contents = gather([path], load_settings(path))
    after = b"loader = dict(size=2, set=dict(name='x'), workers=2)\n"
    fates = Fates(
        {"data.size": ["loader.size", "loader.workers"], "data.sets[0]": ["loader.set"]},
        {"data.sets[0].old": "is gone: nobody needs it", "data": "went into other keys"},
    )
    planned = Planned("p", [FilePlan(path, path.read_bytes(), after, ())], fates={path: fates})
    [one] = compare_with_plan(contents, planned).changed
    values = contents.values

    def key(number: int) -> str | None:
        return None if number == NOWHERE else values.keys[values.entries[number][0]]

    told = {
        (key(old), key(new), None if why == NOWHERE else values.texts[why])
        for old, new, why in one.pairs
    }
    assert told == {
        ("data.size", "loader.size", None),
        ("data.size", "loader.workers", None),
        ("data.sets[0].name", "loader.set.name", None),
        ("data.sets[0].old", None, "is gone: nobody needs it"),
        ("log", None, None),
    }


def test_an_older_tree_without_configs_is_an_error(folders, tmp_path):
    (tmp_path / "empty").mkdir()
    contents = gather([folders[1]], load_settings(folders[1]))
    with pytest.raises(ConfigError, match="no configs"):
        compare_with_tree(contents, tmp_path / "empty")


def test_what_could_be_read_only_now_is_told(folders):
    old, new = folders
    (new / "torn.py").write_text("model = dict(type='X')\n")
    contents = gather([new], load_settings(new))
    [(file, message)] = compare_with_tree(contents, old).failed
    assert contents.values.files[file] == old / "torn.py"
    assert "no_such_base.py" in message
