package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressBar is a bar on a terminal, and nothing anywhere else.
type progressBar struct{ bar *progressbar.ProgressBar }

// newProgress draws on w. total is how many steps there are; below 0 they are only counted.
func newProgress(w io.Writer, label string, total int) *progressBar {
	if !isTerminal(w) {
		return &progressBar{}
	}
	return &progressBar{progressbar.NewOptions(total, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(label),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0
}

func (p *progressBar) add(n int) {
	if p.bar != nil {
		_ = p.bar.Add(n) // a closed terminal ends no work
	}
}

// end takes the bar off the terminal.
func (p *progressBar) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
