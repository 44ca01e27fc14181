-- What a bot with a database file keeps in files beside it: articles that editors send, with their versions, word lists,
-- the key to the codes of chats. Each process has a copy of the first two in its data folder, made from this table.
CREATE TABLE files (
    name       TEXT COLLATE "C" PRIMARY KEY, -- articles/x.txt, words/slang.tsv, hash.key
    content    BYTEA,                        -- NULL once it was deleted
    change     BIGINT NOT NULL,              -- greater than that of every change committed before
    changed_at TEXT COLLATE "C" NOT NULL     -- UTC, ISO 8601
);

CREATE UNIQUE INDEX files_by_change ON files (change, name);
