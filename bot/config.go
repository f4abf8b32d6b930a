package bot

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"time"
)

// Secret is a token. It prints as "[redacted]" wherever it is formatted, logged or encoded.
type Secret string

const redacted = "[redacted]"

func (s Secret) String() string               { return redacted }
func (s Secret) GoString() string             { return redacted }
func (s Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// reveal returns the token itself, for the one place that needs it.
func (s Secret) reveal() string { return string(s) }

// DefaultAPIURL is Slack's own Web API.
const DefaultAPIURL = "https://slack.com/api/"

// Config is what an operator decides. Only the two tokens and DataDir are required.
type Config struct {
	AppToken Secret // xapp-…, scope connections:write
	BotToken Secret // xoxb-…
	APIURL   string // "" is [DefaultAPIURL]; ends in "/api/" (GovSlack, tests)
	DataDir  string // all local state lives under it
	// DatabaseURL is a postgres:// address where several replicas share their state. "" is SQLite under DataDir.
	DatabaseURL string
	// Command is the slash command that the app owns. "" is "/llm-advise".
	Command string
	// Admins are the ids of users who may look after sources beside the workspace's own admins and owners.
	Admins []string
	// Listen is the address of /metrics, /healthz and /readyz; "" serves none.
	Listen string
	// Workers is how many jobs run at a time; 0 is 16: most of them wait, for Slack or for a model.
	Workers int
	// Connections is how many sockets are held; 0 is 2. Two, because slack-go closes a socket before it opens the
	// next, and Slack does not send a slash command of that gap again.
	Connections int
	// Drain is how long a stopping bot waits for running jobs; 0 is 20 s.
	Drain time.Duration
	// JobTimeout bounds one job; 0 is 3 minutes (a local model may be slow).
	JobTimeout time.Duration
	// EditWindow is how long after a question its edit makes a new answer; 0 is one minute.
	EditWindow time.Duration
	// Tick is how often due digests are looked for; 0 is a minute, the least is a second.
	Tick time.Duration
}

func (c Config) withDefaults() Config {
	setString(&c.APIURL, DefaultAPIURL)
	setString(&c.Command, "/llm-advise")
	setInt(&c.Workers, 16)
	setInt(&c.Connections, 2)
	setDuration(&c.Drain, 20*time.Second)
	setDuration(&c.JobTimeout, 3*time.Minute)
	setDuration(&c.EditWindow, time.Minute)
	setDuration(&c.Tick, time.Minute)
	return c
}

func setString(p *string, v string) {
	if *p == "" {
		*p = v
	}
}

func setInt(p *int, v int) {
	if *p == 0 {
		*p = v
	}
}

func setDuration(p *time.Duration, v time.Duration) {
	if *p == 0 {
		*p = v
	}
}

// Validate names the first key at fault and what to do about it.
func (c Config) Validate() error {
	if err := checkToken("SLACK_APP_TOKEN", c.AppToken, "xapp-", "Basic Information → App-Level Tokens (scope connections:write)"); err != nil {
		return err
	}
	if err := checkToken("SLACK_BOT_TOKEN", c.BotToken, "xoxb-", "OAuth & Permissions → Bot User OAuth Token"); err != nil {
		return err
	}
	if err := checkAPIURL(c.APIURL); err != nil {
		return err
	}
	if c.DataDir == "" {
		return errors.New("LLMADVISE_DATA_DIR is empty: name a folder that the bot may write to")
	}
	if c.DatabaseURL != "" && !isPostgres(c.DatabaseURL) {
		return errors.New("DATABASE_URL must start with postgres:// (or be unset: state then lives in SQLite under LLMADVISE_DATA_DIR)")
	}
	return nil
}

func isPostgres(u string) bool {
	return strings.HasPrefix(u, "postgres://") || strings.HasPrefix(u, "postgresql://")
}

func checkToken(name string, t Secret, prefix, where string) error {
	switch {
	case t == "":
		return fmt.Errorf("%s is not set: copy it from your Slack app's page, %s", name, where)
	case !strings.HasPrefix(t.reveal(), prefix):
		return fmt.Errorf("%s does not start with %q: it may be the other token; copy it from your Slack app's page, %s", name, prefix, where)
	case strings.ContainsAny(t.reveal(), " \t\r\n\"'"):
		return fmt.Errorf("%s holds a space, quote or line break: copy the token alone", name)
	}
	return nil
}

func checkAPIURL(s string) error {
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("SLACK_API_URL %q is not an http(s) address", s)
	}
	if !strings.HasSuffix(u.Path, "/api/") {
		return fmt.Errorf("SLACK_API_URL %q must end in /api/ (Slack's own is %s)", s, DefaultAPIURL)
	}
	return nil
}
