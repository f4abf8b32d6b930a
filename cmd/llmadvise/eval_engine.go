package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/llmadvise/llmadvise/advisor/catalog"
	"github.com/llmadvise/llmadvise/advisor/sizing"
	"github.com/llmadvise/llmadvise/advisor/sizing/measure"
)

// evalEngineCmd scores the sizing model against measured rows, and refits its constants.
type evalEngineCmd struct {
	CSV      string `help:"Table of measured rows, with the columns of the public throughput table; - reads standard input." name:"csv" required:"" placeholder:"FILE" type:"path"`
	LeaveOut string `help:"Predict each gpu or model with constants fitted without it." name:"leave-out" enum:",gpu,model" default:""`
	VRAMCSV  string `help:"Table of measured memory, for --markdown." name:"vram-csv" placeholder:"FILE" type:"path"`
	Fit      bool   `help:"Fit the constants from the prior and print them as lines for constants.go."`
	Markdown bool   `help:"Print the accuracy document: constants in use, and both kinds of leaving out (minutes)."`
	JSON     bool   `help:"Machine-readable output."`
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
	case c.Markdown:
		return c.markdown(a, v, table)
	}
	report := measure.NewReport(c.results(a, v, table), measure.LeaveOut(c.LeaveOut))
	if c.JSON {
		return writeJSON(a.stdout, report)
	}
	return report.WriteText(a.stdout)
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
	return measure.WriteSpreads(a.stdout, held.Results)
}

func (c *evalEngineCmd) markdown(a *app, v *measure.Resolver, t *measure.Table) error {
	doc := measure.Accuracy{
		InUse:     measure.NewReport(v.Evaluate(t, sizing.New(&sizing.Default)), ""),
		LeftGPU:   measure.NewReport(v.LeaveOneOut(t, measure.LeaveGPU, progress(a)).Results, measure.LeaveGPU),
		LeftModel: measure.NewReport(v.LeaveOneOut(t, measure.LeaveModel, progress(a)).Results, measure.LeaveModel),
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
	return doc.WriteMarkdown(a.stdout)
}
