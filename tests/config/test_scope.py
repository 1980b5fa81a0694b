"""``_scope_`` is where mmengine writes it, and nowhere else."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mmscaffold.config import ConfigError, Resolver, Unknown, resolve
from mmscaffold.config.registry_scope import written_scope
from support.oracle import REFUSED, mmengine_reads, quiet_mmengine
from support.strict import same

Config = Callable[..., Path]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A config over a base of an installed package, ``mmyolo::some/base.py``."""
    site = tmp_path / "site"
    for package in ("mmyolo", "mmcls"):
        folder = site / package / ".mim" / "configs" / "some"
        folder.mkdir(parents=True)
        (site / package / "__init__.py").write_text("raise ImportError('it was imported')")
        (site / package / ".mim" / "model-index.yml").write_text("Import: []\n")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    importlib.invalidate_caches()
    folder = tmp_path / "configs"
    folder.mkdir()

    def write(text: str, base: str = "", **others: str) -> Path:
        packaged = {"base": base, **others}
        for name, content in packaged.items():
            package = "mmcls" if name.startswith("mmcls") else "mmyolo"
            path = site / package / ".mim" / "configs" / "some" / f"{name}.py"
            path.write_text(content)
        path = folder / "config.py"
        path.write_text("_base_ = 'mmyolo::some/base.py'\n" + text if base else text)
        return path

    return write


def assert_as_mmengine(path: Path, packages: Path) -> dict:
    with quiet_mmengine(packages):
        theirs = mmengine_reads(path)
    assert theirs is not REFUSED
    ours = resolve(path).to_dict()
    assert same(ours, theirs), f"\nours:   {ours}\ntheirs: {theirs}"
    return ours


BASES = {
    "the outermost dict with a type": "model = dict(type='A', head=dict(type='B'))\n",
    "below dicts without one": "a = dict(b=dict(c=dict(type='A', d=dict(type='B'))))\n",
    "in lists and tuples": "p = [dict(type='A', b=[dict(type='B')]), (dict(type='C'),)]\n",
    "written by hand": "m = dict(type='A', _scope_='mmdet')\nn = dict(type='B', _scope_=None)\n",
    "two names of one": "a = dict(type='A')\nb = dict(type='B', inner=a)\nc = dict(x=a, y=a)\n",
    "a type that is no string": "a = dict(type=3)\nb = dict(type=None, c=dict(type='B'))\n",
    "edited in a loop": "p = [dict(type='A'), dict(b=1)]\nfor t in p:\n    t['type'] = 'C'\n",
    "a scope of its own at the top": "_scope_ = 'x'\nm = dict(type='A')\n",
}


@pytest.mark.parametrize("base", BASES.values(), ids=BASES)
@pytest.mark.parametrize(
    "child",
    [
        "default_scope = 'mine'\n",
        "model = dict(type='Mine', head=dict(type='Other', a=1), new=dict(type='New'))\n",
        "model = dict(_delete_=True, type='Mine')\na = dict(b=dict(_delete_=True, type='X'))\n",
        "taken = [_base_.get('model'), _base_.get('p')]\n",
        "if 'm' in _base_:\n    _base_.m.pop('_scope_', None)\n",
    ],
)
def test_it_is_written_as_by_mmengine(config, tmp_path, base, child):
    assert_as_mmengine(config(child, base), tmp_path / "site")


def test_what_a_placeholder_puts_in_two_places_is_marked_in_both(config, tmp_path):
    base = (
        "_base_ = './below.py'\n"
        "loader = dict(set=dict(type='Set', pipeline={{_base_.pipeline}}), m={{_base_.model}})\n"
        "model = dict(wrapped={{_base_.model}})\n"
        "alias = dict(type='B', own=_base_.pipeline)\n"
    )
    below = "pipeline = [dict(type='Load'), dict(type='Pack')]\nmodel = dict(type='A')\n"
    ours = assert_as_mmengine(config("x = 1\n", base, below=below), tmp_path / "site")
    assert ours["loader"]["set"]["pipeline"][0]["_scope_"] == "mmyolo"
    assert "_scope_" not in ours["alias"]["own"][0]


def test_a_package_over_a_package_keeps_the_scope_below(config, tmp_path):
    base = "_base_ = 'mmcls::some/mmcls_base.py'\nneck = dict(type='N')\nmodel = dict(head=1)\n"
    path = config("x = 1\n", base, mmcls_base="model = dict(type='A')\nhooks = [dict(type='H')]\n")
    ours = assert_as_mmengine(path, tmp_path / "site")
    assert ours["model"]["_scope_"] == "mmcls"
    assert ours["neck"]["_scope_"] == "mmyolo"


def test_yaml_and_json_bases_and_children(config, tmp_path):
    path = config("x = 1\n", "model = dict(type='A')\n")
    data = path.with_name("child.yaml")
    data.write_text("_base_: ['mmyolo::some/base.py']\nmodel: {depth: 3}\n")
    assert assert_as_mmengine(data, tmp_path / "site")["model"]["_scope_"] == "mmyolo"
    (tmp_path / "site/mmyolo/.mim/configs/some/base.json").write_text('{"m": {"type": "A"}}')
    path.write_text("_base_ = 'mmyolo::some/base.json'\n")
    assert assert_as_mmengine(path, tmp_path / "site")["m"]["_scope_"] == "mmyolo"


@pytest.mark.parametrize(
    ("child", "base"),
    [
        ("x = 1\n", "type = 'A'\nmodel = dict(type='B')\n"),
        ("_base_ = 'mmyolo::base.py'\n", ""),
        ("_base_ = 'mmyolo::so-me/base.py'\n", ""),
        ("_base_ = 'mmyolo::some/base.py::x'\n", ""),
        ("_base_ = 'numpy::some/base.py'\n", ""),
        ("_base_ = '::some/base.py'\n", ""),
    ],
)
def test_what_mmengine_refuses(config, tmp_path, child, base):
    path = config(child, base)
    with quiet_mmengine(tmp_path / "site"):
        assert mmengine_reads(path) is REFUSED
    with pytest.raises(ConfigError) as error:
        resolve(path)
    assert str(path) in str(error.value)


def test_the_package_itself_resolves_without_it(config, tmp_path):
    child = config("x = 1\n", "model = dict(type='A')\n")
    base = tmp_path / "site/mmyolo/.mim/configs/some/base.py"
    resolver = Resolver()
    for _ in range(2):
        assert resolver.resolve(child).get("model._scope_") == "mmyolo"
        assert resolver.resolve(base).get("model._scope_") is None


def test_another_content_of_the_base_counts(config, tmp_path):
    child = config("x = 1\n", "model = dict(type='A')\n")
    base = tmp_path / "site/mmyolo/.mim/configs/some/base.py"
    below = Resolver()
    assert below.resolve(child).to_dict()["model"] == {"type": "A", "_scope_": "mmyolo"}
    over = Resolver({base: b"model = dict(a=dict(type='B'))\n"}, below)
    assert over.resolve(child).get("model.a") == {"type": "B", "_scope_": "mmyolo"}
    assert "_scope_" not in over.resolve(child).get("model")


def test_its_origin_is_the_dict_that_has_it(config):
    resolved = resolve(config("x = 1\n", "model = dict(type='A')\n"))
    assert resolved.origin("model._scope_").text == "dict(type='A')"


def test_an_official_config_below_a_scope_of_its_own(tmp_path, mmdet_configs, monkeypatch):
    packages = mmdet_configs.parents[2]
    monkeypatch.setattr(sys, "path", [str(packages), *sys.path])
    path = tmp_path / "config.py"
    names = ("faster_rcnn/faster-rcnn_r50_fpn_1x_coco", "rtmdet/rtmdet_s_8xb32-300e_coco")
    for name in names:
        path.write_text(
            f"_base_ = 'mmdet::{name}.py'\ndefault_scope = 'mine'\n"
            "model = dict(type='MyDetector', bbox_head=dict(num_classes=3))\n"
        )
        with quiet_mmengine(packages):
            theirs = mmengine_reads(path)
        ours = resolve(path).to_dict()
        assert same(ours, theirs)
        assert ours["model"]["_scope_"] == "mmdet"
        assert ours["train_cfg"]["_scope_"] == "mmdet"
        assert ours["default_scope"] == "mine"


@pytest.mark.parametrize(
    ("text", "path", "scope"),
    [
        ({"a": {"type": "A", "_scope_": "x"}}, ("a",), "x"),
        ({"a": {"_scope_": "x", "b": [{"type": "B"}]}}, ("a", "b", 0), "x"),
        ({"a": {"_scope_": "x", "b": {"_scope_": "y"}}}, ("a", "b"), "y"),
        ({"a": {"_scope_": "x", "b": {"_scope_": None}}}, ("a", "b"), "x"),
        ({"a": {"b": {"_scope_": "y"}}}, ("a",), None),
        ({"_scope_": "x", "a": {}}, ("a",), None),
        ({"a": 3}, ("a", "b", 0), None),
    ],
)
def test_the_scope_of_a_part_is_that_of_the_innermost_dict_around_it(text, path, scope):
    assert written_scope(text, path) == scope


def test_an_unknown_scope_stays_unknown():
    unknown = Unknown("no one knows", "a.py:1")
    assert written_scope({"a": {"_scope_": unknown}}, ("a",)) is unknown
