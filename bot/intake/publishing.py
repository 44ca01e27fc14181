"""What comes before a change in a folder of files: where several bots share them, the copy that all have goes first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

# Called in a thread with the files' new contents by their names in the folder (``None``: deleted), and with what files
# must hold for the change to make sense (``None``: there is none of that name). Raises StorageError when the change
# must not be made; once it returns it will be there, also when the program ends before it is made in the folder.
Publish = Callable[[Mapping[str, bytes | None], Mapping[str, bytes | None]], None]


def unpublished(changes: Mapping[str, bytes | None], based_on: Mapping[str, bytes | None]) -> None:
    """The folder is all there is."""
