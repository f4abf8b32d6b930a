-- Portable between SQLite and Postgres: TEXT, BIGINT, no functions. Times are milliseconds since 1970, UTC.

-- +goose Up
CREATE TABLE posts (
    key       TEXT PRIMARY KEY,
    state     TEXT NOT NULL, -- 'intent' or 'done'
    node      TEXT NOT NULL, -- who intended it
    channel   TEXT NOT NULL,
    thread_ts TEXT NOT NULL,
    ts        TEXT NOT NULL, -- '' where Slack names none (response_url)
    at        BIGINT NOT NULL
);
CREATE INDEX posts_at ON posts (at);

CREATE TABLE seen (
    key TEXT PRIMARY KEY,
    at  BIGINT NOT NULL
);
CREATE INDEX seen_at ON seen (at);

CREATE TABLE turns (
    channel   TEXT NOT NULL,
    thread_ts TEXT NOT NULL,
    ts        TEXT NOT NULL,
    from_bot  BIGINT NOT NULL,
    text      TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (channel, thread_ts, ts)
);
CREATE INDEX turns_at ON turns (at);

CREATE TABLE replies (
    channel   TEXT NOT NULL, -- of the question
    ts        TEXT NOT NULL,
    thread_ts TEXT NOT NULL,
    reply_ts  TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (channel, ts)
);
CREATE INDEX replies_at ON replies (at);

CREATE TABLE cards (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    at   BIGINT NOT NULL
);
CREATE INDEX cards_at ON cards (at);

CREATE TABLE settings (
    channel TEXT PRIMARY KEY,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE feedback (
    id       TEXT PRIMARY KEY, -- subject and user: one verdict each, the last one counts
    subject  TEXT NOT NULL,
    user_id  TEXT NOT NULL,
    channel  TEXT NOT NULL,
    verdict  TEXT NOT NULL, -- 'useful' or 'not_useful'
    reason   TEXT NOT NULL,
    question TEXT NOT NULL,
    answer   TEXT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX feedback_at ON feedback (at);

CREATE TABLE kv (
    k  TEXT PRIMARY KEY,
    v  TEXT NOT NULL,
    at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE kv;
DROP TABLE feedback;
DROP TABLE settings;
DROP TABLE cards;
DROP TABLE replies;
DROP TABLE turns;
DROP TABLE seen;
DROP TABLE posts;
