//go:build e2e

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/store/pgtest"
)

// The binary of these tests is built with the tag e2e, which lets a file be its clock; all else is what people run.
var clockedBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "llmadvise-e2e")
	if err != nil {
		return "", err
	}
	exe := filepath.Join(dir, "llmadvise")
	cmd := exec.Command("go", "build", "-tags", "e2e", "-o", exe, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return exe, nil
})

var digestChannels = []string{"C0GENERAL1", "C0MLPLATF1", "G0COMPLY01"}

// fleet is one bot or several, at work on one database, in a world whose Mondays come when the test says so.
type fleet struct {
	*emulator.Server
	t        *testing.T
	ctx      context.Context
	clock    string // file
	monday   time.Time
	database string
	dirs     []string
	bots     []*exec.Cmd
	kills    int
	current  map[string]bool // periods that were the newest at some time
}

func newFleet(t *testing.T, replicas int, database string) *fleet {
	t.Helper()
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}, KeepTraffic: 10})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	f := &fleet{
		Server: s, t: t, ctx: t.Context(), clock: filepath.Join(t.TempDir(), "clock"), database: database, current: map[string]bool{},
		monday: time.Date(2026, 8, 3, 9, 0, 30, 0, time.UTC),
	}
	f.set(f.monday.Add(-time.Hour))
	for range replicas {
		f.dirs, f.bots = append(f.dirs, t.TempDir()), append(f.bots, nil)
	}
	t.Cleanup(func() {
		for i := range f.bots {
			f.kill(i)
		}
		_ = s.Close()
	})
	return f
}

// set sets the clock: written aside and moved, so that a bot never reads half of it.
func (f *fleet) set(now time.Time) {
	f.t.Helper()
	tmp := f.clock + ".new"
	if err := os.WriteFile(tmp, []byte(now.Format(time.RFC3339)), 0o600); err != nil {
		f.t.Fatal(err)
	}
	if err := os.Rename(tmp, f.clock); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fleet) start(i int) {
	f.t.Helper()
	exe, err := clockedBinary()
	if err != nil {
		f.t.Fatal(err)
	}
	c := exec.Command(exe, "serve")
	c.Stderr = os.Stderr
	c.Env = append(os.Environ(), "SLACK_APP_TOKEN="+f.AppToken(), "SLACK_BOT_TOKEN="+f.BotToken(), "SLACK_API_URL="+f.APIURL(), "LLMADVISE_DATA_DIR="+f.dirs[i],
		"LLMADVISE_LISTEN=", "LLMADVISE_NO_OLLAMA=1", "LLMADVISE_OFFLINE=1", "LLMADVISE_LOG_LEVEL=error", "DATABASE_URL="+f.database, testClock+"="+f.clock)
	if err := c.Start(); err != nil {
		f.t.Fatal(err)
	}
	f.bots[i] = c
}

// kill is SIGKILL.
func (f *fleet) kill(i int) {
	if c := f.bots[i]; c != nil {
		_ = c.Process.Kill()
		_ = c.Wait()
		f.bots[i] = nil
	}
}

// digests counts the digests at Slack by "channel period", by the key in their metadata.
func (f *fleet) digests() map[string]int {
	out := map[string]int{}
	for _, ch := range digestChannels {
		for _, m := range f.Messages(ch) {
			var meta struct {
				Payload struct{ Key string } `json:"event_payload"`
			}
			if json.Unmarshal(m.Metadata, &meta) == nil {
				if key, ok := strings.CutPrefix(meta.Payload.Key, "digest:"+ch+":"); ok {
					out[ch+" "+key]++
				}
			}
		}
	}
	return out
}

func (f *fleet) period() string { return f.monday.Format("2006-01-02") + "T09:00" }

// arrived counts the channels that have the present period's digest.
func (f *fleet) arrived() int {
	n, got := 0, f.digests()
	for _, ch := range digestChannels {
		if got[ch+" "+f.period()] > 0 {
			n++
		}
	}
	return n
}

func (f *fleet) waitArrived(n int, limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(f.ctx, limit)
	defer cancel()
	return f.WaitFor(ctx, func() bool { return f.arrived() >= n }) == nil
}

// watch saves a scenario in every channel, which gives it a weekly digest.
func (f *fleet) watch() {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.ctx, time.Minute)
	defer cancel()
	if err := f.WaitConnections(ctx, 1); err != nil {
		f.t.Fatal("no bot connected:", err)
	}
	for _, ch := range digestChannels {
		if _, err := f.SlashCommand(ch, e2eUser, "/llm-advise", "watch 300k queries, HIPAA as support-bot"); err != nil {
			f.t.Fatal(err)
		}
		if _, err := f.WaitMessage(ctx, ch, func(m emulator.Message) bool { return strings.Contains(m.Text, "Watching *support-bot*") }); err != nil {
			f.t.Fatal(ch, err)
		}
	}
}

// moments at which a bot is killed, in the time around a digest.
var moments = []struct {
	name string
	wait func(*fleet)
}{
	{"some moment", func(f *fleet) { f.sleep(1500 * time.Millisecond) }},
	{"the first digest is at Slack", func(f *fleet) { f.waitArrived(1, 5*time.Second) }},
	{"just after", func(f *fleet) { f.waitArrived(1, 5*time.Second); f.sleep(4 * time.Millisecond) }},
	{"the second is at Slack", func(f *fleet) { f.waitArrived(2, 5*time.Second) }},
	{"posted, and the answer lost", func(f *fleet) {
		f.InjectFault(emulator.Fault{Method: "chat.postMessage", DropAfter: true})
		f.waitArrived(1, 5*time.Second)
	}},
	{"posted, and the answer late", func(f *fleet) {
		f.InjectFault(emulator.Fault{Method: "chat.postMessage", Delay: 200 * time.Millisecond})
		f.waitArrived(1, 5*time.Second)
		f.sleep(300 * time.Millisecond)
	}},
	{"sent, and lost on the way", func(f *fleet) {
		f.InjectFault(emulator.Fault{Method: "chat.postMessage", DropBefore: true})
		f.waitArrived(1, 5*time.Second)
	}},
	{"while it looks at the history", func(f *fleet) {
		f.InjectFault(emulator.Fault{Method: "conversations.history", Status: 500})
		f.waitArrived(1, 5*time.Second)
		f.sleep(20 * time.Millisecond)
	}},
}

func (f *fleet) sleep(most time.Duration) { time.Sleep(rand.N(most)) }

// week lets one Monday come, kills bots around it, and waits until every channel has its digest.
func (f *fleet) week(n int) {
	f.t.Helper()
	f.monday = f.monday.AddDate(0, 0, 7)
	if n%10 == 9 { // weeks of which the bots know nothing: one digest for all of them
		for i := range f.bots {
			f.kill(i)
			f.kills++
		}
		f.monday = f.monday.AddDate(0, 0, 14)
	}
	if n%7 == 6 { // the clock goes back before it goes on
		f.set(f.monday.AddDate(0, 0, -24))
		f.sleep(1200 * time.Millisecond)
	}
	f.current[f.period()] = true
	f.set(f.monday)
	for range 1 + n%2 {
		moments[rand.N(len(moments))].wait(f)
		victim := rand.N(len(f.bots))
		f.kill(victim)
		f.kills++
		if len(f.bots) > 1 && n%5 == 0 { // both at once
			f.kill(1 - victim)
			f.kills++
		}
		f.ClearFaults()
		f.startMissing()
	}
	f.startMissing()
	if !f.waitArrived(len(digestChannels), time.Minute) {
		f.t.Fatalf("week %d: %d of %d channels have the digest of %s", n, f.arrived(), len(digestChannels), f.period())
	}
}

func (f *fleet) startMissing() {
	for i, c := range f.bots {
		if c == nil {
			f.start(i)
		}
	}
}

// run kills bots until there were enough kills and holds the digests to the periods.
func (f *fleet) run(kills int) {
	f.startMissing()
	f.watch()
	weeks := 0
	for f.kills < kills {
		f.week(weeks)
		weeks++
	}
	f.monday = f.monday.AddDate(0, 0, 7) // a fence: whatever was still under way is through when the next digest comes
	f.current[f.period()] = true
	f.set(f.monday)
	if !f.waitArrived(len(digestChannels), time.Minute) {
		f.t.Error("no digest after the last kill")
	}
	missing, doubled, stray := 0, 0, 0
	got := f.digests()
	for p := range f.current {
		for _, ch := range digestChannels {
			switch n := got[ch+" "+p]; {
			case n == 0:
				missing++
			case n > 1:
				doubled++
			}
		}
	}
	for key := range got {
		if _, p, _ := strings.Cut(key, " "); !f.current[p] {
			stray++
		}
	}
	f.t.Logf("%d kills over %d due periods in %d channels: %d digests, %d missing, %d doubled, %d of missed weeks",
		f.kills, len(f.current), len(digestChannels), len(got), missing, doubled, stray)
	if missing+doubled+stray > 0 {
		f.t.Errorf("%d missing, %d doubled, %d of weeks that were caught up", missing, doubled, stray)
	}
}

// digestKills is how many kills a run takes: a dozen, and as many as LLMADVISE_KILL_DIGESTS says (the acceptance run: 200).
func digestKills(t *testing.T) int {
	s := os.Getenv("LLMADVISE_KILL_DIGESTS")
	if s == "" {
		return 12
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDigestsKilled kills the bot with SIGKILL around digest time, again and again: each channel gets one digest a period.
func TestDigestsKilled(t *testing.T) { newFleet(t, 1, "").run(digestKills(t)) }

// TestDigestsOfTwoReplicasKilled does the same to two bots on one Postgres, one or both at a time.
func TestDigestsOfTwoReplicasKilled(t *testing.T) {
	newFleet(t, 2, pgtest.Database(t, pgtest.Start(t), 1)).run(digestKills(t))
}
