/*
 * Locations from the widest to the narrowest with hyphens between, as some
 * systems name their sites: "USA-OR-Lebanon", "Florida-Lake Worth-Annex".
 */
#include <string.h>
#include "extract/value_place.h"

#define PIECES_MAX 6

struct piece {
	const char *text;
	size_t n;
};

/* Cut at hyphens that have no blank beside them; 0 if there is other order. */
static size_t
pieces_cut(const char *text, struct piece pieces[PIECES_MAX])
{
	const char *begin = text, *p = text;
	size_t n = 0;

	if (strpbrk(text, ",;|/()") != NULL)
		return 0;
	for (;; p++) {
		if (*p != '-' && *p != '\0')
			continue;
		if (p == begin || (*p == '-' && (p[-1] == ' ' || p[1] == ' ')))
			return 0;
		if (n < PIECES_MAX)
			pieces[n++] =
			    (struct piece){ begin, (size_t)(p - begin) };
		if (*p == '\0')
			return n;
		begin = p + 1;
	}
}

static bool
is_kind(const struct piece *p, enum place_kind kind, bool by_code)
{
	struct place_name name = { .n = 0 };
	char key[PLACE_KEY_MAX];

	if (by_code)
		place_find_code(p->text, p->n, &name);
	else if (value_place_key(p->text, p->n, key) > 0)
		place_find(key, &name);
	for (size_t i = 0; i < name.n; i++)
		if (name.readings[i].kind == kind)
			return true;
	return false;
}

/* "OR", "14", "NSW": a region, or its number. */
static bool
is_code(const struct piece *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (!(p->text[i] >= 'A' && p->text[i] <= 'Z') &&
		    !(p->text[i] >= '0' && p->text[i] <= '9'))
			return false;
	return p->n <= 3;
}

char *
place_from_dashes(struct arena *arena, const char *text)
{
	struct piece p[PIECES_MAX];
	size_t n = pieces_cut(text, p), city = 1;
	bool is_country, is_digits;

	if (n < 2)
		return NULL;
	is_country = is_kind(&p[0], PLACE_COUNTRY, false) ||
		     (is_code(&p[0]) && is_kind(&p[0], PLACE_COUNTRY, true) &&
			 (p[0].n == 3 || (n > 2 && is_code(&p[1]))));
	if (!is_country && !is_kind(&p[0], PLACE_REGION, false))
		return NULL;
	if (is_country && n > 2 &&
	    (is_code(&p[1]) || is_kind(&p[1], PLACE_REGION, false)))
		city = 2;
	is_digits = p[1].text[0] >= '0' && p[1].text[0] <= '9';
	if (city == 2 && !is_digits)
		return arena_printf(arena, "%.*s, %.*s, %.*s", (int)p[2].n,
		    p[2].text, (int)p[1].n, p[1].text, (int)p[0].n, p[0].text);
	return arena_printf(arena, "%.*s, %.*s", (int)p[city].n, p[city].text,
	    (int)p[0].n, p[0].text);
}
