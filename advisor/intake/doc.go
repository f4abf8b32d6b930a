// Package intake reads a request as people type it ("300k queries, HIPAA, no ML team") into an
// [advisor.Workload], and says back what it could not read.
//
// From the bottom up:
//
//   - normalise.go makes one plain line of text out of what Slack delivers: Unicode NFKC, entities, link and mention
//     mark-up, emphasis, control and direction marks.
//   - token.go cuts it into words, numbers and signs, each with its place in the text. A number keeps both of its
//     readings where the comma or the dot is doubtful ("1.500").
//   - lexicon.go maps the surface of a word to a concept ("quereis", "requests" and "calls" are all a query), typos
//     included; only words of the lexicon are ever corrected to, and short words never are.
//   - names.go finds models, accelerators and providers of the catalog, also where a name is said in part.
//   - correct.go drops what a request takes back, product.go multiplies what it says as a product ("40 schools, each 2,000 answers"), with
//     frequency.go for how often ("twice a week"), and relative.go reads a length said by the other one ("a tenth of that").
//   - rules.go matches phrases over concepts; compliance.go, residency_rules.go, team.go and tasks.go hold those of a subject, idioms.go
//     tasks that a verb tells, negation.go what rules a phrase out.
//   - quantities.go is the grammar around a number and windows.go its "per month"; loads.go, lengths.go, limits.go and shares.go say what
//     the number is; means.go tells a mean from a peak and a total from its parts, spend.go what is from what is to be. settle*.go says
//     what the readings mean together.
//   - set.go reads settings for what-if questions, format.go writes a Workload back as a request.
//
// Each reading claims its words. A content word that nothing claimed is listed in NotUnderstood, in order. Words that
// only hold a sentence together are dropped. A reading that could be another is stated in Doubts.
//
// A field that was not said stays at its zero value; filling it in is the work of advisor.Complete. The order of the
// clauses does not matter, nor does case or punctuation, so where two clauses contradict each other the outcome
// depends on their values, never on which came first.
//
// The package is pure: no I/O, no clock, no language model. It imports advisor and advisor/catalog and must never import
// bot, knowledge, corpus, net/http or os.
package intake
