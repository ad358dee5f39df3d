/*
 * The language of running text: by its script, else by the small words that
 * every text has. Close relatives are told apart by those they do not share.
 */
#include <string.h>
#include "base/utf8.h"
#include "extract/value_int.h"

/* So much of a text tells. */
#define LOOK_BYTES 1000
#define WORD_MAX   15
#define SLOTS      2048 /* a power of two, more than twice the words */
/* A word that one language alone has counts this, shared ones less. */
#define WEIGHT 12

static const struct {
	char code[3];
	const char *words;
} languages[] = {
	{ "en", "the and of to in for with you your we our is are will be as "
		"on that this have or an at from by who what work team" },
	{ "de",
	    "und der die das in mit f\u00fcr von zu den dem ist im sie wir "
	    "du dich deine ihre ihr eine einen einer bei auf oder sind auch "
	    "als nicht werden sowie zur zum uns unser unsere \u00fcber" },
	{ "fr",
	    "et de la les des le en vous nous pour dans est un une du votre "
	    "sur avec au aux par ou qui que notre vos sont plus ces cette" },
	{ "es", "y de la el en los las para con una un del por que se su al "
		"como nuestro nuestra m\u00e1s experiencia trabajo o ser es" },
	{ "pt", "e de a o em para com uma um do da dos das por que se no na os "
		"as mais sua voc\u00ea nosso nossa ou ser \u00e9 n\u00e3o "
		"experi\u00eancia trabalho" },
	{ "it",
	    "e di il la in per con un una del della dei delle che \u00e8 nel "
	    "gli si da al alla lavoro esperienza o i le sono nostra" },
	{ "nl", "en de het een van in voor met je op is te aan we onze bij als "
		"dat zijn ook naar werken jij ons om jouw wij aan of" },
	{ "sv",
	    "och att i en som f\u00f6r p\u00e5 med av \u00e4r till vi du ett "
	    "har om oss eller inom din v\u00e5r kan arbeta dig samt det" },
	{ "da", "og at i en som til p\u00e5 med af er for vi du et har om os "
		"eller inden din vores kan det de dig samt v\u00e6re" },
	{ "no",
	    "og \u00e5 i en som til p\u00e5 med av er for vi du et har om oss "
	    "eller innen din v\u00e5r kan det deg samt v\u00e6re ikke" },
	{ "fi", "ja on ett\u00e4 tai sek\u00e4 ovat sinulla meill\u00e4 olet "
		"ty\u00f6 ty\u00f6n sen kanssa my\u00f6s joka ole mit\u00e4" },
	{ "pl", "i w na z do si\u0119 oraz jest dla o od po \u017ce nie jak "
		"pracy do\u015bwiadczenie lub ze nas za przez tym" },
	{ "cs", "a v na s se do pro je \u017ee to od jako nebo kter\u00e9 jsme "
		"pr\u00e1ce bude\u0161 m\u00e1me nab\u00edz\u00edme ve za "
		"t\u00fdm zku\u0161enosti znalost jsi k u n\u00e1s p\u0159i "
		"i nebo z si t\u011b" },
	{ "sk", "a v na s sa do pre je \u017ee to od ako alebo ktor\u00e9 sme "
		"pr\u00e1ce bude\u0161 ponúkame vo za t\u00edm "
		"sk\u00fasenosti znalos\u0165 si k u n\u00e1s pri aj z ma" },
	{ "hu", "\u00e9s a az hogy vagy egy nem van is meg munka tapasztalat "
		"ismerete csapat sz\u00e1m\u00e1ra" },
	{ "ro", "\u0219i de la \u00een pe cu pentru din un o care este sau ale "
		"ai experien\u021b\u0103 noastr\u0103 \u015fi" },
	{ "tr", "ve bir i\u00e7in ile olan da de bu olarak i\u015f deneyim" },
	{ "hr", "i u na je za se da od s su ili kao rad iskustvo te biti" },
	{ "sl", "in v na je za z da se ali kot delo izku\u0161nje so ki" },
	{ "ca", "i de la el en els les per amb una que del o al som treball" },
	{ "et", "ja on ei v\u00f5i et ning kui t\u00f6\u00f6 meie" },
	{ "lt", "ir \u012f su yra kad arba darbo patirtis m\u016bs\u0173" },
	{ "lv", "un ir ar uz vai k\u0101 darba pieredze m\u016bsu" },
};
#define NLANGUAGES (sizeof(languages) / sizeof(languages[0]))
_Static_assert(NLANGUAGES <= 32, "a word has a bit for each language");

static struct slot {
	char word[WORD_MAX + 1];
	uint32_t which;
} slots[SLOTS];

static struct slot *
slot_of(const char *word, size_t n)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ (uint8_t)word[i]) * 16777619U;
	for (;; hash++) {
		struct slot *s = &slots[hash & (SLOTS - 1)];

		if (s->which == 0 ||
		    (memcmp(s->word, word, n) == 0 && s->word[n] == '\0'))
			return s;
	}
}

static void
slots_fill(void)
{
	static bool filled;

	for (size_t i = 0; !filled && i < NLANGUAGES; i++)
		for (const char *p = languages[i].words; *p != '\0';) {
			size_t n = strcspn(p, " ");
			struct slot *s = slot_of(p, n);

			memcpy(s->word, p, n);
			s->which |= UINT32_C(1) << i;
			p += n;
			p += *p == ' ';
		}
	filled = true;
}

/* A letter and the letters behind it, lower case; the word's length. */
static size_t
word_read(const char **at, const char *end, char to[WORD_MAX + 1])
{
	const char *p = *at;
	size_t n = 0;

	while (p < end && ((*p | 32) >= 'a' || (*p & 0x80) != 0) && *p != '{' &&
	       *p != '|' && *p != '}' && *p != '~' && *p != '[' && *p != ']' &&
	       *p != '^' && *p != '`' && *p != '_' && *p != '\\' && *p != '@') {
		if (n < WORD_MAX)
			to[n] = *p >= 'A' && *p <= 'Z' ? (char)(*p | 32) : *p;
		/* Capitals of Latin-1 and Latin Extended-A. */
		if (n < WORD_MAX && n > 0 && to[n - 1] == '\xc3' &&
		    (uint8_t)*p < 0x9f)
			to[n] = (char)(*p + 0x20);
		n++;
		p++;
	}
	*at = n == 0 ? p + 1 : p;
	return n > WORD_MAX ? 0 : n;
}

/* Letters that one language alone has, or nearly so. */
#define LETTER_WEIGHT 4
static const struct {
	uint32_t letter;
	char code[3];
} letters_of[] = {
	{ 0x11b, "cs" },
	{ 0x159, "cs" },
	{ 0x16f, "cs" },
	{ 0x13e, "sk" },
	{ 0x13a, "sk" },
	{ 0x155, "sk" },
	{ 0xf4, "sk" },
	{ 0x142, "pl" },
	{ 0x105, "pl" },
	{ 0x119, "pl" },
	{ 0x151, "hu" },
	{ 0x171, "hu" },
	{ 0x103, "ro" },
	{ 0x21b, "ro" },
	{ 0x11f, "tr" },
	{ 0x131, "tr" },
	{ 0xdf, "de" },
	{ 0xf1, "es" },
	{ 0xe3, "pt" },
	{ 0xf5, "pt" },
};

static void
letters_score(const char *text, const char *end, uint32_t *score)
{
	size_t n = sizeof(letters_of) / sizeof(letters_of[0]), at;

	while (text < end) {
		uint32_t c;

		if ((*text & 0x80) == 0) {
			text++;
			continue;
		}
		c = utf8_next(&text, end);
		for (at = 0; at < n; at++)
			if (letters_of[at].letter == c)
				break;
		for (size_t i = 0; at < n && i < NLANGUAGES; i++)
			if (strcmp(languages[i].code, letters_of[at].code) == 0)
				score[i] += LETTER_WEIGHT;
	}
}

static const char *
by_words(const char *text, const char *end)
{
	const char *begin = text;
	uint32_t score[NLANGUAGES] = { 0 };
	char word[WORD_MAX + 1];
	size_t best = 0, second = 1;

	slots_fill();
	while (text < end) {
		size_t n = word_read(&text, end, word);
		uint32_t which = n == 0 ? 0 : slot_of(word, n)->which;
		int sharers = __builtin_popcount(which);

		for (size_t i = 0; which != 0; i++, which >>= 1)
			if ((which & 1) != 0)
				score[i] += (uint32_t)(WEIGHT / sharers);
	}
	letters_score(begin, end, score);
	for (size_t i = 1; i < NLANGUAGES; i++)
		if (score[i] > score[best]) {
			second = best;
			best = i;
		} else if (i != best && score[i] > score[second]) {
			second = i;
		}
	if (best == second)
		second = 0;
	/* Unsure is better than wrong. */
	if (score[best] < 4 * WEIGHT || score[best] * 5 < score[second] * 6)
		return NULL;
	return languages[best].code;
}

/* ---- scripts ---- */

enum script {
	LATIN,
	CYRILLIC,
	GREEK,
	HEBREW,
	ARABIC,
	THAI,
	HANGUL,
	KANA,
	HAN,
	SCRIPTS
};

static enum script
script_of(uint32_t c)
{
	static const struct {
		uint32_t from, to;
		enum script script;
	} ranges[] = { { 0x370, 0x3ff, GREEK }, { 0x400, 0x52f, CYRILLIC },
		{ 0x590, 0x5ff, HEBREW }, { 0x600, 0x6ff, ARABIC },
		{ 0xe00, 0xe7f, THAI }, { 0x3040, 0x30ff, KANA },
		{ 0x4e00, 0x9fff, HAN }, { 0xac00, 0xd7a3, HANGUL } };

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return ranges[i].script;
	return LATIN;
}

struct letters {
	size_t of[SCRIPTS], all;
	size_t ukrainian, bulgarian;
};

static const char *
by_script(const struct letters *l)
{
	static const char *const codes[SCRIPTS] = { NULL, "ru", "el", "he",
		"ar", "th", "ko", "ja", "zh" };
	enum script most = LATIN;

	/* Japanese writes half of its words in Han. */
	if (l->of[KANA] * 10 > l->all)
		return "ja";
	for (enum script s = LATIN; s < SCRIPTS; s++)
		if (l->of[s] > l->of[most])
			most = s;
	if (most == CYRILLIC && l->ukrainian * 50 > l->of[CYRILLIC])
		return "uk";
	/* Russian has one hard sign in thousands of letters. */
	if (most == CYRILLIC && l->bulgarian * 100 > l->of[CYRILLIC])
		return "bg";
	return codes[most];
}

static bool
letters_count(const char *text, const char *end, struct letters *l)
{
	bool foreign = false;

	while (text < end) {
		uint32_t c;

		if ((*text & 0x80) == 0) {
			if ((*text | 32) >= 'a' && (*text | 32) <= 'z') {
				l->all++;
				l->of[LATIN]++;
			}
			text++;
			continue;
		}
		c = utf8_next(&text, end);
		if (!utf8_is_letter(c))
			continue;
		l->all++;
		l->of[script_of(c)]++;
		foreign |= script_of(c) != LATIN;
		l->ukrainian += c == 0x456 || c == 0x457 || c == 0x454;
		l->bulgarian += c == 0x44a;
	}
	return foreign;
}

const char *
value_language(const char *text)
{
	size_t n = strnlen(text, LOOK_BYTES);
	const char *end = text + utf8_cut(text, n, LOOK_BYTES), *code;
	struct letters letters = { .all = 0 };

	if (letters_count(text, end, &letters)) {
		code = by_script(&letters);
		if (code != NULL)
			return letters.all < 40 ? NULL : code;
	}
	return by_words(text, end);
}
