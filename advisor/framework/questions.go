package framework

import (
	"fmt"

	"github.com/llmadvise/llmadvise/advisor/quantity"
)

// Side is what an answer speaks for.
type Side string

// The sides. Open stands for self-hosting an open model: the article does not know hosted open weights.
const (
	API    Side = "api"
	Open   Side = "self_host"
	Hybrid Side = "hybrid"
	Either Side = "" // the question does not decide
)

// The article's thresholds, queries a month.
const (
	LowVolume  = 50_000.0
	HighVolume = 200_000.0
)

// Sensitivity of the data, from the article's second question.
type Sensitivity uint8

// The levels.
const (
	Public Sensitivity = iota
	Internal
	Confidential
	Regulated
)

// Case is what the framework needs to know of a workload.
type Case struct {
	QueriesPerMonth float64
	Sensitivity     Sensitivity
	NoDataLeaves    bool
	HasTeam         bool // ML or DevOps people at hand
	Dedicated       bool // whose job it is
	Frontier        bool // peak performance is critical
	HardShare       float64
	SensitiveShare  float64
	Mixed           bool // the request speaks of parts with different needs
}

// Answer is the article's answer to one of its questions for a case.
type Answer struct {
	Question, Answer string
	Favours          Side
	Why              string
}

// Answers puts the four questions and the hybrid rule to a case.
func Answers(c Case) []Answer {
	return []Answer{volume(c), sensitivity(c), expertise(c), performance(c), hybrid(c)}
}

func volume(c Case) Answer {
	a := Answer{Question: "How many queries a month?", Answer: quantity.Count(c.QueriesPerMonth)}
	switch {
	case c.QueriesPerMonth < LowVolume:
		a.Favours, a.Why = API, "below 50k the article stays with an API: hosting has fixed costs that so few calls do not carry"
	case c.QueriesPerMonth > HighVolume:
		a.Favours, a.Why = Open, "above 200k the article calls open models a strong candidate: hardware pays back"
	default:
		a.Why = "between 50k and 200k the article leaves it open"
	}
	return a
}

func sensitivity(c Case) Answer {
	a := Answer{Question: "How sensitive is the data?"}
	words := [...]string{"public", "internal", "confidential", "regulated"}
	a.Answer = words[min(int(c.Sensitivity), len(words)-1)]
	switch {
	case c.NoDataLeaves:
		a.Answer += ", none may leave"
		a.Favours, a.Why = Open, "no vendor may see the data, so an API is out"
	case c.Sensitivity == Regulated:
		a.Favours, a.Why = Open, "the article calls self-hosting mandatory for regulated data; a vendor with the right agreement is a third way that it does not weigh"
	case c.Sensitivity == Confidential:
		a.Favours, a.Why = Open, "the article counts confidential data with regulated data; most teams settle it with a vendor's contract"
	default:
		a.Favours, a.Why = API, "the article sees no obstacle to an API"
	}
	return a
}

func expertise(c Case) Answer {
	a := Answer{Question: "Do you have ML or DevOps expertise?"}
	switch {
	case c.Dedicated:
		a.Answer, a.Favours, a.Why = "yes, a team", Open, "the article: open models then give leverage and room to customise"
	case c.HasTeam:
		a.Answer, a.Favours, a.Why = "some", Open, "the article: with expertise open models give leverage; part-time hands stretch it"
	default:
		a.Answer, a.Favours, a.Why = "no", API, "the article: hiring and training cost more than the API bills of the first year"
	}
	return a
}

func performance(c Case) Answer {
	a := Answer{Question: "Is peak performance critical?"}
	switch {
	case c.Frontier:
		a.Answer, a.Favours, a.Why = "yes", API, "the article: proprietary models lead by 4-6 % on the hardest tasks"
	case c.HardShare > 0:
		a.Answer = fmt.Sprintf("for %s of the queries", quantity.Percent(c.HardShare))
		a.Favours, a.Why = Hybrid, "the hard part asks for the strongest model, the rest does not"
	default:
		a.Answer, a.Favours, a.Why = "no", Open, "the article: open models are 92-95 % as good for such work"
	}
	return a
}

func hybrid(c Case) Answer {
	a := Answer{Question: "Do parts of the work have different needs?"}
	if c.Mixed || c.HardShare > 0 || c.SensitiveShare > 0 {
		a.Answer, a.Favours = "yes", Hybrid
		a.Why = "the article: an API where quality shows, open models where privacy and cost count"
		return a
	}
	a.Answer, a.Why = "nothing said of it", "say what share is hard or sensitive to have a mix weighed in earnest"
	return a
}

// Verdict is what the questions say together.
type Verdict struct {
	Favours Side
	Why     string
}

// Judge reads the answers as the article does: sensitive data decides alone; otherwise parts with different needs ask for a mix; else
// the volume decides, unless nobody could run a model or peak performance is critical.
func Judge(c Case) Verdict {
	switch {
	case c.NoDataLeaves || c.Sensitivity >= Confidential:
		return Verdict{Open, "sensitive data"}
	case c.Mixed || c.HardShare > 0 || c.SensitiveShare > 0:
		return Verdict{Hybrid, "parts with different needs"}
	case c.Frontier:
		return Verdict{API, "peak performance"}
	case c.QueriesPerMonth > HighVolume && (c.HasTeam || c.Dedicated):
		return Verdict{Open, "over 200k queries and a team"}
	case c.QueriesPerMonth > HighVolume:
		return Verdict{Open, "over 200k queries"}
	case c.QueriesPerMonth < LowVolume || !c.HasTeam && !c.Dedicated:
		return Verdict{API, "volume and team"}
	}
	return Verdict{Either, "between its thresholds"}
}
