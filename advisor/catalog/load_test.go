package catalog

import "testing"

func TestDefaultLoads(t *testing.T) {
	c := Default()
	if len(c.Models) < 61 || len(c.Accelerators) < 47 {
		t.Fatalf("%d models, %d accelerators", len(c.Models), len(c.Accelerators))
	}
}
