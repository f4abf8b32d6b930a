package pricing

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// azureItem is one meter of the Azure retail prices API (https://prices.azure.com/api/retail/prices).
type azureItem struct {
	Currency    string          `json:"currencyCode"`
	Price       json.RawMessage `json:"retailPrice"`
	MinUnits    float64         `json:"tierMinimumUnits"`
	Region      string          `json:"armRegionName"`
	Effective   string          `json:"effectiveStartDate"`
	Meter       string          `json:"meterName"`
	MeterID     string          `json:"meterId"`
	SKU         string          `json:"skuName"`
	ArmSKU      string          `json:"armSkuName"`
	Product     string          `json:"productName"`
	Service     string          `json:"serviceName"`
	Unit        string          `json:"unitOfMeasure"`
	Type        string          `json:"type"`
	Reservation string          `json:"reservationTerm"`
}

// readAzure reads a page of the Azure retail prices API. Each meter is an entry; other currencies than the dollar are
// listed as problems and left out, since a rate of exchange is no price.
func readAzure(data []byte) (*Feed, error) {
	var page struct {
		Items []azureItem `json:"Items"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return nil, err
	}
	c := newCollect(AzureRetail)
	for _, it := range page.Items {
		if it.Currency != "USD" {
			c.problem("%s %s is priced in %s", it.Service, it.Meter, clip(it.Currency))
			continue
		}
		field, unit, times := azureUnit(it)
		e := Entry{
			Provider: "azure", Model: firstOf(it.ArmSKU, it.Meter, it.SKU), Region: azureRegion(it), Commitment: it.Reservation,
			Name: strings.TrimSpace(it.Product + " " + it.Meter), Prices: map[string]Price{},
		}
		if len(it.Effective) >= len("2026-07-25") {
			e.Since, _ = catalog.ParseDate(it.Effective[:len("2026-07-25")])
		}
		e.set(field, number(it.Price, unit, times, false))
		c.addMeter(e)
	}
	return c.done()
}

// NextPage returns the address at which a feed that comes in pages goes on; "" after the last page and for feeds that
// come whole.
func NextPage(s Shape, page []byte) string {
	var link struct {
		Next string `json:"NextPageLink"`
	}
	if s != AzureRetail || json.Unmarshal(page, &link) != nil {
		return ""
	}
	return link.Next
}

// addMeter adds a meter to the entry of its SKU: Azure lists each field of a price as a row of its own.
func (c *collect) addMeter(e Entry) {
	if i, known := c.place[e.Key()]; known {
		c.feed.Entries[i].merge(&e)
		return
	}
	c.add(e)
}

// azureRegion is the region of a meter, with the scope in which a token may be processed where the meter names one: each
// has a price of its own.
func azureRegion(it azureItem) string {
	if strings.Contains(it.Unit, "Hour") {
		return it.Region
	}
	name := " " + strings.ToLower(firstOf(it.SKU, it.Meter)) + " "
	for _, scope := range [][2]string{{"glbl", "global"}, {"global", "global"}, {"data zone", "data zone"}, {"dzone", "data zone"}, {"dz ", "data zone"}, {"regnl", "regional"}, {"regional", "regional"}} {
		if strings.Contains(name, scope[0]) {
			return strings.TrimSpace(it.Region + " " + scope[1])
		}
	}
	return it.Region
}

// azureUnit names the field of a meter and turns its unit into ours.
func azureUnit(it azureItem) (string, Unit, float64) {
	field := "price"
	switch meter := strings.ToLower(it.Meter); {
	case strings.Contains(meter, "cached") || strings.Contains(meter, "cchd"):
		field = "cache_read"
	case strings.Contains(meter, "outp"):
		field = "output"
	case strings.Contains(meter, "inp"):
		field = "input"
	}
	if strings.Contains(strings.ToLower(it.Meter), "batch") {
		field += "_batches"
	}
	switch {
	case strings.Contains(it.Unit, "Hour"):
		field = "hourly"
		if strings.Contains(it.Meter+it.SKU, "Spot") {
			field = "spot_hourly"
		} else if strings.Contains(it.Meter+it.SKU, "Low Priority") {
			field = "low_priority_hourly"
		}
		if strings.Contains(it.Product, "Windows") { // with the licence
			field += "_windows"
		}
		if it.Type == "DevTestConsumption" {
			field += "_devtest"
		}
		if it.Reservation != "" {
			return "reserved_" + strings.ReplaceAll(strings.ToLower(it.Reservation), " ", "_"), Unit("USD for the whole term of " + it.Reservation), 1
		}
		return field, PerHour, 1
	case it.Unit == "1K" && field != "price":
		return field, PerMTok, 1000
	case it.Unit == "1M" && field != "price":
		return field, PerMTok, 1
	}
	if it.MinUnits > 0 {
		field += fmt.Sprintf("_above_%g_units", it.MinUnits)
	}
	return field, Unit("USD per " + clip(it.Unit)), 1
}

func firstOf(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}
