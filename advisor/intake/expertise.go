package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Expertise that is told by what people can or cannot do: "nobody here could run a server", "our devs never touched a GPU", "two backend
// devs who have deployed vLLM once". What a team is called is in team.go.

var (
	// machines are what somebody who serves models has to know their way around.
	machines = set("informatics informatic server servers gpu gpus cluster clusters model models llm llms inference hosting docker kubernetes k8s linux cuda pytorch tensorflow vllm ollama ai ml mlops devops computers computer tech techie techies technical technology code coding program programming " +
		"infrastructure infra it machine hardware")
	// knowing are words between those who know something, or do not, and what that is.
	knowing = set("knowing fix repair debug know knows knew known understand understands understood knowledgeable experience experienced background skilled trained train touched touch hosted host ran run running deployed deploy operated operate operating maintain maintained maintaining manage managed look looked looking babysit care caring install " +
		"after administer done did do does set up used built built fine-tuned finetuned tuned played play dabbled decent good comfortable familiar handy capable ever once really seriously actually even left employed around here internally house in-house staff side could can who who's whos which that with " +
		"expertise skills skill know-how knowhow knowledge competence proper real single big bit little some a an the of about for to in on at as is are has have had been be us our them any own and or machine learning science one much anything something")
	// plans are words of what somebody means to do, which says nothing of what they know.
	plans = set("will we'll won't want wants wish plan plans going rather prefer like would we'd i'd should need intend")
)

// readExpertise reads what people are said to know or not to know.
func (p *parser) readExpertise() {
	for i := range p.toks {
		if p.isClaimed(i) || p.toks[i].entity != nil {
			continue
		}
		if end, ok := p.lackAt(i); ok {
			p.claim(i, end)
			team(advisor.NoTeam)(p, span{i, end})
		} else if end, ok := p.handyAt(i); ok {
			for k := i; k <= end; k++ { // the engine that they know is one to use
				p.toks[k].claimed = p.toks[k].claimed || !p.has(k, "vllm", "sglang", "trtllm", "llamacpp", "ollama")
			}
			team(advisor.SomeTeam)(p, span{i, end})
		}
	}
}

// lackAt finds, from token i on, that nobody knows or can do what serving takes, and where that ends.
func (p *parser) lackAt(i int) (int, bool) {
	switch w := p.raw(i); {
	case w == "neither", w == "nobody", w == "noone", w == "none" && p.raw(i+1) == "of" && (p.raw(i+2) == "us" || p.raw(i+2) == "them" || p.raw(i+2) == "our" || p.raw(i+2) == "my" || p.raw(i+2) == "the") && !machines[p.raw(i+3)], w == "no" && p.raw(i+1) == "one", w == "not" && p.raw(i+1) == "a" && p.raw(i+2) == "single":
		return p.skillAhead(i+1, true)
	case w == "nothing" && (p.raw(i+1) == "about" || p.raw(i+1) == "of") && p.knows(i-1):
		return p.skillAhead(i+2, false)
	case p.has(i, "no") && (p.raw(i+1) == "have" || p.raw(i+1) == "got" || p.raw(i+1) == "employ") && (p.raw(i+2) == "anyone" || p.raw(i+2) == "anybody"):
		return p.skillAhead(i+3, true)
	case w == "no" && (p.raw(i+1) == "clue" || p.raw(i+1) == "idea"):
		return p.skillAhead(i+2, true)
	case w == "not" && p.wordBetween(i-4, i, "we", "we're", "are") && (p.raw(i+1) == "technical" || p.raw(i+1) == "programmers" || p.raw(i+1) == "techies" || p.raw(i+1) == "engineers"):
		return i + 1, true
	case w == "no" || w == "without":
		return p.noIT(i + 1)
	case p.has(i, "no") && (p.raw(i+1) == "employ" || p.raw(i+1) == "have") && (p.raw(i+2) == "any" || p.raw(i+2) == "an"): // "we don't employ any engineers"
		if techieWords[stem(p.raw(i+3))] {
			return i + 3, true
		}
		return p.skillAhead(i+3, false)
	case p.has(i, "no") && !p.planned(i) && negatedDoing[p.raw(i+1)]: // "can't code", "never touched a GPU", "doesn't do ML"
		return p.skillAhead(i+1, false)
	}
	return i, false
}

// noIT finds IT behind a "no": "no in-house IT", "no IT to speak of", rather than the pronoun or what somebody makes of it.
func (p *parser) noIT(k int) (int, bool) {
	if w := stem(p.raw(k)); (p.raw(k-2) == "i'm" || p.raw(k-2) == "am" || p.raw(k-2) == "we're" || p.raw(k-2) == "are") && (w == "techie" || w == "programmer" || w == "developer" || w == "engineer" || w == "coder") {
		return k, true
	}
	if p.has(k, "inhouse", "internal") || p.raw(k) == "own" || p.raw(k) == "real" || p.raw(k) == "proper" {
		k++
	}
	if w := stem(p.raw(k)); (w == "technician" || builders[w] && w != "tech") && p.clauseEnd(k+1) { // "no programmers"
		return k, true
	}
	if w := p.raw(k); w == "techs" || w == "techies" || w == "informatic" || w == "informatics" {
		return k, p.clauseEnd(k+1) || p.raw(k+1) == "at" || p.raw(k+1) == "whatsoever" || p.raw(k+1) == "here" || p.raw(k+1) == "on"
	}
	if !p.upper(k) || p.raw(k) != "it" {
		return k, false
	}
	switch p.raw(k + 1) {
	case "staff", "department", "dept", "people", "person", "team", "crew", "guys", "guy":
		return k + 1, true
	case "at", "to", "here", "":
		return k, true
	}
	return k, p.clauseEnd(k + 1)
}

// negatedDoing are what people have not done, or cannot do, who do not serve models.
var negatedDoing = set("touched hosted trained deployed code program understand know knows ran employ do speak")

func (p *parser) knows(i int) bool {
	w := p.raw(i)
	return w == "know" || w == "knows" || w == "understand" || w == "understands" || w == "knew"
}

// planned reports whether a "no" at i says what somebody means to do: "we'll never run GPUs".
func (p *parser) planned(i int) bool {
	return plans[p.raw(i-1)] || plans[p.raw(i+1)]
}

// skillAhead is the last word of what serving takes from token k on, in the clause; at the end of a clause "it" is enough where somebody would
// have to care for it.
func (p *parser) skillAhead(k int, person bool) (int, bool) {
	const reach = 12
	caring, end := false, -1
	for j := k; j < k+reach && !p.clauseEnd(j); j++ {
		w := p.raw(j)
		switch {
		case machines[w] && !p.pronounIt(j) || p.has(j, "ml", "technical", "nontech", "gpuname", "vllm", "sglang", "trtllm", "llamacpp", "ollama", "mlteamword", "datasci") || w == "ai":
			end = j
		case caring && p.pronounIt(j), caring && w == "them":
			end = j
		case p.setting(j):
		case !knowing[w] && !p.toks[j].glue || turns[w]:
			return end, end >= 0
		}
		caring = caring || person && (p.has(j, "canrun") && w != "know" && w != "knows" || w == "after" || w == "babysit" || w == "install")
	}
	return end, end >= 0
}

// setting reports whether the word at k only says where somebody works: "nobody in the ministry".
func (p *parser) setting(k int) bool {
	if !p.isWord(k) || !p.toks[k-1].glue {
		return false
	}
	switch p.raw(k - 2) {
	case "in", "at", "on", "of", "from":
		return true
	}
	return false
}

// pronounIt reports whether the word at k is the pronoun rather than IT.
func (p *parser) pronounIt(k int) bool { return p.raw(k) == "it" && !p.upper(k) }

// upper reports whether the word at k is written in capitals in a text that is not.
func (p *parser) upper(k int) bool {
	if !p.isWord(k) {
		return false
	}
	w := p.text[p.toks[k].start:p.toks[k].end]
	return len(w) > 1 && w == strings.ToUpper(w) && p.text != strings.ToUpper(p.text)
}

// engineAhead reports whether the verb at token i is followed by a serving engine, which nobody knows who has not served: "a journalist is
// comfortable with llama.cpp".
func (p *parser) engineAhead(i int) bool {
	const reach = 4
	for j := i + 1; j <= i+reach && !p.clauseEnd(j); j++ {
		if p.has(j, "vllm", "sglang", "trtllm", "llamacpp", "ollama") {
			return true
		}
	}
	return false
}

// handyAt finds, at the verb at token i, somebody who has done a part of what serving takes, and where that ends: "two devs who have deployed
// vLLM once", "our sysadmin knows Kubernetes".
func (p *parser) handyAt(i int) (int, bool) {
	const back, ahead = 5, 7
	verb := p.raw(i)
	if (verb == "handy" || verb == "comfortable" || verb == "good" || verb == "fluent") && (p.raw(i+1) == "with" || p.raw(i+1) == "in" || p.raw(i+1) == "at") {
		verb = "know"
	}
	if !careVerbs[verb] && !doneVerbs[verb] && !madeVerbs[verb] && !courseVerbs[verb] && verb != "with" {
		return i, false
	}
	k := i - 1
	for k > i-back && !p.clauseEnd(k) && p.toks[k].glue && !p.has(k, "no") && !p.techies(k) && p.raw(k) != "to" {
		k--
	}
	if !p.techies(k) && !(p.has(k, "person") && p.engineAhead(i)) || p.raw(k) == "team" && (verb == "run" || verb == "maintain") { // then the team is one of its own
		return i, false
	}
	for m := k - 1; m >= 0 && !p.clauseEnd(m); m-- {
		if p.has(m, "no") { // "no person of us knows ML"
			return i, false
		}
	}
	for j := i + 1; j < i+ahead && !p.clauseEnd(j) && !p.has(j, "no"); j++ {
		w := p.raw(j)
		switch {
		case verb == "with" && servingWords[w] && degrees[p.raw(j+1)]:
			return j + 1, true
		case (verb == "with" || courseVerbs[verb]) && trainingWords[w]:
			return j, true
		case verb == "with" && !p.has(j, "ml") && !knowing[w] && !degrees[w]:
			return i, false
		case courseVerbs[verb] && w == "course":
			return j, true
		case verb == "with" || courseVerbs[verb]:
			if p.has(j, "ml", "vllm", "sglang", "trtllm", "llamacpp", "ollama") || w == "ai" && verb == "studied" {
				return j, true
			}
		case verb == "does" && languages[w]:
			return j, true
		case careVerbs[verb] && (w == "it" || w == "them") && (verb != "look" || p.raw(j-1) == "after") && (verb != "take" || p.raw(j-2) == "care") && (p.raw(k) == "person" || techieWords[stem(p.raw(k))] || p.raw(k) == "us" || p.raw(k) == "it" || p.raw(k) == "students" || p.raw(k) == "people"):
			return j, true
		case verb == "played" && stem(w) == "model", servingWords[w] && verb != "does", p.has(j, "vllm", "sglang", "trtllm", "llamacpp", "ollama", "ml"), madeVerbs[verb] && (stem(w) == "model" || stem(w) == "llm"), verb != "run" && verb != "ran" && w == "ai":
			return j, true
		case (verb == "tinkered" || verb == "dabbled" || verb == "toyed") && (w == "stuff" || w == "this" || w == "it"):
			return j, true
		case madeVerbs[verb] && stem(p.raw(j+1)) == "model": // "fine-tuned BERT models"
		case !p.toks[j].glue && !knowing[w] && w != "small":
			return i, false
		}
	}
	return i, false
}

// doneVerbs are what people do who know their way around servers, madeVerbs what only they do with a model.
var (
	doneVerbs    = set("tinkered dabbled toyed dabbles dabble tinkers plays knowing does touched know knows ran run played look decent maintain maintains manage manages administer administers")
	madeVerbs    = set("deployed hosted trained finetuned fine-tuned tuned set")
	careVerbs    = set("take look maintain maintains run administer")
	courseVerbs  = set("did done taken took been attended studied")
	degrees      = set("msc phd master master's degree course background experience")
	servingWords = set("machine machines box boxes hardware rig workstation triton gpu gpus kubernetes k8s docker cuda pytorch server servers linux cluster node nodes containers")
	// trainingWords are what only those do or know who train models.
	trainingWords = set("finetuning tuning pytorch tensorflow cuda nlp deep-learning")
	techieWords   = set("cto contractor postdoc scientist dev developer engineer admin sysadmin programmer colleague analyst lead coder sysop intern founder cofounder")
)

// readFew takes one or two engineers whom the speaker has for some expertise, where nothing else is said of it: "one part-time developer",
// "the CIO has two data engineers he could lend me".
func (p *parser) readFew() {
	for i := range p.toks {
		if p.w.MLTeam == "" && p.has(i, "ml") && p.has(i+1, "team") && p.isClaimed(i) && (p.isNum(i-1) || numberWords[p.raw(i-1)] > 0) { // a count took them
			countedTeam(p, span{i - 1, i + 1})
		}
		if p.w.MLTeam != "" || !p.isWord(i) || p.isClaimed(i) || !builders[stem(p.raw(i))] && !(p.raw(i) == "people" && p.raw(i-1) == "software") {
			continue
		}
		if from, ok := p.fewBefore(i); ok && p.atHand(from) && !p.asksItself(i+1) {
			p.claim(from, i)
			team(advisor.SomeTeam)(p, span{from, i})
		}
	}
}

var builders = set("tech developer dev engineer programmer coder bioinformatician postdoc")

// fewBefore finds that there are one or two of the noun at i.
func (p *parser) fewBefore(i int) (int, bool) {
	const reach = 4
	for k := i - 1; k > i-reach && !p.clauseEnd(k); k-- {
		switch w := p.raw(k); {
		case w == "a" && (p.raw(k-1) == "have" || p.raw(k-1) == "we've" || p.raw(k-1) == "i've" || p.raw(k-1) == "has") && (p.raw(i+1) == "who" || p.raw(i+1) == "that" || p.raw(i+1) == "with"):
			return k + 1, true
		case w == "one" || w == "two" || w == "1" || w == "2" || w == "lone" || w == "single" || w == "part-time":
			return k, true
		case p.isNum(k), p.toks[k].entity != nil, w == "of" || w == "per" || w == "each" || w == "for":
			return i, false
		}
	}
	return i, false
}

// atHand reports whether what starts at token k is said to be there: "we have ...", "only ...", or nothing stands before it.
func (p *parser) atHand(k int) bool {
	for p.article(k-1) || p.raw(k-1) == "only" || p.raw(k-1) == "just" || p.raw(k-1) == "a" {
		k--
	}
	switch w := p.raw(k - 1); w {
	case "is", "are":
		return p.raw(k-2) == "there"
	case "and":
		return p.raw(k-2) == "," || p.isWord(k-2)
	case "have", "has", "i've", "we've", "got", "there's", "with", "have:", "team", "team:":
		return true
	}
	return p.clauseEnd(k-1) || p.isSign(k-1, ":")
}

// asksItself reports whether the words at k say that those before them use what is to be served.
func (p *parser) asksItself(k int) bool {
	if p.clauseEnd(k) {
		return false
	}
	switch p.raw(k) {
	case "who", "who'd", "who've", "who's", "which", "that", "with", "could", "can", "part-time", "half", "he", "on", "in", "for", "and", "to", "at":
		return false
	}
	return true
}

// techies reports whether the word at k stands for somebody who works for the speaker.
func (p *parser) techies(k int) bool {
	switch w := p.raw(k); w {
	case "one", "guy", "guys", "people", "somebody", "someone", "us", "informatics", "team", "staff", "person", "persons", "duo", "pair":
		return true
	case "it":
		return p.upper(k)
	case "manager":
		return p.raw(k-1) == "it" && p.upper(k-1)
	case "students":
		return p.raw(k-1) == "phd"
	default:
		return p.isWord(k) && techieWords[stem(w)]
	}
}
