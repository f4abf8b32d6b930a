package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// Ages from which prices are worth a warning: list prices of APIs change every few months, and a bot that runs reads its
// feeds four times a day.
const (
	stalePrices = 120 * 24 * time.Hour
	staleFeed   = 7 * 24 * time.Hour
)

// prices looks at what advice rests on.
func (c *doctorCmd) prices(ctx context.Context, a *app) checkResult {
	const name = "prices"
	flags := priceFlags{storeFlags{c.DatabaseURL}, c.overrideFlag}
	if _, unplaced, err := flags.over(a, nil); err != nil || len(unplaced) > 0 {
		return warning(name, "mend the file, then `llmadvise prices override check "+flags.path(a)+"`", "negotiated prices: %s", cmp.Or(strings.Join(unplaced, "; "), fmt.Sprint(err)))
	}
	cat, snap, err := flags.prices(ctx, a)
	if err != nil {
		return broken(name, "see the message; advice then rests on the built-in prices", "%v", err)
	}
	from := "built in"
	if snap != nil && len(snap.Without(overrideSource).Feeds) > 0 {
		from = "with those of the feeds"
	}
	if st := snap.State(overrideSource); st != nil {
		from += fmt.Sprintf(", with %s of %s", plural(len(st.Entries), "negotiated price", "negotiated prices"), flags.path(a))
	}
	age := time.Since(cat.AsOf.Time)
	detail := fmt.Sprintf("%d API offers, %d GPU offers, %s, youngest of %s", len(cat.Offers), len(cat.GPUOffers), from, cat.AsOf)
	if age > stalePrices {
		return warning(name, "run `llmadvise prices refresh`, or install a newer llmadvise", "%s: %.0f days old", detail, age.Hours()/24)
	}
	return ok(name, "%s", detail)
}

// priceFeeds says how each stored feed fares.
func (c *doctorCmd) priceFeeds(ctx context.Context, a *app) checkResult {
	const name = "price feeds"
	m, closeStore, err := storeFlags{c.DatabaseURL}.openStoredMarket(ctx, a)
	if err != nil {
		return ok(name, "not looked at")
	}
	defer closeStore()
	var snap *pricing.Snapshot
	if m != nil {
		if _, _, snap, err = m.Catalog(ctx); err != nil {
			return broken(name, "see the message", "%v", err)
		}
	}
	if snap == nil || len(snap.Feeds) == 0 {
		return ok(name, "none read yet: a running bot reads them, and so does `llmadvise prices refresh`")
	}
	checked := map[string]time.Time{}
	for _, f := range snap.Feeds {
		v, err := m.LoadValidators(ctx, f.Name)
		if err != nil {
			return broken(name, "see the message", "%v", err)
		}
		checked[f.Name] = v.Checked
	}
	detail, bad := feedWords(snap, checked, time.Now())
	if bad {
		return warning(name, "`llmadvise prices feeds` says more, `llmadvise prices refresh` tries again; the last good prices stay in force", "%s", detail)
	}
	return ok(name, "%s", detail)
}

// feedWords sums the feeds up in a line, and reports whether one needs a look.
func feedWords(s *pricing.Snapshot, checked map[string]time.Time, now time.Time) (string, bool) {
	set := 0
	var trouble []string
	for i := range s.Feeds {
		f := &s.Feeds[i]
		set += len(f.Quarantined)
		last := f.Fetched
		if t := checked[f.Name]; t.After(last) {
			last = t
		}
		switch {
		case f.Problem != "":
			trouble = append(trouble, fmt.Sprintf("%s was refused on %s: %s", f.Name, f.ProblemAt.Format("2006-01-02"), f.Problem))
		case f.Shape != pricing.Override && now.Sub(last) > staleFeed:
			trouble = append(trouble, fmt.Sprintf("%s was last read on %s", f.Name, last.Format("2006-01-02")))
		}
	}
	words := fmt.Sprintf("%d of %s in order", len(s.Feeds)-len(trouble), plural(len(s.Feeds), "feed", "feeds"))
	if set > 0 {
		words += fmt.Sprintf(", %s set aside", plural(set, "price", "prices"))
	}
	return strings.Join(append([]string{words}, trouble...), "; "), len(trouble) > 0
}
