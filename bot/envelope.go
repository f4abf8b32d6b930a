package bot

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

// task is what a job is to do.
type task string

const (
	taskCommand task = "command"        // a slash command with text
	taskMessage task = "message"        // a mention, a thread reply, a direct message
	taskEdited  task = "edited"         // a question was edited
	taskDeleted task = "deleted"        // a question was deleted
	taskAction  task = "action"         // a button that posts
	taskSubmit  task = "submit"         // the Adjust form
	taskWelcome task = "assistant_open" // the assistant pane was opened
)

// envelope is one Slack delivery in the bot's own words, and the argument of its job. Key makes the job unique: however
// often Slack delivers, there is one job.
type envelope struct {
	Key  string `json:"key" river:"unique"`
	Task task   `json:"task"`

	Team        string    `json:"team,omitempty"`
	Channel     string    `json:"channel,omitempty"`
	ChannelType string    `json:"channel_type,omitempty"` // "im", "channel", "group", "mpim"
	User        string    `json:"user,omitempty"`
	Text        string    `json:"text,omitempty"`
	TS          string    `json:"ts,omitempty"`        // of the message that this is about
	ThreadTS    string    `json:"thread_ts,omitempty"` // of its thread; "" at top level
	Mention     bool      `json:"mention,omitempty"`
	Files       []string  `json:"files,omitempty"` // ids of what was shared with the message
	ResponseURL string    `json:"response_url,omitempty"`
	Action      string    `json:"action,omitempty"`
	Value       string    `json:"value,omitempty"`
	Ephemeral   bool      `json:"ephemeral,omitempty"` // the message that was acted on
	Received    time.Time `json:"received"`

	Form map[string][]string `json:"form,omitempty"` // what a form holds, by input
	Meta formMeta            `json:"meta"`           // where a form was opened

	trigger string // of this moment only: never stored
}

// Kind names the job in River's tables.
func (envelope) Kind() string { return "slack_envelope" }

// InsertOpts makes the job unique by its key for as long as River keeps it.
func (envelope) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// slashPayload is the payload of a slash_commands envelope.
type slashPayload struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
	UserID      string `json:"user_id"`
	ChannelID   string `json:"channel_id"`
	ChannelName string `json:"channel_name"`
	TeamID      string `json:"team_id"`
}

// eventPayload is the payload of an events_api envelope, as far as the bot reads it.
type eventPayload struct {
	EventID  string     `json:"event_id"`
	TeamID   string     `json:"team_id"`
	APIAppID string     `json:"api_app_id"`
	Event    slackEvent `json:"event"`
}

type slackEvent struct {
	Type        string `json:"type"`
	Subtype     string `json:"subtype"`
	User        string `json:"user"`
	BotID       string `json:"bot_id"`
	AppID       string `json:"app_id"`
	Text        string `json:"text"`
	TS          string `json:"ts"`
	ThreadTS    string `json:"thread_ts"`
	Channel     string `json:"channel"`
	ChannelType string `json:"channel_type"`
	DeletedTS   string `json:"deleted_ts"`
	Tab         string `json:"tab"`
	Team        string `json:"team"`
	Files       []struct {
		ID string `json:"id"`
	} `json:"files"`

	Message         *slackEvent `json:"message"`
	PreviousMessage *slackEvent `json:"previous_message"`
	AssistantThread *struct {
		UserID    string `json:"user_id"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"assistant_thread"`
}

// actionPayload is the payload of an interactive envelope, as far as the bot reads it.
type actionPayload struct {
	Type        string `json:"type"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Team        struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS       string `json:"ts"`
		ThreadTS string `json:"thread_ts"`
	} `json:"message"`
	Actions []struct {
		ActionID       string     `json:"action_id"`
		Value          string     `json:"value"`
		SelectedOption formOption `json:"selected_option"`
	} `json:"actions"`
	View struct {
		CallbackID      string `json:"callback_id"`
		PrivateMetadata string `json:"private_metadata"`
		State           struct {
			Values map[string]map[string]formValue `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

type formValue struct {
	Value          *string      `json:"value"`
	SelectedOption *formOption  `json:"selected_option"`
	SelectedMany   []formOption `json:"selected_options"`
}

type formOption struct {
	Value string `json:"value"`
}

// formMeta travels with a form through Slack: where its answer belongs.
type formMeta struct {
	Card        string `json:"card,omitempty"`
	Channel     string `json:"channel,omitempty"`
	ThreadTS    string `json:"thread_ts,omitempty"`
	MessageTS   string `json:"message_ts,omitempty"` // the message to update; "" posts a new one
	ResponseURL string `json:"response_url,omitempty"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
}

func (m formMeta) String() string {
	b, _ := json.Marshal(m) // strings and a bool always encode
	return string(b)
}

// identity is who the bot is in this workspace.
type identity struct{ user, bot, team, name string }

// fromCommand turns a slash command into a job. The key is the envelope's id: a repeated delivery carries the same one,
// while two equal commands of one user are two wishes.
func fromCommand(envelopeID string, p slashPayload, now time.Time) envelope {
	return envelope{
		Key: "command:" + envelopeID, Task: taskCommand, Team: p.TeamID, Channel: p.ChannelID, User: p.UserID,
		Text: strings.TrimSpace(p.Text), ResponseURL: p.ResponseURL, Received: now, trigger: p.TriggerID,
		ChannelType: commandChannelType(p.ChannelName),
	}
}

func commandChannelType(name string) string {
	if name == "directmessage" {
		return "im"
	}
	return ""
}

// fromEvent turns an event into a job, or reports that the bot has nothing to do with it. A message has one key whatever
// the event it comes in: app_mention and message.channels tell of the same message with different event ids.
func fromEvent(p eventPayload, me identity, now time.Time) (envelope, bool) {
	e := p.Event
	out := envelope{Team: p.TeamID, Channel: e.Channel, ChannelType: e.ChannelType, Received: now}
	switch {
	case e.Type == "assistant_thread_started" && e.AssistantThread != nil:
		out.Key, out.Task = "event:"+p.EventID, taskWelcome
		out.Channel, out.ThreadTS, out.User = e.AssistantThread.ChannelID, e.AssistantThread.ThreadTS, e.AssistantThread.UserID
		return out, p.EventID != ""
	case e.Type != "message" && e.Type != "app_mention":
		return out, false
	case e.Subtype == "message_changed":
		return fromEdit(p, out, me)
	case e.Subtype == "message_deleted":
		return fromDelete(p, out, me)
	case !wanted(e, p.APIAppID, me) || (e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast"):
		return out, false
	}
	out.Key, out.Task = "message:"+e.Channel+":"+e.TS, taskMessage
	out.User, out.Text, out.TS, out.ThreadTS = e.User, e.Text, e.TS, threadOf(e)
	out.Mention = e.Type == "app_mention" || mentions(e.Text, me.user)
	for _, f := range e.Files {
		out.Files = append(out.Files, f.ID)
	}
	// At top level of a channel only a mention is for us; in a thread the worker looks whether the thread is ours.
	return out, out.Mention || out.ThreadTS != "" || e.ChannelType == "im"
}

// wanted drops what bots say, the bot itself included, and what nobody said.
func wanted(e slackEvent, app string, me identity) bool {
	return e.BotID == "" && e.Subtype != "bot_message" && e.User != "" && e.User != me.user && e.User != "USLACKBOT" &&
		(e.AppID == "" || e.AppID != app) && e.TS != "" && e.Channel != ""
}

// fromEdit is about questions only: a person's message whose text changed. Slack also sends message_changed for
// unfurls and for the bot's own updates.
func fromEdit(p eventPayload, out envelope, me identity) (envelope, bool) {
	m, old := p.Event.Message, p.Event.PreviousMessage
	if m == nil || !wanted(withChannel(*m, p.Event.Channel), p.APIAppID, me) || (old != nil && old.Text == m.Text) {
		return out, false
	}
	out.Key, out.Task = "event:"+p.EventID, taskEdited
	out.User, out.Text, out.TS, out.ThreadTS = m.User, m.Text, m.TS, threadOf(*m)
	out.Mention = mentions(m.Text, me.user)
	return out, p.EventID != ""
}

func fromDelete(p eventPayload, out envelope, me identity) (envelope, bool) {
	old := p.Event.PreviousMessage
	if p.Event.DeletedTS == "" || (old != nil && (old.BotID != "" || old.User == me.user)) {
		return out, false
	}
	out.Key, out.Task, out.TS = "event:"+p.EventID, taskDeleted, p.Event.DeletedTS
	if old != nil && old.ThreadTS != out.TS {
		out.ThreadTS = old.ThreadTS
	}
	return out, p.EventID != ""
}

func withChannel(e slackEvent, channel string) slackEvent {
	e.Channel = channel
	return e
}

// threadOf is the thread that a message is a reply in; "" for a message that is not a reply.
func threadOf(e slackEvent) string {
	if e.ThreadTS == e.TS {
		return ""
	}
	return e.ThreadTS
}

func mentions(text, user string) bool {
	return user != "" && (strings.Contains(text, "<@"+user+">") || strings.Contains(text, "<@"+user+"|"))
}

// fromAction turns a click or a submitted form into a job.
func fromAction(envelopeID string, p actionPayload, now time.Time) envelope {
	out := envelope{
		Key: "action:" + envelopeID, Task: taskAction, Team: p.Team.ID, User: p.User.ID, Received: now,
		Channel: p.Channel.ID, TS: p.Container.MessageTS, ThreadTS: p.Container.ThreadTS, Ephemeral: p.Container.IsEphemeral,
		ResponseURL: p.ResponseURL, trigger: p.TriggerID,
	}
	setString(&out.Channel, p.Container.ChannelID)
	setString(&out.TS, p.Message.TS)
	setString(&out.ThreadTS, p.Message.ThreadTS)
	if len(p.Actions) > 0 {
		out.Action, out.Value = p.Actions[0].ActionID, p.Actions[0].Value
		setString(&out.Value, p.Actions[0].SelectedOption.Value)
	}
	if p.Type == "view_submission" {
		out.Task, out.Action = taskSubmit, p.View.CallbackID
		_ = json.Unmarshal([]byte(p.View.PrivateMetadata), &out.Meta) // a form without it still makes an answer
		out.Channel, out.ThreadTS, out.ResponseURL = out.Meta.Channel, out.Meta.ThreadTS, out.Meta.ResponseURL
		out.TS, out.Ephemeral = out.Meta.MessageTS, out.Meta.Ephemeral
		out.Form = formOf(p.View.State.Values)
	}
	return out
}

// formOf flattens a form's state: input id to what it holds. An input that was left empty is present with no value.
func formOf(values map[string]map[string]formValue) map[string][]string {
	out := map[string][]string{}
	for id, byAction := range values {
		for _, v := range byAction {
			out[id] = []string{}
			switch {
			case v.Value != nil && strings.TrimSpace(*v.Value) != "":
				out[id] = []string{strings.TrimSpace(*v.Value)}
			case v.SelectedOption != nil:
				out[id] = []string{v.SelectedOption.Value}
			}
			for _, o := range v.SelectedMany {
				out[id] = append(out[id], o.Value)
			}
		}
	}
	return out
}
