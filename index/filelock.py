"""A lock on an open file that the system lets go of however its holder ends."""

from __future__ import annotations

import sys


def locked(descriptor: int) -> bool:
    """Lock an open file; whether nobody else had. A file system without locks gives it to everybody."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a network's file system that knows no locks
        return True
    return True
