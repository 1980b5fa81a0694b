"""Names that unevaluated code may set, or not, and what inherits them."""

from __future__ import annotations

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Unknown, resolve
from mmscaffold.config.evaluate.values import Perhaps

# What mmengine loads: ``there`` is set, and ``absent`` is not.
BASE = """
import os
u = os.environ.get('MMSCAFFOLD_NOT_SET', 'd')
if u == 'd':
    there = dict(a=1, b=[1])
if u == 'z':
    absent = dict(a=1)
sure = dict(a=1)
sure_unknown = u
"""
HEAD = "_base_ = ['./base.py']\n"

# Whatever reads of them must be unknown, or what mmengine loads.
READ = {
    "in": "x = 'absent' in _base_\ny = 'sure' in _base_\nz = 'never' in _base_",
    "hasattr": "x = hasattr(_base_, 'absent')\ny = hasattr(_base_, 'there')",
    "all keys": "x = list(_base_)\ny = len(_base_)\nz = {**_base_}\nw = _base_.copy()",
    "get": "x = _base_.get('absent', _base_.sure)\nx['a'] = 7",
    "pop": "x = _base_.pop('absent', _base_.sure)\nx['a'] = 7\ny = _base_.pop('there')",
    "setdefault": "x = _base_.setdefault('absent', dict(z=1))",
    "update": "_base_.update(absent=dict(z=1))\n_base_.update(there=dict(z=1))",
    "an attribute": "x = _base_.there\nx['b'].append(3)",
    "an item": "x = _base_['there']['b']",
    "match": (
        "match _base_:\n    case {'absent': v}:\n        x = 1\n"
        "    case {'there': v}:\n        x = 2"
    ),
    "a dict over it": "absent = dict(q=1)\nthere = dict(q=1)",
    "_delete_ over it": "absent = dict(_delete_=True, q=1)\nthere = dict(_delete_=True, q=1)",
    "another value over it": "absent = 3\nthere = [4]",
    "a placeholder": "x = {{_base_.there.b}}",
    "del": "del _base_.there",
    "clear": "_base_.clear()",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ.keys())
def test_what_is_perhaps_there_is_never_taken_for_there_or_absent(write, text):
    path = write(base=BASE, child=f"{HEAD}{text}\n")
    root = resolve(path).root
    loaded = Config.fromfile(path, lazy_import=False).to_dict()
    is_open = "_base_" in root
    for key, value in loaded.items():
        found = root.get(key)
        assert is_open or key in root
        assert isinstance(found, Unknown) or same_known(found, value), (key, found, value)
    for key in root.keys() - loaded.keys():
        assert isinstance(root[key], Unknown if is_open else Perhaps), key


def same_known(found, loaded):
    """Whether all that is known of a value is what mmengine loads."""
    if isinstance(found, Unknown):
        return True
    if isinstance(found, dict):
        same_keys = found.keys() == loaded.keys()
        return same_keys and all(same_known(found[key], loaded[key]) for key in found)
    if isinstance(found, list | tuple):
        return len(found) == len(loaded) and all(map(same_known, found, loaded))
    return found == loaded


def test_what_is_set_over_it_is_known(write):
    path = write(
        base=BASE,
        child=f"{HEAD}_base_.there = 3\nabsent = [1]\nx = 'there' in _base_\nsure = dict(b=2)\n",
    )
    resolved = resolve(path)
    assert resolved.get("there") == 3
    assert resolved.get("absent") == [1]
    assert resolved.get("x") is True
    assert resolved.get("sure").plain() == {"a": 1, "b": 2}


def test_a_key_that_no_code_can_set_is_still_refused(write):
    path = write(base=BASE, child=f"{HEAD}x = _base_.never\n")
    with pytest.raises(ConfigError, match="never"):
        resolve(path)


def test_only_names_are_perhaps_there(write):
    path = write(
        base=BASE, child=f"{HEAD}x = [_base_.there]\ny = dict(a=_base_.there)\nz = _base_.there\n"
    )
    resolved = resolve(path)
    assert type(resolved.get("x.0")) is not Perhaps
    assert type(resolved.get("y.a")) is not Perhaps
    assert type(resolved.get("z")) is not Perhaps
    assert type(resolved.get("absent")) is Perhaps
    assert type(resolved.get("sure_unknown")) is not Perhaps


def test_two_bases_may_set_what_one_of_them_only_perhaps_sets(write):
    path = write(base=BASE, other="absent = 4\n", child="_base_ = ['./base.py', './other.py']\n")
    assert Config.fromfile(path, lazy_import=False).absent == resolve(path).get("absent") == 4


@pytest.mark.parametrize(
    "text",
    [
        "from os.path import join as x",
        "import functools\nx = functools.wraps",
        "import os\nx = os if os.sep == 'z' else os.path.join",
        "def f():\n    yield 1\nimport functools\nx = functools.wraps(f)(f)\ndel f",
    ],
)
def test_what_may_be_a_function_is_perhaps_dropped(write, text):
    path = write(a=f"{text}\n")
    loaded = Config.fromfile(path, lazy_import=False).to_dict()
    root = resolve(path).root
    assert "x" in loaded or "x" not in root or type(root["x"]) is Perhaps


def test_a_name_of_a_base_in_the_pure_python_style(write):
    path = write(
        base=f"from mmengine.config import read_base\n{BASE}",
        child="from mmengine.config import read_base\nwith read_base():\n    from .base import *\n"
        "sure['b'] = 2\n",
    )
    resolved = resolve(path)
    assert type(resolved.get("absent")) is Perhaps
    assert isinstance(resolved.get("there"), Unknown)
    assert resolved.get("sure").plain() == {"a": 1, "b": 2}


def test_a_delete_over_a_base_that_is_not_installed_is_still_known(write):
    text = "_base_ = 'mmrazor::a/b.py'\narch = _base_.model\nif hasattr(_base_, 'pre'):\n"
    path = write(
        a=f"{text}    arch.update(pre=_base_.pre)\n"
        "model = dict(_delete_=True, type='Q', arch=arch)\n"
    )
    assert resolve(path).get("model.type") == "Q"
