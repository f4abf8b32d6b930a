package cost

import "github.com/llmadvise/llmadvise/advisor/quantity"

// HoursPerMonth is the month of every bill: 8,760 h a year / 12.
const HoursPerMonth = quantity.HoursPerMonth

// weeksPerMonth turns set-up weeks into months of rent.
const weeksPerMonth = HoursPerMonth / (7 * 24)

// People.
const (
	// SalaryUSDYear is the middle of $120,000-180,000 a year for an ML engineer, the range that the article quotes from n8n
	// (2025); unverified here, and close to public US salary surveys.
	SalaryUSDYear = 150_000.0
	// LoadFactor adds taxes, benefits and equipment to a salary. Assumed: 1.25-1.4 is the usual range.
	LoadFactor = 1.3
	// FTEMonthUSD is what one full-time engineer costs a month: 150,000 * 1.3 / 12.
	FTEMonthUSD = SalaryUSDYear * LoadFactor / 12
	// workdaysPerMonth is 260 / 12.
	workdaysPerMonth = 260.0 / 12
	workdaysPerWeek  = 5.0
)

// Owned hardware.
const (
	// AmortisationMonths is the life over which a bought accelerator is written off. Assumed: 36 months is what most public
	// TCO models take for GPUs; 48-60 would lower the monthly figure by a quarter to 40 %.
	AmortisationMonths = 36
	// HostUSD is a server (chassis, CPUs, memory, disks, NIC) for up to GPUsPerHost cards. Assumed: $8,000-20,000 by kind.
	HostUSD     = 12_000.0
	GPUsPerHost = 8
	// PUE is the power usage effectiveness of an average data centre: 1.55-1.58 by Uptime's surveys; new builds near 1.25.
	PUE = 1.55
	// ElectricityUSDPerKWh is an average commercial rate. Assumed: $0.08-0.20 by region.
	ElectricityUSDPerKWh = 0.12
	// HostOverheadKW is the draw of a server besides its cards, kW. Assumed.
	HostOverheadKW = 0.3
	// HostingUSDPerKW is rack space, network and remote hands by the kW of the contract, a month. Assumed: $120-200.
	HostingUSDPerKW = 150.0
	// MaintenanceShareYear of the purchase price: support contracts and spares. Assumed: 3-8 %.
	MaintenanceShareYear = 0.05
)

// Network: what leaves a cloud is billed; an answer is about four bytes a token and HTTP about doubles it.
const (
	EgressUSDPerGB = 0.09 // first tier of the large clouds' list prices; many GPU clouds bill none
	bytesPerToken  = 8.0
)

// DiscountYear is the rate at which later money is discounted in NPV. Assumed: a common corporate hurdle rate.
const DiscountYear = 0.10

// MaterialUSDMonth is the difference below which two options cost the same for practical purposes: about three and a half
// engineer's hours at the loaded rate. Choosing on less than that costs more than it saves.
const MaterialUSDMonth = 50.0
