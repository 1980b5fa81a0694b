"""The official configs to test against, read from downloaded wheels, never committed."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".corpora"


def mmdet_configs(version: str) -> Path:
    """The ``configs`` folder of an mmdet release; downloaded once, then kept.

    Args:
        version: A released version, such as ``3.3.0``.

    Raises:
        subprocess.CalledProcessError: If the wheel cannot be downloaded.
    """
    return unpacked_wheel("mmdet", version) / "mmdet" / ".mim" / "configs"


def xtuner_configs() -> Path:
    """The ``configs`` folder of xtuner 0.2.0: some 600 pure-Python configs.

    Raises:
        subprocess.CalledProcessError: If the wheel cannot be downloaded.
    """
    return unpacked_wheel("xtuner", "0.2.0") / "xtuner" / "configs"


def unpacked_wheel(package: str, version: str) -> Path:
    """The folder of an unpacked wheel; downloaded once, then kept.

    Raises:
        subprocess.CalledProcessError: If the wheel cannot be downloaded.
    """
    target = FOLDER / f"{package}-{version}"
    if not target.is_dir():
        FOLDER.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
            unpacked = _unpack(_download(f"{package}=={version}", Path(scratch)), Path(scratch))
            try:
                unpacked.rename(target)
            except OSError:
                # Another test process was faster.
                if not target.is_dir():
                    raise
    return target


def unpacked_source(package: str, version: str) -> Path:
    """The folder of an unpacked source package, for one that has no wheel.

    Raises:
        subprocess.CalledProcessError: If it cannot be downloaded.
    """
    target = FOLDER / f"{package}-{version}"
    if not target.is_dir():
        FOLDER.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FOLDER) as scratch:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download"]
            only_it = ["--quiet", "--no-deps", "--no-binary=:all:", "--no-build-isolation"]
            subprocess.run(
                [*pip, *only_it, "--dest", scratch, f"{package}=={version}"], check=True
            )
            with tarfile.open(next(Path(scratch).glob("*.tar.gz"))) as archive:
                archive.extractall(scratch, filter="data")
            try:
                (Path(scratch) / target.name).rename(target)
            except OSError:
                # Another test process was faster.
                if not target.is_dir():
                    raise
    return target


def _download(requirement: str, folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    only_it = ["--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    subprocess.run([*pip, *only_it, requirement], check=True)
    return next(folder.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> Path:
    unpacked = folder / "unpacked"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def offline() -> bool:
    """Whether tests that need a download were asked to be skipped."""
    return os.environ.get("MMSCAFFOLD_OFFLINE") == "1"


if __name__ == "__main__":
    for release in ("3.3.0", "2.28.2"):
        print(mmdet_configs(release))
    print(xtuner_configs())
