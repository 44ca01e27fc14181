-- Which message answered which, so that an edited question edits its answer. No text.
CREATE TABLE answers (
    chat_hash        TEXT    NOT NULL,
    question_message INTEGER NOT NULL,
    answer_message   INTEGER NOT NULL,
    answered_at      TEXT    NOT NULL, -- UTC, ISO 8601
    PRIMARY KEY (chat_hash, question_message)
) STRICT, WITHOUT ROWID;

CREATE INDEX answers_by_time ON answers (answered_at);

-- An edited question is asked again: told apart, so that it is not counted twice.
ALTER TABLE queries ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
