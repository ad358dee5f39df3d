/*
 * What elements are called, and what their texts could be.
 */
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "extract/look_int.h"

#define WORD_BYTES 60

/* ---- classes ---- */

bool
look_is_word(const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n > WORD_BYTES || (text[0] >= '0' && text[0] <= '9') ||
	    (text[0] == '-' && (text[1] < 'a' || text[1] > 'z')))
		return false;
	return strspn(text,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789-_") == n;
}

bool
look_is_made_up(const char *text)
{
	static const char *const begins[] = { "css-", "sc-", "jss", "jsx-",
		"emotion-", "svelte-", "ng-", "v-", "_", "col-", "row", "flex",
		"grid", "p-", "m-", "px-", "py-", "mb-", "mt-", "d-", "w-",
		"is-", "has-", "even", "odd", "first", "last", "active",
		"hidden", "clearfix", "fade" };
	size_t digits = 0, capitals = 0, n = strlen(text);

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncasecmp(text, begins[i], strlen(begins[i])) == 0)
			return true;
	for (const char *p = text; *p != '\0'; p++) {
		digits += *p >= '0' && *p <= '9';
		capitals += *p >= 'A' && *p <= 'Z';
	}
	return n < 3 || digits > 2 || (digits > 0 && capitals > 1);
}

size_t
look_stable_part(const char *class)
{
	const char *mark = strstr(class, "__");

	return mark == NULL || mark - class < 4 || !look_is_made_up(mark + 2)
		   ? 0
		   : (size_t)(mark - class) + 2;
}

size_t
look_classes(
    struct look *look, const struct node *node, const char **to, size_t max)
{
	char *p = node_attr_text(look->arena, node, "class");
	size_t n = 0;

	while (p != NULL && n < max) {
		p += strspn(p, " \t\r\n\f");
		if (*p == '\0')
			break;
		to[n++] = p;
		p += strcspn(p, " \t\r\n\f");
		if (*p != '\0')
			*p++ = '\0';
	}
	return n;
}

/* ---- names and places ---- */

const char *
look_tag(struct look *look, const struct node *node)
{
	return str_lower(
	    look->arena, arena_strndup(look->arena, node->text, node->len));
}

const char *
look_text(struct look *look, const struct node *node, size_t max)
{
	const char *text, *copy;
	size_t n;

	arena_reset(look->brief);
	text = node_text(look->brief, node, LIMIT_FIELD_BYTES);
	n = strlen(text);
	look->work += 16 + (int64_t)n / 4;
	if (n > max)
		for (n = max; n > 0 && (text[n] & 0xc0) == 0x80;)
			n--;
	copy = arena_strndup(look->arena, text, n);
	arena_reset(look->brief);
	return copy;
}

bool
look_has_text(const struct node *node)
{
	for (const struct node *n = node->first; n != NULL; n = n->next)
		if (n->type == NODE_TEXT &&
		    blank_prefix(n->text, n->len) < n->len)
			return true;
	return false;
}

int
look_child_number(const struct node *node)
{
	int n = 1;

	for (node = node->prev; node != NULL; node = node->prev)
		n += node->type == NODE_ELEMENT;
	return n;
}

/* ---- what a text could be ---- */

/* Any text can be a city; one with its country is known to be. */
static bool
is_place(struct look *look, const char *text)
{
	struct location location = { 0 };

	if (look_speaks_of_jobs(text))
		return false;
	value_location(look->arena, text, &location);
	for (size_t i = 0; i < location.nplaces; i++)
		if (location.places[i].country != NULL)
			return true;
	return location.remote != REMOTE_NONE || location.scope != NULL;
}

uint8_t
look_facts(struct look *look, const char *text)
{
	struct instant date;
	struct salary salary = { 0 };
	size_t n = strlen(text);
	uint8_t facts = 0;

	if (n < 2 || n > 120)
		return 0;
	look->work += 2000;
	if (value_date(text, look->r->page->now_ms, 0, DAY_ORDER_NONE, &date))
		facts |= IS_DATE;
	if (is_place(look, text))
		facts |= IS_PLACE;
	if (value_salary(look->arena, text, NULL, &salary) &&
	    (salary.currency != NULL || salary.period != PAY_NONE))
		facts |= IS_SALARY;
	if (n < 40 && value_job_type(text) != JOB_TYPE_NONE)
		facts |= IS_TYPE;
	if (look_names_job(text))
		facts |= IS_JOB;
	return facts;
}
