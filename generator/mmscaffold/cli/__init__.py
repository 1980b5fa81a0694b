"""The command line: one module per subcommand, without logic of its own."""

import gc

# Start-up makes many objects and next to no garbage; to look for that again and again would be
# a tenth of it.
gc.set_threshold(100_000)
