package knowledge

import "strings"

// thoughts takes out what a thinking model writes between <think> and </think>, also where a tag comes in pieces.
type thoughts struct {
	inside bool
	held   string // may be the beginning of a tag
}

func (t *thoughts) strip(text string) string {
	text = t.held + text
	t.held = ""
	var out strings.Builder
	for text != "" {
		tag := "<think>"
		if t.inside {
			tag = "</think>"
		}
		if i := strings.Index(text, tag); i >= 0 {
			if !t.inside {
				out.WriteString(text[:i])
			}
			text, t.inside = text[i+len(tag):], !t.inside
			continue
		}
		keep := partial(text, tag)
		if !t.inside {
			out.WriteString(text[:len(text)-keep])
		}
		t.held = text[len(text)-keep:]
		break
	}
	return out.String()
}

// rest returns what was held back as a possible tag and was none.
func (t *thoughts) rest() string {
	s := t.held
	t.held = ""
	if t.inside {
		return ""
	}
	return s
}

// partial returns how many bytes at the end of text are the beginning of tag.
func partial(text, tag string) int {
	for n := min(len(text), len(tag)-1); n > 0; n-- {
		if strings.HasSuffix(text, tag[:n]) {
			return n
		}
	}
	return 0
}
