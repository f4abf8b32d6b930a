package framework

import (
	"time"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Fact is something that a regime asks, in this project's words, with where it stands.
type Fact struct {
	Regime  catalog.Regime
	Text    string
	Counsel bool // a matter of judgement: check with counsel
	Source  catalog.Source
}

// law is a legal text or standard with the day on which it was published.
func law(id, title, url string, year int, month time.Month, day int) catalog.Source {
	return catalog.Source{ID: id, Title: title, URL: url, Licence: "public text", Date: catalog.Date{Time: time.Date(year, month, day, 0, 0, 0, 0, time.UTC)}}
}

var facts = []Fact{
	{catalog.HIPAA, "A vendor that creates, receives, keeps or transmits PHI for you is a business associate: a signed BAA comes first. The rule does not ask for self-hosting.", false,
		law("cfr-164-504e", "45 CFR 164.502(e), 164.504(e)", "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164", 2013, 1, 25)},
	{catalog.HIPAA, "A GPU cloud that holds PHI is a business associate too, even where it holds no key.", false,
		law("hhs-cloud", "HHS, Guidance on HIPAA and Cloud Computing", "https://www.hhs.gov/hipaa/for-professionals/special-topics/health-information-technology/cloud-computing/index.html", 2016, 10, 7)},
	{catalog.HIPAA, "Check that the BAA names the very service and region, that retention is off or covered, and that prompts in logs are treated as PHI.", true,
		law("cfr-164-312", "45 CFR 164.312 (technical safeguards)", "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C/section-164.312", 2013, 1, 25)},
	{catalog.GDPR, "A vendor that processes personal data for you needs a data processing agreement (Art. 28); a transfer outside the EEA needs a basis of its own (Chapter V). EU processing is not itself demanded.", false,
		law("gdpr", "Regulation (EU) 2016/679, Art. 28 and 44-49", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", 2016, 4, 27)},
	{catalog.GDPR, "A new use of personal data at scale may need a data protection impact assessment (Art. 35).", true,
		law("gdpr-35", "Regulation (EU) 2016/679, Art. 35", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", 2016, 4, 27)},
	{catalog.PCIDSS, "Whoever stores, processes or transmits cardholder data is in scope, vendors included (Requirement 12.8). Keep card numbers out of prompts: mask or tokenise them first, and most of the scope falls away.", false,
		law("pci-dss", "PCI DSS v4.0.1, Requirements 3 and 12.8", "https://www.pcisecuritystandards.org/document_library/", 2024, 6, 11)},
	{catalog.SOC2, "SOC 2 is an auditor's report, not a law: your vendor's Type II report and its exceptions go into your vendor review.", false,
		law("soc2", "AICPA, Trust Services Criteria (2017, revised 2022)", "https://www.aicpa-cima.com/topic/audit-assurance/audit-and-assurance-greater-than-soc-2", 2022, 9, 30)},
	{catalog.EUAIAct, "Duties follow the use and your role, not where the model runs: people must be told that they talk to a machine (Art. 50), high-risk uses (Annex III) carry documentation and oversight. Self-hosting removes none of it.", false,
		law("ai-act", "Regulation (EU) 2024/1689, Art. 26, 50 and Annex III", "https://eur-lex.europa.eu/eli/reg/2024/1689/oj", 2024, 6, 13)},
	{catalog.EUAIAct, "Whether a use is high-risk, and whether tuning a model makes you its provider, is a question of the case.", true,
		law("ai-act-25", "Regulation (EU) 2024/1689, Art. 6 and 25", "https://eur-lex.europa.eu/eli/reg/2024/1689/oj", 2024, 6, 13)},
	{catalog.ISO27001, "A certificate covers a scope: check that the vendor's statement of applicability names the service that you call.", false,
		law("iso27001", "ISO/IEC 27001:2022", "https://www.iso.org/standard/27001", 2022, 10, 25)},
	{catalog.CCPA, "A vendor that processes personal information for you is a service provider only under a contract that limits what it may do with it; without one, passing data on may count as selling or sharing it. Where the data lies is not regulated.", false,
		law("ccpa", "California Civil Code 1798.100(d), 1798.140(ag) (CCPA as amended by the CPRA)", "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV&sectionNum=1798.140.", 2023, 1, 1)},
	{catalog.FedRAMP, "The service itself must be authorised at your impact level; a vendor's other authorised services do not count.", false,
		law("fedramp", "FedRAMP Marketplace", "https://marketplace.fedramp.gov/", 2022, 12, 23)},
}

// Facts returns what the regimes ask, in their order.
func Facts(regimes []catalog.Regime) []Fact {
	var out []Fact
	for _, r := range regimes {
		for _, f := range facts {
			if f.Regime == r {
				out = append(out, f)
			}
		}
	}
	return out
}
