package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/bot/emulator"
)

// alerts are the bot's messages to the whole channel.
func (r *rig) alerts() []string {
	var out []string
	for _, m := range r.botMessages(general) {
		if !m.Ephemeral() {
			out = append(out, m.Text)
		}
	}
	return out
}

// TestAlertIsRaisedOnceOnCrossing moves a price up and down: an alert comes when the cost crosses both measures, counted
// from what was told, and never for the same numbers again.
func TestAlertIsRaisedOnceOnCrossing(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	at := time.Now().Add(-100 * time.Hour)
	next := func(factor float64) {
		t.Helper()
		at = at.Add(time.Hour)
		r.prices(at, factor, func(o catalog.Offer) bool { return strings.HasSuffix(o.ID, "/gpt-oss-120b") })
		for range 2 { // a refresh that is repeated
			if err := r.bot.CheckDigests(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	next(1)
	r.command(general, "watch 300k queries, HIPAA as support-bot, at once, over 10 %, over $10") // $135 a month
	r.fromBot(general, "Watching *support-bot*", "as soon as prices show it")
	for _, step := range []struct {
		factor float64
		alerts int
		says   string
	}{
		{0.95, 0, ""}, // 5 %: under the share
		{0.93, 0, ""}, // adds up to 7 %
		{0.89, 1, "11 % cheaper"},
		{0.89, 1, ""},
		{0.92, 1, ""}, // 3 % from what was told
		{0.70, 2, "21 % cheaper"},
		{0.75, 2, ""}, // 7 %, and $7 a month
		{0.70, 2, ""},
		{0.79, 3, "13 % dearer"},
	} {
		next(step.factor)
		got := r.alerts()
		if len(got) != step.alerts || step.says != "" && !strings.Contains(got[len(got)-1], step.says) {
			t.Fatalf("at %v: %d alerts, want %d that say %q: %q\n%s", step.factor, len(got), step.alerts, step.says, got, r.logs)
		}
	}
	r.command(general, "digest mute")
	r.fromBot(general, "muted this channel's digest")
	next(0.4)
	if got := r.alerts(); len(got) != 3 {
		t.Errorf("a muted channel was told: %q", got)
	}
}

// TestAlertOfAnEndNamesThePricedSuccessor lets the recommended model get an end date inside the horizon.
func TestAlertOfAnEndNamesThePricedSuccessor(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	at := time.Now().Add(-10 * time.Hour)
	r.prices(at, 1, nobody)
	r.command(general, "watch 300k queries, HIPAA as support-bot, at once")
	r.fromBot(general, "Watching *support-bot*")
	stands := r.soldBy(general)
	cat := *catalog.Default()
	cat.Offers = slices.Clone(cat.Offers)
	for i := range cat.Offers {
		if stands(cat.Offers[i]) {
			cat.Offers[i].EndOfLife = catalog.DateOf(time.Now().AddDate(0, 3, 0))
		}
	}
	r.pricesOf(catalog.New(cat), at.Add(time.Hour), func(catalog.Offer) float64 { return 1 })
	for range 3 {
		if err := r.bot.CheckDigests(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	m := r.fromBot(general, "support-bot: gpt-oss-120b on AWS Bedrock ends on", "next best is", "a month (now $135)")
	if m.Ephemeral() || len(r.alerts()) != 1 {
		t.Errorf("%q", r.alerts())
	}
	t.Log(m.Text)
}
