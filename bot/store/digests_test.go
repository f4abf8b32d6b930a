package store_test

import (
	"errors"
	"testing"
	"time"

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
	for _, want := range []bool{true, false} {
		if ok, err := s.RemoveWatch(ctx, "C1", "a"); ok != want || err != nil {
			t.Errorf("removed %v, %v, want %v", ok, err, want)
		}
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
	if list, err := s.Schedules(ctx); err != nil || len(list) != 1 || list[0] != got {
		t.Errorf("%+v, %v", list, err)
	}
	if ok, err := s.RemoveSchedule(ctx, "C1"); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
	if _, err := s.LoadSchedule(ctx, "C1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after removal: %v", err)
	}
}
