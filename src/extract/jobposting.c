/*
 * schema.org JobPosting, as JSON-LD or microdata: found anywhere in a page,
 * in graphs, lists and arrays.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/charset.h"
#include "extract/extract_int.h"

/* ---- finding ---- */

static bool
names_type(const struct jnode *n, const char *type)
{
	/* "JobPosting", "schema:JobPosting", "http://schema.org/JobPosting" */
	const char *text = n->v.text, *last;

	if (n->type != J_STRING)
		return false;
	last = text + strlen(text);
	while (last > text && last[-1] != '/' && last[-1] != ':' &&
	       last[-1] != '#')
		last--;
	return str_eq(last, type);
}

static bool
is_type(const struct jnode *n, const char *type)
{
	const struct jnode *is = jnode_member(n, "@type"), *one;

	if (is == NULL || is->type != J_ARRAY)
		return is != NULL && names_type(is, type);
	one = jnode_first(is);
	for (uint32_t i = 0; i < is->len; i++, one = jnode_next(one))
		if (names_type(one, type))
			return true;
	return false;
}

/* Nodes lie in a row, so all objects are met by walking over them. */
static void
add_postings(struct reading *r, const struct jnode *root)
{
	const struct jnode *end = jnode_next(root), *n = root;
	struct item *more;
	size_t count = 0;

	while (n < end) {
		bool found = n->type == J_OBJECT && is_type(n, "JobPosting");

		count += found;
		n = found ? jnode_next(n) : n + 1;
	}
	if (count == 0)
		return;
	if (r->nitems + count > LIMIT_PAGE_POSTINGS) {
		reading_fail(r, EXTRACT_TOO_BIG, "more than %d postings",
		    LIMIT_PAGE_POSTINGS);
		return;
	}
	more = arena_array(r->arena, r->nitems + count, sizeof(*more));
	if (r->nitems > 0)
		memcpy(more, r->items, r->nitems * sizeof(*more));
	r->items = more;
	for (n = root; n < end;) {
		bool found = n->type == J_OBJECT && is_type(n, "JobPosting");

		if (found) {
			more[r->nitems].json = n;
			more[r->nitems].node =
			    r->dom == NULL ? NULL : r->dom->root;
			r->nitems++;
		}
		n = found ? jnode_next(n) : n + 1;
	}
}

static bool
is_linked_data(struct reading *r, const struct node *n)
{
	const char *type = n->type == NODE_ELEMENT && n->tag == TAG_SCRIPT
			       ? node_attr_text(r->arena, n, "type")
			       : NULL;

	return type != NULL && str_find_ci(type, "ld+json") != NULL;
}

/* JSON in a script; some write it with HTML's entities. */
static const struct jnode *
parse_script(struct reading *r, const struct node *script, struct err *e)
{
	const struct node *text = script->first;
	const struct jnode *root = NULL;
	const char *decoded;

	if (text == NULL)
		return NULL;
	if (jdoc_parse(r->arena, text->text, text->len, JDOC_LENIENT, &root,
		e) == JDOC_OK)
		return root;
	if (memmem(text->text, text->len, "&quot;", 6) == NULL)
		return NULL;
	decoded = value_unescape(r->arena, text->text, text->len);
	jdoc_parse(r->arena, decoded, strlen(decoded), JDOC_LENIENT, &root, e);
	return root;
}

static void
find_linked_data(struct reading *r, bool *broken)
{
	const struct node *top = r->dom->root, *n = node_after(top, top);
	struct err e = { 0 };

	for (; n != NULL; n = node_after(n, top)) {
		const struct jnode *root;

		if (!is_linked_data(r, n))
			continue;
		root = parse_script(r, n, &e);
		if (root == NULL) {
			*broken = n->first != NULL;
			continue;
		}
		if (r->nlinked < LIMIT_LINKED_DATA)
			r->linked[r->nlinked++] = root;
		add_postings(r, root);
	}
}

static void
find_microdata(struct reading *r)
{
	const struct jnode *root;
	struct buf json;

	buf_init(&json, LIMIT_PAGE_BYTES);
	microdata_write(r->dom, &json);
	if (json.len > 0 && jdoc_parse(r->arena, json.data, json.len,
				JDOC_LENIENT, &root, NULL) == JDOC_OK)
		add_postings(r, root);
	buf_fini(&json);
}

/* A detail page is one posting: the one whose address it is, or the first. */
static void
choose_one(struct reading *r)
{
	size_t chosen = 0;

	if (r->nitems == 0) {
		r->items = arena_alloc(r->arena, sizeof(r->items[0]));
		r->items[0].node = r->dom == NULL ? NULL : r->dom->root;
	}
	for (size_t i = 0; i < r->nitems; i++) {
		const struct jnode *url = jnode_member(r->items[i].json, "url");

		if (url != NULL && url->type == J_STRING &&
		    str_eq(url->v.text, r->page->url))
			chosen = i;
	}
	r->items[0] = r->items[chosen];
	r->nitems = 1;
}

static void
jobposting_items(struct reading *r)
{
	bool broken = false;

	if (r->dom != NULL)
		find_linked_data(r, &broken);
	else
		add_postings(r, r->json);
	if (r->nitems == 0 && r->dom != NULL)
		find_microdata(r);
	if (r->nitems == 0 && broken)
		reading_fail(
		    r, EXTRACT_MALFORMED, "the page's JSON-LD is broken");
	if (r->page->kind == REQUEST_DETAIL)
		choose_one(r);
}

static bool
jobposting_open(struct reading *r)
{
	size_t n = r->n, skip = blank_prefix(r->body, n);
	const char *text;
	struct err e = { 0 };

	if (skip == n || (r->body[skip] != '{' && r->body[skip] != '['))
		return reading_open_html(r);
	text = charset_read(
	    r->arena, r->body, &n, r->page->content_type, CHARSET_JSON);
	if (text != NULL && jdoc_parse(r->arena, text, n, JDOC_LENIENT,
				&r->json, &e) == JDOC_OK)
		return true;
	return reading_fail(r, EXTRACT_MALFORMED, "JSON: %s", e.text);
}

/* ---- reading ---- */

/* {"@id": "#x"} stands for the object of that id elsewhere on the page. */
static const struct jnode *
resolve(const struct reading *r, const struct jnode *n)
{
	const struct jnode *id = jnode_member(n, "@id");

	if (id == NULL || n->len > 2 || id->type != J_STRING)
		return n;
	for (size_t i = 0; i < r->nlinked; i++) {
		const struct jnode *at = r->linked[i], *end = jnode_next(at);

		for (; at < end; at++) {
			const struct jnode *other =
			    at->type == J_OBJECT && at->len > n->len
				? jnode_member(at, "@id")
				: NULL;

			if (other != NULL && jnode_equal(other, id))
				return at;
		}
	}
	return n;
}

static const struct jnode *
member(const struct filler *f, const struct jnode *n, const char *name)
{
	const struct jnode *found = jnode_member(n, name);

	if (found != NULL && found->type == J_ARRAY)
		found = jnode_at(found, 0);
	return found == NULL ? NULL : resolve(f->r, found);
}

/* A text, or the name (or value) of an object; NULL if there is none. */
static const char *
text_of(struct filler *f, const struct jnode *n)
{
	struct value v = { .json = n };

	return n == NULL ? NULL : value_text(f->r, &v);
}

static const char *
member_text(struct filler *f, const struct jnode *n, const char *name)
{
	return text_of(f, member(f, n, name));
}

/* Hand the value of a property to a field, as if a selector had found it. */
static void
set(struct filler *f, const char *field, const struct jnode *n)
{
	struct value v = { .json = n };
	struct values one = { .at = &v, .n = 1 };

	if (n != NULL && n->type != J_NULL)
		slot_set(f, slot_find(field), NULL, &one);
}

static void
set_description_of(struct filler *f, const struct jnode *posting)
{
	struct value v = { .json = member(f, posting, "description") };
	const char *html = v.json == NULL ? NULL : value_markup(f->r, &v);

	if (html == NULL)
		return;
	if (strstr(html, "&lt;") != NULL && strchr(html, '<') == NULL)
		html = value_unescape(f->r->scratch, html, strlen(html));
	posting_set_html(f, html);
}

static const char *
joined(struct arena *arena, const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	return arena_printf(arena, "%s, %s", a, b);
}

static void
add_place(struct filler *f, const struct jnode *place)
{
	const struct jnode *address;
	const char *text;

	if (place == NULL)
		return;
	place = resolve(f->r, place);
	address = member(f, place, "address");
	if (address == NULL)
		address = place;
	if (address->type != J_OBJECT) {
		text = text_of(f, address);
	} else {
		text = joined(f->r->scratch,
		    member_text(f, address, "addressLocality"),
		    member_text(f, address, "addressRegion"));
		text = joined(f->r->scratch, text,
		    member_text(f, address, "addressCountry"));
	}
	if (text == NULL)
		text = member_text(f, place, "name");
	if (text != NULL && (f->posting->location == NULL ||
				!str_eq(f->posting->location, text)))
		posting_add_location(f, text);
}

static void
add_places(struct filler *f, const struct jnode *n)
{
	if (n == NULL)
		return;
	if (n->type != J_ARRAY) {
		add_place(f, n);
		return;
	}
	for (uint32_t i = 0; i < n->len && i < LIMIT_LIST_ITEMS; i++)
		add_place(f, jnode_at(n, i));
}

static void
set_places(struct filler *f, const struct jnode *posting)
{
	const struct jnode *type = member(f, posting, "jobLocationType");
	const char *text = text_of(f, type);

	add_places(f, jnode_member(posting, "jobLocation"));
	if (f->posting->location == NULL)
		add_places(
		    f, jnode_member(posting, "applicantLocationRequirements"));
	if (text != NULL && str_eq_ci(text, "TELECOMMUTE"))
		f->posting->remote = REMOTE_REMOTE;
}

static void
set_job_type(struct filler *f, const struct jnode *posting)
{
	static const struct {
		const char *word;
		enum job_type type;
	} words[] = { { "FULL_TIME", JOB_FULL_TIME },
		{ "PART_TIME", JOB_PART_TIME }, { "CONTRACTOR", JOB_CONTRACT },
		{ "TEMPORARY", JOB_TEMPORARY }, { "PER_DIEM", JOB_TEMPORARY },
		{ "INTERN", JOB_INTERNSHIP }, { "VOLUNTEER", JOB_VOLUNTEER } };
	const char *text = member_text(f, posting, "employmentType");

	if (text == NULL)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_ci(text, words[i].word)) {
			f->posting->job_type = words[i].type;
			return;
		}
	f->posting->job_type = value_job_type(text);
}

static double
number_of(struct filler *f, const struct jnode *n, const char *name)
{
	const char *text = member_text(f, n, name);
	double value = 0;

	if (text == NULL || str_to_double(text, &value) != 0 || value < 0)
		return 0;
	return value;
}

static enum pay_period
period_of(const char *text)
{
	static const struct {
		const char *word;
		enum pay_period period;
	} words[] = { { "HOUR", PAY_HOUR }, { "DAY", PAY_DAY },
		{ "WEEK", PAY_WEEK }, { "MONTH", PAY_MONTH },
		{ "YEAR", PAY_YEAR }, { "ANN", PAY_YEAR } };

	for (size_t i = 0; text != NULL && i < 6; i++)
		if (str_find_ci(text, words[i].word) != NULL)
			return words[i].period;
	return PAY_NONE;
}

/* A MonetaryAmount, as Google asks for it and as people write it. */
static bool
read_amount(struct filler *f, const struct jnode *amount, struct salary *to)
{
	const struct jnode *value = member(f, amount, "value");
	const char *unit;

	if (value == NULL || value->type != J_OBJECT)
		value = amount;
	to->min = number_of(f, value, "minValue");
	to->max = number_of(f, value, "maxValue");
	if (to->min == 0 && to->max == 0)
		to->min = to->max = number_of(f, value, "value");
	unit = member_text(f, value, "unitText");
	if (unit == NULL)
		unit = member_text(f, amount, "unitText");
	to->period = period_of(unit);
	to->currency = member_text(f, amount, "currency");
	return to->min > 0 || to->max > 0;
}

static void
set_pay(struct filler *f, const struct jnode *posting)
{
	const struct jnode *amount = member(f, posting, "baseSalary");
	const char *text, *currency;
	struct salary found = { 0 };

	if (amount == NULL) {
		amount = member(f, posting, "estimatedSalary");
		found.predicted = amount != NULL;
	}
	if (amount == NULL)
		return;
	currency = member_text(f, posting, "salaryCurrency");
	if (amount->type == J_OBJECT) {
		if (!read_amount(f, amount, &found))
			return;
		if (found.currency == NULL)
			found.currency = currency;
		if (found.currency != NULL && strlen(found.currency) != 3)
			found.currency = NULL;
		found.present = true;
		f->posting->salary = found;
		return;
	}
	text = text_of(f, amount);
	if (text != NULL && currency != NULL)
		text = arena_printf(f->r->scratch, "%s %s", text, currency);
	if (text != NULL)
		value_salary(f->r->scratch, text, NULL, &f->posting->salary);
}

static void
set_identity(struct filler *f, const struct jnode *posting)
{
	const struct jnode *identifier = member(f, posting, "identifier");
	struct posting *p = f->posting;
	struct value url = { .json = member(f, posting, "url") };
	const char *id = NULL;

	if (identifier != NULL && identifier->type == J_OBJECT)
		id = member_text(f, identifier, "value");
	if (id == NULL && identifier != NULL)
		id = text_of(f, identifier);
	p->external_id = id;
	if (url.json != NULL)
		p->url = value_url(f->r, &url, NULL);
}

/* On a page of many, what has neither id nor address of its own. */
static void
set_missing_identity(struct filler *f)
{
	struct posting *p = f->posting;

	if (f->r->page->kind != REQUEST_LIST || p->url != NULL)
		return;
	p->url = f->r->page->url;
	if (p->external_id == NULL && f->r->nitems > 1)
		p->external_id = joined(f->r->scratch, p->title, p->location);
}

static void
set_texts(struct filler *f, const struct jnode *posting)
{
	static const struct {
		const char *property, *field;
	} lists[] = { { "skills", "tags" },
		{ "qualifications", "requirements" },
		{ "jobBenefits", "benefits" }, { "datePosted", "posted_date" },
		{ "validThrough", "closes_date" },
		{ "inLanguage", "language" } };
	static const char *const others[] = { "industry",
		"occupationalCategory", "workHours" };
	const char *text;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		set(f, lists[i].field,
		    jnode_member(posting, lists[i].property));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		text = member_text(f, posting, others[i]);
		if (text != NULL)
			posting_add_metadata(f, others[i], text);
	}
}

static void
posting_fill(struct reading *r, const struct item *item, struct posting *p)
{
	struct filler f = { .r = r, .item = item, .posting = p };
	const struct jnode *n = item->json;

	if (n == NULL || n->type != J_OBJECT)
		return;
	p->title = member_text(&f, n, "title");
	if (p->title == NULL)
		p->title = member_text(&f, n, "name");
	p->company = member_text(&f, n, "hiringOrganization");
	set_identity(&f, n);
	set_description_of(&f, n);
	set_places(&f, n);
	set_job_type(&f, n);
	set_pay(&f, n);
	set_texts(&f, n);
	set_missing_identity(&f);
}

static const char *
posting_raw(struct reading *r, const struct item *item, const char *name)
{
	static const struct pair names[] = {
		{ "external_id", "identifier" },
		{ "company", "hiringOrganization" },
		{ "posted_date", "datePosted" },
		{ "closes_date", "validThrough" },
		{ "job_type", "employmentType" },
	};
	struct filler f = { .r = r, .item = item };
	const char *property = name;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(names[i].name, name))
			property = names[i].value;
	return item->json == NULL ? NULL
				  : member_text(&f, item->json, property);
}

static const char *const known[] = { "external_id", "title", "company",
	"location", "url", "description", "job_type", "remote", "salary",
	"posted_date", "closes_date", NULL };

const struct format_reader reader_jobposting = {
	.name = "jobposting",
	.selects = SELECT_CSS,
	.open = jobposting_open,
	.find_items = jobposting_items,
	.fill = posting_fill,
	.raw = posting_raw,
	.fills = known,
};
