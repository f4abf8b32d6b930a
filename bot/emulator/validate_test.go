package emulator_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/bot/emulator"
)

func section(text string) string {
	return fmt.Sprintf(`{"type":"section","text":{"type":"mrkdwn","text":%q}}`, text)
}

func repeat(n int, item string) string { return strings.Repeat(item+",", n-1) + item }

func button(id string) string {
	return fmt.Sprintf(`{"type":"button","action_id":%q,"text":{"type":"plain_text","text":"b"}}`, id)
}

func buttons(n int) string {
	var out []string
	for i := range n {
		out = append(out, button(fmt.Sprint("b", i)))
	}
	return strings.Join(out, ",")
}

func options(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf(`{"text":{"type":"plain_text","text":"o"},"value":"%d"}`, i))
	}
	return "[" + strings.Join(out, ",") + "]"
}

// rows are n rows of w cells, the first a header.
func rows(n, w int, text string) string {
	cell := fmt.Sprintf(`{"type":"raw_text","text":%q}`, text)
	return "[" + repeat(n, "["+repeat(w, cell)+"]") + "]"
}

func lineChart(title, series string) string {
	return fmt.Sprintf(`{"type":"data_visualization","title":%q,"chart":{"type":"line","axis_config":{"categories":["a","b"]},"series":[%s]}}`, title, series)
}

const twoPoints = `{"name":"s","data":[{"label":"a","value":1},{"label":"b","value":2}]}`

func TestValidateMessage(t *testing.T) {
	tests := []struct {
		name    string
		blocks  string // without the outer brackets
		pointer string // of the first problem; "" means valid
		says    string
		code    string // "" is invalid_blocks
	}{
		{name: "50 blocks", blocks: repeat(50, `{"type":"divider"}`)},
		{name: "51 blocks", blocks: repeat(51, `{"type":"divider"}`), pointer: "/blocks", says: "no more than 50 items"},
		{name: "section of 3,000", blocks: section(strings.Repeat("é", 3000))},
		{name: "section of 3,001", blocks: section(strings.Repeat("é", 3001)), pointer: "/blocks/0/text/text", says: "less than 3001"},
		{name: "empty section text", blocks: section(""), pointer: "/blocks/0/text/text", says: "more than 0"},
		{name: "section of nothing", blocks: `{"type":"section"}`, pointer: "/blocks/0", says: "text or fields"},
		{name: "11 fields", blocks: `{"type":"section","fields":[` + repeat(11, `{"type":"mrkdwn","text":"f"}`) + `]}`, pointer: "/blocks/0/fields", says: "no more than 10"},
		{name: "field of 2,001", blocks: `{"type":"section","fields":[{"type":"mrkdwn","text":"` + strings.Repeat("x", 2001) + `"}]}`, pointer: "/blocks/0/fields/0/text"},
		{name: "header of 151", blocks: `{"type":"header","text":{"type":"plain_text","text":"` + strings.Repeat("x", 151) + `"}}`, pointer: "/blocks/0/text/text"},
		{name: "header in mrkdwn", blocks: `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`, pointer: "/blocks/0/text/type", says: "plain_text"},
		{name: "unknown block", blocks: `{"type":"hologram"}`, pointer: "/blocks/0/type", says: "unsupported type"},
		{name: "no type", blocks: `{}`, pointer: "/blocks/0", says: "missing required field: type"},
		{name: "not an object", blocks: `"x"`, pointer: "/blocks/0", says: "must be an object"},
		{name: "unknown property", blocks: `{"type":"divider","colour":"red"}`, pointer: "/blocks/0", says: "invalid additional property: colour"},
		{name: "emoji flag on mrkdwn", blocks: `{"type":"section","text":{"type":"mrkdwn","text":"x","emoji":true}}`, pointer: "/blocks/0/text", says: "additional property: emoji"},
		{name: "same block_id twice", blocks: `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`, pointer: "/blocks/1/block_id", says: "already exists"},
		{name: "block_id of 256", blocks: `{"type":"divider","block_id":"` + strings.Repeat("x", 256) + `"}`, pointer: "/blocks/0/block_id"},
		{name: "25 buttons", blocks: `{"type":"actions","elements":[` + buttons(25) + `]}`},
		{name: "26 buttons", blocks: `{"type":"actions","elements":[` + buttons(26) + `]}`, pointer: "/blocks/0/elements", says: "no more than 25"},
		{name: "same action_id twice", blocks: `{"type":"actions","elements":[` + repeat(2, button("a")) + `]}`, pointer: "/blocks/0/elements/1/action_id"},
		{name: "same action_id in two blocks", blocks: repeat(2, `{"type":"actions","elements":[`+button("a")+`]}`)},
		{name: "button of 76", blocks: `{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"` + strings.Repeat("x", 76) + `"}}]}`, pointer: "/blocks/0/elements/0/text/text"},
		{name: "empty url", blocks: `{"type":"actions","elements":[{"type":"button","url":"","text":{"type":"plain_text","text":"x"}}]}`, pointer: "/blocks/0/elements/0/url"},
		{name: "text input in actions", blocks: `{"type":"actions","elements":[{"type":"plain_text_input"}]}`, pointer: "/blocks/0/elements/0/type"},
		{name: "11 context elements", blocks: `{"type":"context","elements":[` + repeat(11, `{"type":"mrkdwn","text":"x"}`) + `]}`, pointer: "/blocks/0/elements"},
		{name: "100 options", blocks: `{"type":"actions","elements":[{"type":"static_select","options":` + options(100) + `}]}`},
		{name: "101 options", blocks: `{"type":"actions","elements":[{"type":"static_select","options":` + options(101) + `}]}`, pointer: "/blocks/0/elements/0/options"},
		{name: "6 overflow options", blocks: `{"type":"actions","elements":[{"type":"overflow","options":` + options(6) + `}]}`, pointer: "/blocks/0/elements/0/options"},
		{name: "11 checkboxes", blocks: `{"type":"actions","elements":[{"type":"checkboxes","options":` + options(11) + `}]}`, pointer: "/blocks/0/elements/0/options"},
		{name: "initial option unknown", blocks: `{"type":"actions","elements":[{"type":"static_select","options":` + options(2) + `,"initial_option":{"text":{"type":"plain_text","text":"o"},"value":"9"}}]}`, pointer: "/blocks/0/elements/0", says: "initial option"},
		{name: "image without alt text", blocks: `{"type":"image","image_url":"https://example.com/x.png"}`, pointer: "/blocks/0", says: "alt_text"},
		{name: "markdown of 12,000", blocks: `{"type":"markdown","text":"` + strings.Repeat("x", 12000) + `"}`},
		{name: "markdown of 12,001 in two", blocks: `{"type":"markdown","text":"` + strings.Repeat("x", 12000) + `"},{"type":"markdown","text":"x"}`, pointer: "/blocks", code: "msg_blocks_too_long"},
		{name: "much text beside markdown", blocks: `{"type":"markdown","text":"x"},` + repeat(5, section(strings.Repeat("x", 2900))), pointer: "/blocks", code: "msg_blocks_too_long"},
		{name: "alert in a message", blocks: `{"type":"alert","text":{"type":"mrkdwn","text":"x"}}`, pointer: "/blocks/0/type", says: "unsupported type: alert"},
		{name: "file block", blocks: `{"type":"file","external_id":"x","source":"remote"}`, pointer: "/blocks/0/type"},
		{name: "table", blocks: `{"type":"table","rows":` + rows(100, 20, "xx") + `}`},
		{name: "table of 101 rows", blocks: `{"type":"table","rows":` + rows(101, 1, "x") + `}`, pointer: "/blocks/0/rows"},
		{name: "table of 21 cells", blocks: `{"type":"table","rows":` + rows(1, 21, "x") + `}`, pointer: "/blocks/0/rows/0"},
		{name: "empty cell", blocks: `{"type":"table","rows":` + rows(2, 2, "") + `}`, pointer: "/blocks/0/rows/0/0/text"},
		{name: "table of 10,001 characters", blocks: `{"type":"table","rows":[[{"type":"raw_text","text":"` + strings.Repeat("x", 10001) + `"}]]}`, pointer: "/blocks", says: "10001"},
		{name: "two tables", blocks: repeat(2, `{"type":"table","rows":`+rows(1, 1, "x")+`}`), pointer: "/blocks", says: "only_one_table_allowed", code: "invalid_attachments"},
		{name: "table and a table in markdown", blocks: `{"type":"table","rows":` + rows(1, 1, "x") + `},{"type":"markdown","text":"| a | b |\n|---|---|\n| 1 | 2 |"}`, pointer: "/blocks", code: "invalid_attachments"},
		{name: "data_table", blocks: `{"type":"data_table","caption":"c","rows":` + rows(201, 2, "x") + `}`},
		{name: "data_table of a header", blocks: `{"type":"data_table","caption":"c","rows":` + rows(1, 2, "x") + `}`, pointer: "/blocks/0/rows", says: "no fewer than 2"},
		{name: "data_table of 202 rows", blocks: `{"type":"data_table","caption":"c","rows":` + rows(202, 1, "x") + `}`, pointer: "/blocks/0/rows"},
		{name: "data_table without caption", blocks: `{"type":"data_table","rows":` + rows(2, 2, "x") + `}`, pointer: "/blocks/0", says: "caption"},
		{name: "data_table page of 101", blocks: `{"type":"data_table","caption":"c","page_size":101,"rows":` + rows(2, 2, "x") + `}`, pointer: "/blocks/0/page_size"},
		{name: "data_table of unequal rows", blocks: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_text","text":"a"},{"type":"raw_text","text":"b"}],[{"type":"raw_text","text":"1"}]]}`, pointer: "/blocks/0/rows/1", says: "same number"},
		{name: "number in the header", blocks: `{"type":"data_table","caption":"c","rows":[[{"type":"raw_number","value":1}],[{"type":"raw_number","value":1}]]}`, pointer: "/blocks/0/rows/0/0", says: "raw_text"},
		{name: "data_table of 20,001 characters", blocks: `{"type":"data_table","caption":"c","rows":` + rows(2, 1, strings.Repeat("x", 10001)) + `}`, pointer: "/blocks"},
		{name: "chart", blocks: lineChart("t", twoPoints)},
		{name: "chart title of 51", blocks: lineChart(strings.Repeat("x", 51), twoPoints), pointer: "/blocks/0/title"},
		{name: "chart lacks a point", blocks: lineChart("t", `{"name":"s","data":[{"label":"a","value":1}]}`), pointer: "/blocks/0/chart/series/0/data"},
		{name: "chart with a stray point", blocks: lineChart("t", `{"name":"s","data":[{"label":"a","value":1},{"label":"z","value":2}]}`), pointer: "/blocks/0/chart/series/0/data/1/label"},
		{name: "chart with twins", blocks: lineChart("t", twoPoints+","+twoPoints), pointer: "/blocks/0/chart/series/1/name"},
		{name: "series name of 21", blocks: lineChart("t", strings.Replace(twoPoints, `"s"`, `"`+strings.Repeat("s", 21)+`"`, 1)), pointer: "/blocks/0/chart/series/0/name"},
		{name: "three charts", blocks: repeat(3, lineChart("t", twoPoints)), pointer: "/blocks", says: "no more than 2"},
		{name: "pie of nothing", blocks: `{"type":"data_visualization","title":"t","chart":{"type":"pie","segments":[{"label":"a","value":0}]}}`, pointer: "/blocks/0/chart/segments/0/value"},
		{name: "radar chart", blocks: `{"type":"data_visualization","title":"t","chart":{"type":"radar"}}`, pointer: "/blocks/0/chart/type"},
		{name: "card", blocks: `{"type":"card","title":{"type":"mrkdwn","text":"t"},"actions":[` + buttons(3) + `]}`},
		{name: "card of nothing", blocks: `{"type":"card","subtitle":{"type":"mrkdwn","text":"t"}}`, pointer: "/blocks/0", says: "at least one of"},
		{name: "card with four buttons", blocks: `{"type":"card","actions":[` + buttons(4) + `]}`, pointer: "/blocks/0/actions"},
		{name: "card body of 201", blocks: `{"type":"card","body":{"type":"mrkdwn","text":"` + strings.Repeat("x", 201) + `"}}`, pointer: "/blocks/0/body/text"},
		{name: "plan", blocks: `{"type":"plan","title":"p","tasks":[{"type":"task_card","task_id":"1","title":"t","status":"in_progress"}]}`},
		{name: "plan of 51 tasks", blocks: `{"type":"plan","title":"p","tasks":[` + repeat(51, `{"type":"task_card","task_id":"1","title":"t"}`) + `]}`, pointer: "/blocks/0/tasks"},
		{name: "task of unknown status", blocks: `{"type":"task_card","task_id":"1","title":"t","status":"napping"}`, pointer: "/blocks/0/status"},
		{name: "feedback", blocks: `{"type":"context_actions","elements":[{"type":"feedback_buttons","action_id":"f","positive_button":{"text":{"type":"plain_text","text":"y"},"value":"1"},"negative_button":{"text":{"type":"plain_text","text":"n"},"value":"0"}}]}`},
		{name: "rich text", blocks: `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"}]}]}]}`},
		{name: "list of text", blocks: `{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"text","text":"x"}]}]}`, pointer: "/blocks/0/elements/0/elements/0/type"},
		{name: "container", blocks: `{"type":"container","child_blocks":[` + section("x") + `]}`},
		{name: "container in a container", blocks: `{"type":"container","child_blocks":[{"type":"container","child_blocks":[{"type":"divider"}]}]}`, pointer: "/blocks/0/child_blocks/0/type"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			check(t, emulator.ValidateMessage(json.RawMessage("["+tc.blocks+"]"), emulator.SurfaceMessage), tc.code, tc.pointer, tc.says)
		})
	}
}

func check(t *testing.T, err error, code, pointer, says string) {
	t.Helper()
	if pointer == "" {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	var b *emulator.BlockError
	if !errors.As(err, &b) {
		t.Fatalf("got %v, want a problem at %s", err, pointer)
	}
	if code == "" {
		code = "invalid_blocks"
	}
	if b.Code != code {
		t.Errorf("code %s, want %s", b.Code, code)
	}
	for _, p := range b.Problems {
		if strings.HasPrefix(p.Pointer, pointer) && strings.Contains(p.Text, says) {
			return
		}
	}
	t.Errorf("got %v, want %q at %s", err, says, pointer)
}

func TestValidateView(t *testing.T) {
	title := func(n int) string { return `{"type":"plain_text","text":"` + strings.Repeat("t", n) + `"}` }
	input := `{"type":"input","label":{"type":"plain_text","text":"l"},"element":{"type":"plain_text_input","action_id":"a"}}`
	modal := func(more, blocks string) string {
		return `{"type":"modal","title":` + title(24) + more + `,"blocks":[` + blocks + `]}`
	}
	tests := []struct{ name, view, pointer, says string }{
		{name: "modal", view: modal(`,"submit":`+title(24), input)},
		{name: "title of 25", view: `{"type":"modal","title":` + title(25) + `,"blocks":[]}`, pointer: "/view/title/text"},
		{name: "input without submit", view: modal("", input), pointer: "/view", says: "submit"},
		{name: "101 blocks", view: modal("", repeat(101, `{"type":"divider"}`)), pointer: "/view/blocks"},
		{name: "alert", view: modal("", `{"type":"alert","level":"warning","text":{"type":"plain_text","text":"x"}}`)},
		{name: "markdown in a modal", view: modal("", `{"type":"markdown","text":"x"}`), pointer: "/view/blocks/0/type"},
		{name: "chart in a modal", view: modal("", lineChart("t", twoPoints)), pointer: "/view/blocks/0/type"},
		{name: "metadata of 3,001", view: modal(`,"private_metadata":"`+strings.Repeat("x", 3001)+`"`, ""), pointer: "/view/private_metadata"},
		{name: "two elements with focus", view: modal(`,"submit":`+title(2), strings.ReplaceAll(repeat(2, input), `"action_id":"a"`, `"focus_on_load":true`)), pointer: "/blocks", says: "focus_on_load"},
		{name: "home", view: `{"type":"home","blocks":[` + section("x") + `]}`},
		{name: "home with a title", view: `{"type":"home","title":` + title(3) + `,"blocks":[]}`, pointer: "/view", says: "title"},
		{name: "unknown type", view: `{"type":"sidebar","blocks":[]}`, pointer: "/view/type"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			check(t, emulator.ValidateView(json.RawMessage(tc.view)), "invalid_arguments", tc.pointer, tc.says)
		})
	}
}

// FuzzValidate feeds the checkers any bytes: they must come to a verdict, never panic, and never find fault in
// nothing.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{
		`[]`, `[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]`, `[{"type":"data_table","rows":[[1]]}]`, `[{"type":"data_visualization","chart":{"series":[[]]}}]`,
		`[{"type":"table","rows":{}}]`, `{"type":"modal","blocks":[null]}`, `[{"type":"rich_text","elements":[{"type":null}]}]`, `[{"type":"container","child_blocks":[{"type":"carousel","elements":[{}]}]}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, err := range []error{emulator.ValidateMessage(raw, emulator.SurfaceMessage), emulator.ValidateMessage(raw, emulator.SurfaceModal), emulator.ValidateView(raw)} {
			var b *emulator.BlockError
			if err != nil && (!errors.As(err, &b) || len(b.Problems) == 0) {
				t.Fatalf("a refusal without a reason: %v", err)
			}
		}
	})
}

func BenchmarkValidateCard(b *testing.B) {
	raw, err := json.Marshal(sampleCard("300k queries, HIPAA"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := emulator.ValidateMessage(raw, emulator.SurfaceMessage); err != nil {
			b.Fatal(err)
		}
	}
}
