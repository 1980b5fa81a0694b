"""Make way for the folders in which MMDetection's users look for bases of configs.

Until v0.1.0 the model of a project lay beside ``configs/_base_/default_runtime.py``; its data
and its schedule stood in the configs that train. An update brings ``_base_/models``,
``_base_/datasets`` and ``_base_/schedules``, and short configs on top of them. Copier runs this
in the root of the project before such an update:

- What nobody changed is left to the update, which replaces or removes it.
- What somebody changed is kept as it is, as ``<name>_before_update.py``, with the model that it
  needs, and trains as before. Nothing is merged: the lines of the old config are in other files
  now.
- Configs of the user's own follow the files that they inherit from.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import yaml
from copier import run_copy

CONFIGS = Path("configs")
SUFFIX = "_before_update"
# How a config names a base: by a path in the classic style, by a module in the other.
NAMED = re.compile(
    r"""(?<=["'])(?P<folders>(?:[^"'\n]*/)?)(?P<stem>[^"'/\n]+)(?=\.py["'])"""
    r"""|(?<=from )(?P<dots>\.+)(?P<packages>(?:\w+\.)*)(?P<module>\w+)(?= import\b)"""
)
# The configs for COCO whose names tell of another length now: by epochs, by iterations.
LENGTHS = {
    "YOLOX": ("300e", "562k"),
    "RTMDet": ("300e", "140k"),
    "DETR": ("150e", "1125k"),
    "DeformableDETR": ("50e", "187k"),
}


def main() -> None:
    """Keep and rename files, in the working tree and in the index of git."""
    answers = yaml.safe_load(Path(".copier-answers.yml").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        rendered = render(answers, Path(folder) / "before")
        models = [
            path
            for path in relative_configs(rendered, "_base_")
            if not re.match("default_runtime|strategy_", path.name)
        ]
        leaves = relative_configs(rendered, "coco") + relative_configs(rendered, "toy")
        ours = [path for path in models + leaves if path.is_file()]
        originals = {path: (rendered / path).read_bytes() for path in ours}
    changed = {path for path in ours if path.read_bytes() != originals[path]}
    others = [path for path in sorted(CONFIGS.rglob("*.py")) if path not in ours]
    # As bytes, so that the ends of lines stay.
    texts = {path: path.read_bytes().decode("utf-8") for path in others + ours}
    # A model is kept for the configs that go on inheriting from it.
    kept = {path for path in changed if path in leaves}
    for model in models:
        heirs = [path for path in [*others, *kept] if names(path, texts[path], model)]
        if model in changed or heirs:
            kept.add(model)
    new_names = {path: renamed(path) for path in kept}
    for path in leaves:
        new_names.setdefault(path, at_new_length(path, answers))
    for path in others:
        write(path, repointed(path, texts[path], new_names))
    for path in kept:
        write(new_names[path], repointed(path, texts[path], new_names))
        # As it was rendered, so that the update replaces or removes it. If it were missing, the
        # update would take it that nobody wants the new one.
        path.write_bytes(originals[path])
        git("add", "--", path)
    for path in sorted(kept & changed):
        print(f"{path}: you changed this file; it is {new_names[path]} now, and works as before.")
    if kept & changed:
        print("Take your changes over into the new files of configs/, then delete these.")


def render(answers: dict, folder: Path) -> Path:
    """Render the template as it was when this project was made or last updated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run_copy(
            answers["_src_path"],
            folder,
            data={name: value for name, value in answers.items() if name[0] != "_"},
            vcs_ref=answers["_commit"],
            defaults=True,
            quiet=True,
        )
    return folder


def relative_configs(root: Path, folder: str) -> list[Path]:
    """The configs that lie directly in a folder, by their paths in the project."""
    return sorted(path.relative_to(root) for path in (root / CONFIGS / folder).glob("*.py"))


def base_of(heir: Path, found: re.Match) -> Path:
    """The file that a config names, where ``NAMED`` was found in it."""
    folders = found["folders"]
    if folders is None:
        folders = "../" * (len(found["dots"]) - 1) + found["packages"].replace(".", "/")
    name = found["stem"] or found["module"]
    return Path(os.path.normpath(heir.parent / folders / f"{name}.py"))


def names(heir: Path, text: str, base: Path) -> bool:
    """Whether a config inherits from a file."""
    return any(base_of(heir, found) == base for found in NAMED.finditer(text))


def repointed(heir: Path, text: str, new_names: dict[Path, Path]) -> str:
    """The text of a config that names its bases, which stay in their folders, by new names."""

    def renewed(found: re.Match) -> str:
        old = base_of(heir, found)
        return found[0].removesuffix(old.stem) + new_names.get(old, old).stem

    return NAMED.sub(renewed, text)


def renamed(path: Path) -> Path:
    """The name of a file that is kept."""
    return path.with_name(f"{path.stem}{SUFFIX}.py")


def at_new_length(path: Path, answers: dict) -> Path:
    """The name under which the update brings a config."""
    by_epochs, by_iterations = LENGTHS.get(answers["detector"], ("1x", "90k"))
    length = by_epochs if answers["training_unit"] == "epochs" else by_iterations
    return path.with_name(re.sub("_(1x|90k)_coco", f"_{length}_coco", path.name))


def write(path: Path, text: str) -> None:
    """Write a config if that changes it, and stage it."""
    contents = text.encode("utf-8")
    if not path.is_file() or path.read_bytes() != contents:
        path.write_bytes(contents)
        git("add", "--", path)


def git(*words: object) -> None:
    """Run git in the project."""
    subprocess.run(["git", *map(str, words)], check=True)


if __name__ == "__main__":
    sys.exit(main())
