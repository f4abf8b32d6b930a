package emulator_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// sample is an app that uses much of what Slack offers, for the page and the round trips.
func sample(t *testing.T, s *emulator.Server) *app {
	return connect(t, s, func(a *app, ev socketmode.Event) {
		switch data := ev.Data.(type) {
		case slack.SlashCommand:
			ack(a, ev)
			a.slash(data)
		case slackevents.EventsAPIEvent:
			ack(a, ev)
			a.event(data)
		case slack.InteractionCallback:
			a.interaction(ev, data)
		default:
			ack(a, ev)
		}
	})
}

func (a *app) slash(c slack.SlashCommand) {
	if c.Text == "" {
		_, _ = a.OpenView(c.TriggerID, sampleModal("300000"))
		return
	}
	_, _, _ = a.PostMessage("", slack.MsgOptionResponseURL(c.ResponseURL, slack.ResponseTypeEphemeral), slack.MsgOptionText("Hosted open model: about $324 a month", false), slack.MsgOptionBlocks(sampleCard(c.Text)...))
}

func (a *app) event(ev slackevents.EventsAPIEvent) {
	switch e := ev.InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		a.answer(e.Channel, e.TimeStamp, ev.TeamID, e.User)
	case *slackevents.MessageEvent:
		if e.ChannelType == "im" && e.BotID == "" && e.SubType == "" {
			thread := e.ThreadTimeStamp
			if thread == "" {
				thread = e.TimeStamp
			}
			a.answer(e.Channel, thread, ev.TeamID, e.User)
		}
	case *slackevents.AppHomeOpenedEvent:
		if e.Tab == "home" {
			_, _ = a.PublishView(e.User, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: sampleHome()}}, "")
		}
	case *slackevents.AssistantThreadStartedEvent:
		_ = a.SetAssistantThreadsSuggestedPrompts(slack.AssistantThreadsSetSuggestedPromptsParameters{
			ChannelID: e.AssistantThread.ChannelID, ThreadTS: e.AssistantThread.ThreadTimeStamp, Title: "Where shall we start?",
			Prompts: []slack.AssistantThreadsPrompt{{Title: "Can we send PHI to an API?", Message: "Can we send PHI to an API?"}, {Title: "What does an H100 cost?", Message: "What does an H100 cost?"}},
		})
	}
}

// answer streams a cited answer into a thread.
func (a *app) answer(channel, thread, team, user string) {
	_ = a.SetAssistantThreadsStatus(slack.AssistantThreadsSetStatusParameters{ChannelID: channel, ThreadTS: thread, Status: "is searching the knowledge base"})
	_, ts, err := a.StartStream(channel, slack.MsgOptionTS(thread), slack.MsgOptionRecipientTeamID(team), slack.MsgOptionRecipientUserID(user))
	if err != nil {
		_, _, _ = a.PostMessage(channel, slack.MsgOptionTS(thread), slack.MsgOptionText("could not stream: "+err.Error(), false))
		return
	}
	for _, part := range []string{"Yes, to an endpoint whose vendor has signed a **BAA** with you; ", "without one, no [1].\n\n", "- the BAA names the service\n- retention is off\n"} {
		_, _, _ = a.AppendStream(channel, ts, slack.MsgOptionMarkdownText(part))
	}
	_, _, _ = a.StopStream(channel, ts, slack.MsgOptionBlocks(slack.NewContextBlock("src", text("Sources: 1 Compliance, _HIPAA_"))))
}

func (a *app) interaction(ev socketmode.Event, c slack.InteractionCallback) {
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		ack(a, ev)
		switch act := c.ActionCallback.BlockActions[0]; act.ActionID {
		case "adjust":
			_, _ = a.OpenView(c.TriggerID, sampleModal("300000"))
		case "share":
			_, _, _ = a.PostMessage(c.Channel.ID, slack.MsgOptionText("shared", false), slack.MsgOptionBlocks(sampleCard("shared")...))
		default:
			_, _, _ = a.PostMessage("", slack.MsgOptionResponseURL(c.ResponseURL, slack.ResponseTypeEphemeral), slack.MsgOptionReplaceOriginal(c.ResponseURL), slack.MsgOptionText("replaced by "+act.ActionID, false))
		}
	case slack.InteractionTypeViewSubmission:
		v := c.View.State.Values["volume"]["n"].Value
		if v == "13" {
			_ = a.sm.Ack(*ev.Request, slack.NewErrorsViewSubmissionResponse(map[string]string{"volume": "Not that number, please."}))
			return
		}
		ack(a, ev)
		_, _, _ = a.PostMessage(general, slack.MsgOptionText("submitted "+v, false))
	default:
		ack(a, ev)
	}
}

func sampleModal(volume string) slack.ModalViewRequest {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	n := slack.NewNumberInputBlockElement(plain("300000"), "n", false).WithInitialValue(volume).WithMinValue("1")
	region := slack.NewOptionsSelectBlockElement("static_select", plain("Any"), "region",
		slack.NewOptionBlockObject("eu", plain("European Union"), nil), slack.NewOptionBlockObject("us", plain("United States"), nil))
	note := slack.NewPlainTextInputBlockElement(plain("What else matters?"), "note")
	note.Multiline = true
	opt := slack.NewInputBlock("note", plain("Notes"), nil, note)
	opt.Optional = true
	where := slack.NewInputBlock("region", plain("Region"), nil, region)
	where.Optional = true
	return slack.ModalViewRequest{
		Type: "modal", Title: plain("Adjust"), Submit: plain("Advise"), Close: plain("Cancel"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewSectionBlock(text("Every input can be changed; *assumed* ones are marked."), nil, nil),
			slack.NewInputBlock("volume", plain("Queries a month"), plain("300k is 300000"), n), where, opt,
		}},
	}
}

func sampleHome() []slack.Block {
	return []slack.Block{
		slack.NewHeaderBlock(slack.NewTextBlockObject("plain_text", "Your scenarios", false, false)),
		slack.NewSectionBlock(text("*support-bot* still favours a hosted open model"), nil, nil),
		slack.NewDividerBlock(),
		slack.NewActionBlock("home", slack.NewButtonBlockElement("adjust", "", slack.NewTextBlockObject("plain_text", "New scenario", false, false))),
	}
}

func sampleCard(what string) []slack.Block {
	plain := func(s string) *slack.TextBlockObject { return slack.NewTextBlockObject("plain_text", s, false, false) }
	table := slack.NewDataTableBlock("Options, a month").WithPageSize(3)
	head := func(s ...string) (out []slack.DataTableCell) {
		for _, x := range s {
			out = append(out, slack.NewDataTableRawTextCell(x))
		}
		return out
	}
	table.AddRow(head("option", "a month", "HIPAA")...)
	for _, r := range []struct {
		name  string
		usd   float64
		hipaa string
	}{{"Hosted Llama-3.3-70B", 324, "BAA"}, {"GPT-4.1 API", 1440, "BAA, on request"}, {"Self-hosted, 2x H100", 4365, "yours to prove"}, {"Self-hosted, 4x H100", 8731, "yours to prove"}} {
		table.AddRow(slack.NewDataTableRawTextCell(r.name), slack.NewDataTableRawNumberCell(r.usd).WithText(fmt.Sprintf("$%.0f", r.usd)), slack.NewDataTableRawTextCell(r.hipaa))
	}
	cats := []string{"100k", "300k", "1M", "3M", "10M", "30M"}
	series := func(name string, v ...float64) slack.DataVisualizationDataSeries {
		s := slack.DataVisualizationDataSeries{Name: name}
		for i, x := range v {
			s.Data = append(s.Data, slack.NewDataVisualizationDataPoint(cats[i], x))
		}
		return s
	}
	axis := slack.NewDataVisualizationAxisConfig(cats...).WithXLabel("queries a month").WithYLabel("USD a month")
	chart := &slack.DataVisualizationBlock{Type: "data_visualization", Title: "Cost against volume", Chart: slack.NewDataVisualizationLineChart(axis,
		series("Hosted open", 108, 324, 1080, 3240, 10800, 32400), series("GPT-4.1", 480, 1440, 4800, 14400, 48000, 144000), series("Self-hosted", 4365, 4365, 4365, 4365, 8731, 17462))}
	danger := slack.NewButtonBlockElement("share", "v", plain("Share to channel")).WithStyle(slack.StylePrimary)
	return []slack.Block{
		slack.NewSectionBlock(text("*Hosted open model: about $324 a month* ($230-$450, 80 %)\nLlama-3.3-70B on a BAA-covered endpoint. Meets HIPAA and p95 5 s."), nil, nil),
		slack.NewContextBlock("said", text("You said: "+strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(what)+". Assumed: 1,200 tokens in, 300 out.")),
		table, chart,
		slack.NewActionBlock("acts", slack.NewButtonBlockElement("adjust", "v", plain("Adjust")), slack.NewButtonBlockElement("math", "v", plain("Show the math")), danger,
			slack.NewOverflowBlockElement("more", slack.NewOptionBlockObject("export", plain("Export CSV"), nil), slack.NewOptionBlockObject("watch", plain("Watch"), nil))),
	}
}

func TestSampleBlocksAreValid(t *testing.T) {
	for name, blocks := range map[string][]slack.Block{"card": sampleCard("x"), "home": sampleHome()} {
		raw, err := json.Marshal(blocks)
		if err != nil {
			t.Fatal(err)
		}
		if err := emulator.ValidateMessage(raw, emulator.SurfaceMessage); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	raw, _ := json.Marshal(sampleModal("1"))
	if err := emulator.ValidateView(raw); err != nil {
		t.Error(err)
	}
}

func TestSampleAppRoundTrips(t *testing.T) {
	s := start(t, emulator.Options{})
	sample(t, s)
	ctx := soon(t)

	// a command, its ephemeral card, a click that replaces it
	d, _ := s.SlashCommand(general, ada, "/llm-advise", "300k queries, HIPAA")
	if err := d.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	card, err := s.WaitMessage(ctx, general, func(m emulator.Message) bool { return m.Ephemeral() && len(m.Blocks) > 0 })
	if err != nil {
		t.Fatal(err)
	}
	click := func(a emulator.Act) {
		t.Helper()
		d, err := s.Click(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	click(emulator.Act{User: ada, Channel: general, TS: card.TS, Action: "math"})
	if _, err := s.WaitMessage(ctx, general, func(m emulator.Message) bool { return m.TS == card.TS && m.Text == "replaced by math" }); err != nil {
		t.Fatal("the ephemeral card was not replaced:", err)
	}

	// a modal: refused by the client, refused by the app, accepted
	d, _ = s.SlashCommand(general, ada, "/llm-advise", "")
	_ = d.Wait(ctx)
	if _, err := s.WaitView(ctx, ada, func(v emulator.View) bool { return v.Type == "modal" }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SubmitView(ada, map[string][]string{"n": {"0"}}); !errors.Is(err, emulator.ErrIncomplete) {
		t.Errorf("a number below the minimum went through: %v", err)
	}
	submit := func(n string) {
		t.Helper()
		d, err := s.SubmitView(ada, map[string][]string{"n": {n}, "region/region": {"eu"}})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	submit("13")
	if v := s.Views(ada); len(v) != 1 || v[0].Errors["volume"] == "" {
		t.Errorf("the app's complaint is not shown: %+v", v)
	}
	submit("500000")
	if n := len(s.Views(ada)); n != 0 {
		t.Errorf("%d modals are open after the submission", n)
	}
	if _, err := s.WaitMessage(ctx, general, func(m emulator.Message) bool { return m.Text == "submitted 500000" }); err != nil {
		t.Fatal(err)
	}

	// a mention, answered by a stream
	p, _ := s.Post(general, grace, s.WireText("@llmadvise can we send PHI to an API?"), "")
	m, err := s.WaitMessage(ctx, general, func(m emulator.Message) bool {
		return m.ThreadTS == p.TS && !m.Streaming && strings.Contains(string(m.Blocks), "Sources")
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(m.Text, "without one, no [1]") {
		t.Errorf("streamed text: %q", m.Text)
	}

	// App Home and the assistant pane
	if err := s.OpenHome(ada, "home").Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if err := s.WaitFor(ctx, func() bool { _, ok := s.Home(ada); return ok }); err != nil {
		t.Fatal(err)
	}
	ch, ts, d := s.OpenAssistant(ada, general)
	if err := d.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	err = s.WaitFor(ctx, func() bool { _, _, prompts := s.ThreadStatus(ch, ts); return len(prompts) == 2 })
	if err != nil {
		t.Fatal("no suggested prompts:", err)
	}
	if _, err := s.Post(ch, ada, "What does an H100 cost?", ts); err != nil {
		t.Fatal(err)
	}
	if _, err := s.WaitMessage(ctx, ch, func(m emulator.Message) bool { return m.BotID != "" && !m.Streaming && m.Text != "" && m.Subtype == "" }); err != nil {
		t.Fatal(err)
	}
	for _, e := range s.Traffic() {
		if !e.OK && e.Kind == "api" {
			t.Errorf("%s failed: %s", e.Name, e.Note)
		}
	}
}

// BenchmarkSlashCommand is a command's whole way: envelope, acknowledgement, answer through the response_url.
func BenchmarkSlashCommand(b *testing.B) {
	s := emulator.New(emulator.Options{})
	if err := s.Start(b.Context(), "127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	client := api(s)
	sm := socketmode.New(client)
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	wg.Go(func() { _ = sm.RunContext(ctx) })
	wg.Go(func() {
		for {
			select {
			case ev := <-sm.Events:
				if c, ok := ev.Data.(slack.SlashCommand); ok {
					_ = sm.Ack(*ev.Request)
					_, _, _ = client.PostMessage("", slack.MsgOptionResponseURL(c.ResponseURL, slack.ResponseTypeEphemeral), slack.MsgOptionText(c.Text, false))
				}
			case <-ctx.Done():
				return
			}
		}
	})
	defer func() { cancel(); wg.Wait(); _ = s.Close() }()
	if err := s.WaitConnections(ctx, 1); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := len(s.Messages(general))
		if _, err := s.SlashCommand(general, ada, "/llm-advise", "x"); err != nil {
			b.Fatal(err)
		}
		if err := s.WaitFor(ctx, func() bool { return len(s.Messages(general)) > n }); err != nil {
			b.Fatal(err)
		}
	}
}
