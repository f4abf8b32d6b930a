package bot_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/llmadvise/llmadvise/bot"
)

// scopesOf are the bot scopes that each call of slack-go's client needs. Source: the method pages of docs.slack.dev.
var scopesOf = map[string][]string{
	"AuthTestContext":                            nil,
	"StartSocketModeContext":                     nil, // app-level token
	"OpenViewContext":                            nil,
	"PostMessageContext":                         {"chat:write", "chat:write.public"},
	"PostEphemeralContext":                       {"chat:write"},
	"UpdateMessageContext":                       {"chat:write"},
	"DeleteMessageContext":                       {"chat:write"},
	"SendMessageContext":                         nil, // response URLs only
	"StartStreamContext":                         {"chat:write"},
	"AppendStreamContext":                        {"chat:write"},
	"StopStreamContext":                          {"chat:write"},
	"SetAssistantThreadsStatusContext":           {"chat:write"},
	"SetAssistantThreadsSuggestedPromptsContext": {"assistant:write"},
	"GetConversationInfoContext":                 {"channels:read"}, // of public channels; any other may stay unknown
	"GetFileInfoContext":                         {"files:read"},
	"GetFileContext":                             {"files:read"},
	"GetUserInfoContext":                         {"users:read"},
	"GetConversationHistoryContext":              {"channels:history", "groups:history", "im:history", "mpim:history"},
	"GetConversationRepliesContext":              {"channels:history", "groups:history", "im:history", "mpim:history"},
}

// scopesOfEvents are the scopes that each subscription needs.
var scopesOfEvents = map[string]string{
	"app_mention": "app_mentions:read", "assistant_thread_started": "assistant:write", "message.channels": "channels:history",
	"message.groups": "groups:history", "message.im": "im:history", "message.mpim": "mpim:history",
}

func TestManifestAsksForWhatTheCodeUses(t *testing.T) {
	var m struct {
		Features struct {
			SlashCommands []struct{ Command string } `yaml:"slash_commands"`
		}
		OAuthConfig struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
		Settings struct {
			EventSubscriptions struct {
				BotEvents []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			SocketMode bool `yaml:"socket_mode_enabled"`
		}
	}
	raw, err := os.ReadFile("../deploy/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"commands": true}
	for _, call := range calls(t) {
		scopes, known := scopesOf[call]
		if !known {
			t.Errorf("the code calls %s: add its scopes to scopesOf", call)
		}
		for _, s := range scopes {
			used[s] = true
		}
	}
	for _, e := range bot.Events {
		used[scopesOfEvents[e]] = true
	}
	want := slices.Sorted(maps.Keys(used))
	if diff := cmp.Diff(want, m.OAuthConfig.Scopes.Bot); diff != "" {
		t.Errorf("scopes of the manifest (-used +asked for):\n%s", diff)
	}
	if diff := cmp.Diff(want, bot.Scopes); diff != "" {
		t.Errorf("bot.Scopes (-used +listed):\n%s", diff)
	}
	if diff := cmp.Diff(bot.Events, m.Settings.EventSubscriptions.BotEvents); diff != "" {
		t.Errorf("events (-handled +subscribed):\n%s", diff)
	}
	if len(m.Features.SlashCommands) != 1 || m.Features.SlashCommands[0].Command != command || !m.Settings.SocketMode {
		t.Errorf("the manifest lacks %s or Socket Mode", command)
	}
}

// calls are the methods that the package's code calls on slack-go's client.
func calls(t *testing.T) []string {
	t.Helper()
	pkgs, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, p := range pkgs {
		ast.Inspect(p, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch x := method.X.(type) {
			case *ast.SelectorExpr: // b.api.X, s.bot.api.X
				if x.Sel.Name == "api" {
					found[method.Sel.Name] = true
				}
			case *ast.Ident: // api.X
				if x.Name == "api" {
					found[method.Sel.Name] = true
				}
			case *ast.CallExpr: // checkAPI(…).X
				if f, ok := x.Fun.(*ast.Ident); ok && f.Name == "checkAPI" {
					found[method.Sel.Name] = true
				}
			}
			return true
		})
	}
	if len(found) < 8 {
		t.Fatalf("found only %v: the search is broken", found)
	}
	return slices.Sorted(maps.Keys(found))
}
