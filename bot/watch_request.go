package bot

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/quantity"
	"github.com/llmadvise/llmadvise/bot/digest"
)

// watchTerms are what may stand behind a watch's name: when it alerts, and from what move on. nil is "as it was".
type watchTerms struct {
	atOnce *bool
	share  *float64
	usd    *float64
}

func (t watchTerms) apply(w *digest.Watch) {
	if t.atOnce != nil {
		w.AtOnce = *t.atOnce
	}
	if t.share != nil {
		w.Threshold.Share = *t.share
	}
	if t.usd != nil {
		w.Threshold.USD = *t.usd
	}
}

var (
	watchName = regexp.MustCompile(`^[\pL\d][\pL\d _.-]{0,39}$`)
	watchAs   = regexp.MustCompile(`(?is)^(.*\S)\s+as\s+(\S.*)$`) // the last " as "
	sharePart = regexp.MustCompile(`(?i)^(?:over|above|from|>)?\s*(\d+(?:\.\d+)?)\s*(?:%|per ?cent)$`)
	moneyPart = regexp.MustCompile(`(?i)^(?:over|above|from|>)?\s*\$\s?([\d.,]+k?)(?:\s*(?:/|a|per)\s*month)?$`)
)

// readTerm reads one term into t, and reports whether it is one.
func (t *watchTerms) readTerm(s string) (ok bool, problem string) {
	s = strings.TrimSpace(s)
	yes, no := true, false
	switch strings.ToLower(s) {
	case "at once", "now", "immediately", "alert at once":
		t.atOnce = &yes
		return true, ""
	case "with the digest", "with digest", "digest":
		t.atOnce = &no
		return true, ""
	}
	if f := sharePart.FindStringSubmatch(s); f != nil {
		v, _ := strconv.ParseFloat(f[1], 64)
		share, problem := checkShare(v)
		t.share = &share
		return true, problem
	}
	if f := moneyPart.FindStringSubmatch(s); f != nil {
		v, problem := readMoney(f[1])
		t.usd = &v
		return true, problem
	}
	return false, ""
}

// checkShare takes a threshold in per cent.
func checkShare(percent float64) (share float64, problem string) {
	if percent < 0.1 || percent > 1000 {
		return 0, fmt.Sprintf("A threshold of %s %% tells nothing: choose 0.1 to 1,000 per cent, for example over 10 %%.", strconv.FormatFloat(percent, 'f', -1, 64))
	}
	return percent / 100, ""
}

func readMoney(s string) (usd float64, problem string) {
	v, err := quantity.ParseUSD(s)
	if err != nil || v < 0.01 || v > 1e9 {
		return 0, fmt.Sprintf("%q is no threshold in dollars a month: write for example over $50.", s)
	}
	return v, ""
}

// cutTerms takes the terms off the end of a text.
func cutTerms(s string) (rest string, t watchTerms, problem string) {
	s = strings.ReplaceAll(s, " and over ", ", over ")
	s = strings.ReplaceAll(s, " and $", ", $")
	for {
		head, tail := "", s
		if i := strings.LastIndexAny(s, ",;"); i >= 0 {
			head, tail = s[:i], s[i+1:]
		}
		ok, p := t.readTerm(tail)
		if p != "" {
			return s, t, p
		}
		if !ok {
			return strings.TrimSpace(s), t, ""
		}
		if s = head; s == "" {
			return "", t, ""
		}
	}
}

// readWatch reads "300k queries, HIPAA as support-bot, at once, over 10 %, over $50".
func readWatch(s string) (request, name string, t watchTerms, problem string) {
	found := watchAs.FindStringSubmatch(strings.TrimSpace(s))
	if found == nil {
		return "", "", t, "I need a name for the scenario."
	}
	name, t, problem = cutTerms(found[2])
	if problem == "" {
		name, problem = readName(name)
	}
	return found[1], name, t, problem
}

func readName(s string) (name, problem string) {
	s = strings.TrimSpace(s)
	if !watchName.MatchString(s) {
		return "", fmt.Sprintf("%q is not a name I can keep: up to 40 letters, digits, spaces, and _ . - (what follows the name may be: at once, over 10 %%, over $50).", s)
	}
	return s, ""
}

// readEdit reads "support-bot to 400k queries, HIPAA, at once" against the names that there are. A request that is left
// out stays as it was.
func readEdit(s string, have []digest.Watch) (w digest.Watch, request string, t watchTerms, problem string) {
	best := -1
	for i, h := range have { // the longest name that fits: "bot" must not take "bot 2"
		if len(s) >= len(h.Name) && strings.EqualFold(s[:len(h.Name)], h.Name) && (best < 0 || len(h.Name) > len(have[best].Name)) &&
			(len(s) == len(h.Name) || strings.ContainsAny(s[len(h.Name):len(h.Name)+1], " :,;")) {
			best = i
		}
	}
	if best < 0 {
		if request, name, t, problem := readWatch(s); problem == "" {
			for _, h := range have {
				if strings.EqualFold(h.Name, name) {
					return h, request, t, ""
				}
			}
		}
		return w, "", t, "This channel watches nothing called that."
	}
	w = have[best]
	rest := strings.TrimLeft(s[len(w.Name):], " :,;")
	if cut, ok := strings.CutPrefix(rest, "to "); ok {
		rest = cut
	}
	request, t, problem = cutTerms(rest)
	return w, request, t, problem
}
