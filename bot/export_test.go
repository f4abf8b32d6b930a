package bot

import (
	"context"

	"github.com/llmadvise/llmadvise/bot/digest"
)

// Tick looks for due digests, as the clock does each minute.
func (b *Bot) Tick(ctx context.Context) error { return b.tick(ctx) }

// RunDigest is one digest job.
func (b *Bot) RunDigest(ctx context.Context, channel, period string) error {
	return b.runDigest(ctx, channel, digest.Period(period))
}
