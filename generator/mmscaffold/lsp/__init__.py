"""``mmscaffold lsp``: what the other rooms know of a config, told to an editor as one types."""
