package pricing

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// readSkyPilot reads a SkyPilot catalog (vms.csv): rented instances by region and zone, in USD per hour for the whole
// instance. The rows do not say whose they are, so provider comes from where the file was found.
func readSkyPilot(data []byte, provider string) (*Feed, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	cols := map[string]int{}
	for i, h := range head {
		cols[strings.TrimSpace(h)] = i
	}
	c := newCollect(SkyPilot)
	for {
		rec, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("the table is broken or cut short: %w", err)
		}
		if e, ok := skyPilotEntry(rec, cols, provider); ok {
			c.add(e)
		}
	}
	return c.done()
}

// skyPilotEntry reads one row; rows without an accelerator are of no interest.
func skyPilotEntry(rec []string, cols map[string]int, provider string) (Entry, bool) {
	get := func(name string) string {
		i, ok := cols[name]
		if !ok || i >= len(rec) {
			return ""
		}
		return strings.Clone(strings.TrimSpace(rec[i]))
	}
	e := Entry{
		Provider: provider, Model: get("InstanceType"), Region: get("Region"), Accelerator: get("AcceleratorName"),
		Prices: map[string]Price{},
	}
	if zone := get("AvailabilityZone"); zone != "" {
		e.Region = zone
	}
	e.Count, _ = strconv.ParseFloat(get("AcceleratorCount"), 64)
	if e.Accelerator == "" || e.Model == "" {
		return e, false
	}
	for field, col := range map[string]string{"hourly": "Price", "spot_hourly": "SpotPrice"} {
		if s := get(col); s != "" {
			e.set(field, number(json.RawMessage(s), PerHour, 1, false))
		}
	}
	return e, len(e.Prices) > 0
}
