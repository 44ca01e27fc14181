-- What was asked, masked, and what came of it. No user id, no name: chat_hash is a keyed code of the chat.
CREATE TABLE queries (
    id           INTEGER PRIMARY KEY,
    asked_at     TEXT    NOT NULL, -- UTC, ISO 8601
    chat_hash    TEXT    NOT NULL,
    chat_kind    TEXT    NOT NULL, -- private, group, terminal
    question     TEXT    NOT NULL, -- numbers, addresses and accounts masked
    status       TEXT    NOT NULL, -- answered, related, not_found, smalltalk, clarify
    articles     TEXT    NOT NULL, -- ids of the articles quoted, a JSON list
    milliseconds INTEGER NOT NULL
) STRICT;

CREATE INDEX queries_by_time ON queries (asked_at);
