package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
)

const maxFile = 64 << 20 // bytes that the emulator takes; Slack takes more

func (s *Server) filesGetUploadURL(c *call) (obj, *apiError) {
	name, length := c.arg("filename"), c.intArg("length", 0)
	if name == "" {
		return nil, invalidArguments("missing required field: filename")
	}
	if length <= 0 {
		return nil, invalidArguments("must be more than 0 [json-pointer:/length]")
	}
	f := &file{ID: newID("F"), Name: name, Title: name, Size: length, AltText: c.arg("alt_txt"), Created: s.clock.Now(), User: s.app.BotUserID}
	f.Mime = mime.TypeByExtension(path.Ext(name))
	if f.Mime == "" {
		f.Mime = "application/octet-stream"
	}
	s.files[f.ID] = f
	return obj{"upload_url": c.base + "upload/" + f.ID, "file_id": f.ID}, nil
}

// serveUpload takes the bytes of a file: raw, or the first file of a multipart form.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxFile)
	var data []byte
	var err error
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		data, err = multipartFile(r)
	} else {
		data, err = io.ReadAll(r.Body)
	}
	if err != nil {
		http.Error(w, "the upload did not arrive whole", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.files[r.PathValue("id")]
	if f == nil || f.Done {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	f.Data, f.Size = data, len(data)
	_, _ = fmt.Fprintf(w, "OK - %d", len(data))
}

func multipartFile(r *http.Request) ([]byte, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		p, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if p.FileName() != "" {
			return io.ReadAll(p)
		}
	}
}

func (s *Server) filesComplete(c *call) (obj, *apiError) {
	var in []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.arg("files")), &in) != nil || len(in) == 0 {
		return nil, invalidArguments("missing required field: files")
	}
	var ids []string
	for _, one := range in {
		f := s.files[one.ID]
		if f == nil || f.Data == nil || f.Done {
			return nil, fail("file_not_found")
		}
		if one.Title != "" {
			f.Title = one.Title
		}
		ids = append(ids, f.ID)
	}
	channels := strings.FieldsFunc(c.arg("channels")+","+c.arg("channel_id"), func(r rune) bool { return r == ',' })
	var targets []*channelState
	for _, id := range channels {
		ch, e := s.target(id)
		if e == nil {
			e = s.mayPost(ch)
		}
		if e != nil {
			return nil, e
		}
		targets = append(targets, ch)
	}
	for _, ch := range targets {
		m := s.fromApp()
		m.Text, m.Files, m.ThreadTS = c.arg("initial_comment"), slices.Clone(ids), threadOf(ch, c.arg("thread_ts"))
		s.add(ch, m)
		s.messageEvent(ch, m)
	}
	out := []obj{}
	for _, id := range ids {
		f := s.files[id]
		f.Done, f.Channels = true, channels
		out = append(out, s.fileJSON(f, c.base))
	}
	return obj{"files": out}, nil
}

func (s *Server) fileJSON(f *file, base string) obj {
	if base == "" {
		base = s.URL()
	}
	address := base + "files/" + f.ID + "/" + url.PathEscape(f.Name)
	out := obj{
		"id": f.ID, "created": f.Created.Unix(), "timestamp": f.Created.Unix(), "name": f.Name, "title": f.Title, "mimetype": f.Mime,
		"filetype": strings.TrimPrefix(path.Ext(f.Name), "."), "size": f.Size, "user": f.User, "mode": "hosted", "is_external": false,
		"is_public": false, "url_private": address, "url_private_download": address, "permalink": s.URL() + "page/file/" + f.ID,
		"file_access": "visible", "alt_txt": f.AltText,
	}
	places := map[string][]string{"channels": {}, "groups": {}, "ims": {}}
	for _, id := range f.Channels {
		c := s.channels[id]
		if c == nil {
			continue
		}
		kind := map[string]string{"channel": "channels", "group": "groups", "mpim": "groups", "im": "ims"}[c.Kind]
		places[kind] = append(places[kind], id)
		if c.Kind == "channel" {
			out["is_public"] = true
		}
	}
	for kind, ids := range places {
		out[kind] = ids
	}
	return out
}

// filesInfo tells of a file that the app can see: its own, or one in a conversation that it is in.
func (s *Server) filesInfo(c *call) (obj, *apiError) {
	f := s.files[c.arg("file")]
	if f == nil || !s.botSeesFile(f) {
		return nil, fail("file_not_found")
	}
	return obj{"file": s.fileJSON(f, c.base), "comments": []any{}}, nil
}

func (s *Server) filesDelete(c *call) (obj, *apiError) {
	if s.files[c.arg("file")] == nil {
		return nil, fail("file_not_found")
	}
	delete(s.files, c.arg("file"))
	return nil, nil
}

func (s *Server) botSeesFile(f *file) bool {
	return f.User == s.app.BotUserID || slices.ContainsFunc(f.Channels, func(id string) bool {
		c := s.channels[id]
		return c != nil && s.botSees(c)
	})
}

// serveFile gives a file's bytes to the bot's token where it has files:read and can see the file. Everybody else, and a
// token without that, is sent to the sign-in page as Slack does: a page of HTML in place of the file.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	s.mu.Lock()
	f := s.files[id]
	fault := s.takeFault("files")
	may := f != nil && s.botSeesFile(f) && r.Header.Get("Authorization") == "Bearer "+s.app.BotToken &&
		(s.app.Scopes == nil || slices.Contains(s.app.Scopes, "files:read"))
	s.mu.Unlock()
	if fault != nil && !s.suffer(w, r, fault, func() {}) {
		return
	}
	if !may {
		http.Redirect(w, r, "/signin?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
		return
	}
	s.sendFile(w, id)
}

func (s *Server) serveSignIn(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte("<!doctype html><title>Sign in</title><p>Sign in to this workspace to see the file.</p>"))
}

func (s *Server) sendFile(w http.ResponseWriter, id string) {
	s.mu.Lock()
	f := s.files[id]
	s.mu.Unlock()
	if f == nil {
		http.Error(w, "no such file", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.Mime)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	if !strings.HasPrefix(f.Mime, "image/") {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	}
	_, _ = w.Write(f.Data)
}
