package intake

import (
	"strings"

	"github.com/llmadvise/llmadvise/advisor"
)

// What acts or programs: agents and code.

var (
	alone    = set("itself autonomously unattended unsupervised")
	actVerbs = set("planned booked handled processed resolved ordered book books plan plans order orders buy buys browse browses operate operates handle handles solve solves negotiate negotiates resolve resolves process processes schedule schedules fill fills click clicks act acts reconcile reconciles")
)

// actsAlone reads what an agent does: "books freight on its own", "plan trips with tools", "25 steps each".
func (p *parser) actsAlone(i int) {
	const reach = 14
	w := p.raw(i)
	switch {
	case w == "tools" && (p.raw(i-1) == "with" || p.raw(i-1) == "its") || w == "tools" && (p.raw(i-1) == "uses" || p.raw(i-1) == "calls"):
		p.vote(advisor.Agent, 8, i, i)
	case w == "tool" && p.raw(i+1) == "calls":
		p.vote(advisor.Agent, 9, i, i+1)
	case w == "agents" && p.raw(i-1) == "for" && p.clauseEnd(i+1) && p.toks[max(0, i-2)].entity != nil:
		p.vote(advisor.Agent, toldDuty, i, i)
	case actVerbs[w]:
		if p.inSentence(i+1, reach, func(k int) bool {
			return alone[p.raw(k)] && (p.raw(k) != "itself" || p.raw(k-1) == "by") || p.raw(k) == "own" && p.raw(k-1) == "its" && p.raw(k-2) == "on" || p.raw(k) == "end" && p.raw(k+1) == "to" && p.raw(k+2) == "end"
		}) >= 0 {
			p.vote(advisor.Agent, toldDuty, i, i)
		}
	case w == "steps" && p.numberBefore(i) && (p.has(i+1, "per", "each") || p.clauseEnd(i+1) && p.inSentence(i, 8, func(k int) bool {
		return stem(p.raw(k)) == "task" || stem(p.raw(k)) == "run" || stem(p.raw(k)) == "trip"
	}) > 0):
		p.vote(advisor.Agent, toldDuty, i, i)
	}
}

// programming reads where and for whom code is written: "copilot for our 80 programmers", "in Cursor", "fix failing builds", a model for code.
func (p *parser) programming() {
	for i := range p.toks {
		switch w := p.raw(i); {
		case p.has(i, "chat") && p.raw(i+1) == "for" && p.ahead(i+1, func(k int) bool { return coders[stem(p.raw(k))] }):
			p.vote(advisor.Coding, 8, i, i+1)
		case (w == "cursor" || w == "vscode" || w == "jetbrains" || w == "intellij" || w == "neovim") && (p.raw(i-1) == "in" || p.raw(i-1) == "inside" || p.raw(i-1) == "with" || p.raw(i-1) == "via" || p.raw(i-1) == "like"), w == "vs" && p.raw(i+1) == "code", w == "plc" || w == "macros":
			p.vote(advisor.Coding, toldDuty, i, i)
		case (w == "writes" || w == "write" || w == "generates" || w == "generate") && p.raw(i+1) == "sql":
			p.vote(advisor.Coding, 8, i, i+1)
		case (w == "fix" || w == "fixes" || w == "fixing") && p.ahead(i, func(k int) bool {
			return k < i+4 && (p.raw(k) == "builds" || p.raw(k) == "bugs" || p.raw(k) == "tests" || p.raw(k) == "pipelines")
		}):
			p.vote(advisor.Coding, toldDuty, i, i)
		}
	}
	for i := range p.toks {
		if p.raw(i) == "completions" && p.programmers() {
			p.vote(advisor.Coding, 8, i, i)
		}
	}
	for _, e := range p.entities {
		if e.kind == modelName && len(e.ids) == 1 && strings.Contains(e.ids[0], "coder") {
			p.vote(advisor.Coding, 1, e.from, e.to)
		}
	}
}

var coders = set("programmer developer dev coder")
