from __future__ import annotations

import pytest
from mmengine.config import Config
from mmscaffold.config import ConfigError, Unknown, resolve
from support.strict import same


def test_spans_lead_through_placeholders_to_the_file_s_own_text(write):
    text = "_base_ = './base.py'\na = '{{ fileBasename }}é'; b = {{_base_.n}}; c = 'last'\n"
    resolved = resolve(write(base="n = 5\n", child=text))
    assert resolved.origin("a").text == "'{{ fileBasename }}é'"
    assert resolved.origin("b").text == "{{_base_.n}}"
    assert resolved.origin("b").written.text == "5"
    assert resolved.origin("c").text == "'last'"


def test_the_environment_goes_before_the_default(write, monkeypatch):
    monkeypatch.setenv("MMSCAFFOLD_TEST_ROOT", "/mnt")
    path = write(a="root = '{{$MMSCAFFOLD_TEST_ROOT:data}}/x'\n")
    assert resolve(path).to_dict() == Config.fromfile(path).to_dict() == {"root": "/mnt/x"}


def test_inside_a_longer_string_a_base_variable_is_unknown_not_garbage(write):
    path = write(base="n = 5\n", child="_base_ = \"./base.py\"\nx = 'a{{_base_.n}}'\n")
    assert "_n_" in Config.fromfile(path).x  # what mmengine makes of it
    assert isinstance(resolve(path).get("x"), Unknown)


def test_placeholders_in_comments_are_substituted_too(write):
    path = write(base="n = 5\n", child="_base_ = './base.py'\n# {{_base_.n}}\nx = {{_base_.n}}\n")
    assert resolve(path).to_dict() == Config.fromfile(path).to_dict()


# What mmengine loads depends on a text that it draws; nothing of it may be taken for known.
OF_THE_TEXT = (
    "len({{_base_.l}})",
    "list({{_base_.l}})",
    "[*{{_base_.l}}, 1]",
    "[v for v in {{_base_.l}}]",
    "{{_base_.n}}[1:]",
    "{{_base_.n}}.split('_')",
    "{{_base_.n}}.replace('n', 'l')",
    "{{_base_.n}}.upper()",
    "'n' in {{_base_.n}}",
    "{{_base_.n}} == '_n_'",
    "sorted([{{_base_.n}}, 'a'])",
    "{1, {{_base_.n}}}",
    "{ {{_base_.n}}: 1}",
    "'%s-' % {{_base_.n}}",
    "{{_base_.n}} * 2",
    "'-'.join(['a', {{_base_.n}}])",
    "(lambda v: v[0])({{_base_.l}})",
)


@pytest.mark.parametrize("text", OF_THE_TEXT)
def test_what_code_makes_of_a_base_variable_is_unknown(write, text):
    path = write(base="n = 'abc'\nl = [1]\n", child=f"_base_ = './base.py'\nx = {text}\ny = 1\n")
    Config.fromfile(path)  # mmengine does not refuse it
    resolved = resolve(path)
    assert isinstance(resolved.get("x"), Unknown)
    assert resolved.get("y") == 1


@pytest.mark.parametrize(
    "text",
    [
        "x = [{{_base_.l}}] * 2 + [{{_base_.n}}]",
        "x = dict(a={{_base_.l}}) | {'b': ({{_base_.n}}, 2)}",
        "def f(v, w={{_base_.l}}):\n    return dict(v=v, w=w)\nx = f({{_base_.n}})",
        "x = [1]\nx += [{{_base_.l}}]\nx.insert(0, {{_base_.n}})\ny = x[0]",
        "import copy\na = dict(k={{_base_.l}})\nx = copy.deepcopy(a)\ny = a.get('k')",
        "x = {{_base_.n}} or 1\ny = 1 if {{_base_.n}} else 2\nz = not {{_base_.n}}",
        "a = {{_base_.n}}\nx = [isinstance(a, str), isinstance(a, list), hasattr(a, 'keys')]",
        "x = [{{_base_.n}} for _ in range(2)]\ny = {k: {{_base_.l}} for k in 'ab'}",
        "a, b = {{_base_.n}}, {{_base_.l}}",
    ],
)
def test_a_base_variable_that_is_handed_on_is_looked_up_in_the_end(write, text):
    path = write(base="n = 'abc'\nl = [1]\n", child=f"_base_ = './base.py'\n{text}\n")
    assert same(resolve(path).to_dict(), Config.fromfile(path).to_dict())


def test_mmengine_does_not_look_up_what_is_stored_in_a_base(write):
    text = "_base_ = './base.py'\n_base_.m = {{_base_.n}}\n_base_.l.append(({{_base_.n}},))\n"
    path = write(base="n = 'abc'\nl = [1]\n", child=text)
    assert Config.fromfile(path).m != "abc"
    resolved = resolve(path)
    assert isinstance(resolved.get("m"), Unknown)
    assert isinstance(resolved.get("l[1]"), Unknown)
    assert resolved.get("l[0]") == 1


@pytest.mark.parametrize(
    "text",
    [
        "{{_base_.n}} + 1",
        "-{{_base_.n}}",
        "{{_base_.d}}['a']",
        "{{_base_.d}}.keys()",
        "dict(**{{_base_.d}})",
        "{{_base_.d.in}}",
        "{{_base_.l.0}}",
    ],
)
def test_what_no_text_can_do_is_refused_as_by_mmengine(write, text):
    path = write(
        base="n = 3\nl = [1]\nd = dict(a=1)\n", child=f"_base_ = './base.py'\nx = {text}\n"
    )
    with pytest.raises(ConfigError, match=r"child\.py:2"):
        resolve(path)
    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever mmengine raises)
        Config.fromfile(path)


OPENED = {
    "|= after code that reaches every name": "vars()['y'] = 1\n_base_ |= dict(a=1)",
    "an unknown key": "import os\n_base_[os.getenv('MMSCAFFOLD_TEST_NOT_SET', 'a')] = 1",
    "what json reads": "import json\n_base_.update(json.loads('{\"a\": 1}'))",
    "a class": "class A:\n    _base_.a = 1",
    "a condition": "import os\nif os.path.exists('/'):\n    _base_.a = 1",
}


@pytest.mark.parametrize("code", OPENED.values(), ids=OPENED)
def test_what_code_may_have_given_the_bases_is_unknown_not_missing(write, code):
    child = f"_base_ = './base.py'\n{code}\na = {{{{_base_.a}}}}\nx = {{{{_base_.x}}}}\n"
    path = write(base="x = [3]\n", child=child)
    assert Config.fromfile(path).to_dict()["a"] == 1
    values = resolve(path)
    assert isinstance(values.get("a"), Unknown)
    assert isinstance(values.get("x"), Unknown) or values.to_dict()["x"] == [3]


UNUSUAL_DEFAULTS = {
    "brackets": "a = '{{$MMSCAFFOLD_NOT_SET:[1,2]}}'\nb = '{{$MMSCAFFOLD_NOT_SET:x}}'\n",
    "a sum": "a = '{{$MMSCAFFOLD_NOT_SET:a+b}}'\n",
    "parentheses": "a = '{{$MMSCAFFOLD_NOT_SET:data(1)/x}}'\n",
    "a query": "a = '{{$MMSCAFFOLD_NOT_SET:http://host/a?b=1}}'\n",
    "a dot that finds another default": (
        "a = '{{$MMSCAFFOLD_NOT_SET:a.b}}'\nb = '{{$MMSCAFFOLD_NOT_SET:acb}}'\n"
        "c = '{{$MMSCAFFOLD_NOT_SET:a b}}'\n"
    ),
    "dots": (
        "a = '{{$MMSCAFFOLD_NOT_SET:data/v1.0/x.json}}'\nb = {{'$MMSCAFFOLD_NOT_SET:0.5'}}\n"
        "c = '{{$MMSCAFFOLD_TEST_ROOT:data/v1.0}}'\n"
    ),
    "a set variable": (
        "a = '{{$MMSCAFFOLD_TEST_ROOT:[x]}}'\nb = '{{$MMSCAFFOLD_TEST_ROOT:(a|b)/x.y}}'\n"
    ),
    "two ways": "a = 'a'\nb = '{{$MMSCAFFOLD_NOT_SET:a|b}}'\n",
    "an escape in a value": "a = '{{$MMSCAFFOLD_TEST_ESCAPE:x}}'\n",
    "a value with a placeholder": (
        "a = '{{$MMSCAFFOLD_TEST_NESTED:x}}'\nb = '{{$MMSCAFFOLD_NOT_SET:5}}'\n"
    ),
    "YAML": "a: '{{$MMSCAFFOLD_NOT_SET:[1,2]}}'\nb: {{$MMSCAFFOLD_NOT_SET:5}}\n",
}


@pytest.mark.parametrize(("name", "text"), UNUSUAL_DEFAULTS.items(), ids=UNUSUAL_DEFAULTS)
def test_a_default_is_a_regular_expression_as_in_mmengine(tmp_path, monkeypatch, name, text):
    monkeypatch.setenv("MMSCAFFOLD_TEST_ROOT", "/mnt")
    monkeypatch.setenv("MMSCAFFOLD_TEST_ESCAPE", r"x\\ny")
    monkeypatch.setenv("MMSCAFFOLD_TEST_NESTED", "{{$MMSCAFFOLD_NOT_SET:5}}")
    path = tmp_path / ("a.yaml" if name == "YAML" else "a.py")
    path.write_text(text)
    assert same(resolve(path).to_dict(), Config.fromfile(path).to_dict())


@pytest.mark.parametrize(
    "text",
    [
        "a = '{{$MMSCAFFOLD_NOT_SET:*.jpg}}'\n",
        "a = r'{{$MMSCAFFOLD_NOT_SET:C:\\data}}'\n",
        "a = '{{$MMSCAFFOLD_NOT_SET:(x}}'\n",
        "a = '{{$MMSCAFFOLD_TEST_ESCAPE:x}}'\n",
    ],
)
def test_what_is_no_regular_expression_is_refused_as_by_mmengine(write, monkeypatch, text):
    monkeypatch.setenv("MMSCAFFOLD_TEST_ESCAPE", r"C:\data")
    path = write(a=text)
    with pytest.raises(Exception, match=r"at position"):
        Config.fromfile(path)
    with pytest.raises(ConfigError, match="for a regular expression, and its value"):
        resolve(path)


@pytest.mark.parametrize(
    "text",
    [
        "a = '{{$MMSCAFFOLD_NOT_SET:(a+)+$}}'\n" + "# {{$MMSCAFFOLD_NOT_SET:" + "a" * 60 + "\n",
        "a = '{{$MMSCAFFOLD_NOT_SET:.*.*.*}}'\n# " + "{{$MMSCAFFOLD_NOT_SET:" * 900 + "\n",
        "a = '{{$MMSCAFFOLD_NOT_SET:a*}}'\n# {{$MMSCAFFOLD_NOT_SET:" + " " * 40_000 + "\n",
    ],
    ids=["nested", "many", "blanks"],
)
def test_a_regular_expression_that_takes_long_is_not_looked_for(write, text):
    with pytest.raises(ConfigError, match="too much to look for"):
        resolve(write(a=text))


def test_a_base_variable_that_mmengine_may_take_for_another_is_unknown(write):
    child = "_base_ = './base.py'\nx = {{_base_.a.b}}\ny = [{{_base_.a_b}}, {{_base_.c.d.e}}]\n"
    resolved = resolve(write(base="a = dict(b=1)\na_b = 2\nc = dict(d=dict(e=3))\n", child=child))
    assert resolved.get("x") == 1
    assert isinstance(resolved.get(("y", 0)), Unknown)
    assert "may take this" in resolved.get(("y", 0)).reason
    assert resolved.get(("y", 1)) == 3
