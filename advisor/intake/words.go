package intake

// glueWords hold sentences together or name the decision itself; left over, they are dropped silently.
var glueWords = `a an the we our ours us i im ive my me you your it its it's is are be been being am was were will would should shall can could may might must
 need needs needed want wants wanted to of for with within and or plus in on at by from as that this these those there here have has had having do does did doing
 get gets got about around approx approx. approximately roughly circa ca ca. ungefähr etwa some any all per each every if so then than but also too very just only really terribly particularly especially overly
 please pls plz thanks thank thx hi hello hey ok okay yes e.g. i.e. etc via which what what's whats whether how much many tell say know think like likely looking
 look plan planned planning expect expected expecting currently today right now use used uses using usage run running runs serve serving served handle handles
 handling process processes processing processed who whom who've who'd who's where when while because since both either give given gives let lets let's go going into onto up down
 them they their he she his her one ones more less most least than least other such same still even yet again ever between through during before after over under
 out off make makes made making see seen take takes taken receive receives received coming come comes goes work works working build building built set setup
 müssen muss dürfen darf soll anfragen und oder mit für von der die das den dem ein eine einen wir unsere unser pro im am zum zur es ist sind nur bei sollen soll le la les de des du un une et pour avec el los
 cost costs price prices pricing priced expensive consumer b2c percentile sustained enough suffices sufficient self-hosted selfhosted steps contains contain containing includes including data information contents prefer preferred preferably month-on subject w/ auto highly strictly extremely vendors fine ok okay acceptable possible guess worth view time times required mandatory would like i'd we'd we're were we've we'll you're that's there's here's it'll i'll cannot could've should've gonna gotta wanna
 app apps application system solution llm llms ai model models api apis inference genai gpt-style genai thing things case cases usecase stuff kind sort type
 self-host self-hosting selfhost self host hosting hosted deploy deploying deployed deployment open-source opensource open source weights proprietary closed
 vs versus cheaper cheapest cheap compare compared comparing comparison recommend recommendation recommended advise advice option options choose choice pick decide decision
 better best way ways estimate cost-effective llm-advise llmadvise advisor help question scenario situation requirement requirements constraint constraints
 company team's our_own own currently new etc. btw fyi maybe perhaps probably sure well actually basically essentially typically usually generally mostly mainly on-average average
 avg mean overall total sum say assume assuming assumed suppose roughly-speaking something anything everything someone somebody something like means meaning about ish
 against toward towards able based doing don't doesn't isn't aren't can't won't not no nor none without with non per-month number numbers amount figure size sized long length
 at-least least up-to upto approx nearly almost barely exceeding exceed exceeds greater fewer than max min maximum minimum typical normal normally usual average avg. ø median-ish
 start starting begin beginning initially later soon future launch day-one there're per-query
 each-one every-one month-to-month already per-call go-live us-based-ish wait-no ever come along across among amid besides same-as etc
 stay staying move moving moved switch switching leave leaving should've might've must've llm-based ai-based powered ai-powered driven backed side customer-facing user-facing incoming`

// common are English words that lie next to a word of the lexicon and are right as they stand.
var common = `rewrote turnkey classic classics classical shorter sorted stagger wrote detective detectives field field's scope harmless coming comes come cells balls halls walls falls stuff terms works world worlds works wordy staffed hosts ghost most must masses contest patent patents parent parents
 quantity mouth mouths month's taken takes token's ports parts posts pasts costs coats cares cakes cages bases basis sample samples simply complete completes
 context contents content contract contact contacts closed close clock block blocks black clear clean class classes glass grass growths group groups house houses home
 horse hours ours yours story stories store stores stored score scores scored score's record records recorded second seconds search reach teach each beach peach
 public publish published private pirate prime price prices pride print prints proud product products produce project projects protect process progress
 budge badge budget's league legal regal loyal royal level levels lever never fever river driver drive drives trial trail train trains trained training
 batch match catch watch hatch patch branch brand bench lunch launch bunch charts chart chars chairs charge change chance china trust trusts truck track trick
 order older folder holder border corner former farmer farm firm firms film form forms foam roman woman women human humane minor minors miner
 light night right fight might sight eight weight height early yearly dearly clearly nearly really rally reply imply apply supply simple single
 marketing market markets retail retailer fashion travel hotel hotels airline airlines logistics legal school schools university government federal state city
 indie indies independent startup startups enterprise enterprises hospital gaming game games media music video videos audio voice speech image images vision visual multimodal
 english german french spanish chinese japanese italian language languages multilingual africa asia india
 fine-tune fine-tuning finetune finetuning tuning tuned train lora distill embedding embeddings embed vector vectors
 security secure secured encryption encrypted access login password firewall plans plant plane place places please piece peace
 staging testing tested tester stages stage state stable table tables cable able enable unable usable
 quite quiet quick quickly quota quote quotes equal equals actual actually annul manual manually mental metal
 engine engines engineer engineering english enjoy energy entire entry every even event events seven eleven
 number numbers remember member members timber amber reason season seasons treason person persons version versions
 hybrid hydride france finance france's financial final finally frontend backend weekend weekends friend friends trend trends spend spends speed speeds
 letter letters better matter matters latter later water waters waiter writer winter center counter country county
 learn learned learns lean loan loans load loads road roads broad bread break great greet green greens screen screens scream stream streams streaming
 metrics matrix metric memory memo model models modal mode modes node nodes nude code codes coder core cores cored
 latest latent lately literal lateral strict street string strings strong storage
 monday tuesday wednesday thursday friday saturday sunday money monkey month mouth moth
 january february march april june july august september october november december
 accounting accurately adjusted admit advance advances advised advises apple arena associated automatic backing backs base belonging beta binding blind
 blocking blow bracketing breaking bringing broke broken carried casts caution cautious chaining changing chaos child chose clamping clone closer coded
 combine combines commented compatible compilation compiled compiler compiles complain complains completely completing complicate computed computers
 confidence constantly constrained construct consult consulted consults container contiguous continued continues continuing contrast controlled
 conversion correctly cover covers crashing creation date dates deadline deadlines debt deciding declared declares declaring decryption defeating
 defining deleting deletion delicate delivery depending depleted deprecated descriptive descriptor designed developed diagnose direction disgusting
 dispatch dispatches documented doubly draining duplication edits electricity emits emitting employed entities equivalence equivalently establish
 establishes exceeded excessively exclusive exercise exist existent exists exiting expects exporter extending extension failing fails faulting filling
 fills fixing folds fraction fractions functional generating generator generators grouping handshake haven hides highness hired holes importing
 incidental included indent indication influence informational insensitively inspected inspection inspects instance instruct instruction integral
 integration intend inter internet inters intersection interval intervals invoking involved issued iteration iterative known larger last layer leading
 leaking leaning lease lecture libraries lies limiting lines lived locate locking locks maintained managed master matched mechanism merge modem
 necessarily newer noticing noting occasionally operands operated operation optional pacing pairs parameter parking parks part passes passing pause
 pauses perm permuted personality physical possibly practical preempts prefixes presence presented prevent prevents privilege privileges proceeds
 processor processors produced producer production prof profiled promise promised promises provide provided provides qualify racing raises ranging
 reaching readability reap reasonably recorder reduction referred refining reflector regarding regional rejecting rejection relation relative relies
 rely repaired replaces replay replicas replied reported reporting residue resort resp restrict restricts resulted resumed resuming retain retaining
 retains reviewed rotating rounding router sampled saying says scaled scanning scantest scone searched seeding seeds seize serves shade shaded shading
 shake shame shape shard sharp shave shell shortest shrunk simplest simplex skipped smallest smart sold span spare spawn speaking specials spelling
 spent spill spilled spilling spills spin spine spinning squaring stale stall stars starts starving stats stealing stopper stoppers storing stricter
 stripped structure structures subset sufficiently suite suspending swarming syntactic technically though throughout ticker ties timed timer timers
 timezone tracer tracing tracking trade trailing transition transitions treating trimming vertices walks wall wanting weakly white whose wording worked
 worrying freight weight boring sheet sheets sweet quarterlies couriers courier carriers carrier baggage package packages parcel parcels fleet fleets
 dispatching warehouse roster rosters rota tenancy tenants landlord lettings audience editor's chapters clerk's nursery donor donors charity parish
 council councils mayor ministry minister ministries tax taxes customs tariff tariffs duty duties permits permit tender tenders bids budgeted legalese
 brief briefs briefing briefings deposition dockets docket notary witness harbour vessel crew crews claims' bridge bridges tunnel train trams tram bus
 buses depot depots meter meters grid turbine turbines solar panel panels field's sensor sensors gauge gauges pump pumps valve valves shelf shelves
 aisle basket baskets coupon coupons loyalty return refunds refund quoted quotation brokers' mortgage mortgages pension pensions savings wealth hedge
 traded funds fund audits auditing ledger ledgers receipts cashier teller branches branch storeys
 scoping scoped doable abound acceptance adequately advent advisory analytic anonymously ardent assistance attendance auditory averaged bagel baking banging banning barking
 basal basil basin bath bathing bats batter beads beams beans bearing bears beast beasts bells belts bend bets betting billy bitter bland bled bleed
 blond boating boats botched buck bulls burnt businessman bust busts butch butter calming camped cannon carbs cared career cars cart carts carver
 catching cater cats chant chanting chants charm charms charter charting chatter chili chill chin cider clam clans clarification clarifying clash classy
 claws click clinically cloak closet cloudy clout clutter coached coaching coasts codex colder colts commend committee committees compassion compete
 competed complacent complained complexion compliment concert condemning conference consent conservation consultancy consulting contacting contend
 contestant contracted contractor contradict convent coping cords corps councillor counselor counselors counteract coupe coupled critically crops crows
 curry daft dairy daisy daring dated debut decay deceit declined dedicate defect deflection departmental depressing descent detention difficulty
 dispatched ditch diver doubted doubting drier drift drifting dripping electrical emery employer employers engineered entice environmental eternal
 eternally excavation excerpt exert expanse experimented exploration extinction extradition filming financed financially fireball firing fling folk
 forks foster founded francs freelance geek glowing gong grace grad grader grape grate grave grazing greed gross harden harry harvest haunt healthy
 heath hikes hitch hose hostel housed hungry increasingly informative innovation inquire insider instructed insure insured intelligent interacting
 invent invest invitation iris journalism journalistic judged knots knowledgeable lasting leaping leash leasing legalization lest libel libertarian
 licking lifting litter liver loves manure marching marketed massage mates mathematically mathematician mats matte matured mechanical medial melting
 menus merchandise mills minds mined mixer moderately modesty modulation motel myths nation needy nerds niche nigh noon operatives optical ordinarily
 organizational oversight overweight paced paces parry parting partly passer patty paved paving payer pears peas perks persona pharmacies photon piper
 planting playback played playing police pond ponds potent pots practiced practise prayer praying predicting predictive pricey prince prize profession
 professional professionalism professionally professions programme programmed programmes progressed propel proprietor prosper prowess publisher
 publishers purity purse qualitative quartet questioned raced racking raging raising rams ranged rapping raving react reacting reaction reactor
 recruited recruiting regain regimen regulate regulates regulating repay reputation researched resided resilience responsive retirement revelation
 revelations rides riding risen risking risks rites rooting roses rotting rouge routed sale sands scalp scare scared scaring scorer scrap scraps sealing
 seconded sensibility sensing sentimental serviced sever shaft shafts shaking shale shalt shamed shaming shaped shaping shark shaved shaving shawl shire
 shirt shirts shore shred shrine shrines singled skull skulls slang slaying slid slipped snare snoring soaring socialists sore sorely sourced spared
 specialize specializes sped speeding spice spices spies spiked spite spoke squat squats squid stain staple starch stare stared staring statewide
 stating stead stiff stills stimulation stoked stony storey storm stormed stormy strangest structural strung sturgeon submarines subscribe subscribed
 summertime supervisor surrey swift swore thanking thorough tides tiles tire tires tolls torch torches transistor transit tripped tripping trivia trough
 tumor tweed underwater unload utter volunteered wales wards wasting weeds wells whale wills woods worms writ`

// englishFor are words of payment and of the present that Germans, French and Spaniards write, with those that stand for them here.
var englishFor = map[string]string{
	"zahlen": "pay", "zahle": "pay", "bezahlen": "pay", "bezahle": "pay", "payons": "pay", "paie": "pay", "pagamos": "pay", "pago": "pay",
	"wir": "we", "ich": "i", "nous": "we", "für": "for", "pour": "for", "para": "for",
	"aktuell": "currently", "derzeit": "currently", "momentan": "currently", "zurzeit": "currently", "actuellement": "currently", "actualmente": "currently",
	"heute": "today", "aujourd'hui": "today", "hoy": "today",
}

// inEnglish puts the English word for those; what is quoted stays as it was typed.
func inEnglish(toks []token) []token {
	for i := range toks {
		if w := englishFor[toks[i].raw]; w != "" && toks[i].kind == word {
			toks[i].raw = w
		}
	}
	return toks
}
