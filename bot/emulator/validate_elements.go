package emulator

import (
	"slices"
)

// What each block may hold.
//
// Source: https://docs.slack.dev/reference/block-kit/block-elements, "Works with blocks" of each page.
var (
	menus = []string{
		"static_select", "external_select", "users_select", "conversations_select", "channels_select",
		"multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select", "multi_channels_select",
	}
	pickers         = []string{"checkboxes", "radio_buttons", "datepicker", "timepicker"}
	sectionElements = slices.Concat(menus, pickers, []string{"button", "image", "overflow", "workflow_button"})
	actionElements  = slices.Concat(menus, pickers, []string{"button", "overflow", "datetimepicker", "workflow_button"})
	inputElements   = slices.Concat(menus, pickers, []string{
		"datetimepicker", "plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", "file_input",
	})
)

// textObject is plain_text or mrkdwn of 1 to hi characters.
func textObject(hi int) rule { return textOf(hi, "plain_text", "mrkdwn") }

// plainText_ is plain_text of 1 to hi characters.
func plainText_(hi int) rule { return textOf(hi, "plain_text") }

func textOf(hi int, kinds ...string) rule {
	return func(k *checker, at string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			k.complain(at, "must be an object")
			return
		}
		s := shape{"type": must(oneOf(kinds...)), "text": must(text(1, hi))}
		if m["type"] == "plain_text" {
			s["emoji"] = may(boolean)
		} else {
			s["verbatim"] = may(boolean)
		}
		k.fields(at, m, s)
	}
}

var (
	confirm = object(shape{
		"title": must(plainText_(100)), "text": must(textObject(300)), "confirm": must(plainText_(30)), "deny": may(plainText_(30)),
		"style": may(oneOf("primary", "danger")),
	})
	slackFile = object(shape{"id": may(text(1, 255)), "url": may(webAddress(3000))})
	dispatch  = object(shape{"trigger_actions_on": must(array(1, 2, oneOf("on_enter_pressed", "on_character_entered")))})
	filter    = object(shape{
		"include": may(array(1, 4, oneOf("im", "mpim", "private", "public"))), "exclude_external_shared_channels": may(boolean), "exclude_bot_users": may(boolean),
	})
	users = array(1, 100, text(1, 255))
)

// optionOf is an option of a menu; labels longer than hi are refused.
func optionOf(label rule) rule {
	return object(shape{"text": must(label), "value": must(text(1, 150)), "description": may(textObject(75)), "url": may(webAddress(3000))})
}

var (
	menuOption  = optionOf(plainText_(75))
	checkOption = optionOf(textObject(75))
	groups      = array(1, 100, object(shape{"label": must(plainText_(75)), "options": must(array(1, 100, menuOption))}))
)

func imageElement(k *checker, at string, v any) {
	object(shape{"type": must(isType("image")), "image_url": may(webAddress(3000)), "alt_text": must(text(1, 2000)), "slack_file": may(slackFile)})(k, at, v)
	if m, ok := v.(map[string]any); ok {
		oneImageSource(k, at, m)
	}
}

func contextElement(k *checker, at string, v any) {
	if m, ok := v.(map[string]any); ok && m["type"] == "image" {
		imageElement(k, at, v)
		return
	}
	textObject(3000)(k, at, v)
}

var placeholder = may(plainText_(150))

// elementShapes are Block Kit's interactive elements, without type, action_id, confirm and focus_on_load.
var elementShapes = map[string]shape{
	"button": {
		"text": must(plainText_(75)), "url": may(webAddress(3000)), "value": may(text(1, 2000)), "style": may(oneOf("primary", "danger")),
		"accessibility_label": may(text(1, 75)), "agent_prompt": may(text(1, 2000)), "agent_prompt_display": may(text(1, 2000)),
		"visible_to_user_ids": may(users),
	},
	"icon_button": {
		"icon": must(text(1, 255)), "text": must(plainText_(75)), "value": may(text(1, 2000)), "accessibility_label": may(text(1, 75)),
		"visible_to_user_ids": may(users),
	},
	"feedback_buttons": {"positive_button": must(feedback), "negative_button": must(feedback)},
	"workflow_button": {
		"text": must(plainText_(75)), "workflow": must(anything), "style": may(oneOf("primary", "danger")), "accessibility_label": may(text(1, 75)),
	},
	"overflow":       {"options": must(array(1, 5, menuOption))},
	"datepicker":     {"placeholder": placeholder, "initial_date": may(text(10, 10))},
	"timepicker":     {"placeholder": placeholder, "initial_time": may(text(5, 5)), "timezone": may(text(1, 255))},
	"datetimepicker": {"initial_date_time": may(integer(1e9, 1e10-1))},
	"checkboxes": {
		"options": must(array(1, 10, checkOption)), "initial_options": may(array(1, 10, checkOption)), "visible_to_user_ids": may(users),
	},
	"radio_buttons": {"options": must(array(1, 10, checkOption)), "initial_option": may(checkOption)},
	"plain_text_input": {
		"placeholder": placeholder, "initial_value": may(text(0, 3000)), "multiline": may(boolean), "min_length": may(integer(0, 3000)),
		"max_length": may(integer(1, 3000)), "dispatch_action_config": may(dispatch),
	},
	"rich_text_input": {
		"placeholder": placeholder, "initial_value": may(nestedBlock("rich_text")), "dispatch_action_config": may(dispatch),
		"min_lines": may(integer(1, 100)), "max_lines": may(integer(1, 100)),
	},
	"email_text_input": {"placeholder": placeholder, "initial_value": may(text(0, 3000)), "dispatch_action_config": may(dispatch)},
	"url_text_input":   {"placeholder": placeholder, "initial_value": may(text(0, 3000)), "dispatch_action_config": may(dispatch)},
	"number_input": {
		"placeholder": placeholder, "is_decimal_allowed": must(boolean), "initial_value": may(text(0, 100)), "min_value": may(text(0, 100)),
		"max_value": may(text(0, 100)), "dispatch_action_config": may(dispatch),
	},
	"file_input":           {"filetypes": may(array(1, 100, text(1, 20))), "max_files": may(integer(1, 10))},
	"static_select":        {"placeholder": placeholder, "options": may(array(1, 100, menuOption)), "option_groups": may(groups), "initial_option": may(menuOption)},
	"external_select":      {"placeholder": placeholder, "initial_option": may(menuOption), "min_query_length": may(integer(0, 100))},
	"users_select":         {"placeholder": placeholder, "initial_user": may(text(1, 255))},
	"conversations_select": conversationMenu.with(shape{"initial_conversation": may(text(1, 255)), "response_url_enabled": may(boolean)}),
	"channels_select":      {"placeholder": placeholder, "initial_channel": may(text(1, 255)), "response_url_enabled": may(boolean)},
	"multi_static_select": multi.with(shape{
		"options": may(array(1, 100, menuOption)), "option_groups": may(groups), "initial_options": may(array(1, 100, menuOption)),
	}),
	"multi_external_select":      multi.with(shape{"initial_options": may(array(1, 100, menuOption)), "min_query_length": may(integer(0, 100))}),
	"multi_users_select":         multi.with(shape{"initial_users": may(users)}),
	"multi_conversations_select": multi.with(conversationMenu).with(shape{"initial_conversations": may(users)}),
	"multi_channels_select":      multi.with(shape{"initial_channels": may(users)}),
}

var (
	multi            = shape{"placeholder": placeholder, "max_selected_items": may(integer(1, 100))}
	conversationMenu = shape{"placeholder": placeholder, "default_to_current_conversation": may(boolean), "filter": may(filter)}
	feedback         = object(shape{"text": must(plainText_(75)), "value": must(text(1, 2000)), "accessibility_label": may(text(1, 75))})
)

// element checks an interactive element of one of the given types.
func element(kinds ...string) rule {
	return func(k *checker, at string, v any) {
		m, ok := v.(map[string]any)
		if !ok {
			k.complain(at, "must be an object")
			return
		}
		kind := str(m["type"])
		if !slices.Contains(kinds, kind) {
			k.complain(at+"/type", "unsupported type: %v", m["type"])
			return
		}
		if kind == "image" {
			imageElement(k, at, v)
			return
		}
		k.fields(at, m, elementShapes[kind].with(shape{
			"type": must(anything), "action_id": may(text(1, 255)), "confirm": may(confirm), "focus_on_load": may(boolean),
		}))
		if id := str(m["action_id"]); id != "" {
			if k.actions[id] {
				k.complain(at+"/action_id", "action_id already exists: %s", id)
			}
			k.actions[id] = true
		}
		if m["focus_on_load"] == true {
			k.focusOnLoad++
		}
		k.menu(at, kind, m)
	}
}

// menu checks what the shape of a menu can't: its options' number and values, and its initial choice.
func (k *checker) menu(at, kind string, m map[string]any) {
	switch kind {
	case "static_select", "multi_static_select":
		if (m["options"] == nil) == (m["option_groups"] == nil) {
			k.complain(at, "must provide exactly one of options, option_groups")
		}
	case "checkboxes", "radio_buttons", "overflow":
	default:
		return
	}
	seen := map[string]bool{}
	for _, o := range list(m["options"]) {
		if opt, ok := o.(map[string]any); ok {
			if seen[str(opt["value"])] {
				k.complain(at+"/options", "option values must be unique")
				break
			}
			seen[str(opt["value"])] = true
		}
	}
	initial := list(m["initial_options"])
	if m["initial_option"] != nil {
		initial = append(initial, m["initial_option"])
	}
	for _, o := range initial {
		if opt, ok := o.(map[string]any); ok && option(m, str(opt["value"])) == nil {
			k.complain(at, "initial option must match one of the options: %v", opt["value"])
		}
	}
}

var richSectionShape = shape{"elements": must(array(0, 1000, richInline))}

// richElements are the parts of a rich_text block.
var richElements = map[string]shape{
	"rich_text_section":      richSectionShape,
	"rich_text_preformatted": {"elements": must(array(0, 1000, richInline)), "border": may(integer(0, 1)), "language": may(text(0, 50))},
	"rich_text_quote":        {"elements": must(array(0, 1000, richInline)), "border": may(integer(0, 1))},
	"rich_text_list": {
		"elements": must(array(0, 1000, richSection)), "style": must(oneOf("bullet", "ordered")), "indent": may(integer(0, 8)),
		"offset": may(integer(0, 1e6)), "border": may(integer(0, 1)),
	},
}

func richElement(k *checker, at string, v any) { typed(k, at, v, richElements) }

func richSection(k *checker, at string, v any) {
	typed(k, at, v, map[string]shape{"rich_text_section": richSectionShape})
}

var richStyle = may(object(shape{
	"bold": may(boolean), "italic": may(boolean), "strike": may(boolean), "code": may(boolean), "underline": may(boolean), "highlight": may(boolean),
	"client_highlight": may(boolean), "unlink": may(boolean),
}))

// richInlines are the parts of a line of rich text.
var richInlines = map[string]shape{
	"text":      {"text": must(text(1, maxPostText)), "style": richStyle},
	"link":      {"url": must(webAddress(3000)), "text": may(text(0, 3000)), "unsafe": may(boolean), "style": richStyle},
	"user":      {"user_id": must(text(1, 255)), "style": richStyle},
	"usergroup": {"usergroup_id": must(text(1, 255)), "style": richStyle},
	"channel":   {"channel_id": must(text(1, 255)), "style": richStyle},
	"team":      {"team_id": must(text(1, 255)), "style": richStyle},
	"emoji":     {"name": must(text(1, 255)), "unicode": may(text(0, 255)), "skin_tone": may(integer(1, 6)), "style": richStyle, "url": may(text(0, 3000))},
	"broadcast": {"range": must(oneOf("here", "channel", "everyone")), "style": richStyle},
	"color":     {"value": must(text(1, 50)), "style": richStyle},
	"tag":       {"text": must(text(1, 255)), "color": may(text(1, 50)), "style": richStyle},
	"date": {
		"timestamp": must(integer(0, 1e11)), "format": must(text(1, 255)), "timezone": may(text(1, 255)), "url": may(webAddress(3000)),
		"fallback": may(text(0, 255)), "style": richStyle,
	},
}

func richInline(k *checker, at string, v any) { typed(k, at, v, richInlines) }

// typed checks an object whose shape hangs on its type.
func typed(k *checker, at string, v any, shapes map[string]shape) {
	m, ok := v.(map[string]any)
	if !ok {
		k.complain(at, "must be an object")
		return
	}
	s, known := shapes[str(m["type"])]
	if !known {
		k.complain(at+"/type", "unsupported type: %v", m["type"])
		return
	}
	k.fields(at, m, s.with(shape{"type": must(anything)}))
}
