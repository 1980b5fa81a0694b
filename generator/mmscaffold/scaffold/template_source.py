"""Where the Copier template lies: in the installed package, or in a checkout."""

from __future__ import annotations

from importlib.metadata import metadata
from pathlib import Path

import mmscaffold
from mmscaffold.errors import MmscaffoldError

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


def public_origin() -> tuple[str, str]:
    """The public git repository and tag of this version, which ``copier update`` needs.

    Returns:
        The address to clone, and the tag.
    """
    urls = dict(
        url.split(", ", maxsplit=1) for url in metadata("mmscaffold").get_all("Project-URL") or []
    )
    return f"{urls['Source']}.git", f"v{mmscaffold.__version__}"
