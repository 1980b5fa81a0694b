"""The skips that are allowed; any other is a failure, so that no test goes missing unseen."""

from __future__ import annotations

# A beginning of each reason, and why that test may be left out.
LISTED = {
    # Someone without a network asked for it.
    "Skipped: MMSCAFFOLD_OFFLINE=1": "the official packages are downloaded",
    # A clone without its history, such as an archive.
    "Skipped: the history of this repository": "an old state of the template comes from it",
    "Skipped: no release yet": "what changed since the last one can be told after the first",
    # What the operating system lacks cannot be tested on it.
    "Skipped: needs chattr": "only root may keep a file from changing, where the file system can",
    "Skipped: needs Chromium": "pages are tried where `make browser` finds or installs one",
    "Skipped: needs Neovim": "the server is tried where `make neovim` finds or installs one",
    "Skipped: needs fork": "Windows has none",
    "Skipped: needs extended attributes": "not every file system has them",
    "Skipped: needs root": "only root can act as other users",
    "Skipped: needs albumentations": "a large package, for one config of the whole run",
    "Skipped: needs unshare": "a full disk is made of a mount, which containers may refuse",
}


def is_listed(reason: str) -> bool:
    """Whether a test may be skipped for a reason, as pytest words it."""
    return reason.startswith(tuple(LISTED))
