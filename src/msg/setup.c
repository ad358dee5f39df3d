#include "base/limits.h"
#include "msg/msg_int.h"
#include "msg/setup.h"

/* The least that a wish takes: an empty name, years, want. */
#define WISH_MIN_BYTES (4 + 4 + 1)

static void
skills_put(struct buf *to, const struct skill_wish *skills, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_text(to, skills[i].name);
		put_u32(to, skills[i].years);
		put_bool(to, skills[i].want);
	}
}

static struct skill_wish *
skills_get(struct wire *w, size_t *n)
{
	struct skill_wish *skills;

	*n = 0;
	size_t count = get_count(w, WISH_MIN_BYTES, LIMIT_WIRE_ITEMS);
	skills = wire_array(w, count, sizeof(*skills));
	if (skills == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		skills[i].name = get_str(w);
		skills[i].years = get_u32(w);
		skills[i].want = get_bool(w);
	}
	*n = w->bad ? 0 : count;
	return skills;
}

static void
user_put(struct buf *to, const struct user_conf *u)
{
	put_bool(to, u->present);
	if (!u->present)
		return;
	put_str(to, u->email);
	put_str(to, u->name);
	put_str(to, u->time_zone);
	put_str(to, u->locale);
	skills_put(to, u->skills, u->nskills);
	put_strs(to, u->locations, u->nlocations);
	put_u8(to, u->experience);
	salary_put(to, &u->salary);
	put_strs(to, u->block_companies, u->nblock_companies);
	put_strs(to, u->block_words, u->nblock_words);
	put_strs(to, u->job_types, u->njob_types);
	put_u32(to, u->briefing_minute);
	put_bool(to, u->has_quiet);
	put_u32(to, u->quiet_start);
	put_u32(to, u->quiet_end);
	put_i64(to, u->pause_until_ms);
}

static void
user_get(struct wire *w, struct user_conf *to)
{
	*to = (struct user_conf){ .present = get_bool(w) };
	if (!to->present)
		return;
	to->email = get_str_opt(w);
	to->name = get_str_opt(w);
	to->time_zone = get_str_opt(w);
	to->locale = get_str_opt(w);
	to->skills = skills_get(w, &to->nskills);
	to->locations = get_strs(w, &to->nlocations);
	to->experience = get_enum(w, EXP__MAX);
	salary_get(w, &to->salary);
	to->block_companies = get_strs(w, &to->nblock_companies);
	to->block_words = get_strs(w, &to->nblock_words);
	to->job_types = get_strs(w, &to->njob_types);
	to->briefing_minute = get_u32(w);
	to->has_quiet = get_bool(w);
	to->quiet_start = get_u32(w);
	to->quiet_end = get_u32(w);
	to->pause_until_ms = get_i64(w);
}

void
setup_put(struct buf *to, const struct setup *s)
{
	put_bool(to, s->foreground);
	put_u32(to, s->log_level);
	put_str(to, s->root);
	put_str(to, s->conninfo);
	put_str(to, s->owner);
	put_bool(to, s->dedupe);
	put_str(to, s->only_source);
	put_str(to, s->only_task);
	user_put(to, &s->user);
	put_str(to, s->mail_from);
	put_str(to, s->mail_from_name);
	put_str(to, s->operator_address);
	put_i64(to, s->retention_jobs_ms);
	put_u32(to, s->max_in_flight);
	put_str(to, s->user_agent);
	put_str(to, s->smtp_url);
	put_str(to, s->smtp_user);
	put_str(to, s->maildir);
	put_str(to, s->templates);
	put_bool(to, s->smtp_plain);
}

void
setup_get(struct wire *w, struct setup *to)
{
	*to = (struct setup){ .foreground = get_bool(w) };
	to->log_level = get_u32(w);
	to->root = get_str_opt(w);
	to->conninfo = get_str_opt(w);
	to->owner = get_str_opt(w);
	to->dedupe = get_bool(w);
	to->only_source = get_str_opt(w);
	to->only_task = get_str_opt(w);
	user_get(w, &to->user);
	to->mail_from = get_str_opt(w);
	to->mail_from_name = get_str_opt(w);
	to->operator_address = get_str_opt(w);
	to->retention_jobs_ms = get_i64(w);
	to->max_in_flight = get_u32(w);
	to->user_agent = get_str_opt(w);
	to->smtp_url = get_str_opt(w);
	to->smtp_user = get_str_opt(w);
	to->maildir = get_str_opt(w);
	to->templates = get_str_opt(w);
	to->smtp_plain = get_bool(w);
}
