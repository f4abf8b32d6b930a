package intake

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/llmadvise/llmadvise/advisor"
)

var nan = math.NaN()

// concepts lists, for each concept of the grammar, the words that mean it. This is the only list of synonyms; the
// rules speak of concepts. A plural in -s, -es or -ies need not be listed where it means the same.
var concepts = map[string]string{
	// Glue with a meaning of its own.
	"no":      "no not non without never none dont doesnt isnt arent cant cannot wont wouldnt shouldnt mustnt nobody noone nothing neither nor lack lacks lacking zero w/o kein keine keinen ohne nicht havent hasnt didnt excluding except minus nope nil",
	"yes":     "yes ja yep true allowed permitted fine acceptable okay ok possible",
	"and":     "and und plus et y as-well &",
	"per":     "per pro je each every a an jede jeden im p/m par por im",
	"each":    "each apiece",
	"and/or":  "or",
	"only":    "only exclusively solely strictly nur",
	"must":    "must shall mandatory required requires require needs need has have should obligatory",
	"between": "between zwischen",
	"from":    "from von",
	"to":      "to bis until till through thru",
	"in":      "in",
	"out":     "out",
	"peak":    "peak peaks peaking burst bursts spike spikes spiking max-load peaktime rush busiest peaked spitzenlast",
	"upto":    "max maximum most atmost ceiling limit limited cap capped",
	"current": "currently current today now present presently existing aktuell",
	// Numbers in words are in numbers.go; units of time:
	"second":  "second seconds sec secs s sekunde sekunden seconde",
	"ms":      "ms msec msecs millisecond milliseconds millis",
	"minute":  "minute minutes min mins minuten",
	"hour":    "hour hours hr hrs h stunde stunden hourly",
	"day":     "day days night nights nightly d tag tage daily diario jour tägl täglich",
	"workday": "shift shifts workday workdays weekday weekdays werktag arbeitstag businessday",
	"week":    "week weeks wk wks weekly woche wochen semaine w",
	"month":   "month months mo mos mth mths mon monthly monat monate monatlich mois mes monthes p/m p.m. pcm",
	"quarter": "quarter quarters quarterly qtr quartal",
	"year":    "year years yr yrs yearly annual annually annum jahr jahre jährlich p.a. y pa année año",
	// Load.
	"query": "query request req reqs call prompt question ask anfrage anfragen requete consulta consultas solicitudes q hits hit lookup invocation inference interaction search searches turn queries inquiry inquiries enquiry transaction llm-call querys " +
		"generation prediction completion event answers responses replies",
	"doc": "document doc docs email mail e-mail invoice contract report note record job task row item article post tweet comment case claim application resume resumes cv cvs order product " +
		"description listing transcript review letter file image photo pdf form receipt statement page_of ticket issue alert log paper abstract chapter book essay lead profile message msg msgs msg's sms incident dokument dokumente rechnung rechnungen vertrag verträge referral prescription lab-report scan chart policy policies filing proposal rfp bid story stories summary_of snippet feedback survey complaint patent drug-label pr prs commit diff ad ads advert entry entries sample news segment video podcast recording meeting submission",
	"chats":     "chats conversation session dialog dialogue dialogues chat-session gespräch gespräche",
	"person":    "ppl user seat employee customer developer dev dau mau wau people person staff student analyst lawyer doctor nurse member subscriber visitor colleague nutzer mitarbeiter consultant teacher agents reps rep salesperson salespeople clinician physician underwriter adjuster attorney engineer player shopper patient technician driver associate client-user worker operator headcount users' buyer tenant citizen resident learner pupil creator recruiter accountant advisor scientist researcher pharmacist coder programmer support-agent knowledge-worker teammate manager reviewer editor translator dispatcher tutor trader broker paralegal auditor inspector officer clerk moderator planner designer attendant copywriter journalist reporter architect economist chemist geologist therapist psychologist dentist vet gp radiologist pathologist surgeon midwife carer caseworker adviser counsellor electrician mechanic secretary assistant-manager curator librarian notary judge solicitor controller instructor professor lecturer handler merchandiser marketer buyer-agent founder employee's freelancer volunteer specialist-user",
	"volume":    "volume vol throughput load traffic workload volumen menge qty requests/month rate usage",
	"qps":       "qps rps tps q/s r/s req/s req/sec qpsec requests/s",
	"rpm":       "rpm qpm req/min",
	"tokenps":   "tok/s tokens/s",
	"token":     "token tok toks tk tkn tkns tokn",
	"wordunit":  "words word wörter",
	"pageunit":  "page pages pg pgs seiten seite paged pager",
	"char":      "character char chars zeichen",
	"input":     "input i/p prompt-size isl ctx context incoming ins inp eingabe prompt_tokens input_tokens ingest",
	"promptw":   "prompt prompts",
	"output":    "output o/p osl outgoing generated outs outp ausgabe output_tokens completion_tokens generate written emitted",
	"answerw":   "answer response reply completion summary_out respond answers responses replies completions",
	"outw":      "solution solutions memo memos result results feedback label labels caption captions json verdict verdicts rating ratings explanation explanations generation generations",
	"total":     "total overall altogether combined insgesamt gesamt",
	"reasontok": "reasoning thinking hidden",
	// Latency.
	"latency":  "latency latencies latenz rtt responsetime",
	"p95":      "p95 p-95 95th 95p p95th",
	"p99":      "p99 99th p999 99p",
	"p50":      "p50 median 50th p90 90th average-latency p75",
	"ttft":     "ttft first-token",
	"tpot":     "tpot itl",
	"respond":  "result results answer answers respond responds responding response reply replies answered turnaround finish finished complete completed return returns deliver",
	"within":   "within under below less < beneath inside faster unter innerhalb sub max maximum most",
	"slo":      "slo sla target goal",
	"realtime": "real-time realtime live interactive instant instantly instantaneous",
	// Money.
	"budget":   "budget budgeted afford cap spending-limit kosten budgets spend price-cap allowance",
	"cost":     "cost costs price bill bills paying pay pays paid spending spends fees expense invoice-total",
	"usd":      "usd dollar dollars bucks $ us$",
	"eur":      "eur euro euros € gbp pound pounds £ chf",
	"cent":     "cent cents pence penny",
	"harmless": "harmless innocuous uncritical",
	"pct":      "% percent pct prozent percentage pc",
	"horizon":  "horizon tco amortise amortize amortised amortized timeframe timeline period planning lifetime laufzeit outlook lookahead roi payback depreciation depreciate commitment committed",
	"duration": "over for next during across",
	// Growth.
	"grow":    "grow grows growing growth grew increase increases increasing increased rise rises rising ramp ramping ramps scaling scale expanding expand uptick wachstum wächst climb climbing climbs uplift expansion",
	"shrink":  "shrink shrinks shrinking decline declines declining decrease decreases decreasing fall falls falling drop drops dropping churn reduce reducing",
	"double":  "double doubles doubling doubled 2x",
	"triple":  "triple triples tripling tripled treble 3x",
	"flat":    "flat stable constant static unchanged stagnant",
	"mom":     "month-over-month month-on-month mom m/m m-o-m",
	"yoy":     "year-over-year year-on-year yoy y/y y-o-y cagr",
	"steady":  "steady even evenly uniform uniformly",
	"hard":    "hard harder hardest complex difficult tough tricky challenging complicated escalate escalated escalates escalation nontrivial demanding schwierig advanced",
	"easy":    "easy easier simple simpler trivial routine straightforward faq faqs einfach",
	"cached":  "cached cache caching cacheable cachable",
	"mixed":   "mixed mix mixture blend",
	"hitrate": "hit-rate hitrate",
	// Compliance.
	"hipaa":     "hipaa hippa hipa hippaa",
	"phi":       "phi ephi e-phi",
	"baa":       "baa baas",
	"gdpr":      "gdpr gpdr dsgvo rgpd gdrp dspgvo avg-gdpr datenschutz",
	"pci":       "pci pci-dss pcidss pci_dss",
	"dss":       "dss",
	"soc":       "soc",
	"soc2":      "soc2 soc-2 soctwo soc_2",
	"iso":       "iso iec",
	"iso27001":  "iso27001 iso27k iso_27001 27k",
	"fedramp":   "fedramp fed-ramp",
	"act":       "act",
	"euaiact":   "euaiact eu-ai-act eu_ai_act aiact ai-act ai_act ki-verordnung",
	"comply":    "compliance compliant comply regulatory regulation regulations regime regimes certification certifications certified audit regulator",
	"ccpa":      "ccpa cpra",
	"othrule":   "itar finra glba hitrust cjis ferpa sox nis2 dora lgpd pipeda hitech coppa nist mifid basel irap c5 hds nydfs appi pdpa dpdp",
	"cardhold":  "cardholder cardholders cardnumber pan",
	"credit":    "credit debit payment",
	"card":      "card cards",
	"patientw":  "patient patients patient's patients'",
	"health":    "health clinical medical healthcare ehr emr hospital clinic diagnosis diagnostic medicine biomedical pharma  nursing radiology oncology",
	"finance":   "banking bank fintech financial finance insurance insurer trading",
	"personal":  "ssn ssns personal pii personally personenbezogene personenbezogen gdpr-relevant",
	"sensitive": "sensitive sensible-data vertraulich proprietary confidential secret secrets secretive nda trade-secret privileged restricted",
	"private":   "private privat",
	"nonsens":   "nonsensitive non-sensitive unclassified insensitive anonymised anonymized anonymous synthetic",
	"public":    "public publicly open-data öffentlich öffentliche published",
	"internal":  "internal internally intern in-company employee-facing internal-only",
	"regulated": "regulated",
	"legalw":    "legal ip source",
	"data":      "data daten info information content dataset datasets payload payloads anything everything traffic_data",
	// Residency.
	"eu":         "eu europe european eea emea europa euzone frankfurt dublin paris amsterdam",
	"us":         "usa u.s america american stateside us-east us-west us",
	"uk":         "uk britain british england gb",
	"ch":         "switzerland swiss schweiz",
	"canada":     "canada canadian",
	"australia":  "au australia australian",
	"indiac":     "india indian",
	"japan":      "japan japanese",
	"singapore":  "singapore",
	"resident":   "residency resident resides reside residence localisation localization sovereignty sovereign jurisdiction region regions located location soil territory",
	"stay":       "stay stays staying remain remains remaining keep kept keeping held hosted stored processed process bleiben bleibt",
	"hosting":    "hosting host deployed deployment deploy",
	"leave":      "leave leaves leaving exit exits egress exfiltrate exfiltration left go goes going cross verlassen verlässt export exported outside",
	"send":       "send sends sending sent share shared sharing expose exposed upload transmit ship shipped",
	"outside":    "outside outward beyond externally",
	"network":    "vpc network firewall premises premise perimeter datacenter datacentre building tenant infrastructure infra walls house environment servers server dc company org organisation organization boundary subnet cluster site account intranet own",
	"onprem":     "onprem on-prem onpremise onpremises on-premise on-premises inhouse-hosted self-contained",
	"prem":       "prem premise premises",
	"air":        "air",
	"gapped":     "gapped gap gap-ped",
	"airgap":     "airgapped air-gapped airgap offline-network",
	"selfhost":   "selfhost selfhosted selfhosting self-host self-hosted self-hosting",
	"self":       "self",
	"hostw":      "host hosted hosting run",
	"external":   "external third-party thirdparty vendor vendors 3rd-party saas outsider",
	"thirdw":     "third 3rd",
	"party":      "party parties",
	"cloud":      "cloud clouds hyperscaler hyperscalers",
	"api":        "api apis",
	"house":      "house",
	"apiservice": "service services provider providers",
	// Team.
	"ml":         "ml mlops ml-ops machine-learning llmops llm-ops aiops platform machinelearning mle gpu-ops ai/ml ml/ai",
	"mlteamword": "mles mlengineer mlengineers",
	"aiword":     "ai gpu gpus llm",
	"ops":        "devops dev-ops infra-team sre sres k8s kubernetes ops infrastructure infra sysops cloudops",
	"admin":      "sysadmin sysadmins sysop sysops admin admins webdev webdevs web-dev web-devs backend frontend",
	"datasci":    "data-scientist data-scientists data-science datascience",
	"science":    "science scientists scientist",
	"learning":   "learning",
	"machine":    "machine",
	"team":       "eng engineering team people folks engineer expertise experience skill skills ops staff guys guy specialist specialists knowhow know-how talent crew department group person devs dev personnel capability capabilities competence competency experts expert knowledge professionals resource resources squad squads gal lead admin admins manpower headcount hire hires org practice skillset background specialism ppl team-members leute",
	"dedicated":  "dedicated strong experienced full large own mature senior big whole entire solid seasoned in-house-team robust fully-staffed deep established great excellent expert proper real strongest skilled capable full-time fulltime",
	"smallteam":  "some small little limited bit basic part-time parttime few couple junior tiny modest single lone partial occasional minimal light lean half-time fractional",
	"inhouse":    "inhouse in-house internal",
	"technical":  "technical tech",
	"nontech":    "nontechnical non-technical",
	"canrun":     "run runs operate operates manage manages maintain maintains host deploy handle knows know",
	// Quality.
	"frontier": "frontier sota state-of-the-art cutting-edge bleeding-edge flagship",
	"quality":  "quality accuracy performance accurate intelligence smartness capability smarts qualität precise precision reliability",
	"best":     "best top highest peak-quality max-quality topnotch top-notch top-tier toptier premium superior excellent maximum optimal utmost strongest smartest critical crucial essential paramount",
	"goodenough": "good-enough goodenough adequate acceptable decent standard average mediocre moderate reasonable sufficient okay ordinary normal basic" +
		" fine noncritical",
	"good":    "good as high great",
	"enough":  "enough",
	"similar": "similar comparable equivalent equal match matches matching par parity like beat beats beating better near rivals rival close approaching resembling exceed exceeds least",
	"level":   "level class grade calibre caliber tier comparable-class equivalent quality parity performance like",
	// Tasks.
	"chat":    "chat chatbot chatbots chatbot's conversational assistant assistants copilot bot bots helpdesk chatting customer-service virtual-assistant concierge dialogbot chatgpt-like chatapp companion tutor voicebot callbot chatboot",
	"support": "support service care customer-support",
	"rag": "rag retrieval retrieval-augmented knowledge-base knowledgebase kb q&a qa qna faq-bot semantic-search grounded doc-search docsearch question-answering wissensdatenbank vectorsearch" +
		" graphrag ragbot",
	"searchw":   "search searching lookup find",
	"knowledge": "knowledge wiki handbook manuals manual intranet confluence notion sharepoint docs documentation documents corpus policies archive archives",
	"answering": "answering answer answers",
	"summarize": "summarize summarise summarizing summarising summarization summarisation summary summaries summarizer summariser summarized summarised summarizes summarises summerization summerize tl;dr tldr digest digests digesting abstracts condense condensing recap recaps zusammenfassung zusammenfassen summing minutes_of synopsis resumen",
	"classify": "sorter tagger labeller labeler categorizer categoriser rank scored graded grading ranked rated flagged classify classifying classification classifications classifier classifies classified categorize categorise categorizing categorising categorization categorisation categories category tagging tag tags tagged triage triaging triaged routing route routes label labels labeling labelling labelled moderation moderate moderating sentiment intent intents spam filtering detection detect detecting scoring score screening screen prioritise prioritize prioritisation prioritization flagging flag ranking rerank reranking klassifizierung klassifikation bucketing dedupe deduplication" +
		" binning",
	"extract": "extract extracting extraction extractions extracts extractor extracted parse parsing parser parses ocr ner structured-output data-entry fields idp keying redact redaction redacting anonymise anonymize json structured structuring extrahieren extraktion digitise digitize transcribing" +
		" scrape scraping normalise normalize",
	"code": "code coding codegen code-review code-generation refactoring refactor autocomplete programming pair-programming sql text2sql text-to-sql copilot-for-devs developer-assistant ide unit-tests codebase coders" +
		" debugging codereview pull-request pull-requests github",
	"reason": "reasoning reason math maths mathematics mathematical theorem proofs proof multi-hop scientific complex-analysis deep-research planning_task forecasting olympiad logic logical deliberation analytical research analysis analyse analyze analytics simulation diagnosing problem-solving quantitative",
	"agent": "agentic agent multi-agent multiagent tool-use tool-calling tool-using function-calling autonomous browser-automation computer-use workflow-automation orchestrator orchestration agentisch agents_ai" +
		" toolcalling",
	"tool":      "tool tools function functions",
	"calling":   "calling use using",
	"multistep": "multi-step multistep",
	"workflow":  "workflow workflows automation automations",
	"write":     "write writing draft drafting copywriting copy generate-content content-generation rewriting rewrite paraphrase paraphrasing translation translate translating translations localisation_task writer blogging creative-writing storytelling ghostwriting brainstorming newsletter texting übersetzung übersetzen personalisation personalization",
	"batch":     "batch batches batched batching offline async asynchronous asynchronously bulk backfill backlog non-interactive noninteractive stapel",
	"overnight": "overnight nightly night nights nächtlich nachts",
	"wait":      "wait waiting delay delayed deferred urgent rush time-critical timecritical time-sensitive hurry patience latency-tolerant",
	"critical":  "critical important matter matters issue concern relevant sensitive_to crucial constraint priority requirement requirements apply applies applicable problem needed necessary required worry big-deal dealbreaker",
	// Traffic.
	"office":   "office business working work",
	"hoursw":   "hours hour times time",
	"weekdayw": "mon-fri monday-friday daytime 9-5 9to5 nine-to-five workdays weekdays bürozeiten workhours business-hours office-hours office_hours working-hours",
	"clock":    "24/7 24x7 7x24 24x365 24/7/365 round-the-clock around-the-clock always-on nonstop non-stop round_the_clock 24h 24hrs rund continuous continuously allday",
	"round":    "round around",
	"clockw":   "clock uhr",
	"always":   "always",
	"onw":      "on",
	"global":   "global globally worldwide timezones",
	// Engines.
	"vllm":     "vllm v-llm vlm-engine",
	"trtllm":   "trtllm trt-llm tensorrt-llm tensorrtllm tensorrt trt trt_llm",
	"sglang":   "sglang sg-lang sgl",
	"llamacpp": "llamacpp llama.cpp llama-cpp gguf llama_cpp",
	"ollama":   "ollama",
	// Words that carry a key in "key: value".
	"key": "gpu card task team traffic quality sensitivity residency model models gpus provider providers engine growth expertise region hardware budget_usd_month queries_per_month input_tokens_per_query output_tokens_per_query latency_p95_s ml_team no_data_leaves horizon_months growth_per_month peak_qps hard_share sensitive_share cached_share reasoning_tokens quality_like type",
	// Verbs that need sensitive data beside them.
	"contain": "contain contains containing contained include includes including involve involves involving touch touches carry carries holds hold handle handles handling of is are",
	"users":   "users",
}

// lexiconIndex answers what a word means.
type lexiconIndex struct {
	classes   map[string]map[string]bool // squashed surface -> concepts
	glue      map[string]bool
	guard     map[string]bool   // words that are never corrected
	near      map[byte][]string // correction targets by first letter
	compounds map[string]bool   // squashed surfaces that were listed with a hyphen
	places    map[string]string // names of countries to their codes
	firsts    map[string]bool   // first parts of compounds
}

var lexicon = sync.OnceValue(buildLexicon)

func buildLexicon() *lexiconIndex {
	lx := &lexiconIndex{
		classes: map[string]map[string]bool{}, glue: map[string]bool{}, guard: map[string]bool{}, near: map[byte][]string{},
		compounds: map[string]bool{}, firsts: map[string]bool{}, places: map[string]string{},
	}
	for _, w := range strings.Fields(glueWords) {
		lx.glue[squash(w)] = true
	}
	for _, w := range strings.Fields(common) {
		lx.guard[squash(w)] = true
	}
	for _, c := range slices.Sorted(maps.Keys(concepts)) {
		for _, s := range strings.Fields(concepts[c]) {
			lx.add(c, s)
		}
	}
	for _, pl := range advisor.Places() {
		for i, w := range pl.Words {
			switch {
			case i >= len(pl.Words)-pl.Adjs && pl.EU:
				lx.add("eupeople", w)
			case i >= len(pl.Words)-pl.Adjs:
				lx.add("people", w)
			case pl.EU:
				lx.add("eucountry", w)
			default:
				lx.add("country", w)
			}
			lx.places[squash(w)] = pl.Code
		}
	}
	for s, set := range lx.classes { // a listed plural means what its singular means too
		if singular, ok := strings.CutSuffix(s, "s"); ok && len(singular) > 2 {
			maps.Copy(set, lx.classes[singular])
		}
	}
	return lx
}

// add enters a surface; a surface may stand for several concepts.
func (lx *lexiconIndex) add(c, surface string) {
	s := squash(surface)
	set := lx.classes[s]
	if set == nil {
		set = map[string]bool{}
		lx.classes[s] = set
		if utf8.RuneCountInString(s) >= 4 && s[0] < utf8.RuneSelf {
			lx.near[s[0]] = append(lx.near[s[0]], s)
		}
	}
	set[c] = true
	lx.compound(surface)
}

// compound notes a surface of several parts, so that "air gapped" and "air-gapped" are read as one word.
func (lx *lexiconIndex) compound(surface string) {
	if first, _, ok := strings.Cut(surface, "-"); ok && first != "" {
		lx.compounds[squash(surface)] = true
		lx.firsts[first] = true
	}
}

// squash drops the marks that people set or leave out within a word.
func squash(s string) string {
	if !strings.ContainsAny(s, "-'_") {
		return s
	}
	return innerMarks.Replace(s)
}

var innerMarks = strings.NewReplacer("-", "", "'", "", "_", "")

// lookup returns the concepts of a word, trying the singular too.
func (lx *lexiconIndex) lookup(w string) map[string]bool {
	if c := lx.classes[w]; c != nil {
		return c
	}
	if s, ok := strings.CutSuffix(w, "s"); ok && len(s) > 2 {
		if c := lx.classes[s]; c != nil {
			return c
		}
		if s, ok := strings.CutSuffix(s, "ie"); ok {
			return lx.classes[s+"y"]
		}
		if s, ok := strings.CutSuffix(s, "e"); ok {
			return lx.classes[s]
		}
	}
	return nil
}

// correct returns the word of the lexicon that w misspells, or "". Words of four letters are corrected for two swapped
// letters only, up to nine letters for one slip, longer ones for two; the first letter is never in doubt.
func (lx *lexiconIndex) correct(w string) string {
	n := len(w)
	if n < 4 || n > 24 || w[0] >= utf8.RuneSelf || lx.guard[w] || lx.guard[strings.TrimSuffix(w, "s")] || lx.guard[strings.TrimSuffix(w, "es")] || lx.glue[w] {
		return ""
	}
	limit := 1
	if n >= 10 {
		limit = 2
	}
	best, dist := "", limit+1
	for _, cand := range lx.near[w[0]] {
		if d := len(cand) - n; d > limit || -d > limit || len(cand) < 5 && (len(cand) != n || !swapped(w, cand)) {
			continue
		}
		if len(cand) < 8 && dist > 2 && len(cand) < n-1 {
			continue
		}
		d := distance(w, cand, limit)
		if d < dist || d == dist && d <= limit && cand < best {
			best, dist = cand, d
		}
	}
	return best
}

// swapped reports whether a is b with two neighbouring letters exchanged.
func swapped(a, b string) bool {
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// distance is the optimal string alignment distance of two words of at most 26 bytes, or limit+1 once it is above limit.
func distance(a, b string, limit int) int {
	var rows [3][32]int
	if len(b) > 30 {
		return limit + 1
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur, prev, prev2 := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
	}
	return rows[len(a)%3][len(b)]
}

// annotate gives each word its concepts, joins compounds and corrects typos. known reports words that belong to a name of
// the catalog and so are right as they stand.
func (lx *lexiconIndex) annotate(toks []token, known func(string) bool) []token {
	toks = lx.join(toks)
	for i := range toks {
		t := &toks[i]
		if t.kind == num {
			continue
		}
		w := squash(t.raw)
		if t.concepts == nil {
			t.concepts = lx.lookup(w)
		}
		if i > 0 && toks[i-1].kind == num && t.kind == word && (kilobytes[t.raw] || bytesWords[t.raw]) { // "512 GB" is no Great Britain
			t.concepts = nil
			if kilobytes[t.raw] {
				t.concepts = map[string]bool{"kbyte": true}
			}
			continue
		}
		if ticket(toks, i) { // "OPS-4512"
			t.concepts = nil
			continue
		}
		t.glue = t.kind != word || lx.glue[w] || lx.glue[strings.TrimSuffix(w, "s")]
		if t.kind != word || t.concepts != nil || t.glue || known(t.raw) || strings.ContainsAny(w, "0123456789") {
			continue
		}
		if _, isNumber := numberWords[w]; isNumber {
			continue
		}
		if fixed := lx.correct(w); fixed != "" {
			t.concepts = lx.classes[fixed]
			if adverbs[fixed] {
				t.raw = fixed
			}
		}
	}
	return toks
}

// Sizes of data, as units behind a number.
var (
	kilobytes  = set("kb kbyte kbytes kib kilobyte kilobytes")
	bytesWords = set("byte bytes mb mib mbyte mbytes megabyte megabytes gb gib gbyte gbytes gigabyte gigabytes gig gigs tb tib terabyte terabytes pb")
)

// ticket reports whether the word at i is the key of an issue tracker: letters, a hyphen and at least three digits.
func ticket(toks []token, i int) bool {
	return i+2 < len(toks) && toks[i].kind == word && toks[i+1].raw == "-" && toks[i+1].glued && toks[i+2].kind == num && toks[i+2].glued &&
		len(toks[i+2].raw) >= 3 && len(toks[i].raw) >= 2 && toks[i].raw != "iso" && toks[i].raw != "iec" && toks[i].raw != "cfr"
}

// join merges the parts of a compound that was typed with spaces or hyphens.
func (lx *lexiconIndex) join(toks []token) []token {
	out := toks[:0]
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if (t.kind == word || t.kind == num) && lx.firsts[t.raw] {
			if n, w := lx.joined(toks[i:]); n > 0 {
				last := toks[i+n-1]
				t.kind, t.raw, t.end = word, w, last.end
				i += n - 1
			}
		}
		out = append(out, t)
	}
	return out
}

// joined returns how many tokens from the first on make up the longest compound, and that compound.
func (lx *lexiconIndex) joined(toks []token) (int, string) {
	s, n, found := "", 0, ""
	parts := 0
	for i, t := range toks {
		if i > 8 || parts > 5 {
			break
		}
		switch {
		case t.kind == word || t.kind == num:
			s += squash(t.raw)
			parts++
			if parts > 1 && lx.compounds[s] {
				n, found = i+1, s
			}
		case t.kind == sign && (t.raw == "-" || t.raw == "/") && i > 0:
		default:
			return n, found
		}
	}
	return n, found
}
