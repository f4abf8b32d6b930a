package main

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/store"
)

// priceFile writes a feed in LiteLLM's shape, with GPT-4.1's prices per million tokens.
func priceFile(t *testing.T, name, input, output string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	body := `{"gpt-4.1": {"litellm_provider": "openai", "mode": "chat", "max_input_tokens": 1000000, "input_cost_per_token": ` + input + `e-6, "output_cost_per_token": ` + output + `e-6},
"gpt-4.1-mini": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 4e-7, "output_cost_per_token": 1.6e-6}}`
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDigestOfFiles(t *testing.T) {
	old, new := priceFile(t, "prices_2026-07-20.json", "2", "8"), priceFile(t, "prices_2026-07-27.json", "1", "4")
	args := []string{"digest", "--dry-run", "--old", old, "--new", new, "--watch", "support=300k queries using gpt-4.1"}
	out := runOK(t, args...)
	for _, want := range []string{"support still favours GPT-4.1", "50 % cheaper", "$2 → $1 (-50 %)", "from 20 Jul to 27 Jul", "Microsoft Azure sells at that price"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if md := runOK(t, append(args, "--markdown")...); !strings.Contains(md, "| Scenario |") {
		t.Errorf("not Markdown:\n%s", md)
	}
	var m struct {
		Text   string
		Blocks []map[string]any
	}
	if err := json.Unmarshal([]byte(runOK(t, append(args, "--json")...)), &m); err != nil || !strings.HasPrefix(m.Text, "support still favours") || len(m.Blocks) < 5 {
		t.Errorf("%v, %d blocks, %q", err, len(m.Blocks), m.Text)
	}
}

// A price of a watched model that was not believed is said beside the scenario that stands on it.
func TestDigestSaysADoubtBesideItsScenario(t *testing.T) {
	old, new := priceFile(t, "prices_2026-07-20.json", "2", "8"), priceFile(t, "prices_2026-07-27.json", "25", "8")
	out := runOK(t, "digest", "--dry-run", "--old", old, "--new", new, "--watch", "support=300k queries using gpt-4.1", "--watch", "mini=300k queries using gpt-4.1-mini", "--markdown")
	for _, want := range []string{"no change; input price not believed: $2 to $25", "| mini | GPT-4.1 mini on Microsoft Azure, $288 | same option, $288 | no change |"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func runOK(t *testing.T, args ...string) string {
	t.Helper()
	code, out, errs := runCLI(t, "", args...)
	if code != exitOK {
		t.Fatalf("%v: exit %d\n%s", args, code, errs)
	}
	return out
}

func TestDigestOfTheDatabase(t *testing.T) {
	dir := t.TempDir()
	st, err := store.Open(t.Context(), slog.New(slog.DiscardHandler), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ch := range []string{"C1", "C2"} {
		if err := st.SaveSchedule(t.Context(), store.Schedule{Channel: ch, Spec: "0 9 * * 1", Zone: "UTC", Last: time.Now().Format("2006-01-02T15:04")}); err != nil {
			t.Fatal(err)
		}
	}
	_ = st.Close()
	if out := runOK(t, "digest", "--dry-run", "--data-dir", dir, "--channel", "C2"); !strings.Contains(out, "No scenario is watched here yet") {
		t.Error(out)
	}
}

func TestDigestSaysWhatIsMissing(t *testing.T) {
	file, dir := priceFile(t, "p.json", "2", "8"), t.TempDir()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no dry run":     {nil, "--dry-run prints one"},
		"no database":    {[]string{"--dry-run", "--data-dir", dir}, "--old and --new"},
		"one side":       {[]string{"--dry-run", "--old", file}, "go together"},
		"both sources":   {[]string{"--dry-run", "--old", file, "--new", file, "--channel", "C1"}, "one or the other"},
		"bad scenario":   {[]string{"--dry-run", "--old", file, "--new", file, "--watch", "x"}, "NAME=REQUEST"},
		"bad request":    {[]string{"--dry-run", "--old", file, "--new", file, "--watch", "x=hello"}, "--watch x"},
		"one name twice": {[]string{"--dry-run", "--old", file, "--new", file, "--watch", "x=300k queries", "--watch", "x =500k queries"}, `two scenarios are called "x"`},
		"lone scenario":  {[]string{"--dry-run", "--watch", "x=300k queries"}, "goes with"},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, errs := runCLI(t, "", append([]string{"digest"}, c.args...)...)
			if code != exitUsage || !strings.Contains(errs, c.want) {
				t.Errorf("exit %d, %q, want %q", code, errs, c.want)
			}
		})
	}
	if _, err := os.Stat(store.Path(dir)); err == nil {
		t.Error("looking for a database made one")
	}
}
