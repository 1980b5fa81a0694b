"""Makes the pictures of docs/editor.md: Neovim, set up as editors/README.md says, in a terminal.

    python docs/pictures/editor.py [NAME ...]

needs Neovim and tmux (Debian's are new enough) beside `mmscaffold[lsp]`. Each picture begins with
the same new project and is one walk through the editor: keys, and what to wait for.
"""

from __future__ import annotations

import io
import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.ansi import AnsiDecoder
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
README = HERE.parents[1] / "editors" / "README.md"
WIDTH = 92
SECONDS = 40
THREE_TIMES = "configs/coco/retinanet_r50_fpn_3x_coco.py"
TOY = "configs/toy/retinanet_r18_fpn_toy.py"
SCHEDULE = "configs/_base_/schedules/schedule_1x.py"
LOOP = "ships/engine/two_input_loop.py"

FILES = {
    THREE_TIMES: """\
_base_ = "./retinanet_r50_fpn_1x_coco.py"

# Three times as long, and deeper, with two images a step.
train_cfg = dict(max_epochs=36)
_base_.param_scheduler[1].milestones = [24, 33]
model = dict(backbone=dict(depth=101))
optim_wrapper = dict(optimizer=dict(lr=_base_.optim_wrapper.optimizer.lr / 8))
""",
    LOOP: """\
\"\"\"A loop over pairs of images.\"\"\"

from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop


@LOOPS.register_module()
class PairTrainLoop(EpochBasedTrainLoop):
    \"\"\"Trains on two images at once.\"\"\"

    def run(self):
        self.runner.call_hook("before_train")
        while self._epoch < self._max_epochs and not self.stop_training:
            self.runner.call_hook("before_train_epoch")
            for idx, pair in enumerate(self.dataloader):
                self.run_iter(idx, pair)
            self.runner.call_hook("after_train_epoch")
        self.runner.call_hook("after_train")
""",
}

# The settings of the README, and what people set for their eyes.
LOOK = """
vim.cmd('set termguicolors background=dark noswapfile shortmess+=I noruler noshowcmd laststatus=0')
vim.cmd('set completeopt=menuone,noinsert,preview previewheight=5 signcolumn=yes number nomore')
vim.opt.fillchars = { eob = ' ', vert = '│' }
vim.cmd('syntax on')
vim.cmd('colorscheme slate')
vim.cmd('highlight Normal guibg=#1d2430 guifg=#d7dde8')
vim.cmd('highlight NormalFloat guibg=#2a3446 guifg=#d7dde8')
vim.cmd('highlight Pmenu guibg=#2a3446 guifg=#d7dde8')
vim.cmd('highlight PmenuSel guibg=#4b6390 guifg=#ffffff')
vim.cmd('highlight SignColumn guibg=#1d2430')
vim.cmd('highlight EndOfBuffer guibg=#1d2430')
vim.cmd('highlight StatusLine guifg=#d7dde8 guibg=#3a465c gui=NONE')
vim.cmd('highlight QuickFixLine guibg=#3a465c guifg=NONE')
vim.cmd('highlight StatusLineNC guifg=#8593ab guibg=#3a465c gui=NONE')
vim.cmd('highlight LineNr guifg=#5d6b82 guibg=#1d2430')
vim.cmd('highlight VertSplit guifg=#5d6b82 guibg=#1d2430 gui=NONE')
vim.cmd('highlight LspCodeLens guifg=#8fa3c4 gui=italic')
vim.cmd('highlight Comment guifg=#8593ab')
vim.cmd('highlight MsgSeparator guibg=#1d2430 guifg=#5d6b82')
vim.cmd('highlight DiagnosticError guifg=#ff8f8f')
vim.cmd('highlight DiagnosticVirtualTextError guifg=#ff8f8f')
"""

THEME = TerminalTheme(
    (29, 36, 48),
    (215, 221, 232),
    # The eight colours of terminals, for what Neovim does not colour itself.
    [
        (29, 36, 48),
        (255, 120, 120),
        (140, 200, 130),
        (230, 190, 110),
        (120, 160, 230),
        (200, 140, 220),
        (110, 200, 200),
        (215, 221, 232),
    ],
)

# Like rich's own, without a font from the network.
SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace;
    font-size: {char_height}px; line-height: {line_height}px; font-variant-ligatures: none;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


_NUMBERS = itertools.count()


class Terminal:
    """Neovim in a terminal, as somebody sits in front of it."""

    def __init__(self, folder: Path, project: Path, height: int) -> None:
        self._height = height
        # A server of tmux takes a while to end: each has a socket of its own.
        self._socket = f"mmscaffold-{os.getpid()}-{next(_NUMBERS)}"
        environment = {
            "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TERM": "tmux-256color",
        }
        set_ = " ".join(f"{name}={shlex.quote(value)}" for name, value in environment.items())
        nvim = f"cd {shlex.quote(str(project))} && env {set_} nvim -u {folder / 'init.lua'} -n"
        size = ["-x", str(WIDTH), "-y", str(height)]
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, nvim)

    def press(self, *keys: str) -> None:
        """Press keys, in tmux's names; what is no name is typed."""
        for key in keys:
            self._tmux("send-keys", "-t", "0", key)

    def type(self, text: str) -> None:
        """Type a text as it is."""
        self._tmux("send-keys", "-t", "0", "-l", text)

    def command(self, line: str) -> None:
        """Give a command of Neovim's, and let nothing of it be seen."""
        self.press("Escape")
        self.type(f":{line}")
        self.press("Enter")
        self.type(":echo")
        self.press("Enter")

    def open(self, file: str) -> None:
        """Open a file of the project; what is pressed next waits for the server."""
        self.command(f"edit {file}")
        attached = "#vim.tbl_keys(vim.lsp.buf_get_clients()) > 0"
        self.command(f"lua vim.wait(60000, function() return {attached} end)")

    def wait(self, pattern: str, *keys: str) -> None:
        """Wait until the screen shows something, and no longer changes; press keys meanwhile."""
        before, started = "", time.monotonic()
        while True:
            now = self._tmux("capture-pane", "-p", "-t", "0")
            if now == before and re.search(pattern, now):
                return
            if time.monotonic() - started > SECONDS:
                raise TimeoutError(f"waited in vain for {pattern!r}:\n{now}")
            before = now
            self.press(*keys)
            time.sleep(0.4)

    def screen(self) -> Text:
        """What is to be seen, with the cursor."""
        shown = self._tmux("capture-pane", "-p", "-e", "-N", "-t", "0")
        place = self._tmux("display-message", "-p", "-t", "0", "#{cursor_x} #{cursor_y}")
        column, row = map(int, place.split())
        # Colours go on from line to line.
        texts = list(AnsiDecoder().decode(shown))[: self._height]
        for text in texts:
            text.pad_right(max(0, WIDTH - text.cell_len))
        texts[row].stylize(Style(reverse=True), column, column + 1)
        # A last line is cut below its letters.
        return Text("\n").join([*texts, Text("")])

    def close(self) -> None:
        """Leave the editor without saving."""
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True)

    def _tmux(self, *words: str) -> str:
        command = ["tmux", "-u", "-L", self._socket, *words]
        ended = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
        return ended.stdout


Walk = Callable[[Terminal], None]


@dataclass(frozen=True)
class Picture:
    """A picture, and the way there."""

    title: str
    walk: Walk
    height: int


PICTURES: dict[str, Picture] = {}


def picture(height: int = 14) -> Callable[[Walk], Walk]:
    """A walk that ends in a picture; its docstring is the title, and its name that of the file."""

    def keep(walk: Walk) -> Walk:
        title = (walk.__doc__ or "").rstrip(".")
        PICTURES[walk.__name__.replace("_", "-")] = Picture(title, walk, height)
        return walk

    return keep


@picture()
def findings(terminal: Terminal) -> None:
    """A finding, as one types."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR ends")
    terminal.command("5")
    terminal.command("lua vim.diagnostic.open_float()")
    terminal.wait("Set end=36")


@picture()
def actions(terminal: Terminal) -> None:
    """What can be done about it: ga."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR ends")
    terminal.command("5")
    terminal.press("$", "g", "a")
    terminal.wait("Fix MMS102")


@picture()
def fixed(terminal: Terminal) -> None:
    """The fix: the schedule follows its length."""
    actions(terminal)
    terminal.press("1", "Enter")
    terminal.wait("end = 36")


@picture(height=18)
def hover_value(terminal: Terminal) -> None:
    """What a value is, and who set it: K."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR")
    terminal.command("call search('max_epochs')")
    terminal.press("K")
    terminal.wait("overrides")


@picture(height=22)
def hover_class(terminal: Terminal) -> None:
    """A class, its parameters and defaults: K on a type."""
    terminal.open(SCHEDULE)
    terminal.command("1,2delete")
    terminal.wait("inherited", "g", "l")
    terminal.command("call search('MyEpochBasedTrainLoop')")
    terminal.press("K")
    terminal.wait("class")


@picture(height=18)
def completion(terminal: Terminal) -> None:
    """The class that an inherited type names, its parameters first: Ctrl-X Ctrl-O."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR")
    terminal.command("call search('depth=101')")
    terminal.command("normal f1")
    terminal.press("e", "a")
    terminal.type(", n")
    terminal.press("C-x", "C-o")
    terminal.wait("num_stages")


@picture(height=18)
def completion_of_types(terminal: Terminal) -> None:
    """Classes that fit the place."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR")
    terminal.command("set completeopt=menuone,noinsert")
    terminal.press("G", "o")
    terminal.type('train_dataloader = dict(dataset=dict(pipeline=[dict(type="Random')
    terminal.press("C-x", "C-o")
    terminal.wait("RandomFlip")


@picture(height=18)
def signature(terminal: Terminal) -> None:
    """The parameters of the class one is writing: gs."""
    terminal.open(SCHEDULE)
    terminal.wait("RetinaNet trains")
    terminal.command("call search('gamma')")
    terminal.press("g", "s")
    terminal.wait("last_step")


@picture(height=18)
def definition(terminal: Terminal) -> None:
    """Where a value comes from: gd on lr goes to the base that sets it."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR")
    terminal.command("call search('optimizer.lr')")
    terminal.press("$", "F", "l")
    terminal.press("g", "d")
    terminal.wait("momentum")


@picture()
def references(terminal: Terminal) -> None:
    """Who still takes a value from here: gr."""
    terminal.open(SCHEDULE)
    terminal.command("1,2delete")
    terminal.wait("inherited", "g", "l")
    terminal.command("call search('val_interval')")
    terminal.press("g", "r")
    terminal.wait("1x_coco")


@picture()
def lenses(terminal: Terminal) -> None:
    """How long a config trains, and who inherits from it: gl."""
    terminal.open(SCHEDULE)
    # Neovim 0.7 shows lenses behind the line, which must be short.
    terminal.command("1,2delete")
    # Heirs are counted when all configs have been read.
    terminal.wait("inherited", "g", "l")


@picture(height=18)
def resolved(terminal: Terminal) -> None:
    """The resolved config beside its file: :MmscaffoldResolved."""
    terminal.open(THREE_TIMES)
    terminal.wait("MultiStepLR")
    terminal.command("MmscaffoldResolved")
    terminal.wait("norm_cfg|default_scope")
    terminal.command("call search('^train_cfg') | normal zt")
    terminal.wait("train_cfg")


@picture(height=20)
def length(terminal: Terminal) -> None:
    """:MmscaffoldEpochs 24: everything that depends on the length moves with it."""
    terminal.open(TOY)
    terminal.command("$")
    terminal.command("MmscaffoldEpochs 24")
    terminal.wait("milestones")


@picture(height=20)
def code(terminal: Terminal) -> None:
    """Code that registers a class."""
    terminal.open(LOOP)
    terminal.wait("never validates")


def settings() -> str:
    """Neovim's settings: those of the README, which tests/lsp tries, and the look."""
    blocks = re.findall(r"```lua\n(-- mmscaffold.*?)```", README.read_text("utf-8"), re.DOTALL)
    return "\n".join([*blocks, LOOK])


@contextmanager
def project() -> Iterator[tuple[Path, Path]]:
    """A new project with files of our own, and a folder for Neovim.

    Its path is the same in every run, as pictures show it.
    """
    folder = Path(tempfile.gettempdir()) / "mmscaffold-pictures"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        mmscaffold = [sys.executable, "-m", "mmscaffold"]
        made = folder / "ships"
        subprocess.run([*mmscaffold, "new", str(made), "--defaults"], check=True, cwd=folder)
        for file, text in FILES.items():
            (made / file).write_text(text, "utf-8")
        (folder / "init.lua").write_text(settings(), "utf-8")
        command = folder / "mmscaffold"
        command.write_text(f'#!/bin/sh\nexec {shlex.join(mmscaffold)} "$@"\n')
        command.chmod(0o755)
        yield folder, made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def draw(screen: Text, title: str, name: str) -> str:
    """A screen as SVG."""
    console = Console(width=WIDTH, record=True, file=io.StringIO(), force_terminal=True)
    console.print(screen, no_wrap=True, crop=True)
    return console.export_svg(title=title, theme=THEME, code_format=SVG, unique_id=name)


def main(names: list[str]) -> None:
    """Make the pictures of some names, or all of them."""
    failed = False
    with project() as (folder, made):
        for name in names or PICTURES:
            terminal = Terminal(folder, made, PICTURES[name].height)
            try:
                PICTURES[name].walk(terminal)
                svg = draw(terminal.screen(), PICTURES[name].title, name)
            except TimeoutError as error:
                failed = True
                print(f"{name}: {error}")
            else:
                (HERE / f"editor-{name}.svg").write_text(svg, "utf-8")
                print(name)
            finally:
                terminal.close()
    sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1:])
