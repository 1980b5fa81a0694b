from __future__ import annotations

from pathlib import Path

from mmscaffold.places.users import base_at, users_at
from support.places import Desk

HEIRS = ("child.py", "data.json", "data.yaml", "grandchild.py", "sibling.py")


def users(desk: Desk, name: str, marked: str | None = None) -> list[tuple[str, str]]:
    """Where somebody takes the marked value: the file, and the text there."""
    text = (desk.folder / "configs" / name).read_text() if marked is None else marked
    config, offset = desk.open(f"configs/{name}", text)
    heirs = [desk.folder / "configs" / one for one in HEIRS if one != name]
    found = users_at(
        config, offset, lambda: heirs, lambda path: desk.open(f"configs/{path.name}")[0]
    )
    texts = []
    for spot in found:
        raw = config.text.encode() if spot.path == config.path else spot.path.read_bytes()
        texts.append((spot.path.name, raw[spot.span.start : spot.span.end].decode()))
    return texts


def marked(desk: Desk, old: str, new: str) -> str:
    text = (desk.folder / "configs/base.py").read_text()
    assert old in text
    return text.replace(old, new, 1)


def test_who_still_takes_a_value_from_a_base(desk: Desk):
    found = users(desk, "base.py", marked(desk, "depth=50", "de¦pth=50"))
    assert found == [("sibling.py", "base.py")]
    found = users(desk, "base.py", marked(desk, "width=64", "wid¦th=64"))
    assert [name for name, _ in found] == ["child.py", "data.json", "data.yaml", "grandchild.py"]
    # By way of its own base: that is where the text says so.
    assert ("grandchild.py", "child.py") in found


def test_a_variable_is_used_in_the_text_and_in_what_it_became(desk: Desk):
    text = marked(desk, "num_classes = 80", "num_cl¦asses = 80")
    found = users(desk, "base.py", text)
    assert ("base.py", "num_classes") in found
    assert {name for name, _ in found} == {"base.py", *HEIRS}


def test_a_value_within_a_list_that_a_variable_names(desk: Desk):
    found = users(desk, "base.py", marked(desk, "prob=0.5", "pr¦ob=0.5"))
    assert {name for name, _ in found} == set(HEIRS)


def test_nothing_takes_what_is_not_inherited_or_not_known(desk: Desk):
    assert users(desk, "child.py", "_base_ = 'base.py'\nmodel = dict(neck¦=dict(x=") == []
    assert users(desk, "base.py", "# co¦mment\n") == []


def test_the_base_that_is_asked_about(desk: Desk, folder: Path):
    config, offset = desk.open("configs/child.py", "_base_ = 'ba¦se.py'\n")
    assert base_at(config, offset) == folder / "configs/base.py"
    config, offset = desk.open("configs/child.py", "_ba¦se_ = 'base.py'\n")
    assert base_at(config, offset) == config.path
    config, offset = desk.open("configs/child.py", "_base_ = 'base.py'\nx = ¦1\n")
    assert base_at(config, offset) is None
