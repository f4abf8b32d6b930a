package advisor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/llmadvise/llmadvise/advisor/catalog"
)

// Quality floors. A model passes where it reaches a share of what an anchor reaches on the benchmarks that both have.
//
// The anchors are open models whose quality teams know: Llama-3.3-70B is what the article calls 92-95 % as good as the best for
// chat, summaries and questions on documents; an 8B model of the same family is enough to label and extract. For frontier
// quality the anchor is the best published score of each benchmark itself: the article puts open models 4-6 % behind on the
// hardest tasks, so nine tenths of the best is the field that still counts as peak.
const (
	standardAnchor = "llama-3.3-70b"
	standardShare  = 0.97
	smallAnchor    = "llama-3.1-8b"
	smallShare     = 0.95
	frontierShare  = 0.90
	likeShare      = 0.985 // "at least as good as": a point and a half is within the noise of the benchmarks
)

// openEndedParams is the least effective size (geometric mean of total and active parameters, which is how mixtures compare with
// dense models) of an open model for open-ended work at standard quality. Benchmarks are multiple choice and contests; small
// models are tuned to them and fall behind in conversation and on knowledge. Assumed: between the 8-14B and the 24-32B class.
const openEndedParams = 20e9

// labelParams is the same for labels and fields: the 7-8B class. Smaller models do it after tuning, which is another project.
const labelParams = 6.5e9

// openEnded reports whether answers are free text that people judge.
func openEnded(t Task) bool { return t != Classification && t != Extraction }

// specialists are models tuned for code: their scores say little about other work.
func specialist(model string) bool {
	for _, mark := range []string{"coder", "codestral", "devstral", "-code"} {
		if strings.Contains(model, mark) {
			return true
		}
	}
	return false
}

// thinkers are models that answer at once unless asked to think first, by their vendors' documentation. Their published scores on hard
// problems are those of thinking, so where that is the work they are billed and timed for it too.
var thinkers = []string{
	"claude-3.7", "claude-opus", "claude-sonnet", "claude-haiku-4", "claude-fable", "gemini-2.5-flash-lite", "gemini-3.1-flash-lite",
	"deepseek-v3.1", "deepseek-v3.2", "qwen3-", "glm-4.5", "glm-4.6", "glm-5", "kimi-k2.", "nova-2",
}

func thinksWhenAsked(model string) bool {
	for _, t := range thinkers {
		if strings.HasPrefix(model, t) && !specialist(model) {
			return true
		}
	}
	return false
}

// sizeInName reads the effective size from a model id that carries it ("ministral-3-14b", "qwen3-next-80b-a3b"), for models whose
// configuration the catalog does not hold; 0 where there is none.
func sizeInName(id string) float64 {
	var total, active float64
	for part := range strings.SplitSeq(id, "-") {
		digits, ok := strings.CutSuffix(part, "b")
		if !ok {
			continue
		}
		if sparse, isActive := strings.CutPrefix(digits, "a"); isActive {
			active, _ = strconv.ParseFloat(sparse, 64)
		} else if v, err := strconv.ParseFloat(digits, 64); err == nil {
			total = v
		}
	}
	if active == 0 {
		active = total
	}
	return math.Sqrt(total*active) * 1e9
}

// scores holds the public results of the catalog by model and benchmark, and the best of each benchmark.
type scores struct {
	of   map[string]map[string]float64
	best map[string]float64
	task map[string]string // benchmark -> task type
}

func newScores(cat *catalog.Catalog) *scores {
	s := &scores{of: map[string]map[string]float64{}, best: map[string]float64{}, task: map[string]string{}}
	for i := range cat.Scores {
		r := &cat.Scores[i]
		m := s.of[r.ModelID]
		if m == nil {
			m = map[string]float64{}
			s.of[r.ModelID] = m
		}
		m[r.Benchmark] = max(m[r.Benchmark], r.Percent)
		if !saturated[r.Benchmark] {
			s.best[r.Benchmark] = max(s.best[r.Benchmark], r.Percent)
		}
		s.task[r.Benchmark] = r.Task
	}
	return s
}

// speaksFor reports whether a benchmark of kind bench says something about work of kind task ("" general).
func speaksFor(bench, task string) bool {
	switch task {
	case "coding":
		return bench == "coding"
	case "reasoning", "math":
		return bench == "reasoning" || bench == "math"
	}
	return bench == "general" || bench == "reasoning"
}

// saturated benchmarks no longer tell the best from the rest: most models of the last two years lie within a few points of each
// other. They serve to hold a small model to a floor, never to call one frontier.
var saturated = map[string]bool{"MMLU": true, "MMLU (article)": true, "HumanEval": true, "SWE-bench (article)": true}

// ratio compares a model with reference results: the mean of model/reference over the benchmarks that both have and that speak for
// task. n is how many there were; 0 means that nothing comparable is published.
func (s *scores) ratio(model string, reference map[string]float64, task string) (r float64, n int) {
	var space [32]float64
	shares := space[:0]
	for b, ref := range reference {
		v, ok := s.of[model][b]
		if !ok || ref <= 0 || !speaksFor(s.task[b], task) {
			continue
		}
		shares = append(shares, v/ref)
	}
	if len(shares) == 0 {
		return math.NaN(), 0
	}
	slices.Sort(shares) // a map has no order, and sums depend on it
	for _, s := range shares {
		r += s
	}
	return r / float64(len(shares)), len(shares)
}

// floor is what a workload asks of a model.
type floor struct {
	share     float64
	reference map[string]float64
	task      string // kind of benchmark: "", "coding", "reasoning"
	strict    bool   // only scores on that very kind count
	name      string // how the floor reads: "standard quality (95 % of Llama-3.3-70B)"
}

// benchTask maps the task of a workload to the kind of benchmark that speaks for it.
func benchTask(t Task) string {
	switch t {
	case Coding, Agent:
		return "coding"
	case Reasoning:
		return "reasoning"
	}
	return ""
}

// floorOf returns what w asks, by its quality and task.
func (s *scores) floorOf(w *Workload, q Quality, cat *catalog.Catalog) floor {
	if w.QualityLike != nil && q == w.Quality {
		return floor{likeShare, s.of[w.QualityLike.Model], w.QualityLike.Task, true, likeName(w.QualityLike, cat)}
	}
	t := benchTask(w.Task)
	switch {
	case q == Frontier:
		return floor{frontierShare, s.best, t, false, "frontier quality (90 % of the best published scores)"}
	case w.Task == Classification || w.Task == Extraction:
		return floor{smallShare, s.of[smallAnchor], "", false, "good enough to label (95 % of Llama-3.1-8B's scores)"}
	default:
		return floor{standardShare, s.of[standardAnchor], "", false, "standard quality (97 % of Llama-3.3-70B's scores)"}
	}
}

func likeName(q *QualityLike, cat *catalog.Catalog) string {
	s := "at least like " + cat.ModelName(q.Model)
	if q.Task != "" {
		s += " on " + q.Task
	}
	return s
}

// verdict says whether model passes the floor. A model without comparable scores does not: its quality is not known.
func (s *scores) verdict(model string, f floor) (index float64, why string) {
	r, n := s.ratio(model, f.reference, f.task)
	if n == 0 && f.task != "" && !f.strict { // nothing on the very task: general scores are the next best evidence
		r, n = s.ratio(model, f.reference, "")
	}
	switch {
	case n == 0:
		return math.NaN(), "quality not known: no public score in the catalog to compare"
	case r < f.share:
		return r, fmt.Sprintf("scores %.0f %% of what is asked: %s", 100*r/f.share, f.name)
	}
	return r, ""
}

// qualities lists the shown models with the scores that speak for the workload's task, the best first.
func (e *engine) qualities(shown []*candidate) []ModelQuality {
	task := benchTask(e.w.Task)
	if q := e.w.QualityLike; q != nil {
		task = q.Task
	}
	var out []ModelQuality
	seen := map[string]bool{}
	for _, c := range shown {
		id := c.opt.ModelID
		if c.opt.Path == PathHybrid || seen[id] {
			continue
		}
		seen[id] = true
		q := ModelQuality{ModelID: id, Model: c.opt.ModelName, Asked: e.quality(id).why}
		if v := e.scores.index(id, e.w.Task); !math.IsNaN(v) {
			q.OfBest = &v
		}
		for i := range e.cat.Scores {
			if s := &e.cat.Scores[i]; s.ModelID == id && speaksFor(s.Task, task) {
				q.Scores = append(q.Scores, *s)
			}
		}
		out = append(out, q)
	}
	slices.SortStableFunc(out, func(a, b ModelQuality) int {
		worth := func(q ModelQuality) float64 {
			if q.OfBest == nil {
				return 0
			}
			return *q.OfBest
		}
		return cmp.Compare(worth(b), worth(a))
	})
	return out
}

// index is the quality of a model against the best published scores, 0..1, for breaking ties; NaN unknown.
func (s *scores) index(model string, task Task) float64 {
	if r, n := s.ratio(model, s.best, benchTask(task)); n > 0 {
		return r
	}
	r, _ := s.ratio(model, s.best, "")
	return r
}
