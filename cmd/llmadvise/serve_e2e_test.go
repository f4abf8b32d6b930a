//go:build e2e

package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// These tests run the built binary, as an operator does, against a local Slack: go test -tags e2e ./cmd/llmadvise.

const (
	e2eChannel = "C0GENERAL1"
	e2eUser    = "U0ADA00001"
)

var builtBinary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "llmadvise-e2e")
	if err != nil {
		return "", err
	}
	exe := filepath.Join(dir, "llmadvise")
	cmd := exec.Command("go", "build", "-o", exe, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return exe, nil
})

// served is `llmadvise serve` as a process, configured through the environment alone.
type served struct {
	*emulator.Server
	t   *testing.T
	dir string
	cmd *exec.Cmd
}

func serveBinary(t *testing.T) *served {
	t.Helper()
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}, KeepTraffic: 10})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	b := &served{Server: s, t: t, dir: t.TempDir()}
	t.Cleanup(func() { b.kill(); _ = s.Close() })
	b.start()
	return b
}

func (b *served) start() {
	b.t.Helper()
	exe, err := builtBinary()
	if err != nil {
		b.t.Fatal(err)
	}
	b.cmd = exec.Command(exe, "serve")
	b.cmd.Stderr = os.Stderr
	b.cmd.Env = append(os.Environ(), "SLACK_APP_TOKEN="+b.AppToken(), "SLACK_BOT_TOKEN="+b.BotToken(), "SLACK_API_URL="+b.APIURL(),
		"LLMADVISE_DATA_DIR="+b.dir, "LLMADVISE_LISTEN=", "LLMADVISE_NO_OLLAMA=1", "LLMADVISE_LOG_LEVEL=warn")
	if err := b.cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	began := time.Now()
	if err := b.WaitConnections(ctx, 1); err != nil {
		b.t.Fatal("the bot did not connect:", err)
	}
	b.t.Logf("connected %v after its start", time.Since(began).Round(time.Millisecond))
}

func (b *served) kill() {
	_ = b.cmd.Process.Kill()
	_ = b.cmd.Wait()
}

// residentMiB is the bot's resident memory, where the system tells.
func (b *served) residentMiB() float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb / 1024
		}
	}
	return 0
}

// answersByCommand counts the bot's answers by the command that they answer.
func (b *served) answersByCommand() map[string]int {
	out := map[string]int{}
	for _, m := range b.Messages(e2eChannel) {
		if m.BotID != "" && m.Command != "" {
			out[m.Command]++
		}
	}
	return out
}

func request(i int) string { return strconv.Itoa(10000+i*137) + " queries a month, HIPAA" }

// TestServeLoad sends 50 commands a second (LLMADVISE_LOAD_SECONDS, 10 by default) and wants each acknowledged within
// 100 ms and answered within 500 ms at the 99th percentile. These figures are for two free cores: a machine that is slower, or shared with
// others at the moment, gets the share of the 50 that it has of them. What else runs can only make the times longer and may come and go, so
// the best of three goes counts.
func TestServeLoad(t *testing.T) {
	seconds := 10
	if s := os.Getenv("LLMADVISE_LOAD_SECONDS"); s != "" {
		var err error
		if seconds, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	b := serveBinary(t)
	if err := b.WaitConnections(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	const goes = 3
	var late []string
	for g := range goes {
		rate := 50 * machineShare()
		l := b.offer(g*50*seconds, max(1, int(rate*float64(seconds))), rate)
		t.Logf("%d commands at %.0f a second: ack p50 %v p99 %v max %v; answer p50 %v p99 %v max %v; resident %.0f MiB", len(l.acks), rate,
			percentile(l.acks, 50), percentile(l.acks, 99), percentile(l.acks, 100), percentile(l.answers, 50), percentile(l.answers, 99), percentile(l.answers, 100), b.residentMiB())
		if late = l.late(); len(late) == 0 {
			return
		}
	}
	t.Errorf("in each of %d goes: %s", goes, strings.Join(late, "; "))
}

// load is how long each of a row of commands took.
type load struct{ acks, answers []time.Duration }

// late says what took too long.
func (l *load) late() (why []string) {
	if p := percentile(l.acks, 99); p > 100*time.Millisecond {
		why = append(why, fmt.Sprintf("ack p99 %v, want at most 100 ms", p))
	}
	if p := percentile(l.answers, 99); p > 500*time.Millisecond {
		why = append(why, fmt.Sprintf("answer p99 %v, want at most 500 ms", p))
	}
	return why
}

// offer sends n commands, from the one with number first on, at rate a second, and waits until each is acknowledged and answered.
func (b *served) offer(first, n int, rate float64) *load {
	b.t.Helper()
	l := &load{acks: make([]time.Duration, n), answers: make([]time.Duration, n)}
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Duration(float64(n)/rate*float64(time.Second))+time.Minute)
	defer cancel()
	// One reader for all answers: a watcher a command would itself be the load.
	sent := sync.Map{}
	var reader sync.WaitGroup
	reader.Go(func() { b.timeAnswers(ctx, n, &sent, l.answers) })
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	var senders sync.WaitGroup
	for i := range n {
		<-tick.C
		text := request(first + i)
		sent.Store("/llm-advise "+text, stamp{i, time.Now()})
		d, err := b.SlashCommand(e2eChannel, e2eUser, "/llm-advise", text)
		if err != nil {
			b.t.Fatal(err)
		}
		senders.Go(func() {
			if err := d.Wait(ctx); err != nil {
				b.t.Error("not acknowledged:", err)
			}
			l.acks[i] = d.Envelope().AckAfter
		})
	}
	senders.Wait()
	reader.Wait()
	if slices.Contains(l.answers, 0) {
		b.t.Fatal("a command was never answered")
	}
	return l
}

type stamp struct {
	i  int
	at time.Time
}

func (b *served) timeAnswers(ctx context.Context, n int, sent *sync.Map, times []time.Duration) {
	seen := 0
	_ = b.WaitFor(ctx, func() bool {
		now := time.Now()
		for command := range b.answersByCommand() {
			if v, ok := sent.LoadAndDelete(command); ok {
				s := v.(stamp)
				times[s.i] = now.Sub(s.at)
				seen++
			}
		}
		return seen == n
	})
}

func percentile(ds []time.Duration, p int) time.Duration {
	s := slices.Sorted(slices.Values(ds))
	return s[min(len(s)-1, len(s)*p/100)]
}

// TestServeKilled sends 1,000 commands three times each under one envelope while the binary is killed with SIGKILL and
// started again five times: one answer each.
func TestServeKilled(t *testing.T) {
	const commands, kills = 1000, 5
	b := serveBinary(t)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	var work sync.WaitGroup
	work.Go(func() {
		for k := 1; k <= kills; k++ {
			want := commands * k / (kills + 1)
			if b.WaitFor(ctx, func() bool { return len(b.answersByCommand()) >= want }) != nil {
				return
			}
			time.Sleep(rand.N(40 * time.Millisecond))
			b.kill()
			b.DropSockets()
			b.start()
		}
	})
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for i := range commands {
		<-tick.C
		work.Go(func() { b.thrice(ctx, request(i)) })
	}
	work.Wait()
	if b.WaitFor(ctx, func() bool { return len(b.answersByCommand()) >= commands }) != nil {
		t.Error("not every command was answered")
	}
	b.thrice(ctx, "help") // a fence
	_ = b.WaitFor(ctx, func() bool { return b.answersByCommand()["/llm-advise help"] > 0 })
	lost, twice := 0, 0
	got := b.answersByCommand()
	for i := range commands {
		switch n := got["/llm-advise "+request(i)]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
	}
	t.Logf("%d commands, three deliveries each, %d kills: %d lost, %d answered twice", commands, kills, lost, twice)
	if lost+twice > 0 {
		t.Errorf("%d lost, %d answered twice", lost, twice)
	}
}

// thrice delivers one command three times under one envelope, and again until one delivery was acknowledged.
func (b *served) thrice(ctx context.Context, text string) {
	first, err := b.SlashCommand(e2eChannel, e2eUser, "/llm-advise", text)
	if err != nil {
		b.t.Error(err)
		return
	}
	acked := false
	for d, sent := first, 1; ctx.Err() == nil; sent++ {
		acked = d.Wait(ctx) == nil || acked
		if acked && sent >= 3 {
			return
		}
		if !acked {
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
		d = b.Resend(first)
	}
}
