"""One short file for each rule of an upgrade; ``rule.all_rules`` finds them here.

A module states ``ID``, ``PACKAGE``, ``WRITES``, ``AFTER`` and ``EXAMPLES`` as ``rule.Rule``
describes them, and ``apply(old, new)``. Its docstring is its page.
"""
