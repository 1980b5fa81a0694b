"""No text is too strange: every answer to every prefix of a file, at any place, is an answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from mmscaffold.places.completion import suggestions_at
from mmscaffold.places.config_text import ConfigText
from mmscaffold.places.definition import definitions_at, document_links
from mmscaffold.places.hints import hints_in
from mmscaffold.places.hover import hover_at
from mmscaffold.places.outlines import outline_of
from mmscaffold.places.place import place_at
from mmscaffold.places.signature import signature_at
from mmscaffold.places.symbols import folds_of, symbols_of
from mmscaffold.places.users import base_at, users_at
from support.places import Desk
from support.share import WHOLE, share

_SIGNS = st.sampled_from(
    [*"()[]{}'\"=:,.#\n\r\\*-|&!><%@ ", "dict(", "type=", "_base_", "{{_base_.", "model", "'''",
     "注释", "🚀", "  ", "- ", "a: ", "1", "\ufeff", "with read_base():\n    from .x import *\n"]
)  # fmt: skip


def _ask_all(config: ConfigText, offset: int) -> None:
    hover_at(config, offset)
    suggestions_at(config, offset)
    signature_at(config, offset)
    definitions_at(config, offset)
    base_at(config, offset)
    users_at(config, offset, lambda: (), lambda path: config)
    hints_in(config, 0, offset)
    list(document_links(config))
    symbols_of(config.outline)
    list(folds_of(config.outline))


@cache
def _official(folder: Path) -> tuple[Desk, list[Path]]:
    return Desk(folder, {}), sorted(folder.rglob("*.py"))


@settings(max_examples=300 if WHOLE else 40)
@given(st.lists(_SIGNS, max_size=40), st.data())
def test_of_made_up_text(folder: Path, signs: list[str], data: st.DataObject):
    desk = Desk(folder, {})
    name = data.draw(st.sampled_from(["child.py", "data.yaml", "data.json", "pure.py"]))
    config, _ = desk.open(f"configs/{name}", "".join(signs))
    _ask_all(config, data.draw(st.integers(0, len(config.text))))


@settings(max_examples=500 if WHOLE else 60)
@given(st.data())
def test_of_official_configs_that_are_cut_off(mmdet_configs: Path, data: st.DataObject):
    desk, files = _official(mmdet_configs)
    path = data.draw(st.sampled_from(files))
    text = path.read_text()
    cut = data.draw(st.integers(0, len(text)))
    gap = data.draw(st.sampled_from([len(text), 0, 1, 7]))
    config, _ = desk.open(str(path.relative_to(mmdet_configs)), text[:cut] + text[cut + gap :])
    for offset in (cut, data.draw(st.integers(0, len(config.text)))):
        _ask_all(config, min(offset, len(config.text)))


def test_every_prefix_has_an_outline(mmdet_configs: Path):
    files = share(sorted(mmdet_configs.rglob("*.py")), 100, first=7)
    for path in files:
        text = path.read_text()
        for end in range(0, len(text), 1 if WHOLE else max(1, len(text) // 10)):
            for name in ("a.py", "a.yaml", "a.json"):
                outline = outline_of(Path(name), text[:end])
                place_at(outline, end)
                spans = [(one.start, one.end) for one in outline.items()]
                assert all(0 <= start <= stop <= end for start, stop in spans)
