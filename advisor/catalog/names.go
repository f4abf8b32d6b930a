package catalog

import (
	"fmt"
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

// driverWords are what drivers and shops add to the name of an accelerator.
var driverWords = []string{"hbm", "hbm2", "hbm2e", "hbm3", "hbm3e", "gddr6", "gddr6x", "gddr7", "oam", "generation", "edition", "server", "workstation", "blackwell", "graphics", "tensor", "core", "cuda"}

// formFactors are spellings of one form factor.
var formFactors = map[string]string{"sxm2": "sxm", "sxm3": "sxm", "sxm4": "sxm", "sxm5": "sxm", "sxm6": "sxm", "pcie4": "pcie", "pcie5": "pcie"}

// sizeTolerance lets a marketed size differ from the one in a name: B200 is sold as 180 and as 192 GB.
const sizeTolerance = 0.15

// driverName takes a driver's name apart: what identifies the accelerator, and the memory size in GB that it states, 0
// for none.
func driverName(name string) (bare string, sizeGB int) {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return strings.ContainsRune(" -_/(),", r) }) {
		if f, ok := formFactors[w]; ok {
			w = f
		}
		var n int
		if digits, ok := strings.CutSuffix(w, "gb"); ok && digits != "" {
			if _, err := fmt.Sscanf(digits, "%d", &n); err == nil {
				sizeGB = n
				continue
			}
		}
		if !slices.Contains(noise, w) && !slices.Contains(driverWords, w) && w != "gb" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " "), sizeGB
}
