package emulator_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// events are the message and app_mention events that were sent, by type and subtype.
func events(t *testing.T, s *emulator.Server) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	for _, e := range s.Envelopes() {
		var p struct{ Event map[string]any }
		if err := json.Unmarshal(e.Payload, &p); err != nil {
			t.Fatal(err)
		}
		name, _ := p.Event["type"].(string)
		if sub, ok := p.Event["subtype"].(string); ok {
			name += "/" + sub
		}
		out[name] = p.Event
	}
	return out
}

func TestSharedFileIsToldOfAndCanBeFetched(t *testing.T) {
	s := start(t, emulator.Options{})
	a := connect(t, s, ack)
	p, err := s.ShareFiles(general, ada, "", "<@"+botUser+"> our rules", emulator.SharedFile{Name: "rules.md", Data: []byte("# Rules")})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range p.Deliveries {
		if err := d.Wait(soon(t)); err != nil {
			t.Fatal(err)
		}
	}
	got := events(t, s)
	for _, kind := range []string{"app_mention", "message/file_share"} {
		if files, _ := got[kind]["files"].([]any); len(files) != 1 {
			t.Errorf("%s carries %v", kind, got[kind])
		}
	}
	file := got["message/file_share"]["files"].([]any)[0].(map[string]any)
	info, _, _, err := a.GetFileInfoContext(t.Context(), file["id"].(string), 0, 0)
	if err != nil || info.Name != "rules.md" || !info.IsPublic || info.Size != 7 || info.FileAccess != "visible" {
		t.Fatalf("%+v, %v", info, err)
	}
	var buf bytes.Buffer
	if err := a.GetFileContext(t.Context(), info.URLPrivateDownload, &buf); err != nil || buf.String() != "# Rules" {
		t.Errorf("%q, %v", buf.String(), err)
	}
}

// fetch gets an address with a token and returns what came.
func fetch(t *testing.T, address, token string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestAFileIsForThoseWhoMaySeeIt(t *testing.T) {
	w := emulator.DefaultWorkspace()
	w.App.Scopes = []string{"chat:write"}
	without := start(t, emulator.Options{Workspace: w})
	s := start(t, emulator.Options{})
	for _, c := range []struct {
		name, channel, token string
		s                    *emulator.Server
	}{
		{"no token", general, "", s},
		{"another token", general, "xoxb-other", s},
		{"a channel that the app is not in", random, s.BotToken(), s},
		{"a token without files:read", general, without.BotToken(), without},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := c.s.ShareFiles(c.channel, ada, "", "", emulator.SharedFile{Name: "a.txt", Data: []byte("the secret")})
			if err != nil {
				t.Fatal(err)
			}
			m, _ := c.s.Message(c.channel, p.TS)
			got := fetch(t, c.s.URL()+"files/"+m.Files[0]+"/a.txt", c.token)
			if strings.Contains(got, "secret") || !strings.Contains(got, "Sign in") {
				t.Errorf("got %q, want the sign-in page", got)
			}
		})
	}
	if _, _, _, err := api(s).GetFileInfoContext(t.Context(), "F0NONE", 0, 0); err == nil || err.Error() != "file_not_found" {
		t.Errorf("files.info of no file: %v", err)
	}
}

func TestMoreFilesThanAMessageTakes(t *testing.T) {
	s := start(t, emulator.Options{})
	if _, err := s.ShareFiles(general, ada, "", "x", make([]emulator.SharedFile, 11)...); err == nil {
		t.Error("11 files went into one message")
	}
	if _, err := s.ShareFiles(general, ada, "", "x"); err == nil {
		t.Error("no file counts as shared")
	}
}

func TestPageUpload(t *testing.T) {
	s := start(t, emulator.Options{})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("channel", general)
	_ = form.WriteField("text", "@llmadvise read this")
	for _, name := range []string{"one.md", "two.txt"} {
		f, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = f.Write([]byte("text of " + name))
	}
	_ = form.Close()
	post := func(origin string) *http.Response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"page/upload", bytes.NewReader(body.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", form.FormDataContentType())
		if origin != "" {
			req.Header.Set("Origin", origin)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { resp.Body.Close() })
		return resp
	}
	if resp := post("https://evil.example"); resp.StatusCode != http.StatusForbidden {
		t.Errorf("another site uploaded: %d", resp.StatusCode)
	}
	var out struct{ TS, Error string }
	if err := json.NewDecoder(post("").Body).Decode(&out); err != nil || out.Error != "" {
		t.Fatal(out, err)
	}
	m, ok := s.Message(general, out.TS)
	if !ok || len(m.Files) != 2 || m.User != ada || !strings.Contains(m.Text, "<@"+botUser+">") {
		t.Errorf("%+v", m)
	}
}
