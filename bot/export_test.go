package bot

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/llmadvise/llmadvise/bot/digest"
)

// Tick looks for due digests, as the clock does each minute.
func (b *Bot) Tick(ctx context.Context) error { return b.tick(ctx) }

// RunDigest is one digest job.
func (b *Bot) RunDigest(ctx context.Context, channel, period string) error {
	return b.runDigest(ctx, channel, digest.Period(period))
}

// RefreshPrices is one refresh job.
func (b *Bot) RefreshPrices(ctx context.Context) error { return b.refreshPrices(ctx) }

// Metrics are the bot's own, for reading.
func (b *Bot) Metrics() prometheus.Gatherer { return b.metrics.registry }

// Fresh takes the newest prices, as every advice does first.
func (b *Bot) Fresh(ctx context.Context) error { return b.takePrices(ctx) }

// Waiting is how many jobs wait for another one to be done with the same thing.
func (b *Bot) Waiting() int {
	b.busy.mu.Lock()
	defer b.busy.mu.Unlock()
	return b.busy.waiting
}
