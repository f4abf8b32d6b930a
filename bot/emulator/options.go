package emulator

import (
	"context"
	"log/slog"
	"time"
)

// Options configure a [Server]. The zero value is a working Slack with [DefaultWorkspace] and Slack's documented limits.
type Options struct {
	Logger    *slog.Logger // nil: no log
	Clock     Clock        // nil: the real one
	Workspace Workspace    // zero: DefaultWorkspace()
	Limits    Limits       // zero: the documented ones
	Page      Page         // what the page offers beyond chatting

	// AckTimeout is how long an envelope may stay unacknowledged. Zero: 3 s, as documented.
	AckTimeout time.Duration
	// PingInterval is the time between WebSocket pings on each socket. Zero: 10 s.
	PingInterval time.Duration
	// StreamLifetime is how long after its start Slack ends a stream by itself. Zero: 5 minutes (observed, not documented).
	StreamLifetime time.Duration
	// KeepTraffic is how many exchanges the traffic log holds. Zero: 2,000.
	KeepTraffic int
}

// Page configures the browser page.
type Page struct {
	// SkipToDigest, if set, gives the page a clock control: it makes the next scheduled digest due now and returns
	// what the page should say.
	SkipToDigest func(context.Context) (string, error)
	// Hints are shown in an empty channel: things worth typing.
	Hints []string
}

// Workspace is the seed: everything that exists before the first message.
type Workspace struct {
	Team     Team
	App      App
	Users    []User
	Channels []Channel
	// Viewer is the id of the user whom the page speaks for. Empty: the first user who is not a bot.
	Viewer string
}

// Team is the workspace itself.
type Team struct {
	ID, Name, Domain string
	// EnterpriseID is set for a workspace of an Enterprise Grid.
	EnterpriseID string
}

// App is the one installed app.
type App struct {
	ID, Name           string
	BotUserID, BotID   string
	BotToken, AppToken string
	Commands           []Command
	Shortcuts          []Shortcut
	// Events are the event subscriptions of the app's manifest (bot_events). Nil: DefaultEvents.
	Events []string
	// Scopes are the bot token's. Nil: every scope is granted.
	Scopes []string
	// Assistant says which assistant surface the app has: "assistant_view", "agent_view" or "" for none.
	Assistant string
}

// Command is a slash command of the app's manifest.
type Command struct {
	Name, Description, UsageHint string
	// Escape is the manifest's should_escape: people and channels that the text names arrive as references with ids.
	Escape bool
}

// Shortcut is a shortcut of the app's manifest; Type is "message" or "global".
type Shortcut struct{ Name, CallbackID, Type, Description string }

// User is a member of the workspace.
type User struct {
	ID, Name, RealName string
	TZ                 string // IANA name; empty is UTC
	IsBot, IsAdmin     bool
	Email              string
}

// Channel is a conversation. Kind is "channel" (public), "group" (private), "im" or "mpim".
type Channel struct {
	ID, Name, Topic string
	Kind            string
	Members         []string // user ids; the bot's user id makes the app a member
	Archived        bool
	ExtShared       bool // shared with another organisation
}

// DefaultEvents are subscribed to when App.Events is nil.
var DefaultEvents = []string{
	"app_home_opened", "app_mention", "assistant_thread_context_changed", "assistant_thread_started",
	"message.channels", "message.groups", "message.im", "message.mpim", "member_joined_channel",
}

// DefaultWorkspace is a small company with an app named llmadvise, three people, three channels.
func DefaultWorkspace() Workspace {
	const bot = "U0LLMADV01"
	all := []string{"U0ADA00001", "U0GRACE002", "U0LINUS003"}
	in := append([]string{bot}, all...)
	return Workspace{
		Team: Team{ID: "T0LOCAL001", Name: "Local Workspace", Domain: "local-workspace"},
		App: App{
			ID: "A0LLMADV01", Name: "llmadvise", BotUserID: bot, BotID: "B0LLMADV01",
			BotToken: "xoxb-local-bot-token", AppToken: "xapp-1-A0LLMADV01-local-app-token",
			Commands:  []Command{{Name: "/llm-advise", Description: "API, hosted open weights or self-hosting? With numbers.", UsageHint: "300k queries, HIPAA"}},
			Assistant: "assistant_view",
		},
		Users: []User{
			{ID: all[0], Name: "ada", RealName: "Ada Moreau", TZ: "Europe/Paris", IsAdmin: true, Email: "ada@example.com"},
			{ID: all[1], Name: "grace", RealName: "Grace Okafor", TZ: "America/New_York", Email: "grace@example.com"},
			{ID: all[2], Name: "linus", RealName: "Linus Tanaka", TZ: "Asia/Tokyo", Email: "linus@example.com"},
			{ID: bot, Name: "llmadvise", RealName: "llmadvise", IsBot: true},
		},
		Channels: []Channel{
			{ID: "C0GENERAL1", Name: "general", Kind: "channel", Topic: "Company-wide", Members: in},
			{ID: "C0MLPLATF1", Name: "ml-platform", Kind: "channel", Topic: "Models, GPUs, budgets", Members: in},
			{ID: "G0COMPLY01", Name: "compliance", Kind: "group", Topic: "Private: audits and contracts", Members: in},
			{ID: "C0RANDOM01", Name: "random", Kind: "channel", Topic: "The app is not in here", Members: all},
		},
		Viewer: all[0],
	}
}
