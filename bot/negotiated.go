package bot

import (
	"context"
	"os"
	"time"

	"github.com/llmadvise/llmadvise/bot/feeds"
)

// fileState tells one state of a file from another; the zero value is that of no file.
type fileState struct {
	at   time.Time
	size int64
}

func stateOf(path string) fileState {
	st, err := os.Stat(path)
	if err != nil {
		return fileState{}
	}
	return fileState{st.ModTime(), st.Size()}
}

// takeNegotiated puts negotiated prices in force once somebody has changed, written or removed their file, which costs one look at the
// file where nobody has. A file that was not there at the start is left to the refresh: another replica may have one.
func (b *Bot) takeNegotiated(ctx context.Context) error {
	if b.deps.Feeds == nil {
		return nil
	}
	for _, s := range b.deps.Feeds.Sources {
		if !s.Negotiated {
			continue
		}
		is := stateOf(s.Path)
		if is == b.negotiatedAt {
			return nil
		}
		if b.negotiator == nil {
			b.negotiator = b.market.NewRefresher(b.log, b.fetcher, []feeds.Source{s})
		}
		if _, err := b.negotiator.Refresh(ctx); err != nil {
			return err
		}
		b.negotiatedAt = is
	}
	return nil
}
