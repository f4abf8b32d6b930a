package catalog

import (
	"slices"
	"strings"
)

// Key reduces a name to what identifies it: case, spaces, hyphens, underscores and slashes carry no meaning in the
// names of models and GPUs ("Llama 3.3 70B", "llama-3.3-70b"), dots and plus signs do.
func Key(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '+':
			b.WriteRune(r)
		}
	}
	return b.String()
}

// noise are the words that publishers and people add to a name without meaning another thing.
var noise = []string{
	"instruct", "chat", "it", "hf", "turbo", "versatile", "instant", "model", "weights", "the",
	"gpu", "gpus", "card", "cards", "nvidia", "geforce", "tesla", "amd", "radeon", "intel", "apple", "aws", "instinct",
	"meta", "openai", "anthropic", "google", "microsoft", "mistralai", "alibaba",
}

// reducedKey is Key without a leading "organisation/" and without the noise words; "" when nothing is left.
func reducedKey(name string) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '(' || r == ')'
	})
	words = slices.DeleteFunc(words, func(w string) bool { return slices.Contains(noise, w) })
	return Key(strings.Join(words, ""))
}

// keysOf returns the spellings under which name may be found, the most exact first.
func keysOf(name string) []string {
	k, r := Key(name), reducedKey(name)
	switch {
	case k == "":
		return nil
	case r == "" || r == k:
		return []string{k}
	}
	return []string{k, r}
}
