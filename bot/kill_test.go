package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/emulator"
)

// A test binary that finds these in its environment is the bot of a test that kills it.
const (
	childAPI  = "LLMADVISE_TEST_CHILD_API"
	childDir  = "LLMADVISE_TEST_CHILD_DIR"
	childApp  = "LLMADVISE_TEST_CHILD_APP_TOKEN"
	childBot  = "LLMADVISE_TEST_CHILD_BOT_TOKEN"
	killCount = 5
)

// runChild is the bot as a process of its own, to be killed.
func runChild() int {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	b, err := bot.New(log, bot.Config{
		AppToken: bot.Secret(os.Getenv(childApp)), BotToken: bot.Secret(os.Getenv(childBot)),
		APIURL: os.Getenv(childAPI), DataDir: os.Getenv(childDir),
	}, bot.Deps{Advisor: toyAdvisor{}, Knowledge: &toyKnowledge{}, Library: &toyLibrary{}})
	if err == nil {
		err = b.Run(context.Background())
	}
	fmt.Fprintln(os.Stderr, "child ended:", err)
	return 1
}

// TestKilledBotAnswersEachCommandOnce sends many commands three times each under one envelope while the bot is killed
// with SIGKILL and started again, and wants one answer to each.
func TestKilledBotAnswersEachCommandOnce(t *testing.T) {
	commands := 300
	if s := os.Getenv("LLMADVISE_KILL_COMMANDS"); s != "" { // the acceptance run: 1000
		var err error
		if commands, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	s, child := startChild(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var senders sync.WaitGroup
	senders.Go(func() { child.killNowAndThen(ctx, commands, func() int { return len(answers(s)) }) })
	pace := time.NewTicker(4 * time.Millisecond)
	defer pace.Stop()
	for i := 1; i <= commands; i++ {
		<-pace.C
		senders.Go(func() { sendThrice(ctx, s, commandNumber(t, s, i)) })
	}
	senders.Wait()
	if err := s.WaitFor(ctx, func() bool { return len(answers(s)) >= commands }); err != nil {
		t.Errorf("%d of %d commands were answered", len(answers(s)), commands)
	}
	// A fence: what the last start took up again comes before it.
	sendThrice(ctx, s, commandNumber(t, s, commands+1))
	if err := s.WaitFor(ctx, func() bool { return answers(s)[commands+1] > 0 }); err != nil {
		t.Error("the bot does not answer after its kills:", err)
	}
	lost, twice := 0, 0
	got := answers(s)
	for i := 1; i <= commands; i++ {
		switch n := got[i]; {
		case n == 0:
			lost++
		case n > 1:
			twice++
		}
	}
	if lost > 0 || twice > 0 {
		t.Errorf("of %d commands %d were never answered and %d more than once", commands, lost, twice)
	}
	t.Logf("%d commands, three deliveries each, %d kills: %d lost, %d twice", commands, child.kills, lost, twice)
}

// startChild runs a local Slack and the bot beside it, as a process.
func startChild(t *testing.T) (*emulator.Server, *childBotProcess) {
	t.Helper()
	s := emulator.New(emulator.Options{Limits: emulator.Limits{Off: true}, KeepTraffic: 10})
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	child := &childBotProcess{t: t, server: s, dir: t.TempDir()}
	child.start()
	t.Cleanup(func() {
		child.kill()
		_ = s.Close()
	})
	return s, child
}

// TestKilledBotReadsEachFileOnce shares files, each delivered three times, while the bot is killed and started again, and
// wants one notice for each.
func TestKilledBotReadsEachFileOnce(t *testing.T) {
	const files = 60
	s, child := startChild(t)
	dm := s.DM(ada)
	notices := func() map[string]int {
		out := map[string]int{}
		for _, m := range s.Messages(dm) {
			if name, ok := strings.CutPrefix(m.Text, "Read "); ok && m.BotID != "" {
				out[strings.SplitN(name, ":", 2)[0]]++
			}
		}
		return out
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var senders sync.WaitGroup
	senders.Go(func() { child.killNowAndThen(ctx, files, func() int { return len(notices()) }) })
	pace := time.NewTicker(15 * time.Millisecond)
	defer pace.Stop()
	for i := range files {
		<-pace.C
		p, err := s.UploadFile(dm, ada, "", fmt.Sprintf("f%d.md", i), "", []byte("text"))
		if err != nil {
			t.Fatal(err)
		}
		senders.Go(func() { sendThrice(ctx, s, p.Deliveries[0]) })
	}
	senders.Wait()
	if err := s.WaitFor(ctx, func() bool { return len(notices()) >= files }); err != nil {
		t.Errorf("%d of %d files were read", len(notices()), files)
	}
	p, err := s.UploadFile(dm, ada, "", "fence.md", "", []byte("text"))
	if err != nil {
		t.Fatal(err)
	}
	sendThrice(ctx, s, p.Deliveries[0])
	if err := s.WaitFor(ctx, func() bool { return notices()["fence.md"] > 0 }); err != nil {
		t.Error("the bot reads nothing after its kills:", err)
	}
	for name, n := range notices() {
		if n != 1 {
			t.Errorf("%s was told of %d times", name, n)
		}
	}
	t.Logf("%d files, three deliveries each, %d kills", files, child.kills)
}

// answers counts the bot's answers by command number.
func answers(s *emulator.Server) map[int]int {
	out := map[int]int{}
	for _, m := range s.Messages(general) {
		_, after, ok := strings.Cut(m.Text, "about $")
		if m.BotID == "" || !ok {
			continue
		}
		if n, err := strconv.Atoi(strings.Fields(after)[0]); err == nil {
			out[n]++
		}
	}
	return out
}

func commandNumber(t *testing.T, s *emulator.Server, i int) *emulator.Delivery {
	d, err := s.SlashCommand(general, ada, command, strconv.Itoa(i)+"k queries")
	if err != nil {
		t.Error(err)
	}
	return d
}

// sendThrice delivers first three times under one envelope, and again until one delivery was acknowledged: what never
// reached a bot cannot be answered.
func sendThrice(ctx context.Context, s *emulator.Server, first *emulator.Delivery) {
	if first == nil {
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
			case <-time.After(50 * time.Millisecond):
			}
		}
		d = s.Resend(first)
	}
}

// childBotProcess is the bot as a process that can be killed.
type childBotProcess struct {
	t      *testing.T
	server *emulator.Server
	dir    string
	cmd    *exec.Cmd
	kills  int
}

func (c *childBotProcess) start() {
	exe, err := os.Executable()
	if err != nil {
		c.t.Fatal(err)
	}
	c.cmd = exec.Command(exe)
	c.cmd.Stderr = os.Stderr
	c.cmd.Env = append(os.Environ(), childAPI+"="+c.server.APIURL(), childDir+"="+c.dir, childApp+"="+c.server.AppToken(), childBot+"="+c.server.BotToken())
	if err := c.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	if err := c.server.WaitConnections(ctx, 1); err != nil {
		c.t.Error("the bot did not connect:", err)
	}
}

func (c *childBotProcess) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}

// killNowAndThen kills the bot killCount times, spread over the run: each time a share of the answers has come and a
// random moment after it.
func (c *childBotProcess) killNowAndThen(ctx context.Context, asked int, answered func() int) {
	for k := 1; k <= killCount; k++ {
		want := asked * k / (killCount + 1)
		if c.server.WaitFor(ctx, func() bool { return answered() >= want }) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rand.N(30 * time.Millisecond)):
		}
		c.kill()
		c.kills++
		c.server.DropSockets()
		c.start()
	}
}
