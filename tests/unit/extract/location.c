/* Locations: places, remote work, its scope, and the vectors. */
#include "base/str.h"
#include "extract/value_int.h"
#include "vectors.h"

static struct arena *arena;

/* "Berlin,,DE;Paris,,FR remote EU" */
static char *
of(const char *text)
{
	struct location l;
	char *out;

	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	arena_reset(arena);
	value_location(arena, text, &l);
	out = arena_strdup(arena, "");
	for (size_t i = 0; i < l.nplaces; i++) {
		const struct place *p = &l.places[i];
		out = arena_printf(arena, "%s%s%s,%s,%s", out, i > 0 ? ";" : "",
		    p->city != NULL ? p->city : "",
		    p->region != NULL ? p->region : "",
		    p->country != NULL ? p->country : "");
	}
	if (l.remote != REMOTE_NONE)
		out = arena_printf(arena, "%s %s", out, remote_name(l.remote));
	if (l.scope != NULL)
		out = arena_printf(arena, "%s %s", out, l.scope);
	return out;
}

/* What may be applied from, as boards of remote jobs say it. */
static void
only(void)
{
	CHECK_STR(of("Germany only"), ",,DE");
	CHECK_STR(of("USA or Canada Only"), ",,US;,,CA");
	CHECK_STR(of("Remote - Poland only"), " remote PL");
	CHECK_STR(of("UK/Europe Only"), ",,GB");
	CHECK_STR(of("Only"), "Only,,");
}

/* From the widest to the narrowest, as some systems name their sites. */
static void
dashes(void)
{
	CHECK_STR(of("USA-OR-Lebanon"), "Lebanon,OR,US");
	CHECK_STR(of("Florida-Lake Worth-Annex"), "Lake Worth,FL,US");
	CHECK_STR(of("MY-14-Kuala Lumpur"), "Kuala Lumpur,,MY");
	CHECK_STR(of("Mexico-Puebla-Puebla"), "Puebla,Puebla,MX");
	CHECK_STR(of("Aix-en-Provence"), "Aix-en-Provence,,FR");
	CHECK_STR(of("Winston-Salem, NC"), "Winston-Salem,NC,US");
	CHECK_STR(of("-"), "");
	CHECK_STR(of("USA-"), ",,US");
}

static void
any_bytes(void)
{
	static const char alphabet[] = "abcDEUSA,;/|- ().123orRemote"
				       "\xc3\xa4\xe2\x80\xa2\xff";
	uint64_t seed = 3;

	for (int round = 0; round < 20000; round++) {
		char text[64];
		size_t n;

		for (n = 0; n < sizeof(text) - 1; n++) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			text[n] =
			    alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
			if ((seed >> 20) % 40 == 0)
				break;
		}
		text[n] = '\0';
		CHECK(of(text) != NULL);
	}
}

static bool
place_agrees(const struct json *want, const struct json *got)
{
	const char *region = json_get_text(want, "region");

	return str_eq(
		   json_get_text(want, "city"), json_get_text(got, "city")) &&
	       (region == NULL ||
		   str_eq(region, json_get_text(got, "region"))) &&
	       str_eq(json_get_text(want, "country_iso2"),
		   json_get_text(got, "country"));
}

static bool
agrees(const struct json *want, const struct json *got)
{
	const struct json *places = json_get(want, "places");
	const struct json *found = json_get(got, "places");

	if (json_size(places) != json_size(found))
		return false;
	for (size_t i = 0; i < json_size(places); i++)
		if (!place_agrees(json_at(places, i), json_at(found, i)))
			return false;
	return str_eq(json_get_text(want, "remote"),
		   json_get_text(got, "remote")) &&
	       str_eq(
		   json_get_text(want, "scope"), json_get_text(got, "scope"));
}

static void
vectors(void)
{
	struct json *all = vectors_load("location-vectors.json");
	const struct json *cases = json_get(all, "cases");
	size_t right = 0;

	for (size_t i = 0; i < json_size(cases); i++) {
		const struct json *c = json_at(cases, i);
		struct json *out = try_location(c);

		if (agrees(json_get(c, "expect"), json_get(out, "result")))
			right++;
		else
			printf("%s '%s': %s\n", json_get_text(c, "id"),
			    json_get_text(c, "text"),
			    of(json_get_text(c, "text")));
		json_free(out);
	}
	printf(
	    "table: location vectors: %zu of %zu\n", right, json_size(cases));
	CHECK(right * 100 >= json_size(cases) * 95);
	json_free(all);
}

static void
check_all(const char *const (*cases)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(of(cases[i][0]), cases[i][1]) != 0) {
			printf("'%s'\n", cases[i][0]);
			CHECK_STR(of(cases[i][0]), cases[i][1]);
		}
}
#define CHECK_ALL(cases) check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void
cities(void)
{
	static const char *const cases[][2] = {
		{ "", "" },
		{ "Berlin", "Berlin,,DE" },
		{ "M\xc3\x9cNCHEN", "M\xc3\xbcnchen,,DE" },
		{ "s\xc3\xa3o paulo", "S\xc3\xa3o Paulo,,BR" },
		{ "Austin TX", "Austin,TX,US" },
		{ "austin tx", "Austin,TX,US" },
		{ "US-TX-Austin", "Austin,TX,US" },
		{ "United States, Texas, Austin", "Austin,TX,US" },
		{ "London, ON", "London,ON,CA" },
		{ "Toronto, CA", "Toronto,,CA" },
		{ "Hamburg, DE", "Hamburg,,DE" },
		{ "Wilmington, DE", "Wilmington,DE,US" },
		{ "Bangalore, IN", "Bangalore,,IN" },
		{ "Perth, WA", "Perth,WA,AU" },
		{ "Indiana, PA", "Indiana,PA,US" },
		{ "Washington DC", "Washington,DC,US" },
		{ "Los Angeles, New York", "Los Angeles,,US;New York,,US" },
		{ "Buffalo, New York", "Buffalo,NY,US" },
		{ "Getafe, Madrid", "Getafe,Madrid,ES" },
		{ "Milano, MI", "Milano,MI,IT" },
		{ "Berlin, BE, DE", "Berlin,BE,DE" },
		{ "Salvador, BA", "Salvador,BA,BR" },
		{ "Curitiba/PR", "Curitiba,PR,BR" },
		{ "Italy, TX", "Italy,TX,US" },
		{ "Chesterfield, Virginia", "Chesterfield,VA,US" },
		{ "Brazil - Rio de Janeiro", "Rio de Janeiro,,BR" },
		{ "Houston Galleria", "Houston,,US" },
		{ "New Berlin", "New Berlin,,US" },
		{ "Jackson Hole, WY", "Jackson Hole,WY,US" },
		{ "Tbilisi, Georgia", "Tbilisi,,GE" },
		{ "Singapore", "Singapore,,SG" },
		{ "Hong Kong, China", "Hong Kong,,HK" },
		{ "Cambridge", "Cambridge,," },
		{ "Kleindorf, Bayern", "Kleindorf,Bayern,DE" },
		{ "SF, LA, NYC", "San Francisco,,US;Los Angeles,,US;"
				 "New York,,US" },
		{ "\xe5\x8c\x97\xe4\xba\xac", "\xe5\x8c\x97\xe4\xba\xac,,CN" },
	};

	CHECK_ALL(cases);
	CHECK_STR(of(NULL), "");
}

static void
wide(void)
{
	static const char *const cases[][2] = {
		{ "Deutschland", ",,DE" },
		{ "Allemagne", ",,DE" },
		{ "Estados Unidos", ",,US" },
		{ "U.S.A.", ",,US" },
		{ "California", ",CA,US" },
		{ "Georgia, USA", ",GA,US" },
		{ "England", ",England,GB" },
		{ "Trinidad and Tobago", ",,TT" },
		{ "Ontario, Canada", ",ON,CA" },
		{ "5 Locations", "" },
		{ "TBD", "" },
		{ "EMEA", "" },
	};

	CHECK_ALL(cases);
}

static void
streets(void)
{
	static const char *const cases[][2] = {
		{ "10115 Berlin", "Berlin,,DE" },
		{ "Musterstra\xc3\x9f"
		  "e 12, 10115 Berlin",
		    "Berlin,,DE" },
		{ "12 rue de Rivoli, 75001 Paris", "Paris,,FR" },
		{ "1012 AB Amsterdam", "Amsterdam,,NL" },
		{ "London, SW1A 2AA, UK", "London,,GB" },
		{ "1 Infinite Loop, Cupertino, CA 95014", "Cupertino,CA,US" },
		{ "One Market St, San Francisco, CA", "San Francisco,CA,US" },
		{ "Mitte, Berlin", "Berlin,,DE" },
		{ "Berlin-Kreuzberg, Deutschland", "Berlin,,DE" },
		{ "Greater Boston Area", "Boston,,US" },
	};

	CHECK_ALL(cases);
}

static void
remote(void)
{
	static const char *const cases[][2] = {
		{ "Remote", " remote" },
		{ "Remote - EU", " remote EU" },
		{ "Remote (EU/UK)", " remote EU,GB" },
		{ "Remote - US/Canada", " remote US,CA" },
		{ "US or Canada (Remote)", " remote US,CA" },
		{ "Remote, TX", " remote US-TX" },
		{ "Anywhere", " remote worldwide" },
		{ "Berlin (Remote)", "Berlin,,DE remote" },
		{ "Gr\xc3\xbcndau (Remote)", "Gr\xc3\xbcndau,, remote" },
		{ "Remote (CET +/- 2h)", " remote" },
		{ "London, Remote - UK", "London,,GB remote GB" },
		{ "Madrid o remoto", "Madrid,,ES remote" },
		{ "Hybrid remote in Berlin", "Berlin,,DE hybrid" },
		{ "Hybrid or Remote", " remote" },
		{ "Boston, MA (Onsite)", "Boston,MA,US onsite" },
		{ "Homeoffice / Berlin", "Berlin,,DE remote" },
	};

	CHECK_ALL(cases);
}

/* Bytes that are no UTF-8 become longer where letters are repaired. */
static void
broken_bytes(void)
{
	char text[64];

	memset(text, 0xf6, sizeof(text));
	memcpy(text, "bangalore", 9);
	memcpy(text + 48, ", , India", 10);
	CHECK(strlen(of(text)) > 60);
	CHECK(str_ends(of(text), ",IN"));
}

/* Long lists are cut, and no text costs more than its length. */
static void
long_texts(void)
{
	static const char *const pieces[] = { "a;", "Berlin, ", "(", "Remote ",
		"x-", "San ", "\xe2\x80\xa2", "1 ", "US/" };
	struct location l;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		size_t n = strlen(pieces[i]), used = 0;
		char *text = malloc(100001);

		for (; used + n <= 100000; used += n)
			memcpy(text + used, pieces[i], n);
		text[used] = '\0';
		CHECK(of(text) != NULL);
		value_location(arena, text, &l);
		CHECK(l.nplaces <= 200);
		free(text);
	}
}

TESTS(TEST(cities), TEST(wide), TEST(streets), TEST(remote), TEST(only),
    TEST(broken_bytes), TEST(long_texts), TEST(dashes), TEST(any_bytes),
    TEST(vectors))
