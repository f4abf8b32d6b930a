package emulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// blockList decodes blocks that the checker has let pass.
func blockList(raw json.RawMessage) []map[string]any {
	var out []map[string]any
	_ = json.Unmarshal(raw, &out)
	return out
}

// withIDs returns the blocks with an id for every block and element that came without one, as Slack does.
func withIDs(raw json.RawMessage) json.RawMessage {
	blocks := blockList(raw)
	if len(blocks) == 0 {
		return nil
	}
	for _, b := range blocks {
		eachBlock(b, func(b map[string]any) {
			if _, ok := b["block_id"]; !ok {
				b["block_id"] = randomHex(3)[:5]
			}
		})
	}
	eachElement(blocks, func(_ string, e map[string]any) bool {
		if _, ok := e["action_id"]; !ok {
			e["action_id"] = randomHex(3)[:5]
		}
		return true
	})
	return mustJSON(blocks)
}

// eachBlock calls f for a block and for the blocks inside it.
func eachBlock(b map[string]any, f func(map[string]any)) {
	f(b)
	for _, key := range []string{"child_blocks"} {
		for _, child := range list(b[key]) {
			if m, ok := child.(map[string]any); ok {
				eachBlock(m, f)
			}
		}
	}
	if b["type"] == "carousel" {
		for _, child := range list(b["elements"]) {
			if m, ok := child.(map[string]any); ok {
				eachBlock(m, f)
			}
		}
	}
	for _, row := range list(b["rows"]) {
		r, _ := row.(map[string]any)
		for _, item := range list(r["items"]) {
			it, _ := item.(map[string]any)
			if m, ok := it["block"].(map[string]any); ok {
				eachBlock(m, f)
			}
		}
	}
}

// interactive are the element types that a person can act on.
var interactive = []string{
	"button", "overflow", "datepicker", "timepicker", "datetimepicker", "plain_text_input", "rich_text_input", "email_text_input",
	"url_text_input", "number_input", "checkboxes", "radio_buttons", "feedback_buttons", "icon_button", "workflow_button", "file_input",
	"static_select", "external_select", "users_select", "conversations_select", "channels_select",
	"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
}

// eachElement calls f for every interactive element, with its block's id, until f returns false.
func eachElement(blocks []map[string]any, f func(blockID string, e map[string]any) bool) {
	going := true
	visit := func(id string, v any) {
		e, ok := v.(map[string]any)
		if !ok || !going || !slices.Contains(interactive, str(e["type"])) {
			return
		}
		going = f(id, e)
	}
	for _, top := range blocks {
		eachBlock(top, func(b map[string]any) {
			id := str(b["block_id"])
			visit(id, b["element"])
			visit(id, b["accessory"])
			for _, e := range list(b["elements"]) {
				visit(id, e)
			}
			for _, e := range list(b["actions"]) {
				visit(id, e)
			}
			for _, row := range list(b["rows"]) {
				for _, cell := range list(row) {
					if c, ok := cell.(map[string]any); ok {
						visit(id, c["element"])
					}
				}
			}
		})
	}
}

func list(v any) []any { l, _ := v.([]any); return l }
func str(v any) string { s, _ := v.(string); return s }

// findElement returns the element with an action id, in the given block or, if block is empty, in the first that has it.
func findElement(blocks []map[string]any, block, action string) (blockID string, element map[string]any) {
	eachElement(blocks, func(id string, e map[string]any) bool {
		if str(e["action_id"]) == action && (block == "" || block == id) {
			blockID, element = id, e
			return false
		}
		return true
	})
	return blockID, element
}

// option returns the option of a menu that has a value, as Slack sends it back.
func option(e map[string]any, value string) any {
	all := list(e["options"])
	for _, g := range list(e["option_groups"]) {
		if m, ok := g.(map[string]any); ok {
			all = append(all, list(m["options"])...)
		}
	}
	for _, o := range all {
		if m, ok := o.(map[string]any); ok && str(m["value"]) == value {
			return m
		}
	}
	if str(e["type"]) == "external_select" || str(e["type"]) == "multi_external_select" { // its options came later
		return obj{"text": obj{"type": "plain_text", "text": value}, "value": value}
	}
	return nil
}

// chosen describes what a person entered or chose in an element, in the fields that Slack uses for its type. With given
// nil it describes the element's initial value.
func chosen(e map[string]any, given []string) obj {
	kind := str(e["type"])
	out := obj{"type": kind}
	one := func(field, initial string) {
		switch {
		case given == nil && e[initial] != nil:
			out[field] = e[initial]
		case len(given) > 0 && given[0] != "":
			out[field] = given[0]
		default:
			out[field] = nil
		}
	}
	many := func(field, initial string) {
		switch {
		case given != nil:
			out[field] = given
		case e[initial] != nil:
			out[field] = e[initial]
		default:
			out[field] = []string{}
		}
	}
	options := func() []any {
		if given == nil {
			return append([]any{}, list(e["initial_options"])...)
		}
		picked := []any{}
		for _, v := range given {
			if o := option(e, v); o != nil {
				picked = append(picked, o)
			}
		}
		return picked
	}
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		one("value", "initial_value")
	case "rich_text_input":
		out["rich_text_value"] = e["initial_value"]
		if len(given) > 0 {
			out["rich_text_value"] = richText(given[0])
		}
	case "datepicker":
		one("selected_date", "initial_date")
	case "timepicker":
		one("selected_time", "initial_time")
	case "datetimepicker":
		one("selected_date_time", "initial_date_time")
		if v, ok := out["selected_date_time"].(string); ok {
			n, _ := strconv.ParseInt(v, 10, 64)
			out["selected_date_time"] = n
		}
	case "static_select", "external_select", "overflow", "radio_buttons":
		out["selected_option"] = nil
		if given == nil && e["initial_option"] != nil {
			out["selected_option"] = e["initial_option"]
		} else if len(given) > 0 {
			out["selected_option"] = option(e, given[0])
		}
	case "checkboxes", "multi_static_select", "multi_external_select":
		out["selected_options"] = options()
	case "users_select":
		one("selected_user", "initial_user")
	case "conversations_select":
		one("selected_conversation", "initial_conversation")
	case "channels_select":
		one("selected_channel", "initial_channel")
	case "multi_users_select":
		many("selected_users", "initial_users")
	case "multi_conversations_select":
		many("selected_conversations", "initial_conversations")
	case "multi_channels_select":
		many("selected_channels", "initial_channels")
	case "file_input":
		out["files"] = []any{}
	}
	return out
}

// stateful says whether an element has a value that state.values reports.
func stateful(kind string) bool {
	switch kind {
	case "button", "overflow", "feedback_buttons", "icon_button", "workflow_button":
		return false
	}
	return true
}

// inputState returns state.values: block id → action id → what stands there. given overrides initial values; its keys are
// "block_id/action_id" or the action id alone.
func inputState(blocks []map[string]any, given map[string][]string) map[string]map[string]obj {
	values := map[string]map[string]obj{}
	eachElement(blocks, func(block string, e map[string]any) bool {
		if !stateful(str(e["type"])) {
			return true
		}
		action := str(e["action_id"])
		v, ok := given[block+"/"+action]
		if !ok {
			v = given[action]
		}
		if values[block] == nil {
			values[block] = map[string]obj{}
		}
		values[block][action] = chosen(e, v)
		return true
	})
	return values
}

// empty says whether chosen found nothing.
func (s *Server) emptyValue(v obj) bool {
	for k, x := range v {
		if k == "type" {
			continue
		}
		switch t := x.(type) {
		case nil:
		case string:
			if t != "" {
				return false
			}
		case []any:
			if len(t) > 0 {
				return false
			}
		case []string:
			if len(t) > 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// incomplete returns, by block id, what Slack's client itself complains of before it sends a view's submission.
func (s *Server) incomplete(blocks []map[string]any, values map[string]map[string]obj) map[string]string {
	out := map[string]string{}
	for _, b := range blocks {
		e, ok := b["element"].(map[string]any)
		if b["type"] != "input" || !ok {
			continue
		}
		id := str(b["block_id"])
		v := values[id][str(e["action_id"])]
		if s.emptyValue(v) {
			if b["optional"] != true {
				out[id] = "Please complete this required field."
			}
			continue
		}
		if problem := outOfBounds(e, str(v["value"])); problem != "" {
			out[id] = problem
		}
	}
	return out
}

// outOfBounds checks a text or number against its element's own limits.
func outOfBounds(e map[string]any, value string) string {
	switch str(e["type"]) {
	case "plain_text_input":
		n := float64(len([]rune(value)))
		if lo, ok := e["min_length"].(float64); ok && n < lo {
			return fmt.Sprintf("Must be at least %v characters.", lo)
		}
		if hi, ok := e["max_length"].(float64); ok && n > hi {
			return fmt.Sprintf("Must be at most %v characters.", hi)
		}
	case "number_input":
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return "Must be a number."
		}
		if e["is_decimal_allowed"] != true && n != float64(int64(n)) {
			return "Must be a whole number."
		}
		if lo, err := strconv.ParseFloat(str(e["min_value"]), 64); err == nil && n < lo {
			return fmt.Sprintf("Must be at least %v.", lo)
		}
		if hi, err := strconv.ParseFloat(str(e["max_value"]), 64); err == nil && n > hi {
			return fmt.Sprintf("Must be at most %v.", hi)
		}
	}
	return ""
}
