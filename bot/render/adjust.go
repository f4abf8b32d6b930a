package render

import (
	"strings"

	"github.com/slack-go/slack"
)

// Input is one field of the form that changes an advice. ID is the block id and the action id, so that a submission is
// read by it.
type Input struct {
	ID, Label, Hint string
	Value           string // prefilled; for Multi, comma-separated choices
	Placeholder     string
	Choices         []Choice // nil: free text
	Multi           bool
	Assumed         bool // not said by the user: the hint says so
	Required        bool // the form cannot be sent without it
}

// Choice is one option of an Input.
type Choice struct{ Value, Label string }

// Adjust renders the form. metadata travels through Slack unread (3,000 characters).
func Adjust(title, intro string, inputs []Input, metadata string) slack.ModalViewRequest {
	blocks := []slack.Block{}
	if intro != "" {
		blocks = append(blocks, section(Escape(intro)))
	}
	for _, in := range inputs {
		if len(blocks) == maxViewBlocks {
			break
		}
		blocks = append(blocks, inputBlock(in))
	}
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      CallbackAdjust,
		Title:           plainText(title, maxModalTitle),
		Submit:          plainText("Advise", maxModalTitle),
		Close:           plainText("Cancel", maxModalTitle),
		PrivateMetadata: metadata,
		Blocks:          slack.Blocks{BlockSet: blocks},
	}
}

func inputBlock(in Input) slack.Block {
	hint := in.Hint
	if in.Assumed {
		hint = strings.TrimSpace("Assumed so far. " + hint)
	}
	var hintObject *slack.TextBlockObject
	if hint != "" {
		hintObject = plainText(hint, maxPlaceholder)
	}
	b := slack.NewInputBlock(in.ID, plainText(in.Label, maxPlaceholder), hintObject, inputElement(in))
	b.Optional = !in.Required
	return b
}

func inputElement(in Input) slack.BlockElement {
	switch {
	case in.Choices == nil:
		e := slack.NewPlainTextInputBlockElement(nil, in.ID)
		if in.Placeholder != "" {
			e.Placeholder = plainText(in.Placeholder, maxPlaceholder)
		}
		e.InitialValue = Cut(oneLine(Plain(in.Value)), maxSection)
		return e
	case in.Multi:
		return multiElement(in)
	}
	options := choiceOptions(in.Choices)
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choose", maxPlaceholder), in.ID, options...)
	for _, o := range options {
		if o.Value == in.Value {
			e.InitialOption = o
		}
	}
	return e
}

func multiElement(in Input) slack.BlockElement {
	options := choiceOptions(in.Choices)
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("Choose", maxPlaceholder), in.ID, options...)
	for _, v := range strings.Split(in.Value, ",") {
		for _, o := range options {
			if o.Value == strings.TrimSpace(v) {
				e.InitialOptions = append(e.InitialOptions, o)
			}
		}
	}
	return e
}

func choiceOptions(cs []Choice) []*slack.OptionBlockObject {
	out := make([]*slack.OptionBlockObject, 0, len(cs))
	for _, c := range cs {
		out = append(out, slack.NewOptionBlockObject(c.Value, plainText(c.Label, maxOptionText), nil))
	}
	return out
}

// Reason is the form that asks why an answer was not useful.
func Reason(metadata string) slack.ModalViewRequest {
	e := slack.NewPlainTextInputBlockElement(plainText("Wrong figure, missing source, off the point …", maxPlaceholder), "reason")
	e.Multiline = true
	b := slack.NewInputBlock("reason", plainText("What was wrong with it?", maxPlaceholder), nil, e)
	b.Optional = true
	return slack.ModalViewRequest{
		Type:            slack.VTModal,
		CallbackID:      CallbackReason,
		Title:           plainText("Not useful", maxModalTitle),
		Submit:          plainText("Send", maxModalTitle),
		Close:           plainText("Skip", maxModalTitle),
		PrivateMetadata: metadata,
		Blocks:          slack.Blocks{BlockSet: []slack.Block{b}},
	}
}
