package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// Tasks that are said by a verb and what it makes of its object rather than by name: "get the order number out of the mails", "turn PDFs
// into JSON", "sort mail into 12 categories", "decide whether it is spam".

var (
	takingVerbs  = set("pulled lifted get gets getting pull pulls pulling take takes taking fish grab grabs lift lifts lifting fetch fetching read reads reading pick picks picking capture captures find finds")
	turningVerbs = set("turn turns turning convert converts converting map maps mapping transform transforms transforming make makes parse")
	sortingVerbs = set("forward forwards routed assigned forwarded directed dispatched route routes routing sort sorts sorting sorted put puts putting assign assigns assigning split bucket buckets group grouped divide")
	judgingVerbs = set("decide decides deciding check checks checking judge judges judging determine determines determining detect predict predicts predicting")
	kinds        = set("category categories class classes bucket buckets queue queues topic topics group groups folder folders department departments team teams kind kinds type types label labels")

	codeWords   = set("code category class label tag flag score priority rating grade")
	codingVerbs = set("rewrite modernise modernize write writes writing explain explains explaining generate generates generating migrate migrates migrating refactor refactoring fix fixes port porting convert converting review reviews reviewing")
	languages   = set("verilog vhdl systemverilog cobol fortran terraform typescript javascript python java kotlin rust golang php perl vb6 vba abap plsql matlab scala swift bash")
	askedOf     = set("about over on from against of in using")
)

// asker are words of whoever weighs an option ("decide whether we should self-host") rather than sorts.
var asker = set("we you to i it's it our self-host selfhost this that")

// readIdioms votes for tasks said by such verbs.
func (p *parser) readIdioms() {
	for i := range p.toks {
		if p.isClaimed(i) || p.clauseEnd(i) {
			continue
		}
		w := p.raw(i)
		switch {
		case takingVerbs[w]:
			p.idiom(i, advisor.Extraction, func(k int) bool {
				return p.raw(k) == "out" && (p.raw(k+1) == "of" || k == i+1 && p.isWord(k+1) && strings.HasPrefix(w, "pull") || k == i+1 && p.raw(k+1) == "the") || p.raw(k) == "from" && (p.docAhead(k) || strings.HasPrefix(w, "pull") && k > i+1) || p.raw(k) == "into" && p.structuredAhead(k)
			})
		case turningVerbs[w]:
			p.idiom(i, advisor.Extraction, func(k int) bool { return (p.raw(k) == "into" || p.raw(k) == "to" && k > i+1) && p.structuredAhead(k) })
		case sortingVerbs[w]:
			p.idiom(i, advisor.Classification, func(k int) bool {
				return (p.raw(k) == "into" || w == "sorted" && (p.raw(k) == "on" || p.raw(k) == "by")) && p.kindAhead(k)
			})
		case w == "pr" || w == "prs":
			p.idiom(i, advisor.Coding, func(k int) bool { return p.raw(k) == "reviewed" || p.raw(k) == "review" || p.raw(k) == "reviews" })
		case w == "icd" && (p.raw(i+1) == "codes" || p.raw(i+1) == "coding"):
			p.tasks = append(p.tasks, taskVote{advisor.Extraction, 5, "", span{i, i + 1}})
		case w == "needs" || w == "gets" || w == "receives" || w == "assigned":
			p.idiom(i, advisor.Classification, func(k int) bool { return codeWords[p.raw(k)] && (p.article(k-1) || p.article(k-2)) })
		case p.has(i, "query") && !p.has(i, "per"):
			p.idiom(i, advisor.RAG, func(k int) bool { return askedOf[p.raw(k)] && !p.isNum(k+1) && p.knowledgeAhead(k) })
		case w == "ask" || w == "asks" || w == "asking" || p.has(i, "answering"):
			p.idiom(i, advisor.RAG, func(k int) bool { return askedOf[p.raw(k)] && !p.isNum(k+1) && p.knowledgeAhead(k) })
		case w == "assign" || w == "assigning" || w == "assigns":
			p.idiom(i, advisor.Classification, func(k int) bool { return codeWords[stem(p.raw(k))] })
		case w == "fill" || w == "fills" || w == "filling" || w == "populate":
			p.idiom(i, advisor.Extraction, func(k int) bool { return p.raw(k) == "from" && p.docAhead(k) })
		case w == "shorten" || w == "shortens" || w == "shortening" || w == "boil" || w == "distil" || w == "distill":
			p.idiom(i, advisor.Summarization, func(k int) bool { return p.has(k, "doc", "chats") || p.raw(k) == "down" })
		case codingVerbs[w]:
			p.idiom(i, advisor.Coding, func(k int) bool { return k < i+5 && languages[p.raw(k)] })
		case w == "which" && p.raw(i+1) == "of":
			p.idiom(i, advisor.Classification, func(k int) bool { return p.raw(k) == "belong" || p.raw(k) == "belongs" })
		case w == "spot" || w == "spotting" || w == "finds" || w == "find":
			p.idiom(i, advisor.Classification, func(k int) bool { return k < i+4 && stem(p.raw(k)) == "duplicate" })
		case w == "know" || w == "tell" || w == "say":
			p.idiom(i, advisor.Classification, func(k int) bool {
				return k == i+1 && (p.raw(k) == "if" || p.raw(k) == "whether") && p.isWord(k+1) && !asker[p.raw(k+1)] && p.raw(k+2) == "or"
			})
		case judgingVerbs[w]:
			p.idiom(i, advisor.Classification, func(k int) bool {
				return (p.raw(k) == "whether" || p.raw(k) == "if" && k == i+1) && p.isWord(k+1) && p.toks[k+1].entity == nil && !asker[p.raw(k+1)] || k == i+1 && (p.raw(k) == "which" || p.raw(k) == "what") && p.kindAhead(k)
			})
		}
	}
}

// idiom votes for a task where, behind the verb at i and in its clause, ends holds.
func (p *parser) idiom(i int, task advisor.Task, ends func(int) bool) {
	const reach, strength = 9, 6
	for k := i + 1; k < i+reach && !p.clauseEnd(k); k++ {
		if ends(k) {
			p.tasks = append(p.tasks, taskVote{task, strength, "", span{i, k}})
			return
		}
	}
}

func (p *parser) ahead(k int, is func(int) bool) bool {
	const reach = 5
	for j := k + 1; j < k+reach && !p.clauseEnd(j); j++ {
		if is(j) {
			return true
		}
	}
	return false
}

func (p *parser) docAhead(k int) bool {
	return p.ahead(k, func(j int) bool { return p.has(j, "doc") && p.isWord(j) && !p.has(j, "per") })
}

// knowledgeAhead reports whether what somebody knows follows: "about machine manuals".
func (p *parser) knowledgeAhead(k int) bool {
	return p.ahead(k, func(j int) bool {
		return p.has(j, "knowledge") && !p.has(j, "per") && p.raw(j) != "documents" && (p.raw(j) != "manual" || p.clauseEnd(j+1))
	})
}

func (p *parser) structuredAhead(k int) bool {
	return p.ahead(k, func(j int) bool {
		w := p.raw(j)
		return w == "json" || w == "structured" || w == "fields" || w == "csv" || w == "rows" || w == "records" || w == "xml" || w == "table" || w == "tables" || w == "spreadsheet" || w == "excel" || w == "database" || w == "erp" || w == "crm" || w == "sap"
	})
}

func (p *parser) kindAhead(k int) bool {
	return p.ahead(k, func(j int) bool { return kinds[p.raw(j)] })
}
