package feeds

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// Limits of one fetch, where [Options] names no other.
const (
	defaultTimeout  = 45 * time.Second // one attempt, from dialling to the last byte: ends a server that drips
	defaultMaxBytes = 32 << 20         // after decompression; the largest feed known was 3 MiB
	defaultAttempts = 3
	maxRedirects    = 3
	maxRetryAfter   = 2 * time.Minute // a server that asks for longer is tried again at the next refresh
	firstBackoff    = 500 * time.Millisecond
)

// Errors that callers tell apart.
var (
	// ErrOffline: fetching is switched off.
	ErrOffline = errors.New("offline mode is on: prices stay as they are; switch it off to refresh")
	// ErrTooLarge: the body, decompressed, is over the limit.
	ErrTooLarge = errors.New("the answer is larger than a price feed may be")
	errRefused  = errors.New("this address is not fetched")
	// ErrBlocked: the address, or one it redirects to, is not on the public internet.
	ErrBlocked = errors.New("the address is not on the public internet")
)

// Validators are what a server gave for asking whether a feed changed.
type Validators struct {
	ETag         string `json:"etag,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	// Of tells of which address they are.
	Of string `json:"of,omitempty"`
	// Checked is when the feed was last found in order, changed or not. It is no part of a request.
	Checked time.Time `json:"checked,omitzero"`
}

// Response is one fetched feed. Body is nil where NotModified.
type Response struct {
	Body        []byte
	NotModified bool
	Validators  Validators
	FetchedAt   time.Time
	Requests    int // attempts that it took
	WireBytes   int64
}

// Options of a [Fetcher]; the zero value fetches from public addresses with the limits above.
type Options struct {
	Offline  bool
	Timeout  time.Duration
	MaxBytes int64
	Attempts int
	// AllowPrefixes lifts the guard for addresses inside these networks (a mirror in a private network, tests), on
	// any port and without TLS.
	AllowPrefixes []netip.Prefix
	// Proxy returns the proxy of a request; nil: as the environment says.
	Proxy func(*http.Request) (*url.URL, error)
	// Now and Sleep are the clock; nil: the real one.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	// UserAgent names the program to the feed's server.
	UserAgent string
}

// Fetcher gets feeds. It is safe for concurrent use.
type Fetcher struct {
	log    *slog.Logger
	opts   Options
	client *http.Client
	guard  *ssrf.Guardian
}

// NewFetcher returns a Fetcher.
func NewFetcher(log *slog.Logger, opts Options) *Fetcher {
	setDefaults(&opts)
	f := &Fetcher{log: log, opts: opts, guard: newGuard(opts.AllowPrefixes)}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	guarded := &net.Dialer{Timeout: 10 * time.Second, Control: f.guard.Safe}
	transport := &http.Transport{
		Proxy:                  opts.Proxy,
		DisableCompression:     true, // the bound must hold for what comes out of the decompressor
		ResponseHeaderTimeout:  20 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		IdleConnTimeout:        30 * time.Second,
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			if isProxy(ctx, addr) || isOperators(ctx, addr) {
				return dialer.DialContext(ctx, network, addr)
			}
			conn, err := guarded.DialContext(ctx, network, addr)
			if err != nil && isGuardError(err) {
				return nil, fmt.Errorf("%w: %s", ErrBlocked, addr)
			}
			return conn, err
		},
	}
	f.client = &http.Client{Transport: transport, CheckRedirect: f.checkRedirect}
	return f
}

// Close releases idle connections.
func (f *Fetcher) Close() { f.client.CloseIdleConnections() }

func setDefaults(o *Options) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = defaultMaxBytes
	}
	if o.Attempts <= 0 {
		o.Attempts = defaultAttempts
	}
	if o.Proxy == nil {
		o.Proxy = http.ProxyFromEnvironment
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.UserAgent == "" {
		o.UserAgent = "llmadvise"
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// newGuard denies what is not public; allowed prefixes may use any port.
func newGuard(allow []netip.Prefix) *ssrf.Guardian {
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
	return ssrf.New(opts...)
}

func isGuardError(err error) bool {
	for _, e := range []error{ssrf.ErrProhibitedNetwork, ssrf.ErrProhibitedPort, ssrf.ErrProhibitedIP} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

type proxyKey struct{}

// isProxy reports whether addr is the proxy that the operator configured for this request: it may be private.
func isProxy(ctx context.Context, addr string) bool {
	p, ok := ctx.Value(proxyKey{}).(string)
	return ok && p == addr
}

type operatorKey struct{}

// isOperators reports whether a host and port are those that the operator asked for.
func isOperators(ctx context.Context, host string) bool {
	h, ok := ctx.Value(operatorKey{}).(string)
	return ok && h == host
}

// Fetch gets address, asking only for what changed since have. A 5xx, a 429 and a broken connection are tried again
// with growing, jittered pauses; anything else is an error at once. The error never holds credentials of the address.
func (f *Fetcher) Fetch(ctx context.Context, address string, have Validators) (Response, error) {
	return f.fetch(ctx, address, have, false)
}

// fetch is Fetch; operator says that the address was given by whoever runs the program, so that its own host and port,
// and no other, may be private.
func (f *Fetcher) fetch(ctx context.Context, address string, have Validators, operator bool) (Response, error) {
	if f.opts.Offline {
		return Response{}, ErrOffline
	}
	u, err := url.Parse(address)
	if err != nil {
		return Response{}, errors.New("the feed's address is not a URL")
	}
	if operator && u.Host != "" {
		ctx = context.WithValue(ctx, operatorKey{}, dialAddr(u))
	}
	if err := f.checkURL(ctx, u); err != nil {
		return Response{}, err
	}
	var last error
	pause := firstBackoff
	for attempt := 1; attempt <= f.opts.Attempts; attempt++ {
		if attempt > 1 {
			if err := f.opts.Sleep(ctx, jitter(pause)); err != nil {
				return Response{}, err
			}
			pause *= 4
		}
		resp, again, err := f.once(ctx, u, have)
		if err == nil {
			resp.Requests = attempt
			return resp, nil
		}
		last = err
		var wait retryAfter
		if errors.As(err, &wait) && wait.d > pause {
			pause = wait.d
		}
		f.log.Debug("feed attempt failed", "host", u.Host, "attempt", attempt, "err", err)
		if !again || ctx.Err() != nil {
			break
		}
	}
	return Response{}, last
}

// jitter spreads the retries of many replicas over half to one and a half times d.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}

// checkURL refuses what is plainly not a public feed before anything is dialled: with a proxy, the proxy does the
// dialling, so a literal private address must be caught here.
func (f *Fetcher) checkURL(ctx context.Context, u *url.URL) error {
	if u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return fmt.Errorf("%w: a feed's address starts with https://, not %q", errRefused, u.Scheme+":")
	}
	if isOperators(ctx, dialAddr(u)) {
		return nil
	}
	host := u.Hostname()
	ip, err := netip.ParseAddr(host)
	if err == nil {
		if f.allowed(ip.Unmap()) {
			return nil
		}
		port := u.Port()
		if port == "" {
			port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
		}
		network := "tcp4"
		if ip.Is6() && !ip.Is4In6() {
			network = "tcp6"
		}
		if f.guard.Safe(network, net.JoinHostPort(ip.Unmap().String(), port), nil) != nil {
			return fmt.Errorf("%w: %s", ErrBlocked, host)
		}
	} else if lower := strings.ToLower(strings.TrimSuffix(host, ".")); lower == "localhost" || strings.HasSuffix(lower, ".localhost") || strings.HasSuffix(lower, ".internal") {
		if !f.allowed(netip.AddrFrom4([4]byte{127, 0, 0, 1})) {
			return fmt.Errorf("%w: %s", ErrBlocked, host)
		}
		return nil
	}
	if u.Scheme != "https" {
		return fmt.Errorf("%w: %s is not https, and anybody on the way could change a price", errRefused, u.Host)
	}
	return nil
}

func (f *Fetcher) allowed(ip netip.Addr) bool {
	for _, p := range f.opts.AllowPrefixes {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func (f *Fetcher) checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d redirects", errRefused, maxRedirects)
	}
	return f.checkURL(req.Context(), req.URL)
}

// retryAfter is a server's wish to be left alone for a while.
type retryAfter struct {
	error
	d time.Duration
}

func (r retryAfter) Unwrap() error { return r.error }

// once makes one attempt; again says whether another may help.
func (f *Fetcher) once(ctx context.Context, u *url.URL, have Validators) (_ Response, again bool, _ error) {
	ctx, cancel := context.WithTimeout(ctx, f.opts.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Response{}, false, errors.New("the feed's address is not a URL")
	}
	if p, err := f.opts.Proxy(req); err == nil && p != nil {
		req = req.WithContext(context.WithValue(ctx, proxyKey{}, dialAddr(p)))
	}
	req.Header.Set("User-Agent", f.opts.UserAgent)
	req.Header.Set("Accept-Encoding", "gzip")
	if have.ETag != "" {
		req.Header.Set("If-None-Match", have.ETag)
	}
	if have.LastModified != "" {
		req.Header.Set("If-Modified-Since", have.LastModified)
	}
	res, err := f.client.Do(req)
	if err != nil {
		return Response{}, !errors.Is(err, ErrBlocked) && !errors.Is(err, errRefused), describe(err)
	}
	defer res.Body.Close()
	return f.read(res, have)
}

// dialAddr is the address that the transport will dial for u: a feed or a proxy.
func dialAddr(p *url.URL) string {
	if p.Port() != "" {
		return p.Host
	}
	ports := map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}
	return net.JoinHostPort(p.Hostname(), ports[p.Scheme])
}

// describe drops the address from a transport error: it may carry a key.
func describe(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the feed's server took too long: %w", context.DeadlineExceeded)
	}
	return err
}

func (f *Fetcher) read(res *http.Response, have Validators) (_ Response, again bool, _ error) {
	out := Response{FetchedAt: f.opts.Now().UTC(), Validators: Validators{ETag: res.Header.Get("ETag"), LastModified: res.Header.Get("Last-Modified")}}
	switch {
	case res.StatusCode == http.StatusNotModified:
		out.NotModified = true
		out.Validators = have
		return out, false, nil
	case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
		err := fmt.Errorf("the feed's server answered %s", res.Status)
		if secs, e := strconv.Atoi(res.Header.Get("Retry-After")); e == nil && secs > 0 {
			d := time.Duration(secs) * time.Second
			return Response{}, d <= maxRetryAfter, retryAfter{err, d}
		}
		return Response{}, true, err
	case res.StatusCode != http.StatusOK:
		return Response{}, false, fmt.Errorf("the feed's server answered %s", res.Status)
	}
	wire := &counter{r: io.LimitReader(res.Body, f.opts.MaxBytes+1)}
	body := io.Reader(wire)
	switch enc := res.Header.Get("Content-Encoding"); enc {
	case "", "identity":
	case "gzip":
		gz, err := gzip.NewReader(wire)
		if err != nil {
			return Response{}, false, errors.New("the feed says that it is gzip and is not")
		}
		defer gz.Close()
		body = gz
	default:
		return Response{}, false, fmt.Errorf("the feed came in an encoding that was not asked for (%.20q)", enc)
	}
	b, err := io.ReadAll(io.LimitReader(body, f.opts.MaxBytes+1))
	switch {
	case int64(len(b)) > f.opts.MaxBytes || wire.n > f.opts.MaxBytes:
		return Response{}, false, fmt.Errorf("%w (limit %d MiB)", ErrTooLarge, f.opts.MaxBytes>>20)
	case err != nil:
		return Response{}, true, fmt.Errorf("the feed broke off: %w", describe(err))
	}
	out.Body, out.WireBytes = b, wire.n
	return out, false, nil
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
