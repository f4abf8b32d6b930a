package bot_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

// private is a private channel of the emulator's default workspace that the app is in.
const private = "G0COMPLY01"

// share sends a message with files as ada and waits until the bot has acknowledged it.
func (r *rig) share(channel, text string, files ...emulator.SharedFile) emulator.Posted {
	r.t.Helper()
	p, err := r.ShareFiles(channel, ada, "", text, files...)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, d := range p.Deliveries {
		if err := d.Wait(r.soon()); err != nil {
			r.t.Fatalf("an event was not acknowledged: %v\n%s", err, r.logs)
		}
	}
	return p
}

func file(name, text string) emulator.SharedFile {
	return emulator.SharedFile{Name: name, Data: []byte(text)}
}

func TestSharedFileBecomesASource(t *testing.T) {
	for _, c := range []struct {
		name, channel, text, says, audience string
	}{
		{"direct message", "", "", "Only you get answers from it", "dm"},
		{"private channel", private, "<@" + botUser + ">", "Only this channel gets answers", private},
		{"public channel", general, "<@" + botUser + "> our handbook", "Everybody in this workspace", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := startRig(t, emulator.Options{})
			if c.channel == "" {
				c.channel = r.DM(ada)
				c.audience = c.channel
			}
			p := r.share(c.channel, c.text, file("handbook.md", "one\ntwo\nthree"))
			m := r.fromBot(c.channel, "Read `handbook.md`: 3 passages", c.says, "sources remove handbook.md")
			if m.ThreadTS != p.TS {
				t.Errorf("the notice is in thread %q, want %q", m.ThreadTS, p.TS)
			}
			if text, ok := r.library.has("handbook.md", c.audience); !ok || text != "one\ntwo\nthree" {
				t.Errorf("the library keeps %v", r.library.Sources())
			}
			if got := len(r.botMessages(c.channel)); got != 1 {
				t.Errorf("%d messages of the bot, want one: %+v", got, r.botMessages(c.channel))
			}
		})
	}
}

func TestFileSharedWithAQuestionIsReadAndAnswered(t *testing.T) {
	r := startRig(t, emulator.Options{})
	p := r.share(general, "<@"+botUser+"> how long does it take to deploy?", file("a.md", "x"))
	r.fromBot(general, "Read `a.md`")
	m := r.fromBot(general, "2-4 weeks")
	if m.ThreadTS != p.TS || len(r.botMessages(general)) != 2 {
		t.Errorf("%d messages, the answer in %q", len(r.botMessages(general)), m.ThreadTS)
	}
	if _, err := r.DeleteMessage(general, p.TS); err != nil {
		t.Fatal(err)
	}
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(general)) == 0 }); err != nil {
		t.Fatalf("notice or answer stay: %+v\n%s", r.botMessages(general), r.logs)
	}
	r.eventually(func() bool { _, ok := r.library.has("a.md", ""); return !ok })
}

func TestFileNotMeantForTheBotIsLeftAlone(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.share(general, "for everybody", file("a.md", "x"))
	q := r.say(general, "<@"+botUser+"> how long to deploy?", "")
	r.fromBot(general, "2-4 weeks")
	if _, err := r.ShareFiles(general, ada, q.TS, "by the way", file("b.md", "x")); err != nil {
		t.Fatal(err)
	}
	r.command(general, "1k queries") // a fence
	r.fromBot(general, "about $1 a month")
	if r.library.adds != 0 {
		t.Errorf("%d files were read that nobody gave to the bot", r.library.adds)
	}
}

func TestWhatCannotBeReadIsToldInThisMessage(t *testing.T) {
	r := startRig(t, emulator.Options{})
	dm := r.DM(ada)
	r.share(dm, "", file("logo.png", "\x89PNG"), file("ok.txt", "fine"), file("bad.md", "broken"), file("full.md", "disk full"),
		file("huge.txt", strings.Repeat("x", 33<<20)), file("../../etc/pass<!channel>wd.md", "x"))
	m := r.fromBot(dm, "could not read `logo.png`", "cannot be read, use Markdown", "Read `ok.txt`: 1 passage", "could not read `bad.md`", "it is damaged",
		"could not read `full.md`", "incident", "could not read `huge.txt`", "larger than 32 MiB", "lt;!channel")
	if strings.Contains(m.Text+string(m.Blocks), "<!channel>") || strings.Contains(m.Text, "etc/") {
		t.Errorf("a file's name speaks: %s", m.Text)
	}
	if strings.Contains(m.Text+string(m.Blocks), "no space left") {
		t.Error("an internal error reached the user")
	}
}

func TestSlackRefusesTheFile(t *testing.T) {
	w := emulator.DefaultWorkspace()
	w.App.Scopes = []string{"chat:write", "im:history", "channels:read"}
	r := startRig(t, emulator.Options{Workspace: w})
	r.share(r.DM(ada), "", file("a.md", "x"))
	r.fromBot(r.DM(ada), "lacks the scope `files:read`")
}

func TestDownloadTrouble(t *testing.T) {
	for name, f := range map[string]emulator.Fault{
		"rate limit of files.info": {Method: "files.info", RetryAfter: time.Second},
		"server error":             {Method: "files.info", Status: 503},
		"download fails once":      {Method: "files", Status: 502},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := startRig(t, emulator.Options{})
			r.InjectFault(f)
			r.share(r.DM(ada), "", file("a.md", "x"))
			r.fromBot(r.DM(ada), "Read `a.md`")
			if got := len(r.botMessages(r.DM(ada))); got != 1 {
				t.Errorf("%d messages, want 1", got)
			}
		})
	}
}

func TestANewerVersionTakesThePlace(t *testing.T) {
	r := startRig(t, emulator.Options{})
	dm := r.DM(ada)
	first := r.share(dm, "", file("a.md", "old"))
	r.fromBot(dm, "1 passage")
	r.share(dm, "", file("a.md", "new\nand longer"))
	r.fromBot(dm, "2 passages")
	if _, err := r.DeleteMessage(dm, first.TS); err != nil { // the newer one stays
		t.Fatal(err)
	}
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(dm)) == 1 }); err != nil {
		t.Fatal(err, r.logs)
	}
	if text, _ := r.library.has("a.md", dm); text != "new\nand longer" {
		t.Errorf("kept %q", text)
	}
}

func TestRedeliveriesReadAFileOnce(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.InjectSocketFault(emulator.LoseAck, 2)
	if _, err := r.ShareFiles(general, ada, "", "<@"+botUser+">", file("a.md", "x")); err != nil {
		t.Fatal(err)
	}
	r.fromBot(general, "Read `a.md`")
	r.command(general, "1k queries")
	r.fromBot(general, "about $1 a month")
	if got := len(r.botMessages(general)); got != 2 || r.library.adds != 1 {
		t.Errorf("%d messages, want 2; read %d times, want once", got, r.library.adds)
	}
}

func TestTheLogHoldsNothingOfAFile(t *testing.T) {
	r := startRig(t, emulator.Options{})
	r.share(r.DM(ada), "", file("patient-4711.md", "secret diagnosis"), file("patient-4712.png", "x"))
	r.fromBot(r.DM(ada), "Read `patient-4711.md`")
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"4711", "4712", "diagnosis", r.BotToken()} {
		if strings.Contains(r.logs.String(), s) {
			t.Errorf("the log holds %q:\n%s", s, r.logs)
		}
	}
}

func TestSourcesForAdmins(t *testing.T) {
	r := startRig(t, emulator.Options{})
	dm := r.DM(ada)
	r.share(private, "<@"+botUser+">", file("audit.md", "x"))
	r.fromBot(private, "Read `audit.md`")
	r.share(general, "<@"+botUser+">", file("rules.md", "x"))
	r.fromBot(general, "Read `rules.md`")

	r.command(general, "sources")
	m := r.fromBot(general, "rest on 2 sources", "corpus", "rules.md")
	if strings.Contains(string(m.Blocks), "audit") || m.EphemeralTo != ada {
		t.Errorf("a private source is named outside its channel, or the list is not ada's alone: %s", m.Blocks)
	}
	r.command(private, "sources list")
	r.fromBot(private, "rest on 3 sources", "audit.md", "only here")

	r.command(general, "sources remove audit.md")
	r.fromBot(general, "There is no source \\\"audit.md\\\" here")
	r.command(general, "sources remove corpus")
	r.fromBot(general, "built-in documents stay")
	before := len(r.botMessages(private))
	r.command(private, "sources refresh AUDIT.md")
	if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(private)) > before }); err != nil { // not the first reading's words
		t.Fatal(err, r.logs)
	}
	r.fromBot(private, "Read `audit.md`")
	r.command(private, "sources remove audit.md")
	r.fromBot(private, "Removed *audit.md*", "1 document")
	if _, ok := r.library.has("audit.md", private); ok {
		t.Error("it is still there")
	}
	r.command(dm, "ingest https://example.com/page")
	r.fromBot(dm, "Read https://example.com/page: 7 passages", "Only you")
	r.command(general, "ingest https://private.example/page")
	r.fromBot(general, "not on the public internet")
	r.command(general, "ingest ./folder")
	r.fromBot(general, "starts with https://")
	r.command(dm, "sources refresh")
	r.fromBot(dm, "https://example.com/page*: 1 document with 7 passages")
	r.command(dm, "sources frobnicate")
	r.fromBot(dm, "I know: sources")
}

func TestARefreshBringsNothingBack(t *testing.T) {
	const page = "https://example.com/page"
	r := startRig(t, emulator.Options{})
	r.command(general, "ingest "+page)
	r.fromBot(general, "Read "+page)
	begun, goOn := make(chan struct{}), make(chan struct{})
	r.library.mu.Lock()
	r.library.begun, r.library.goOn = begun, goOn
	r.library.mu.Unlock()
	r.command(general, "sources refresh "+page)
	<-begun
	r.command(general, "sources remove "+page) // while it is being read
	for soon := r.soon(); r.bot.Waiting() == 0; runtime.Gosched() {
		if _, ok := r.library.has(page, ""); !ok || soon.Err() != nil {
			t.Error("the removal does not wait for the reading")
			break
		}
	}
	close(goOn)
	r.fromBot(general, page+"*: 1 document")
	r.fromBot(general, "Removed", page)
	if _, ok := r.library.has(page, ""); ok {
		t.Error("what was removed came back")
	}
}

func TestSourcesForOthers(t *testing.T) {
	as := func(r *rig, text string) {
		t.Helper()
		d, err := r.SlashCommand(general, grace, command, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Wait(r.soon()); err != nil {
			t.Fatal(err)
		}
	}
	r := startRig(t, emulator.Options{})
	r.share(general, "<@"+botUser+">", file("ada.md", "x"))
	r.fromBot(general, "Read `ada.md`")
	p, err := r.ShareFiles(general, grace, "", "<@"+botUser+">", file("grace.md", "x"))
	if err != nil || len(p.Deliveries) == 0 {
		t.Fatal(err)
	}
	r.fromBot(general, "Read `grace.md`")
	for _, text := range []string{"sources", "sources refresh", "ingest https://example.com", "sources remove ada.md", "sources remove nothing.md"} {
		before := len(r.botMessages(general))
		as(r, text)
		if err := r.WaitFor(r.soon(), func() bool { return len(r.botMessages(general)) > before }); err != nil {
			t.Fatal(err, r.logs)
		}
		if all := r.botMessages(general); !strings.Contains(all[len(all)-1].Text, "Only admins") {
			t.Errorf("%s: %q", text, all[len(all)-1].Text)
		}
	}
	as(r, "sources remove grace.md") // her own
	r.fromBot(general, "Removed *grace.md*")
	if _, ok := r.library.has("ada.md", ""); !ok {
		t.Error("somebody else's source was removed")
	}
}

func TestTheOperatorNamesAdmins(t *testing.T) {
	r := startRig(t, emulator.Options{})
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r.admins = []string{grace}
	r.startBot()
	d, err := r.SlashCommand(general, grace, command, "sources")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Wait(r.soon()); err != nil {
		t.Fatal(err)
	}
	m := r.fromBot(general, "rest on 1 source")
	if !json.Valid(m.Blocks) || m.EphemeralTo != grace {
		t.Errorf("%+v", m)
	}
}
