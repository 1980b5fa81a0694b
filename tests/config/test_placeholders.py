from __future__ import annotations

from mmengine.config import Config
from mmscaffold.config import Unknown, resolve


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
