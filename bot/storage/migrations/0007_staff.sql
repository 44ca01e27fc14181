-- Who looks after the bot, what they did, and what they have begun. The people in these tables were told when they got
-- their role that their number and what they change is kept.
CREATE TABLE staff (
    person     INTEGER PRIMARY KEY, -- a Telegram user's number; the owners' are in ADMIN_IDS
    role       TEXT    NOT NULL CHECK (role IN ('editor', 'viewer')),
    granted_by INTEGER NOT NULL,
    granted_at TEXT    NOT NULL     -- UTC, as everywhere
) STRICT;

CREATE TABLE audit (
    number  INTEGER PRIMARY KEY,
    at      TEXT    NOT NULL,
    who     INTEGER NOT NULL,
    action  TEXT    NOT NULL,  -- added, edited, hidden, ..., granted, revoked, broadcast
    subject TEXT    NOT NULL,  -- the article's name, or the person's number
    detail  TEXT               -- the version, or the role
) STRICT;

CREATE TABLE rebuilds (
    number   INTEGER PRIMARY KEY,
    at       TEXT    NOT NULL,
    who      INTEGER NOT NULL,
    verdict  TEXT    NOT NULL, -- installed, refused, forced, failed, put_back
    articles INTEGER NOT NULL,
    added    INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    removed  INTEGER NOT NULL,
    asked    INTEGER NOT NULL, -- golden questions
    lost     INTEGER NOT NULL  -- of these: right before, wrong now
) STRICT;

-- Golden questions that were chosen in the chat; those of the operator are in golden.jsonl.
CREATE TABLE golden (
    id       TEXT    PRIMARY KEY,
    question TEXT    NOT NULL,   -- one JSON object, as a line of golden.jsonl
    added_by INTEGER NOT NULL,
    added_at TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Articles that are previewed and not yet approved.
CREATE TABLE drafts (
    id         TEXT    PRIMARY KEY,
    who        INTEGER NOT NULL,
    article    TEXT,              -- the article that is edited; NULL for a new one
    content    TEXT    NOT NULL,  -- JSON: text, and a sidecar's values
    changed_at TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Messages that ask for a value; a reply to one gives it.
CREATE TABLE prompts (
    chat    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    draft   TEXT    NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    field   TEXT    NOT NULL,
    PRIMARY KEY (chat, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE broadcasts (
    id      TEXT    PRIMARY KEY,
    who     INTEGER NOT NULL,
    text    TEXT    NOT NULL,
    message INTEGER,           -- where its progress is shown, in the chat of who
    total   INTEGER NOT NULL,
    sent    INTEGER NOT NULL DEFAULT 0,
    failed  INTEGER NOT NULL DEFAULT 0,
    begun   INTEGER NOT NULL DEFAULT 0,
    made_at TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Who is still to be sent one; a row goes before the message does, so that nobody gets it twice.
CREATE TABLE broadcast_targets (
    broadcast TEXT NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    chat_hash TEXT NOT NULL,
    PRIMARY KEY (broadcast, chat_hash)
) STRICT, WITHOUT ROWID;
