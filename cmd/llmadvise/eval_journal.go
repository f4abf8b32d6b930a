package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/llmadvise/llmadvise/knowledge/evaluate"
)

// evalJournal keeps judged answers over an interrupted evaluation, one JSON object a line. The zero value keeps none.
type evalJournal struct {
	run  string // whose answers count
	f    *os.File
	done map[string]evaluate.Judged // by question id
}

type evalLine struct {
	Run string `json:"run"`
	evaluate.Judged
}

// openEvalJournal reads what path holds of run and opens it for more; "" keeps nothing.
func openEvalJournal(path, run string) (*evalJournal, error) {
	j := &evalJournal{run: run, done: make(map[string]evaluate.Judged)}
	if path == "" {
		return j, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the journal cannot be written: %w", err)
	}
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		var l evalLine
		if json.Unmarshal(sc.Bytes(), &l) == nil && l.Run == run { // a line that a kill cut short is asked again
			j.done[l.ID] = l.Judged
		}
	}
	j.f = f
	return j, sc.Err()
}

func (j *evalJournal) write(one evaluate.Judged) error {
	if j.f == nil {
		return nil
	}
	line, err := json.Marshal(evalLine{j.run, one})
	if err != nil {
		return err
	}
	_, err = j.f.Write(append(line, '\n'))
	return err
}

func (j *evalJournal) close() {
	if j.f != nil {
		_ = j.f.Close()
	}
}
