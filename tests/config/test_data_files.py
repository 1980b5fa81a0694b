"""YAML and JSON configs resolve as in mmengine, with the place of every value."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmengine.config import Config
from mmscaffold.config import ConfigError, Unknown, resolve
from support.strict import same

YAML = {
    "plain": "a: 1\nb: 1.5\nc: true\nd: null\ne: text\nf: [1, 2]\ng: {h: i}\n",
    "old numbers": "a: 1e3\nb: 1.0e+3\nc: 010\nd: 0x1F\ne: 1_000\nf: 1:30\ng: .inf\nh: on\ni: ~\n",
    "blocks": "a:\n- b: 1\n  c:\n  - 2\n- 3\nd:\n  e:\n    f: x\n",
    "texts": "a: 'it''s'\nb: \"x\\ty\"\nc: |\n  two\n  lines\nd: >-\n  folded\n  text\n",
    "aliases": "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n",
    "merge keys": "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n",
    "a key twice": "a: 1\nb: 2\na: 3\n",
    "a tuple": "a: !!python/tuple [1, 2]\nb: [!!python/tuple [3]]\n",
    "dates": "a: 2020-01-02\nb: 2020-01-02 03:04:05\n",
    "number keys": "a: {1: 2, 2.5: x, true: y}\n",
    "non-ASCII": "a: é中\nb: 文字\nd: x\n",
    "a file's name": "a: '{{ fileBasename }}'\nb: {{fileBasenameNoExtension}}\n",
    "an environment variable": "a: {{$MMSCAFFOLD_ABSENT:80}}\nb: 'x/{{$MMSCAFFOLD_ABSENT:d}}'\n",
    "Windows lines": "a: 1\r\nb:\r\n  - 2\r\n",
    "hidden": "__a: 1\nb: 2\n",
}
CHILD = {
    "c.yaml": "_base_: ./base.py\nmodel:\n  depth: 2\nx: {{_base_.model.name}}\n",
    "d.yaml": "_base_: [./base.py]\nmodel: {_delete_: true, depth: 3}\nx: {{ _base_.items }}\n",
    "c.json": '{"_base_": "./base.py", "model": {"depth": 2}, "x": {{_base_.model.name}}}',
    "d.json": (
        '{\n\t"_base_": ["./base.py"],\n\t"items": [1, 1e5, -0.0, "\\u00e9\\/\\ud83d\\ude00"]\n}'
    ),
    "c.py": "_base_ = './base.yaml'\nmodel = dict(depth=4)\nx = _base_.model.name\n",
}
BASE = "model = dict(depth=1, name='é')\nitems = [dict(a=1), (2, 3)]\n"


def check(path):
    ours = resolve(path)
    assert same(ours.to_dict(), Config.fromfile(path, lazy_import=False).to_dict())
    return ours


@pytest.mark.parametrize("text", YAML.values(), ids=YAML.keys())
def test_yaml_resolves_as_in_mmengine(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_bytes(text.encode())
    check(path)


@pytest.mark.parametrize("name", CHILD)
def test_bases_of_every_format_mix(tmp_path, name):
    (tmp_path / "base.py").write_text(BASE, encoding="utf-8")
    (tmp_path / "base.yaml").write_text("model: {depth: 1, name: é}\n", encoding="utf-8")
    path = tmp_path / name
    path.write_text(CHILD[name], encoding="utf-8")
    check(path)


@pytest.mark.parametrize(
    "written", ["'{{_base_.items}}'", "a/{{_base_.items}}/b", "|\n  {{_base_.items}}"]
)
def test_a_base_variable_inside_a_longer_string_is_unknown(tmp_path, written):
    (tmp_path / "base.py").write_text(BASE, encoding="utf-8")
    path = tmp_path / "c.yaml"
    path.write_text(f"_base_: ./base.py\nx: {written}\n", encoding="utf-8")
    loaded = Config.fromfile(path).to_dict()
    ours = resolve(path).to_dict()
    # mmengine puts a name with random digits there, in quotes.
    assert '"_items_' in loaded["x"]
    assert isinstance(ours["x"], Unknown)
    assert "inside a longer string" in ours["x"].reason


@pytest.mark.slow
@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])).filter(lambda key: key[:1] != "_"),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False)
            | st.text('aé\\"/{\n'),
            lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner),
        ),
    ),
    st.sampled_from([None, 2, "\t"]),
)
def test_any_json_keeps_its_values_and_each_has_its_text(tmp_path_factory, values, indent):
    reserved = {"filename", "text", "pretty_text", "env_variables"}
    values = {key: value for key, value in values.items() if key not in reserved}
    text = json.dumps(values, indent=indent)
    if "{{" in text or any(len(json.dumps(key)) > 1000 for key in values):
        return
    path = tmp_path_factory.mktemp("json") / "config.json"
    path.write_text(text)
    config = resolve(path)
    assert same(config.to_dict(), values)
    for key, value in config.to_dict().items():
        assert same(json.loads(config.root.origins[key].text), value)


def test_origins_are_the_text_of_the_file(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_bytes("\ufeff# é\r\na:\r\n  b: 'x' # c\r\n  d: [1, 中]\r\nlast: {e: 1}".encode())
    config = resolve(path)
    found = {key: config.origin(key).text for key in ("a.b", "a.d", "a.d[1]", "last", "last.e")}
    assert found == {
        "a.b": "'x'",
        "a.d": "[1, 中]",
        "a.d[1]": "中",
        "last": "{e: 1}",
        "last.e": "1",
    }
    assert config.origin("a.b").where == f"{path}:3:6"
    assert config.origin("a").text == "b: 'x' # c\r\n  d: [1, 中]"


def test_a_python_tag_is_unknown_and_not_run(tmp_path):
    path = tmp_path / "config.yaml"
    target = tmp_path / "target"
    path.write_text(f"a: 1\nb: !!python/object/apply:os.mkdir ['{target}']\nc: !custom x\n")
    config = resolve(path)
    assert config.get("a") == 1
    assert isinstance(config.get("b"), Unknown)
    assert isinstance(config.get("c"), Unknown)
    assert not target.exists()


HOSTILE = {
    "laughs": "a: &a [x, x]\n"
    + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join(['*' + chr(97 + i)] * 9)}]\n"
        for i in range(12)
    ),
    "itself": "a: &a [*a]\n",
    "deep": "a: " + "[" * 5_000 + "]" * 5_000,
    "no mapping": "- 1\n- 2\n",
    "empty": "",
    "syntax": "a: [1\nb: 2\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "a bad tag": "a: !!int x\n",
    "a bad key": "? [1, 2]\n: 3\n",
    "a number as key": "1: 2\n",
    "an undefined alias": "a: *x\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_yaml_ends_in_an_error(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        resolve(path)
    assert str(path) in (caught.value.where or "")


@pytest.mark.parametrize("text", ["", "[1]", '{"a": }', '{"a": 1,}', '{"a": ' + "[" * 100_000])
def test_hostile_json_ends_in_an_error(tmp_path, text):
    path = tmp_path / "config.json"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        resolve(path)
    assert str(path) in (caught.value.where or "")
