"""The skips that are allowed; any other is a failure, so that no test goes missing unseen."""

from __future__ import annotations

# A beginning of each reason, and why that test may be left out.
LISTED = {
    # Someone without a network asked for it.
    "Skipped: MMSCAFFOLD_OFFLINE=1": "the official packages are downloaded",
    # What the operating system lacks cannot be tested on it.
    "Skipped: needs fork": "Windows has none",
    "Skipped: needs extended attributes": "not every file system has them",
    "Skipped: needs root": "only root can act as other users",
    "Skipped: needs unshare": "a full disk is made of a mount, which containers may refuse",
}


def is_listed(reason: str) -> bool:
    """Whether a test may be skipped for a reason, as pytest words it."""
    return reason.startswith(tuple(LISTED))
