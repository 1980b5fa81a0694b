"""Comments at random places of the official configs survive every migration.

What may go is a comment within a value that was replaced as a whole (a computation that became
a number), or within a key that is no longer there; each of these is told in a note.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from mmscaffold.config import ConfigError, Resolver
from mmscaffold.config.evaluate.values import to_plain
from mmscaffold.facts.units import Unit
from mmscaffold.migrate import NewLength, NewUnit, Task, plan_migration
from support.comments import as_yaml, comment_python, data_comments, python_comments

WHOLE = os.environ.get("MMSCAFFOLD_WHOLE") == "1"
SHARE = 25
COMMENTS = (0, 12, 60)


@pytest.fixture
def tasks(class_map):
    return {
        "epochs": Task(length=NewLength(Unit.EPOCHS, 27)),
        "iters": Task(length=NewUnit(Unit.ITERATIONS, 100)),
        "classes": Task(class_map),
    }


@pytest.fixture
def sample(mmdet_configs) -> list[Path]:
    files = sorted(mmdet_configs.rglob("*.py"))
    return files if WHOLE else random.Random(14).sample(files, SHARE)


def planned(path: Path, task: Task, text: str | None = None):
    """The plan for one file, and the comments that its notes say are gone; or ``None``."""
    try:
        overlay = {path: text.encode()} if text else None
        plan = plan_migration([path], task, overlay=overlay, with_heirs=False)
    except ConfigError:
        return None
    (file,) = plan.files
    lines = text.splitlines() if text else path.read_text().splitlines()
    told: Counter[str] = Counter()
    for note in file.notes:
        where, found, comment = note.partition(": this comment is gone with the value or key ")
        if found:
            comment = comment.partition("stood in: ")[2]
            told[comment] += 1
            assert comment in lines[int(where.rpartition(":")[2]) - 1]
    return file, told


@pytest.mark.parametrize("name", ["epochs", "iters", "classes"])
def test_python(sample, tasks, name):
    edited = gone = 0
    for number, path in enumerate(sample):
        text = path.read_text(encoding="utf-8")
        try:
            text = comment_python(text, number, COMMENTS[number % len(COMMENTS)])
        except SyntaxError:
            continue
        plan = planned(path, tasks[name], text)
        if plan is None:
            continue
        file, told = plan
        after = file.after.decode()
        edited += file.edited
        gone += sum(told.values())
        assert Counter(python_comments(text)) - Counter(python_comments(after)) == told, path
    assert edited > len(sample) // 2
    # Hardly any is within a computation.
    assert gone <= edited // 10


@pytest.mark.parametrize("name", ["epochs", "iters", "classes"])
def test_yaml(sample, tasks, name, tmp_path):
    resolver = Resolver()
    edited = 0
    for number, path in enumerate(sample if WHOLE else sample[:10]):
        try:
            text = as_yaml(to_plain(resolver.resolve(path).root), number, 40)
        except Exception:
            # Not every config is YAML.
            continue
        (tmp_path / "a.yaml").write_text(text)
        plan = planned(tmp_path / "a.yaml", tasks[name])
        if plan is None:
            continue
        file, told = plan
        edited += file.edited
        assert Counter(data_comments(text)) == Counter(data_comments(file.after.decode())), path
        assert not told
    assert edited > 3
