package emulator

import (
	"math"
	"time"
)

// Limits are the rate limits. The zero value is what Slack documents.
type Limits struct {
	// Off switches all rate limits off.
	Off bool
	// PerMinute replaces the documented calls a minute of single methods.
	PerMinute map[string]int
	// PostBurst is how many chat.postMessage calls a channel may make at once above one a second. Zero: 10. Slack allows
	// "short bursts" and gives no number, so this one is assumed.
	PostBurst int
}

// Calls a minute of Slack's tiers (https://docs.slack.dev/apis/web-api/rate-limits). The page says "20+" and so on: the
// emulator refuses everything above the promised number.
const (
	tier1 = 1
	tier2 = 20
	tier3 = 50
	tier4 = 100
	// tierSpecial methods publish no number; several hundred a minute are tolerated (assumed: 600).
	tierSpecial = 600
)

// limiter counts calls in a sliding minute per key, and posts in a leaking bucket per channel.
type limiter struct {
	opts    Limits
	calls   map[string][]time.Time
	buckets map[string]bucket
}

type bucket struct {
	level float64 // posts above the steady rate
	at    time.Time
}

func newLimiter(o Limits) *limiter {
	if o.PostBurst == 0 {
		o.PostBurst = 10
	}
	return &limiter{opts: o, calls: map[string][]time.Time{}, buckets: map[string]bucket{}}
}

// take notes one call of a method and returns zero, or notes nothing and returns how long the caller must wait.
func (l *limiter) take(method string, perMinute int, channel string, now time.Time) time.Duration {
	if l.opts.Off {
		return 0
	}
	if n, ok := l.opts.PerMinute[method]; ok {
		perMinute = n
	}
	recent := l.calls[method]
	for len(recent) > 0 && now.Sub(recent[0]) >= time.Minute {
		recent = recent[1:]
	}
	l.calls[method] = recent
	if len(recent) >= perMinute {
		if len(recent) == 0 { // a limit of zero: never
			return time.Minute
		}
		return wholeSeconds(recent[0].Add(time.Minute).Sub(now))
	}
	if method == "chat.postMessage" {
		if wait := l.takePost(channel, now); wait > 0 {
			return wait
		}
	}
	l.calls[method] = append(recent, now)
	return 0
}

// takePost allows one message a second and channel, and short bursts.
func (l *limiter) takePost(channel string, now time.Time) time.Duration {
	b := l.buckets[channel]
	b.level = math.Max(0, b.level-now.Sub(b.at).Seconds())
	b.at = now
	if b.level+1 > float64(l.opts.PostBurst) {
		l.buckets[channel] = b
		return wholeSeconds(time.Duration((b.level + 1 - float64(l.opts.PostBurst)) * float64(time.Second)))
	}
	b.level++
	l.buckets[channel] = b
	return 0
}

// wholeSeconds rounds up, as Retry-After has no fractions.
func wholeSeconds(d time.Duration) time.Duration {
	s := time.Duration(math.Ceil(d.Seconds())) * time.Second
	return max(s, time.Second)
}
