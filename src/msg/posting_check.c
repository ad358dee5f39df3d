/*
 * What store does with a posting it was handed: look at it again, join it
 * with its detail page, and tell whether a person would see a change.
 */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "msg/msg_int.h"

/* Years a date of a posting may lie in; beyond it is a misread number. */
#define DATE_MIN_MS 0LL             /* 1970 */
#define DATE_MAX_MS 4102444800000LL /* 2100 */

struct check {
	struct arena *arena;
	struct posting *p;
};

static void
warn(struct check *c, const char *text)
{
	size_t n = c->p->nwarnings;
	const char **list;

	if (text == NULL || n >= LIMIT_LIST_ITEMS)
		return;
	list = arena_array(c->arena, n + 1, sizeof(*list));
	if (list == NULL)
		return;
	if (n > 0)
		memcpy(list, c->p->warnings, n * sizeof(*list));
	list[n] = text;
	c->p->warnings = list;
	c->p->nwarnings = n + 1;
}

/*
 * The text without what acts on terminals and readers, cut at a character
 * with a warning; "" becomes NULL.
 */
static const char *
cut(struct check *c, const char *text, size_t limit, const char *name)
{
	size_t n;

	if (text != NULL)
		text = str_clean(c->arena, text);
	if (text == NULL || text[0] == '\0')
		return NULL;
	n = strlen(text);
	if (n <= limit)
		return text;
	warn(c, arena_printf(
		    c->arena, "%s: cut to %zu of %zu bytes", name, limit, n));
	return arena_strndup(c->arena, text, utf8_cut(text, n, limit));
}

static void
cut_list(struct check *c, const char *const **list, size_t *n, const char *name)
{
	const char **kept;

	if (*n > LIMIT_LIST_ITEMS) {
		warn(c, arena_printf(c->arena, "%s: %d of %zu kept", name,
			    LIMIT_LIST_ITEMS, *n));
		*n = LIMIT_LIST_ITEMS;
	}
	for (size_t i = 0; i < *n; i++) {
		if (strlen((*list)[i]) <= LIMIT_FIELD_BYTES)
			continue;
		kept = arena_array(c->arena, *n, sizeof(*kept));
		if (kept == NULL)
			return;
		memcpy(kept, *list, *n * sizeof(*kept));
		for (; i < *n; i++)
			kept[i] = cut(c, kept[i], LIMIT_FIELD_BYTES, name);
		*list = kept;
	}
}

/* A URL that can be done without: dropped with a warning when it is none. */
static const char *
url_or_drop(struct check *c, const char *text, const char *name)
{
	struct url url;
	struct err e;

	if (text == NULL || text[0] == '\0')
		return NULL;
	if (url_parse(c->arena, text, &url, &e) == 0)
		return text;
	warn(c, arena_printf(c->arena, "%s: %s", name, e.text));
	return NULL;
}

/* A body cut short would ask for something else. */
static void
check_detail(struct check *c)
{
	struct posting *p = c->p;

	p->detail_url = url_or_drop(c, p->detail_url, "detail");
	if (p->detail_body == NULL ||
	    strlen(p->detail_body) <= LIMIT_FIELD_BYTES)
		return;
	warn(c, arena_printf(c->arena,
		    "detail: its body has %zu bytes, more than %d",
		    strlen(p->detail_body), LIMIT_FIELD_BYTES));
	p->detail_url = p->detail_body = NULL;
}

static bool
is_code(const char *s, size_t n, int (*is)(int))
{
	for (size_t i = 0; i < n; i++) {
		if (!is((unsigned char)s[i]))
			return false;
	}
	return s[n] == '\0';
}

static const char *
code_or_drop(struct check *c, const char *code, size_t n, int (*is)(int),
    const char *name)
{
	if (code == NULL || is_code(code, n, is))
		return code;
	warn(c, arena_printf(c->arena, "%s: not a code, dropped", name));
	return NULL;
}

static void
check_places(struct check *c)
{
	struct posting *p = c->p;

	if (p->nplaces > LIMIT_LIST_ITEMS) {
		warn(c, "places: too many, the first are kept");
		p->nplaces = LIMIT_LIST_ITEMS;
	}
	for (size_t i = 0; i < p->nplaces; i++) {
		struct place *at = &p->places[i];

		at->city = cut(c, at->city, LIMIT_TITLE_BYTES, "city");
		at->region = cut(c, at->region, LIMIT_TITLE_BYTES, "region");
		at->country =
		    code_or_drop(c, at->country, 2, isupper, "country");
	}
}

static void
check_salary(struct check *c)
{
	struct salary *s = &c->p->salary;

	if (!s->present)
		return;
	s->currency = code_or_drop(c, s->currency, 3, isupper, "currency");
	if (!isfinite(s->min) || !isfinite(s->max) || s->min < 0 ||
	    s->max < 0 || (s->max > 0 && s->min > s->max)) {
		warn(c, "salary: not a range of amounts, dropped");
		*s = (struct salary){ .present = false };
	}
}

static void
check_instant(struct check *c, struct instant *at, const char *name)
{
	if (!at->present || (at->ms >= DATE_MIN_MS && at->ms < DATE_MAX_MS))
		return;
	warn(c, arena_printf(c->arena, "%s: no plausible date", name));
	*at = (struct instant){ .present = false };
}

static void
check_metadata(struct check *c)
{
	struct posting *p = c->p;

	if (p->nmetadata > LIMIT_LIST_ITEMS) {
		warn(c, "metadata: too many, the first are kept");
		p->nmetadata = LIMIT_LIST_ITEMS;
	}
	for (size_t i = 0; i < p->nmetadata; i++) {
		struct pair *m = &p->metadata[i];
		const char *value;

		m->name = arena_strndup(c->arena, m->name,
		    utf8_cut(m->name, strlen(m->name), LIMIT_TITLE_BYTES));
		value = cut(c, m->value, LIMIT_FIELD_BYTES, "metadata");
		m->value = value == NULL ? "" : value;
	}
}

/* The two without which a person can do nothing with a posting. */
static int
check_needed(struct check *c, struct err *e)
{
	struct posting *p = c->p;
	struct url url;

	if (str_is_empty(p->title))
		return err_set(e, ERR_DATA, "posting has no title");
	if (p->url == NULL || p->url[0] == '\0')
		return err_set(e, ERR_DATA, "posting has no url");
	if (url_parse(c->arena, p->url, &url, e) == -1)
		return err_prefix(e, "url of the posting");
	return 0;
}

int
posting_check(struct arena *arena, struct posting *p, struct err *e)
{
	struct check c = { .arena = arena, .p = p };

	if (check_needed(&c, e) == -1)
		return -1;
	p->title = cut(&c, p->title, LIMIT_TITLE_BYTES, "title");
	p->external_id =
	    cut(&c, p->external_id, LIMIT_TITLE_BYTES, "external_id");
	p->company = cut(&c, p->company, LIMIT_TITLE_BYTES, "company");
	p->location = cut(&c, p->location, LIMIT_FIELD_BYTES, "location");
	p->description =
	    cut(&c, p->description, LIMIT_DESCRIPTION_BYTES, "description");
	p->description_html = cut(&c, p->description_html,
	    LIMIT_DESCRIPTION_BYTES, "description_html");
	p->apply_url = url_or_drop(&c, p->apply_url, "apply_url");
	check_detail(&c);
	p->language = code_or_drop(&c, p->language, 2, islower, "language");
	check_places(&c);
	check_salary(&c);
	cut_list(&c, &p->requirements, &p->nrequirements, "requirements");
	cut_list(&c, &p->benefits, &p->nbenefits, "benefits");
	cut_list(&c, &p->tags, &p->ntags, "tags");
	check_instant(&c, &p->posted, "posted_date");
	check_instant(&c, &p->closes, "closes_date");
	check_metadata(&c);
	if (p->nwarnings > LIMIT_LIST_ITEMS)
		p->nwarnings = LIMIT_LIST_ITEMS;
	/* Cutting takes memory, which a soft arena may refuse. */
	if (p->title == NULL)
		return err_set(e, ERR_DATA, "posting is too big");
	return 0;
}

static const struct pair *
pair_find(const struct pair *pairs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(pairs[i].name, name))
			return &pairs[i];
	}
	return NULL;
}

/* Pairs of both; where a name is in both, the detail's value. */
static void
merge_metadata(
    struct arena *arena, struct posting *list, const struct posting *detail)
{
	struct pair *both;
	size_t n = 0;

	if (detail->nmetadata == 0)
		return;
	both = arena_array(
	    arena, list->nmetadata + detail->nmetadata, sizeof(*both));
	if (both == NULL)
		return;
	for (size_t i = 0; i < list->nmetadata; i++) {
		if (pair_find(detail->metadata, detail->nmetadata,
			list->metadata[i].name) == NULL)
			both[n++] = list->metadata[i];
	}
	memcpy(both + n, detail->metadata, detail->nmetadata * sizeof(*both));
	list->metadata = both;
	list->nmetadata = n + detail->nmetadata;
}

static void
merge_warnings(
    struct arena *arena, struct posting *list, const struct posting *detail)
{
	size_t n = list->nwarnings, more = detail->nwarnings;
	const char **both;

	if (more == 0)
		return;
	both = arena_array(arena, n + more, sizeof(*both));
	if (both == NULL)
		return;
	if (n > 0)
		memcpy(both, list->warnings, n * sizeof(*both));
	memcpy(both + n, detail->warnings, more * sizeof(*both));
	list->warnings = both;
	list->nwarnings = n + more;
}

static void
merge_text(const char **list, const char *detail)
{
	if (detail != NULL && detail[0] != '\0')
		*list = detail;
}

static void
merge_list(
    const char *const **list, size_t *n, const char *const *detail, size_t more)
{
	if (more == 0)
		return;
	*list = detail;
	*n = more;
}

void
posting_merge(
    struct arena *arena, struct posting *list, const struct posting *detail)
{
	merge_text(&list->external_id, detail->external_id);
	merge_text(&list->url, detail->url);
	merge_text(&list->apply_url, detail->apply_url);
	merge_text(&list->title, detail->title);
	merge_text(&list->company, detail->company);
	merge_text(&list->location, detail->location);
	merge_text(&list->description, detail->description);
	merge_text(&list->description_html, detail->description_html);
	merge_text(&list->language, detail->language);
	if (detail->nplaces > 0) {
		list->places = detail->places;
		list->nplaces = detail->nplaces;
	}
	if (detail->remote != REMOTE_NONE)
		list->remote = detail->remote;
	if (detail->salary.present &&
	    !(detail->salary.in_text && list->salary.present &&
		!list->salary.predicted))
		list->salary = detail->salary;
	if (detail->job_type != JOB_TYPE_NONE)
		list->job_type = detail->job_type;
	if (detail->experience != EXP_NONE)
		list->experience = detail->experience;
	merge_list(&list->requirements, &list->nrequirements,
	    detail->requirements, detail->nrequirements);
	merge_list(&list->benefits, &list->nbenefits, detail->benefits,
	    detail->nbenefits);
	merge_list(&list->tags, &list->ntags, detail->tags, detail->ntags);
	if (detail->posted.present)
		list->posted = detail->posted;
	if (detail->closes.present)
		list->closes = detail->closes;
	list->met =
	    (detail->tested & detail->met) | (~detail->tested & list->met);
	list->tested |= detail->tested;
	merge_metadata(arena, list, detail);
	merge_warnings(arena, list, detail);
}

static void
hash_text(struct sha256 *h, const char *text)
{
	/* The end is hashed too, so that neighbours cannot flow together. */
	if (text != NULL)
		sha256_add(h, text, strlen(text));
	sha256_add(h, "", 1);
}

static void
hash_number(struct sha256 *h, int64_t number)
{
	sha256_add(h, &number, sizeof(number));
}

static void
hash_list(struct sha256 *h, const char *const *list, size_t n)
{
	hash_number(h, (int64_t)n);
	for (size_t i = 0; i < n; i++)
		hash_text(h, list[i]);
}

/* By the day: "3 hours ago" is another instant at each look. */
static void
hash_day(struct sha256 *h, const struct instant *at)
{
	if (!at->present || at->approx)
		hash_number(h, -1);
	else
		hash_number(h, at->ms / 86400000);
}

static void
hash_facts(struct sha256 *h, const struct posting *p)
{
	hash_number(h, p->remote);
	hash_number(h, p->job_type);
	hash_number(h, p->experience);
	hash_number(h, (int64_t)p->nplaces);
	for (size_t i = 0; i < p->nplaces; i++) {
		hash_text(h, p->places[i].city);
		hash_text(h, p->places[i].region);
		hash_text(h, p->places[i].country);
	}
	hash_number(h, p->salary.present);
	if (!p->salary.present)
		return;
	hash_number(h, (int64_t)(p->salary.min * 100));
	hash_number(h, (int64_t)(p->salary.max * 100));
	hash_text(h, p->salary.currency);
	hash_number(h, p->salary.period);
	hash_number(h, p->salary.predicted);
}

void
posting_hash(const struct posting *p, uint8_t to[32])
{
	struct sha256 h;

	sha256_init(&h);
	hash_text(&h, p->url);
	hash_text(&h, p->apply_url);
	hash_text(&h, p->title);
	hash_text(&h, p->company);
	hash_text(&h, p->location);
	hash_text(&h, p->description);
	hash_text(&h, p->language);
	hash_facts(&h, p);
	hash_list(&h, p->requirements, p->nrequirements);
	hash_list(&h, p->benefits, p->nbenefits);
	hash_list(&h, p->tags, p->ntags);
	hash_day(&h, &p->posted);
	hash_day(&h, &p->closes);
	sha256_end(&h, to);
}
