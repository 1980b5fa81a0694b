from __future__ import annotations

import json
import os

import pytest
from mmscaffold.facts.data import AnnotationForm
from mmscaffold.project.annotations import Annotations, locate, read_annotations

COCO = {
    "images": [{"id": 1}, {"id": 2}, {"id": 2}],
    "annotations": [{"id": 1, "image_id": 1}],
    "categories": [{"id": 5, "name": "ship"}, {"id": 1, "name": "buoy"}],
}


def test_images_and_categories_of_coco(tmp_path):
    file = tmp_path / "a.json"
    file.write_text(json.dumps(COCO))
    # pycocotools, too, keeps one image for each id.
    assert read_annotations(file, AnnotationForm.COCO) == Annotations(2, ("ship", "buoy"))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"images": 3}', '{"images": [3]}', '{"images": [{}]}', '{"images": [[]]}',
     '{"images": [{"id": []}]}', '{"categories": [{"id": 1}]}', '{"images": "abc"}', "\x00"],
)  # fmt: skip
def test_nothing_is_known_of_other_files(tmp_path, text):
    file = tmp_path / "a.json"
    file.write_text(text)
    assert read_annotations(file, AnnotationForm.COCO) is None


def test_bytes_that_are_no_text(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b"{\xff}")
    assert read_annotations(file, AnnotationForm.COCO) is None
    assert read_annotations(file, AnnotationForm.LINES) is None


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a\n", 1), ("a\nb", 2), ("a\n\nb\n", 3)])
def test_lines(tmp_path, text, count):
    file = tmp_path / "a.txt"
    file.write_text(text)
    assert read_annotations(file, AnnotationForm.LINES) == Annotations(count)


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    assert locate(tmp_path, "a.json") is None
    assert read_annotations(tmp_path / "a.json", AnnotationForm.COCO) is None


def test_a_file_is_looked_for_in_the_folders_above(tmp_path):
    inner = tmp_path / "configs" / "own"
    inner.mkdir(parents=True)
    file = tmp_path / "data" / "a.json"
    file.parent.mkdir()
    file.touch()
    assert locate(inner, "data/a.json") == file
    assert locate(inner, str(file)) == file
    assert locate(inner, "data/b.json") is None
    for name in ("", "s3://data/a.json", "data", "data/a.json/b", "\x00", "x" * 5000):
        assert locate(inner, name) is None
