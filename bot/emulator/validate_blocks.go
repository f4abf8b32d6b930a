package emulator

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// blockKind is what a block type may hold, and where it may stand.
type blockKind struct {
	shape shape
	on    []Surface // nil: everywhere
	extra func(k *checker, at string, b map[string]any)
}

var (
	messages = []Surface{SurfaceMessage}
	modals   = []Surface{SurfaceModal}
)

// blockShape adds what every block has.
func blockShape(kind string, s shape) shape {
	return s.with(shape{"type": must(isType(kind)), "block_id": may(text(1, 255))})
}

// blockKinds are Block Kit's blocks.
//
// Source: https://docs.slack.dev/reference/block-kit/blocks and the pages below it; properties that only Slack's own SDK
// types and slack-go v0.35 name are taken from there.
var blockKinds map[string]blockKind

func init() { // filled here because containers refer to the table itself
	blockKinds = map[string]blockKind{
		"section": {shape: blockShape("section", shape{
			"text": may(textObject(3000)), "fields": may(array(1, 10, textObject(2000))), "expand": may(boolean),
			"accessory": may(element(sectionElements...)),
		}), extra: func(k *checker, at string, b map[string]any) {
			if b["text"] == nil && b["fields"] == nil {
				k.complain(at, "missing required field: text or fields")
			}
		}},
		"header":  {shape: blockShape("header", shape{"text": must(plainText_(150)), "level": may(integer(1, 6))})},
		"divider": {shape: blockShape("divider", nil)},
		"context": {shape: blockShape("context", shape{"elements": must(array(1, 10, contextElement))})},
		"actions": {shape: blockShape("actions", shape{"elements": must(array(1, 25, element(actionElements...)))})},
		"context_actions": {on: messages, shape: blockShape("context_actions", shape{
			"elements": must(array(1, 5, element("feedback_buttons", "icon_button"))),
		})},
		"image": {shape: blockShape("image", shape{
			"image_url": may(webAddress(3000)), "alt_text": must(text(1, 2000)), "title": may(plainText_(2000)), "slack_file": may(slackFile),
		}), extra: oneImageSource},
		"input": {shape: blockShape("input", shape{
			"label": must(plainText_(2000)), "element": must(element(inputElements...)), "hint": may(plainText_(2000)), "optional": may(boolean),
			"dispatch_action": may(boolean),
		})},
		"rich_text": {shape: blockShape("rich_text", shape{"elements": must(array(0, 1000, richElement))})},
		"markdown":  {on: messages, shape: blockShape("markdown", shape{"text": must(text(1, maxMarkdown))}), extra: countMarkdown},
		"table": {on: messages, shape: blockShape("table", shape{
			"rows": must(array(1, 100, array(1, 20, tableCell))), "column_settings": may(array(0, 20, object(shape{
				"align": may(oneOf("left", "center", "right")), "is_wrapped": may(boolean),
			}))),
		}), extra: checkTable},
		"data_table": {on: messages, shape: blockShape("data_table", shape{
			"caption": must(text(1, 2000)), "rows": must(array(2, 201, array(1, 20, dataCell))), "page_size": may(integer(1, 100)),
			"row_header_column_index": may(integer(0, 19)),
		}), extra: checkDataTable},
		"data_visualization": {on: messages, shape: blockShape("data_visualization", shape{"title": must(text(1, 50)), "chart": must(chart)}),
			extra: func(k *checker, _ string, _ map[string]any) { k.charts++ }},
		"card":     {on: messages, shape: cardShape(), extra: checkCard},
		"carousel": {on: messages, shape: blockShape("carousel", shape{"elements": must(array(1, 10, nestedBlock("card")))})},
		"plan": {on: messages, shape: blockShape("plan", shape{
			"title": must(text(1, 255)), "tasks": may(array(0, 50, nestedBlock("task_card"))),
		})},
		"task_card": {on: messages, shape: blockShape("task_card", shape{
			"task_id": must(text(1, 255)), "title": must(text(1, 255)), "status": may(oneOf("pending", "in_progress", "complete", "error")),
			"details": may(nestedBlock("rich_text")), "output": may(nestedBlock("rich_text")), "hide_title": may(boolean),
			"sources": may(array(0, 100, object(shape{"type": must(isType("url")), "url": must(webAddress(3000)), "text": must(text(1, 2000))}))),
		})},
		"alert": {on: modals, shape: blockShape("alert", shape{
			"text": must(textObject(200)), "level": may(oneOf("default", "info", "warning", "error", "success")),
		})},
		"video": {shape: blockShape("video", shape{
			"video_url": must(webAddress(3000)), "thumbnail_url": must(webAddress(3000)), "alt_text": must(text(1, 2000)), "title": must(plainText_(199)),
			"title_url": may(webAddress(3000)), "author_name": may(text(1, 49)), "provider_name": may(text(1, 100)),
			"provider_icon_url": may(webAddress(3000)), "description": may(plainText_(200)),
		})},
		"container": {shape: blockShape("container", shape{
			"title": may(textObject(150)), "rich_text_title": may(nestedBlock("rich_text")), "subtitle": may(textObject(150)), "icon": may(imageElement),
			"width": may(oneOf("narrow", "standard", "wide", "full")), "is_collapsible": may(boolean), "default_collapsed": may(boolean),
			"has_header_divider": may(boolean), "child_blocks": must(array(1, 10, nestedBlock())),
		}), extra: func(k *checker, at string, b map[string]any) {
			if b["default_collapsed"] == true && b["is_collapsible"] != true {
				k.complain(at, "default_collapsed requires is_collapsible")
			}
		}},
	}
}

// block checks one block. only limits its type; empty allows every type of the surface.
func (k *checker) block(at string, v any, only []string) {
	b, ok := v.(map[string]any)
	if !ok {
		k.complain(at, "must be an object")
		return
	}
	kind, known := blockKinds[str(b["type"])]
	switch {
	case b["type"] == nil:
		k.complain(at, "missing required field: type")
		return
	case !known, kind.on != nil && !slices.Contains(kind.on, k.surface), len(only) > 0 && !slices.Contains(only, str(b["type"])):
		k.complain(at+"/type", "unsupported type: %v", b["type"])
		return
	}
	if id := str(b["block_id"]); id != "" {
		if k.ids[id] {
			k.complain(at+"/block_id", "block_id already exists: %s", id)
		}
		k.ids[id] = true
	}
	outer := k.actions
	k.actions = map[string]bool{}
	k.fields(at, b, kind.shape)
	if kind.extra != nil {
		kind.extra(k, at, b)
	}
	k.actions = outer
}

func nestedBlock(only ...string) rule {
	return func(k *checker, at string, v any) {
		if m, ok := v.(map[string]any); ok && len(only) == 0 && m["type"] == "container" {
			k.complain(at+"/type", "unsupported type: container")
			return
		}
		k.block(at, v, only)
	}
}

func countMarkdown(k *checker, _ string, b map[string]any) {
	k.hasMarkdown = true
	t := str(b["text"])
	k.markdown += utf8.RuneCountInString(t)
	k.tables += markdownTables(t)
}

// markdownTables counts the tables that a Markdown text holds: they are reported to count as table blocks.
func markdownTables(t string) int {
	n := 0
	lines := strings.Split(t, "\n")
	for i, l := range lines {
		rule := strings.TrimSpace(l)
		if i > 0 && strings.Contains(lines[i-1], "|") && strings.Contains(rule, "-") && strings.Trim(rule, "|-: \t") == "" && strings.Contains(rule, "|") {
			n++
		}
	}
	return n
}

func oneImageSource(k *checker, at string, b map[string]any) {
	if (b["image_url"] == nil) == (b["slack_file"] == nil) {
		k.complain(at, "must provide exactly one of image_url, slack_file")
	}
}

func cardShape() shape {
	return blockShape("card", shape{
		"hero_image": may(imageElement), "icon": may(imageElement),
		"slack_icon": may(object(shape{"type": must(isType("icon")), "name": must(text(1, 255))})),
		"title":      may(textObject(150)), "subtitle": may(textObject(150)), "body": may(textObject(200)), "subtext": may(textObject(200)),
		"actions": may(array(1, 3, element("button"))),
	})
}

func checkCard(k *checker, at string, b map[string]any) {
	if b["hero_image"] == nil && b["title"] == nil && b["actions"] == nil && b["body"] == nil {
		k.complain(at, "must provide at least one of hero_image, title, actions, body")
	}
	if b["icon"] != nil && b["slack_icon"] != nil {
		k.complain(at, "must provide only one of icon, slack_icon")
	}
}

// tableCell is a cell of a table block.
func tableCell(k *checker, at string, v any) { cell(k, at, v, "raw_text", "rich_text", "raw_number") }

// dataCell is a cell of a data_table block.
func dataCell(k *checker, at string, v any) {
	cell(k, at, v, "raw_text", "rich_text", "raw_number", "action_cell")
}

func cell(k *checker, at string, v any, kinds ...string) {
	m, ok := v.(map[string]any)
	if !ok {
		k.complain(at, "must be an object")
		return
	}
	if !slices.Contains(kinds, str(m["type"])) {
		k.complain(at+"/type", "unsupported type: %v", m["type"])
		return
	}
	switch m["type"] {
	case "raw_text":
		k.fields(at, m, shape{"type": must(anything), "text": must(text(1, maxDataChars))})
	case "raw_number":
		k.fields(at, m, shape{"type": must(anything), "value": must(number), "text": may(text(1, 2000))})
	case "rich_text":
		k.fields(at, m, shape{"type": must(anything), "block_id": may(text(1, 255)), "elements": must(array(1, 1000, richElement))})
	case "action_cell":
		k.fields(at, m, shape{"type": must(anything), "element": must(element("button")), "fallback": may(func(k *checker, at string, v any) {
			cell(k, at, v, "raw_text", "raw_number")
		})})
	}
}

// rows counts a table's characters and checks that its rows are equally long where they must be.
func (k *checker) rows(at string, b map[string]any, equal bool) (chars int) {
	width := -1
	for i, row := range list(b["rows"]) {
		cells := list(row)
		if equal && width >= 0 && len(cells) != width {
			k.complain(fmt.Sprintf("%s/rows/%d", at, i), "all rows must have the same number of cells")
		}
		if width < 0 {
			width = len(cells)
		}
		for _, c := range cells {
			chars += textLength(c)
		}
	}
	return chars
}

func checkTable(k *checker, at string, b map[string]any) {
	k.tables++
	k.tableChars += k.rows(at, b, false)
}

func checkDataTable(k *checker, at string, b map[string]any) {
	k.data += k.rows(at, b, true)
	rows := list(b["rows"])
	if len(rows) == 0 {
		return
	}
	header := list(rows[0])
	for i, c := range header {
		if m, ok := c.(map[string]any); ok && m["type"] != "raw_text" {
			k.complain(fmt.Sprintf("%s/rows/0/%d", at, i), "header cells must be raw_text")
		}
	}
	if i, ok := b["row_header_column_index"].(float64); ok && int(i) >= len(header) {
		k.complain(at+"/row_header_column_index", "must be less than %d", len(header))
	}
}

// textLength adds up all texts inside a value.
func textLength(v any) int {
	n := 0
	switch t := v.(type) {
	case map[string]any:
		for key, x := range t {
			if s, ok := x.(string); ok && key == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += textLength(x)
		}
	case []any:
		for _, x := range t {
			n += textLength(x)
		}
	}
	return n
}

// Limits of charts.
//
// Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block. Newer copies allow 12 series and 12 parts;
// the lower, documented figure is kept so that a message passes everywhere.
const (
	maxSeries     = 6
	maxCategories = 20
	maxLabel      = 20
)

func chart(k *checker, at string, v any) {
	m, ok := v.(map[string]any)
	if !ok {
		k.complain(at, "must be an object")
		return
	}
	switch m["type"] {
	case "pie":
		k.fields(at, m, shape{"type": must(anything), "segments": must(array(1, maxSeries, func(k *checker, at string, v any) {
			object(shape{"label": must(text(1, maxLabel)), "value": must(number)})(k, at, v)
			if s, ok := v.(map[string]any); ok {
				if n, ok := s["value"].(float64); ok && n <= 0 {
					k.complain(at+"/value", "must be more than 0")
				}
			}
		}))})
	case "bar", "area", "line":
		point := object(shape{"label": must(text(1, maxLabel)), "value": must(number)})
		k.fields(at, m, shape{
			"type": must(anything),
			"series": must(array(1, maxSeries, object(shape{
				"name": must(text(1, maxLabel)), "data": must(array(1, maxCategories, point)),
			}))),
			"axis_config": must(object(shape{
				"categories": must(array(1, maxCategories, text(1, maxLabel))), "x_label": may(text(1, 50)), "y_label": may(text(1, 50)),
			})),
		})
		k.seriesFit(at, m)
	default:
		k.complain(at+"/type", "unsupported type: %v", m["type"])
	}
}

// seriesFit checks that categories and series names are unique and that each series has one point for each category.
func (k *checker) seriesFit(at string, m map[string]any) {
	axis, _ := m["axis_config"].(map[string]any)
	categories := map[string]bool{}
	for i, c := range list(axis["categories"]) {
		if categories[str(c)] {
			k.complain(fmt.Sprintf("%s/axis_config/categories/%d", at, i), "must be unique")
		}
		categories[str(c)] = true
	}
	names := map[string]bool{}
	for i, s := range list(m["series"]) {
		series, _ := s.(map[string]any)
		here := fmt.Sprintf("%s/series/%d", at, i)
		if names[str(series["name"])] {
			k.complain(here+"/name", "must be unique")
		}
		names[str(series["name"])] = true
		seen := map[string]bool{}
		for j, p := range list(series["data"]) {
			label := ""
			if m, ok := p.(map[string]any); ok {
				label = str(m["label"])
			}
			if !categories[label] || seen[label] {
				k.complain(fmt.Sprintf("%s/data/%d/label", here, j), "must match one of axis_config.categories, once")
			}
			seen[label] = true
		}
		if len(seen) < len(categories) {
			k.complain(here+"/data", "must have a point for every category")
		}
	}
}

// viewShapes are the views' own properties; their blocks are checked one by one.
var viewShapes = map[string]shape{
	"modal": {
		"type": must(anything), "title": must(plainText_(24)), "blocks": must(array(0, maxViewBlocks, anything)), "close": may(plainText_(24)),
		"submit": may(plainText_(24)), "private_metadata": may(text(0, 3000)), "callback_id": may(text(0, 255)), "clear_on_close": may(boolean),
		"notify_on_close": may(boolean), "external_id": may(text(0, 255)), "submit_disabled": may(boolean),
	},
	"home": {
		"type": must(anything), "blocks": must(array(0, maxViewBlocks, anything)), "private_metadata": may(text(0, 3000)),
		"callback_id": may(text(0, 255)), "external_id": may(text(0, 255)),
	},
}
