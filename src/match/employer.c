/*
 * Employers by one name: "SAP SE" is SAP, "Acme Corp." is Acme Corp.
 */
#include <string.h>
#include "base/str.h"
#include "match/match_int.h"

/* What boards write where they hide who it is. */
static const char *const nobody[] = { "confidential", "confidentialcompany",
	"companyconfidential", "unknown", "na", "none", "anonymous",
	"privateadvertiser", "vertraulich", "anonym", "notspecified",
	"undisclosed", "hidden", "stealth", "stealthstartup", "stealthmode" };

/* The words of the longest form: "s de rl de cv". */
#define FORM_WORDS 5

/* Is the phrase a legal form that stands there ("end", "start")? */
static bool
is_form(const char *phrase, const char *where)
{
	const char *const *row =
	    table_find(legal_forms_table[0], legal_forms_rows, 3, phrase);

	return row != NULL && str_eq(row[1], where);
}

/* The longest legal form that ends at end, in words; 0 if there is none. */
static size_t
form_at_end(
    struct arena *arena, const struct words *words, size_t from, size_t end)
{
	/* A name must remain. */
	size_t n = end > from ? end - from - 1 : 0;

	for (n = n > FORM_WORDS ? FORM_WORDS : n; n > 0; n--)
		if (is_form(words_join(arena, words, end - n, end), "end"))
			return n;
	return 0;
}

static size_t
form_at_start(const struct words *words)
{
	return words->n >= 2 && (is_form(words->at[0].text, "start") ||
				    str_eq(words->at[0].text, "the"));
}

/* Forms of languages that put no blank between words. */
static void
form_unglue(char *key)
{
	if (key[strcspn(key, "\xe3\xe4\xe5\xe6\xe7\xe8\xe9\xea\xeb\xec\xed")] ==
	    '\0')
		return;
	for (size_t r = 0; r < legal_forms_rows; r++) {
		const char *form = legal_forms_table[r][0];
		size_t n = strlen(form), length = strlen(key);
		char *at;

		if ((uint8_t)form[0] < 0xe3 || length <= n)
			continue;
		at = strstr(key, form);
		if (at == key || (at != NULL && at[n] == '\0')) {
			memmove(
			    at, at + n, length - (size_t)(at - key) - n + 1);
			return;
		}
	}
}

/* "Booking.com" is known as Booking as well. */
static void
domain_cut(char *key, const char *name)
{
	static const char *const tails[] = { ".com", ".io", ".ai", ".de",
		".org", ".net", ".co" };
	size_t n = strlen(name), length = strlen(key);

	while (n > 0 && name[n - 1] == ' ')
		n--;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		size_t t = strlen(tails[i]);

		if (n > t + 2 && length > t + 1 &&
		    strncasecmp(name + n - t, tails[i], t) == 0 &&
		    name[n - t - 1] != ' ') {
			key[length - (t - 1)] = '\0';
			return;
		}
	}
}

/* "and" is written or left out at will: "H&M", "H and M". */
static void
ands_drop(struct words *words)
{
	size_t to = 0;

	for (size_t i = 0; i < words->n; i++)
		if (i == 0 || !str_eq(words->at[i].text, "and"))
			words->at[to++] = words->at[i];
	words->n = to;
}

const char *
employer_key(struct arena *arena, const char *company)
{
	struct words words;
	size_t from, end, n;
	char *key, *p;

	words_split(arena, company, &words);
	ands_drop(&words);
	end = words.n;
	from = form_at_start(&words);
	while ((n = form_at_end(arena, &words, from, end)) > 0)
		end -= n;
	/* Blanks are as good as none: boards name firms by slugs. */
	key = p = words_join(arena, &words, from, end);
	for (const char *q = key; *q != '\0'; q++)
		if (*q != ' ')
			*p++ = *q;
	*p = '\0';
	form_unglue(key);
	if (company != NULL && end == words.n)
		domain_cut(key, company);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		if (str_eq(key, nobody[i]))
			return "";
	return key;
}

bool
employer_begins(struct arena *arena, const char *name, const char *prefix)
{
	struct words a, b;
	size_t end, n;

	words_split(arena, name, &a);
	words_split(arena, prefix, &b);
	end = b.n;
	while ((n = form_at_end(arena, &b, 0, end)) > 0)
		end -= n;
	if (end == 0 || end > a.n)
		return false;
	for (size_t i = 0; i < end; i++)
		if (!str_eq(a.at[i].text, b.at[i].text))
			return false;
	return true;
}
