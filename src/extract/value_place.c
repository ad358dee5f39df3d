/*
 * What the name or code of a place may mean.
 */
#include <string.h>
#include "base/utf8.h"
#include "extract/value_place.h"

extern const char *const places_table[][2];
extern const size_t places_rows;

static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI "
    "BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN "
    "CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP "
    "NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW ";

static const struct {
	const char country[3];
	const char *codes;
} regions[] = {
	{ "US",
	    "AK AL AR AS AZ CA CO CT DC DE FL GA GU HI IA ID IL IN KS KY LA MA "
	    "MD ME MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR RI "
	    "SC SD TN TX UT VA VI VT WA WI WV WY " },
	{ "CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT " },
	{ "AU", "ACT NSW NT QLD SA TAS VIC WA " },
	{ "BR",
	    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR "
	    "RS SC SE SP TO " },
};

/* Areas that remote work is open to. */
static const struct {
	const char *key, *scope;
} areas[] = {
	{ "emea", "EMEA" },
	{ "europe middle east and africa", "EMEA" },
	{ "apac", "APAC" },
	{ "asia pacific", "APAC" },
	{ "apj", "APAC" },
	{ "pacific", "APAC" },
	{ "latam", "LATAM" },
	{ "latin america", "LATAM" },
	{ "lateinamerika", "LATAM" },
	{ "amerique latine", "LATAM" },
	{ "latinoamerica", "LATAM" },
	{ "america latina", "LATAM" },
	{ "amer", "AMER" },
	{ "americas", "AMER" },
	{ "amers", "AMER" },
	{ "north america", "North America" },
	{ "nordamerika", "North America" },
	{ "namer", "North America" },
	{ "noram", "North America" },
	{ "south america", "South America" },
	{ "eu", "EU" },
	{ "european union", "EU" },
	{ "europaische union", "EU" },
	{ "union europeenne", "EU" },
	{ "union europea", "EU" },
	{ "eea", "EEA" },
	{ "europe", "Europe" },
	{ "europa", "Europe" },
	{ "dach", "DACH" },
	{ "nordics", "Nordics" },
	{ "benelux", "Benelux" },
	{ "mena", "MENA" },
	{ "anz", "ANZ" },
	{ "cee", "CEE" },
	{ "asia", "Asia" },
	{ "africa", "Africa" },
	{ "oceania", "Oceania" },
	{ "middle east", "Middle East" },
	{ "worldwide", "worldwide" },
	{ "world", "worldwide" },
	{ "world wide", "worldwide" },
	{ "weltweit", "worldwide" },
	{ "monde", "worldwide" },
	{ "monde entier", "worldwide" },
	{ "mundial", "worldwide" },
	{ "global", "worldwide" },
	{ "globally", "worldwide" },
	{ "international", "worldwide" },
	{ "earth", "worldwide" },
};

/* Short names of cities, and their regions where those have a code. */
static const struct {
	const char *key, *name, *region;
} shorts[] = {
	{ "nyc", "New York", "NY" },
	{ "new york city", "New York", "NY" },
	{ "manhattan", "New York", "NY" },
	{ "sf", "San Francisco", "CA" },
	{ "sfo", "San Francisco", "CA" },
	{ "philly", "Philadelphia", "PA" },
	{ "slc", "Salt Lake City", "UT" },
	{ "vegas", "Las Vegas", "NV" },
	{ "cdmx", "Mexico City", "" },
	{ "ldn", "London", "" },
	{ "hcmc", "Ho Chi Minh City", "" },
	{ "tlv", "Tel Aviv", "" },
	{ "blr", "Bangalore", "" },
	{ "kl", "Kuala Lumpur", "" },
};

bool
place_word_in(const char *key, const char *list)
{
	size_t n = strlen(key);

	for (const char *s = list; n > 0 && (s = strstr(s, key)) != NULL; s++)
		if ((s == list || s[-1] == ' ') &&
		    (s[n] == ' ' || s[n] == '\0'))
			return true;
	return false;
}

size_t
value_place_key(const char *text, size_t n, char to[PLACE_KEY_MAX])
{
	char folded[PLACE_KEY_MAX];
	size_t length = 0;
	const char *s;

	to[0] = '\0';
	if (n >= PLACE_KEY_MAX ||
	    value_fold(text, n, folded, sizeof(folded)) == 0)
		return 0;
	for (s = folded; *s != '\0'; s++) {
		bool is_blank = strchr(" -(),/", *s) != NULL;
		if (*s == '.' || *s == '\'' || *s == '`')
			continue;
		if (is_blank && (length == 0 || to[length - 1] == ' '))
			continue;
		to[length++] = is_blank ? ' ' : *s;
		/* "saint" and "sainte" at the end of what is there. */
		if (length >= 5 && memcmp(to + length - 5, "saint", 5) == 0 &&
		    (length == 5 || to[length - 6] == ' ') &&
		    strchr(" -e", s[1]) != NULL) {
			memcpy(to + length - 5, "st", 2);
			length -= 3;
		}
	}
	while (length > 0 && to[length - 1] == ' ')
		length--;
	to[length] = '\0';
	if (length > 4 && memcmp(to, "the ", 4) == 0) {
		length -= 4;
		memmove(to, to + 4, length + 1);
	}
	return length;
}

static struct place_reading *
reading_add(struct place_name *to, enum place_kind kind)
{
	struct place_reading *r;

	if (to->n == PLACE_READINGS)
		return NULL;
	r = &to->readings[to->n++];
	memset(r, 0, sizeof(*r));
	r->kind = kind;
	return r;
}

/* One reading of the table: "cDE", "rUS-GA", "US-NY8804"; behind it. */
static const char *
reading_parse(const char *s, struct place_name *to)
{
	enum place_kind kind = *s == 'c'   ? PLACE_COUNTRY
			       : *s == 'r' ? PLACE_REGION
					   : PLACE_CITY;
	struct place_reading *r = reading_add(to, kind);
	size_t n = 0;

	if (r == NULL)
		return s + strcspn(s, ",;");
	s += kind != PLACE_CITY;
	memcpy(r->country, s, 2);
	s += 2;
	if (*s == '-')
		for (s++; *s >= 'A' && *s <= 'Z'; s++)
			if (n < sizeof(r->region) - 1)
				r->region[n++] = *s;
	for (; *s >= '0' && *s <= '9'; s++)
		r->thousands = r->thousands * 10 + (uint32_t)(*s - '0');
	return s;
}

void
place_find(const char *key, struct place_name *to)
{
	size_t n = strlen(key);
	/* Rows go by at most three bytes that are whole characters. */
	size_t beginning = utf8_cut(key, n, 3);
	const char *const *row = n < 2 ? NULL
				       : table_row(&places_table[0][0], 2,
					     places_rows, key, beginning);
	const char *s = row != NULL ? table_value(row[1], ';', key, n) : NULL;

	if (s == NULL)
		return;
	for (s = reading_parse(s, to); *s == ',';)
		s = reading_parse(s + 1, to);
}

static bool
has_code(const char *list, const char *code)
{
	size_t n = strlen(code);

	for (; *list != '\0'; list += strcspn(list, " ") + 1)
		if (strncmp(list, code, n) == 0 && list[n] == ' ')
			return true;
	return false;
}

void
place_find_code(const char *text, size_t n, struct place_name *to)
{
	char code[4] = "";
	size_t length = 0;
	struct place_reading *r;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (c == '.')
			continue;
		if (length == 3 || (c | 0x20) < 'a' || (c | 0x20) > 'z')
			return;
		code[length++] = (char)(c & ~0x20);
	}
	if (length < 2)
		return;
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		if (!has_code(regions[i].codes, code) ||
		    (r = reading_add(to, PLACE_REGION)) == NULL)
			continue;
		r->by_code = true;
		memcpy(r->country, regions[i].country, 3);
		memcpy(r->region, code, 4);
	}
	if (length == 2 && has_code(countries, code) &&
	    (r = reading_add(to, PLACE_COUNTRY)) != NULL) {
		r->by_code = true;
		memcpy(r->country, code, 3);
	}
}

const char *
place_area(const char *key)
{
	for (size_t i = 0; i < sizeof(areas) / sizeof(areas[0]); i++)
		if (strcmp(areas[i].key, key) == 0)
			return areas[i].scope;
	return NULL;
}

const char *
place_short(const char *key, const char **region)
{
	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++)
		if (strcmp(shorts[i].key, key) == 0) {
			*region = shorts[i].region;
			return shorts[i].name;
		}
	return NULL;
}

static bool
is_capital(uint32_t c)
{
	return (c >= 'A' && c <= 'Z') ||
	       (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	       (c >= 0x410 && c <= 0x42f);
}

static bool
is_small(uint32_t c)
{
	return (c >= 'a' && c <= 'z') ||
	       (c >= 0xdf && c <= 0xff && c != 0xf7) ||
	       (c >= 0x430 && c <= 0x44f);
}

/* Words that stay small inside a name. */
static bool
is_small_word(const char *s, const char *end)
{
	static const char words[] =
	    " de of the am an der den la le du del di da "
	    "do dos das upon on sur und y i im in bei ";
	char word[8] = " ";
	size_t n = 0;

	while (s + n < end && s[n] != ' ' && s[n] != '-')
		n++;
	if (n == 0 || n > 5)
		return false;
	for (size_t i = 0; i < n; i++)
		word[i + 1] = (char)(s[i] | 0x20);
	word[n + 1] = ' ';
	word[n + 2] = '\0';
	return strstr(words, word) != NULL;
}

char *
place_repair_case(struct arena *a, const char *text)
{
	const char *s = text, *end = text + strlen(text);
	size_t capitals = 0, smalls = 0;
	bool at_start = true;
	char *out, *to;

	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		capitals += is_capital(c);
		smalls += is_small(c);
	}
	if ((capitals > 0 && smalls > 0) || capitals + smalls < 4)
		return arena_strdup(a, text);
	/* A byte that is no UTF-8 becomes three. */
	to = out = arena_alloc(a, 3 * strlen(text) + 1);
	for (s = text; s < end;) {
		bool raise = at_start && (s == text || !is_small_word(s, end));
		uint32_t c = utf8_next(&s, end);
		if (raise && is_small(c) && c != 0xdf && c != 0xff)
			c -= 0x20;
		else if (!raise && is_capital(c))
			c += 0x20;
		to += utf8_put(to, c);
		at_start = c == ' ' || c == '-' || c == '\'';
	}
	return out;
}
