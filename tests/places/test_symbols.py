from __future__ import annotations

from pathlib import Path

from mmscaffold.places.outlines import outline_of
from mmscaffold.places.symbols import Symbol, folds_of, symbols_of

TEXT = (
    "_base_ = [\n    'a.py',\n    'b.py']\n"
    "# one\n# two\n\n"
    "model = dict(\n"
    "    type='RetinaNet',\n"
    "    necks=[\n        dict(type='FPN', x=1),\n        3])\n"
    "train['x'].y = 5\n"
    "half = dict(a=1"
)


def tree(symbols: tuple[Symbol, ...]) -> dict[str, object]:
    return {f"{one.name}: {one.detail}": tree(one.inner) for one in symbols}


def test_symbols():
    found = symbols_of(outline_of(Path("a.py"), TEXT))
    assert tree(found) == {
        "_base_: ": {},
        "model: RetinaNet": {
            "type: 'RetinaNet'": {},
            "necks: ": {"[0]: FPN": {"type: 'FPN'": {}, "x: 1": {}}},
        },
        "train.x.y: 5": {},
        "half: ": {"a: 1": {}},
    }
    assert [one.is_class for one in found] == [False, True, False, False]


def test_a_name_lies_in_its_symbol():
    pending = list(symbols_of(outline_of(Path("a.py"), TEXT)))
    for one in pending:
        assert one.span[0] <= one.name_span[0] <= one.name_span[1] <= one.span[1]
        pending += one.inner


def test_symbols_of_yaml():
    found = symbols_of(outline_of(Path("a.yaml"), "model:\n  neck:\n    type: FPN\nx: 1\n"))
    assert tree(found) == {"model: ": {"neck: FPN": {"type: FPN": {}}}, "x: 1": {}}


def test_folds():
    outline = outline_of(Path("a.py"), TEXT)
    lines = {
        (TEXT.count("\n", 0, one.start), TEXT.count("\n", 0, one.end), one.is_comment)
        for one in folds_of(outline)
    }
    assert lines == {(0, 2, False), (3, 4, True), (6, 10, False), (8, 10, False)}
    assert next(folds_of(outline)).is_imports
