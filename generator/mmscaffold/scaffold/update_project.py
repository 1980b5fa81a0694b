"""Bring a project that was made from the template to a newer one, with its edits and answers.

Copier does it, in a clone of the project; what it changed there becomes a patch, which git
applies to the project whole or not at all.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmscaffold.scaffold.answers import ScaffoldError
from mmscaffold.scaffold.new_project import ANSWERS_FILE
from mmscaffold.scaffold.template_source import public_origin

_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)


@dataclass(frozen=True)
class Update:
    """What an update changes.

    Attributes:
        root: The folder of the project.
        top: The folder of its git repository, which may hold more.
        before: The tag that the project was at.
        after: The tag that it is brought to.
        patch: The difference, as ``git diff`` writes it; empty if nothing changes.
        files: The files that change, from ``top``.
        conflicts: Those of them where both sides changed the same lines; the markers of git
            show both.
    """

    root: Path
    top: Path
    before: str
    after: str
    patch: bytes
    files: tuple[str, ...]
    conflicts: tuple[str, ...]

    def write(self) -> None:
        """Change the project: all files, or none.

        Raises:
            ScaffoldError: If git cannot apply it, such as over a file that git does not know.
        """
        if not self.patch:
            return
        _git(self.top, "apply", "--whitespace=nowarn", "-", text=self.patch)


def plan_update(start: Path, to: str | None = None, *, trust: bool = False) -> Update:
    """Find what an update changes in a project; nothing is written.

    Args:
        start: A folder of the project.
        to: The tag of the template to bring it to; that of this version by default.
        trust: Let a template that is not this one's public repository run commands.

    Raises:
        ScaffoldError: If this is no project of the template, or not one in git without
            uncommitted changes, or its template cannot be read.
    """
    root = _root_of(start)
    source, before = _origin(root / ANSWERS_FILE)
    public, own_tag = public_origin()
    after = to or own_tag
    if _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".").strip():
        raise ScaffoldError(
            "has uncommitted changes; nothing was written",
            where=str(root),
            hint="Commit or stash them: an update must be something that git can undo.",
        )
    top = Path(_git(root, "rev-parse", "--show-toplevel").decode().strip())
    if before == after:
        return Update(root, top, before, after, b"", (), ())
    with tempfile.TemporaryDirectory(prefix="mmscaffold-update-") as scratch:
        clone = Path(scratch, "project")
        _git(top, "clone", "--quiet", "--no-hardlinks", "--", str(top), str(clone))
        project = clone / root.resolve().relative_to(top.resolve())
        _run_copier(project, after, trust or source == public)
        _refuse_other_answers(root, project, after)
        _git(clone, "add", "--all")
        patch = _git(clone, "diff", "--cached", "--binary", "--no-color", "--no-ext-diff")
        names = _git(clone, "diff", "--cached", "--name-only", "--no-renames", "-z")
        files = tuple(name for name in names.decode("utf-8", "replace").split("\0") if name)
        conflicts = tuple(name for name in files if _has_conflict(clone / name))
    return Update(root, top, before, after, patch, files, conflicts)


def _root_of(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / ANSWERS_FILE).is_file():
            return folder
    raise ScaffoldError(
        f"is no project of the template: neither it nor a folder above has {ANSWERS_FILE}",
        where=str(start),
        hint="`mmscaffold new` makes one; `mmscaffold add` and `migrate` serve any other.",
    )


def _answers(answers_file: Path) -> dict[Any, Any]:
    import yaml

    try:
        answers: Any = yaml.safe_load(answers_file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError):
        answers = None
    return answers if isinstance(answers, dict) else {}


def _refuse_other_answers(root: Path, updated: Path, tag: str) -> None:
    """Copier takes the default, silently, where the new template refuses an answer."""
    before, after = _answers(root / ANSWERS_FILE), _answers(updated / ANSWERS_FILE)
    for name, answer in before.items():
        if not str(name).startswith("_") and name in after and after[name] != answer:
            raise ScaffoldError(
                f"cannot be updated to {tag}, which refuses {name}={answer} and would take "
                f"{after[name]} in its place",
                where=str(root / ANSWERS_FILE),
                hint=f"`copier update --data {name}=...` takes another; nothing was written.",
            )


def _origin(answers_file: Path) -> tuple[str, str]:
    """The template, and the tag of it, that a project was made from."""
    answers = _answers(answers_file)
    source, tag = answers.get("_src_path"), answers.get("_commit")
    if not isinstance(source, str) or not isinstance(tag, str):
        raise ScaffoldError(
            "does not say from which template and tag the project was made",
            where=str(answers_file),
            hint="It needs _src_path and _commit, as git has them from the first commit on.",
        )
    return source, tag


def _run_copier(project: Path, tag: str, trusted: bool) -> None:
    from copier import run_update
    from copier.errors import CopierError, UnsafeTemplateError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_update(
                project,
                vcs_ref=tag,
                defaults=True,
                overwrite=True,
                quiet=True,
                conflict="inline",
                unsafe=trusted,
            )
    except UnsafeTemplateError:
        raise ScaffoldError(
            "this update runs commands, and comes from a template other than mmscaffold's own",
            hint="Read the _migrations in its copier.yml; then allow them with --trust.",
        ) from None
    except (CopierError, ValueError, OSError) as error:
        # What git printed, where it failed: a tag or a repository that is not there.
        said = getattr(error, "stderr", None) or str(error)
        lines = [line for line in str(said).splitlines() if line.strip()]
        raise ScaffoldError(
            f"cannot be updated to {tag}: {lines[-1].strip() if lines else type(error).__name__}",
            where=str(project.name),
            hint="The template comes from the _src_path in .copier-answers.yml: it must be within "
            "reach, and have both tags. Nothing was written.",
        ) from None


def _has_conflict(path: Path) -> bool:
    if not path.is_file():
        return False
    return _CONFLICT.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def _git(folder: Path, *words: str, text: bytes | None = None) -> bytes:
    try:
        ended = subprocess.run(
            ["git", *words], cwd=folder, input=text, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise ScaffoldError("git is not installed; updates need it") from None
    if ended.returncode != 0:
        said = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
        is_missing = "not a git repository" in said[0]
        hint = "Run `git init`, and commit the project as it is." if is_missing else None
        raise ScaffoldError(f"{said[0]}; nothing was written", where=str(folder), hint=hint)
    return ended.stdout
