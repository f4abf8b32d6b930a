package feeds

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// newTestFetcher may reach loopback, and waits for nothing.
func newTestFetcher(t *testing.T, change func(*Options)) *Fetcher {
	t.Helper()
	o := Options{
		AllowPrefixes: loopback,
		Sleep:         func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Proxy:         func(*http.Request) (*url.URL, error) { return nil, nil },
	}
	if change != nil {
		change(&o)
	}
	f := NewFetcher(slog.New(slog.DiscardHandler), o)
	t.Cleanup(f.Close)
	return f
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestUnchangedFeedCostsOneConditionalRequest(t *testing.T) {
	var requests atomic.Int32
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Fri, 24 Jul 2026 10:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"v1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		gz := gzip.NewWriter(w)
		_, _ = io.WriteString(gz, `[{"id":"x"}]`)
		gz.Close()
	})
	f := newTestFetcher(t, nil)
	first, err := f.Fetch(t.Context(), addr, Validators{})
	if err != nil || string(first.Body) != `[{"id":"x"}]` {
		t.Fatalf("first fetch: %q, %v", first.Body, err)
	}
	again, err := f.Fetch(t.Context(), addr, first.Validators)
	if err != nil || !again.NotModified || again.Body != nil || again.Validators != first.Validators {
		t.Fatalf("second fetch: %+v, %v", again, err)
	}
	if n := requests.Load(); n != 2 {
		t.Errorf("%d requests, want one a fetch", n)
	}
}

func TestPoisonedServers(t *testing.T) {
	for _, c := range []struct {
		name     string
		handler  http.HandlerFunc
		change   func(*Options)
		wantErr  error
		wantText string
		requests int32
	}{
		{name: "two GB of zeros in gzip", requests: 1, wantErr: ErrTooLarge, handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			gz := gzip.NewWriter(w)
			zeros := make([]byte, 1<<20)
			for range 2048 {
				if _, err := gz.Write(zeros); err != nil {
					return // the client has seen enough
				}
			}
			gz.Close()
		}},
		{name: "redirect to the metadata service", requests: 1, wantErr: ErrBlocked, handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}},
		{name: "redirect without TLS", requests: 1, wantErr: errRefused, handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://prices.example/feed.json", http.StatusFound)
		}},
		{name: "redirect for ever", requests: 4, wantErr: errRefused, handler: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}},
		{name: "a server that drips", requests: 2, wantErr: context.DeadlineExceeded,
			change: func(o *Options) { o.Timeout = 60 * time.Millisecond; o.Attempts = 2 },
			handler: func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusOK)
				_, _ = io.WriteString(w, "[")
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			}},
		{name: "broken off", requests: 3, wantText: "broke off", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, "[{")
		}},
		{name: "not gzip", requests: 1, wantText: "gzip", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "<html>")
		}},
		{name: "another encoding", requests: 1, wantText: "encoding", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
		}},
		{name: "gone", requests: 1, wantText: "404", handler: http.NotFound},
		{name: "overloaded", requests: 3, wantText: "503", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}},
		{name: "go away for an hour", requests: 1, wantText: "429", handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var requests atomic.Int32
			addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
				requests.Add(1)
				c.handler(w, r)
			})
			_, err := newTestFetcher(t, c.change).Fetch(t.Context(), addr+"/feed", Validators{})
			if err == nil || (c.wantErr != nil && !errors.Is(err, c.wantErr)) || !strings.Contains(err.Error(), c.wantText) {
				t.Errorf("err = %v, want %v %q", err, c.wantErr, c.wantText)
			}
			if n := requests.Load(); n != c.requests {
				t.Errorf("%d requests, want %d", n, c.requests)
			}
		})
	}
}

func TestGuardWithoutExceptions(t *testing.T) {
	local := serve(t, func(w http.ResponseWriter, _ *http.Request) { t.Error("a private address was reached") })
	f := NewFetcher(slog.New(slog.DiscardHandler), Options{Attempts: 1, Timeout: 2 * time.Second, Proxy: func(*http.Request) (*url.URL, error) { return nil, nil }})
	t.Cleanup(f.Close)
	for _, addr := range []string{local, "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/", "https://metadata.google.internal/",
		"https://10.0.0.8/feed", "https://169.254.169.254/", "https://100.64.0.1/", "https://0.0.0.0/", "https://[fd00::1]/", "file:///etc/passwd", "http://prices.example/", "https://", "::", "https://1.1.1.1:22/"} {
		if _, err := f.Fetch(t.Context(), addr, Validators{}); err == nil {
			t.Errorf("%s was fetched", addr)
		} else if strings.Contains(err.Error(), "passwd") {
			t.Errorf("%s: the error repeats the path: %v", addr, err)
		}
	}
}

func TestErrorsHoldNoKey(t *testing.T) {
	f := newTestFetcher(t, func(o *Options) { o.Attempts = 1 })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = f.Fetch(t.Context(), "http://user:s3cret@"+addr+"/feed?key=s3cret", Validators{})
	if err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("err = %v", err)
	}
}

func TestProxyIsUsedAndGuarded(t *testing.T) {
	var asked []string
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.String())
		_, _ = io.WriteString(w, "[]")
	})
	pu, _ := url.Parse(proxy)
	f := newTestFetcher(t, func(o *Options) {
		o.Proxy = func(*http.Request) (*url.URL, error) { return pu, nil }
		o.AllowPrefixes = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // the mirror; the proxy itself is not in it
	})
	if _, err := f.Fetch(t.Context(), "http://192.0.2.7/feed.json", Validators{}); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0] != "http://192.0.2.7/feed.json" {
		t.Errorf("the proxy saw %q", asked)
	}
	if _, err := f.Fetch(t.Context(), "http://169.254.169.254/", Validators{}); !errors.Is(err, ErrBlocked) {
		t.Errorf("through the proxy: %v, want blocked", err)
	}
}

func TestOfflineAsksNobody(t *testing.T) {
	addr := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked") })
	f := newTestFetcher(t, func(o *Options) { o.Offline = true })
	if _, err := f.Fetch(t.Context(), addr, Validators{}); !errors.Is(err, ErrOffline) {
		t.Errorf("err = %v", err)
	}
}

func TestRetriesGrowAndKeepTheServersWish(t *testing.T) {
	var n atomic.Int32
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		switch n.Add(1) {
		case 1:
			w.WriteHeader(http.StatusBadGateway)
		case 2:
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			_, _ = io.WriteString(w, "ok")
		}
	})
	var pauses []time.Duration
	f := newTestFetcher(t, func(o *Options) {
		o.Sleep = func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil }
	})
	resp, err := f.Fetch(t.Context(), addr, Validators{})
	if err != nil || resp.Requests != 3 || string(resp.Body) != "ok" {
		t.Fatalf("%+v, %v", resp, err)
	}
	if len(pauses) != 2 || pauses[0] > time.Second || pauses[1] < 15*time.Second || pauses[1] > 45*time.Second {
		t.Errorf("pauses %v: want about half a second, then about the 30 s asked for", pauses)
	}
}
