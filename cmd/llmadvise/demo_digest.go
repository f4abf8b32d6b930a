package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/bot"
	"github.com/llmadvise/llmadvise/bot/digest"
	"github.com/llmadvise/llmadvise/bot/emulator"
	"github.com/llmadvise/llmadvise/bot/store"
)

// demoClock is the time of the demo: the real one, moved on.
type demoClock struct{ ahead atomic.Int64 }

// Now implements [emulator.Clock].
func (c *demoClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// AfterFunc implements [emulator.Clock]: waits of seconds are not touched by a jump.
func (c *demoClock) AfterFunc(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

// moveTo never goes back.
func (c *demoClock) moveTo(t time.Time) {
	if by := t.Sub(c.Now()); by > 0 {
		c.ahead.Add(int64(by))
	}
}

// demoWeek is one made-up week of prices.
type demoWeek struct {
	says   string // measured from the built-in prices, as the factors are
	token  func(catalog.Offer) float64
	rental func(catalog.GPUOffer) float64
}

// demoWeeks follow each other, then begin again. The prices are the built-in ones times these factors.
var demoWeeks = []demoWeek{
	{
		"AWS Bedrock 18 % cheaper, Nscale 45 % dearer, H100 rents down 7 %, one price ten times off",
		func(o catalog.Offer) float64 {
			switch {
			case o.ID == "openai/gpt-4.1-mini":
				return 10
			case o.ProviderID == "aws" && o.Class == catalog.HostedOpen:
				return 0.82
			case o.ProviderID == "nscale":
				return 1.45
			}
			return 1
		},
		h100(0.93),
	},
	{"as last week", nil, nil},
	{
		"Groq 30 % cheaper, Nscale 45 % dearer, H100 rents up 12 %",
		func(o catalog.Offer) float64 {
			switch o.ProviderID {
			case "nscale":
				return 1.45
			case "groq":
				return 0.7
			}
			return 1
		},
		h100(1.12),
	},
}

func h100(factor float64) func(catalog.GPUOffer) float64 {
	return func(o catalog.GPUOffer) float64 {
		if strings.HasPrefix(o.Accelerator, "H100") {
			return factor
		}
		return 1
	}
}

// demoChannel is where the demo saves scenarios of its own when nobody has saved any.
const demoChannel = "C0MLPLATF1"

var demoScenarios = []string{"watch 300k queries, HIPAA as support-bot", "watch 2M queries a month, rag, public data as doc-search"}

// demoDigests moves the demo to its next digest. Everything but the prices and the clock is the bot's own.
type demoDigests struct {
	clock *demoClock
	slack *emulator.Server
	store *store.Store
	bot   *bot.Bot

	mu   sync.Mutex
	week int
}

// ready hands over what exists once the bot is connected.
func (d *demoDigests) ready(slack *emulator.Server, st *store.Store, b *bot.Bot) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.slack, d.store, d.bot = slack, st, b
}

var errNotReady = errors.New("the bot is still starting: try again in a moment")

// skip makes the next digest due under the next made-up week of prices, waits until it is posted and says what happened.
func (d *demoDigests) skip(ctx context.Context) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bot == nil {
		return "", errNotReady
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	saved, err := d.scenarios(ctx)
	if err != nil {
		return "", err
	}
	if err := d.baseline(ctx); err != nil {
		return "", err
	}
	channel, due, err := d.next(ctx)
	if err != nil {
		return "", err
	}
	d.clock.moveTo(due.Add(time.Second))
	week := demoWeeks[d.week%len(demoWeeks)]
	if err := d.prices(ctx, week); err != nil {
		return "", err
	}
	if err := d.bot.CheckDigests(ctx); err != nil {
		return "", err
	}
	if err := d.told(ctx, channel, due); err != nil {
		return "", err
	}
	d.week++
	return fmt.Sprintf("%sIt is %s now. Made-up prices, measured from the built-in ones: %s.", saved, due.Format("Monday 2 January, 15:04 MST"), week.says), nil
}

// scenarios saves two as a person would, where the workspace has none.
func (d *demoDigests) scenarios(ctx context.Context) (said string, err error) {
	list, err := d.store.Schedules(ctx)
	if err != nil || len(list) > 0 {
		return "", err
	}
	viewer := d.slack.Workspace().Users[0].ID
	for _, text := range demoScenarios {
		if _, err := d.slack.SlashCommand(demoChannel, viewer, "/llm-advise", text); err != nil {
			return "", err
		}
		if err := d.until(ctx, func() (bool, error) {
			raw, err := d.store.Watches(ctx, demoChannel)
			return strings.Contains(fmt.Sprintf("%s", raw), `"name":"`+text[strings.LastIndex(text, " ")+1:]+`"`), err
		}); err != nil {
			return "", err
		}
	}
	return "Saved two scenarios in #ml-platform first. ", nil
}

// baseline stores the built-in prices as a price list, for the first made-up week to be compared with. It is the same
// prices that the channels were told.
func (d *demoDigests) baseline(ctx context.Context) error {
	id, err := d.store.NewestSnapshot(ctx)
	if err != nil || id != 0 {
		return err
	}
	now := d.clock.Now()
	one := func(catalog.Offer) float64 { return 1 }
	s, err := digest.Rehearsal(catalog.Default(), nil, now, one, func(catalog.GPUOffer) float64 { return 1 })
	if err != nil {
		return err
	}
	if id, err = d.store.PutSnapshot(ctx, s, now); err != nil {
		return err
	}
	list, err := d.store.Schedules(ctx)
	if err != nil {
		return err
	}
	for _, s := range list {
		if err := d.store.UpdateSchedule(ctx, s.Channel, func(s *store.Schedule) { s.Snapshot = id }); err != nil {
			return err
		}
	}
	return nil
}

// next finds the channel whose digest comes first.
func (d *demoDigests) next(ctx context.Context) (channel string, due time.Time, err error) {
	list, err := d.store.Schedules(ctx)
	if err != nil {
		return "", due, err
	}
	for _, s := range list {
		sch, err := digest.ParseSchedule(s.Spec, s.Zone)
		if err != nil || s.Paused != "" {
			continue
		}
		if at := sch.Next(d.clock.Now()); channel == "" || at.Before(due) {
			channel, due = s.Channel, at.In(sch.Zone)
		}
	}
	if channel == "" {
		return "", due, errors.New("every digest is muted or paused: type /llm-advise digest on")
	}
	return channel, due, nil
}

// prices stores the week's price list; a week in which nothing moves stores none.
func (d *demoDigests) prices(ctx context.Context, w demoWeek) error {
	if w.token == nil {
		return nil
	}
	m := bot.NewMarket(d.store, catalog.Default(), d.clock.Now)
	last, err := m.LatestSnapshot(ctx)
	if err != nil {
		return err
	}
	now := d.clock.Now()
	s, err := digest.Rehearsal(catalog.Default(), last, now, w.token, w.rental)
	if err != nil {
		return err
	}
	return m.SaveSnapshot(ctx, s, now)
}

// told waits until a channel's digest is noted as told.
func (d *demoDigests) told(ctx context.Context, channel string, due time.Time) error {
	return d.until(ctx, func() (bool, error) {
		s, err := d.store.LoadSchedule(ctx, channel)
		return s.Last >= due.Format("2006-01-02T15:04") || s.Paused != "", err
	})
}

// until asks again after each change in the local Slack, and now and then: what is stored is stored after it was posted.
func (d *demoDigests) until(ctx context.Context, cond func() (bool, error)) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := cond(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the bot did not get to it within 20 seconds: look at the terminal")
		case <-tick.C:
		}
	}
}
