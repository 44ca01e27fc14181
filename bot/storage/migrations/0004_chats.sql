-- What a chat has chosen. chat_hash is the keyed code of the chat, never its number.
CREATE TABLE chats (
    chat_hash     TEXT    PRIMARY KEY,
    region        TEXT,                       -- code of the region preferred ("35.01"); NULL for none
    mentions      INTEGER NOT NULL DEFAULT 1, -- group: 1 answers mentions and replies, 0 only /tanya
    quiet_from    INTEGER,                    -- group: quiet from this full hour ...
    quiet_until   INTEGER,                    -- ... until this one; both NULL for never
    zone          TEXT    NOT NULL DEFAULT 'WIB',
    brief         INTEGER NOT NULL DEFAULT 1, -- group: 1 quotes one passage and leaves the rest to "Lainnya"
    greeted       INTEGER NOT NULL DEFAULT 0  -- group: 1 once it was greeted; never again
) STRICT, WITHOUT ROWID;

-- Who asked to be sent new articles. The chat's number is here because nothing can be sent without it; it goes with
-- /berhenti and /hapus_data.
CREATE TABLE digests (
    chat_hash  TEXT    PRIMARY KEY,
    chat       INTEGER NOT NULL,
    thread     INTEGER,          -- the forum topic, if any
    hour       INTEGER NOT NULL, -- full hour of the zone at which it is sent
    zone       TEXT    NOT NULL, -- WIB, WITA, WIT
    told_until TEXT    NOT NULL, -- UTC: articles that came before this were sent, or were there before the wish
    due_at     TEXT    NOT NULL  -- UTC: not before this moment
) STRICT, WITHOUT ROWID;

CREATE INDEX digests_by_time ON digests (due_at);

-- What each of them asked for.
CREATE TABLE subscriptions (
    chat_hash TEXT NOT NULL REFERENCES digests (chat_hash) ON DELETE CASCADE,
    kind      TEXT NOT NULL, -- all, region, programme
    value     TEXT NOT NULL, -- a region's code, a programme's short name; empty for all
    PRIMARY KEY (chat_hash, kind, value)
) STRICT, WITHOUT ROWID;

-- When each article came into the archive, and when it last changed, as far as this bot has seen.
CREATE TABLE arrivals (
    article     TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    came_at     TEXT NOT NULL, -- UTC
    changed_at  TEXT NOT NULL  -- UTC; came_at until it changes
) STRICT, WITHOUT ROWID;
