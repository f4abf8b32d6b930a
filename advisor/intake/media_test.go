package intake_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/llmadvise/llmadvise/advisor"
	"github.com/llmadvise/llmadvise/advisor/intake"
)

// What is asked for other than text is the first doubt; what is text by now, or done elsewhere, is none.
func TestMedia(t *testing.T) {
	for text, want := range map[string][]advisor.Medium{
		"OCR + vision: 100k images per day, extract fields":                       {advisor.Images},
		"we analyse product photos, 50k images a day, describe each":              {advisor.Images},
		"vision model needed, 20k invoices images a month":                        {advisor.Images},
		"300k queries a month, multimodal":                                        {advisor.Images},
		"classify 2M screenshots a month":                                         {advisor.Images},
		"speech to text 10k hours a month":                                        {advisor.Speech},
		"we need to transcribe 4,000 calls a day":                                 {advisor.Speech},
		"text-to-speech, 20k messages a day":                                      {advisor.Speech},
		"10k hours of audio a month":                                              {advisor.Speech},
		"we want to generate images, 100k a month":                                {advisor.DrawnImages},
		"image generation, 5k a day":                                              {advisor.DrawnImages},
		"embeddings for 100M chunks of 500 tokens":                                {advisor.Embeddings},
		"we need an embedding model for 2M documents":                             {advisor.Embeddings},
		"20k PDF scans already OCRed, 3 pages each, extract the vendor":           nil,
		"30k emails with attachments a month, classify":                           nil,
		"transcripts of calls, 5,000 a week, 8k tokens each":                      nil,
		"receipts photographed, OCR text 350 tokens, JSON 90 tokens, 2M a month":  nil,
		"we transcribe 220 episodes weekly with whisper already, want show notes": nil,
		"ignore the photos, other project. 14k claims a month":                    nil,
		"tag 10M image captions a month":                                          nil,
		"we run vLLM already for embeddings. 300k queries a month":                nil,
		"a photo studio with 3,000 chats a month":                                 nil,
	} {
		w := intake.Parse(text, testNames)
		if !slices.Equal(w.Media, want) {
			t.Errorf("%q: %v, want %v", text, w.Media, want)
		}
		if said := len(w.Doubts) > 0 && strings.Contains(w.Doubts[0], "text in and text out"); said != (want != nil) {
			t.Errorf("%q: doubts %q", text, w.Doubts)
		}
	}
}
