package emulator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// result is an answer of the Web API.
type result struct {
	OK       bool
	Error    string
	TS       string
	ThreadTS string
	Channel  json.RawMessage
	Message  struct {
		TS       string
		ThreadTS string `json:"thread_ts"`
		Blocks   json.RawMessage
	}
	MessageTS        string `json:"message_ts"`
	Permalink        string
	Messages         []struct{ TS, Text string }
	View             struct{ ID, Hash string }
	ResponseMetadata struct {
		Messages   []string
		NextCursor string `json:"next_cursor"`
	} `json:"response_metadata"`
	Warning string
	status  int
	after   string
}

type args map[string]string

// call makes a Web API call as a form, with the bot's token unless args name another.
func call(t *testing.T, s *emulator.Server, method string, a args) result {
	t.Helper()
	form := url.Values{"token": {s.BotToken()}}
	for k, v := range a {
		form.Set(k, v)
	}
	resp, err := http.PostForm(s.APIURL()+method, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := decode[result](t, raw)
	r.status, r.after = resp.StatusCode, resp.Header.Get("Retry-After")
	return r
}

func ok(t *testing.T, s *emulator.Server, method string, a args) result {
	t.Helper()
	r := call(t, s, method, a)
	if !r.OK {
		t.Fatalf("%s: %s %v", method, r.Error, r.ResponseMetadata.Messages)
	}
	return r
}

func refused(t *testing.T, s *emulator.Server, want, method string, a args) {
	t.Helper()
	if r := call(t, s, method, a); r.OK || r.Error != want {
		t.Errorf("%s %v: ok %v, error %q, want %q", method, a, r.OK, r.Error, want)
	}
}

var epoch = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestRefusals(t *testing.T) {
	ws := emulator.DefaultWorkspace()
	ws.Channels = append(ws.Channels, emulator.Channel{ID: "C0OLD00001", Name: "old", Kind: "channel", Archived: true, Members: []string{botUser}},
		emulator.Channel{ID: "G0SECRET01", Name: "secret", Kind: "group", Members: []string{ada}})
	ws.App.Scopes = []string{"chat:write", "channels:history", "reactions:write", "assistant:write", "connections:write"}
	s := start(t, emulator.Options{Workspace: ws})
	p, _ := s.Post(general, ada, "a person's message", "")
	long := strings.Repeat("x", 4001)
	tests := []struct {
		want, method string
		args         args
	}{
		{"unknown_method", "chat.telepathy", nil},
		{"not_authed", "auth.test", args{"token": ""}},
		{"invalid_auth", "auth.test", args{"token": "xoxb-wrong"}},
		{"not_allowed_token_type", "auth.test", args{"token": s.AppToken()}},
		{"not_allowed_token_type", "apps.connections.open", nil},
		{"missing_scope", "users.list", nil},
		{"channel_not_found", "chat.postMessage", args{"channel": "C404", "text": "x"}},
		{"channel_not_found", "chat.postMessage", args{"channel": "G0SECRET01", "text": "x"}},
		{"not_in_channel", "chat.postMessage", args{"channel": random, "text": "x"}}, // no chat:write.public
		{"is_archived", "chat.postMessage", args{"channel": "C0OLD00001", "text": "x"}},
		{"no_text", "chat.postMessage", args{"channel": general}},
		{"invalid_blocks", "chat.postMessage", args{"channel": general, "blocks": `[{"type":"hologram"}]`}},
		{"invalid_blocks_format", "chat.postMessage", args{"channel": general, "blocks": `{`}},
		{"markdown_text_conflict", "chat.postMessage", args{"channel": general, "text": "x", "markdown_text": "y"}},
		{"msg_too_long", "chat.postEphemeral", args{"channel": general, "user": ada, "text": long}},
		{"user_not_in_channel", "chat.postEphemeral", args{"channel": general, "user": "U404", "text": "x"}},
		{"message_not_found", "chat.update", args{"channel": general, "ts": "1.000001", "text": "x"}},
		{"cant_update_message", "chat.update", args{"channel": general, "ts": p.TS, "text": "x"}},
		{"cant_delete_message", "chat.delete", args{"channel": general, "ts": p.TS}},
		{"time_in_past", "chat.scheduleMessage", args{"channel": general, "text": "x", "post_at": "1"}},
		{"not_in_channel", "conversations.history", args{"channel": random}},
		{"thread_not_found", "conversations.replies", args{"channel": general, "ts": "1.000001"}},
		{"invalid_name", "reactions.add", args{"channel": general, "timestamp": p.TS, "name": "no such!"}},
		{"no_reaction", "reactions.remove", args{"channel": general, "timestamp": p.TS, "name": "eyes"}},
		{"missing_recipient_team_id", "chat.startStream", args{"channel": general, "thread_ts": p.TS}},
		{"missing_recipient_user_id", "chat.startStream", args{"channel": general, "thread_ts": p.TS, "recipient_team_id": "T0LOCAL001"}},
		{"message_not_in_streaming_state", "chat.appendStream", args{"channel": general, "ts": ok(t, s, "chat.postMessage", args{"channel": general, "text": "x"}).TS, "markdown_text": "x"}},
		{"invalid_trigger_id", "views.open", args{"trigger_id": "1.2.3", "view": "{}"}},
		{"too_many_prompts", "assistant.threads.setSuggestedPrompts", args{"channel_id": general, "thread_ts": p.TS, "prompts": `[{"title":"1","message":"1"},{"title":"1","message":"1"},{"title":"1","message":"1"},{"title":"1","message":"1"},{"title":"1","message":"1"}]`}},
	}
	for _, tc := range tests {
		t.Run(tc.want+" "+tc.method, func(t *testing.T) { refused(t, s, tc.want, tc.method, tc.args) })
	}
	r := call(t, s, "chat.postMessage", args{"channel": general, "blocks": `[{"type":"hologram"}]`})
	if m := r.ResponseMetadata.Messages; len(m) != 1 || !strings.Contains(m[0], "[json-pointer:/blocks/0/type]") {
		t.Errorf("response_metadata.messages: %q", m)
	}
}

func TestJSONBodies(t *testing.T) {
	s := start(t, emulator.Options{})
	for body, want := range map[string]string{`{`: "invalid_json", `[]`: "json_not_object", `{"channel":"` + general + `","text":"x","unfurl_links":false}`: ""} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+"chat.postMessage", strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+s.BotToken())
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if r := decode[result](t, raw); r.Error != want {
			t.Errorf("%s: %q, want %q", body, r.Error, want)
		}
	}
}

func TestUpdateWithTextAloneRemovesBlocks(t *testing.T) {
	s := start(t, emulator.Options{})
	r := ok(t, s, "chat.postMessage", args{"channel": general, "text": "x", "blocks": "[" + section("b") + "]"})
	if len(r.Message.Blocks) == 0 {
		t.Fatal("the blocks did not arrive")
	}
	if r = ok(t, s, "chat.update", args{"channel": general, "ts": r.TS, "text": "y"}); len(r.Message.Blocks) != 0 {
		t.Errorf("still there: %s", r.Message.Blocks)
	}
	refused(t, s, "msg_too_long", "chat.update", args{"channel": general, "ts": r.TS, "text": strings.Repeat("x", 4001)})
	long := ok(t, s, "chat.postMessage", args{"channel": general, "text": strings.Repeat("é", 40001)})
	if m, _ := s.Message(general, long.TS); len([]rune(m.Text)) != 40000 || long.Warning != "message_truncated" {
		t.Errorf("%d characters, warning %q", len([]rune(m.Text)), long.Warning)
	}
}

func TestThreads(t *testing.T) {
	s := start(t, emulator.Options{})
	p, _ := s.Post(general, ada, "parent", "")
	// an ephemeral message in a thread without replies is accepted and seen by nobody
	e := ok(t, s, "chat.postEphemeral", args{"channel": general, "user": ada, "text": "psst", "thread_ts": p.TS})
	if _, shown := s.Message(general, e.MessageTS); shown {
		t.Error("an ephemeral message shows in a thread that is not active")
	}
	r := ok(t, s, "chat.postMessage", args{"channel": general, "text": "reply", "thread_ts": p.TS})
	if r.Message.ThreadTS != p.TS {
		t.Errorf("thread_ts %q, want %q", r.Message.ThreadTS, p.TS)
	}
	e = ok(t, s, "chat.postEphemeral", args{"channel": general, "user": ada, "text": "psst", "thread_ts": p.TS})
	if _, shown := s.Message(general, e.MessageTS); !shown {
		t.Error("an ephemeral message does not show in an active thread")
	}
	if got := ok(t, s, "conversations.replies", args{"channel": general, "ts": p.TS}); len(got.Messages) != 2 {
		t.Errorf("replies: %v", got.Messages)
	}
	if got := ok(t, s, "chat.getPermalink", args{"channel": general, "message_ts": r.TS}); !strings.Contains(got.Permalink, "thread_ts="+p.TS) {
		t.Error(got.Permalink)
	}
	// a reply to a deleted parent goes to the channel, without an error
	if _, err := s.DeleteMessage(general, p.TS); err != nil {
		t.Fatal(err)
	}
	if r = ok(t, s, "chat.postMessage", args{"channel": general, "text": "late", "thread_ts": p.TS}); r.Message.ThreadTS != "" {
		t.Errorf("threaded under a deleted parent: %q", r.Message.ThreadTS)
	}
}

func TestHistoryPages(t *testing.T) {
	s := start(t, emulator.Options{})
	for i := range 5 {
		_, _ = s.Post(general, ada, fmt.Sprint(i), "")
	}
	var seen, cursor string
	for range 3 {
		r := ok(t, s, "conversations.history", args{"channel": general, "limit": "2", "cursor": cursor})
		for _, m := range r.Messages {
			seen += m.Text
		}
		cursor = r.ResponseMetadata.NextCursor
	}
	if seen != "43210" || cursor != "" {
		t.Errorf("read %q, cursor %q", seen, cursor)
	}
}

func TestStreamEnds(t *testing.T) {
	clock := emulator.NewManualClock(epoch)
	s := start(t, emulator.Options{Clock: clock})
	p, _ := s.Post(general, ada, "q", "")
	begin := func() string {
		return ok(t, s, "chat.startStream", args{"channel": general, "thread_ts": p.TS, "recipient_team_id": "T0LOCAL001", "recipient_user_id": ada, "markdown_text": "a"}).TS
	}
	t.Run("by itself after five minutes", func(t *testing.T) {
		ts := begin()
		refused(t, s, "streaming_state_conflict", "chat.update", args{"channel": general, "ts": ts, "text": "x"})
		clock.Advance(5 * time.Minute)
		refused(t, s, "message_not_in_streaming_state", "chat.appendStream", args{"channel": general, "ts": ts, "markdown_text": "b"})
		refused(t, s, "message_not_in_streaming_state", "chat.stopStream", args{"channel": general, "ts": ts})
		ok(t, s, "chat.update", args{"channel": general, "ts": ts, "text": "whole"})
	})
	t.Run("by its user", func(t *testing.T) {
		ts := begin()
		if err := s.StopStream(general, ts, ada); err != nil {
			t.Fatal(err)
		}
		refused(t, s, "stopped_by_user", "chat.appendStream", args{"channel": general, "ts": ts, "markdown_text": "b"})
	})
	t.Run("with tasks and final blocks", func(t *testing.T) {
		ts := begin()
		ok(t, s, "chat.appendStream", args{"channel": general, "ts": ts, "chunks": `[{"type":"task_update","id":"1","title":"Search","status":"in_progress"},{"type":"markdown_text","text":"b"}]`})
		refused(t, s, "invalid_chunks", "chat.appendStream", args{"channel": general, "ts": ts, "chunks": `[{"type":"task_update","id":"1"}]`})
		ok(t, s, "chat.stopStream", args{"channel": general, "ts": ts, "blocks": "[" + section("fin") + "]"})
		m, _ := s.Message(general, ts)
		if m.Text != "ab" || !strings.Contains(string(m.Blocks), "task_card") || !strings.Contains(string(m.Blocks), "fin") {
			t.Errorf("%q %s", m.Text, m.Blocks)
		}
	})
}

func TestTriggersAndViewStack(t *testing.T) {
	clock := emulator.NewManualClock(epoch)
	s := start(t, emulator.Options{Clock: clock})
	const view = `{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[{"type":"actions","elements":[{"type":"button","action_id":"b","text":{"type":"plain_text","text":"b"}}]}]}`
	trigger := func() string {
		d, _ := s.SlashCommand(general, ada, "/llm-advise", "x")
		return d.Envelope().TriggerID
	}
	old := trigger()
	clock.Advance(3 * time.Second)
	refused(t, s, "expired_trigger_id", "views.open", args{"trigger_id": old, "view": view})
	id := trigger()
	v := ok(t, s, "views.open", args{"trigger_id": id, "view": view}).View
	refused(t, s, "exchanged_trigger_id", "views.open", args{"trigger_id": id, "view": view})
	refused(t, s, "hash_conflict", "views.update", args{"view_id": v.ID, "hash": "stale", "view": view})
	ok(t, s, "views.update", args{"view_id": v.ID, "hash": v.Hash, "view": view})
	refused(t, s, "not_found", "views.update", args{"view_id": "V404", "view": view})
	for _, want := range []string{"", "", "push_limit_reached"} {
		open := s.Views(ada)
		d, err := s.Click(emulator.Act{User: ada, View: open[len(open)-1].ID, Action: "b"})
		if err != nil {
			t.Fatal(err)
		}
		if r := call(t, s, "views.push", args{"trigger_id": d.Envelope().TriggerID, "view": view}); r.Error != want {
			t.Errorf("push: %q, want %q", r.Error, want)
		}
	}
}

// respondTo posts to a response_url and returns the status and the body.
func respondTo(t *testing.T, address, body string) (int, string) {
	t.Helper()
	resp, err := http.Post(address, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw)
}

func TestResponseURLTakesFivePostsInHalfAnHour(t *testing.T) {
	clock := emulator.NewManualClock(epoch)
	s := start(t, emulator.Options{Clock: clock})
	d, _ := s.SlashCommand(general, ada, "/llm-advise", "x")
	address := d.Envelope().ResponseURL
	if _, reply := respondTo(t, address, `{"blocks":[{"type":"hologram"}]}`); !strings.Contains(reply, "invalid_blocks") {
		t.Errorf("bad blocks: %s", reply)
	}
	for i := range 5 {
		if status, reply := respondTo(t, address, `{"text":"t","replace_original":true}`); status != 200 || reply != "ok" {
			t.Errorf("post %d: %d %s", i, status, reply)
		}
	}
	if _, reply := respondTo(t, address, `{"text":"t"}`); !strings.Contains(reply, "used_url") {
		t.Errorf("sixth post: %s", reply)
	}
	n := 0
	for _, m := range s.Messages(general) {
		if m.Text == "t" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("replace_original left %d messages", n)
	}
	d, _ = s.SlashCommand(general, ada, "/llm-advise", "x")
	clock.Advance(30 * time.Minute)
	if _, reply := respondTo(t, d.Envelope().ResponseURL, `{"text":"t"}`); !strings.Contains(reply, "expired_url") {
		t.Errorf("after half an hour: %s", reply)
	}
}

func TestRateLimits(t *testing.T) {
	clock := emulator.NewManualClock(epoch)
	s := start(t, emulator.Options{Clock: clock})
	p, _ := s.Post(general, ada, "q", "")
	stream := args{"channel": general, "thread_ts": p.TS, "recipient_team_id": "T0LOCAL001", "recipient_user_id": ada}
	for range 20 { // tier 2
		ok(t, s, "chat.startStream", stream)
		clock.Advance(time.Second)
	}
	r := call(t, s, "chat.startStream", stream)
	if r.status != http.StatusTooManyRequests || r.Error != "ratelimited" || r.after != "40" {
		t.Errorf("the 21st stream in 20 s: %d %s, Retry-After %s, want 429 and 40", r.status, r.Error, r.after)
	}
	clock.Advance(40 * time.Second)
	ok(t, s, "chat.startStream", stream)
	for range 10 { // the burst, then one a second
		ok(t, s, "chat.postMessage", args{"channel": general, "text": "x"})
	}
	if r := call(t, s, "chat.postMessage", args{"channel": general, "text": "x"}); r.after != "1" {
		t.Errorf("the 11th message at once: %+v", r)
	}
	ok(t, s, "chat.postMessage", args{"channel": private, "text": "another channel is another matter"})
	clock.Advance(time.Second)
	ok(t, s, "chat.postMessage", args{"channel": general, "text": "x"})
}

func TestFaults(t *testing.T) {
	s := start(t, emulator.Options{})
	post := func() (*http.Response, error) {
		return http.PostForm(s.APIURL()+"chat.postMessage", url.Values{"token": {s.BotToken()}, "channel": {general}, "text": {"x"}})
	}
	tests := []struct {
		name   string
		fault  emulator.Fault
		status int // 0: no answer
		posted int
	}{
		{"429", emulator.Fault{Method: "chat.postMessage", RetryAfter: 2 * time.Second}, 429, 0},
		{"503", emulator.Fault{Status: 503}, 503, 0},
		{"dropped before", emulator.Fault{DropBefore: true}, 0, 0},
		{"dropped after", emulator.Fault{DropAfter: true}, 0, 1},
		{"slow", emulator.Fault{Delay: time.Millisecond}, 200, 1},
		{"of another method", emulator.Fault{Method: "chat.update", Status: 500}, 200, 1},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s.ClearFaults()
			before := len(s.Messages(general))
			s.InjectFault(tc.fault)
			resp, err := post()
			status := 0
			if err == nil {
				status = resp.StatusCode
				_ = resp.Body.Close()
			}
			if posted := len(s.Messages(general)) - before; status != tc.status || posted != tc.posted {
				t.Errorf("status %d, %d posted; want %d, %d", status, posted, tc.status, tc.posted)
			}
		})
	}
}

func TestOnlyLoopbackAndOnlyTheOwnPage(t *testing.T) {
	s := start(t, emulator.Options{})
	get := func(path string, change func(*http.Request)) int {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+path, nil)
		change(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	none := func(*http.Request) {}
	host := func(h string) func(*http.Request) { return func(r *http.Request) { r.Host = h } }
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	tests := []struct {
		name, path string
		change     func(*http.Request)
		want       int
	}{
		{"page", "", none, 200},
		{"static file", "web/app.js", none, 200},
		{"state", "page/state", none, 200},
		{"another host name", "page/state", host("evil.example"), http.StatusMisdirectedRequest},
		{"another site's origin", "page/state", header("Origin", "https://evil.example"), http.StatusForbidden},
		{"another site's fetch", "page/state", header("Sec-Fetch-Site", "cross-site"), http.StatusForbidden},
		{"used-up ticket", "link/?ticket=x", none, http.StatusBadRequest},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := get(tc.path, tc.change); got != tc.want {
				t.Errorf("status %d, want %d", got, tc.want)
			}
		})
	}
	if err := emulator.New(emulator.Options{}).Start(t.Context(), "0.0.0.0:0"); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("all interfaces: %v", err)
	}
	busy := strings.TrimSuffix(strings.TrimPrefix(s.URL(), "http://"), "/")
	if err := emulator.New(emulator.Options{}).Start(t.Context(), busy); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("a busy port: %v", err)
	}
}

func TestTrafficHidesTokens(t *testing.T) {
	s := start(t, emulator.Options{})
	ok(t, s, "api.test", args{"note": "my token is " + s.BotToken() + " and " + s.AppToken()})
	raw, err := json.Marshal(s.Traffic())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte(s.BotToken())) || bytes.Contains(raw, []byte(s.AppToken())) {
		t.Errorf("a token is in the log: %s", raw)
	}
}

func TestScheduledMessageComesInTime(t *testing.T) {
	clock := emulator.NewManualClock(epoch)
	s := start(t, emulator.Options{Clock: clock})
	at := fmt.Sprint(epoch.Add(time.Hour).Unix())
	ok(t, s, "chat.scheduleMessage", args{"channel": general, "text": "later", "post_at": at})
	clock.Advance(time.Hour - time.Second)
	if n := len(s.Messages(general)); n != 0 {
		t.Errorf("%d messages too early", n)
	}
	clock.Advance(time.Second)
	if n := len(s.Messages(general)); n != 1 {
		t.Errorf("%d messages in time", n)
	}
}

func TestTypedTextBecomesWireText(t *testing.T) {
	s := start(t, emulator.Options{})
	tests := map[string]string{
		"a < b & c > d":             "a &lt; b &amp; c &gt; d",
		"@llmadvise, hello":         "<@" + botUser + ">, hello",
		"(@ada) and @nobody":        "(<@" + ada + ">) and @nobody",
		"see #general.":             "see <#" + general + "|general>.",
		"<!channel> is text":        "&lt;!channel&gt; is text",
		"@channel is loud":          "<!channel> is loud",
		"https://a.example/?x=1&y ": "<https://a.example/?x=1&amp;y> ",
		"me@ada.example":            "me@ada.example",
	}
	for typed, want := range tests {
		if got := s.WireText(typed); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

func TestEventsOnlyWhereTheAppIsAndSubscribed(t *testing.T) {
	ws := emulator.DefaultWorkspace()
	ws.App.Events = []string{"app_mention", "message.im"}
	s := start(t, emulator.Options{Workspace: ws})
	count := func(channel, text string) int {
		p, err := s.Post(channel, ada, text, "")
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Deliveries)
	}
	if n := count(random, "<@"+botUser+"> hi"); n != 0 {
		t.Errorf("%d events from a channel that the app is not in", n)
	}
	if n := count(general, "<@"+botUser+"> hi"); n != 1 {
		t.Errorf("%d events of a mention with app_mention alone", n)
	}
	if n := count(s.DM(ada), "<@"+botUser+"> hi"); n != 1 {
		t.Errorf("%d events of a direct message, which has no app_mention", n)
	}
}
