"""Where the Copier template lies: in the installed package, or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mmscaffold
from mmscaffold.errors import MmscaffoldError
from mmscaffold.publication import RELEASE, REPOSITORY

_PACKAGE = Path(mmscaffold.__file__).parent


def template_folder() -> Path:
    """The folder that holds ``copier.yml`` and ``template/``.

    The wheel carries it as ``mmscaffold/_template``; in a checkout it is the root.

    Raises:
        MmscaffoldError: If neither is there.
    """
    for folder in (_PACKAGE / "_template", _PACKAGE.parents[1]):
        if (folder / "copier.yml").is_file() and (folder / "template").is_dir():
            return folder
    raise MmscaffoldError(
        f"the template is missing from {_PACKAGE}",
        hint="Reinstall mmscaffold; its wheel carries the template.",
    )


def table(name: str) -> dict[str, dict[str, Any]]:
    """A table of the template: what its questions and its files know of each choice.

    Args:
        name: ``detectors`` or ``inputs``: a file of ``template/_parts``.

    Returns:
        The rows, by the answer that chooses them.
    """
    import yaml

    text = (template_folder() / "template" / "_parts" / f"{name}.yml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return rows


def public_origin() -> tuple[str, str]:
    """The public git repository and tag of this version, which ``copier update`` needs.

    Returns:
        The address to clone, and the tag.
    """
    return f"{REPOSITORY}.git", RELEASE
