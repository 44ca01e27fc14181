-- What Telegram delivered, from before it is told so until it is answered. The payload names people, and is therefore
-- taken out in the same moment that the answer is marked as accepted; the number stays a while to tell a repetition.
CREATE TABLE inbox (
    update_id  INTEGER PRIMARY KEY,
    arrived_at TEXT    NOT NULL, -- UTC, ISO 8601
    payload    TEXT,             -- the update as Telegram sent it, JSON; NULL once it is over
    attempts   INTEGER NOT NULL, -- times that its handling was begun; one that ends the process has been counted
    outcome    TEXT              -- NULL while it waits; done, set_aside
) STRICT;

CREATE INDEX inbox_by_time ON inbox (arrived_at);
