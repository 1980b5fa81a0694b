"""Where mmscaffold is published: said here, and nowhere else a second time.

Files that cannot ask this module (the readme, the template, the hooks, the workflows) repeat
what it says; ``tests/test_publication.py`` holds all of them against it.
"""

from __future__ import annotations

REPOSITORY = "https://github.com/mmscaffold/mmscaffold"
"""The public repository; ``.git`` behind it is what git clones."""

RELEASE = "v0.2.0"
"""The tag of the release that this is, or that it will become."""

ON_INDEX = False
"""Whether the name on the package index is ours; until then it may be anybody's."""

ISSUES = f"{REPOSITORY}/issues"


def requirement(extra: str = "") -> str:
    """What to hand to ``pip install`` where mmscaffold is not installed yet.

    Args:
        extra: An extra of it, such as ``plot``.
    """
    name = f"mmscaffold[{extra}]" if extra else "mmscaffold"
    return name if ON_INDEX else f"{name} @ git+{REPOSITORY}"
