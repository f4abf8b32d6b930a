-- The history of prices: one row each time that a feed was seen to name a new price, or to name it no more. Snapshots
-- are thinned with time; this is not.

-- +goose Up
CREATE TABLE price_points (
    feed     TEXT NOT NULL,
    shape    TEXT NOT NULL,
    provider TEXT NOT NULL, -- as the feed writes it, like the model
    model    TEXT NOT NULL,
    region   TEXT NOT NULL,
    field    TEXT NOT NULL,
    since    TEXT NOT NULL,     -- day since which it holds, YYYY-MM-DD
    at_least BIGINT NOT NULL,   -- 1: it may have held before that day
    at       BIGINT NOT NULL,   -- when it was read
    usd      DOUBLE PRECISION,  -- NULL: no longer listed
    unit     TEXT NOT NULL,
    PRIMARY KEY (feed, provider, model, region, field, since, at)
);

-- +goose Down
DROP TABLE price_points;
