-- Questions without a good answer that an editor has dealt with: they are listed again only when asked anew.
CREATE TABLE handled (
    question   TEXT PRIMARY KEY, -- a code of the masked question's words, not the words
    handled_at TEXT NOT NULL     -- UTC, ISO 8601
) STRICT, WITHOUT ROWID;

CREATE INDEX handled_by_time ON handled (handled_at);
