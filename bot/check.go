package bot

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Scopes are the bot token's scopes that the code uses, and nothing more. deploy/slack-manifest.yaml asks for the same.
var Scopes = []string{
	"app_mentions:read", // mentions
	"assistant:write",   // suggested prompts in the assistant pane
	"channels:history",  // message.channels, and looking up an interrupted post
	"channels:read",     // whether a channel is public: what is shared in any other stays there
	"chat:write",        // everything that is said, streams and status included
	"chat:write.public", // sharing a card where the bot is no member
	"commands",          // the slash command
	"files:read",        // files that are shared with the bot
	"groups:history",    // the same in private channels
	"im:history",        // direct messages
	"mpim:history",      // the same in group messages
	"users:read",        // who is an admin
}

// Events are the event subscriptions that the code handles.
var Events = []string{
	"app_mention", "assistant_thread_started", "message.channels", "message.groups", "message.im", "message.mpim",
}

// CheckSlack signs in with the bot token and returns who the bot is, and which scopes its token lacks where Slack says.
func CheckSlack(ctx context.Context, cfg Config) (who string, missing []string, err error) {
	cfg = cfg.withDefaults()
	var granted []string
	api := checkAPI(cfg, func(h http.Header) {
		if s := h.Get("X-OAuth-Scopes"); s != "" {
			granted = strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
		}
	})
	r, err := api.AuthTestContext(ctx)
	if err != nil {
		return "", nil, explained(err)
	}
	for _, s := range Scopes {
		if granted != nil && !slices.Contains(granted, s) {
			missing = append(missing, s)
		}
	}
	return r.User + " in " + r.Team, missing, nil
}

// CheckSockets asks for a Socket Mode address without using it.
func CheckSockets(ctx context.Context, cfg Config) error {
	_, _, err := checkAPI(cfg.withDefaults(), func(http.Header) {}).StartSocketModeContext(ctx)
	return explained(err)
}

func checkAPI(cfg Config, headers func(http.Header)) *slack.Client {
	return slack.New(cfg.BotToken.reveal(), slack.OptionAppLevelToken(cfg.AppToken.reveal()), slack.OptionAPIURL(cfg.APIURL),
		slack.OptionHTTPClient(&http.Client{Timeout: 10 * time.Second}),
		slack.OptionOnResponseHeaders(func(_ string, h http.Header) { headers(h) }))
}

// explained is err with what to do about it, where that is known.
func explained(err error) error {
	if err == nil {
		return nil
	}
	if f := fatalError(err); f != nil {
		return f
	}
	return netError{err}
}

// netError is an error in words that hold neither tokens nor addresses with queries.
type netError struct{ err error }

func (e netError) Error() string { return describeNet(e.err) }
func (e netError) Unwrap() error { return e.err }
