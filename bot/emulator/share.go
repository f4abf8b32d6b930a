package emulator

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
)

// maxShared is how many files one message takes.
//
// Source: https://slack.com/help/articles/201330736, "Add files to Slack": up to 10 at a time.
const maxShared = 10

// SharedFile is a file that a person adds to a message.
type SharedFile struct {
	Name string
	Data []byte
}

// What cannot be shared.
var (
	ErrNoFile       = errors.New("emulator: no file")
	ErrTooManyFiles = errors.New("a message takes 10 files at most")
)

// UploadFile puts a user's file into a channel: see [Server.ShareFiles].
func (s *Server) UploadFile(channel, user, threadTS, name, text string, data []byte) (Posted, error) {
	return s.ShareFiles(channel, user, threadTS, text, SharedFile{name, data})
}

// ShareFiles sends a user's message with files, in Slack's wire format. The app is told by a message event of subtype
// file_share and, where the text mentions the bot outside a direct message, by app_mention, which carries the files too.
// (Observed; bolt-python#925 tells of uploads whose app_mention never came, so an app must not wait for it.)
func (s *Server) ShareFiles(channel, user, threadTS, text string, files ...SharedFile) (Posted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	switch {
	case c == nil:
		return Posted{}, ErrNoChannel
	case len(files) == 0:
		return Posted{}, ErrNoFile
	case len(files) > maxShared:
		return Posted{}, ErrTooManyFiles
	case threadTS != "" && c.find(threadTS) == nil:
		return Posted{}, ErrNoMessage
	}
	m := &Message{User: user, Text: text, ThreadTS: threadTS, Subtype: "file_share"}
	if text != "" {
		m.Blocks = mustJSON([]any{richText(text)})
	}
	for _, in := range files {
		m.Files = append(m.Files, s.newFile(in, user, channel).ID)
	}
	s.add(c, m)
	out := Posted{TS: m.TS}
	if s.botSees(c) && c.Kind != "im" && strings.Contains(text, "<@"+s.app.BotUserID) {
		ev := s.messageJSON(m)
		delete(ev, "subtype")
		ev["type"], ev["channel"], ev["event_ts"] = "app_mention", c.ID, m.TS
		out.add(s.event("app_mention", ev))
	}
	out.add(s.messageEvent(c, m))
	return out, nil
}

// newFile stores a file. The caller holds s.mu.
func (s *Server) newFile(in SharedFile, user, channel string) *file {
	f := &file{ID: newID("F"), Name: in.Name, Title: in.Name, Size: len(in.Data), Data: in.Data, Done: true, Created: s.clock.Now(), User: user, Channels: []string{channel}}
	if f.Mime = mime.TypeByExtension(path.Ext(in.Name)); f.Mime == "" {
		f.Mime = "application/octet-stream"
	}
	s.files[f.ID] = f
	return f
}

// servePageUpload takes the files that the person at the page adds to a message: a form with channel, thread, text and
// any number of files.
func (s *Server) servePageUpload(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	say := func(v obj) { _, _ = w.Write(mustJSON(v)) }
	r.Body = http.MaxBytesReader(w, r.Body, maxFile)
	fields, files, err := readUpload(r)
	if err != nil {
		say(obj{"error": "The files did not arrive whole; 64 MiB together is the most."})
		return
	}
	s.mu.Lock()
	viewer := s.viewer
	s.mu.Unlock()
	p, err := s.ShareFiles(fields["channel"], viewer, fields["thread"], s.WireText(fields["text"]), files...)
	if err != nil {
		say(obj{"error": err.Error()})
		return
	}
	say(obj{"ts": p.TS})
}

func readUpload(r *http.Request) (map[string]string, []SharedFile, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, err
	}
	fields, files := map[string]string{}, []SharedFile(nil)
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, files, nil
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return nil, nil, err
		}
		if p.FileName() == "" {
			fields[p.FormName()] = string(data)
			continue
		}
		files = append(files, SharedFile{p.FileName(), data})
	}
}
