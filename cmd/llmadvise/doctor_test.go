package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// doctor runs `llmadvise doctor --json` and returns its exit code and the checks by name.
func doctor(t *testing.T, dir string, args ...string) (int, map[string]checkResult) {
	t.Helper()
	for _, name := range []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "SLACK_API_URL", "DATABASE_URL", "OLLAMA_HOST", "LLMADVISE_LISTEN", "LLMADVISE_DATA_DIR"} {
		t.Setenv(name, "")
		_ = os.Unsetenv(name) // Setenv puts it back after the test
	}
	var out, errs bytes.Buffer
	code := run(t.Context(), append([]string{"--data-dir", dir, "doctor", "--json", "--no-ollama"}, args...), os.Getenv, strings.NewReader(""), &out, &errs)
	var report struct {
		Version int
		OK      bool
		Checks  []checkResult
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v in %s\n%s", err, out.String(), errs.String())
	}
	if report.OK != (code == 0) || report.Version != 1 {
		t.Errorf("exit code %d with ok=%v, version %d", code, report.OK, report.Version)
	}
	checks := map[string]checkResult{}
	for _, c := range report.Checks {
		checks[c.Check] = c
	}
	return code, checks
}

func TestDoctorNamesWhatIsWrong(t *testing.T) {
	s := emulator.New(emulator.Options{})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	tokens := []string{"--listen", "", "--app-token", s.AppToken(), "--bot-token", s.BotToken(), "--slack-api-url", s.APIURL()}
	expect := func(t *testing.T, c checkResult, status string, parts ...string) {
		t.Helper()
		if c.Status != status {
			t.Errorf("%+v, want %s", c, status)
		}
		if status != checkOK && c.ToDo == "" {
			t.Errorf("%+v does not say what to do", c)
		}
		for _, p := range parts {
			if !strings.Contains(c.Detail+" "+c.ToDo, p) {
				t.Errorf("%+v does not say %q", c, p)
			}
		}
	}
	t.Run("all well", func(t *testing.T) {
		code, checks := doctor(t, t.TempDir(), tokens...)
		if code != exitOK {
			t.Errorf("exit code %d: %+v", code, checks)
		}
		expect(t, checks["Slack sign-in"], checkOK)
		expect(t, checks["Socket Mode"], checkOK)
		expect(t, checks["state"], checkOK)
	})
	t.Run("no tokens", func(t *testing.T) {
		code, checks := doctor(t, t.TempDir(), "--listen", "")
		if code != exitFailure {
			t.Errorf("exit code %d", code)
		}
		expect(t, checks["Slack tokens"], checkBroken, "SLACK_APP_TOKEN is not set")
	})
	t.Run("wrong token", func(t *testing.T) {
		_, checks := doctor(t, t.TempDir(), "--listen", "", "--app-token", "xapp-wrong", "--bot-token", "xoxb-wrong", "--slack-api-url", s.APIURL())
		expect(t, checks["Slack sign-in"], checkBroken, "invalid_auth", "SLACK_BOT_TOKEN")
		expect(t, checks["Socket Mode"], checkBroken, "invalid_auth")
	})
	t.Run("no network", func(t *testing.T) {
		_, checks := doctor(t, t.TempDir(), "--listen", "", "--app-token", "xapp-1", "--bot-token", "xoxb-1", "--slack-api-url", "http://127.0.0.1:1/api/")
		expect(t, checks["Slack sign-in"], checkBroken, "connection refused", "network")
	})
	t.Run("busy port", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		_, checks := doctor(t, t.TempDir(), append(tokens, "--listen", l.Addr().String())...)
		expect(t, checks["metrics port"], checkWarning, l.Addr().String(), "--listen")
	})
	t.Run("data folder is a file", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "f")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_, checks := doctor(t, file, tokens...)
		expect(t, checks["data folder"], checkBroken, "LLMADVISE_DATA_DIR")
	})
	t.Run("damaged database", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "llmadvise.db"), bytes.Repeat([]byte("not a database "), 500), 0o600); err != nil {
			t.Fatal(err)
		}
		_, checks := doctor(t, dir, tokens...)
		expect(t, checks["state"], checkBroken, "damaged", "move the file away")
	})
	t.Run("damaged index", func(t *testing.T) {
		dir := t.TempDir()
		if code := run(t.Context(), []string{"--data-dir", dir, "search", "--no-ollama", "HIPAA"}, os.Getenv, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}); code != exitOK {
			t.Fatalf("build the index: exit code %d", code)
		}
		spoilFiles(t, filepath.Join(dir, "knowledge"))
		_, checks := doctor(t, dir, tokens...)
		expect(t, checks["knowledge index"], checkBroken, "move", "llmadvise ingest")
	})
}

// spoilFiles overwrites the beginning of every file under dir.
func spoilFiles(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.WriteFile(path, []byte("spoiled"), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}
