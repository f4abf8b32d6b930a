package digest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
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
	specs := []string{"30 2 * * *", "15 1 * * *", "0 0 * * *", "45 23 * * 6", "30 2 * * 0", "0 0 29 2 *", "59 23 31 * *"}
	from := time.Date(2027, 1, 1, 0, 7, 0, 0, time.UTC) // with a leap day
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

// TestOneDigestWhateverTheClockDoes lets a clock jump about at random, over changes of daylight saving, restarts and pauses:
// a period never comes twice, they come in order, and once the clock is right again the newest is there.
func TestOneDigestWhateverTheClockDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom([]string{"America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca", "Pacific/Apia", "Asia/Kolkata"}).Draw(t, "zone")
		spec := rapid.SampledFrom([]string{"30 2 * * *", "0 0 * * *", "0 9 * * 1", "30 1 * * 0", "0 */6 * * *", "0 9 29 2 *", "@monthly"}).Draw(t, "spec")
		s, err := ParseSchedule(spec, zone)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2027, 10, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 180*24*60).Draw(t, "start")) * time.Minute)
		begin := s.Start(now)
		last := begin
		told := map[Period]bool{}
		tick := func() {
			p, due := s.Due(last, now)
			if !due {
				return
			}
			if told[p] || p <= last {
				t.Fatalf("%s again or out of order, after %s", p, last)
			}
			told[p], last = true, p
		}
		for _, jump := range rapid.SliceOfN(rapid.IntRange(-3*24*60, 20*24*60), 1, 60).Draw(t, "minutes") {
			now = now.Add(time.Duration(jump) * time.Minute)
			tick()
			tick() // a restart looks again
		}
		newest := time.Time{}
		for at := s.cron.Next(s.wall(now).AddDate(0, -2, 0)); !at.IsZero() && !at.After(s.wall(now)); at = s.cron.Next(at) {
			newest = at
		}
		if p := Period(newest.Format(periodLayout)); !newest.IsZero() && p > begin && last < p {
			t.Fatalf("at %s the newest is %s, told %s", now, p, last)
		}
	})
}

// TestChangeOfZone moves a channel between zones: the week's digest comes once, or as the new schedule says.
func TestChangeOfZone(t *testing.T) {
	for _, c := range []struct{ name, from, to, told, now, next string }{
		{"told in Tokyo, then New York: that Monday was told", "Asia/Tokyo", "America/New_York", "2026-07-27T09:00", "2026-07-27T01:00:00Z", "2026-08-03T09:00"},
		{"told in New York, then Tokyo", "America/New_York", "Asia/Tokyo", "2026-07-27T09:00", "2026-07-27T14:00:00Z", "2026-08-03T09:00"},
		{"changed before Monday", "America/New_York", "Europe/Berlin", "2026-07-20T09:00", "2026-07-26T12:00:00Z", "2026-07-27T09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			to := mustSchedule(t, DefaultSpec, c.to)
			now, _ := time.Parse(time.RFC3339, c.now)
			last := max(Period(c.told), to.Start(now)) // as the bot keeps it
			var got Period
			for end := now.AddDate(0, 0, 13); now.Before(end); now = now.Add(17 * time.Minute) {
				if p, due := to.Due(last, now); due {
					if got == "" {
						got = p
					}
					last = p
				}
			}
			if got != Period(c.next) {
				t.Errorf("the next one is %s, want %s", got, c.next)
			}
		})
	}
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
	_, before := now.Add(-10 * time.Hour).In(loc).Zone()
	_, after := now.Add(10 * time.Hour).In(loc).Zone()
	if before != after {
		return 13 * time.Minute
	}
	return 1000 * time.Minute // less than the window around a change, and than a day
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
		if strings.HasPrefix(name, "posix/") || strings.HasPrefix(name, "right/") {
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
