"""Moving averages of weights, as the hooks of 2.x kept them.

Sources: mmcv 1.7.2, mmcv/runner/hooks/ema.py; mmdet 2.28.2, mmdet/core/hook/ema.py; mmengine,
model/averaged_model.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from mmscaffold.upgrade.ledger import Reason
from mmscaffold.upgrade.notes import Note
from mmscaffold.upgrade.part import New, Part
from mmscaffold.upgrade.scheduling import is_number

_MOMENTUM = 0.0002
_WARM_UP = 100
WARM_UP_HELP = (
    "Nothing differs where the momentum is at most 1 / warm_up (100 by default). No ema_type of "
    "mmengine warms up like that; begin_iter can leave out the first iterations."
)


def move_momentum(part: Part, made: New) -> None:
    """Move the momentum of a moving average of which 2.x took the power of ``interval``.

    Args:
        part: The hook of 2.x.
        made: The ``EMAHook`` of 3.x.
    """
    momentum, interval = part.get("momentum", _MOMENTUM), part.get("interval", 1)
    is_average = is_number(momentum) and 0 < momentum < 1
    if not is_average or not isinstance(interval, int) or interval <= 1:
        part.move("momentum", made)
        return
    part.take("momentum")
    # 0.1 to the third as people write it.
    made.put("momentum", float(f"{momentum**interval:.12g}"))


def began_smaller(part: Part) -> bool:
    """Whether ``warm_up`` kept the momentum below its value in the first iterations.

    It was at most ``(1 + i) / (warm_up + i)`` in iteration i, which only grows.

    Args:
        part: The hook of 2.x.
    """
    momentum, interval = part.get("momentum", _MOMENTUM), part.get("interval", 1)
    warm_up = part.get("warm_up", _WARM_UP)
    if not (is_number(momentum) and is_number(warm_up)) or not isinstance(interval, int):
        return True
    return not (warm_up >= 1 and 0 < momentum < 1 and momentum**interval <= 1 / warm_up)


def resumed(part: Part, made: New) -> Iterator[Note]:
    """Tell of the checkpoint from which the hook of 2.x took the averages.

    Args:
        part: The hook of 2.x.
        made: The ``EMAHook`` of 3.x.
    """
    if part.get("resume_from") is None:
        part.drop("resume_from", Reason.DEFAULT)
        return
    value = part.leave_to_note("resume_from")
    yield Note(
        "UP209",
        "an EMAHook of 3.x takes its averages from the checkpoint that is resumed",
        made.path,
        (*part.path, "resume_from"),
        f"resume_from was {value!r}: load_from, with resume = True.",
    )
