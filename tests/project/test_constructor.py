from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mmscaffold.facts.classes.constructor import Constructor, joined_constructors
from mmscaffold.project.code import Module, Package
from mmscaffold.project.constructor import constructor_of


def package(text: str) -> Package:
    return Package({"own": Module("own", Path("own.py"), ast.parse(text))})


def built(text: str, outside=lambda dotted: None) -> Constructor | None:
    code = package(text)
    return constructor_of(code, code.modules["own"].classes["Own"], outside)


def closed(arguments: str, required: str = "") -> Constructor:
    return Constructor(frozenset(arguments.split()), frozenset(required.split()), is_open=False)


@pytest.mark.parametrize(
    ("signature", "constructor"),
    [
        ("self", closed("")),
        ("self, a, b=1", closed("a b", "a")),
        ("self, a, /, b, *, c, d=2", closed("a b c d", "a b c")),
        ("self, a=1, *args", closed("a")),
    ],
)
def test_the_arguments_and_those_without_a_default(signature, constructor):
    assert built(f"class Own:\n    def __init__({signature}): ...") == constructor


def test_more_keywords_go_on_to_the_bases():
    text = (
        "class Base:\n    def __init__(self, runner, interval=1): ...\n"
        "class Middle(Base): ...\n"
        "class Own(Middle):\n    def __init__(self, own, **kwargs): ..."
    )
    assert built(text) == closed("own runner interval", "own runner")


def test_a_base_that_takes_any_keyword_leaves_it_open():
    text = "class Own:\n    def __init__(self, own=1, **kwargs): ..."
    assert built(text) == Constructor(frozenset({"own"}), frozenset(), is_open=True)


def test_a_class_outside_is_asked_for_by_its_dotted_name():
    asked = []

    def outside(dotted):
        asked.append(dotted)
        return closed("dataloader", "dataloader")

    text = "from mmengine.runner import BaseLoop\nclass Own(BaseLoop): ..."
    assert built(text, outside) == closed("dataloader", "dataloader")
    assert asked == ["mmengine.runner.BaseLoop"]


def test_nothing_is_said_where_no_constructor_is_known():
    assert built("from elsewhere import Base\nclass Own(Base): ...") is None
    assert joined_constructors([None, None]) is None


def test_a_closed_constructor_hides_those_of_its_bases():
    assert joined_constructors([None, closed("a"), closed("b", "b")]) == closed("a")
