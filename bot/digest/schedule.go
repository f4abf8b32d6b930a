package digest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// DefaultSpec is the schedule of a channel that chose none: Mondays at nine.
const DefaultSpec = "0 9 * * 1"

// minGap is the shortest time between two digests that a schedule may ask for. Prices move by the day; a digest
// more often than hourly is a mistyped cron expression.
const minGap = time.Hour

// Period is one due digest of a schedule: the wall-clock minute at which it is due, in the channel's time zone,
// without the zone. It is the digest's identity: wall-clock minutes are named once by a calendar, whatever
// daylight saving does to the instants, so a period can be neither skipped nor met twice.
type Period string

const periodLayout = "2006-01-02T15:04"

// PeriodOf names a moment that is no due digest, such as that of a preview, in UTC.
func PeriodOf(t time.Time) Period { return Period(t.UTC().Format(periodLayout)) }

// Schedule is a cron expression read in a time zone.
type Schedule struct {
	Spec string
	Zone *time.Location
	cron cron.Schedule
}

// ErrSchedule marks a cron expression or a time zone that cannot be used; the error says what to write instead.
var ErrSchedule = errors.New("digest schedule")

// ParseSchedule reads a five-field cron expression ("0 9 * * 1") or one of @hourly, @daily, @weekly, @monthly, and
// an IANA time zone name ("Europe/Berlin"; "" is UTC). The error wraps [ErrSchedule].
func ParseSchedule(spec, zone string) (Schedule, error) {
	spec = strings.Join(strings.Fields(spec), " ")
	if spec == "" {
		spec = DefaultSpec
	}
	if strings.EqualFold(zone, "local") { // the machine's own zone is not the channel's, and differs between replicas
		return Schedule{}, fmt.Errorf("%w: name a time zone such as Europe/Berlin instead of %q", ErrSchedule, zone)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return Schedule{}, fmt.Errorf("%w: no time zone %q: write an IANA name such as Europe/Berlin or America/New_York", ErrSchedule, zone)
	}
	if strings.HasPrefix(spec, "TZ=") || strings.HasPrefix(spec, "CRON_TZ=") {
		return Schedule{}, fmt.Errorf("%w: give the time zone on its own, not inside %q", ErrSchedule, spec)
	}
	parsed, err := cron.ParseStandard(spec)
	if err != nil {
		return Schedule{}, fmt.Errorf("%w: %q is not a cron expression (%w): write minute, hour, day, month, weekday, such as %q for Mondays at nine", ErrSchedule, spec, err, DefaultSpec)
	}
	if _, ok := parsed.(*cron.SpecSchedule); !ok {
		return Schedule{}, fmt.Errorf("%w: %q counts from when the bot started and so differs between replicas: write a calendar time such as %q", ErrSchedule, spec, DefaultSpec)
	}
	s := Schedule{Spec: spec, Zone: loc, cron: parsed}
	return s, s.check()
}

// check refuses schedules that are never due or due too often. A cron expression repeats within 28 years at most;
// the library itself gives up after five, which leaves out nothing but 29 February on a fixed weekday.
func (s Schedule) check() error {
	at := s.cron.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	if at.IsZero() {
		return fmt.Errorf("%w: %q is never due: check day and month", ErrSchedule, s.Spec)
	}
	for range 100 {
		next := s.cron.Next(at)
		if next.IsZero() {
			return nil
		}
		if next.Sub(at) < minGap {
			return fmt.Errorf("%w: %q is due more than once an hour: a digest may be hourly at most", ErrSchedule, s.Spec)
		}
		at = next
	}
	return nil
}

// wall returns the reading of a clock on the wall at instant t, carried in UTC so that it can be compared and
// stepped without daylight saving.
func (s Schedule) wall(t time.Time) time.Time {
	l := t.In(s.Zone)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
}

// Start returns the period to count from for a schedule that begins at now: the first digest is the next one due.
func (s Schedule) Start(now time.Time) Period {
	return Period(s.wall(now).Format(periodLayout))
}

// Due returns the newest period that is due at now and later than last, and whether there is one. However many
// periods were missed, it names one: a pause is caught up by a single digest. A clock that went back names none.
func (s Schedule) Due(last Period, now time.Time) (Period, bool) {
	wall := s.wall(now)
	from, err := time.Parse(periodLayout, string(last))
	if err != nil { // never ran: only what is due from now on counts
		return "", false
	}
	if next := s.cron.Next(from); next.IsZero() || next.After(wall) { // the usual case: nothing new
		return "", false
	}
	// Something is due: find the newest, looking back no further than needed.
	for _, back := range []time.Duration{48 * time.Hour, 40 * 24 * time.Hour, 400 * 24 * time.Hour, 30 * 366 * 24 * time.Hour} {
		start := wall.Add(-back)
		reached := start.Before(from)
		if reached {
			start = from
		}
		var due time.Time
		for at := s.cron.Next(start); !at.IsZero() && !at.After(wall); at = s.cron.Next(at) {
			due = at
		}
		if !due.IsZero() && due.After(from) {
			return Period(due.Format(periodLayout)), true
		}
		if reached {
			return "", false
		}
	}
	return "", false
}

// Next returns the instant of the first digest after now. A wall-clock time that daylight saving skips falls on the
// instant at which the clock jumps past it; one that occurs twice falls on the first.
func (s Schedule) Next(now time.Time) time.Time {
	at := s.cron.Next(s.wall(now))
	if at.IsZero() {
		return time.Time{}
	}
	return s.instant(at)
}

// instant returns the first instant at which the wall clock shows at or later.
func (s Schedule) instant(at time.Time) time.Time {
	guess := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, s.Zone)
	// Zone changes move the clock by at most a day (Samoa, 2011): search the first minute inside that window.
	lo, hi := guess.Add(-26*time.Hour), guess.Add(26*time.Hour)
	first := hi
	for t := lo; t.Before(hi); {
		_, end := t.ZoneBounds()
		segEnd := hi
		if !end.IsZero() && end.Before(hi) {
			segEnd = end
		}
		_, off := t.In(s.Zone).Zone()
		inst := time.Unix(at.Unix()-int64(off), 0).In(s.Zone) // when this offset's clock shows at
		if inst.Before(t) {
			inst = t // the clock already shows later than at
		}
		if inst.Before(segEnd) {
			first = inst
			break
		}
		t = segEnd
	}
	return first
}
