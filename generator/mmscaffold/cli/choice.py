"""A value on the command line that is one of a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from mmscaffold.errors import did_you_mean

if TYPE_CHECKING:
    _Choice = click.Choice[str]
else:
    # Before click 8.2, it was not generic.
    _Choice = click.Choice


class Choice(_Choice):
    """As click's; of a misspelt word, it also says which may have been meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word.

        Raises:
            click.BadParameter: If it is none of them.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            meant = did_you_mean(str(value).lower(), map(str, self.choices))
            self.fail(f"{error.message} {meant}".rstrip(), param, ctx)
