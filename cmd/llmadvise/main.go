package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/willabides/kongplete"
)

// version and commit are stamped by the linker (see the Makefile).
var (
	version = "dev"
	commit  = "unknown"
)

// Exit codes: what a script may rely on.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// app is what every subcommand gets: the process's surroundings and the options that all of them share.
type app struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	dataDir        string
}

// usageError is an error of the caller: exit code 2.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// cli is the one source of flags, environment variables and YAML keys.
type cli struct {
	DataDir  string          `help:"Folder that holds all state." env:"LLMADVISE_DATA_DIR" placeholder:"DIR" type:"path"`
	LogLevel string          `help:"Log level: debug, info, warn or error (serve and demo: info; other commands: error)." enum:",debug,info,warn,error" default:"" env:"LLMADVISE_LOG_LEVEL"`
	LogJSON  bool            `help:"Log as JSON." env:"LLMADVISE_LOG_JSON"`
	Config   kong.ConfigFlag `help:"YAML file with any of the flags as keys." placeholder:"FILE"`

	Advise adviseCmd `cmd:"" help:"Advise on a workload in your own words: API, hosted open weights, self-hosting or a mix."`
	Size   sizeCmd   `cmd:"" help:"Predict memory, speed and fit of a model on accelerators."`
	Eval   struct {
		Engine    evalEngineCmd    `cmd:"" help:"Score the sizing engine against measured rows."`
		Retrieval evalRetrievalCmd `cmd:"" help:"Score retrieval on a test set in BEIR's form."`
		Answers   evalAnswersCmd   `cmd:"" help:"Score answers on the built-in questions."`
	} `cmd:"" help:"Measure how good the answers are."`
	Ask     askCmd     `cmd:"" help:"Answer a question from the knowledge base, with sources."`
	Search  searchCmd  `cmd:"" help:"Show the passages that the knowledge base finds."`
	Ingest  ingestCmd  `cmd:"" help:"Add your own documents to the knowledge base."`
	Sources sourcesCmd `cmd:"" help:"List, remove or refresh what the knowledge base was filled from."`
	Prices  pricesCmd  `cmd:"" help:"Prices: show, compare feeds."`
	Digest  digestCmd  `cmd:"" help:"Print the digest that a channel would get, or one made from price files."`
	Serve   serveCmd   `cmd:"" help:"Run the Slack bot."`
	Doctor  doctorCmd  `cmd:"" help:"Check configuration, Slack, data folder, index and model; say what to mend."`
	Demo    demoCmd    `cmd:"" help:"Run the bot in a local Slack on this computer and print the page's address."`
	Version versionCmd `cmd:"" help:"Print version and commit."`

	Completions kongplete.InstallCompletions `cmd:"" name:"install-completions" help:"Print the line that switches shell completion on."`
}

// run is main without the process: args are without the program's name, and the exit code is returned.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("llmadvise"),
		kong.Description("Advises on the decision: proprietary LLM API, hosted open weights, self-hosting, or a mix."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.Configuration(loadConfig, "/etc/llmadvise/config.yaml", "~/.config/llmadvise/config.yaml"),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(stderr, "llmadvise:", err)
		return exitFailure
	}
	if getenv("COMP_LINE") != "" { // the shell asks what could come next
		kongplete.Complete(parser, kongplete.WithPredictors(nil))
		return exitOK
	}
	k, err := parser.Parse(args)
	if exited >= 0 { // --help was printed
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "llmadvise: %v\nTry: llmadvise --help\n", err)
		return exitUsage
	}
	a.log = newLogger(stderr, logLevel(c.LogLevel, k.Command()), c.LogJSON)
	a.dataDir = c.DataDir
	if a.dataDir == "" {
		a.dataDir = defaultDataDir(getenv)
	}
	k.BindTo(ctx, (*context.Context)(nil))
	if err := k.Run(a); err != nil {
		fmt.Fprintln(stderr, "llmadvise:", err)
		var u usageError
		if errors.As(err, &u) {
			return exitUsage
		}
		return exitFailure
	}
	return exitOK
}

// logLevel is what was asked for; else a bot tells what it does, and a command leaves the terminal to its answer.
func logLevel(asked, command string) string {
	switch {
	case asked != "":
		return asked
	case command == "serve" || command == "demo":
		return "info"
	}
	return "error"
}

func newLogger(w io.Writer, level string, asJSON bool) *slog.Logger {
	var l slog.Level
	_ = l.UnmarshalText([]byte(level)) // kong has checked it against the enum
	opts := &slog.HandlerOptions{Level: l}
	if asJSON {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

func defaultDataDir(getenv func(string) string) string {
	if d := getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "llmadvise")
	}
	if h := getenv("HOME"); h != "" {
		return filepath.Join(h, ".local", "share", "llmadvise")
	}
	return "llmadvise-data"
}

type versionCmd struct {
	JSON bool `help:"Machine-readable output."`
}

func (c *versionCmd) Run(a *app) error {
	if c.JSON {
		return writeJSON(a.stdout, map[string]string{"version": version, "commit": commit})
	}
	_, err := fmt.Fprintf(a.stdout, "llmadvise %s (%s)\n", version, commit)
	return err
}
