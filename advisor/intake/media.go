package intake

import (
	"slices"

	"github.com/llmadvise/llmadvise/advisor"
)

// What goes in or comes out other than text: images, speech, embeddings. The engine weighs text in and text out only, so a request for these gets
// a doubt, the first of all. They count where the request asks for them in so many words, or says how many there are, or what is to be done with
// them; a photo in passing, a scan that was read already and the transcript of a call are text, and so is all that somebody else does.

var (
	imageWords  = set("image images photo photos picture pictures screenshot screenshots photograph photographs")
	imageVerbs  = set("analyse analyze analysing analyzing describe describing classify classifying caption captioning tag tagging label labelling labeling read reading look looking recognise recognize detect inspect inspecting moderate moderating process processing understand see extract extracting")
	imageWork   = set("recognition classification captioning understanding analysis input inputs moderation tagging labelling labeling")
	makeVerbs   = set("generate generating create creating draw drawing make making produce producing render rendering design")
	ofImages    = set("caption captions text texts description descriptions title titles metadata alt notes note studio studios shop shops app agency editing library prompt prompts")
	speechWords = set("audio speech recording recordings podcast podcasts")
	needWords   = set("need needs needed want wants require required requires looking for do run use using with api")
	madeEarlier = set("already elsewhere aside ignore forget separate separately done solved transcribed transcript transcripts ocred whisper deepgram later besides project projects no not without don't")
	scanRead    = set("text texts output outputs done is cleanup clean correction corrections result results error errors then layer gives quality noise")
)

// readMedia files what goes in or comes out other than text.
func (p *parser) readMedia() {
	seen := map[advisor.Medium]bool{}
	var doubts []string
	for i := range p.toks {
		if !p.isWord(i) || p.toks[i].void {
			continue
		}
		m, s := p.mediumAt(i)
		if m == "" || seen[m] || p.textAlready(s) {
			continue
		}
		seen[m] = true
		p.w.Media = append(p.w.Media, m)
		doubts = append(doubts, "“"+p.quote(s)+"”: "+m.Text())
		p.claim(s.from, s.to)
	}
	p.doubts = slices.Concat(doubts, p.doubts)
}

// mediumAt is what the words from token i on ask for other than text, and these words.
func (p *parser) mediumAt(i int) (advisor.Medium, span) {
	w := p.raw(i)
	to := func(a, b string) (span, bool) { // "speech to text", "text-to-speech"
		s := span{i, i}
		for k := i + 1; k <= i+4; k++ {
			if p.raw(k) == b && w == a && (p.raw(k-1) == "to" || p.isSign(k-1, "-")) {
				s.to = k
				return s, true
			}
		}
		return s, false
	}
	if s, ok := to("text", "image"); ok {
		return advisor.DrawnImages, s
	}
	if s, ok := to("speech", "text"); ok {
		return advisor.Speech, s
	}
	if s, ok := to("text", "speech"); ok {
		return advisor.Speech, s
	}
	switch {
	case imageWords[w]:
		return p.imagesAt(i)
	case w == "vlm" || w == "vlms", w == "multimodal" && p.raw(i-1) != "not", w == "vision" && p.modelBehind(i) && p.needed(i):
		return advisor.Images, span{i, i}
	case w == "ocr" && !scanRead[p.raw(i+1)] && (p.clauseEnd(i-1) || needWords[p.raw(i-1)]):
		return advisor.Images, span{i, i}
	case w == "embeddings" && (p.clauseEnd(i-1) || p.howMany(i) || p.behindOneOf(i, 2, makeVerbs) || needWords[p.raw(i-1)] && p.raw(i-1) != "for" && p.raw(i-1) != "using"),
		w == "embedding" && p.modelBehind(i) && p.needed(i):
		return advisor.Embeddings, span{i, i}
	case speechWords[w] && (p.howMany(i) || p.hoursOf(i) || p.behindOneOf(i, 3, set("transcribe transcribing"))), w == "speech" && p.raw(i+1) == "recognition" && p.needed(i),
		(w == "transcription" || w == "asr" || w == "stt" || w == "tts") && p.clauseEnd(i-1):
		return advisor.Speech, span{i, i}
	case w == "transcribe" && (p.clauseEnd(i-1) || p.raw(i-1) == "to") && p.raw(i+1) != "nothing" && p.raw(i+1) != "and":
		return advisor.Speech, span{i, i}
	}
	return "", span{}
}

// imagesAt tells images that come out from such as go in.
func (p *parser) imagesAt(i int) (advisor.Medium, span) {
	s := span{i, i}
	switch next := p.raw(i + 1); {
	case ofImages[next]:
		return "", s
	case next == "generation", p.behindOneOf(i, 3, makeVerbs):
		return advisor.DrawnImages, s
	case imageWork[next]:
		return advisor.Images, span{i, i + 1}
	case p.howMany(i), p.behindOneOf(i, 4, imageVerbs):
		return advisor.Images, s
	}
	return "", s
}

// howMany reports whether a number says how many of the things at token i there are: "100k images", "20k invoice images".
func (p *parser) howMany(i int) bool {
	for k := i - 1; k >= i-3 && !p.clauseEnd(k); k-- {
		switch {
		case p.isNum(k):
			return !p.isSign(k-1, "$")
		case isMultiplier(p.raw(k)) || p.raw(k) == "k":
		case !p.isWord(k) || p.toks[k].glue || p.has(k, "query", "per"):
			return false
		}
	}
	return false
}

// hoursOf reports whether token i is told in hours or minutes: "10k hours of audio".
func (p *parser) hoursOf(i int) bool {
	k := i - 1
	if p.raw(k) == "of" {
		k--
	}
	switch p.raw(k) {
	case "hours", "minutes", "h", "hrs", "min", "hour":
		return p.isNum(k-1) || p.isNum(k-2) // "10 k hours"
	}
	return false
}

// behindOneOf reports whether one of words stands at most reach words before token i, in its clause.
func (p *parser) behindOneOf(i, reach int, words map[string]bool) bool {
	for k := i - 1; k >= i-reach && !p.clauseEnd(k); k-- {
		if words[p.raw(k)] {
			return true
		}
	}
	return false
}

func (p *parser) modelBehind(i int) bool {
	switch p.raw(i + 1) {
	case "model", "models", "llm", "llms", "language", "api", "capability", "capabilities":
		return true
	}
	return false
}

// needed reports whether the clause of token i asks for something, or begins with it.
func (p *parser) needed(i int) bool {
	c := around(span{i, i}, p.clauseEnd)
	return c.from == i || p.wordBetween(c.from, c.to+1, "need", "needs", "needed", "want", "require", "required", "looking")
}

// textAlready reports whether the sentence says that somebody else handles what is not text, or the request that it has been made text.
func (p *parser) textAlready(s span) bool {
	c := around(s, p.strongEnd)
	for k := c.from; k <= c.to; k++ {
		if madeEarlier[p.raw(k)] {
			return true
		}
	}
	spoken := speechWords[p.raw(s.to)]
	return p.anyToken(func(k int) bool {
		w := p.raw(k)
		if spoken && (w == "words" || w == "word") || w == "text" && (p.raw(k-1) == "only" || p.raw(k-1) == "the" && p.raw(k-2) == "only") { // told by what is read of it
			return true
		}
		return w == "ocred" || w == "ocr'd" || w == "transcribed" || w == "transcript" || w == "transcripts" || w == "ocr" && (scanRead[p.raw(k+1)] || p.inSentence(k+1, 4, func(j int) bool { return p.raw(j) == "text" }) > 0 || p.raw(k+1) == "d" || p.raw(k-1) == "after")
	})
}
