"""Whoever follows the README of a project word by word gets what it promises."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from mmscaffold.scaffold import new_project
from support.toy import SMALL_DATA, short_training

pytestmark = [pytest.mark.slow, pytest.mark.subprocess]

WHOLE = bool(os.environ.get("MMSCAFFOLD_WHOLE"))
README = {"english": "README.md", "chinese": "README.md", "both": "README.zh-CN.md"}
# What needs the network, a repository or a GPU, and what takes minutes.
ELSEWHERE = re.compile(
    r"pip |mim |MMCV_WITH_OPS|docker |copier |mmscaffold update|pre-commit |tools/dist_|pytest"
)
GIT = {
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "user.name",
    "GIT_CONFIG_VALUE_0": "a",
    "GIT_CONFIG_KEY_1": "user.email",
    "GIT_CONFIG_VALUE_1": "a@b",
}


def commands(readme: Path) -> list[str]:
    text = readme.read_text(encoding="utf-8")
    blocks = re.findall(r"^```bash\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def follow(project: Path, lines: list[str], tmp_path: Path) -> str:
    """Run the commands of a document in one shell, which stops at the first that fails."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, words in (("python", ""), ("mmscaffold", "-m mmscaffold")):
        (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (programs / name).chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    ended = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", "\n".join(lines)],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **GIT, "PATH": path, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"},
    )
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-4000:]
    return ended.stdout


def shorter(line: str) -> str:
    line = line.partition("  #")[0]
    if "tools/make_toy_dataset.py" in line:
        return " ".join([line, *SMALL_DATA])
    if "tools/train.py" in line:
        return " ".join([line, *map(shlex.quote, short_training())])
    return f"{line} --images 10 --warm-up 0" if "benchmark_speed" in line else line


@pytest.mark.mmdet
@pytest.mark.parametrize(
    ("language", "inputs"),
    [("english", "rgb"), ("chinese", "rgb"), ("both", "extra"), ("both", "paired")]
    if WHOLE
    else [("both", "extra")],
)
def test_each_command_works(tmp_path, language, inputs):
    project = new_project(tmp_path / "p", {"docs_language": language, "inputs": inputs})
    lines = commands(project / README[language])
    done = [line for line in lines if not ELSEWHERE.match(line)]
    assert len(done) >= 15
    if not WHOLE:
        # The whole toy training takes minutes; `make test-slow` follows word by word.
        done = [shorter(line) for line in done]
    printed = follow(project, done, tmp_path)
    for said in ("objects annotated", "images/s", "no findings", "_published-"):
        assert said in printed, said
    work = project / "work_dirs"
    for folder in ("data", "predictions", "inference"):
        assert list((work / folder).glob("*.png")), folder
    [curves] = work.glob("*/curves.png")
    assert curves.stat().st_size > 5000


def test_both_languages_give_the_same_commands(tmp_path):
    answers = {"docs_language": "both", "inputs": "extra", "dockerfile": True}
    project = new_project(tmp_path / "p", answers)
    ours, theirs = (
        [re.sub(r"\s+#.*", "", line) for line in commands(project / name)]
        for name in ("README.md", "README.zh-CN.md")
    )
    assert ours == theirs


def test_each_tool_is_in_the_readme(tmp_path):
    project = new_project(tmp_path / "p", {})
    tools = {path.name for path in (project / "tools").iterdir()}
    told = " ".join(commands(project / "README.md"))
    missing = {name for name in tools if f"tools/{name}" not in told}
    # What these share, and a script whose options stand in it.
    assert missing == {"launch.py", "detector.py", "drawing.py", "slurm_train.sh"}


def test_scripts_for_several_gpus_say_what_they_want(tmp_path):
    project = new_project(tmp_path / "p", {})
    programs = tmp_path / "bin"
    programs.mkdir()
    python = programs / "python"
    python.write_text('#!/bin/sh\necho "$PWD" "$@"\n')
    python.chmod(0o755)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "NNODES": "2", "NODE_RANK": "1"}
    script = str(project / "tools" / "dist_test.sh")
    words = [script, "CONFIG", "C.pth", "4", "--work-dir", "w"]
    printed = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, check=True)
    said = printed.stdout.decode().split()
    # In the folder of the caller, whose paths these are.
    assert said[0] == str(tmp_path)
    assert {"--nnodes=2", "--node_rank=1", "--nproc_per_node=4"} < {*said}
    assert said[-6:] == ["CONFIG", "C.pth", "--launcher", "pytorch", "--work-dir", "w"]
    usage = subprocess.run(words[:2], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert usage.returncode == 2
    assert b"usage:" in usage.stderr


@pytest.mark.parametrize("name", ["热成像检测", "Bob's nets: #1", "YOLO (v2) {x} & <y>", "- yes"])
def test_papers_take_any_name(tmp_path, name):
    answers = {"project_name": name, "author": name, "description": name, "licence": "Proprietary"}
    project = new_project(tmp_path / "p", {**answers, "package_name": "mine"})
    cited = yaml.safe_load((project / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["title"], cited["abstract"], cited["authors"]) == (name, name, [{"name": name}])
    assert "license" not in cited
    for paper in ("MODEL_CARD.md", "README.md"):
        assert f"# {name}\n" in (project / paper).read_text(encoding="utf-8").replace(
            "# Model card: ", "# "
        )
