"""A note of ``mmscaffold upgrade`` is still in the file.

## Why it matters

``# mmscaffold: upgrade[UP203] ...`` tells what an upgrade from MMDetection 2.x left to decide, or
did in another way. Until somebody has looked, the config may not train what the old one did.

## Symptoms

None in the log: comments do not affect training.

## Before -> after

Do what ``mmscaffold explain UP203`` says of the code in the brackets, then delete the comment.

## Fix safety

There is no automatic fix: whether it is settled, only its reader can say.

## Source in mmengine

None: these comments are read by mmscaffold alone.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache

from mmscaffold.check.config_view import ConfigView
from mmscaffold.check.diagnostic import Diagnostic, Place, Severity
from mmscaffold.check.rule import Invalid, Rule, Spot, Valid
from mmscaffold.config.text.source import ParsedSource
from mmscaffold.lazy import lazy_pattern

_MARK = b"mmscaffold: upgrade["
_NOTE = lazy_pattern(r"#\s*mmscaffold: upgrade\[(?P<code>UP\d+)\]\s*(?P<text>.*)")


def check(config: ConfigView) -> Iterator[Diagnostic]:
    """Yield one finding for each note of the file itself; its bases have their own."""
    parsed = config.config.parsed
    if isinstance(parsed, ParsedSource) and _MARK in parsed.source.raw:
        for line, column, end, code, text in _notes(parsed.source.raw):
            place = Place(parsed.source.path, line, column, line, end)
            said = f": {text}" if text else ""
            yield Diagnostic(
                f"the upgrade left a note{said} [{code}]",
                place,
                f"See mmscaffold explain {code}; delete the comment when it is settled.",
            )


@lru_cache(maxsize=16)
def _notes(raw: bytes) -> tuple[tuple[int, int, int, str, str], ...]:
    """Line, column, end (from 1), code and text of each."""
    found = []
    try:
        for token in tokenize.tokenize(io.BytesIO(raw).readline):
            match = _NOTE.match(token.string) if token.type == tokenize.COMMENT else None
            if match is not None:
                (line, column), (_, end) = token.start, token.end
                found.append((line, column + 1, end + 1, match["code"], match["text"].strip()))
    except (tokenize.TokenError, SyntaxError):
        return ()
    return tuple(found)


RULE = Rule(
    id="MMS170",
    severity=Severity.WARNING,
    check=check,
    valid=[
        Valid("train_cfg = dict(by_epoch=True, max_epochs=1)  # upgrade[UP203] of something\n"),
        Valid("said = '# mmscaffold: upgrade[UP203] no comment'\n"),
    ],
    invalid=[
        Invalid(
            """
            # mmscaffold: upgrade[UP203] 2.x evaluated after epochs 3, 5, 7, ...
            train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=2, val_begin=3)
            """,
            at=Spot(1, 1, 69),
            message=("the upgrade left a note: 2.x evaluated after epochs 3, 5, 7, ... [UP203]"),
            after="""
            train_cfg = dict(by_epoch=True, max_epochs=12, val_interval=1, val_begin=3)
            """,
        ),
    ],
)
