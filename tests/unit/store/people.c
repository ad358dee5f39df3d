/*
 * From jobs to mails: duplicates, matches, the digest once, the outbox.
 */
#include "rig.h"

static struct skill_wish skills[] = { { "C", 5, false },
	{ "PostgreSQL", 3, false } };
static const char *locations[] = { "Berlin", "remote" };

static struct rig *
with_person(void)
{
	struct rig *r = rig_new();

	r->s->w.setup.dedupe = true;
	r->s->w.setup.user = (struct user_conf){ .present = true,
		.email = "ada@example.org",
		.name = "Ada",
		.time_zone = "UTC",
		.locale = "en",
		.skills = skills,
		.nskills = 2,
		.locations = locations,
		.nlocations = 2,
		.experience = EXP_MID,
		.briefing_minute = 480 };
	return r;
}

static struct posting
good_job(struct rig *r, int i)
{
	static struct place berlin = { "Berlin", NULL, "DE" };
	struct posting p = rig_posting(r, i);

	p.title = "C Developer, databases";
	p.places = &berlin;
	p.nplaces = 1;
	p.description = arena_printf(r->a,
	    "Requirements:\n- C\n- PostgreSQL\n\nWe are company number %d "
	    "and we make engines that store what people count on, day and "
	    "night, in a team of %d.",
	    i, i + 3);
	return p;
}

static void
one_page(struct rig *r, const struct posting *list, size_t n)
{
	if (!r->s->has_begun)
		rig_begin(r);
	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	rig_page(r, &r->grants[0], list, n);
	rig_work(r);
}

static void
duplicates_are_one_job(void)
{
	struct rig *r = with_person();
	struct posting list[3];

	list[0] = good_job(r, 1);
	list[1] = good_job(r, 2);
	/* The same text under another id and address, in one batch. */
	list[2] = list[0];
	list[2].external_id = "other";
	list[2].url = "http://board.example/job/other";
	one_page(r, list, 3);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 3);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	CHECK_INT(rig_number(r, "SELECT merged FROM runs"), 1);
	/* And again later, from what is stored. */
	list[2].external_id = "third";
	list[2].url = "http://board.example/job/third";
	one_page(r, list, 3);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 4);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	CHECK(rig_text(r, "SELECT rule FROM postings ORDER BY id DESC LIMIT "
			  "1") != NULL);
	rig_free(r);
}

static void
dedupe_can_be_off(void)
{
	struct rig *r = with_person();
	struct posting list[2];

	r->s->w.setup.dedupe = false;
	list[0] = list[1] = good_job(r, 1);
	list[1].external_id = "other";
	one_page(r, list, 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	rig_free(r);
}

static void
reposts_are_counted(void)
{
	struct rig *r = with_person();
	struct posting p = good_job(r, 1), filler = good_job(r, 2);
	struct posting list[2] = { filler, p };

	one_page(r, list, 2);
	one_page(r, list, 1);
	list[1].external_id = "again";
	list[1].url = "http://board.example/job/again";
	one_page(r, list, 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	CHECK_INT(rig_number(r, "SELECT sum(reposts)::bigint FROM jobs"), 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings WHERE rule = "
				"'repost'"),
	    1);
	rig_free(r);
}

static void
jobs_are_matched(void)
{
	struct rig *r = with_person();
	struct posting p = good_job(r, 1);

	one_page(r, &p, 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM matches"), 1);
	CHECK(rig_number(r, "SELECT score::bigint FROM matches") >=
	      LIMIT_MATCH_SCORE);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM tasks"), 0);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM matches WHERE "
				"evidence->'matched' @> '[\"C\"]'"),
	    1);
	/* Another profile: the open jobs are matched anew. */
	skills[0].name = "Haskell";
	skills[1].name = "Cobol";
	r->s->has_begun = false;
	rig_begin(r);
	rig_work(r);
	skills[0].name = "C";
	skills[1].name = "PostgreSQL";
	CHECK_INT(rig_number(r, "SELECT count(*) FROM matches WHERE "
				"evidence->'matched' @> '[\"C\"]'"),
	    0);
	rig_free(r);
}

static void
say_rendered(struct rig *r, const char *mime)
{
	struct rendered x = { .id = r->render.id,
		.ok = true,
		.reason = "",
		.subject = "3 new jobs" };
	struct err err = { 0 };
	struct buf b;
	int fd = body_make("mime", mime, strlen(mime), &err);

	CHECK(r->renders && fd != -1);
	r->renders = false;
	buf_init(&b, LIMIT_FRAME_BYTES);
	rendered_put(&b, &x);
	rig_frame(r, MSG_RENDERED, x.id, &b, fd);
	rig_work(r);
}

static void
say_sent(struct rig *r, enum send_result result, const char *status)
{
	struct sent x = { .id = r->send.id,
		.result = result,
		.code = result == SEND_OK ? 250 : 550,
		.status = status,
		.reason = "as the relay says" };
	struct buf b;

	CHECK(r->sends);
	r->sends = false;
	buf_init(&b, LIMIT_FRAME_BYTES);
	sent_put(&b, &x);
	rig_frame(r, MSG_SENT, x.id, &b, -1);
	rig_work(r);
}

/* A digest by hand, rendered, about to be sent. */
static struct rig *
with_digest(void)
{
	struct rig *r = with_person();
	struct posting list[5];

	for (int i = 0; i < 5; i++) {
		list[i] = good_job(r, i);
		if (i > 0)
			list[i].company = "One Employer";
	}
	r->s->w.setup.dedupe = false;
	one_page(r, list, 5);
	r->s->w.setup.only_task = "digest";
	r->s->w.setup.foreground = true;
	r->s->has_planned = false;
	rig_work(r);
	return r;
}

static void
digest_is_sent_once(void)
{
	struct rig *r = with_digest();
	struct json *data, *group;
	struct err err = { 0 };
	const char *id;

	CHECK(r->renders);
	CHECK_STR(r->render.to_address, "ada@example.org");
	CHECK_STR(r->render.template, "digest");
	CHECK(strstr(r->render.unsubscribe,
		  "mailto:jobs@example.org?subject=unsubscribe%20") != NULL);
	id = arena_strdup(r->a, r->render.message_id);
	CHECK(strstr(id, "@example.org") != NULL);
	data = json_parse(r->render_data, strlen(r->render_data), &err);
	CHECK(data != NULL);
	CHECK_INT(json_get_i64(data, "count", 0), 5);
	CHECK_INT(json_size(json_get(data, "employers")), 2);
	group = json_at(json_get(data, "employers"), 0);
	if (json_size(json_get(group, "jobs")) == 1)
		group = json_at(json_get(data, "employers"), 1);
	CHECK_INT(json_size(json_get(group, "jobs")), 3);
	CHECK_INT(json_get_i64(group, "more", 0), 1);
	CHECK(
	    strstr(json_get_text(data, "intro"),
		"The best 4 are here; careerd match list shows all.") != NULL);
	CHECK(strstr(json_get_text(data, "unsubscribe_subject"),
		  "unsubscribe ") != NULL);
	CHECK_STR(json_get_text(data, "unsubscribe_to"), "jobs@example.org");
	CHECK(!json_get_true(data, "has_troubles"));
	json_free(data);
	say_rendered(r, "the mail");
	CHECK(r->sends);
	CHECK_STR(r->render_data, "the mail");
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "sending");
	say_sent(r, SEND_OK, NULL);
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "sent");
	/* Nothing new: no second mail, and why is known. */
	r->s->has_planned = false;
	rig_work(r);
	CHECK(!r->renders && !r->sends);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries"), 1);
	CHECK(rig_number(r, "SELECT count(*) FROM occurrences WHERE state = "
			    "'skipped_nothing_new'") > 0);
	rig_free(r);
}

static void
unknown_end_is_sent_once_more(void)
{
	struct rig *r = with_digest();

	say_rendered(r, "the mail");
	say_sent(r, SEND_UNKNOWN, NULL);
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "unknown");
	CHECK(!r->sends);
	rig_sql(r, "UPDATE deliveries SET not_before = '-infinity'");
	rig_work(r);
	/* The same bytes, not rendered again. */
	CHECK(!r->renders && r->sends);
	CHECK_STR(r->render_data, "the mail");
	say_sent(r, SEND_UNKNOWN, NULL);
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "failed");
	rig_free(r);
}

/* The daemon ends between the last dot and the commit. */
static void
lease_runs_out(void)
{
	struct rig *r = with_digest();

	say_rendered(r, "the mail");
	CHECK(r->sends);
	r->sends = false;
	outbox_free(r->s);
	rig_work(r);
	CHECK(!r->sends);
	rig_sql(r, "UPDATE deliveries SET lease_until = '-infinity'");
	rig_work(r);
	CHECK(r->sends);
	say_sent(r, SEND_OK, NULL);
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "sent");
	CHECK_INT(rig_number(r, "SELECT resends FROM deliveries"), 1);
	rig_free(r);
}

static void
refused_address_is_suppressed(void)
{
	struct rig *r = with_digest();

	say_rendered(r, "the mail");
	say_sent(r, SEND_REFUSED, "5.1.1");
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "failed");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM suppressions"), 1);
	/* What never arrived is new again, but nothing is planned there. */
	r->s->has_planned = false;
	rig_work(r);
	CHECK(!r->renders && !r->sends);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries"), 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM matches WHERE "
				"offered_at IS NOT NULL"),
	    0);
	rig_free(r);
}

static void
a_sick_relay_rests(void)
{
	struct rig *r = with_digest();

	say_rendered(r, "the mail");
	say_sent(r, SEND_RELAY, NULL);
	CHECK_STR(rig_text(r, "SELECT state FROM deliveries"), "deferred");
	CHECK_INT(rig_number(r, "SELECT attempt FROM deliveries"), 0);
	rig_sql(r, "UPDATE deliveries SET not_before = '-infinity'");
	rig_work(r);
	CHECK(!r->sends);
	CHECK(!outbox_may_send(r->s));
	r->s->relay_open_ms = 0;
	rig_work(r);
	CHECK(r->sends);
	say_sent(r, SEND_OK, NULL);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events WHERE over_at "
				"IS NULL"),
	    0);
	rig_free(r);
}

/* The briefing of a day: once, after its minute, not in quiet hours. */
static void
briefing_comes_once_a_day(void)
{
	struct rig *r = with_person();
	struct posting p = good_job(r, 1);

	rig_sql_admin("ALTER DATABASE careerd SET careerd.now = "
		      "'2026-03-02 07:00Z'");
	one_page(r, &p, 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries"), 0);
	rig_sql_admin("ALTER DATABASE careerd SET careerd.now = "
		      "'2026-03-02 08:01Z'");
	r->s->has_begun = false;
	rig_begin(r);
	rig_work(r);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries WHERE key = "
				"'2026-03-02'"),
	    1);
	rig_work(r);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM occurrences"), 1);
	/* Down over the instant: too late is told, not made up for. */
	rig_sql_admin("ALTER DATABASE careerd SET careerd.now = "
		      "'2026-03-03 14:30Z'");
	r->s->has_begun = false;
	rig_begin(r);
	rig_work(r);
	CHECK_STR(rig_text(r, "SELECT state FROM occurrences WHERE key = "
			      "'2026-03-03'"),
	    "skipped_missed");
	rig_sql_admin("ALTER DATABASE careerd RESET careerd.now");
	rig_free(r);
}

TESTS(TEST(duplicates_are_one_job), TEST(dedupe_can_be_off),
    TEST(reposts_are_counted), TEST(jobs_are_matched),
    TEST(digest_is_sent_once), TEST(unknown_end_is_sent_once_more),
    TEST(lease_runs_out), TEST(refused_address_is_suppressed),
    TEST(a_sick_relay_rests), TEST(briefing_comes_once_a_day))
