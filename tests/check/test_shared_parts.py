"""What configs share is gone through once, and only where it is the very same value."""

from mmscaffold.check import shared_parts
from mmscaffold.check.shared_parts import LookUp, SharedParts
from mmscaffold.project.family import Family


def look_up(scope: str | None) -> LookUp:
    return LookUp(Family(lambda name: None), scope, is_set=True)


def test_the_same_value_has_the_same_parts_below_the_same_key():
    value = {"type": "CocoMetric", "ann_file": "a.json"}
    shared = SharedParts()
    first = shared.below("val_evaluator", value)
    assert shared.below("val_evaluator", value) is first
    assert shared.below("test_evaluator", value).parts[0].path == ("test_evaluator",)
    assert shared.below("val_evaluator", dict(value)) is not first


def test_what_is_let_go_is_read_anew(monkeypatch):
    monkeypatch.setattr(shared_parts, "_MOST_VALUES", 2)
    shared = SharedParts()
    values = [{"type": name} for name in ("RetinaNet", "FasterRCNN", "ATSS")]
    for _ in range(2):
        names = [shared.below("model", one).parts[0].name for one in values]
        assert names == ["RetinaNet", "FasterRCNN", "ATSS"]


def test_each_scope_has_its_own_answers():
    below = SharedParts().below("model", {"type": "RetinaNet", "depth": 50})
    in_mmdet, in_mmpose = (below.found(look_up(one)) for one in ("mmdet", "mmpose"))
    assert not in_mmdet.absent
    assert in_mmdet.misfits[0].too_many == {"depth"}
    assert "backbone" in in_mmdet.misfits[0].too_few
    assert [one.name for one in in_mmpose.absent] == ["RetinaNet"]
    assert not in_mmpose.misfits


def test_what_the_dicts_of_a_shared_value_hold_is_found_once():
    value = {"type": "my.own.Hook", "inner": [{"type": "mmdet.Other", "_delete_": True}]}
    shared = SharedParts()
    below = shared.dicts("default_hooks", value)

    assert shared.dicts("default_hooks", value) is below
    assert shared.dicts("default_hooks", dict(value)) is not below
    assert below.dotted_types == {"my.own.Hook"}
    assert below.with_delete == ((("default_hooks", "inner", 0), value["inner"][0]),)
