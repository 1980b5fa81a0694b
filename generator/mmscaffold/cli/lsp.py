"""``mmscaffold lsp``: the language server, which editors start and talk to."""

from __future__ import annotations

import importlib.util

import click


@click.command("lsp")
@click.option("--stdio", is_flag=True, help="Talk over standard input and output, as always.")
def command(stdio: bool) -> None:
    """Serve an editor over standard input and output.

    Editors start it themselves: `editors/README.md` has the settings for each. It reads configs
    and code, shows findings as one types, and explains, completes and finds what stands in
    them; it never runs or imports what it reads, and changes nothing by itself.

    Exit codes: 0 when the editor says goodbye; 1 if it ends without; 2 if pygls is not
    installed.
    """
    for module in ("pygls", "lsprotocol"):
        if importlib.util.find_spec(module) is None:
            raise click.UsageError(
                f'lsp needs {module}: install it with `pip install "mmscaffold[lsp]"`'
            )
    from mmscaffold.lsp.server import serve

    click.get_current_context().exit(0 if serve() else 1)
