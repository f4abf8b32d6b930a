package intake

import "github.com/llmadvise/llmadvise/advisor"

// Duties are tasks that a request tells by who does what: "residents ask about permits" is a chat, "clerks ask about our circulars" a
// retrieval, "date, vendor and amount of each receipt" an extraction, "approve, reject or look at it" a classification. They weigh less than
// a task that is named, and a reading that another one contradicts gives way.

const (
	toldDuty   = 6 // told in so many words
	likelyDuty = 3 // the usual meaning of the words
)

// readDuties votes for tasks told by who does what.
func (p *parser) readDuties() {
	for i := range p.toks {
		if !p.isWord(i) || p.toks[i].entity != nil || p.toks[i].void {
			continue
		}
		p.channel(i)
		p.asks(i)
		p.talks(i)
		p.answersPeople(i)
		p.personaAt(i)
		p.retrieves(i)
		p.shortens(i)
		p.fillsIn(i)
		p.decides(i)
		p.actsAlone(i)
	}
	p.enumeratedFields()
	p.eitherOr()
	p.programming()
}

func (p *parser) vote(t advisor.Task, strength int, from, to int) {
	p.tasks = append(p.tasks, taskVote{t, strength, "", span{from, to}})
}

// inSentence is the first token from k on, in its sentence and at most reach further, that holds, or -1.
func (p *parser) inSentence(k, reach int, holds func(int) bool) int {
	for j := k; j < k+reach && !p.strongEnd(j); j++ {
		if holds(j) {
			return j
		}
	}
	return -1
}
