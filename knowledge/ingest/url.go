package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	"github.com/temoto/robotstxt"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	urlTimeout   = 30 * time.Second
	urlRedirects = 5
	robotsMax    = 500 << 10 // RFC 9309 asks for at least this much
	userAgent    = "llmadvise"
)

// Errors of fetching an address.
var (
	// ErrPrivate: the address is not on the public internet.
	ErrPrivate = errors.New("the address is not on the public internet: add the page as a file instead")
	// ErrRobots: the site asks programs not to read the page.
	ErrRobots = errors.New("the site's robots.txt asks programs not to read this page: add it as a file if you may")
)

// Web fetches pages. It is safe for concurrent use.
type Web struct{ client *http.Client }

// NewWeb returns a Web that reaches public addresses, and those in allow (a company's own wiki, tests).
func NewWeb(allow ...netip.Prefix) *Web {
	var v4, v6 []netip.Prefix
	for _, p := range allow {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	opts := []ssrf.Option{ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...)}
	if len(allow) > 0 {
		opts = append(opts, ssrf.WithAnyPort())
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(opts...).Safe}
	return &Web{client: &http.Client{
		Timeout:   urlTimeout,
		Transport: &http.Transport{DialContext: dialer.DialContext, ResponseHeaderTimeout: 15 * time.Second, MaxResponseHeaderBytes: 64 << 10},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > urlRedirects {
				return fmt.Errorf("more than %d redirects", urlRedirects)
			}
			return nil
		},
	}}
}

// Close releases idle connections.
func (w *Web) Close() { w.client.CloseIdleConnections() }

// Document fetches one page and makes a document of it; its id is the address. Errors wrap [ErrPrivate], [ErrRobots],
// [ErrTooLarge], [ErrFormat] or [ErrEmpty], or say what the server answered.
func (w *Web) Document(ctx context.Context, address string) (knowledge.Document, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return knowledge.Document{}, errors.New("an address starts with https://")
	}
	u.Fragment, u.User = "", nil
	if err := w.robots(ctx, u); err != nil {
		return knowledge.Document{}, err
	}
	data, name, err := w.get(ctx, u, MaxBytes)
	if err != nil {
		return knowledge.Document{}, err
	}
	doc := knowledge.Document{ID: u.String(), URL: u.String(), Hash: contentHash(data)}
	o, err := parseAs(formatOf(name, data), data, &doc)
	if err != nil {
		return knowledge.Document{}, err
	}
	doc.ID, doc.URL = u.String(), u.String() // a page does not name itself
	if doc.Title == "" {
		doc.Title = o.title
	}
	if doc.Title == "" {
		doc.Title = u.Host + u.Path
	}
	if doc.Chunks = chunks(doc.ID, doc.Title, o.blocks); len(doc.Chunks) == 0 {
		return knowledge.Document{}, ErrEmpty
	}
	return doc, nil
}

// get returns the body and a name whose extension tells its format.
func (w *Web) get(ctx context.Context, u *url.URL, limit int64) ([]byte, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", errors.New("an address starts with https://")
	}
	req.Header.Set("User-Agent", userAgent)
	res, err := w.client.Do(req)
	if err != nil {
		return nil, "", plainError(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, "", statusError(res.StatusCode)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, "", plainError(err)
	}
	if int64(len(data)) > limit {
		return nil, "", ErrTooLarge
	}
	return data, nameFor(res), nil
}

type statusError int

func (s statusError) Error() string {
	return fmt.Sprintf("the server answered %d %s", int(s), http.StatusText(int(s)))
}

func plainError(err error) error {
	for _, e := range []error{ssrf.ErrProhibitedIP, ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort} {
		if errors.Is(err, e) {
			return ErrPrivate
		}
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("the server took too long")
	}
	return fmt.Errorf("the page could not be fetched: %w", err)
}

// nameFor trusts the content type over the path.
func nameFor(res *http.Response) string {
	kinds := map[string]string{
		"text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "application/pdf": ".pdf",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	}
	if t, _, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err == nil {
		if ext := kinds[t]; ext != "" {
			return "page" + ext
		}
		if t == "text/plain" && path.Ext(res.Request.URL.Path) == "" {
			return "page.txt"
		}
	}
	return path.Base(res.Request.URL.Path)
}

// robots asks the site's robots.txt. A site without one allows everything; one that cannot be asked allows nothing, as
// RFC 9309 has it.
func (w *Web) robots(ctx context.Context, u *url.URL) error {
	data, _, err := w.get(ctx, &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}, robotsMax)
	var status statusError
	switch {
	case errors.As(err, &status) && status >= 400 && status < 500:
		return nil
	case errors.Is(err, ErrTooLarge):
		return nil // no site that means it writes that much
	case err != nil:
		return err
	}
	rules, err := robotstxt.FromBytes(data)
	if err != nil {
		return nil // not a robots.txt
	}
	if !rules.TestAgent(u.EscapedPath(), userAgent) {
		return ErrRobots
	}
	return nil
}
