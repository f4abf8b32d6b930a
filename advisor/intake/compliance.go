package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/catalog"
)

func regime(rs ...catalog.Regime) (func(*parser, span), func(*parser, span)) {
	return func(p *parser, s span) {
			if p.subjectOnly(s) || p.onlyNice(s) || p.ofOthers(s) {
				p.doubt("“" + p.quote(s) + "” is spoken of and is not taken to apply")
				return
			}
			if p.wondered(s) {
				p.doubt("“" + p.quote(s) + "” is asked about and is not taken to apply")
				return
			}
			if p.declined(s) {
				p.excluded = true
				p.denied = append(p.denied, rs...)
				p.doubt("“" + p.quote(s) + "” was declined and is not taken to apply")
				return
			}
			p.w.Compliance = append(p.w.Compliance, rs...)
			for _, r := range rs {
				p.applies[r] = s.to
			}
			p.say(advisor.FieldCompliance, s)
		}, func(p *parser, s span) {
			p.excluded = true
			p.denied = append(p.denied, rs...)
			for _, r := range rs {
				if at, ok := p.applies[r]; ok && p.takenBackBetween(at, s.to) { // "HIPAA, no wait, skip HIPAA"
					delete(p.applies, r)
				}
			}
			p.say(advisor.FieldCompliance, s)
		}
}

// subjectOnly reports whether a regime is what texts are about: "questions about GDPR", "a course on HIPAA".
func (p *parser) subjectOnly(s span) bool {
	k := s.from - 1
	if p.raw(k) != "about" && p.raw(k) != "on" {
		return false
	}
	switch stem(p.raw(k - 1)) {
	case "question", "course", "training", "book", "article", "lecture", "ask", "quiz", "webinar":
		return true
	}
	return false
}

// onlyNice reports whether a regime is wished for but not asked for: "SOC 2 would be nice but isn't required".
func (p *parser) onlyNice(s span) bool {
	if p.wordBetween(s.from-4, s.from, "used") && p.wordBetween(s.from-3, s.from, "need", "have", "be") { // "used to need HIPAA"
		return true
	}
	return p.raw(s.to+1) == "would" && p.raw(s.to+2) == "be" && (p.raw(s.to+3) == "nice" || p.raw(s.to+3) == "good") || p.raw(s.to+1) == "is" && p.raw(s.to+2) == "nice" && p.raw(s.to+3) == "to"
}

// ofOthers reports whether a regime is somebody else's: "our parent company is ISO 27001 certified".
func (p *parser) ofOthers(s span) bool {
	const reach = 6
	for k := s.from - 1; k >= s.from-reach && !p.clauseEnd(k); k-- {
		switch p.raw(k) {
		case "sister", "parent", "upstairs", "neighbour", "neighbor", "competitor", "competitors":
			return true
		}
	}
	return false
}

// declined reports whether others asked for a regime and were told no: "a few asked for ISO 27001 but we told them no".
func (p *parser) declined(s span) bool {
	if !p.wordBetween(s.from-5, s.from, "asked", "wanted", "requested", "demanded") {
		return false
	}
	k := p.inSentence(s.to+1, 4, func(k int) bool { return p.raw(k) == "but" })
	return k > 0 && p.inSentence(k, 6, func(j int) bool { return p.has(j, "no") || p.raw(j) == "declined" || p.raw(j) == "refused" }) > 0
}

// takenBackBetween reports whether words from a to b take back what was said.
func (p *parser) takenBackBetween(a, b int) bool {
	for k := a; k < b; k++ {
		if n := p.correction(k); n > 0 {
			return true
		}
	}
	return false
}

// wondered reports whether a regime is only asked about: "is HIPAA relevant?", "do we need SOC 2?", unless the answer is yes.
func (p *parser) wondered(s span) bool {
	whole := around(s, p.strongEnd)
	from, to := whole.from, whole.to
	switch p.raw(from) {
	case "is", "are", "do", "does", "would":
	default:
		return false
	}
	if p.raw(to+1) != "?" {
		return false
	}
	for k := to + 2; k <= to+4; k++ {
		if p.raw(k) == "yes" {
			return false
		}
	}
	return p.wordBetween(from, to+1, "need", "relevant", "required", "apply", "applies", "necessary", "needed")
}

func sensitivity(v advisor.Sensitivity) func(*parser, span) {
	return func(p *parser, s span) { p.sensitivity(v, s) }
}

var sensitivityRank = map[advisor.Sensitivity]int{advisor.Public: 1, advisor.Internal: 2, advisor.Confidential: 3, advisor.Regulated: 4}

// sensitivity keeps the strictest class that was said.
func (p *parser) sensitivity(v advisor.Sensitivity, s span) {
	if sensitivityRank[v] > sensitivityRank[p.w.Sensitivity] {
		p.w.Sensitivity = v
	}
	p.say(advisor.FieldSensitivity, s)
}

func implied(r catalog.Regime, note string) func(*parser, span) {
	return func(p *parser, s span) {
		p.w.Compliance = append(p.w.Compliance, r)
		p.say(advisor.FieldCompliance, s)
		p.sensitivity(advisor.Regulated, s)
		if r != catalog.HIPAA || !p.saysHIPAA() {
			p.doubt("“" + p.quote(s) + "” " + note)
		}
	}
}

// patientData is regulated everywhere; which law regulates it depends on the place.
func patientData(p *parser, s span) {
	if p.raw(s.from) == "patients" && !p.plural(s.to) { // "our patients message us"
		return
	}
	p.sensitivity(advisor.Regulated, s)
	abroad := func(i int) bool { return (p.has(i, "gdpr") || p.isPlace(i) && !p.has(i, "us")) && !p.has(i, "hipaa") }
	if code, _ := p.placeNamed(); code != "" && code != "US" || p.anyToken(abroad) {
		p.healthLaw(s, "is regulated data", "say HIPAA if US rules apply as well")
		return
	}
	p.w.Compliance = append(p.w.Compliance, catalog.HIPAA)
	p.say(advisor.FieldCompliance, s)
	if !p.saysHIPAA() {
		p.doubt("“" + p.quote(s) + "” taken to fall under HIPAA (a US law); say GDPR instead if it does not")
	}
}

func (p *parser) saysHIPAA() bool { return p.anyToken(func(i int) bool { return p.has(i, "hipaa") }) }

// healthLaw says which law may hold for health data where the request is from, unless it names a law itself; otherwise is what to say where it
// names no place, or one in the US. Once is enough.
func (p *parser) healthLaw(s span, what, otherwise string) {
	code, _ := p.placeNamed()
	place, _ := advisor.PlaceOf(code)
	europe := place.EU || code == "EU" || code == "UK"
	if !europe && p.saysHIPAA() || p.lawDoubted {
		return
	}
	gdpr := p.anyToken(func(i int) bool { return p.has(i, "gdpr") })
	switch {
	case europe && gdpr && code != "FR":
		return
	case code == "FR":
		otherwise = "GDPR may apply, and HDS (certified hosting of health data), which is not checked"
	case code == "UK":
		otherwise = "UK GDPR may apply: say GDPR if it does"
	case europe:
		otherwise = "GDPR may apply: say GDPR if it does"
	case code != "" && code != "US":
		otherwise = "the law of " + place.Name + " on health data is not checked"
	}
	p.lawDoubted = true
	p.doubt("“" + p.quote(s) + "” " + what + ": " + otherwise)
}

// anyToken reports whether something holds of any token.
func (p *parser) anyToken(holds func(int) bool) bool {
	for i := range p.toks {
		if holds(i) {
			return true
		}
	}
	return false
}

// healthData is regulated everywhere, but which law holds is not said by that.
func healthData(p *parser, s span) {
	p.sensitivity(advisor.Regulated, s)
	p.healthLaw(s, "is regulated data", "say HIPAA or GDPR if these apply")
}

func complianceRules(t *ruleTable) {
	named := func(r catalog.Regime, patterns ...string) {
		act, neg := regime(r)
		t.add(rule{act: act, neg: neg}, patterns...)
	}
	named(catalog.HIPAA, "hipaa comply? =applies|=apply|=required|=needed|=mandatory?")
	named(catalog.GDPR, "gdpr comply? =applies|=apply|=required|=needed|=mandatory?")
	named(catalog.PCIDSS, "pci dss? comply? =applies|=apply|=required|=needed?", "pci dss|level #")
	named(catalog.SOC2, "soc2 =type? =1|=2|=i|=ii? comply?", "soc #|=ii|=two =type? =1|=2|=i|=ii?", "soc2 =t2")
	named(catalog.ISO27001, "iso27001", "iso iso? =27001|=27k|=27001:2022 comply?")
	named(catalog.CCPA, "ccpa comply? =applies|=apply|=required|=needed?")
	named(catalog.FedRAMP, "fedramp")
	authorised, notAuthorised := regime(catalog.FedRAMP)
	t.add(rule{act: func(p *parser, s span) {
		authorised(p, s)
		p.doubt("“" + p.quote(s) + "”: the level is not told apart. A provider counts that has any FedRAMP authorisation: check that it covers this level, the region and the model")
	}, neg: notAuthorised}, "fedramp =high|=moderate|=low|=li-saas =level|=baseline|=impact?", "=high|=moderate fedramp", "fedramp =at? =high|=moderate|=low =level|=baseline|=impact")
	named(catalog.EUAIAct, "eu? euaiact comply|critical?", "eu ml|aiword act")
	t.add(rule{act: func(p *parser, s span) {
		p.w.Compliance = append(p.w.Compliance, catalog.HIPAA)
		p.say(advisor.FieldCompliance, s)
		p.doubt("“" + p.quote(s) + "” taken to mean HIPAA: a BAA is what it asks of a vendor")
	}, neg: noted("noted; HIPAA is not assumed")}, "baa")
	t.add(rule{act: func(p *parser, s span) { p.excluded = true; p.say(advisor.FieldCompliance, s) }},
		"no comply critical?", "comply no", "no regulated critical?", "no comply critical critical")
	noPersonal := func(p *parser, s span) {
		for k := s.to + 1; k < s.to+6 && !p.clauseEnd(k); k++ {
			if p.has(k, "leave", "outside", "send") { // "no patient data may leave"
				return
			}
		}
		p.sensitivity(advisor.Public, s)
		p.doubt("“" + p.quote(s) + "” taken to mean data that is not sensitive")
	}
	noPHI := func(p *parser, s span) {
		noPersonal(p, s)
		if p.w.Sensitivity == "" {
			return
		}
		p.excluded = true
		p.say(advisor.FieldCompliance, s)
	}
	t.add(rule{act: implied(catalog.HIPAA, "read as HIPAA"), neg: noPHI}, "phi data?")
	t.add(rule{act: implied(catalog.PCIDSS, "read as PCI DSS"), neg: noPHI}, "cardhold data?|doc?", "credit card data|doc|number?", "=credit|=debit data", "card data")
	t.add(rule{act: implied(catalog.HIPAA, "read as HIPAA"), neg: noPHI}, "=covered =entity")
	t.add(rule{act: patientData, neg: noPHI}, "patientw health? data|doc|chats|query|identifier", "=protected health data", "patientw =history|=histories")
	t.add(rule{act: healthData, neg: noPHI}, "health data|doc|chats")
	t.add(rule{act: func(p *parser, s span) {
		p.healthLaw(s, "noted", "say HIPAA if it handles health data of people in the US")
	}}, "health health? =support?")
	t.add(rule{act: noted("noted: say PCI DSS if card data is handled, SOC 2 if your auditors ask for it")}, "finance")
	t.add(rule{}, "health =posts|=post|=centres|=centre|=centers|=center|=workers|=service|=services|=department|=board|=authority", "=ministry =of health", "=open =source|=weights", "health =check|=checks", "personal assistant|chat|agent|tool", "public cloud|=sector|api|=endpoint|=transport|=authority|=authorities|=service|=services|=school|=schools|=library|=libraries|=administration|=body|=office|=offices|=health|=relations|=company|=safety|=works|=broadcaster|=prosecutor", "private =endpoint|api|=link",
		"sensitive modelname|=model|=models|=llm|=llms|api|=weights|vendorname", "sensitive =computing", "internal server =error", "internal =llm|=ai|=traffic|=llms =traffic?", "=the|=an|=our|=my|=this|=one =intern", "=interns", "data science|datasci|learning|team", "credit =score|=scoring|=risk|=decisions")
	t.add(rule{act: sensitivity(advisor.Confidential), neg: noPersonal}, "personal data?|doc?|=details?|=identifiable?", "=customer personal data?", "private data|doc")
	t.add(rule{act: sensitivity(advisor.Confidential), neg: sensitivity(advisor.Public)}, "sensitive data?|doc?|chats?", "=trade =secrets|=secret", "=top sensitive data?", "=ip data", "=intellectual =property", "=source code")
	t.add(rule{act: sensitivity(advisor.Regulated), neg: sensitivity(advisor.Public)}, "regulated data?|doc?|=industry?|=sector?")
	t.add(rule{act: sensitivity(advisor.Public)}, "nonsens data?|doc?", "public nonsens? data?|doc?|=only?", "public data|doc|=info|=website|knowledge", "doc|data|=records =open =for|=to =all|=everybody|=everyone|=anyone", "=everything|=all =ends|=goes =up? =on =our|=the =website|=site|=web")
	t.add(rule{act: sensitivity(advisor.Confidential)}, "=data classify sensitive")
	t.add(rule{act: sensitivity(advisor.Public)}, "=data classify public")
	t.add(rule{act: sensitivity(advisor.Regulated)}, "=data classify regulated")
	t.add(rule{act: sensitivity(advisor.Internal)}, "=data classify internal")
	t.add(rule{}, "=medical|=icd|=icd-10|=diagnosis|=billing|=postal|=zip|=discount|=promo|=error|=status|=product code")
	t.add(rule{act: sensitivity(advisor.Internal)}, "internal only? data?|doc?|knowledge?", "internal =use|=tool|=tools", "=company =wiki|=intranet")
	t.add(rule{act: func(*parser, span) {}}, "=rest|=remainder|=others hard|easy|sensitive|public|frontier|nonsens")
	t.add(rule{act: sensitivity(advisor.Regulated)}, "=classified =environment|data|network|=information|=government")
	t.add(rule{act: func(*parser, span) {}}, "mixed query?|doc?|data?|volume?") // the shares say how
	t.add(rule{}, "=price|=cost|=latency|=budget|=time sensitive")
	t.add(rule{act: noted("is not a regime this tool knows; its demands are not checked")}, "othrule")
	t.add(rule{act: func(p *parser, s span) {
		if p.has(s.from, "eupeople") && p.has(s.to+1, "doc") { // "French customer mails": a language
			return
		}
		p.w.Compliance = append(p.w.Compliance, catalog.GDPR)
		p.say(advisor.FieldCompliance, s)
		p.doubt("“" + p.quote(s) + "” taken to bring GDPR with it")
	}}, "eu person|=consumers|=consumer|=subjects", "eu personal data?", "eu data =subjects", "eucountry|eupeople person|=consumers")
}
