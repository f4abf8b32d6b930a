package advisor

import (
	"strings"
	"testing"
)

// People without a frequency make a volume of their size, and a volume that was said counts as it is.
func TestUsersMakeAVolume(t *testing.T) {
	for _, c := range []struct {
		name string
		w    Workload
		want float64
		why  string
	}{
		{"staff", Workload{Users: 60}, 60 * 10 * 260.0 / 12, "10 times on a working day"},
		{"the public", Workload{Users: 80_000, UsersOutside: true}, 400_000, "5 times a month"},
		{"a volume beside", Workload{Users: 60, QueriesPerMonth: 7_000}, 7_000, ""},
		{"nobody", Workload{}, defaultQueries, "medium scale"},
	} {
		w, assumed := Complete(c.w)
		why := ""
		for _, a := range assumed {
			if a.Field == FieldQueries {
				why = a.Why
			}
		}
		if w.QueriesPerMonth != c.want || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("%s: %g (%q), want %g (%q)", c.name, w.QueriesPerMonth, why, c.want, c.why)
		}
	}
}
