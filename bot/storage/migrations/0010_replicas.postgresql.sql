-- Several processes of the bot on one server: who is there, whose each chat is, and what has changed. Every moment here
-- is the server's own, whatever the machines' clocks say.
CREATE TABLE replicas (
    id      TEXT COLLATE "C" PRIMARY KEY, -- random, another one at each start of the program
    seen_at TIMESTAMPTZ NOT NULL,         -- its last sign of life
    since   TIMESTAMPTZ NOT NULL,         -- since when these have come without a gap
    code    TEXT COLLATE "C" NOT NULL     -- which version of the program it is
);

-- What one replica does and the others leave to it: a chat's updates, or a duty such as sending digests. A row goes when
-- its replica lets go of it, or is given up for dead.
CREATE TABLE lanes (
    lane    TEXT COLLATE "C" PRIMARY KEY, -- the chat's code, never its number; or "duty:" and a name
    replica TEXT COLLATE "C" NOT NULL REFERENCES replicas (id) ON DELETE CASCADE,
    note    TEXT COLLATE "C"              -- of a duty: for whom
);

CREATE INDEX lanes_by_replica ON lanes (replica);

-- Which lane an update waits in; NULL once it is over, and of what another engine kept until a replica has looked at it.
ALTER TABLE inbox ADD COLUMN lane TEXT COLLATE "C";
CREATE INDEX inbox_by_lane ON inbox (lane, update_id) WHERE outcome IS NULL;

-- How often each kind of thing that replicas hold in memory has changed: who has seen another number reads it anew.
CREATE TABLE notices (
    topic  TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL
);

CREATE OR REPLACE FUNCTION notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO notices (topic, number) VALUES (TG_ARGV[0], 1)
        ON CONFLICT (topic) DO UPDATE SET number = notices.number + 1;
    PERFORM pg_notify('notices', TG_ARGV[0]);
    RETURN NULL;
END $$;

CREATE TRIGGER notice AFTER INSERT OR UPDATE OR DELETE ON staff
    FOR EACH STATEMENT EXECUTE FUNCTION notice('staff');
CREATE TRIGGER notice AFTER INSERT OR UPDATE OR DELETE ON prompts
    FOR EACH STATEMENT EXECUTE FUNCTION notice('prompts');
CREATE TRIGGER notice AFTER INSERT OR UPDATE OR DELETE ON chats
    FOR EACH STATEMENT EXECUTE FUNCTION notice('chats');
CREATE TRIGGER notice AFTER INSERT OR UPDATE OR DELETE ON files
    FOR EACH STATEMENT EXECUTE FUNCTION notice('files');
CREATE TRIGGER notice AFTER INSERT OR UPDATE OF begun ON broadcasts
    FOR EACH STATEMENT EXECUTE FUNCTION notice('broadcasts');

-- Archives that one replica has built for all, in the order in which they are to be put in place.
CREATE TABLE archives (
    number  BIGINT PRIMARY KEY,
    builder TEXT COLLATE "C" NOT NULL,
    form    TEXT COLLATE "C" NOT NULL,  -- which programs can read its file
    digest  TEXT COLLATE "C" NOT NULL,  -- of its file, SHA-256; empty: without a file
    holding TEXT COLLATE "C" NOT NULL,  -- a code of its articles
    placed  BOOLEAN NOT NULL            -- every replica is to answer from it
);

CREATE TABLE archive_pieces (
    archive BIGINT NOT NULL, -- its number; the pieces come before it is announced
    piece   BIGINT NOT NULL,
    content BYTEA  NOT NULL,
    PRIMARY KEY (archive, piece)
);

-- Which replicas have one at hand.
CREATE TABLE archive_holders (
    archive BIGINT NOT NULL REFERENCES archives (number) ON DELETE CASCADE,
    replica TEXT COLLATE "C" NOT NULL REFERENCES replicas (id) ON DELETE CASCADE,
    PRIMARY KEY (archive, replica)
);

CREATE TRIGGER notice AFTER INSERT OR UPDATE ON archives
    FOR EACH STATEMENT EXECUTE FUNCTION notice('archives');
CREATE TRIGGER notice AFTER INSERT ON archive_holders
    FOR EACH STATEMENT EXECUTE FUNCTION notice('archive_holders');
