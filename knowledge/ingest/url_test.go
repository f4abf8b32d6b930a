package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// site serves pages by path; what robots.txt says is under "/robots.txt".
func site(t *testing.T, pages map[string]http.HandlerFunc) (*httptest.Server, *Web) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := pages[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	web := NewWeb(loopback...)
	t.Cleanup(web.Close)
	return s, web
}

func serve(kind, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, body)
	}
}

func TestWebReadsPages(t *testing.T) {
	s, web := site(t, map[string]http.HandlerFunc{
		"/page":   serve("text/html; charset=utf-8", "<h1>Prices</h1><p>A GPU hour costs 3 dollars.</p>"),
		"/raw.md": serve("text/plain", "---\nid: corpus/hipaa\nurl: https://elsewhere.example/\n---\n# Notes\n\nA GPU hour costs 3 dollars."),
		"/file":   serve("application/pdf", string(makePDF([]string{"A GPU hour costs 3 dollars."}))),
		"/moved":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/page", http.StatusFound) },
		"/text":   serve("text/plain", "A GPU hour costs 3 dollars."),
		"/loop":   func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) },
		"/big":    func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, MaxBytes+1)) },
		"/image":  serve("image/png", "\x89PNG\r\n\x1a\n\x00\x00"),
		"/error":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"/internal": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest", http.StatusFound)
		},
	})
	for _, p := range []string{"/page", "/raw.md", "/file", "/moved", "/text"} {
		d, err := web.Document(t.Context(), s.URL+p+"#part")
		if err != nil {
			t.Errorf("%s: %v", p, err)
			continue
		}
		if d.ID != s.URL+p || d.URL != s.URL+p || !strings.Contains(d.Chunks[0].Text, "GPU hour costs 3 dollars") {
			t.Errorf("%s: %+v", p, d)
		}
	}
	for p, want := range map[string]string{"/loop": "redirects", "/big": ErrTooLarge.Error(), "/image": ErrFormat.Error(), "/error": "502", "/missing": "404", "/internal": ErrPrivate.Error()} {
		if _, err := web.Document(t.Context(), s.URL+p); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", p, err, want)
		}
	}
}

func TestWebHeedsRobots(t *testing.T) {
	pages := map[string]http.HandlerFunc{
		"/open": serve("text/plain", "Open words."), "/closed/x": serve("text/plain", "Closed words."),
		"/robots.txt": serve("text/plain", "User-agent: *\nDisallow: /closed/\n"),
	}
	s, web := site(t, pages)
	if _, err := web.Document(t.Context(), s.URL+"/open"); err != nil {
		t.Error(err)
	}
	if _, err := web.Document(t.Context(), s.URL+"/closed/x"); !errors.Is(err, ErrRobots) {
		t.Errorf("a page that robots.txt closes: %v", err)
	}
	pages["/robots.txt"] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	if _, err := web.Document(t.Context(), s.URL+"/open"); err == nil {
		t.Error("a site whose robots.txt cannot be read was read")
	}
}

func TestWebReachesNothingPrivate(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	web := NewWeb()
	defer web.Close()
	for _, addr := range []string{s.URL, "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data",
		"http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://192.168.1.1/", "http://[fd00::1]/"} {
		if _, err := web.Document(t.Context(), addr); !errors.Is(err, ErrPrivate) {
			t.Errorf("%s: %v", addr, err)
		}
	}
	for _, addr := range []string{"", "ftp://example.com/", "file:///etc/passwd", "gopher://x", "https://", "javascript:alert(1)", "example.com"} {
		if _, err := web.Document(t.Context(), addr); err == nil || !strings.Contains(err.Error(), "https://") {
			t.Errorf("%s: %v", addr, err)
		}
	}
	if reached {
		t.Error("a private server was asked")
	}
}

func TestWebEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, web := site(t, map[string]http.HandlerFunc{"/slow": func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}})
	if _, err := web.Document(ctx, s.URL+"/slow"); err == nil {
		t.Error("no error")
	}
}
