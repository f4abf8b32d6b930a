package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pricesRun runs one `prices` command line and returns what it printed.
func pricesRun(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"prices"}, args...), func(string) string { return "" }, strings.NewReader(""), &out, &errs)
	return out.String(), errs.String(), code
}

func feedFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	oldFeed = `[{"id":"acme","name":"Acme","models":[{"id":"old","prices":{"input_mtok":1}},{"id":"m","prices":{"input_mtok":2,"output_mtok":8}},{"id":"odd","prices":{"input_mtok":1,"output_mtok":1}}]}]`
	newFeed = `[{"id":"acme","name":"Acme","models":[{"id":"new","prices":{"input_mtok":3,"output_mtok":9}},{"id":"m","prices":{"input_mtok":1.5,"output_mtok":8,"cache_read_mtok":0.2}},{"id":"odd","prices":{"input_mtok":1000,"output_mtok":-1}}]}]`
)

func TestPricesDiffJSON(t *testing.T) {
	out, errs, code := pricesRun(t, "diff", "--json", feedFile(t, "a.json", oldFeed), feedFile(t, "b.json", newFeed))
	if code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	var got struct {
		Changes []struct {
			Kind, Provider, Model, Unit string
			Field                       *string
			Old, New                    any
		}
		Quarantined []struct {
			Model, Field, Why string
			Old, New          any
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Changes) != 4 || len(got.Quarantined) != 2 {
		t.Fatalf("%s", out)
	}
	if c := got.Changes[0]; c.Kind != "added" || c.Model != "m" || *c.Field != "cache_read" || c.Old != nil || c.New != 0.2 || c.Unit != "USD per 1M tokens" {
		t.Errorf("%+v", c)
	}
	if c := got.Changes[1]; c.Kind != "changed" || *c.Field != "input" || c.Old != 2.0 || c.New != 1.5 {
		t.Errorf("%+v", c)
	}
	if c := got.Changes[2]; c.Kind != "added" || c.Field != nil || c.New.(map[string]any)["output"] != 9.0 {
		t.Errorf("%+v", c)
	}
	if q := got.Quarantined[1]; q.Field != "output" || q.Old != 1.0 || q.New != -1.0 || q.Why != "negative" {
		t.Errorf("%+v", q)
	}
}

func TestPricesDiffForPeople(t *testing.T) {
	out, _, code := pricesRun(t, "diff", feedFile(t, "a.json", oldFeed), feedFile(t, "b.json", newFeed))
	for _, want := range []string{"1 model added, 1 removed; 1 price changed, 1 added, 0 removed; 2 quarantined", "2 -> 1.5", "the old price stays"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if code != exitOK {
		t.Errorf("exit %d", code)
	}
}

func TestPricesMistakesAreToldWithWhatToDo(t *testing.T) {
	good := feedFile(t, "a.json", oldFeed)
	for _, tt := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"no such file", []string{"diff", good, "/nowhere/x.json"}, exitFailure, "/nowhere/x.json"},
		{"a web page", []string{"diff", good, feedFile(t, "e.html", "<html>")}, exitFailure, "web page"},
		{"cut short", []string{"diff", good, feedFile(t, "c.json", oldFeed[:60])}, exitFailure, "cut short"},
		{"two shapes", []string{"diff", good, feedFile(t, "l.json", `{"m":{"litellm_provider":"x","input_cost_per_token":1e-6}}`)}, exitUsage, "different shapes"},
		{"one file", []string{"diff", good}, exitUsage, "Try"},
		{"unknown model", []string{"show", "--model", "nonsense-9000"}, exitUsage, "nonsense-9000"},
		{"a share above one", []string{"show", "--cached", "60"}, exitUsage, "0 to 1"},
	} {
		_, errs, code := pricesRun(t, tt.args...)
		if code != tt.code || !strings.Contains(errs, tt.want) {
			t.Errorf("%s: exit %d, want %d; says %q, want %q", tt.name, code, tt.code, errs, tt.want)
		}
	}
}

func TestPricesShow(t *testing.T) {
	out, _, code := pricesRun(t, "show", "--model", "llama 3.3 70b", "--json", "--limit", "0")
	var got struct {
		Prices []struct {
			Offer             string
			Usd_per_query     float64
			List_usd_per_mtok float64
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != exitOK {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	if len(got.Prices) < 8 {
		t.Errorf("only %d providers of Llama 3.3 70B", len(got.Prices))
	}
	for i := 1; i < len(got.Prices); i++ {
		if got.Prices[i].Usd_per_query < got.Prices[i-1].Usd_per_query {
			t.Errorf("%s is ranked behind %s and is cheaper", got.Prices[i].Offer, got.Prices[i-1].Offer)
		}
	}
	if out, _, _ := pricesRun(t, "show", "--limit", "3"); strings.Count(out, "\n") != 7 || !strings.Contains(out, "2026-07-25") {
		t.Errorf("%s", out)
	}
}
