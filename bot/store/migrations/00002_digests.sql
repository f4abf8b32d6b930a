-- Watched scenarios, digest schedules and price snapshots.

-- +goose Up
CREATE TABLE watches (
    channel TEXT NOT NULL,
    name    TEXT NOT NULL,
    body    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (channel, name)
);

CREATE TABLE schedules (
    channel     TEXT PRIMARY KEY,
    body        TEXT NOT NULL,
    last_period TEXT NOT NULL, -- the newest period that was told
    at          BIGINT NOT NULL
);

CREATE TABLE snapshots (
    at   BIGINT PRIMARY KEY, -- also its id
    body TEXT NOT NULL       -- gzip, base64
);

-- +goose Down
DROP TABLE snapshots;
DROP TABLE schedules;
DROP TABLE watches;
