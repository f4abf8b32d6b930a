package pricing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// number reads a JSON value as a price. What is no number is kept as Raw, so that it can be quarantined by name.
// Strings count as numbers only where quoted allows it, as in feeds that quote all their prices.
func number(raw json.RawMessage, unit Unit, times float64, quoted bool) Price {
	text := string(bytes.TrimSpace(raw))
	if quoted && len(text) > 1 && text[0] == '"' {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			text = s
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !jsonNumber(text) {
		return Price{Unit: unit, Raw: clip(text)}
	}
	return Price{USD: tidy(v * times), Unit: unit}
}

// lenient reads a JSON value that is no price; what has another type than it should is left empty.
func lenient[T any](raw json.RawMessage) T {
	var v, none T
	if json.Unmarshal(raw, &v) != nil {
		return none
	}
	return v
}

// jsonNumber keeps out what ParseFloat takes beyond JSON: hex, underscores, NaN, Inf.
func jsonNumber(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && r != '.' && r != '-' && r != '+' && r != 'e' && r != 'E' {
			return false
		}
	}
	return s != ""
}

// clip bounds what a hostile feed can put into a message.
func clip(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}

// member is one name and value of a JSON object, in the order of the file.
type member struct {
	name  string
	value json.RawMessage
}

// members reads a JSON object without folding duplicate names, which encoding/json does in silence.
func members(data []byte) ([]member, error) {
	var out []member
	err := eachMember(data, func(m member) bool {
		out = append(out, m)
		return true
	})
	return out, err
}

// eachMember calls f for each name and value of a JSON object, until f has had enough.
func eachMember(data []byte, f func(member) bool) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t != json.Delim('{') {
		return errors.New("want a JSON object")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return err
		}
		name, ok := t.(string)
		if !ok {
			return fmt.Errorf("want a name, got %v", t)
		}
		m := member{name: name}
		if err := dec.Decode(&m.value); err != nil {
			return err
		}
		if !f(m) {
			return nil
		}
	}
	_, err = dec.Token() // the closing brace
	return err
}

// quoteNonFinite puts NaN and Infinity, which some writers of JSON emit, into quotes: the one bad price is then
// quarantined and the rest of the file can still be read. It copies data only where there is something to change.
func quoteNonFinite(data []byte) []byte {
	if !bytes.Contains(data, []byte("NaN")) && !bytes.Contains(data, []byte("Infinity")) {
		return data
	}
	var out bytes.Buffer
	inString := false
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case inString && c == '\\' && i+1 < len(data):
			out.WriteByte(c)
			i++
			c = data[i]
		case c == '"':
			inString = !inString
		case !inString:
			if w := nonFinite(data[i:]); w != "" {
				out.WriteString(`"` + w + `"`)
				i += len(w) - 1
				continue
			}
		}
		out.WriteByte(c)
	}
	return out.Bytes()
}

func nonFinite(data []byte) string {
	for _, w := range []string{"NaN", "-Infinity", "Infinity"} {
		if bytes.HasPrefix(data, []byte(w)) {
			return w
		}
	}
	return ""
}
