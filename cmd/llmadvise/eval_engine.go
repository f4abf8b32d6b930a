package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
	"github.com/llmadvise/llmadvise/advisor/sizing/measure"
)

// evalEngineCmd scores the sizing model against measured rows, and refits its constants.
type evalEngineCmd struct {
	CSV       string `help:"Table of measured rows, with the columns of the public throughput table; - reads standard input." name:"csv" required:"" placeholder:"FILE" type:"path"`
	LeaveOut  string `help:"Predict each gpu, model, source, family or class of accelerators with constants fitted without it." name:"leave-out" enum:",gpu,model,source,family,class" default:""`
	Ablate    bool   `help:"Take out one constant after the other, fit the others anew and print what each earns on held-out rows (minutes)."`
	VRAMCSV   string `help:"Table of measured memory, for --markdown." name:"vram-csv" placeholder:"FILE" type:"path"`
	Foresight string `help:"Folder of predictions and the measurements that came after them, for --markdown." type:"path" placeholder:"DIR"`
	Fit       bool   `help:"Fit the constants from the prior and print them as lines for constants.go."`
	Markdown  bool   `help:"Print the accuracy document: constants in use, and both kinds of leaving out (minutes)."`
	JSON      bool   `help:"Machine-readable output."`
}

func (c *evalEngineCmd) Run(a *app) error {
	in, err := openInput(a, c.CSV)
	if err != nil {
		return err
	}
	defer in.Close()
	table, err := measure.ReadTable(in)
	if err != nil {
		return usagef("%s: %w", c.CSV, err)
	}
	v := measure.NewResolver(catalog.Default())
	switch {
	case c.Fit:
		return c.fit(a, v, table)
	case c.Ablate:
		return c.ablate(a, v, table)
	case c.Markdown:
		return c.markdown(a, v, table)
	}
	results := c.results(a, v, table)
	report := measure.NewReport(results, measure.LeaveOut(c.LeaveOut))
	regret := measure.NewRegret(results, v.Catalog)
	report.Regret = &regret
	if c.JSON {
		return writeJSON(a.stdout, report)
	}
	return report.WriteText(a.stdout)
}

func (c *evalEngineCmd) ablate(a *app, v *measure.Resolver, t *measure.Table) error {
	print := func(earned measure.Ablation) error {
		_, err := fmt.Fprintln(a.stdout, earned)
		return err
	}
	if err := v.Ablate(t, measure.LeaveGPU, print); err != nil {
		return err
	}
	return v.Ablate(t, measure.LeaveModel, print)
}

func (c *evalEngineCmd) results(a *app, v *measure.Resolver, t *measure.Table) []measure.Result {
	if c.LeaveOut == "" {
		return v.Evaluate(t, sizing.New(&sizing.Default))
	}
	return v.LeaveOneOut(t, measure.LeaveOut(c.LeaveOut), progress(a)).Results
}

// progress tells on standard error which fit runs: they take seconds each.
func progress(a *app) func(done, of int, name string) {
	return func(done, of int, name string) {
		fmt.Fprintf(a.stderr, "fit %d of %d, without %s\n", done+1, of, name)
	}
}

func (c *evalEngineCmd) fit(a *app, v *measure.Resolver, t *measure.Table) error {
	held := v.LeaveOneOut(t, measure.LeaveGPU, progress(a))
	fitted := measure.FitAll(v.Cases(t))
	if err := measure.WriteFit(a.stdout, &fitted, &held); err != nil {
		return err
	}
	byModel := v.LeaveOneOut(t, measure.LeaveModel, progress(a))
	results := append(held.Results, byModel.Results...)
	return measure.WriteSpreads(a.stdout, append(results, v.Evaluate(t, sizing.New(&fitted))...))
}

func (c *evalEngineCmd) markdown(a *app, v *measure.Resolver, t *measure.Table) error {
	report := func(results []measure.Result, left measure.LeaveOut) measure.Report {
		r := measure.NewReport(results, left)
		regret := measure.NewRegret(results, v.Catalog)
		r.Regret = &regret
		return r
	}
	leaveOut := func(by measure.LeaveOut) measure.Report {
		return report(v.LeaveOneOut(t, by, progress(a)).Results, by)
	}
	doc := measure.Accuracy{
		InUse:   report(v.Evaluate(t, sizing.New(&sizing.Default)), ""),
		LeftGPU: leaveOut(measure.LeaveGPU), LeftModel: leaveOut(measure.LeaveModel), LeftSource: leaveOut(measure.LeaveSource),
		LeftFamily: leaveOut(measure.LeaveFamily), LeftClass: leaveOut(measure.LeaveClass),
	}
	if c.VRAMCSV != "" {
		text, err := os.ReadFile(c.VRAMCSV)
		if err != nil {
			return usageError{err}
		}
		if doc.Memory, err = v.EvaluateMemory(bytes.NewReader(text), sizing.New(&sizing.Default)); err != nil {
			return usagef("%s: %w", c.VRAMCSV, err)
		}
	}
	if c.Foresight != "" {
		var err error
		if doc.Foresight, err = readForesight(v, os.DirFS(c.Foresight)); err != nil {
			return usagef("%s: %w", c.Foresight, err)
		}
	}
	return doc.WriteMarkdown(a.stdout)
}

func readForesight(v *measure.Resolver, dir fs.FS) (*measure.Foresight, error) {
	var tables [4]io.Reader
	for i, name := range []string{"predicted.csv", "measured.csv", "predicted_memory.csv", "measured_memory.csv"} {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		tables[i] = bytes.NewReader(text)
	}
	return v.ReadForesight(tables[0], tables[1], tables[2], tables[3])
}
