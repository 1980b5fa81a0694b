"""``mmscaffold lsp``: what the other rooms know of a config, told to an editor as one types.

Beside the methods of the protocol, an editor may use these of ours.

Requests:
    ``mmscaffold/resolved``, with ``{"uri"}``: the resolved config as a read-only document,
    ``{"text", "languageId", "error"}``; see ``features/resolved``.

Notifications to the editor:
    ``mmscaffold/resolvedChanged``, with ``{"uri"}``: an open config resolves to something else
    than before, because of it or of a file that it inherits from.

Commands, each with one object as its argument; the edit comes as ``workspace/applyEdit``, with
change annotations that ask for confirmation, and the result is ``{"edited", "notes", "applied"}``:
    ``mmscaffold.changeLength``: ``uri``, and ``maxEpochs`` or ``maxIters``; without either,
    some usual lengths are asked for by ``window/showMessageRequest``.
    ``mmscaffold.convertUnit``: ``uri``; ``to`` (``iters`` or ``epochs``), ``itersPerEpoch``, or
    ``datasetSize`` and ``batchSize``, where they are not known.
    ``mmscaffold.migrate`` (onto the project) and ``mmscaffold.upgrade`` (to 3.x): ``uri``.
    ``mmscaffold.explainRule``: the id of a rule, a string; the result is ``{"rule", "markdown",
    "url"}``. An editor that shows the Markdown itself says so in its capabilities, as
    ``experimental: {"mmscaffold": {"pages": true}}``; for others the address is opened.

Settings, in the section ``mmscaffold`` of ``workspace/didChangeConfiguration``, or as
``initializationOptions``: see ``settings``.
"""
