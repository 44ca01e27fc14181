-- Archives whose bulk is read from the server instead of from memory. Each has two tables of its own, made and dropped
-- as a whole (storage/archive_tables.py): archive_<number>_blocks and archive_<number>_articles.
CREATE TABLE stored_archives (
    number BIGINT PRIMARY KEY,
    code   TEXT COLLATE "C" NOT NULL, -- of the articles and of the rules that they were indexed by
    digest TEXT COLLATE "C" NOT NULL  -- SHA-256 of the file with the rest of the index
);

-- That file, in pieces.
CREATE TABLE stored_archive_pieces (
    archive BIGINT NOT NULL REFERENCES stored_archives (number) ON DELETE CASCADE,
    piece   BIGINT NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (archive, piece)
);
