"""The process that builds models with mmdet 2.28.2: ``python ... MMDET MMCV < job > results``.

Neither is installed: they are read from their unpacked packages, with stand-ins for the compiled
operators of mmcv and for torchvision, of which building a model needs nothing. The job is a
pickled dict of models by name; the results are the shapes of what is in them, or why one could
not be built.
"""

from __future__ import annotations

import os
import pickle
import sys
import types
from typing import Any, ClassVar


class _StandIn(types.ModuleType):
    """A module that has whatever it is asked for."""

    __path__: ClassVar[list[str]] = []
    __version__ = "0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def main() -> None:
    """Build each model."""
    sys.path[:0] = sys.argv[1:]
    results_out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for name in ("mmcv._ext", "torchvision", "torchvision.models", "torchvision.transforms"):
        sys.modules[name] = _StandIn(name)
    import mmcv
    import torch
    from mmdet.models import build_detector

    mmcv._ext = sys.modules["mmcv._ext"]
    linspace = torch.linspace
    torch.linspace = lambda *given, **named: linspace(*given, **{**named, "device": "cpu"})
    results: dict[str, Any] = {}
    for name, model in pickle.load(sys.stdin.buffer).items():
        try:
            with torch.device("meta"):
                built = build_detector(mmcv.ConfigDict(_unweighted(model)))
            results[name] = {key: tuple(one.shape) for key, one in built.state_dict().items()}
        except Exception as error:
            results[name] = f"{type(error).__name__}: {error}"
    results_out.write(pickle.dumps(results))
    results_out.close()


def _unweighted(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: None if key in ("pretrained", "teacher_ckpt") else _unweighted(item)
            for key, item in value.items()
            if not (isinstance(item, dict) and item.get("type") == "Pretrained")
        }
    if isinstance(value, list | tuple):
        return type(value)(map(_unweighted, value))
    return value


if __name__ == "__main__":
    main()
