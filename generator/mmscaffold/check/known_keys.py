"""The top-level keys that something reads: those of ``facts/runner``."""

from __future__ import annotations

from mmscaffold.facts.runner import KNOWN_KEYS, RUNNER_KEYS

__all__ = ["KNOWN_KEYS", "RUNNER_KEYS"]
