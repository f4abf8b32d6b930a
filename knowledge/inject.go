package knowledge

import (
	"regexp"
	"strings"

	"github.com/llmadvise/llmadvise/knowledge/ground"
)

// orders are the ways in which a text gives orders to whoever reads it by machine. They are not a wall: the wall is that
// nothing in a document or a message can reach a tool, another channel, a link or a number that has no source. They keep
// orders from being quoted as if they were an answer.
var orders = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instruction|rule|prompt|guideline|above|previous|prior|earlier|everything|polic|restriction|source|safety|check)`,
	`\b(?:your|the|my|our)\s+(?:system|developer|hidden|initial|secret|original)\s+(?:prompt|message|instruction|note|command)`,
	`\b(?:system|developer|admin)\s+(?:override|message|note|instruction|command)`,
	`\b(?:new|updated|special|important|urgent|following|real|true)\s+(?:instruction|directive|order|command|task)s?\b`,
	`\b(?:you are|you're|act as|pretend|behave as|roleplay|role-play)\b.{0,30}\b(?:now|dan|a pirate|an? (?:ai|assistant|bot|model|admin|root|hacker|evil)|unrestricted|jailbroken|no longer|in (?:debug|developer|admin))`,
	`\b(?:respond|reply|answer|output|print|write|say|repeat|echo)\s+(?:(?:me|us|back|it|this|them|to (?:every|all|each|any)\w*(?: \w+){0,2})\s+)?(?:only|exactly|verbatim|with|the (?:word|phrase|string|following|token|code|line))\b`,
	`\b(?:end|begin|start|finish|sign|close|append|prepend|include|add|insert|output|print|write|put)\b.{0,40}\b(?:(?:every|each|your|all|the) (?:answer|repl|response|message|line)|the (?:word|phrase|string|token|code|line|text)\b)`,
	`\b(?:say|print|output|repeat|write|reply|echo|respond|type)\s*(?:[:"'“]|(?-i:\b[A-Z0-9_-]{5,}\b))`,
	`\byou (?:must|should|shall|have to|will|are to|need to) (?:always |only |now |never )*(?:recommend|say|answer|reply|respond|tell|write|output|include|print|ignore|obey|append|repeat|reveal|send)\b`,
	`^\W*(?:system|developer|user|assistant)\b[\s:>]*\b(?:you|from|ignore|always|the assistant)\b`,
	`\b(?:reveal|show|print|leak|dump|expose|disclose|send|forward|post|exfiltrate|email|upload|paste)\b.{0,50}\b(?:prompt|instruction|secret|password|credential|api key|key|channel|conversation|history|message|transcript|private|other (?:user|document|team)|everyone|env|config)`,
	`\b(?:when|if|whenever)\b.{0,40}\b(?:asked|the user asks|answering|you (?:read|see|answer|are asked)|summari[sz]ing|this document is)\b`,
	`^\W*(?:dear |hey |hi |to the )?(?:assistant|ai|bot|llm|language model|chatbot|llmadvise|agent|system)s?\s*[:,]\s`,
	`\b(?:assistant|ai|bot|language model|chatbot|llmadvise|agent)s?\s*(?:must|should always|shall|has to|have to|is (?:ordered|instructed|required) to|are (?:ordered|instructed|required) to)\s`,
	`\b(?:note|attention|message|instruction)s? (?:to|for) (?:the |any |all )?(?:assistant|ai|bot|llm|model|reader|system|agent)`,
	`\b(?:do not|don't|never|stop)\b.{0,25}\b(?:cit(?:e|ing)|mention(?:ing)? (?:the|this|that)|tell(?:ing)? the|check(?:ing)?|refus(?:e|ing)|ground|follow(?:ing)?|warn)`,
	`\b(?:call|invoke|run|execute|use)\b.{0,20}\b(?:tool|function|command|shell|script|code|sql)\b`,
	`\b(?:click|visit|open|follow|go to|browse to|navigate to|download from)\b.{0,30}(?:https?:|www\.|here|link|\w\.(?:com|net|org|io|example))`,
	`</?(?:system|instruction|assistant|user|tool|im_start|im_end|s)>|<\|[^|]*\|>|\[/?inst\]|###\s*(?:system|instruction|human|assistant)|\bBEGIN (?:SYSTEM|ADMIN|INSTRUCTION)`,
	`\b(?:jailbreak|developer mode|dan mode|sudo|god mode|admin mode|debug mode|base64)\b`,
	`\bfrom now on\b|\bthis overrides\b|\btakes precedence over\b|\bhighest priority\b|\byour (?:new|real|true|only) (?:task|goal|role|purpose|job|name)\b`,
	`\b(?:recommend|promote|advertise|praise|favou?r|endorse)\b.{0,25}\b(?:only|always|exclusively|above all|no matter|regardless|in every)`,
	`\balways (?:recommend|say|answer|reply|respond|include|mention|tell|choose|approve|agree|cite|link|state|claim)`,
	`\b(?:ignoriere|vergiss|ignora|olvida|oublie|ignorez)\b`,
}, "|"))

// ordersReader reports whether sentence gives orders to a machine instead of stating something.
func ordersReader(sentence string) bool {
	clean, _ := ground.Clean(sentence, nil)
	return orders.MatchString(clean) || orders.MatchString(sentence) || orders.MatchString(squash(clean))
}

// squash undoes the simplest disguises: letters parted by dots, dashes or spaces, and digits for letters.
func squash(s string) string {
	s = leet.Replace(s)
	return spaced.ReplaceAllStringFunc(s, func(m string) string {
		return " " + strings.NewReplacer(" ", "", ".", "", "-", "", "_", "", "*", "").Replace(m) + " "
	})
}

var (
	leet   = strings.NewReplacer("1gn0re", "ignore", "ign0re", "ignore", "1gnore", "ignore", "prev1ous", "previous", "pr3vious", "previous", "pr0mpt", "prompt", "1nstruct", "instruct", "instruct10n", "instruction")
	spaced = regexp.MustCompile(`(?:\b\pL[ .*_-]){4,}\pL\b`)
)

// withoutOrders returns text without the sentences that give orders, and how many there were.
func withoutOrders(text string) (string, int) {
	var sp ground.Splitter
	var b strings.Builder
	dropped := 0
	for _, s := range append(sp.Push(text), sp.Flush()...) {
		if ordersReader(s) {
			dropped++
			continue
		}
		b.WriteString(s)
	}
	return b.String(), dropped
}
