"""Checkpoints of this project's own runs, which hold more than weights."""

from __future__ import annotations

import contextlib
import os
import warnings
from typing import Iterator


@contextlib.contextmanager
def trusted_torch_load() -> Iterator[None]:
    """Let ``torch.load`` read any object, as it did before torch 2.6.

    A checkpoint holds the message hub and the optimizer, which torch >= 2.6 does not
    load by default (mmengine issue #1655). Loading a file of this kind can run any code
    that is in it: do so with your own only.
    """
    name = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        with warnings.catch_warnings():
            # torch warns of the very variable that is set here on purpose.
            warnings.filterwarnings("ignore", message=f".*{name}.*")
            yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
