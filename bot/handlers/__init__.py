"""Telegram's side of each conversation: one file each; the deciding and the writing are elsewhere, and pure."""
