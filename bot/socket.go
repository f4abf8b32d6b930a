package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"golang.org/x/sync/errgroup"
)

// stagger keeps the sockets apart, so that Slack does not refresh them at the same moment.
const stagger = 2 * time.Second

// identify asks Slack who the bot is. Without a network it goes on trying: a daemon may start before its network.
func (b *Bot) identify(ctx context.Context) error {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		r, err := b.api.AuthTestContext(ctx)
		if err == nil {
			b.me = identity{user: r.UserID, bot: r.BotID, team: r.TeamID, name: r.User}
			_, classicErr := b.store.Value(ctx, b.classicKey())
			b.classic.Store(classicErr == nil)
			b.log.Info("signed in to Slack", "team", r.TeamID, "bot", r.UserID)
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if fatal := fatalError(err); fatal != nil {
			return fatal
		}
		b.log.Warn("cannot reach Slack; trying again", "address", b.cfg.APIURL, "error", describeNet(err), "again_in", wait,
			"what_to_do", "check the network, the proxy (HTTPS_PROXY) and SLACK_API_URL; `llmadvise doctor` checks them one by one")
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// listen holds the sockets until ctx ends or one fails for good.
func (b *Bot) listen(ctx context.Context, end context.CancelCauseFunc) error {
	g, ctx := errgroup.WithContext(ctx)
	for n := range b.cfg.Connections {
		g.Go(func() error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Duration(n) * stagger):
			}
			return b.socket(ctx, end)
		})
	}
	return g.Wait()
}

// socket runs one connection; slack-go reconnects it.
func (b *Bot) socket(ctx context.Context, end context.CancelCauseFunc) error {
	smc := socketmode.New(b.newAPI(), socketmode.OptionLog(log.New(io.Discard, "", 0)))
	receiving, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.receive(receiving, smc, end)
	}()
	err := smc.RunContext(ctx)
	stop()
	<-done
	if fatal := fatalError(err); fatal != nil {
		return fatal
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("the connection to Slack ended: %w", err)
}

// receive handles what one socket brings, in order.
func (b *Bot) receive(ctx context.Context, smc *socketmode.Client, end context.CancelCauseFunc) {
	up := false
	defer func() {
		if up {
			b.sockets.Add(-1)
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-smc.Events:
			switch e.Type {
			case socketmode.EventTypeHello: // Slack's side is up too
				up = b.connected(up)
			case socketmode.EventTypeConnected:
			case socketmode.EventTypeConnecting:
				if up {
					up = false
					b.sockets.Add(-1)
				}
			case socketmode.EventTypeConnectionError:
				b.connectionError(e, end)
			case socketmode.EventTypeInvalidAuth:
				end(fatalError(errors.New("invalid_auth")))
			default:
				b.envelope(ctx, smc, e)
			}
		}
	}
}

func (b *Bot) connected(up bool) bool {
	if !up {
		b.sockets.Add(1)
	}
	b.log.Info("connected to Slack", "sockets", b.sockets.Load())
	b.readied.Do(func() { close(b.ready) })
	return true
}

func (b *Bot) connectionError(e socketmode.Event, end context.CancelCauseFunc) {
	c, ok := e.Data.(*slack.ConnectionErrorEvent)
	if !ok {
		return
	}
	if fatal := fatalError(c.ErrorObj); fatal != nil {
		end(fatal)
		return
	}
	b.log.Warn("a connection to Slack failed; trying again", "error", describeNet(c.ErrorObj), "again_in", c.Backoff)
}

// envelope stores a delivery as a job, acknowledges it, and only then does what the moment alone allows.
func (b *Bot) envelope(ctx context.Context, smc *socketmode.Client, e socketmode.Event) {
	req := e.Request
	if req == nil && e.Type == socketmode.EventTypeErrorBadMessage {
		req = salvage(e)
	}
	if req == nil || req.EnvelopeID == "" {
		return
	}
	started := time.Now()
	// A delivery that was read is stored even while the bot is stopping.
	ctx = context.WithoutCancel(ctx)
	response, after, outcome := b.acceptSafely(ctx, req)
	if outcome == outcomeFailed {
		b.metrics.envelopes.WithLabelValues(req.Type, outcome).Inc()
		return // not acknowledged: Slack sends it again
	}
	if err := smc.AckCtx(ctx, req.EnvelopeID, response); err != nil {
		b.log.Warn("an acknowledgement was not sent", "type", req.Type, "error", err)
	}
	b.metrics.ack.Observe(time.Since(started).Seconds())
	b.metrics.envelopes.WithLabelValues(req.Type, outcome).Inc()
	if after != nil {
		b.moments.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
			defer cancel()
			defer b.stumbled(req.Type, func() {})
			after(ctx)
		})
	}
}

// salvage reads an envelope that slack-go could not parse (an event type that it does not know), so that it is
// acknowledged like any other.
func salvage(e socketmode.Event) *socketmode.Request {
	bad, ok := e.Data.(*socketmode.ErrorBadMessage)
	if !ok {
		return nil
	}
	var req socketmode.Request
	if json.Unmarshal(bad.Message, &req) != nil {
		return nil
	}
	return &req
}

// fatal errors of Slack and what to do about each. slack-go would retry most of them for ever.
var fatal = map[string]string{
	"invalid_auth":              "Slack does not know the token: copy SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…) again from the app's page; reinstalling an app changes them",
	"not_authed":                "no token reached Slack: set SLACK_BOT_TOKEN and SLACK_APP_TOKEN",
	"account_inactive":          "the bot's account was removed: reinstall the app in the workspace and copy the new tokens",
	"token_revoked":             "the token was revoked: reinstall the app in the workspace and copy the new tokens",
	"token_expired":             "the token has expired (token rotation is on): turn rotation off for this app or issue a new token",
	"missing_scope":             "the app lacks a scope: compare its scopes with deploy/slack-manifest.yaml, add what is missing, reinstall it; the app-level token needs connections:write",
	"not_allowed_token_type":    "the two tokens may be swapped: SLACK_APP_TOKEN starts with xapp-, SLACK_BOT_TOKEN with xoxb-",
	"no_permission":             "the token's owner may not do this: have a workspace admin install the app",
	"two_factor_setup_required": "the workspace demands two-factor sign-in of the token's owner: set it up",
	"org_login_required":        "the organisation is being migrated: try again later",
	"ekm_access_denied":         "an admin suspended access (Enterprise Key Management): ask them",
	"forbidden_team":            "the app may not be used in this workspace: ask an admin to approve it",
	"user_removed_from_team":    "the token's owner left the workspace: reinstall the app",
	"team_disabled":             "the workspace is disabled",
	"link_disabled":             "Socket Mode was switched off: switch it on under Settings → Socket Mode on the app's page",
}

// fatalError returns what to do about an error that no retry mends, or nil.
func fatalError(err error) error {
	if err == nil {
		return nil
	}
	code := err.Error()
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		code = s.Err
	}
	if todo, ok := fatal[code]; ok {
		return fmt.Errorf("Slack says %s: %s. `llmadvise doctor` checks both tokens", code, todo)
	}
	var status slack.StatusCodeError
	if errors.As(err, &status) && status.Code == 404 {
		return errors.New("Slack says 404 to apps.connections.open: SLACK_API_URL may be wrong (it ends in /api/)")
	}
	return nil
}

// describeNet is err without the address's query and without tokens: slack-go's errors hold neither, net's may hold URLs.
func describeNet(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return "the name " + dns.Name + " cannot be resolved"
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Op + " " + op.Net + ": " + op.Err.Error()
	}
	s := err.Error()
	if i := strings.Index(s, "?"); i >= 0 {
		s = s[:i]
	}
	return s
}
