package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/llmadvise/llmadvise/bot/store"
)

func digests(t *testing.T, s *store.Store) {
	ctx := t.Context()
	if id, err := s.NewestSnapshot(ctx); id != 0 || err != nil {
		t.Fatalf("before any snapshot: %d, %v", id, err)
	}
	if _, err := s.Snapshot(ctx, 0, new(any)); !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("before any snapshot: %v", err)
	}
	at := time.UnixMilli(1_780_000_000_000)
	for i, price := range []float64{2, 3} {
		id, err := s.PutSnapshot(ctx, map[string]float64{"price": price}, at.Add(time.Duration(i)*time.Hour))
		check(t, err)
		if newest, err := s.NewestSnapshot(ctx); newest != id || err != nil {
			t.Errorf("newest %d, %v, want %d", newest, err, id)
		}
	}
	for id, want := range map[int64]float64{0: 3, at.UnixMilli(): 2} {
		var got map[string]float64
		if _, err := s.Snapshot(ctx, id, &got); err != nil || got["price"] != want {
			t.Errorf("snapshot %d: %v, %v", id, got, err)
		}
	}
	watches(t, s)
	schedules(t, s)
}

// The history of prices comes with its snapshot, is read back as it was, and outlives it.
func prices(t *testing.T, open func(*testing.T, func() time.Time) *store.Store) {
	ctx := t.Context()
	now := time.UnixMilli(1_780_000_000_000).UTC()
	s := open(t, func() time.Time { return now })
	usd := func(v float64) *float64 { return &v }
	var first []store.PricePoint // more than fit into one statement
	for i := range 1203 {
		first = append(first, store.PricePoint{Feed: "f", Shape: "litellm", Provider: "p", Model: fmt.Sprintf("m%04d", i), Field: "input", Since: "2026-05-28", AtLeast: true, At: now, USD: usd(float64(i)), Unit: "u"})
	}
	_, err := s.PutSnapshot(ctx, 1, now, first...)
	check(t, err)
	later := now.AddDate(0, 0, 1)
	gone := store.PricePoint{Feed: "f", Shape: "litellm", Provider: "p", Model: "m0007", Field: "input", Since: "2026-05-29", At: later, Unit: "u"}
	_, err = s.PutSnapshot(ctx, 2, later, gone, gone) // the same twice is one
	check(t, err)
	all, err := s.PricePoints(ctx, nil)
	check(t, err)
	if len(all) != 1204 {
		t.Errorf("%d points", len(all))
	}
	got, err := s.PricePoints(ctx, func(p store.PricePoint) bool { return p.Model == "m0007" })
	check(t, err)
	if d := cmp.Diff([]store.PricePoint{first[7], gone}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	for day, want := range map[int]int64{-1: 0, 0: now.UnixMilli(), 1: later.UnixMilli(), 30: later.UnixMilli()} {
		if id, err := s.SnapshotAt(ctx, now.AddDate(0, 0, day)); id != want || err != nil {
			t.Errorf("day %d: %d, %v, want %d", day, id, err, want)
		}
	}
	for day := range 120 {
		_, err := s.PutSnapshot(ctx, day, now.AddDate(0, 0, day))
		check(t, err)
	}
	now = now.AddDate(0, 0, 120)
	_, err = s.Prune(ctx)
	check(t, err)
	ids, err := s.Snapshots(ctx)
	check(t, err)
	if weeks := 90/7 + 2; len(ids) < 30+90/7 || len(ids) > 30+weeks {
		t.Errorf("%d snapshots kept: want each of the last 30 days and one a week before", len(ids))
	}
	if !slices.IsSorted(ids) || ids[len(ids)-1] != now.AddDate(0, 0, -1).UnixMilli() {
		t.Error("the newest is gone")
	}
}

func watches(t *testing.T, s *store.Store) {
	ctx := t.Context()
	for _, w := range [][2]string{{"C1", "a"}, {"C1", "b"}, {"C2", "a"}, {"C1", "a"}} { // the last one replaces the first
		check(t, s.SaveWatch(ctx, w[0], w[1], w[1]))
	}
	for channel, want := range map[string]int{"C1": 2, "C2": 1, "C3": 0, "": 3} {
		list, err := s.Watches(ctx, channel)
		if err != nil || len(list) != want {
			t.Errorf("%q has %d watches, %v, want %d", channel, len(list), err, want)
		}
	}
	addEachOther(t, s)
	for _, want := range []bool{true, false} {
		if ok, err := s.RemoveWatch(ctx, "C1", "a"); ok != want || err != nil {
			t.Errorf("removed %v, %v, want %v", ok, err, want)
		}
	}
}

// addEachOther lets many writers add to one watch at a time: none undoes another.
func addEachOther(t *testing.T, s *store.Store) {
	const writers = 12
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			var text string
			if err := s.UpdateWatch(t.Context(), "C1", "b", &text, func() bool { text += "+"; return i%2 == 0 }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var text string
	check(t, s.UpdateWatch(t.Context(), "C1", "b", &text, func() bool { return false }))
	if want := "b" + strings.Repeat("+", writers/2); text != want {
		t.Errorf("%q after %d writers, want %q", text, writers/2, want)
	}
	if err := s.UpdateWatch(t.Context(), "C1", "none", &text, func() bool { return true }); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an update of nothing: %v", err)
	}
}

func schedules(t *testing.T, s *store.Store) {
	ctx := t.Context()
	sch := store.Schedule{Channel: "C1", Spec: "0 9 * * 1", Zone: "UTC", Owner: "U1", Last: "2026-07-20T09:00"}
	check(t, s.SaveSchedule(ctx, sch))
	late := sch
	late.Last, late.Silent = "2026-07-13T09:00", true
	check(t, s.SaveSchedule(ctx, late))
	got, err := s.LoadSchedule(ctx, "C1")
	if err != nil || got.Last != sch.Last || !got.Silent {
		t.Errorf("%+v, %v: a late job wound the period back, or lost a setting", got, err)
	}
	if list, err := s.Schedules(ctx); err != nil || len(list) != 1 || !cmp.Equal(list[0], got) {
		t.Errorf("%+v, %v", list, err)
	}
	for _, last := range []string{"2026-07-27T09:00", "2026-07-06T09:00"} {
		check(t, s.UpdateSchedule(ctx, "C1", func(s *store.Schedule) { s.Last, s.Tips = last, append(s.Tips, last) }))
	}
	if got, err = s.LoadSchedule(ctx, "C1"); err != nil || got.Last != "2026-07-27T09:00" || len(got.Tips) != 2 {
		t.Errorf("%+v, %v: two updates", got, err)
	}
	if err := s.UpdateSchedule(ctx, "C9", func(*store.Schedule) {}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an update of nothing: %v", err)
	}
	if ok, err := s.RemoveSchedule(ctx, "C1"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if _, err := s.LoadSchedule(ctx, "C1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after removal: %v", err)
	}
}
