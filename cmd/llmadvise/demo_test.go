package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestDemoWorkspaceIsTheManifest holds the demo's app to the one that people install: a scope or an event that only one
// of them has would make the demo lie.
func TestDemoWorkspaceIsTheManifest(t *testing.T) {
	raw, err := os.ReadFile("../../deploy/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			SlashCommands []struct {
				Command, Description string
				UsageHint            string `yaml:"usage_hint"`
				ShouldEscape         bool   `yaml:"should_escape"`
			} `yaml:"slash_commands"`
			AssistantView map[string]any `yaml:"assistant_view"`
			Shortcuts     []struct {
				Name, Type, Description string
				CallbackID              string `yaml:"callback_id"`
			}
		}
		OAuth struct {
			Scopes struct{ Bot []string }
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				Bot []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
		}
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	app := demoWorkspace().App
	same := func(what string, demo, manifest []string) {
		t.Helper()
		a, b := slices.Sorted(slices.Values(demo)), slices.Sorted(slices.Values(manifest))
		if !slices.Equal(a, b) {
			t.Errorf("%s: the demo has %v, deploy/slack-manifest.yaml has %v", what, a, b)
		}
	}
	same("scopes", app.Scopes, m.OAuth.Scopes.Bot)
	same("events", app.Events, m.Settings.Events.Bot)
	if (app.Assistant == "assistant_view") != (m.Features.AssistantView != nil) {
		t.Errorf("assistant view: the demo has %q", app.Assistant)
	}
	var demo, manifest []string
	for _, c := range app.Commands {
		demo = append(demo, c.Name+" | "+c.Description+" | "+c.UsageHint)
	}
	for _, c := range m.Features.SlashCommands {
		manifest = append(manifest, c.Command+" | "+c.Description+" | "+c.UsageHint)
		if !c.ShouldEscape {
			t.Errorf("%s: should_escape is off in the manifest", c.Command)
		}
	}
	same("commands", demo, manifest)
	demo, manifest = nil, nil
	for _, s := range app.Shortcuts {
		demo = append(demo, s.CallbackID+" "+s.Type)
	}
	for _, s := range m.Features.Shortcuts {
		manifest = append(manifest, s.CallbackID+" "+s.Type)
	}
	same("shortcuts", demo, manifest)
}

func TestDemoOnABusyPort(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"demo", "--no-open", "--port", port, "--data-dir", t.TempDir()}, os.Getenv, nil, &out, &errs)
	if code != exitFailure || !strings.Contains(errs.String(), "--port 0") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
