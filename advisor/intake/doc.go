// Package intake reads a request as people type it ("300k queries, HIPAA, no ML team") into an
// [advisor.Workload], and says back what it could not read.
//
// From the bottom up:
//
//   - normalise.go makes one plain line of text out of what Slack delivers: Unicode NFKC, entities, link and mention
//     mark-up, emphasis, control and direction marks.
//   - headers.go puts the values of a pasted row behind the labels of its head; token.go cuts it into words, numbers and signs, each with its place in the text. A number keeps both of its
//     readings where the comma or the dot is doubtful ("1.500").
//   - concepts.go lists which words mean the same ("requests" and "calls" are both a query) and lexicon.go looks a word up in it, typos
//     included ("quereis"); words.go holds the words that are dropped and those that are never corrected. Only words of the lexicon are
//     corrected to, and short words never are.
//   - names.go indexes the models, accelerators and providers of the catalog, and find.go finds them, also where a name is said in part
//     (shortnames.go) or by what sets it off from the one before (siblings.go).
//   - numbers.go reads numerals in digits and words, fractions.go shares of one, quantities.go the grammar around a number, and windows.go
//     its "per month".
//   - parser.go is the request while it is read, intake.go the order in which that happens and what is reported.
//   - adjectives.go takes lengths out from between a number and what it counts ("18k 30-page reports"), so that the two stand together.
//   - Before the phrases: correct.go drops what a request takes back, dropped.go what it sets aside for something else, hearsay.go what others say where the speaker says another; active.go
//     takes the part of the people or of the load that is said to ask; likeness.go reads models named as a measure, relative.go a length said
//     by the other one ("a tenth of that"), growth.go and folds.go what grows, shares.go and parts.go what is a share of what.
//   - A volume said as a product ("40 schools, each 2,000 answers"): factors.go reads its numbers (factor_before.go and factor_behind.go what they belong to), frequency.go how often ("twice a week"),
//     bundles.go how many things go into one request, product.go multiplies them, chains.go reads those with signs between ("14 x 5 x 31 calls"), results.go tells what the request worked out itself.
//   - rules.go matches phrases over concepts; compliance.go, residency_rules.go, team.go and tasks.go hold those of a subject,
//     expertise.go reads what people can or cannot do, egress.go what may leave, hours.go opening hours, places.go the codes of countries, grading.go the best there
//     is and the middle, negation.go what rules a phrase out, refused.go what turns a name or a regime down behind it.
//   - Tasks that are told rather than named: idioms.go by a verb and what it makes of its object, duties.go by who does what (asking.go chats and
//     retrieval, condensing.go summaries and forms, judging.go classes, acting.go agents and code). These are votes; learnt.go weighs the words of the
//     request besides, by tables that learnt_test.go learns from the requests in testdata, and takes the task that both speak for most. So it
//     does for what people know and what may leave, where no rule says it.
//   - What a number is: loads.go (volumes, rates, people, what is at work at once, the stream that one reader gets), lengths.go, made.go and sums.go (tokens, what the model is to write, and prompts said in parts), money.go, prices.go and
//     spend.go (budgets, what is no budget, and what is paid from what may be), limits.go and today.go (latencies and horizons, likewise), means.go (a mean from a peak, a
//     total from its parts).
//   - What a name stands for: today_names.go tells what is in use or being left, owned.go cards that are there, rented.go machines that run it today, origins.go where vendors and makers
//     must have their seat, retention.go that nothing may be kept, media.go what goes in or comes out other than text; mentions.go finds names in a question, whatever it says of them.
//   - What the readings mean together: settle.go, settle_tokens.go and settle_volume.go; several.go adds volumes of different tasks and
//     tells them from one load said twice, chosen.go finds the one that the request says to reckon with.
//   - set.go reads settings for what-if questions and sweep.go their ranges, over the fields in fields.go; format.go writes a Workload back
//     as a request.
//
// Where words beside a number leave it open what it is, the field stays unsaid and a doubt or the list of words says so: a field that is
// filled wrongly costs a reader more than one to confirm.
//
// Each reading claims its words. A content word that nothing claimed is listed in NotUnderstood, in order. Words that
// only hold a sentence together are dropped. A reading that could be another is stated in Doubts.
//
// A field that was not said stays at its zero value; filling it in is the work of advisor.Complete. The order of the
// clauses does not matter, nor does case or punctuation, so where two clauses contradict each other the outcome
// depends on their values and not on which came first. The one exception are several volumes of which nothing says how they belong
// together: people correct themselves forwards, so the last of them counts, and a doubt says so.
//
// The package is pure: no I/O, no clock, no language model. It imports advisor and advisor/catalog and must never import
// bot, knowledge, corpus, net/http or os.
package intake
