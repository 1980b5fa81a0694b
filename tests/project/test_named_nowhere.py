"""What a class map names is somewhere, or `migrate` refuses it and says what was meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from mmscaffold.cli.main import group
from mmscaffold.project import ProjectError, load_project
from mmscaffold.project.named_nowhere import refuse_unknown_names
from support.packages import write_package

HEAD = "[tool.mmscaffold]\npackage = 'mine'\n"
CLASSES = "[tool.mmscaffold.classes]\n"


@pytest.fixture
def project(tmp_path):
    write_package(tmp_path, "mine", "MyRunner", "MyEpochLoop", "MyRetinaNet")
    (tmp_path / "mine" / "nets").mkdir()
    (tmp_path / "mine" / "nets" / "__init__.py").write_text("from .wide import WideNet\n")
    (tmp_path / "mine" / "nets" / "wide.py").write_text("class WideNet:\n    pass\n")
    return tmp_path


def look(project, text, *mapped):
    (project / "pyproject.toml").write_text(text)
    refuse_unknown_names(load_project(project, mapped), mapped)


@pytest.mark.parametrize(
    "entry",
    [
        'RetinaNet = "MyRetinaNet"',
        'EpochBasedTrainLoop = "MyEpochLoop"',
        # By the scope of their package, in any form that TOML has for it.
        '"mmseg.EncoderDecoder" = "MyRetinaNet"',
        'mmpose.TopdownPoseEstimator = "MyRetinaNet"',
        '"mmrazor.SPOS" = "MyRetinaNet"',
        # A bare name of another package; a base that is registered nowhere.
        'TopdownPoseEstimator = "MyRetinaNet"',
        'BaseDetector = "MyRetinaNet"',
        # By where they lie, exported or not; a class of another package.
        'RetinaNet = "mine.nets.WideNet"',
        'RetinaNet = "mine.nets.wide.WideNet"',
        'RetinaNet = "ATSS"',
        'RetinaNet = "mmseg.EncoderDecoder"',
        'MyRetinaNet = "ATSS"',
        # Whatever is not known here.
        'RetinaNet = "acme.nets.Net"',
        '"acme.Net" = "MyRetinaNet"',
        '"mmtrack.DeepSORT" = "MyRetinaNet"',
    ],
)
def test_what_is_somewhere_passes(project, entry):
    look(project, HEAD + CLASSES + entry + "\n")


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("[tool.mmscaffold]\npackage = 'mime'\n", 2, "package = 'mime': no such package",
         "Did you mean 'mine'?"),
        ("[tool.mmscaffold]\n\npackage = 'zebra'\n", 3, "nor is it installed",
         "Packages there: mine."),
        (HEAD + "runner = 'MyRuner'\n", 3, "mine has no class of that name", "'MyRunner'"),
        (HEAD + CLASSES + 'RetinaNett = "MyRetinaNet"\n', 4,
         "'RetinaNett' is to be replaced, and no package has a class", "'RetinaNet'"),
        (HEAD + CLASSES + 'EpochBasedTrainLoop = "MyEpochLoop"\nValLop = "MyEpochLoop"\n', 5,
         "'ValLop' is to be replaced", "'ValLoop'"),
        (HEAD + CLASSES + '"mmseg.EncoderDecodr" = "MyRetinaNet"\n', 4, "no package has",
         "'mmseg.EncoderDecoder'"),
        (HEAD + CLASSES + 'RetinaNet = "MyRetinanet"\n', 4, "mine has no class", "'MyRetinaNet'"),
        (HEAD + CLASSES + 'RetinaNet = "Zebra"\n', 4, "mine has no class", "take the entry out"),
        (HEAD + CLASSES + 'RetinaNet = "mine.WideNet"\n', 4, "mine has no 'WideNet'",
         "Did you mean 'mine.nets.wide.WideNet'?"),
        (HEAD + CLASSES + 'RetinaNet = "mine.models.WideNet"\n', 4,
         "there is no module 'mine.models'", "'mine.nets.wide.WideNet'"),
        (HEAD + CLASSES + 'RetinaNet = "json.nowhere.Net"\n', 4,
         "there is no module 'json.nowhere'", ""),
    ],
)  # fmt: skip
def test_what_is_nowhere_is_refused_at_its_line(project, text, line, message, hint):
    with pytest.raises(ProjectError) as caught:
        look(project, text)
    assert caught.value.where == f"{project / 'pyproject.toml'}:{line}"
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("mapped", "hint"),
    [
        ("RetinaNett=MyRetinaNet", "'RetinaNet'"),
        ("RetinaNet=MyRetinaNett", "'MyRetinaNet'"),
        ("Runner=MyRunnr", "'MyRunner'"),
        ("RetinaNet=mine.nets:WidNet", "'WideNet'"),
    ],
)
def test_an_option_is_looked_at_as_well(project, mapped, hint):
    with pytest.raises(ProjectError) as caught:
        look(project, HEAD, mapped)
    assert caught.value.where == f"--map {mapped}"
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "code",
    [
        "MODELS.register_module(name=NAME)(object)\n",
        "def (\n",
    ],
)
def test_a_package_that_may_have_any_name_is_believed(project, code):
    path = project / "mine" / "more.py"
    path.write_text(f"from mmengine.registry import MODELS\nimport os\nNAME = os.name\n{code}")
    look(project, HEAD + CLASSES + 'RetinaNet = "MadeAtRunTime"\n')


def test_migrate_writes_nothing_then_and_another_length_needs_no_classes(project):
    (project / "pyproject.toml").write_text(HEAD + CLASSES + 'RetinaNett = "MyRetinaNet"\n')
    config = project / "a.py"
    config.write_text("train_cfg = dict(by_epoch=True, max_epochs=3)\nmodel = dict()\n")
    before = config.read_text()
    ended = CliRunner().invoke(group, ["migrate", str(config)])
    assert ended.exit_code == 2
    assert "pyproject.toml:4: 'RetinaNett' is to be replaced" in ended.output
    assert config.read_text() == before
    words = ["migrate", str(config), "--only", "length", "--max-epochs", "6"]
    assert CliRunner().invoke(group, words).exit_code == 0
