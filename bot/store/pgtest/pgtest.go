// Package pgtest runs a Postgres of the test's own on loopback, for tests of what must hold on both back ends. It is
// imported by tests alone.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
)

// Start runs a Postgres of the test's own on loopback and returns its address; the test is skipped where none is
// installed. LLMADVISE_TEST_POSTGRES names one that runs already.
func Start(t *testing.T) string {
	t.Helper()
	if u := os.Getenv("LLMADVISE_TEST_POSTGRES"); u != "" {
		return u
	}
	initdb, server := postgresPrograms()
	if initdb == "" || server == "" {
		t.Skip("Postgres is not installed: no initdb and postgres on PATH or under /usr/lib/postgresql")
	}
	dir, err := os.MkdirTemp("", "pg")
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	attr := unprivileged(t, dir)
	data := filepath.Join(dir, "data")
	cmd := exec.CommandContext(t.Context(), initdb, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
	cmd.SysProcAttr, cmd.Dir = attr, dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("initdb does not run here: %v\n%s", err, out)
	}
	port := freePort(t)
	cmd = exec.CommandContext(context.WithoutCancel(t.Context()), server, "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-k", dir, "-F")
	cmd.SysProcAttr, cmd.Dir = attr, dir
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
	})
	address := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	waitFor(t, address)
	return address
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func postgresPrograms() (initdb, server string) {
	initdb, _ = exec.LookPath("initdb")
	server, _ = exec.LookPath("postgres")
	for _, dir := range []string{"/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/usr/pgsql-*/bin"} {
		if initdb == "" {
			if m, _ := filepath.Glob(dir + "/initdb"); len(m) > 0 {
				initdb = m[len(m)-1]
			}
		}
		if server == "" {
			if m, _ := filepath.Glob(dir + "/postgres"); len(m) > 0 {
				server = m[len(m)-1]
			}
		}
	}
	return initdb, server
}

// unprivileged returns how to start Postgres as somebody who is not root: it refuses root.
func unprivileged(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 != nil || err2 != nil || os.Chown(dir, uid, gid) != nil {
			continue
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	t.Skip("Postgres refuses root, and there is no other user to run it as")
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	check(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func waitFor(t *testing.T, address string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	check(t, err)
	defer db.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for db.PingContext(ctx) != nil {
		select {
		case <-ctx.Done():
			t.Fatal("Postgres did not come up")
		case <-tick.C:
		}
	}
}

// Database makes the nth database of its own for a test and returns its address.
func Database(t *testing.T, address string, n int) string {
	t.Helper()
	db, err := sql.Open("pgx", address)
	check(t, err)
	defer db.Close()
	name := fmt.Sprintf("conform_%d_%d", os.Getpid(), n)
	_, err = db.ExecContext(t.Context(), "CREATE DATABASE "+name)
	check(t, err)
	u, err := url.Parse(address)
	check(t, err)
	u.Path = "/" + name
	return u.String()
}
