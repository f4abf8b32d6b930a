package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/llmadvise/llmadvise/advisor/pricing"
)

// metrics of the bot. Labels never hold what people wrote, nor who they are.
type metrics struct {
	registry  *prometheus.Registry
	envelopes *prometheus.CounterVec   // by type and outcome: stored, duplicate, ignored, immediate, failed
	ack       prometheus.Histogram     // seconds from the envelope's arrival to its acknowledgement
	answer    *prometheus.HistogramVec // seconds from arrival to the posted answer, by task
	posts     *prometheus.CounterVec   // by method and outcome
	jobs      *prometheus.CounterVec   // by task and outcome
	feedOK    *prometheus.GaugeVec     // 1 where the latest reading of a feed was accepted
	refused   *prometheus.GaugeVec     // prices of the latest reading that were not believed

	feedPrices, feedAt, feedChecked *prometheus.GaugeVec
	feedBytes, feedRequests         *prometheus.CounterVec
}

// feeds notes how the latest reading of each price feed went, as every replica sees it in the store.
func (m *metrics) feeds(s *pricing.Snapshot) {
	for i := range s.Feeds {
		f := &s.Feeds[i]
		v := 0.0
		if f.Problem == "" {
			v = 1
		}
		m.feedOK.WithLabelValues(f.Name).Set(v)
		m.refused.WithLabelValues(f.Name).Set(float64(len(f.Quarantined)))
		m.feedPrices.WithLabelValues(f.Name).Set(float64(len(f.Entries)))
		if !f.Fetched.IsZero() {
			m.feedAt.WithLabelValues(f.Name).Set(float64(f.Fetched.Unix()))
		}
	}
}

// fetched notes what a refresh by this replica cost.
func (m *metrics) fetched(feed string, bytes int64, requests int, at time.Time) {
	m.feedBytes.WithLabelValues(feed).Add(float64(bytes))
	m.feedRequests.WithLabelValues(feed).Add(float64(requests))
	m.feedChecked.WithLabelValues(feed).Set(float64(at.Unix()))
}

func newMetrics(r *prometheus.Registry, sockets func() float64) *metrics {
	m := &metrics{
		registry:  r,
		envelopes: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "llmadvise_envelopes_total", Help: "Slack deliveries by type and outcome."}, []string{"type", "outcome"}),
		ack: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "llmadvise_ack_seconds", Help: "From a delivery's arrival to its acknowledgement.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, 1, 3}}),
		answer: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "llmadvise_answer_seconds", Help: "From a delivery's arrival to the posted answer, by task.",
			Buckets: []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15, 60, 180}}, []string{"task"}),
		posts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "llmadvise_posts_total", Help: "Messages sent to Slack by method and outcome."}, []string{"method", "outcome"}),
		jobs:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "llmadvise_jobs_total", Help: "Jobs by task and outcome."}, []string{"task", "outcome"}),
	}
	m.feedOK = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "llmadvise_feed_ok", Help: "1 where the latest reading of a price feed was accepted."}, []string{"feed"})
	m.refused = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "llmadvise_feed_quarantined", Help: "Prices of a feed's latest reading that were not believed."}, []string{"feed"})
	m.feedPrices = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "llmadvise_feed_entries", Help: "Models or instances that a feed's last good reading prices."}, []string{"feed"})
	m.feedAt = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "llmadvise_feed_fetched_timestamp_seconds", Help: "When a feed's prices in force were fetched."}, []string{"feed"})
	m.feedChecked = prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "llmadvise_feed_checked_timestamp_seconds", Help: "When this replica last asked for a feed."}, []string{"feed"})
	m.feedBytes = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "llmadvise_feed_bytes_total", Help: "Bytes fetched from a feed, as they came over the network."}, []string{"feed"})
	m.feedRequests = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "llmadvise_feed_requests_total", Help: "Requests made for a feed."}, []string{"feed"})
	r.MustRegister(m.feedPrices, m.feedAt, m.feedChecked, m.feedBytes, m.feedRequests)
	r.MustRegister(m.envelopes, m.ack, m.answer, m.posts, m.jobs, m.feedOK, m.refused,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "llmadvise_sockets", Help: "Connected Socket Mode sockets."}, sockets))
	return m
}

// handler serves /metrics, /healthz (the process lives) and /readyz (it can do its work).
func (b *Bot) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(b.metrics.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		problems := map[string]string{}
		if b.sockets.Load() == 0 {
			problems["slack"] = "no socket is connected"
		}
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := b.store.Ping(ctx); err != nil {
			problems["store"] = "the database does not answer"
		}
		w.Header().Set("Content-Type", "application/json")
		if len(problems) > 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": len(problems) == 0, "sockets": b.sockets.Load(), "problems": problems})
	})
	return mux
}

// serveHTTP listens where the operator said; end is called where the server fails later.
func (b *Bot) serveHTTP(end context.CancelCauseFunc) (stop func(), err error) {
	if b.cfg.Listen == "" {
		return func() {}, nil
	}
	l, err := new(net.ListenConfig).Listen(context.Background(), "tcp", b.cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s for metrics and health (%w): another process may use the port; choose another with --listen, or none with --listen ''", b.cfg.Listen, err)
	}
	srv := &http.Server{Handler: b.handler(), ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			end(fmt.Errorf("the metrics listener failed: %w", err))
		}
	}()
	return func() { _ = srv.Close(); <-done }, nil
}
