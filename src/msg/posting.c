/*
 * A posting on the wire: posting_put and posting_get, side by side.
 */
#include "base/limits.h"
#include "msg/msg_int.h"

static const char *const job_type_words[JOB_TYPE__MAX] = {
	[JOB_FULL_TIME] = "full-time",
	[JOB_PART_TIME] = "part-time",
	[JOB_CONTRACT] = "contract",
	[JOB_TEMPORARY] = "temporary",
	[JOB_INTERNSHIP] = "internship",
	[JOB_VOLUNTEER] = "volunteer",
};

static const char *const experience_words[EXP__MAX] = {
	[EXP_INTERN] = "intern",
	[EXP_JUNIOR] = "junior",
	[EXP_MID] = "mid",
	[EXP_SENIOR] = "senior",
	[EXP_LEAD] = "lead",
	[EXP_PRINCIPAL] = "principal",
};

static const char *const remote_words[REMOTE__MAX] = {
	[REMOTE_REMOTE] = "remote",
	[REMOTE_HYBRID] = "hybrid",
	[REMOTE_ONSITE] = "onsite",
};

static const char *const pay_period_words[PAY__MAX] = {
	[PAY_HOUR] = "hour",
	[PAY_DAY] = "day",
	[PAY_WEEK] = "week",
	[PAY_MONTH] = "month",
	[PAY_YEAR] = "year",
};

const char *
job_type_name(enum job_type type)
{
	return word_of(WORDS(job_type_words), type);
}

const char *
experience_name(enum experience experience)
{
	return word_of(WORDS(experience_words), experience);
}

const char *
remote_name(enum remote remote)
{
	return word_of(WORDS(remote_words), remote);
}

const char *
pay_period_name(enum pay_period period)
{
	return word_of(WORDS(pay_period_words), period);
}

enum job_type
job_type_parse(const char *word)
{
	return word_find(WORDS(job_type_words), word, JOB_TYPE_NONE);
}

enum experience
experience_parse(const char *word)
{
	return word_find(WORDS(experience_words), word, EXP_NONE);
}

enum remote
remote_parse(const char *word)
{
	return word_find(WORDS(remote_words), word, REMOTE_NONE);
}

enum pay_period
pay_period_parse(const char *word)
{
	return word_find(WORDS(pay_period_words), word, PAY_NONE);
}

void
salary_put(struct buf *to, const struct salary *s)
{
	put_bool(to, s->present);
	if (!s->present)
		return;
	put_double(to, s->min);
	put_double(to, s->max);
	put_str(to, s->currency);
	put_u8(to, s->period);
	put_bool(to, s->predicted);
	put_bool(to, s->in_text);
}

void
salary_get(struct wire *w, struct salary *to)
{
	*to = (struct salary){ .present = get_bool(w) };
	if (!to->present)
		return;
	to->min = get_double(w);
	to->max = get_double(w);
	to->currency = get_str_opt(w);
	to->period = get_enum(w, PAY__MAX);
	to->predicted = get_bool(w);
	to->in_text = get_bool(w);
}

static void
instant_put(struct buf *to, const struct instant *i)
{
	put_bool(to, i->present);
	if (!i->present)
		return;
	put_i64(to, i->ms);
	put_bool(to, i->date_only);
	put_bool(to, i->approx);
}

static void
instant_get(struct wire *w, struct instant *to)
{
	*to = (struct instant){ .present = get_bool(w) };
	if (!to->present)
		return;
	to->ms = get_i64(w);
	to->date_only = get_bool(w);
	to->approx = get_bool(w);
}

static void
places_put(struct buf *to, const struct place *places, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_str(to, places[i].city);
		put_str(to, places[i].region);
		put_str(to, places[i].country);
	}
}

static struct place *
places_get(struct wire *w, size_t *n)
{
	struct place *places;

	*n = 0;
	size_t count = get_count(w, 3 * sizeof(uint32_t), LIMIT_WIRE_ITEMS);
	places = wire_array(w, count, sizeof(*places));
	if (places == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		places[i].city = get_str_opt(w);
		places[i].region = get_str_opt(w);
		places[i].country = get_str_opt(w);
	}
	*n = count;
	return places;
}

void
posting_put(struct buf *to, const struct posting *p)
{
	put_str(to, p->external_id);
	put_str(to, p->url);
	put_str(to, p->apply_url);
	put_str(to, p->title);
	put_str(to, p->company);
	put_str(to, p->location);
	places_put(to, p->places, p->nplaces);
	put_u8(to, p->remote);
	put_str(to, p->description);
	put_str(to, p->description_html);
	salary_put(to, &p->salary);
	put_u8(to, p->job_type);
	put_u8(to, p->experience);
	put_strs(to, p->requirements, p->nrequirements);
	put_strs(to, p->benefits, p->nbenefits);
	put_strs(to, p->tags, p->ntags);
	put_str(to, p->language);
	instant_put(to, &p->posted);
	instant_put(to, &p->closes);
	pairs_put(to, p->metadata, p->nmetadata);
	put_strs(to, p->warnings, p->nwarnings);
	put_str(to, p->detail_url);
	put_str(to, p->detail_body);
	put_i64(to, (int64_t)p->tested);
	put_i64(to, (int64_t)p->met);
}

void
posting_get(struct wire *w, struct posting *to)
{
	*to = (struct posting){ .source = NULL };
	to->external_id = get_str_opt(w);
	to->url = get_str_opt(w);
	to->apply_url = get_str_opt(w);
	to->title = get_str_opt(w);
	to->company = get_str_opt(w);
	to->location = get_str_opt(w);
	to->places = places_get(w, &to->nplaces);
	to->remote = get_enum(w, REMOTE__MAX);
	to->description = get_str_opt(w);
	to->description_html = get_str_opt(w);
	salary_get(w, &to->salary);
	to->job_type = get_enum(w, JOB_TYPE__MAX);
	to->experience = get_enum(w, EXP__MAX);
	to->requirements = get_strs(w, &to->nrequirements);
	to->benefits = get_strs(w, &to->nbenefits);
	to->tags = get_strs(w, &to->ntags);
	to->language = get_str_opt(w);
	instant_get(w, &to->posted);
	instant_get(w, &to->closes);
	to->metadata = pairs_get(w, &to->nmetadata);
	to->warnings = get_strs(w, &to->nwarnings);
	to->detail_url = get_str_opt(w);
	to->detail_body = get_str_opt(w);
	to->tested = (uint64_t)get_i64(w);
	to->met = (uint64_t)get_i64(w);
}
