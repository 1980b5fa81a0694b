"""The wheel carries the whole template, and renders the same tree as a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from mmscaffold.scaffold.template_source import public_origin, template_folder

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

ROOT = Path(__file__).parents[2]
ORIGIN_KEYS = ("_commit:", "_src_path:")


def tracked_files(*paths: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file by relative path; the answers file without its two origin lines."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            if path.name == ".copier-answers.yml":
                lines = raw.decode().splitlines()
                raw = "\n".join(li for li in lines if not li.startswith(ORIGIN_KEYS)).encode()
            files[str(path.relative_to(folder))] = raw
    return files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    return next(folder.glob("mmscaffold-*.whl"))


def test_in_a_checkout_it_is_the_root():
    assert template_folder() == ROOT


def test_the_origin_is_this_version_of_the_public_repository():
    source, tag = public_origin()
    assert source.endswith("/mmscaffold.git")
    assert tag.startswith("v0.")


def test_projects_use_the_hooks_of_this_version():
    hooks = (ROOT / "template" / ".pre-commit-config.yaml.jinja").read_text(encoding="utf-8")
    _source, tag = public_origin()
    assert f"/mmscaffold\n    rev: {tag}\n" in hooks


def test_the_wheel_carries_every_file_of_the_template(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name.removeprefix("mmscaffold/_template/")
            for name in archive.namelist()
            if name.startswith("mmscaffold/_template/")
        }
    assert carried == set(tracked_files("template", "copier.yml"))


def test_new_from_the_wheel_equals_copier_copy_from_the_checkout(wheel: Path, tmp_path: Path):
    # The packages of this environment serve the new one, but not the checkout: an
    # editable install adds its source folder through a .pth file, which is left out.
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    site = next(environment.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    ours = Path(pytest.__file__).parents[1]
    run = (
        f"import sys; sys.path.append({str(ours)!r}); import mmscaffold; "
        f"assert mmscaffold.__file__.startswith({str(site)!r}), mmscaffold.__file__; "
        "from mmscaffold.cli.main import group; group()"
    )
    python = environment / "bin" / "python"
    made, copied = (tmp_path / way / "thermal-nets" for way in ("wheel", "git"))
    subprocess.run(
        [python, "-c", run, "new", made, "--defaults", "--data", "author=Ada"],
        check=True,
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )

    checkout = tmp_path / "checkout"
    for name in tracked_files():
        target = checkout / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "-m", "x"]):
        subprocess.run([*git, *words], cwd=checkout, check=True)
    copier = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults"]
    subprocess.run([*copier, "--data", "author=Ada", checkout, copied], check=True)

    assert tree(made) == tree(copied)
    assert len(tree(copied)) > 15
    assert (copied / "thermal_nets" / "__init__.py").is_file()
