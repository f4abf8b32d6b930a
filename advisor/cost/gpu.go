package cost

import (
	"math"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Rent returns what one replica of gpus accelerators costs a month in USD on a rented instance. Instances are rented whole
// where the offer names their size and a replica needs at least one; a replica smaller than an instance pays for the instance.
func Rent(o *catalog.GPUOffer, gpus int) float64 {
	instances := math.Ceil(float64(gpus) / float64(max(1, o.Count)))
	return instances * o.USDPerHour * HoursPerMonth
}

// Owned is what bought accelerators cost.
type Owned struct {
	CapexUSD    float64 // once: cards and their share of servers
	WriteOff    float64 // USD a month: capex / AmortisationMonths
	Power       float64 // USD a month
	Hosting     float64 // USD a month
	Maintenance float64 // USD a month
	KW          float64 // drawn from the grid, facility overheads included
}

// Monthly returns the run cost of the hardware, write-off included, in USD.
func (o Owned) Monthly() float64 { return o.WriteOff + o.Power + o.Hosting + o.Maintenance }

// Own returns what gpus accelerators of one kind cost when bought for cardUSD each:
// capex/36 + kW*730*$/kWh + hosting + maintenance. Where the catalog knows the all-in power of an accelerator in its server,
// facility overheads are in it and PUE is not applied again.
func Own(a *catalog.Accelerator, cardUSD float64, gpus int) Owned {
	hosts := math.Ceil(float64(gpus) / GPUsPerHost)
	n := float64(gpus)
	var o Owned
	// A host is shared by the cards in it: a single card does not pay for eight slots, but never for less than half a server.
	o.CapexUSD = n*cardUSD + math.Max(hosts/2, n/GPUsPerHost)*HostUSD
	it := n*a.TDPWatts/1000 + HostOverheadKW*math.Max(hosts/2, n/GPUsPerHost)
	o.KW = it * PUE
	if a.AllInKW != nil {
		o.KW = n * *a.AllInKW
	}
	o.WriteOff = o.CapexUSD / AmortisationMonths
	o.Power = o.KW * HoursPerMonth * ElectricityUSDPerKWh
	o.Hosting = it * HostingUSDPerKW
	o.Maintenance = o.CapexUSD * MaintenanceShareYear / 12
	return o
}

// Egress returns what sending one answer out of a cloud costs in USD.
func Egress(outputTokens float64) float64 { return outputTokens * bytesPerToken / 1e9 * EgressUSDPerGB }
