/** Where mmscaffold is installed from: the one place that changes with its first release. */

/** The repository, as pyproject.toml names it under `Source`. */
export const REPOSITORY = "https://github.com/mmscaffold/mmscaffold";

/** What `pip install` is given; until the first release it comes from the repository. */
export const REQUIREMENT = `mmscaffold[lsp] @ git+${REPOSITORY}`;

/** The extras that the language server needs, as people would add them by hand. */
export const MODULES_OF_THE_SERVER = ["pygls", "lsprotocol"];
