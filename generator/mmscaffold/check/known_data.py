"""What is known of the data that configs train on: said by the user, or read beside the config."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from mmscaffold.facts.data import AnnotationForm
from mmscaffold.project.annotations import Annotations, locate, read_annotations

# In bytes: what takes about a second to read.
_LARGE = 50 << 20


class DataSettings(NamedTuple):
    """What the user says of the data.

    Attributes:
        samples: How many samples the training set has, each counted once.
        processes: How many train at once.
        reads_large: Whether annotation files of any size are read.
    """

    samples: int | None = None
    processes: int = 1
    reads_large: bool = False


class KnownData:
    """Reads the annotation files of configs, each once.

    Args:
        settings: What the user says.
    """

    def __init__(self, settings: DataSettings | None = None) -> None:
        self.settings = settings or DataSettings()
        self.described: dict[str, str] = {}
        """For each annotation file that was found, what was read of it."""
        self._places: dict[tuple[Path, str, str], Path | None] = {}
        self._read: dict[tuple[Path, AnnotationForm], Annotations | None] = {}

    def place(self, folder: Path, root: str, name: str) -> Path | None:
        """Where an annotation file lies, if it is there.

        Args:
            folder: That of the config.
            root: Its ``data_root``, which may be empty.
            name: Its ``ann_file``.
        """
        key = (folder, root, name)
        if key not in self._places:
            self._places[key] = locate(folder, str(Path(root, name)) if name else "")
        return self._places[key]

    def annotations(self, path: Path, form: AnnotationForm) -> Annotations | None:
        """What a file says; ``None`` if it is too large to be read unasked, or not to be read."""
        key = (path, form)
        if key not in self._read:
            size = path.stat().st_size
            if size > _LARGE and not self.settings.reads_large:
                self._read[key] = None
                self.described[str(path)] = f"{size >> 20} MB, read with --data only"
            else:
                found = self._read[key] = read_annotations(path, form)
                self.described[str(path)] = _told(found)
        return self._read[key]


def _told(found: Annotations | None) -> str:
    if found is None:
        return "not understood"
    classes = "" if found.categories is None else f", {len(found.categories)} categories"
    return f"{found.images} images{classes}"
