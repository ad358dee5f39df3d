/* Locations: places, remote work, its scope, and the vectors. */
#include "base/str.h"
#include "extract/value_int.h"
#include "vectors.h"

static struct arena *arena;

/* "Berlin,,DE;Paris,,FR remote EU" */
static const char *
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
	printf("location vectors: %zu of %zu\n", right, json_size(cases));
	CHECK(right * 100 >= json_size(cases) * 95);
	json_free(all);
}

TESTS(TEST(any_bytes), TEST(vectors))
