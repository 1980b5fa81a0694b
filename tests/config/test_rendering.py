from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mmscaffold.config import ConfigError, Unknown, resolve
from mmscaffold.config.edit.rendering import render
from support.strict import same

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(values)
def test_what_is_written_reads_back_the_same(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("render") / "a.py"
    path.write_text(f"x = {render(value)}\n", encoding="utf-8", errors="surrogatepass")
    assert same(resolve(path).to_dict()["x"], value)


def test_keys_that_are_names_make_a_dict_call():
    assert render({"type": "A", "n": (1,)}) == "dict(type='A', n=(1,))"
    assert render({"a-b": 1}) == "{'a-b': 1}"
    assert render({"class": [float("inf")]}) == "{'class': [float('inf')]}"
    ast.parse(render({"lambda": {}}))


def test_an_unknown_cannot_be_written():
    with pytest.raises(ConfigError, match="cannot be written"):
        render([Unknown("a call", "a.py:1:1")])
