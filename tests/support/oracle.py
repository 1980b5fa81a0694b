"""What mmengine makes of a generated file, whatever machine it runs on."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from mmengine.config import Config, ConfigDict

REFUSED = object()
_CONFIG = "mmengine.config.config"


def _is_builtin(module: str) -> bool:
    if module.startswith("mmengine.config"):
        return True
    return module.partition(".")[0] in sys.stdlib_module_names


@contextmanager
def quiet_mmengine(packages: Path | None = None) -> Iterator[None]:
    """Let mmengine load configs without a word, and find packages in a folder.

    Args:
        packages: A folder with packages such as ``mmyolo``; looking for them by pip's
            metadata, as mmengine does, takes half a second each.
    """
    logging.getLogger("mmengine").setLevel(logging.ERROR)
    patches: list[Any] = [
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        # mmengine looks for the standard library below the running Python, and so takes os for
        # a foreign package in a virtual environment, and wherever os is frozen (from 3.11).
        mock.patch("mmengine.config.utils._is_builtin_module", _is_builtin),
        mock.patch(f"{_CONFIG}._is_builtin_module", _is_builtin),
    ]
    if packages is not None:
        patches += [
            mock.patch(f"{_CONFIG}.is_installed", lambda name: (packages / name).is_dir()),
            mock.patch(f"{_CONFIG}.get_installed_path", lambda name: str(packages / name)),
        ]
    with contextlib.ExitStack() as stack:
        for patch in patches:
            stack.enter_context(patch)
        warnings.simplefilter("ignore")
        yield


def mmengine_reads(path: Path) -> Any:
    """What mmengine makes of a file, or ``REFUSED``."""
    try:
        return Config.fromfile(path, import_custom_modules=False).to_dict()
    except MemoryError:
        raise
    except (Exception, SystemExit):
        return REFUSED


def pure_python_names(path: Path) -> dict[str, Any]:
    """All names of a pure-Python file, as its children import them."""
    ConfigDict.lazy = True
    try:
        names, _ = Config._parse_lazy_import(str(path))
        return dict(dict.items(names))
    finally:
        ConfigDict.lazy = False
