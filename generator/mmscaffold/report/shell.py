"""What all pages share: one file, which needs no network and runs nothing that is not its own."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from importlib import resources
from typing import Any


def rendered(
    template: str, *, styles: Sequence[str], scripts: Sequence[str], data: Any, **more: Any
) -> str:
    """A page, as HTML.

    Args:
        template: Its name in ``page_parts``; what it shows of ``more`` is escaped.
        styles: The style sheets that are put into it.
        scripts: The scripts that are put into it, in order.
        data: What the scripts show, as JSON. It is packed, so that it holds nothing but letters
            and digits.
        **more: What else the template shows.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("mmscaffold.report", "page_parts"),
        autoescape=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    parts = resources.files("mmscaffold.report") / "page_parts"

    def joined(names: Sequence[str]) -> str:
        return "\n".join((parts / name).read_text("utf-8") for name in names)

    return environment.get_template(template).render(
        style=joined(styles), script=joined(scripts), data=_packed(data), **more
    )


def _packed(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    # No time within, so that the same input gives the same page.
    return base64.b64encode(gzip.compress(text.encode("ascii"), 6, mtime=0)).decode("ascii")
