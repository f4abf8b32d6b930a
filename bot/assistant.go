package bot

import (
	"context"
	"errors"

	"github.com/slack-go/slack"
)

// onWelcome offers questions worth asking in the assistant pane.
func (b *Bot) onWelcome(ctx context.Context, env envelope) error {
	params := slack.AssistantThreadsSetSuggestedPromptsParameters{ChannelID: env.Channel, ThreadTS: env.ThreadTS, Title: "Ask, or describe a workload"}
	for _, p := range [][2]string{
		{"Advise on a workload", "300k queries a month, HIPAA"},
		{"API or self-hosting?", "When is self-hosting cheaper than an API?"},
		{"Regulated data", "Can we send PHI to an API?"},
		{"Time to deploy", "How long does it take to deploy an open-source LLM?"},
	} {
		params.AddPrompt(p[0], p[1])
	}
	err := b.api.SetAssistantThreadsSuggestedPromptsContext(ctx, params)
	b.count("assistant.threads.setSuggestedPrompts", err)
	var s slack.SlackErrorResponse
	if errors.As(err, &s) {
		return nil // prompts are a courtesy: a workspace without them is no failure
	}
	return err
}
