package advisor

import "strings"

// Place is a jurisdiction that data may have to stay in.
type Place struct {
	Code  string   // of [Workload.Residency]: ISO 3166 alpha-2, "EU", or "UK"
	Name  string   // as a sentence has it: "the EU", "Germany"
	Words []string // lower case, how requests name it; the adjectives last
	Adjs  int      // how many of Words are adjectives, which also name a language or a people
	EU    bool     // a member state
	Cloud []string // how the regions of clouds there begin, as far as they tell the country
}

// places lists where requests ask for data to stay. What is not here is listed as not understood, never taken for somewhere else.
var places = []Place{
	{"EU", "the EU", nil, 0, false, []string{"eu", "europe", "germany", "france", "sweden", "finland", "ireland", "netherlands", "westeurope", "northeurope", "swedencentral", "francecentral"}},
	{"US", "the US", nil, 0, false, []string{"us", "eastus", "westus"}},
	{"UK", "the UK", nil, 0, false, []string{"uk", "eu-west-2", "europe-west2"}},
	{"CH", "Switzerland", nil, 0, false, []string{"ch-", "eu-central-2", "europe-west6", "switzerland"}},
	{"CA", "Canada", nil, 0, false, []string{"ca-", "canada", "northamerica-northeast", "tor1"}},
	{"AU", "Australia", nil, 0, false, []string{"ap-southeast-2", "australia"}},
	{"IN", "India", nil, 0, false, []string{"ap-south-1", "asia-south1", "centralindia", "india", "in1", "in2"}},
	{"JP", "Japan", nil, 0, false, []string{"ap-northeast-1", "asia-northeast1", "japan"}},
	{"SG", "Singapore", nil, 0, false, []string{"ap-southeast-1", "asia-southeast1", "singapore"}},
	{"DE", "Germany", []string{"germany", "deutschland", "german"}, 1, true, []string{"eu-central-1", "europe-west3", "germany"}},
	{"FR", "France", []string{"france", "french"}, 1, true, []string{"eu-west-3", "europe-west9", "france"}},
	{"IE", "Ireland", []string{"ireland", "irish"}, 1, true, []string{"eu-west-1", "northeurope", "ireland"}},
	{"NL", "the Netherlands", []string{"netherlands", "dutch"}, 1, true, []string{"europe-west4", "westeurope", "netherlands"}},
	{"ES", "Spain", []string{"spain", "españa", "spanish"}, 1, true, []string{"eu-south-2", "spain"}},
	{"IT", "Italy", []string{"italy", "italian"}, 1, true, []string{"eu-south-1", "italy"}},
	{"SE", "Sweden", []string{"sweden", "swedish"}, 1, true, []string{"eu-north-1", "sweden"}},
	{"PL", "Poland", []string{"poland", "polish"}, 1, true, []string{"europe-central2", "poland"}},
	{"AT", "Austria", []string{"austria", "austrian"}, 1, true, []string{"austria"}},
	{"BE", "Belgium", []string{"belgium", "belgian"}, 1, true, []string{"europe-west1", "belgium"}},
	{"DK", "Denmark", []string{"denmark", "danish"}, 1, true, []string{"denmark"}},
	{"FI", "Finland", []string{"finland", "finnish"}, 1, true, []string{"europe-north1", "finland"}},
	{"PT", "Portugal", []string{"portugal", "portuguese"}, 1, true, []string{"portugal"}},
	{"GR", "Greece", []string{"greece", "greek"}, 1, true, []string{"greece"}},
	{"CZ", "Czechia", []string{"czechia", "czech"}, 1, true, []string{"czech"}},
	{"HU", "Hungary", []string{"hungary", "hungarian"}, 1, true, []string{"hungary"}},
	{"RO", "Romania", []string{"romania", "romanian"}, 1, true, []string{"romania"}},
	{"BG", "Bulgaria", []string{"bulgaria", "bulgarian"}, 1, true, nil},
	{"HR", "Croatia", []string{"croatia", "croatian"}, 1, true, nil},
	{"SK", "Slovakia", []string{"slovakia", "slovak"}, 1, true, nil},
	{"SI", "Slovenia", []string{"slovenia", "slovenian"}, 1, true, nil},
	{"LT", "Lithuania", []string{"lithuania", "lithuanian"}, 1, true, nil},
	{"LV", "Latvia", []string{"latvia", "latvian"}, 1, true, nil},
	{"EE", "Estonia", []string{"estonia", "estonian"}, 1, true, nil},
	{"LU", "Luxembourg", []string{"luxembourg"}, 0, true, nil},
	{"NO", "Norway", []string{"norway", "norwegian"}, 1, false, []string{"norway"}},
	{"IS", "Iceland", []string{"iceland", "icelandic"}, 1, false, []string{"iceland"}},
	{"BR", "Brazil", []string{"brazil", "brasil", "brazilian"}, 1, false, []string{"sa-east-1", "southamerica-east1", "brazil"}},
	{"MX", "Mexico", []string{"mexico", "mexican"}, 1, false, []string{"mx-", "mexico"}},
	{"CL", "Chile", []string{"chile", "chilean"}, 1, false, []string{"southamerica-west1", "chile"}},
	{"AR", "Argentina", []string{"argentina", "argentinian"}, 1, false, nil},
	{"CO", "Colombia", []string{"colombia", "colombian"}, 1, false, nil},
	{"KR", "South Korea", []string{"south-korea", "korea", "korean"}, 1, false, []string{"ap-northeast-2", "asia-northeast3", "korea"}},
	{"TW", "Taiwan", []string{"taiwan", "taiwanese"}, 1, false, []string{"asia-east1", "taiwan"}},
	{"HK", "Hong Kong", []string{"hong-kong"}, 0, false, []string{"ap-east-1", "asia-east2", "hongkong"}},
	{"CN", "China", []string{"china", "chinese"}, 1, false, []string{"cn-", "china"}},
	{"ID", "Indonesia", []string{"indonesia", "indonesian"}, 1, false, []string{"ap-southeast-3", "asia-southeast2", "indonesia"}},
	{"TH", "Thailand", []string{"thailand", "thai"}, 1, false, []string{"ap-southeast-7", "thailand"}},
	{"VN", "Vietnam", []string{"vietnam", "vietnamese"}, 1, false, nil},
	{"PH", "the Philippines", []string{"philippines", "filipino"}, 1, false, nil},
	{"MY", "Malaysia", []string{"malaysia", "malaysian"}, 1, false, []string{"ap-southeast-5", "malaysia"}},
	{"NZ", "New Zealand", []string{"new-zealand"}, 0, false, []string{"ap-southeast-6", "newzealand"}},
	{"AE", "the Emirates", []string{"uae", "emirates"}, 0, false, []string{"me-central-1", "uae"}},
	{"SA", "Saudi Arabia", []string{"saudi-arabia", "saudi"}, 1, false, []string{"me-central2", "saudi"}},
	{"QA", "Qatar", []string{"qatar"}, 0, false, []string{"me-central1", "qatar"}},
	{"IL", "Israel", []string{"israel", "israeli"}, 1, false, []string{"il-central-1", "me-west1", "israel"}},
	{"ZA", "South Africa", []string{"south-africa"}, 0, false, []string{"af-south-1", "africa-south1", "southafrica"}},
	{"KE", "Kenya", []string{"kenya", "kenyan"}, 1, false, nil},
	{"NG", "Nigeria", []string{"nigeria", "nigerian"}, 1, false, nil},
	{"GH", "Ghana", []string{"ghana", "ghanaian"}, 1, false, nil},
	{"MA", "Morocco", []string{"morocco", "moroccan"}, 1, false, nil},
	{"TR", "Turkey", []string{"turkey", "türkiye", "turkish"}, 1, false, nil},
	{"UA", "Ukraine", []string{"ukraine", "ukrainian"}, 1, false, nil},
	{"RS", "Serbia", []string{"serbia", "serbian"}, 1, false, nil},
	{"KZ", "Kazakhstan", []string{"kazakhstan", "kazakh"}, 1, false, nil},
	{"RW", "Rwanda", []string{"rwanda", "rwandan"}, 1, false, nil},
	{"PK", "Pakistan", []string{"pakistan", "pakistani"}, 1, false, nil},
	{"BD", "Bangladesh", []string{"bangladesh", "bangladeshi"}, 1, false, nil},
	{"PE", "Peru", []string{"peru", "peruvian"}, 1, false, nil},
	{"EG", "Egypt", []string{"egypt", "egyptian"}, 1, false, nil},
	{"CY", "Cyprus", []string{"cyprus", "cypriot"}, 1, true, nil},
	{"MT", "Malta", []string{"malta", "maltese"}, 1, true, nil},
	{"LI", "Liechtenstein", []string{"liechtenstein"}, 0, false, nil},
	{"AL", "Albania", []string{"albania", "albanian"}, 1, false, nil},
	{"BA", "Bosnia", []string{"bosnia", "bosnian"}, 1, false, nil},
	{"MK", "North Macedonia", []string{"macedonia", "macedonian"}, 1, false, nil},
	{"MD", "Moldova", []string{"moldova", "moldovan"}, 1, false, nil},
	{"AM", "Armenia", []string{"armenia", "armenian"}, 1, false, nil},
	{"AZ", "Azerbaijan", []string{"azerbaijan", "azerbaijani"}, 1, false, nil},
	{"UZ", "Uzbekistan", []string{"uzbekistan", "uzbek"}, 1, false, nil},
	{"MN", "Mongolia", []string{"mongolia", "mongolian"}, 1, false, nil},
	{"NP", "Nepal", []string{"nepal", "nepali", "nepalese"}, 2, false, nil},
	{"LK", "Sri Lanka", []string{"sri-lanka", "lankan"}, 1, false, nil},
	{"KH", "Cambodia", []string{"cambodia", "cambodian"}, 1, false, nil},
	{"MM", "Myanmar", []string{"myanmar", "burmese"}, 1, false, nil},
	{"JO", "Jordan", []string{"jordan", "jordanian"}, 1, false, nil},
	{"LB", "Lebanon", []string{"lebanon", "lebanese"}, 1, false, nil},
	{"IQ", "Iraq", []string{"iraq", "iraqi"}, 1, false, nil},
	{"RU", "Russia", []string{"russia", "russian"}, 1, false, nil},
	{"KW", "Kuwait", []string{"kuwait", "kuwaiti"}, 1, false, nil},
	{"BH", "Bahrain", []string{"bahrain", "bahraini"}, 1, false, []string{"me-south-1"}},
	{"OM", "Oman", []string{"oman", "omani"}, 1, false, nil},
	{"AO", "Angola", []string{"angola", "angolan"}, 1, false, nil},
	{"BW", "Botswana", []string{"botswana"}, 0, false, nil},
	{"CI", "Ivory Coast", []string{"ivory-coast", "ivorian"}, 1, false, nil},
	{"CM", "Cameroon", []string{"cameroon", "cameroonian"}, 1, false, nil},
	{"DZ", "Algeria", []string{"algeria", "algerian"}, 1, false, nil},
	{"ET", "Ethiopia", []string{"ethiopia", "ethiopian"}, 1, false, nil},
	{"MZ", "Mozambique", []string{"mozambique", "mozambican"}, 1, false, nil},
	{"NA", "Namibia", []string{"namibia", "namibian"}, 1, false, nil},
	{"SN", "Senegal", []string{"senegal", "senegalese"}, 1, false, nil},
	{"TN", "Tunisia", []string{"tunisia", "tunisian"}, 1, false, nil},
	{"TZ", "Tanzania", []string{"tanzania", "tanzanian"}, 1, false, nil},
	{"UG", "Uganda", []string{"uganda", "ugandan"}, 1, false, nil},
	{"ZM", "Zambia", []string{"zambia", "zambian"}, 1, false, nil},
	{"ZW", "Zimbabwe", []string{"zimbabwe", "zimbabwean"}, 1, false, nil},
	{"BO", "Bolivia", []string{"bolivia", "bolivian"}, 1, false, nil},
	{"CR", "Costa Rica", []string{"costa-rica", "costarican"}, 1, false, nil},
	{"DO", "the Dominican Republic", []string{"dominican-republic", "dominican"}, 1, false, nil},
	{"EC", "Ecuador", []string{"ecuador", "ecuadorian"}, 1, false, nil},
	{"GT", "Guatemala", []string{"guatemala", "guatemalan"}, 1, false, nil},
	{"JM", "Jamaica", []string{"jamaica", "jamaican"}, 1, false, nil},
	{"PA", "Panama", []string{"panama", "panamanian"}, 1, false, nil},
	{"PY", "Paraguay", []string{"paraguay", "paraguayan"}, 1, false, nil},
	{"UY", "Uruguay", []string{"uruguay", "uruguayan"}, 1, false, nil},
}

// Places returns the jurisdictions that a residency may name. The caller must not change them.
func Places() []Place { return places }

// PlaceOf returns the place with a code.
func PlaceOf(code string) (Place, bool) {
	for i := range places {
		if strings.EqualFold(places[i].Code, code) {
			return places[i], true
		}
	}
	return Place{}, false
}

// ResidencyText is how a residency reads: "EU residency", "residency in Germany".
func ResidencyText(code string) string {
	if len(code) == 2 && (code == "EU" || code == "US" || code == "UK") {
		return code + " residency"
	}
	return "residency in " + placeName(code)
}

// placeName is how a sentence names a residency.
func placeName(code string) string {
	if p, ok := PlaceOf(code); ok {
		return p.Name
	}
	return code
}
