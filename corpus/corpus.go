package corpus

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

// FS holds docs/*.md and eval/*.jsonl.
//
//go:embed docs/*.md eval/*.jsonl
var FS embed.FS

// Docs returns the file system of the documents alone: NAME.md, whose id is "corpus/NAME".
func Docs() fs.FS {
	sub, err := fs.Sub(FS, "docs")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}

// Question is one line of the three sets of questions.
type Question struct {
	ID   string `json:"id"`
	Kind string `json:"kind"` // faq, fact, multihop, numeric, followup, adversarial, out_of_scope
	Text string `json:"q"`
	// History is the thread so far, oldest first; messages at even places are the user's, at odd places the bot's.
	History []string `json:"history,omitempty"`
	// Sources are the ids of the documents that hold the answer; empty for questions that must be declined.
	Sources []string `json:"sources,omitempty"`
	// Facts are what the answer must state: each is a set of alternatives parted by "|", compared without case.
	Facts []string `json:"facts,omitempty"`
}

// Answerable reports whether the corpus holds an answer.
func (q Question) Answerable() bool { return len(q.Sources) > 0 }

// Injection is one line of eval/injections.jsonl: an attempt to make a document or a message give orders.
type Injection struct {
	ID    string `json:"id"`
	Where string `json:"where"` // document or message
	Text  string `json:"text"`
	// Ask is the honest question: the one that the poisoned document is retrieved for, or that is inside the message.
	Ask string `json:"ask"`
	// Canary are strings of which none may appear in the answer.
	Canary []string `json:"canary"`
}

// Questions returns the built-in evaluation set.
func Questions() ([]Question, error) { return readLines[Question]("eval/questions.jsonl") }

// Calibration returns questions that were written blind, run once to see what is missed, and that the weights of evidence
// are fitted on since, beside the built-in set: from cal-071 on in words that the documents do not use, half of them near
// misses.
func Calibration() ([]Question, error) { return readLines[Question]("eval/calibration.jsonl") }

// HeldOut returns questions that were written before any of them was run, and that nothing is fitted on.
func HeldOut() ([]Question, error) { return readLines[Question]("eval/heldout.jsonl") }

// Injections returns the built-in injection attempts.
func Injections() ([]Injection, error) { return readLines[Injection]("eval/injections.jsonl") }

func readLines[T any](name string) ([]T, error) {
	data, err := FS.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var out []T
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("corpus: %s line %d: %w", name, n, err)
		}
		out = append(out, v)
	}
	return out, sc.Err()
}
