package bot_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/render"
)

func TestMain(m *testing.M) {
	if os.Getenv(childAPI) != "" {
		os.Exit(runChild())
	}
	goleak.VerifyTestMain(m)
}

func TestCommandAnswersTheUserAlone(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(general, "300k queries, HIPAA")
	m := r.fromBot(general, "about $300 a month")
	if m.EphemeralTo != ada {
		t.Errorf("the card went to %q, want %s alone", m.EphemeralTo, ada)
	}
	if !strings.Contains(string(m.Blocks), "data_table") || !strings.Contains(string(m.Blocks), render.ActionMath) {
		t.Errorf("the card lacks its table or buttons: %s", m.Blocks)
	}
}

func TestPublicCommandAnswersEverybodyAndListens(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(general, "300k queries public")
	m := r.fromBot(general, "about $300 a month")
	if m.EphemeralTo != "" {
		t.Fatal("a public answer was ephemeral")
	}
	r.eventually(func() bool { ours, err := r.store.InThread(t.Context(), general, m.TS); return ours && err == nil })
	r.say(general, "what about 500k?", m.TS)
	r.fromBot(general, "about $500 a month")
}

func TestPublicCommandWhereTheBotIsNoMember(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(random, "300k queries public")
	if m := r.fromBot(random, "about $300 a month"); m.EphemeralTo != "" {
		t.Error("a public answer was ephemeral")
	}
}

func TestMentionIsAnsweredOnceInItsThread(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "<@"+botUser+"> How long does it take to deploy an open-source LLM?", "")
	if len(p.Deliveries) != 2 {
		t.Fatalf("the emulator sent %d events, want app_mention and message.channels", len(p.Deliveries))
	}
	m := r.fromBot(general, "2-4 weeks", "The article")
	if m.ThreadTS != p.TS {
		t.Errorf("answered in thread %q, want %q", m.ThreadTS, p.TS)
	}
	r.say(general, "and on one GPU?", p.TS)
	r.fromBot(general, "and on one GPU?", "after 2 turns")
	if got := len(r.botMessages(general)); got != 2 {
		t.Errorf("%d messages of the bot, want 2", got)
	}
}

func TestMentionWithWorkloadGetsTheCard(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "<@"+botUser+"> 300k queries, HIPAA", "")
	m := r.fromBot(general, "about $300 a month")
	r.say(general, "why not the API?", p.TS)
	r.fromBot(general, "why not the API?")
	if facts := r.knowledge.last().Facts; len(facts) == 0 || !strings.Contains(facts[0].Text, "$300") {
		t.Errorf("the question in the card's thread got facts %+v, want the card's", facts)
	}
	if m.ThreadTS != p.TS {
		t.Error("the card is not in the thread")
	}
}

func TestQuestionWithVolumeGetsFacts(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.say(general, "<@"+botUser+"> is self-hosting worth it at 300k queries?", "")
	r.fromBot(general, "self-hosting worth it")
	if facts := r.knowledge.last().Facts; len(facts) == 0 || facts[0].Source == "" {
		t.Errorf("facts %+v, want the engine's figures", facts)
	}
	if tools := r.knowledge.last().Tools; len(tools) != 1 {
		t.Errorf("%d tools, want the engine", len(tools))
	}
}

// What the catalog knows of a named thing is given to the answer as what was asked for, by mention and by command, also where the parser
// understands a part of the question.
func TestQuestionOfAKnownThingGetsItsFigures(t *testing.T) {
	r := startRig(t, emulator.Options{})
	direct := func() bool {
		facts := r.knowledge.last().Facts
		return len(facts) == 1 && facts[0].Direct && strings.Contains(facts[0].Text, "$2.99")
	}
	r.say(general, "<@"+botUser+"> what does an H100 cost under HIPAA?", "")
	r.fromBot(general, "with 1 facts")
	if !direct() {
		t.Errorf("facts of a mention: %+v", r.knowledge.last().Facts)
	}
	r.command(general, "what does one H100 cost under HIPAA?")
	r.fromBot(general, "what does one H100 cost")
	if !direct() {
		t.Errorf("facts of a command: %+v", r.knowledge.last().Facts)
	}
}

func TestDirectMessage(t *testing.T) {
	r := startRig(t, emulator.Options{})
	dm := r.DM(ada)
	r.say(dm, "How long does it take to deploy?", "")
	m := r.fromBot(dm, "2-4 weeks")
	if m.ThreadTS != "" {
		t.Error("a direct message was answered in a thread")
	}
	r.say(dm, "300k queries", "")
	r.fromBot(dm, "about $300 a month")
}

func TestStaysSilentWhereNotAddressed(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "300k queries, HIPAA", "")
	r.say(general, "a reply in somebody else's thread", p.TS)
	q := r.say(general, "<@"+botUser+"> how long to deploy?", "")
	r.fromBot(general, "2-4 weeks")
	r.say(general, "<@"+grace+"> what do you think of 2-4 weeks?", q.TS)
	r.command(general, "1k queries") // a fence: whatever came before has been worked on
	r.fromBot(general, "about $1 a month")
	if got := len(r.botMessages(general)); got != 2 {
		t.Errorf("%d messages of the bot, want 2: %+v", got, r.botMessages(general))
	}
}

func TestOffTopicIsDeclined(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.say(general, "<@"+botUser+"> what is the weather?", "")
	r.fromBot(general, "nothing on that", "privacy")
}

func TestUnreadableRequestsGetAClearAnswer(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	for _, text := range []string{
		"gibberish", "<!channel>", "\u202e abc \u0007", strings.Repeat("x", 3000), "<@" + ada + "> <http://evil|click>",
	} {
		r.command(general, text)
	}
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(general)) == 5 }); err != nil {
		t.Fatalf("%d answers, want 5\n%s", len(r.botMessages(general)), r.logs)
	}
	for _, m := range r.botMessages(general) {
		for _, live := range []string{"<!", "<@", "<http", "\u202e", "\u0007"} {
			if strings.Contains(m.Text, live) || strings.Contains(string(m.Blocks), live) {
				t.Errorf("an answer holds %q: %s %s", live, m.Text, m.Blocks)
			}
		}
	}
}

func TestHelp(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(general, "help")
	r.fromBot(general, "What I can do")
}

func TestEmptyCommandOpensTheForm(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(general, "")
	if _, err := r.WaitView(r.soon(), ada, func(v emulator.View) bool { return v.CallbackID == render.CallbackAdjust }); err != nil {
		t.Fatal(err, r.logs)
	}
	d, err := r.SubmitView(ada, map[string][]string{"queries_per_month": {"lots"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		t.Fatal(err)
	}
	if ack := string(d.Envelope().AckPayload); !strings.Contains(ack, "is not a number") {
		t.Fatalf("a bad number was acknowledged with %s", ack)
	}
	if d, err = r.SubmitView(ada, map[string][]string{"queries_per_month": {"200k"}}); err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		t.Fatal(err)
	}
	r.fromBot(general, "about $200 a month")
}

func TestAdjustUpdatesTheCardInPlace(t *testing.T) {
	for _, where := range []string{"ephemeral", "thread"} {
		t.Run(where, func(t *testing.T) {
			r := startRig(t, emulator.Options{})
			if where == "ephemeral" {
				r.command(general, "300k queries, HIPAA")
			} else {
				r.say(general, "<@"+botUser+"> 300k queries, HIPAA", "")
			}
			m := r.fromBot(general, "about $300 a month")
			r.click(m, render.ActionAdjust)
			v, err := r.WaitView(r.soon(), ada, func(v emulator.View) bool { return v.CallbackID == render.CallbackAdjust })
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(v.Blocks), "300000") || !strings.Contains(string(v.Blocks), "Assumed so far") {
				t.Errorf("the form is not prefilled: %s", v.Blocks)
			}
			d, err := r.SubmitView(ada, map[string][]string{"queries_per_month": {"600k"}})
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Wait(r.soon()); err != nil {
				t.Fatal(err)
			}
			updated := r.fromBot(general, "about $600 a month")
			if updated.TS != m.TS {
				t.Errorf("the card was posted anew as %s, want an update of %s", updated.TS, m.TS)
			}
		})
	}
}

func TestButtons(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.command(general, "300k queries, HIPAA")
	m := r.fromBot(general, "about $300 a month")
	for _, c := range []struct{ action, shows string }{
		{render.ActionMath, "queries x $0.001"}, {render.ActionCompare, "$900"}, {render.ActionFlips, "13M"},
	} {
		r.click(m, c.action)
		if _, err := r.WaitView(r.soon(), ada, func(v emulator.View) bool { return strings.Contains(string(v.Blocks), c.shows) }); err != nil {
			t.Fatalf("%s: %v\n%s", c.action, err, r.logs)
		}
		_ = r.CloseView(ada, true)
	}
	r.click(m, render.ActionShare)
	shared, err := r.WaitMessage(r.soon(), general, func(m emulator.Message) bool {
		return m.BotID != "" && m.EphemeralTo == "" && holds(m, []string{"about $300 a month", "Shared by"})
	})
	if err != nil {
		t.Fatal(err, r.logs)
	}
	r.eventually(func() bool { ours, err := r.store.InThread(t.Context(), general, shared.TS); return ours && err == nil })
	r.say(general, "what about 500k?", shared.TS)
	r.fromBot(general, "about $500 a month")
}

func TestFeedbackIsStoredWithItsReason(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.say(general, "<@"+botUser+"> how long to deploy?", "")
	m := r.fromBot(general, "2-4 weeks")
	r.click(m, render.ActionNotUseful)
	if _, err := r.WaitView(r.soon(), ada, func(v emulator.View) bool { return v.CallbackID == render.CallbackReason }); err != nil {
		t.Fatal(err, r.logs)
	}
	d, err := r.SubmitView(ada, map[string][]string{"reason": {"too vague"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		t.Fatal(err)
	}
	r.eventually(func() bool {
		all, err := r.store.ListFeedback(t.Context())
		return err == nil && len(all) == 1 && all[0].Verdict == "not_useful" && all[0].Reason == "too vague" &&
			all[0].Question == "how long to deploy?" && strings.Contains(all[0].Answer, "2-4 weeks")
	})
}

// eventually polls the bot's own state, which nothing announces.
func (r *rig) eventually(cond func() bool) {
	r.t.Helper()
	ctx := r.soon()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-ctx.Done():
			r.t.Fatal("it did not come about\n", r.logs)
		case <-tick.C:
		}
	}
}

func TestEditAnswersAnewAndDeleteTakesBack(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "<@"+botUser+"> 300k queries", "")
	m := r.fromBot(general, "about $300 a month")
	if _, err := r.EditMessage(general, p.TS, "<@"+botUser+"> 400k queries"); err != nil {
		t.Fatal(err)
	}
	if edited := r.fromBot(general, "about $400 a month"); edited.TS != m.TS {
		t.Error("the edited question got a second answer")
	}
	if _, err := r.DeleteMessage(general, p.TS); err != nil {
		t.Fatal(err)
	}
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(general)) == 0 }); err != nil {
		t.Fatalf("the answer to a deleted question stays: %+v\n%s", r.botMessages(general), r.logs)
	}
}

func TestAnswerIsStreamedAndClosedWithItsSources(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.knowledge.pieces = []string{"First sentence. ", "Second sentence. ", "Third sentence."}
	seen := make(chan struct{})
	r.knowledge.wait = func(ctx context.Context) {
		if len(r.botMessages(general)) == 0 { // until there is a stream
			r.ahead.Add(int64(thinks))
			return
		}
		select {
		case <-seen:
		case <-ctx.Done():
		}
	}
	p := r.say(general, "<@"+botUser+"> tell me slowly, please", "")
	if _, err := r.WaitMessage(r.soon(), general, func(m emulator.Message) bool { return m.Streaming && m.ThreadTS == p.TS }); err != nil {
		t.Fatal("nothing was streamed:", err, r.logs)
	}
	close(seen)
	r.fromBot(general, "First sentence", "Third sentence", render.ActionUseful)
	if got := len(r.botMessages(general)); got != 1 {
		t.Errorf("%d messages, want one", got)
	}
}

// thinks is how long the model thinks over a sentence, by the bot's clock.
const thinks = 800 * time.Millisecond

func TestDeletingTheQuestionEndsItsAnswer(t *testing.T) {
	r := startRig(t, emulator.Options{})
	ended := make(chan struct{})
	r.knowledge.pieces = []string{"First sentence. ", "Second sentence. ", "Third sentence. ", "Fourth sentence."}
	r.knowledge.wait = func(ctx context.Context) {
		if len(r.botMessages(general)) == 0 { // until there is a stream
			r.ahead.Add(int64(thinks))
			return
		}
		<-ctx.Done() // as a model that is asked to stop
	}
	r.knowledge.ended = ended
	p := r.say(general, "<@"+botUser+"> tell me slowly, please", "")
	if _, err := r.WaitMessage(r.soon(), general, func(m emulator.Message) bool { return m.Streaming && m.ThreadTS == p.TS }); err != nil {
		t.Fatal("nothing was streamed:", err, r.logs)
	}
	if _, err := r.DeleteMessage(general, p.TS); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-r.soon().Done():
		t.Fatal("the model goes on for a question that is gone\n", r.logs)
	}
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(general)) == 0 }); err != nil {
		t.Fatalf("half an answer stays: %+v\n%s", r.botMessages(general), r.logs)
	}
}

func TestKnowledgeFailureIsAnHonestError(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.knowledge.err = errors.New("the index is gone")
	r.say(general, "<@"+botUser+"> how long to deploy?", "")
	m := r.fromBot(general, "something went wrong")
	if strings.Contains(m.Text, "the index is gone") {
		t.Error("an internal error reached the user")
	}
}

func TestSlackTroubleStillOneAnswer(t *testing.T) {
	faults := map[string]emulator.Fault{
		"server error":                {Method: "chat.postMessage", Status: 503, Times: 2},
		"rate limit":                  {Method: "chat.postMessage", RetryAfter: time.Second},
		"connection lost before":      {Method: "chat.postMessage", DropBefore: true},
		"connection lost after":       {Method: "chat.postMessage", DropAfter: true},
		"newer blocks refused":        {Method: "chat.postMessage", Error: "invalid_blocks"},
		"every kind of block refused": {Method: "chat.postMessage", Error: "invalid_blocks", Times: 2},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRig(t, emulator.Options{})
			r.InjectFault(f)
			r.say(general, "<@"+botUser+"> 300k queries", "")
			r.fromBot(general, "about $300 a month")
			r.say(general, "<@"+botUser+"> 301k queries", "") // a fence
			r.fromBot(general, "about $301 a month")
			if got := len(r.botMessages(general)); got != 2 {
				t.Errorf("%d messages, want 2: %+v", got, r.botMessages(general))
			}
		})
	}
}

func TestNothingPeopleWroteIsLogged(t *testing.T) {
	r := startRig(t, emulator.Options{})
	const secret = "patient-4711"
	r.command(general, secret+" 300k queries")
	r.fromBot(general, "about $300 a month")
	r.command(general, secret)
	r.fromBot(general, "no volume")
	r.knowledge.err = errors.New("model said: " + "boom")
	r.say(general, "<@"+botUser+"> how is "+secret+"?", "")
	r.fromBot(general, "something went wrong")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	logs := r.logs.String()
	for _, s := range []string{secret, r.BotToken(), r.AppToken()} {
		if strings.Contains(logs, s) {
			t.Errorf("the log holds %q:\n%s", s, logs)
		}
	}
	if !strings.Contains(logs, "task=command") {
		t.Errorf("the log does not tell of the commands:\n%s", logs)
	}
}

func TestStopLetsWhatWasBegunFinish(t *testing.T) {
	r := startRig(t, emulator.Options{})
	began, finish := make(chan struct{}), make(chan struct{})
	r.knowledge.pieces = []string{"Done."}
	r.knowledge.wait = func(context.Context) { close(began); <-finish }
	r.say(general, "<@"+botUser+"> take your time", "")
	<-began
	stopped := make(chan error, 1)
	stop := r.stop
	go func() { stopped <- stop() }()
	select {
	case err := <-stopped:
		t.Fatal("stopped with a job running:", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(finish)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	r.fromBot(general, "Done.")
}

func TestRestartKeepsMemoryAndAnswersOnce(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.say(general, "<@"+botUser+"> 300k queries", "")
	r.fromBot(general, "about $300 a month")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r.startBot()
	r.say(general, "what about 500k?", p.TS)
	r.fromBot(general, "about $500 a month")
	if got := len(r.botMessages(general)); got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}
