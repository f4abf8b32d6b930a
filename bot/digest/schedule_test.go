package digest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParseScheduleSaysWhatToWrite(t *testing.T) {
	for _, c := range []struct{ name, spec, zone, want string }{
		{"not cron", "mondays", "UTC", "0 9 * * 1"},
		{"bad zone", "0 9 * * 1", "Berlin", "Europe/Berlin"},
		{"local zone", "0 9 * * 1", "Local", "Europe/Berlin"},
		{"every minute", "* * * * *", "", "hourly at most"},
		{"never", "0 0 30 2 *", "", "never due"},
		{"relative", "@every 5h", "", "calendar"},
		{"zone inside", "TZ=Asia/Tokyo 0 9 * * 1", "", "on its own"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseSchedule(c.spec, c.zone)
			if !errors.Is(err, ErrSchedule) || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("ParseSchedule(%q, %q) = %v, want an error that names %q", c.spec, c.zone, err, c.want)
			}
		})
	}
	for _, spec := range []string{"", "0 9 * * 1", "@weekly", "0 */6 * * *", "30 7 1 * *", "0 9 * * MON-FRI", "@hourly"} {
		if _, err := ParseSchedule(spec, "America/New_York"); err != nil {
			t.Errorf("ParseSchedule(%q): %v", spec, err)
		}
	}
}

func TestDueCatchesUpWithOneDigest(t *testing.T) {
	s := mustSchedule(t, "0 9 * * 1", "Europe/Berlin")
	monday := time.Date(2026, 7, 20, 9, 0, 0, 0, s.Zone)
	last := s.Start(monday.Add(-time.Hour))
	if p, ok := s.Due(last, monday.Add(-time.Minute)); ok {
		t.Fatalf("due %s before nine", p)
	}
	p, ok := s.Due(last, monday.AddDate(0, 0, 7*5).Add(3*time.Hour))
	if !ok || p != "2026-08-24T09:00" {
		t.Fatalf("after five weeks down: %q %v, want the newest period alone", p, ok)
	}
	if again, ok := s.Due(p, monday.AddDate(0, 0, 7*5).Add(4*time.Hour)); ok {
		t.Fatalf("due again: %s", again)
	}
	if back, ok := s.Due(p, monday); ok {
		t.Fatalf("the clock went back and %s came again", back)
	}
	if _, ok := s.Due("", monday); ok {
		t.Fatal("a schedule that never started must not post")
	}
}

// TestYearsOfDaylightSaving walks two years of ticks through every zone that changes its clock: each wall-clock
// period of the calendar comes exactly once, whatever hour the change falls on.
func TestYearsOfDaylightSaving(t *testing.T) {
	zones := zonesWithDaylightSaving(t)
	if len(zones) < 50 {
		t.Fatalf("only %d zones with daylight saving found", len(zones))
	}
	specs := []string{"30 2 * * *", "15 1 * * *", "0 0 * * *", "45 23 * * 6"}
	from := time.Date(2025, 1, 1, 0, 7, 0, 0, time.UTC)
	to := from.AddDate(2, 0, 0)
	for _, zone := range zones {
		for _, spec := range specs {
			s := mustSchedule(t, spec, zone)
			last := s.Start(from)
			begin := last
			got := map[Period]int{}
			var end time.Time
			for now := from; now.Before(to); now = now.Add(stepAt(now, s.Zone)) {
				if w := s.wall(now); w.After(end) {
					end = w
				}
				if p, ok := s.Due(last, now); ok {
					if p <= last {
						t.Fatalf("%s %q: %s after %s", zone, spec, p, last)
					}
					got[p]++
					last = p
				}
			}
			start, _ := time.Parse(periodLayout, string(begin))
			want := 0
			for at := s.cron.Next(start); !at.After(end); at = s.cron.Next(at) {
				want++
				if got[Period(at.Format(periodLayout))] != 1 {
					t.Fatalf("%s %q: period %s came %d times", zone, spec, at, got[Period(at.Format(periodLayout))])
				}
			}
			if len(got) != want {
				t.Fatalf("%s %q: %d digests, want %d", zone, spec, len(got), want)
			}
		}
	}
	t.Logf("%d zones, %d schedules, two years each, a tick every 13 minutes around each change", len(zones), len(specs))
}

func TestNextAtTheChange(t *testing.T) {
	for _, c := range []struct{ name, zone, spec, now, want string }{
		{"skipped hour falls on the jump", "America/New_York", "30 2 * * *", "2026-03-08T05:00:00Z", "2026-03-08T07:00:00Z"},
		{"repeated hour is the first", "America/New_York", "30 1 * * *", "2026-11-01T00:00:00Z", "2026-11-01T05:30:00Z"},
		{"half-hour zone", "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00:00Z", "2026-10-03T15:30:00Z"},
		{"plain", "Asia/Tokyo", "0 9 * * 1", "2026-07-20T00:00:00Z", "2026-07-27T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustSchedule(t, c.spec, c.zone)
			now, _ := time.Parse(time.RFC3339, c.now)
			if got := s.Next(now).UTC().Format(time.RFC3339); got != c.want {
				t.Errorf("Next = %s, want %s", got, c.want)
			}
		})
	}
}

// stepAt returns the time to the next tick: small near a change of the clock, larger elsewhere.
func stepAt(now time.Time, loc *time.Location) time.Duration {
	_, before := now.Add(-9 * time.Hour).In(loc).Zone()
	_, after := now.Add(9 * time.Hour).In(loc).Zone()
	if before != after {
		return 13 * time.Minute
	}
	return 167 * time.Minute
}

// zonesWithDaylightSaving returns the IANA zones whose offset changes within 2025.
func zonesWithDaylightSaving(t *testing.T) []string {
	t.Helper()
	root := ""
	for _, dir := range []string{"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"} {
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			root = dir
			break
		}
	}
	if root == "" {
		t.Skip("no zoneinfo folder on this machine to list the zones from")
	}
	var zones []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(root, path)
		if strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") || !strings.Contains(name, "/") {
			return nil
		}
		loc, err := time.LoadLocation(name)
		if err != nil {
			return nil // not a zone file
		}
		offsets := map[int]bool{}
		for m := 1; m <= 12; m++ {
			_, off := time.Date(2025, time.Month(m), 15, 12, 0, 0, 0, loc).Zone()
			offsets[off] = true
		}
		if len(offsets) > 1 {
			zones = append(zones, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return zones
}

func mustSchedule(t *testing.T, spec, zone string) Schedule {
	t.Helper()
	s, err := ParseSchedule(spec, zone)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
