package bot_test

import (
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

func TestWatchesAndDigestsInTheChannel(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	for _, c := range []struct{ text, want string }{
		{"watch list", "watches no scenario yet"},
		{"watch 300k queries, HIPAA", "I need a name"},
		{"watch gibberish as thing", "found no volume"},
		{"watch 300k queries as <!channel>", "not a name I can keep"},
		{"watch 300k queries as support-bot, HIPAA", "not a name I can keep"},
		{"watch 300k queries, HIPAA as support-bot", "Watching *support-bot*"},
		{"watch 400k queries as Support-Bot", "scenario called support-bot already"},
		{"watch add 500k queries as doc search, at once, over 12 % and over $40", "12 % and $40 a month"},
		{"watch 1k queries as x, over 0 %", "tells nothing"},
		{"watch list", "This channel watches 2 scenarios"},
		{"watch edit nothing to 5k queries", "watches nothing called that"},
		{"watch edit doc search, with the digest", "Changed *doc search*"},
		{"watch edit doc search to 600k queries, over $50", "12 % and $50 a month"},
		{"watch edit doc search to gibberish", "stays as it was"},
		{"watch list", "600k queries"},
		{"watch remove doc search", "No longer watching"},
		{"digest status", "Mondays at 9, UTC"},
		{"digest on 0 9 * * 1 Europe/Berlin", "Europe/Berlin"},
		{"digest on nonsense", "cannot read that schedule"},
		{"digest on 0 9 * * 1 Mars/Olympus", "IANA name"},
		{"digest on 0 0 30 2 * UTC", "never due"},
		{"digest often", "I know: digest now"},
		{"digest silent on", "stays silent"},
		{"digest now", "support-bot"},
		{"digest mute", "muted this channel's digest"},
		{"digest status", "The digest is paused (muted)"},
		{"digest on", "The digest is on (Mondays at 9, Europe/Berlin"},
		{"watch remove Support-Bot", "No longer watching *support-bot*"},
		{"watch remove support-bot", "watches nothing called"},
		{"digest off", "The digest is off"},
	} {
		r.command(general, c.text)
		r.fromBot(general, c.want)
	}
}

// TestDueDigestIsPostedOnce runs a due digest's job again and again, also as a restarted bot would: one message.
func TestDueDigestIsPostedOnce(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	r.command(general, "watch 300k queries, HIPAA as support-bot")
	r.fromBot(general, "Watching *support-bot*")
	s, err := r.store.LoadSchedule(t.Context(), general)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.store.RemoveSchedule(t.Context(), general); err != nil { // Last only grows: begin anew, weeks ago
		t.Fatal(err)
	}
	s.Last = time.Now().UTC().AddDate(0, 0, -40).Format("2006-01-02T15:04")
	if err := r.store.SaveSchedule(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := r.bot.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	m := r.fromBot(general, "Nothing moved")
	if m.Ephemeral() {
		t.Error("a digest is for the channel")
	}
	told := waitTold(t, r, s.Last)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r.startBot()
	for range 3 {
		if err := r.bot.RunDigest(t.Context(), general, told); err != nil {
			t.Fatal(err)
		}
		if err := r.bot.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	digests := 0
	for _, m := range r.botMessages(general) {
		if strings.Contains(m.Text, "Nothing moved") {
			digests++
		}
	}
	if digests != 1 {
		t.Errorf("%d digests, want one for five missed weeks", digests)
	}
}

// waitTold waits until the digest's period is stored, which is its last step.
func waitTold(t *testing.T, r *rig, before string) string {
	t.Helper()
	ctx := r.soon()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		s, err := r.store.LoadSchedule(ctx, general)
		if err != nil {
			t.Fatal(err)
		}
		if s.Last > before {
			return s.Last
		}
		<-tick.C
	}
}

// TestRefusedDigestIsPausedAndItsOwnerTold walks through what ends a channel, and back.
func TestRefusedDigestIsPausedAndItsOwnerTold(t *testing.T) {
	for name, c := range map[string]struct {
		end, back func(*rig)
		code      string
		remedy    string
	}{
		"archived": {func(r *rig) { r.change(general, func(c *emulator.Channel) { c.Archived = true }) },
			func(r *rig) { r.change(general, func(c *emulator.Channel) { c.Archived = false }) }, "is_archived", "unarchive it"},
		"bot removed": {func(r *rig) {
			r.change(general, func(c *emulator.Channel) { c.Kind, c.Members = "group", []string{ada, grace} })
		},
			func(r *rig) { r.change(general, func(c *emulator.Channel) { c.Members = append(c.Members, botUser) }) }, "channel_not_found", "invite me again"},
		"not in channel": {func(r *rig) { r.InjectFault(emulator.Fault{Method: "chat.postMessage", Error: "not_in_channel"}) },
			func(*rig) {}, "not_in_channel", "invite me again"},
	} {
		t.Run(name, func(t *testing.T) {
			r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
			r.command(general, "watch 300k queries, HIPAA as support-bot")
			r.fromBot(general, "Watching *support-bot*")
			r.overdue(general, 9)
			c.end(r)
			if err := r.bot.CheckDigests(t.Context()); err != nil {
				t.Fatal(err)
			}
			r.fromBot(r.DM(ada), "I paused the digest of <#"+general+">", c.code, c.remedy, "digest on")
			r.eventually(func() bool {
				s, err := r.store.LoadSchedule(t.Context(), general)
				return err == nil && s.Paused == c.code && !s.Untold
			})
			for range 3 { // told once
				if err := r.bot.CheckDigests(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(r.botMessages(r.DM(ada))); n != 1 {
				t.Errorf("the owner was told %d times", n)
			}
			c.back(r)
			r.command(general, "digest on")
			r.fromBot(general, "The digest is on")
			if s, err := r.store.LoadSchedule(t.Context(), general); err != nil || s.Paused != "" {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
}

// change alters a channel of the workspace.
func (r *rig) change(id string, f func(*emulator.Channel)) {
	for _, c := range r.Channels() {
		if c.ID == id {
			f(&c)
			r.AddChannel(c)
		}
	}
}

// TestRemovedAppTellsTheOwnerOnceItIsBack has Slack refuse everything with account_inactive: the pause stands, and the
// owner is told by the first tick that gets through.
func TestRemovedAppTellsTheOwnerOnceItIsBack(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	r.command(general, "watch 300k queries, HIPAA as support-bot")
	r.fromBot(general, "Watching *support-bot*")
	r.overdue(general, 9)
	r.InjectFault(emulator.Fault{Method: "chat.postMessage", Error: "account_inactive", Times: -1})
	if err := r.bot.CheckDigests(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.eventually(func() bool {
		s, err := r.store.LoadSchedule(t.Context(), general)
		return err == nil && s.Paused == "account_inactive" && s.Untold
	})
	r.ClearFaults()
	r.eventually(func() bool {
		if err := r.bot.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := r.store.LoadSchedule(t.Context(), general)
		return err == nil && !s.Untold
	})
	r.fromBot(r.DM(ada), "I paused the digest", "account_inactive", "installed again")
	if n := len(r.botMessages(r.DM(ada))); n != 1 {
		t.Errorf("the owner was told %d times", n)
	}
}

// TestDigestWhoseAnswerIsLost has Slack take the digest and lose its answer, then fail the first look at the history: one
// message all the same.
func TestDigestWhoseAnswerIsLost(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	r.command(general, "watch 300k queries, HIPAA as support-bot")
	r.fromBot(general, "Watching *support-bot*")
	r.overdue(general, 9)
	before, _ := r.store.LoadSchedule(t.Context(), general)
	r.InjectFault(emulator.Fault{Method: "chat.postMessage", DropAfter: true})
	r.InjectFault(emulator.Fault{Method: "conversations.history", Status: 503})
	if err := r.bot.CheckDigests(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitTold(t, r, before.Last)
	digests := 0
	for _, m := range r.botMessages(general) {
		if strings.Contains(m.Text, "Nothing moved") {
			digests++
		}
	}
	if digests != 1 {
		t.Errorf("%d digests", digests)
	}
}
