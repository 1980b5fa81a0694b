"""The language of real configs, one construct at a time, against mmengine."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Resolver, Unknown, resolve
from support.strict import same

BASE = """
max_epochs = 12
model = dict(type='A', backbone=dict(depth=50, stages=(1, 2)), neck=[dict(n=1), dict(n=2)])
param_scheduler = [dict(type='LinearLR', end=500), dict(type='MultiStepLR', milestones=[8, 11])]
train_cfg = dict(by_epoch=True, max_epochs=max_epochs)
"""

CONSTRUCTS = {
    "merge": "model = dict(backbone=dict(depth=18))",
    "delete": "model = dict(backbone=dict(_delete_=True, type='B'))",
    "delete where no base has the key": "new = dict(_delete_=True, x=1)",
    "delete beside nested deletes": (
        "model = dict(_delete_=True, backbone=dict(_delete_=True, depth=1))"
    ),
    "a list replaces": "model = dict(neck=[dict(n=3)])",
    "a variable of the base is not rebound": "max_epochs = 36",
    "reading the base": "n = _base_.model.backbone.depth + _base_['max_epochs']",
    "editing the base": "_base_.model.backbone.depth = 101",
    "editing the base through a list": "_base_.param_scheduler[1].milestones = [28, 34]",
    "update merges a base": "_base_.model.update(backbone=dict(depth=1))",
    "update replaces in a plain dict": "d = dict(a=dict(x=1))\nd.update(a=dict(y=2))",
    "pop of a base without default": "x = _base_.model.pop('nothing')\n_base_.model.pop('neck')",
    "del": "x = 1\ny = 2\ndel x\ndel _base_.model['neck']",
    "placeholder": "m = {{_base_.model.backbone}}\nn = [{{_base_.max_epochs}}, 1]",
    "placeholder that a child changes": (
        "m = {{_base_.model}}\nmodel = dict(backbone=dict(depth=3))"
    ),
    "predefined": "work_dir = './work/{{ fileBasenameNoExtension }}{{fileExtname}}'",
    "environment": "root = '{{$MMSCAFFOLD_TEST_UNSET:data/}}'\nn = {{'$MMSCAFFOLD_TEST_N:80'}}",
    "aliases": "a = dict(x=[1])\nb = a\na['x'].append(2)\nc = d = [3]\nd += [4]",
    "copies": "import copy\na = [dict(x=1)]\nb = copy.deepcopy(a)\nb[0]['x'] = 2\nc = a.copy()",
    "loops": "x = []\nfor i in range(3):\n    if i != 1:\n        x.append(i)\nelse:\n    y = 1",
    "comprehensions": "x = [a * b for a in range(3) for b in 'x' if a]\ny = {k: 1 for k in 'a'}",
    "f-strings": "n = 5\ns = f'{n:03d}-{n!r}-{n / 2:.1f}-{{}}'",
    "format": "s = 'a{}b{x}'.format(1, x=2) + '%d%s' % (3, 'c')",
    "arithmetic": "x = 7 // 2 + 2**3 - 7 % 4 + -1 * 0.5\ny = 1 < 2 <= 3 and not 0\nz = 1e-3 / 3",
    "unpacking": "a, (b, *c) = 1, (2, 3, 4)\nd = [*c, *range(2)]\ne = dict(**dict(f=1), g=2)",
    "tuples": "x = (1,) + (2, 3)\ny = x[1:]\nz = tuple([1, 2])\nw = ((1, 2),) * 2",
    "builtins": (
        "x = sorted([3, 1])\ny = list(zip([1], [2]))\nz = max(1, 2) + sum([1, 2]) + len('ab')\n"
        "w = [int('3'), float('1e3'), str(1.0), round(2.567, 1), min(3, 4), list(enumerate('a'))]"
    ),
    "items": "d = dict(a=1)\nx = [k for k, v in d.items()]\ny = list(d.keys()) + list(d.values())",
    "conditional expressions": "x = 1 if max_value > 2 else 0".replace("max_value", "3"),
    "functions and modules are dropped": "import os\ndef f():\n    return 1\nx = 1",
    "names with two underscores are dropped": "__x = 1\n_y = 2",
    "a name assigned twice": "x = 1\nz = 0\nx = 2",
    "a chained None": "val_cfg = test_cfg = None",
    "an annotation": "x: int = 1",
    "augmented assignment of a key": "d = dict(n=1)\nd['n'] += 2\nd['m'] = [1]",
    "slices": "x = [1, 2, 3][::-1]\nx[0:2] = [9]",
    "strings": "s = 'a' 'b'\nt = '''x\n  y'''\nu = r'\\d' + \"q\"",
    "os.path": "import os.path as osp\nx = osp.join('a', 'b.c')",
    "sets": "x = len({1, 2, 2})",
    "a while loop": "n = 3\nwhile n:\n    n -= 1",
    "break and continue": (
        "for i in range(9):\n    if i == 1:\n        continue\n    if i == 3:\n        break"
    ),
}


@pytest.mark.parametrize("text", CONSTRUCTS.values(), ids=CONSTRUCTS.keys())
def test_a_construct_resolves_as_in_mmengine(write, text):
    path = write(base=BASE, child=f"_base_ = ['./base.py']\n{text}\n")
    resolved = resolve(path)
    assert same(resolved.to_dict(), Config.fromfile(path).to_dict())
    assert not resolved.unknowns


REFUSED = {
    "a dict over a number": ("max_epochs = dict(n=1)", "is a dict here, but an int in the base"),
    "a dict over a list": ("model = dict(neck=dict(n=1))", "is a dict here, but a list"),
    "an unknown name": ("x = nowhere", "'nowhere' is not defined"),
    "a missing key of the base": ("x = _base_.nothing", "no key 'nothing'"),
    "a placeholder that no base sets": ("x = {{_base_.nothing}}", "no base sets 'nothing'"),
    "a duplicate keyword": ("x = dict(**dict(a=1), a=2)", "multiple values"),
    "a division by zero": ("x = 1 / 0", "division by zero"),
    "a reserved name": ("filename = 'x'", "reserved"),
    "a missing environment variable": ("x = '{{$MMSCAFFOLD_TEST_UNSET:}}'", "is not set"),
    "attributes of a plain dict": ("x = dict(a=1)\ny = x.a", "has no attribute 'a'"),
}


BASES_TAKEN_OUT = {
    "an else": "if True:\n    x = 1\nelse:\n    _base_ = 'no.py'\ny = 1\n",
    "beside another statement": "for i in range(2):\n    _base_ = 'no.py'\n    x = i\n",
    "finally behind except": (
        "try:\n    x = 1\nexcept KeyError:\n    x = 2\nfinally:\n    _base_ = 'no.py'\n"
    ),
    "another target first": "if True:\n    x = _base_ = 'no.py'\n",
}
BASES_REFUSED = {
    "a tuple": "_base_ = ('./base.py',)\n",
    "all of an if": "if True:\n    _base_ = './base.py'\n",
    "all of an if in one line": "if 0: _base_ = './base.py'\nx = 1\n",
    "all of a function": "def f():\n    _base_ = './base.py'\nx = 1\n",
    "all of a try": "try:\n    _base_ = './base.py'\nexcept KeyError:\n    pass\n",
    "all of an except": "try:\n    x = 1\nexcept KeyError:\n    _base_ = './base.py'\n",
    "all of a finally": "try:\n    x = 1\nfinally:\n    _base_ = './base.py'\n",
    "all of a case": "match 1:\n    case 1:\n        _base_ = './base.py'\n",
}


@pytest.mark.parametrize("text", BASES_TAKEN_OUT.values(), ids=BASES_TAKEN_OUT.keys())
def test_a_base_in_a_block_is_taken_out_as_in_mmengine(write, text):
    path = write(child=text)
    assert same(resolve(path).to_dict(), Config.fromfile(path).to_dict())


def test_what_must_begin_a_file_may_follow_its_bases(write):
    own = "from __future__ import annotations\ny = 2\n"
    path = write(base=BASE, child=f"_base_ = './base.py'\n{own}")
    read = Config.fromfile(path).to_dict()
    resolved = resolve(path).to_dict()
    assert isinstance(resolved["annotations"], Unknown)
    assert same({**resolved, "annotations": None}, {**read, "annotations": None})


@pytest.mark.parametrize("text", BASES_REFUSED.values(), ids=BASES_REFUSED.keys())
def test_bases_that_mmengine_cannot_take_are_refused(write, text):
    path = write(base=BASE, child=text)
    with pytest.raises((TypeError, ValueError)):
        Config.fromfile(path)
    with pytest.raises(ConfigError, match="_base_"):
        resolve(path)


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_mmengine_refuses_is_refused_with_its_place(write, text, message):
    path = write(base=BASE, child=f"_base_ = ['./base.py']\n{text}\n")
    with pytest.raises(Exception):  # noqa: B017, PT011
        Config.fromfile(path)
    with pytest.raises(ConfigError, match=message) as raised:
        resolve(path)
    assert (raised.value.where or "").startswith(str(path))


def test_two_bases_with_one_key(write):
    path = write(a="x = 1\n", b="x = 2\n", child="_base_ = ['./a.py', './b.py']\n")
    with pytest.raises(KeyError):
        Config.fromfile(path)
    with pytest.raises(ConfigError, match="set the same key 'x'"):
        resolve(path)


def test_a_cycle_is_shown_with_its_chain(write):
    path = write(a="_base_ = './b.py'\n", b="_base_ = './a.py'\n")
    with pytest.raises(ConfigError, match=r"b\.py -> .*a\.py -> .*b\.py"):
        resolve(path)


@pytest.mark.parametrize(
    "text",
    [
        "import os\nx = os.getcwd()",
        "x = open('f')",
        "x = (lambda: (yield 1))()",
        "x = ().__class__",
    ],
)
def test_what_only_foreign_code_knows_is_unknown_and_the_rest_is_known(write, text):
    resolved = resolve(write(a=f"{text}\ny = 1\nz = [x, 2]\n"))
    assert isinstance(resolved.get("x"), Unknown)
    assert resolved.get("y") == 1
    assert resolved.get("z")[1] == 2
    assert [path for path, _ in resolved.unknowns] == [("x",), ("z", 0)]


def test_origins_say_where_and_what_was_overridden(write):
    path = write(
        base=BASE, child="_base_ = ['./base.py']\nn = 36\ntrain_cfg = dict(max_epochs=n)\n"
    )
    origin = resolve(path).origin("train_cfg.max_epochs")
    assert (origin.line, origin.column, origin.text) == (3, 29, "n")
    assert (origin.written.line, origin.written.text) == (2, "36")
    (old,) = origin.overrode()
    assert (old.path.name, old.text, old.written.text) == ("base.py", "max_epochs", "12")


def test_an_overlay_stands_in_for_the_disk_and_spares_what_it_does_not_reach(write):
    path = write(base=BASE, other="x = 1\n", child="_base_ = ['./base.py']\n")
    before = Resolver()
    assert before.resolve(path).get("max_epochs") == 12
    other = before.resolve(path.with_name("other.py"))
    after = Resolver(below=before)
    after.overlay(path.with_name("base.py"), b"max_epochs = 3\n")
    assert after.resolve(path).to_dict() == {"max_epochs": 3}
    assert after.resolve(path.with_name("other.py")) is other
    after.overlay(path.with_name("base.py"), b"max_epochs = 4\n")
    assert after.resolve(path).get("max_epochs") == 4


def test_a_delete_in_what_a_placeholder_names_leaves_both_places(write):
    path = write(
        base="model = dict(_delete_=True, type='B', a=[dict(type='C')])\nbox = dict(b=1)\n",
        child="_base_ = './base.py'\nbox = {{_base_.model}}\n",
    )
    resolver = Resolver()
    loaded = Config.fromfile(path).to_dict()
    assert resolver.resolve(path).to_dict() == loaded
    assert resolver.resolve(path.parent / "base.py").get("model._delete_") is True


def test_a_key_of_a_base_that_is_no_name_is_an_error(write):
    path = write(base="a = 1\n", child="_base_ = './base.py'\n_base_[1] = 2\n")
    with pytest.raises(Exception):  # noqa: B017, PT011
        Config.fromfile(path)
    with pytest.raises(ConfigError, match="not a string"):
        resolve(path)


def test_a_base_may_be_named_by_its_absolute_path(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    base = tmp_path / "elsewhere" / "base.py"
    base.write_text("a = 1\n")
    child = tmp_path / "child.py"
    child.write_text(f"_base_ = {str(base)!r}\nb = 2\n")
    assert Resolver().resolve(child).to_dict() == {"a": 1, "b": 2}
    assert Config.fromfile(child).to_dict() == {"a": 1, "b": 2}
