from __future__ import annotations

from pathlib import Path

import pytest
from diagnose.rebuilt import STEPS, config, log
from mmscaffold.diagnose import diagnose
from mmscaffold.diagnose.picture import run_picture
from mmscaffold.pictures.panels import Panel, Role, RunPicture
from mmscaffold.schedule.curves import Setup, mmengine_curve

LOGS = Path(__file__).with_name("logs")


def picture_of(tmp_path: Path, *logs: str) -> RunPicture:
    paths = []
    for number, text in enumerate(logs, 1):
        paths.append(tmp_path / f"{number}.log")
        paths[-1].write_text(text)
    return run_picture(diagnose(paths))


def panel(picture: RunPicture, name: str) -> Panel:
    return next(one for one in picture.panels if one.name == name)


def trace(picture: RunPicture, name: str, role: Role) -> dict[float, float]:
    [one] = [one for one in panel(picture, name).traces if one.role is role]
    return {at: value for at, value in zip(one.at, one.values, strict=True) if value == value}


def test_what_is_planned_is_the_schedule_of_the_config(tmp_path):
    picture = picture_of(tmp_path, log(config(), epochs=range(1, 4)))
    curve = mmengine_curve(config(), setup=Setup(iterations_per_epoch=8))
    planned = trace(picture, "learning rate", Role.CONFIG)
    assert all(curve.at(int(at)) == value for at, value in planned.items())
    assert max(planned) == 47
    logged = trace(picture, "learning rate", Role.LOG)
    assert sorted(logged) == list(range(1, 24, 2))
    assert trace(picture, "epoch", Role.CONFIG) == {
        0: 1, 8: 2, 16: 3, 24: 4, 32: 5, 40: 6, 48: 6,
    }  # fmt: skip
    rows = {one.label: list(one.at) for one in panel(picture, "").traces}
    assert rows["validation"] == rows["checkpoint"] == [8, 16, 24]
    assert rows["planned validation"] == rows["planned checkpoint"] == [8, 16, 24, 32, 40, 48]
    assert list(panel(picture, "metrics").traces[0].values) == [0.1, 0.2, 0.3]
    assert not any(one.points for one in picture.panels)
    assert picture.title == "1.log: nothing wrong"


def test_a_resumed_run_shows_both_schedules_and_where_it_parts(tmp_path):
    now = config(param_scheduler=[{**STEPS, "milestones": [4]}])
    first = log(config(), epochs=range(1, 3))
    second = log(now, follows=config(), epochs=range(3, 7), resumed=("epoch_2.pth", 2, 16))
    picture = picture_of(tmp_path, first, second)
    [seam] = picture.seams
    assert seam == 16
    planned = trace(picture, "learning rate", Role.CONFIG)
    kept = trace(picture, "learning rate", Role.CHECKPOINT)
    # Steps, of which each begins where the value changes.
    assert (planned[16], kept[16]) == (0.1, 0.1)
    assert (planned[32], kept[24]) == (pytest.approx(0.01), pytest.approx(0.01))
    [point] = panel(picture, "learning rate").points
    assert point.at == 25  # every second iteration has a line
    assert "schedule-comes-with-the-checkpoint" in picture.title
    assert any("first parted: learning rate" in one for one in picture.notes)


@pytest.mark.parametrize("name", sorted(path.stem for path in LOGS.glob("*.log")))
def test_every_log_can_be_shown(name):
    picture = run_picture(diagnose([LOGS / f"{name}.log"]))
    for one in picture.panels:
        for curve in one.traces:
            assert not curve.values or len(curve.values) == len(curve.at)
    if name == "healthy":
        assert not any(one.points for one in picture.panels)


def test_scalars_alone_can_be_shown():
    picture = run_picture(diagnose([LOGS / "vis_data" / "healthy.json"]))
    assert trace(picture, "learning rate", Role.LOG)
