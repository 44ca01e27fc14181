"""The chat: the archive of ``index`` on Telegram and in a terminal.

Telegram stays at the rim (``handlers/``, ``app.py``, ``running.py``); between there and ``index`` are plain functions
on plain data, and every SQL statement lives in ``storage/``.
"""
