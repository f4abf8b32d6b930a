package sizing_test

import (
	"testing"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
)

func model(t testing.TB, name string) *catalog.Model {
	t.Helper()
	m, ok := catalog.Default().Model(name)
	if !ok {
		t.Fatalf("no model %q in the catalog", name)
	}
	return &m
}

func gpu(t testing.TB, name string) *catalog.Accelerator {
	t.Helper()
	a, ok := catalog.Default().Accelerator(name)
	if !ok {
		t.Fatalf("no accelerator %q in the catalog", name)
	}
	return &a
}

func config(t testing.TB, m, g string, n int, precision string, e sizing.Engine) *sizing.Config {
	t.Helper()
	p, err := sizing.ParsePrecision(precision)
	if err != nil {
		t.Fatal(err)
	}
	return &sizing.Config{Model: model(t, m), Accelerator: gpu(t, g), GPUs: n, Precision: p, Engine: e}
}
