-- Answers that were shown, so that their buttons work after a restart. What was answered is worked out again when
-- needed: nothing of an article is kept here.
CREATE TABLE shown (
    id         TEXT NOT NULL PRIMARY KEY, -- random, in the buttons
    chat_hash  TEXT NOT NULL,
    asker_hash TEXT NOT NULL,             -- keyed code of chat and person together: another code in every chat
    shown_at   TEXT NOT NULL,             -- UTC, ISO 8601
    question   TEXT NOT NULL,             -- masked
    asked_on   TEXT NOT NULL,             -- the asker's date, ISO 8601: "bulan lalu" counts from it
    previous   TEXT,                      -- the question that it followed, masked
    region     TEXT,                      -- code of the region that was preferred
    status     TEXT NOT NULL              -- answered, related
) STRICT, WITHOUT ROWID;

CREATE INDEX shown_by_time ON shown (shown_at);
CREATE INDEX shown_by_chat ON shown (chat_hash);

-- What people said of them: one opinion each, the last one counts.
CREATE TABLE ratings (
    answer     TEXT    NOT NULL REFERENCES shown (id) ON DELETE CASCADE,
    rater_hash TEXT    NOT NULL,          -- coded like asker_hash
    good       INTEGER NOT NULL,          -- 1 or 0
    reason     TEXT,                      -- of a bad one: place, old, other, incomplete
    rated_at   TEXT    NOT NULL,          -- UTC, ISO 8601
    PRIMARY KEY (answer, rater_hash)
) STRICT, WITHOUT ROWID;
