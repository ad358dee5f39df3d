/*
 * A source on the wire: each put has its get below it.
 */
#include "base/limits.h"
#include "base/str.h"
#include "msg/msg_int.h"

static const char *const value_type_words[AS__MAX] = {
	[AS_TEXT] = "text",
	[AS_HTML] = "html",
	[AS_ESCAPED_HTML] = "escaped-html",
	[AS_URL] = "url",
	[AS_DATE] = "date",
	[AS_SALARY] = "salary",
	[AS_LOCATION] = "location",
	[AS_NUMBER] = "number",
	[AS_BOOL] = "bool",
	[AS_LIST] = "list",
	[AS_JOB_TYPE] = "job-type",
	[AS_EXPERIENCE] = "experience",
	[AS_REMOTE] = "remote",
};

static const char *const format_words[FORMAT__MAX] = {
	[FORMAT_JSON] = "json",
	[FORMAT_FEED] = "feed",
	[FORMAT_HTML] = "html",
	[FORMAT_JOBPOSTING] = "jobposting",
	[FORMAT_SCRIPT] = "script",
	[FORMAT_TEXT] = "text",
	[FORMAT_MAIL] = "mail",
};

const struct field_type field_types[] = {
	{ "external_id", AS_TEXT },
	{ "title", AS_TEXT },
	{ "company", AS_TEXT },
	{ "location", AS_LOCATION },
	{ "url", AS_URL },
	{ "apply_url", AS_URL },
	{ "description", AS_HTML },
	{ "job_type", AS_JOB_TYPE },
	{ "experience_level", AS_EXPERIENCE },
	{ "remote", AS_REMOTE },
	{ "salary", AS_SALARY },
	{ "requirements", AS_LIST },
	{ "benefits", AS_LIST },
	{ "tags", AS_LIST },
	{ "language", AS_TEXT },
	{ "posted_date", AS_DATE },
	{ "closes_date", AS_DATE },
};
const size_t field_types_count = sizeof(field_types) / sizeof(field_types[0]);

const char *
value_type_name(enum value_type as)
{
	return word_of(WORDS(value_type_words), as);
}

const char *
format_name(enum format format)
{
	return word_of(WORDS(format_words), format);
}

const struct field_type *
field_type_find(const char *name)
{
	for (size_t i = 0; i < field_types_count; i++) {
		if (str_eq(field_types[i].name, name))
			return &field_types[i];
	}
	return NULL;
}

enum value_type
field_type_of(const char *name)
{
	const struct field_type *type = field_type_find(name);

	return type == NULL ? AS_TEXT : type->as;
}

const char *
target_param(const struct target *t, const char *name)
{
	for (size_t i = 0; i < t->nparams; i++) {
		if (str_eq(t->params[i].name, name))
			return t->params[i].value;
	}
	return NULL;
}

void
text_at_put(struct buf *to, const struct text_at *t)
{
	put_str(to, t->text);
	put_u32(to, t->line);
	put_u32(to, t->column);
}

void
text_at_get(struct wire *w, struct text_at *to)
{
	to->text = get_str_opt(w);
	to->line = get_u32(w);
	to->column = get_u32(w);
}

/* The least that a rule takes: kind, text_at, group, from. */
#define RULE_MIN_BYTES  (1 + 12 + 4 + 4)
#define FIELD_MIN_BYTES (12 + 4 + 2 + 4 + 16 + 2 + 4 + 4 + 12)

static void
rule_put(struct buf *to, const struct rule *r)
{
	put_u8(to, r->kind);
	text_at_put(to, &r->text);
	put_u32(to, r->group);
	put_str(to, r->from);
}

static void
rule_get(struct wire *w, struct rule *to)
{
	to->kind = get_enum(w, RULE__MAX);
	text_at_get(w, &to->text);
	to->group = get_u32(w);
	to->from = get_str_opt(w);
}

static void
field_put(struct buf *to, const struct field *f)
{
	text_at_put(to, &f->name);
	put_u32(to, (uint32_t)f->nrules);
	for (size_t i = 0; i < f->nrules; i++)
		rule_put(to, &f->rules[i]);
	put_u8(to, f->as);
	put_bool(to, f->has_as);
	pairs_put(to, f->map, f->nmap);
	text_at_put(to, &f->re);
	put_u32(to, f->group);
	put_bool(to, f->all);
	put_u8(to, f->order);
	put_str(to, f->split);
	put_str(to, f->default_value);
	text_at_put(to, &f->base);
}

static void
field_get(struct wire *w, struct field *to)
{
	text_at_get(w, &to->name);
	size_t n = get_count(w, RULE_MIN_BYTES, LIMIT_WIRE_ITEMS);
	to->rules = wire_array(w, n, sizeof(*to->rules));
	to->nrules = to->rules == NULL ? 0 : n;
	for (size_t i = 0; i < to->nrules; i++)
		rule_get(w, &to->rules[i]);
	to->as = get_enum(w, AS__MAX);
	to->has_as = get_bool(w);
	to->map = pairs_get(w, &to->nmap);
	text_at_get(w, &to->re);
	to->group = get_u32(w);
	to->all = get_bool(w);
	to->order = get_enum(w, DAY_ORDER__MAX);
	to->split = get_str_opt(w);
	to->default_value = get_str_opt(w);
	text_at_get(w, &to->base);
}

static void
view_put(struct buf *to, const struct view *v)
{
	put_bool(to, v->present);
	if (!v->present)
		return;
	put_text(to, v->method);
	text_at_put(to, &v->url);
	put_str(to, v->body);
	put_str(to, v->body_type);
	put_u8(to, v->format);
	put_bool(to, v->is_text_part);
	text_at_put(to, &v->script);
	text_at_put(to, &v->jobs);
	put_u32(to, (uint32_t)v->nfields);
	for (size_t i = 0; i < v->nfields; i++)
		field_put(to, &v->fields[i]);
}

static void
view_get(struct wire *w, struct view *to)
{
	to->present = get_bool(w);
	if (!to->present)
		return;
	to->method = get_str(w);
	text_at_get(w, &to->url);
	to->body = get_str_opt(w);
	to->body_type = get_str_opt(w);
	to->format = get_enum(w, FORMAT__MAX);
	to->is_text_part = get_bool(w);
	text_at_get(w, &to->script);
	text_at_get(w, &to->jobs);
	size_t n = get_count(w, FIELD_MIN_BYTES, LIMIT_WIRE_ITEMS);
	to->fields = wire_array(w, n, sizeof(*to->fields));
	to->nfields = to->fields == NULL ? 0 : n;
	for (size_t i = 0; i < to->nfields; i++)
		field_get(w, &to->fields[i]);
}

static void
every_put(struct buf *to, const struct every *e)
{
	put_u8(to, e->kind);
	put_i64(to, e->interval_ms);
	put_u32(to, e->minute);
	put_u32(to, e->weekdays);
	put_i64(to, (int64_t)e->cron_minute);
	put_u32(to, e->cron_hour);
	put_u32(to, e->cron_day);
	put_u32(to, e->cron_month);
	put_u32(to, e->cron_weekday);
	put_bool(to, e->cron_any_day);
	put_bool(to, e->cron_any_weekday);
	put_str(to, e->zone);
	put_str(to, e->text);
}

static void
every_get(struct wire *w, struct every *to)
{
	to->kind = get_enum(w, EVERY__MAX);
	to->interval_ms = get_i64(w);
	to->minute = get_u32(w);
	to->weekdays = get_u32(w);
	to->cron_minute = (uint64_t)get_i64(w);
	to->cron_hour = get_u32(w);
	to->cron_day = get_u32(w);
	to->cron_month = get_u32(w);
	to->cron_weekday = get_u32(w);
	to->cron_any_day = get_bool(w);
	to->cron_any_weekday = get_bool(w);
	to->zone = get_str_opt(w);
	to->text = get_str_opt(w);
}

static void
pages_put(struct buf *to, const struct pages *p)
{
	put_u8(to, p->kind);
	text_at_put(to, &p->first);
	text_at_put(to, &p->selector);
	put_i64(to, p->from);
	put_i64(to, p->step);
	put_u8(to, p->until);
	text_at_put(to, &p->until_selector);
	put_u32(to, p->max);
}

static void
pages_get(struct wire *w, struct pages *to)
{
	to->kind = get_enum(w, PAGES__MAX);
	text_at_get(w, &to->first);
	text_at_get(w, &to->selector);
	to->from = get_i64(w);
	to->step = get_i64(w);
	to->until = get_enum(w, UNTIL__MAX);
	text_at_get(w, &to->until_selector);
	to->max = get_u32(w);
}

static void
mails_put(struct buf *to, const struct mails *m)
{
	put_strs(to, m->from, m->nfrom);
	text_at_put(to, &m->subject);
	put_i64(to, m->age_ms);
	put_strs(to, m->follow, m->nfollow);
}

static void
mails_get(struct wire *w, struct mails *to)
{
	to->from = get_strs(w, &to->nfrom);
	text_at_get(w, &to->subject);
	to->age_ms = get_i64(w);
	to->follow = get_strs(w, &to->nfollow);
}

static void
expect_put(struct buf *to, const struct expect *e)
{
	text_at_put(to, &e->total);
	put_bool(to, e->total_on_first_page);
	put_i64(to, e->min_jobs);
	put_u32(to, (uint32_t)e->nfills);
	for (size_t i = 0; i < e->nfills; i++) {
		put_text(to, e->fills[i].name);
		put_double(to, e->fills[i].least);
	}
	put_u32(to, (uint32_t)e->empty_status);
	put_u32(to, (uint32_t)e->throttled_status);
	put_u32(to, e->missed_runs);
}

static void
expect_get(struct wire *w, struct expect *to)
{
	text_at_get(w, &to->total);
	to->total_on_first_page = get_bool(w);
	to->min_jobs = get_i64(w);
	size_t n =
	    get_count(w, sizeof(uint32_t) + sizeof(double), LIMIT_WIRE_ITEMS);
	to->fills = wire_array(w, n, sizeof(*to->fills));
	to->nfills = to->fills == NULL ? 0 : n;
	for (size_t i = 0; i < to->nfills; i++) {
		to->fills[i].name = get_str(w);
		to->fills[i].least = get_double(w);
	}
	to->empty_status = (int)get_u32(w);
	to->throttled_status = (int)get_u32(w);
	to->missed_runs = get_u32(w);
}

static void
limits_put(struct buf *to, const struct limits *l)
{
	put_i64(to, l->gap_ms);
	put_u32(to, l->concurrency);
	put_i64(to, l->timeout_ms);
	put_i64(to, l->max_bytes);
	put_i64(to, l->per_day);
	put_i64(to, l->min_interval_ms);
}

static void
limits_get(struct wire *w, struct limits *to)
{
	to->gap_ms = get_i64(w);
	to->concurrency = get_u32(w);
	to->timeout_ms = get_i64(w);
	to->max_bytes = get_i64(w);
	to->per_day = get_i64(w);
	to->min_interval_ms = get_i64(w);
}

static void
targets_put(struct buf *to, const struct target *targets, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_text(to, targets[i].key);
		pairs_put(to, targets[i].params, targets[i].nparams);
		put_str(to, targets[i].mailbox);
	}
}

static struct target *
targets_get(struct wire *w, size_t *n)
{
	struct target *targets;

	*n = 0;
	size_t count = get_count(w, 3 * sizeof(uint32_t), LIMIT_WIRE_ITEMS);
	targets = wire_array(w, count, sizeof(*targets));
	if (targets == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		targets[i].key = get_str(w);
		targets[i].params = pairs_get(w, &targets[i].nparams);
		targets[i].mailbox = get_str_opt(w);
	}
	*n = count;
	return targets;
}

#define AUTH_PART_MIN_BYTES (1 + 3 * 4)

static void
auth_put(struct buf *to, const struct auth *a)
{
	put_u32(to, (uint32_t)a->nparts);
	for (size_t i = 0; i < a->nparts; i++) {
		put_u8(to, a->parts[i].place);
		put_str(to, a->parts[i].name);
		put_str(to, a->parts[i].credential);
		put_str(to, a->parts[i].text);
	}
	put_str(to, a->token_url);
	put_str(to, a->scope);
}

static void
auth_get(struct wire *w, struct auth *to)
{
	size_t n = get_count(w, AUTH_PART_MIN_BYTES, LIMIT_WIRE_ITEMS);

	to->parts = wire_array(w, n, sizeof(*to->parts));
	to->nparts = to->parts == NULL ? 0 : n;
	for (size_t i = 0; i < to->nparts; i++) {
		to->parts[i].place = get_enum(w, AUTH__MAX);
		to->parts[i].name = get_str_opt(w);
		to->parts[i].credential = get_str_opt(w);
		to->parts[i].text = get_str_opt(w);
	}
	to->token_url = get_str_opt(w);
	to->scope = get_str_opt(w);
}

void
source_put(struct buf *to, const struct source *s)
{
	put_text(to, s->name);
	put_str(to, s->file);
	put_str(to, s->about);
	put_str(to, s->homepage);
	put_str(to, s->terms);
	put_str(to, s->attribution);
	put_bool(to, s->enabled);
	every_put(to, &s->every);
	view_put(to, &s->list);
	view_put(to, &s->detail);
	pages_put(to, &s->pages);
	mails_put(to, &s->mails);
	expect_put(to, &s->expect);
	limits_put(to, &s->limits);
	put_bool(to, s->allow_private);
	put_bool(to, s->robots_ignore);
	put_str(to, s->robots_reason);
	pairs_put(to, s->headers, s->nheaders);
	auth_put(to, &s->auth);
	conditions_put(to, s->conditions, s->nconditions);
	targets_put(to, s->targets, s->ntargets);
}

struct source *
source_get(struct wire *w)
{
	struct source *s = wire_array(w, 1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->name = get_str(w);
	s->file = get_str_opt(w);
	s->about = get_str_opt(w);
	s->homepage = get_str_opt(w);
	s->terms = get_str_opt(w);
	s->attribution = get_str_opt(w);
	s->enabled = get_bool(w);
	every_get(w, &s->every);
	view_get(w, &s->list);
	view_get(w, &s->detail);
	pages_get(w, &s->pages);
	mails_get(w, &s->mails);
	expect_get(w, &s->expect);
	limits_get(w, &s->limits);
	s->allow_private = get_bool(w);
	s->robots_ignore = get_bool(w);
	s->robots_reason = get_str_opt(w);
	s->headers = pairs_get(w, &s->nheaders);
	auth_get(w, &s->auth);
	s->conditions = conditions_get(w, &s->nconditions);
	s->targets = targets_get(w, &s->ntargets);
	return w->bad ? NULL : s;
}
