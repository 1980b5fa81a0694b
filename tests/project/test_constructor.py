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
        "class Own(Middle):\n    def __init__(self, own, **kwargs): super().__init__(**kwargs)"
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


BASE = """
import copy


def wrapped(cls):
    made = cls.__init__

    def init(self, *args, aux=None, **kwargs):
        made(self, *args, **kwargs)

    cls.__init__ = init
    return cls


class Meta(type):
    def __call__(cls, *args, aux=None, **kwargs):
        return super().__call__(*args, **kwargs)


class Base:
    def __init__(self, needed, other=1):
        self.other = other


class Popping(Base):
    def __init__(self, *args, **kwargs):
        kwargs.pop('aux', None)
        super().__init__(*args, **kwargs)


class Mixin:
    def __init__(self, *args, **kwargs):
        kwargs.pop('aux', None)
        super().__init__(*args, **kwargs)


"""
# Constructors that take `aux` out of what goes on, or hand on what they made.
FREE = [
    "self.aux = kwargs.pop('aux'); super().__init__(**kwargs)",
    "self.aux = kwargs.pop('aux', None); super().__init__(**kwargs)",
    "if 'aux' in kwargs: del kwargs['aux']\n        super().__init__(**kwargs)",
    "aux = kwargs['aux']; del kwargs['aux']; super().__init__(**kwargs)",
    "own = {n: kwargs.pop(n, None) for n in ('aux',)}; super().__init__(**kwargs)",
    "name = 'aux'; kwargs.pop(name); super().__init__(**kwargs)",
    "for k in list(kwargs):\n            if k == 'aux': kwargs.pop(k)\n"
    "        super().__init__(**kwargs)",
    "kw = copy.deepcopy(kwargs); kw.pop('aux'); super().__init__(**kw)",
    "kwargs = {**kwargs}; kwargs.pop('aux'); super().__init__(**kwargs)",
    "super().__init__(**{k: v for k, v in kwargs.items() if k != 'aux'})",
    "rest = {}\n        for k, v in kwargs.items():\n            if k != 'aux': rest[k] = v\n"
    "        super().__init__(**rest)",
    "own, kwargs = {}, dict(needed=1); super().__init__(**kwargs)",
    "self.set_up(**kwargs)\n    def set_up(self, aux=None, **kwargs): super().__init__(**kwargs)",
    "Base.__init__(self, **{'needed': 1})",
    "kwargs.clear(); super().__init__(needed=1, **kwargs)",
]  # fmt: skip
# Constructors that give what the base needs.
GIVING = [
    "super().__init__(needed=1, **kwargs)",
    "kwargs['needed'] = 1; super().__init__(**kwargs)",
    "kwargs.setdefault('needed', 1); super().__init__(**kwargs)",
    "kwargs.update(needed=1); super().__init__(**kwargs)",
    "kwargs = dict(needed=1, **kwargs); super().__init__(**kwargs)",
    "parts = dict(needed=1); super().__init__(**parts, **kwargs)",
    "parts = dict(needed=1); parts.update(kwargs); super().__init__(**parts)",
    "parts = (1,); super().__init__(*parts, **kwargs)",
    "for n in ('needed',): kwargs.setdefault(n, 1)\n        super().__init__(**kwargs)",
    "for n in ('needed',): kwargs[n] = 1\n        super().__init__(**kwargs)",
    "kwargs |= {'needed': 1}; super().__init__(**kwargs)",
    "init = super().__init__; init(*(1,))",
    "more = {'needed': 1}; kwargs.update(more); super().__init__(**kwargs)",
    "more = {'needed': 1}; kwargs.update(**more); super().__init__(**kwargs)",
    "super().__init__(1, **kwargs)",
]
# Constructors that do neither.
PLAIN = [
    "super().__init__(**kwargs)",
    "super().__init__(*args, **kwargs)",
    "self.other = kwargs.get('other'); super().__init__(**kwargs)",
    "self.other = 'other' in kwargs and kwargs['other']; super().__init__(**kwargs)",
    "kwargs['other'] = 3; super().__init__(**kwargs)",
    "kwargs.update(other=3); super().__init__(**kwargs)",
    "kwargs.update({'other': 3}); super().__init__(**kwargs)",
    "for key in kwargs.keys(): print(key)\n        super().__init__(**kwargs)",
]


def own(body: str, bases: str = "Base", before: str = "") -> str:
    return (
        f"{BASE}{before}\nclass Own({bases}):\n    def __init__(self, *args, **kwargs):\n"
        f"        {body}\n"
    )


def is_refused(text: str, **arguments: int) -> bool:
    values: dict[str, object] = {}
    exec(text, values)
    try:
        values["Own"](**arguments)  # type: ignore[operator]
    except TypeError:
        return True
    return False


@pytest.mark.parametrize("body", FREE)
def test_a_key_that_does_not_go_on_is_taken(body):
    assert not is_refused(own(body), needed=1, aux=2)
    found = built(own(body))
    assert found.is_open or "aux" in found.arguments


@pytest.mark.parametrize(
    "text",
    [
        own("super().__init__(**kwargs)", "Popping"),
        own("super().__init__(**kwargs)", "Mixin, Base"),
        own("super().__init__(**kwargs)", before="@wrapped"),
        own("super().__init__(**kwargs)", "Base, metaclass=Meta"),
        f"{BASE}class Own(Mixin, Base): ...",
    ],
)
def test_it_may_be_a_base_a_decorator_or_a_metaclass_that_takes_it(text):
    assert not is_refused(text, needed=1, aux=2)
    found = built(text)
    assert found.is_open or "aux" in found.arguments


@pytest.mark.parametrize("body", GIVING)
def test_what_a_base_gets_from_the_class_a_config_need_not_say(body):
    assert not is_refused(own(body))
    assert "needed" not in built(own(body)).required


@pytest.mark.parametrize("body", PLAIN)
def test_whatever_goes_on_must_be_what_the_base_takes(body):
    assert is_refused(own(body), needed=1, aux=2)
    assert is_refused(own(body))
    assert not is_refused(own(body), needed=1)
    assert built(own(body)) == closed("needed other", "needed")


def test_a_base_of_another_package_that_is_not_known_may_take_anything():
    known = {"mmdet.models.RetinaNet": closed("backbone", "backbone")}
    text = (
        "from torch import nn\nfrom typing import Generic, TypeVar\n"
        "from mmdet.models import RetinaNet\nfrom elsewhere import Mixin, made\n"
        "class Own({}):\n    def __init__(self, **kwargs): super().__init__(**kwargs)"
    )
    for bases in ("Mixin, RetinaNet", "made(RetinaNet)"):
        assert built(text.format(bases), known.get).is_open
    for bases in ("RetinaNet", "RetinaNet, nn.Module", "RetinaNet, Generic[T]"):
        assert built(text.format(bases), known.get) == closed("backbone", "backbone")
