package index

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/knowledge"
)

const (
	killDirEnv     = "LLMADVISE_TEST_KILL_DIR"
	killVersionEnv = "LLMADVISE_TEST_KILL_VERSION"
	killFullEnv    = "LLMADVISE_KILL_TEST" // number of kills; the default is a few
)

// killDocs is the source in version v: every document of every version holds its version in each of its passages, each
// version lacks other documents, and every seventh document never changes.
func killDocs(v int) iter.Seq2[knowledge.Document, error] {
	return func(yield func(knowledge.Document, error) bool) {
		for n := range 600 {
			if (n+v)%11 == 0 {
				continue
			}
			said := v
			if n%7 == 0 {
				said = 0
			}
			d := knowledge.Document{ID: fmt.Sprintf("doc%d", n), Title: fmt.Sprintf("Document %d", n), Hash: fmt.Sprintf("%d.%d", n, said)}
			for i := range 1 + n%4 {
				d.Chunks = append(d.Chunks, knowledge.Chunk{ID: fmt.Sprintf("%d@%d", n, i), Text: fmt.Sprintf("passage %d of document number%d in version%d, %s", i, n, said, strings.Repeat("filler words ", 20))})
			}
			if !yield(d, nil) {
				return
			}
		}
	}
}

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killDirEnv); dir != "" {
		if err := ingestForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// ingestForever takes in one version after the other, beginning with the one of the environment, until it is killed.
func ingestForever(dir string) error {
	v, err := strconv.Atoi(os.Getenv(killVersionEnv))
	if err != nil {
		return err
	}
	ctx := context.Background()
	x, err := Open(ctx, quiet, dir, newToy(), Options{})
	if err != nil {
		return err
	}
	for ; ; v++ {
		fmt.Println("begin", v)
		if _, err := x.Sync(ctx, "kill", "", killDocs(v), nil); err != nil {
			return err
		}
		fmt.Println("end", v)
	}
}

// TestKillNineAtAnyMoment kills an ingest with SIGKILL and checks what is left: the index opens, each document is in
// one of the two versions that the ingest was between, whole, and found by both legs; and the next ingest completes.
// LLMADVISE_KILL_TEST=50 makes it fifty kills.
func TestKillNineAtAnyMoment(t *testing.T) {
	kills := 4
	if s := os.Getenv(killFullEnv); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	lastBegun, lastEnded := 0, 0
	for n := range kills {
		begun, ended := runAndKill(t, dir, lastBegun+1, time.Duration(rng.IntN(700))*time.Millisecond)
		lastBegun, lastEnded = max(lastBegun, begun), max(lastEnded, ended)
		checkAfterKill(t, dir, n, lastEnded, lastBegun)
	}
	t.Logf("%d kills; %d versions begun, %d of them ended", kills, lastBegun, lastEnded)
	x := open(t, dir, newToy(), Options{})
	final := lastBegun + 2
	if _, err := x.Sync(t.Context(), "kill", "", killDocs(final), nil); err != nil {
		t.Fatal(err)
	}
	checkVersions(t, x, final, final)
	if got, want := x.Info().Documents, len(slices.Collect(documentIDs(final))); got != want {
		t.Errorf("%d documents after the ingest that was let finish, want %d", got, want)
	}
}

func documentIDs(v int) iter.Seq[string] {
	return func(yield func(string) bool) {
		for d := range killDocs(v) {
			if !yield(d.ID) {
				return
			}
		}
	}
}

// runAndKill starts an ingest from version v, kills it after wait (it may still be opening the index), and returns the
// last version that it said to have begun and the last that it said to have ended, 0 for none.
func runAndKill(t *testing.T, dir string, v int, wait time.Duration) (begun, ended int) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), killDirEnv+"="+dir, fmt.Sprintf("%s=%d", killVersionEnv, v))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	killer := time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
	sc := bufio.NewScanner(out)
	for sc.Scan() {
		word, num, _ := strings.Cut(sc.Text(), " ")
		switch word {
		case "begin":
			begun, _ = strconv.Atoi(num)
		case "end":
			ended, _ = strconv.Atoi(num)
		}
	}
	if _ = cmd.Wait(); killer.Stop() {
		t.Fatal("the ingest ended before it was killed")
	}
	return begun, ended
}

func checkAfterKill(t *testing.T, dir string, n, ended, begun int) {
	t.Helper()
	x, err := Open(t.Context(), quiet, dir, newToy(), Options{})
	if err != nil {
		t.Fatalf("kill %d: the index does not open: %v", n, err)
	}
	defer x.Close()
	checkVersions(t, x, ended, begun)
}

// checkVersions checks that each document is whole and of a version from ended to begun, and that none of the version
// that ended is lost.
func checkVersions(t *testing.T, x *Index, ended, begun int) {
	t.Helper()
	begun++ // the kill may have come before the line that says so
	wanted := map[string]knowledge.Document{}
	lacking := map[string]bool{} // documents that a later version, which may have ended, drops
	for v := max(ended, 1); v <= begun; v++ {
		has := map[string]bool{}
		for d := range killDocs(v) {
			wanted[d.ID+" "+d.Hash], has[d.ID] = d, true
		}
		for id := range documentIDs(max(ended, 1)) {
			lacking[id] = lacking[id] || !has[id]
		}
	}
	st := x.live.Load()
	for _, e := range st.byKey {
		d, ok := wanted[e.doc.ID+" "+e.doc.Hash]
		if !ok {
			t.Fatalf("%s is of hash %s, versions %d to %d were under way", e.doc.ID, e.doc.Hash, ended, begun)
		}
		if len(d.Chunks) != len(e.doc.Chunks) || len(e.vectors) != len(d.Chunks) || d.Chunks[0].Text != e.doc.Chunks[0].Text {
			t.Fatalf("%s is not whole", e.doc.ID)
		}
	}
	if ended > 0 {
		for id := range documentIDs(ended) {
			if !lacking[id] && !x.has(id) {
				t.Fatalf("%s of version %d is lost", id, ended)
			}
		}
	}
	if got, want := liveInKeyword(t, x), chunksOf(st); got != want {
		t.Fatalf("the keyword leg finds %d of %d passages", got, want)
	}
}

func (x *Index) has(id string) bool {
	for _, e := range x.live.Load().byKey {
		if e.doc.ID == id {
			return true
		}
	}
	return false
}

// liveInKeyword counts the live passages that the keyword leg finds by a word that all of them hold.
func liveInKeyword(t *testing.T, x *Index) int {
	t.Helper()
	q, err := x.keyword.ask(t.Context(), "filler", true)
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	st := x.live.Load()
	hits, err := q.best(100_000, func(key string) bool { e, _ := st.chunk(key); return e != nil })
	if err != nil {
		t.Fatal(err)
	}
	return len(hits)
}
