"""The archive: article files in, verbatim and cited answers out.

Pure, synchronous and typed. This package knows no chat, no network and no database; ``bot`` is built on it and
never the other way round (``tests/test_architecture.py`` holds it to that).
"""
