"""What MkDocs calls while it builds the site: pages that the code itself writes, and links.

The pages of rules, notes, symptoms, guard errors and commands are made here, of what the code
carries. Their text is English; in the Chinese site it stands in a Chinese frame that says so.
"""

from __future__ import annotations

import posixpath
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(_ROOT / "generator")]

from generated_pages import COMMANDS, generated  # noqa: E402

_REPOSITORY = "https://github.com/mmscaffold/mmscaffold/blob/main/"
_ENGLISH_ONLY = '!!! note "本页正文只有英文"\n\n'
# The site has its own switch between the languages.
_OTHER_LANGUAGE = re.compile(r"^\[(?:中文|English|中文说明)\]\([^)]*\)\n", re.MULTILINE)
# What leads out of docs/ is read in the repository.
_LINK = re.compile(r"(\]\()((?:\.\./)+[^)#\s]+)")


def on_config(config: MkDocsConfig) -> None:
    """Put the commands into the navigation."""
    if not isinstance(config.nav, list):
        return
    for item in config.nav:
        pages = item.get("Reference") if isinstance(item, dict) else None
        # The configuration is the same for each language that is built.
        if pages is not None and not any(isinstance(one, dict) for one in pages):
            pages.insert(1, {"Commands": list(COMMANDS)})


# Before the i18n plugin, which makes its own of all files.
@event_priority(100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that the code writes; of those that are committed, these count."""
    for uri in generated():
        if files.get_file_from_path(uri) is None:
            files.append(File(uri, config.docs_dir, config.site_dir, config.use_directory_urls))
    return files


def on_page_read_source(page: Page, config: MkDocsConfig) -> str | None:
    """The text of a page that the code writes."""
    write = generated().get(page.file.src_uri)
    return None if write is None else write(_language(config))


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs/ to the repository, and say where a page has no Chinese."""
    uri = page.file.src_uri
    folder = posixpath.dirname(uri)

    def outside(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", folder, link[2]))
        return link[0] if target.startswith("docs/") else f"{link[1]}{_REPOSITORY}{target}"

    markdown = _LINK.sub(outside, _OTHER_LANGUAGE.sub("", markdown))
    if _language(config) == "zh" and not uri.endswith(".zh-CN.md") and uri not in generated():
        return _ENGLISH_ONLY + markdown
    return markdown


def _language(config: MkDocsConfig) -> str:
    return "zh" if str(config.theme["language"]).startswith("zh") else "en"
