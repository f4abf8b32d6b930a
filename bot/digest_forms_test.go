package bot_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/render"
)

// prices stores a price list in which offers that pick takes cost factor times what the catalog says.
func (r *rig) prices(at time.Time, factor float64, pick func(catalog.Offer) bool) {
	r.t.Helper()
	r.pricesOf(catalog.Default(), at, func(o catalog.Offer) float64 {
		if pick(o) {
			return factor
		}
		return 1
	})
}

func (r *rig) pricesOf(cat *catalog.Catalog, at time.Time, factor func(catalog.Offer) float64) {
	r.t.Helper()
	s, err := digest.Rehearsal(cat, nil, at, factor, func(catalog.GPUOffer) float64 { return 1 })
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.store.PutSnapshot(r.t.Context(), s, at); err != nil {
		r.t.Fatal(err)
	}
}

func nobody(catalog.Offer) bool { return false }

// soldBy picks the offer that a channel's watch stands on.
func (r *rig) soldBy(channel string) func(catalog.Offer) bool {
	r.t.Helper()
	list, err := r.store.Watches(r.t.Context(), channel)
	if err != nil || len(list) == 0 {
		r.t.Fatal(len(list), err)
	}
	return func(o catalog.Offer) bool { return strings.Contains(string(list[0]), `"offer_id":"`+o.ID+`"`) }
}

// overdue makes a channel's digest due now, as if it had been told last n days ago.
func (r *rig) overdue(channel string, n int) {
	r.t.Helper()
	s, err := r.store.LoadSchedule(r.t.Context(), channel)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.store.RemoveSchedule(r.t.Context(), channel); err != nil { // the period only grows: begin anew
		r.t.Fatal(err)
	}
	s.Last = time.Now().UTC().AddDate(0, 0, -n).Format("2006-01-02T15:04")
	if err := r.store.SaveSchedule(r.t.Context(), s); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) submit(values map[string][]string) *emulator.Delivery {
	r.t.Helper()
	d, err := r.SubmitView(ada, values)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		r.t.Fatal(err)
	}
	return d
}

func (r *rig) form(callback string) emulator.View {
	r.t.Helper()
	v, err := r.WaitView(r.soon(), ada, func(v emulator.View) bool { return v.CallbackID == callback })
	if err != nil {
		r.t.Fatal("no form ", callback, err, "\n", r.logs)
	}
	return v
}

// TestDigestOfAMove follows a digest from the price list to its buttons.
func TestDigestOfAMove(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	now := time.Now()
	r.prices(now.Add(-48*time.Hour), 1, nobody)
	r.command(general, "watch 300k queries, HIPAA as support-bot")
	r.fromBot(general, "Watching *support-bot*")
	r.overdue(general, 8)
	r.prices(now.Add(-time.Hour), 0.5, r.soldBy(general))
	if err := r.bot.CheckDigests(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := r.fromBot(general, "support-bot still favours", "50 % cheaper", "The reason:", "Price moves", "Worth knowing")
	first, _, _ := strings.Cut(m.Text, "\n")
	if !strings.HasPrefix(first, "support-bot still favours") || len(strings.Fields(first)) > 30 {
		t.Errorf("the notification begins %q", first)
	}

	d, err := r.Click(emulator.Act{User: ada, Channel: general, TS: m.TS, Action: render.ActionScenario + ":" + r.watchID(general)})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		t.Fatal(err)
	}
	if card := r.fromBot(general, "about $300 a month"); card.EphemeralTo != ada {
		t.Error("a scenario is opened for everybody")
	}

	r.click(m, render.ActionSchedule)
	r.form(render.CallbackSchedule)
	if d := r.submit(map[string][]string{"zone": {"Berlin"}}); !strings.Contains(string(d.Envelope().AckPayload), "Europe/Berlin") {
		t.Errorf("a wrong zone was taken: %s", d.Envelope().AckPayload)
	}
	if d := r.submit(map[string][]string{"spec": {"custom"}, "custom": {"* * * * *"}, "zone": {"Europe/Berlin"}}); !strings.Contains(string(d.Envelope().AckPayload), "hourly at most") {
		t.Errorf("a digest a minute was taken: %s", d.Envelope().AckPayload)
	}
	r.submit(map[string][]string{"spec": {"0 9 * * 1-5"}, "zone": {"Europe/Berlin"}, "quiet": {"silent"}})
	r.fromBot(general, "The digest is on (working days at 9, Europe/Berlin")
	if s, err := r.store.LoadSchedule(t.Context(), general); err != nil || !s.Silent || s.Spec != "0 9 * * 1-5" {
		t.Errorf("%+v, %v", s, err)
	}

	r.click(m, render.ActionMute)
	muted := r.fromBot(general, "<@"+ada+"> muted this channel's digest")
	if muted.ThreadTS != m.TS {
		t.Error("the mute is not told in the digest's thread")
	}
	r.click(muted, render.ActionUnmute)
	r.eventually(func() bool { s, err := r.store.LoadSchedule(t.Context(), general); return err == nil && s.Paused == "" })
}

// watchID is the id of a channel's first watch.
func (r *rig) watchID(channel string) string {
	r.t.Helper()
	list, err := r.store.Watches(r.t.Context(), channel)
	if err != nil || len(list) == 0 {
		r.t.Fatal(len(list), err)
	}
	var w digest.Watch
	if err := json.Unmarshal(list[0], &w); err != nil {
		r.t.Fatal(err)
	}
	return w.ID
}

func TestWatchIsEditedInItsForm(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	r.command(general, "watch 300k queries, HIPAA as support-bot")
	r.fromBot(general, "Watching *support-bot*")
	r.command(general, "watch 900k queries as other")
	r.fromBot(general, "Watching *other*")
	r.command(general, "watch list")
	list := r.fromBot(general, "This channel watches 2 scenarios", render.ActionEdit)
	if _, err := r.Click(emulator.Act{User: ada, Channel: general, TS: list.TS, Action: render.ActionEdit, Block: "watch:" + r.watchID(general)}); err != nil {
		t.Fatal(err)
	}
	r.form(render.CallbackWatch)
	for values, want := range map[[2]string]string{
		{"name", "other"}: "Another scenario", {"request", "gibberish"}: "found no volume", {"share", "lots"}: "not a number", {"usd", "-5"}: "no threshold", {"name", "*"}: "not a name",
	} {
		if d := r.submit(map[string][]string{values[0]: {values[1]}}); !strings.Contains(string(d.Envelope().AckPayload), want) {
			t.Errorf("%v: %s", values, d.Envelope().AckPayload)
		}
	}
	r.submit(map[string][]string{"name": {"helpdesk"}, "request": {"350k queries, HIPAA"}, "when": {"at once"}, "share": {"8"}, "usd": {"25"}})
	r.fromBot(general, "Changed *helpdesk*", "8 % and $25 a month")
	r.command(general, "watch list")
	r.fromBot(general, "helpdesk", "350k queries", "tells at once, from 8 %")
	r.command(general, "watch edit helpdesk") // opens the form as well
	v := r.form(render.CallbackWatch)
	if !strings.Contains(string(v.Blocks), "350k queries") {
		t.Errorf("the form is not prefilled: %s", v.Blocks)
	}
}

// TestAStumbleEndsNothing submits what makes the engine panic before it is acknowledged.
func TestAStumbleEndsNothing(t *testing.T) {
	r := startRig(t, emulator.Options{Limits: emulator.Limits{Off: true}})
	r.command(general, "watch 350k queries as helpdesk")
	r.fromBot(general, "Watching *helpdesk*")
	r.command(general, "watch edit helpdesk")
	r.form(render.CallbackWatch)
	d, err := r.SubmitView(ada, map[string][]string{"request": {"crash 77 patients"}})
	if err == nil {
		err = d.Wait(r.soon())
	}
	if err == nil {
		t.Error("a form that was never read is acknowledged")
	}
	r.command(general, "1k queries")
	r.fromBot(general, "about $1 a month")
	if logs := r.logs.String(); !strings.Contains(logs, "a delivery was dropped") || strings.Contains(logs, "patients") {
		t.Errorf("the log says %s", logs)
	}
}
