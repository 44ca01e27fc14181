-- Questions that the archive could not answer and that somebody wants to be told about. The chat's number is here
-- because nothing can be sent without it; the row goes when the answer is sent, with /berhenti and with /hapus_data.
CREATE TABLE waiting (
    id        TEXT    PRIMARY KEY, -- that of the answer under which it was asked for
    chat_hash TEXT    NOT NULL,
    question  TEXT    NOT NULL,    -- masked
    previous  TEXT,                -- the question that it followed, masked
    region    TEXT,                -- code of the region that was preferred
    chat      INTEGER NOT NULL,
    thread    INTEGER,             -- the forum topic, if any
    asked_at  TEXT    NOT NULL     -- UTC: when it began to wait
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_by_chat ON waiting (chat_hash);
