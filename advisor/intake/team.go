package intake

import (
	"github.com/llmadvise/llmadvise/advisor"
)

func team(v advisor.MLTeam) func(*parser, span) {
	return func(p *parser, s span) {
		if w := p.raw(s.to + 1); v != advisor.NoTeam && (w == "left" || w == "quit" || w == "resigned" || p.wordBetween(p.sentenceFrom(s.from, 8), s.from, "used") && p.wordBetween(p.sentenceFrom(s.from, 8), s.from, "be", "have")) {
			return // "used to be 5 devs and an ML engineer; the ML engineer left"
		}
		if v != advisor.NoTeam && (p.salaryBehind(s) || p.raw(s.from) == "hires" && p.raw(s.from-1) == "who" || p.raw(s.from) == "ai" && p.wordBetween(s.from+1, s.to, "for", "help")) { // "AI for help engineers"
			return
		}
		rank := map[advisor.MLTeam]int{advisor.NoTeam: 1, advisor.SomeTeam: 2, advisor.DedicatedTeam: 3}
		had := p.w.MLTeam
		switch {
		case had == "" || rank[v] > rank[had] && had != advisor.NoTeam: // two kinds of people add up
			p.w.MLTeam = v
		case v != had && (v == advisor.NoTeam || had == advisor.NoTeam):
			p.w.MLTeam = advisor.SomeTeam
			p.doubt("the request names expertise and the lack of it; some expertise is taken")
		}
		p.say(advisor.FieldMLTeam, s)
	}
}

// salaryBehind reports whether people are only named for what they would cost: "an ML engineer is ~140k a year".
func (p *parser) salaryBehind(s span) bool {
	switch p.raw(s.to + 1) {
	case "is", "costs", "cost", "earns", "runs":
		k := s.to + 2
		for p.isSign(k, "~") || p.has(k, "usd", "eur") || p.raw(k) == "about" || p.raw(k) == "around" || p.raw(k) == "us" {
			k++
		}
		return p.isNum(k) && (k > s.to+2 || p.raw(k+1) == "k") && !p.has(k+1, "person", "team")
	}
	return false
}

// lacking reads the lack of what follows, too: "our team has no", "ML background".
func lacking(p *parser, s span) {
	for k := s.to + 1; !p.isClaimed(k) && p.has(k, "ml", "aiword", "machine", "learning", "ops", "datasci", "team") && p.toks[k].entity == nil && !p.clauseEnd(k); k++ {
		s.to = k
	}
	p.claim(s.from, s.to)
	team(advisor.NoTeam)(p, s)
}

// countedTeam reads "two MLOps engineers": one or two are some expertise, three or more a team of their own.
func countedTeam(p *parser, s span) {
	if w := stem(p.raw(s.from + 1)); (w == "gpu" || w == "card") && s.to > s.from+1 && !p.has(s.from+2, "team", "ml", "ops") { // "8 GPUs is what ops has"
		return
	}
	n := p.toks[s.from].val
	if p.toks[s.from].kind == word {
		n = numberWords[p.raw(s.from)]
	}
	p.experts += n
	p.servers = p.servers || !p.onlyScientists(s)
	switch {
	case p.experts > n && p.experts >= 4 && p.servers: // "three data scientists and two MLOps"
		team(advisor.DedicatedTeam)(p, s)
	case n == 0:
		team(advisor.NoTeam)(p, s)
	case n >= 3 && p.fullTime(s):
		team(advisor.DedicatedTeam)(p, s)
	case n < 3 || p.onlyScientists(s):
		team(advisor.SomeTeam)(p, s)
	default:
		team(advisor.DedicatedTeam)(p, s)
	}
}

// fullTime reports whether people are said to do nothing else: "eight data scientists and engineers, full time on AI".
func (p *parser) fullTime(s span) bool {
	const reach = 8
	return p.inSentence(s.to+1, reach, func(k int) bool {
		return p.raw(k) == "fulltime" || p.raw(k) == "full-time" || p.raw(k) == "full" && (p.raw(k+1) == "time" || p.raw(k+2) == "time")
	}) > 0
}

// onlyScientists reports whether a team is made of data scientists, who train models but seldom run servers.
func (p *parser) onlyScientists(s span) bool {
	found := false
	for i := s.from; i <= s.to; i++ {
		if p.has(i, "ml", "ops", "aiword") {
			return false
		}
		found = found || p.has(i, "datasci", "science")
	}
	return found
}

func teamRules(t *ruleTable) {
	none, some, dedicated := lacking, team(advisor.SomeTeam), team(advisor.DedicatedTeam)
	t.add(rule{act: func(p *parser, s span) {
		if !p.planned(s.from) {
			none(p, s)
		}
	}}, "no canrun aiword|gpuname|=models|=servers")
	t.add(rule{act: func(*parser, span) {}}, "no =budget|=money|=funds =for =gpu|=gpus") // of what they know
	t.add(rule{act: none},
		"ml =staffing|=staff|=headcount? =none|=nobody|=zero", "no =have? =any? datasci|ml|ops|aiword =or|=nor|=and datasci|ml|ops|aiword team?", "no dedicated|inhouse|smallteam? dedicated|inhouse? ml|ops|aiword|machine learning|ops|technical|data? learning|science|ops|aiword|ml? team team?", "no ml|ops ml|ops? team?", "ml =is? =new =to us", "no =do|=does machine learning|ml", "no =understand|=understands|=understood =informatics|=computers|=computer|=it|=tech|=technology|aiword|ml", "no technical|=it? team =with ml|aiword|ops|machine learning|ops? team?", "no =have? =computer|=software|=it team =for aiword|ml|ops", "no =of =us =is|=are technical", "no =computer|=it =person|=guy|=expert|=people|=folks|=guys", "ml =is? =new =to =us|=me", "no inhouse|internal team", "no inhouse|technical team",
		"no team|=one =to|canrun|who? canrun modelname|aiword|ml|ops|infra|network|=models|=gpus|=servers|=it|gpuname", "no team canrun|ml|aiword", "no team inhouse", "no team ml|ops", "no team",
		"nontech team?|=company?|=founders?|=founder?", "ml|ops|aiword team no", "no datasci", "team =is? no", "no ml|ops =and|=or|=nor ops|ml|aiword|datasci team?",
		"no =hands|=capacity =to? canrun", "no =budget|=money|=funds|=headcount =for ml|ops|aiword team?", "no ops|ml team =or|and|=nor ops|ml team?", "smallteam team no ml|ops|aiword team?")
	t.add(rule{act: countedTeam},
		"# smallteam|dedicated|=full|=time|inhouse? smallteam|dedicated|=time? ml|ops|aiword|datasci|machine learning|science|ops|ml|aiword? team smallteam?", "# ml|ops|datasci", "# =fte|=ftes", "# mlteamword", "# data science", "# person|team =in|=for ml|aiword", "# person|team =who only? =do|=does ml|aiword", "# person|team =who only? =do|=does machine learning")
	t.add(rule{act: func(p *parser, s span) {
		for i := s.from; i <= s.to; i++ {
			if p.isNum(i) || numberWords[p.raw(i)] > 0 {
				n := p.toks[i].val
				if p.toks[i].kind == word {
					n = numberWords[p.raw(i)]
				}
				if n >= 3 && !p.onlyScientists(s) {
					dedicated(p, s)
				} else {
					some(p, s)
				}
				return
			}
		}
	}}, "=infrateam =of|=with #", "team =of # ml|ops|aiword|datasci team?", "team ml|aiword =of # team?", "team # ml|ops|aiword team?", "ml # team|person", "ml|ops|aiword team =of # team?", "dedicated|inhouse ml|ops|aiword|datasci ml|ops|aiword|network? team =of #", "ml ml|ops|aiword|network team =of #")
	t.add(rule{act: some},
		"smallteam ml|ops|aiword|datasci ml|ops|aiword|learning? team?", "smallteam inhouse|internal? ml|ops|aiword team?", "team =of ml|aiword", "=learned|=learnt|=studied ml|machine learning?", "ml =course|=courses|=class|=training|=degree|=bootcamp|=certificate", "team =some|=limited|=basic|=partial",
		"datasci", "data science team?", "ml|aiword =experience|=expertise|=skills|=knowledge|=knowhow|=background", "ml|aiword =engineers|=engineer|=people|=folks|=specialist|=specialists|=guy", "team =somewhat ml", "mlteamword", "=know|=knows|=knowing =pytorch|=cuda|=tensorflow|=huggingface", "smallteam technical team", "ml =contractor|=consultant", "=half =an? ml|aiword team", "ml =phd|=msc|=graduate =student?", "=playing|=dabbled|=dabble|=dabbles|=tinkered|=played|=plays|=experimented|=dabbling =in|=with|=around? ml|aiword", "ml|aiword|ops team =some|=limited|=basic|=partial|=small")
	t.add(rule{act: func(p *parser, s span) {
		if p.onHand(s) {
			some(p, s)
		}
	}}, "ops ops? team?")
	t.add(rule{act: dedicated},
		"dedicated|inhouse dedicated|inhouse? ml|ops|aiword|datasci|machine ml|ops|aiword|learning|network? team", "ml team|=dept|=cell|=wing|=lab|=unit|=division", "aiword team|=dept|=cell|=wing|=lab|=unit|=division", "ml|aiword ops|network|ml|aiword team", "team dedicated", "dedicated ml|ops team?", "dedicated aiword team", "dedicated team", "ml|ops|aiword dedicated? team =in-house|=inhouse",
		"team =of? #? =runs|=run|=operates|=manages|=running aiword? =cluster|=clusters|=supercomputer", "=infra|=infrastructure team", "=team =of ml|ops|aiword team", "ml|aiword =infrateam")
	t.add(rule{act: func(*parser, span) {}}, "=infra|=infrastructure") // machines, not people
	t.add(rule{}, "=aren't|=arent|=isn't =people|=person", "=are|=is =not =people", "team =own", "=not|=don't|=won't|=cannot|=can't|=wouldn't|=never =hire|=lead|=staff|=practice", "=don't|=dont|=doesn't|=not|=didn't =knowhow", "=to|=for ml|aiword =teams", "no =experience =with modelname", "data =science =students|=student|=course|=class", "ml =course|=class chat|=assistant|=students", "no team =discount|=plan|=pricing|=seats|=license|=licence", "no per team", "no =over team", "=platform|=infra|=devops|=ops|=data team =here|=speaking|=asking|=asks|=wants", "# aiword =is|=are", "dedicated aiword =programme|=program|=project|=initiative", "aiword =programme|=program|=project|=initiative|=strategy|=spend|=bill", "aiword =rental|=rentals|=hours|=card|=cards|=node|=nodes", "no aiword", "=own =gpu|=gpus|=hardware", "=own =platform", "=the =whole =team", "platform =engineering? =as", "=platform|=infra|=devops|=backend =eng|=engineer =here|=at|=in|=from", "=platform =eng", "no team =size", "ml =platform", "=sec|=security|=legal|=finance|=sales|=marketing|=support|=product|=procurement|=compliance team", "=for|=to ops", "ml|aiword|ops =service|=services|=product|=api|=apis|=model|=models|=feature|=features")
}

// onHand reports whether people are said to be there to run things, rather than to be who asks for it ("our SREs want an agent") or the
// trade ("airline ops").
func (p *parser) onHand(s span) bool {
	if k := s.to + 1; p.isWord(k) && !p.toks[k].glue && !p.has(k, "team", "no") && p.toks[k].entity == nil { // "Kubernetes logs"
		return false
	}
	if w := p.raw(s.to); (w == "k8s" || w == "kubernetes") && p.raw(s.to+1) == "on" { // what runs there
		return false
	}
	if q, ok := p.quantityAt(s.to + 1); ok && (secondsIn[q.unit] > 0 || q.cur != "") { // "sales wanted 1 s, ops 4 s"
		return false
	}
	for k := s.to + 1; k <= s.to+2 && !p.clauseEnd(k); k++ {
		switch p.raw(k) {
		case "want", "wants", "need", "needs", "ask", "asks", "use", "uses", "get", "gets", "would", "will", "are", "is", "have", "has", "do", "copilot", "agent", "assistant", "bot", "tickets", "team's", "says", "said", "told", "thinks", "offered", "asked", "here", "side", "speaking":
			return false
		}
	}
	if w := p.raw(s.from - 1); w == "run" || w == "runs" || w == "head" { // "I run ops at a startup"
		return false
	}
	const reach = 4
	for k := s.from - 1; k >= s.from-reach; k-- {
		if p.clauseEnd(k) {
			return true
		}
		switch w := p.raw(k); {
		case w == "have" || w == "has" || w == "got" || w == "we've" || w == "with" || w == "only" || w == "just" || w == "some" || w == "our" || w == "few" || w == "plus" || w == "and":
			return true
		case p.isNum(k) || numberWords[w] > 0:
			return true
		case p.isWord(k) && !p.toks[k].glue && !p.has(k, "team", "smallteam", "dedicated", "ml", "ops"):
			return false
		}
	}
	return true
}

// sizeTeam takes a team that is counted behind its name for one of its own from three people on: "our ML team (four people)", "team of ML
// is 7 people".
func (p *parser) sizeTeam() {
	const own = 3
	for _, s := range p.spans[advisor.FieldMLTeam] { // "ML team: 2 devs who did some ML at university"
		if n, ok := p.number(s.to + 2); ok && p.w.MLTeam == advisor.DedicatedTeam && p.isSign(s.to+1, ":") && n.val < own && p.isWord(n.next) {
			p.w.MLTeam = advisor.SomeTeam
			p.claim(s.to+2, n.next)
		}
	}
	if p.w.MLTeam != advisor.SomeTeam {
		return
	}
	for _, s := range p.spans[advisor.FieldMLTeam] {
		k := s.to + 1
		if p.raw(k) == "," && p.raw(k+1) == "a" && p.raw(k+2) == "team" { // "ML people, a team of seven"
			k += 3
		}
		for k < s.to+6 && (p.raw(k) == "(" || p.raw(k) == "team" || p.raw(k) == "of" || p.raw(k) == "is" || p.raw(k) == "are" || p.raw(k) == "has" || p.isSign(k, ":")) {
			k++
		}
		n, ok := p.number(k)
		if ok && k > s.to+1 && n.val >= own && n.val < 1000 && (p.raw(k-1) == "of" && p.clauseEnd(n.next) || p.has(n.next, "team", "person") || p.raw(n.next) == ")" || p.raw(n.next) == "of" && p.raw(n.next+1) == "us") {
			p.w.MLTeam = advisor.DedicatedTeam
			p.say(advisor.FieldMLTeam, span{s.from, n.next})
			p.claim(k, n.next)
			return
		}
	}
}
