"""What can be wrong with a config file."""

from __future__ import annotations

from mmscaffold.errors import MmscaffoldError


class ConfigError(MmscaffoldError):
    """A config file cannot be read, parsed, evaluated, merged or edited."""


class NotAConfigError(ConfigError):
    """The file is Python, but not a config: a script, or a style not read yet."""


class RefusedError(ConfigError):
    """What mmengine itself refuses: read right, it is not a config that could be used."""


class MissingPackageError(ConfigError):
    """A base that is imported lies in a package that is not installed.

    Args:
        message: What is wrong.
        where: The place.
        hint: What to do about it.
        package: The package.
    """

    def __init__(
        self,
        message: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        package: str = "",
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.package = package


class UnreadableError(ConfigError):
    """A file is missing, cannot be read, or is too large to be a config."""


class SpecialFileError(UnreadableError):
    """What should be a file is a pipe, a socket or a device, which may have no end."""


class ConfigSyntaxError(ConfigError):
    """A config is not valid Python, YAML or JSON: merged by hand, or cut off."""


class WorkBudgetError(ConfigError):
    """Evaluating the file would take more work or memory than a config may."""
