"""Edits by meaning: the value changes as asked, and not one other byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config import resolve
from mmscaffold.config.edit.by_meaning import add_import, add_statement, replace, set_keyword
from mmscaffold.config.edit.spans import apply_edits
from mmscaffold.config.text.source import Span

PY = "# é comment\n\nmodel = dict(\n    type='A',  # keep\n    head=dict(n=80),\n)\nx = [1, 2]\n"
FILES = {
    "a.py": PY,
    "a.yaml": "# é comment\nmodel:\n  type: A  # keep\n  head: {n: 80}\nx:\n- 1\n- 2\n",
    "a.json": '{\n  "model": {\n    "type": "A",\n    "head": {"n": 80}\n  },\n  "x": [1, 2]\n}\n',
    "flat.json": '{"model": {"type": "A", "head": {"n": 80}}, "x": [1, 2]}',
    "pure.py": "from mmdet.models import A\n\nmodel = dict(type=A, head=dict(n=80))\nx = [1, 2]\n",
}
DRESSES = {
    "plain": lambda text: text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
}


@pytest.fixture(params=FILES)
def name(request):
    return request.param


@pytest.fixture(params=DRESSES)
def config(request, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(DRESSES[request.param](FILES[name]))
    return resolve(path)


def edited(config, edit):
    """The config after one edit; all bytes outside its span must be the old ones."""
    raw = config.parsed.source.raw
    new = apply_edits(config.parsed.source, [edit])
    assert new[: edit.span.start] == raw[: edit.span.start]
    assert new[len(new) - (len(raw) - edit.span.end) :] == raw[edit.span.end :]
    assert b"\r\n" not in raw or b"\n" not in new.replace(b"\r\n", b"")
    config.path.write_bytes(new)
    return resolve(config.path).to_dict()


@pytest.mark.parametrize("value", [20, 1e-05, 2.5e20, "é\"'\\", None, True, [1, {"a": []}], {}])
def test_replace_changes_one_value(config, value):
    wanted = config.to_dict()
    wanted["model"]["head"]["n"] = value
    assert edited(config, replace(config.origin("model.head.n"), value)) == wanted


def test_replace_changes_a_list(config):
    wanted = {**config.to_dict(), "x": [3]}
    assert edited(config, replace(config.origin("x"), [3])) == wanted


@pytest.mark.parametrize("key", ["n", "new"])
def test_set_keyword_sets_a_key_that_is_there_or_not(config, key):
    wanted = config.to_dict()
    wanted["model"]["head"][key] = {"y": 1}
    assert edited(config, set_keyword(config.origin("model.head"), key, {"y": 1})) == wanted


def test_set_keyword_keeps_the_layout_of_a_dict_of_many_lines(config):
    wanted = config.to_dict()
    wanted["model"]["new"] = "z"
    assert edited(config, set_keyword(config.origin("model"), "new", "z")) == wanted


def test_add_statement_adds_a_key(config):
    wanted = {**config.to_dict(), "y": {"a": [1.5, "b"]}}
    assert edited(config, add_statement(config.parsed, "y", {"a": [1.5, "b"]})) == wanted


def test_add_import_imports_once(config):
    before = config.to_dict()
    after = edited(config, add_import(config, "my.models", "B"))
    if config.path.name == "pure.py":
        assert after == before
        assert "B" in resolve(config.path).names
    else:
        assert after["custom_imports"]["imports"] == ["my.models"]
    assert add_import(resolve(config.path), "my.models", "B") is None


@pytest.mark.parametrize("name", ["child.py", "child.yaml", "child.json"])
def test_add_import_keeps_what_is_inherited(tmp_path, name):
    (tmp_path / "base.py").write_text(
        "custom_imports = dict(imports=['a'], allow_failed_imports=True)\n"
    )
    text = {
        "child.py": "_base_ = './base.py'\n",
        "child.yaml": "_base_: ./base.py\n",
        "child.json": '{"_base_": "./base.py"}\n',
    }
    path = tmp_path / name
    path.write_text(text[name])
    config = resolve(path)
    after = edited(config, add_import(config, "b"))
    assert after["custom_imports"] == {"imports": ["a", "b"], "allow_failed_imports": True}


@pytest.mark.slow
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda key: key != "text"),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats(allow_nan=False, allow_infinity=False)
            | st.text("aé'\"\\\n#:"),
            lambda inner: st.lists(inner, max_size=3),
        ),
        min_size=1,
    ),
    st.data(),
)
def test_any_value_of_yaml_can_be_replaced(tmp_path_factory, values, data):
    import yaml

    path = tmp_path_factory.mktemp("yaml") / "config.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), "utf-8")
    config = resolve(path)
    key = data.draw(st.sampled_from(sorted(config.root)))
    value = data.draw(st.floats(allow_nan=False, allow_infinity=False) | st.text("aé'\"\\\n#:"))
    assert edited(config, replace(config.origin(key), value)) == {**config.to_dict(), key: value}


@pytest.mark.parametrize(
    "text",
    ["a:\nb: 2\n", "a: |\n  x\n  y\n\nb: 2\n", "a:\n  c:\n  - 1\nb: 2\n", "a: !!str 3\nb: 2"],
)
def test_every_form_of_a_yaml_value_can_be_replaced(tmp_path, text):
    path = tmp_path / "a.yaml"
    path.write_text(text)
    config = resolve(path)
    key = "a.c" if "c" in text else "a"
    after = edited(config, replace(config.origin(key), 5))
    assert after == {"a": {"c": 5} if "c" in text else 5, "b": 2}


def test_an_edit_is_a_span_and_a_text(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    edit = replace(resolve(path).origin("x"), 2)
    assert (edit.span, edit.text) == (Span(4, 5), "2")
