#include "noun.h"
#include "msg/event.h"
#include "msg/mail.h"
#include "msg/page.h"
#include "msg/request.h"
#include "msg/setup.h"

#define AGAIN(noun)                                              \
	static void noun##_again(struct wire *w, struct buf *to) \
	{                                                        \
		struct noun got;                                 \
		noun##_get(w, &got);                             \
		noun##_put(to, &got);                            \
	}
AGAIN(grant)
AGAIN(fetched)
AGAIN(page)
AGAIN(extracted)
AGAIN(robots)
AGAIN(render)
AGAIN(rendered)
AGAIN(send)
AGAIN(sent)
AGAIN(setup)
AGAIN(event)
AGAIN(account)
AGAIN(posting)

static struct pair pairs[] = { { "a", "b" }, { "c", "" } };
static const char *const texts[] = { "one", "two" };

static void
passes(const struct buf *b, noun_again *again)
{
	CHECK(!b->over);
	noun_check(b, again);
	noun_spoil(b, again);
}

static void
requests_pass(void)
{
	struct grant g = { .id = 7,
		.source = "s",
		.target = "s/t",
		.kind = REQUEST_DETAIL,
		.method = "POST",
		.url = "https://a.example/",
		.body = "{}",
		.body_type = "application/json",
		.headers = pairs,
		.nheaders = 2,
		.delay_ms = 12,
		.max_bytes = 1 << 20,
		.allow_private = true,
		.etag = "\"x\"",
		.params = pairs,
		.nparams = 1,
		.page_number = 3 };
	struct fetched f = { .id = 7,
		.result = FETCH_MOVED,
		.status = 302,
		.reason = NULL,
		.url = "https://a.example/",
		.location = "https://b.example/",
		.bytes = 10,
		.took_ms = -1 };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	grant_put(&b, &g);
	passes(&b, grant_again);
	buf_reset(&b);
	fetched_put(&b, &f);
	passes(&b, fetched_again);
	buf_fini(&b);
}

static void
pages_pass(void)
{
	struct fill fills[] = { { "title", 20, 21 }, { "salary", 3, 3 } };
	struct page p = { .id = 1,
		.source = "s",
		.target = "t",
		.kind = REQUEST_LIST,
		.url = "https://a.example/",
		.content_type = "text/html",
		.params = pairs,
		.nparams = 2,
		.now_ms = 1795000000000 };
	struct extracted x = { .id = 1,
		.result = EXTRACT_MALFORMED,
		.items = 20,
		.total = -1,
		.next = "https://a.example/2",
		.until = true,
		.fingerprint = UINT64_MAX,
		.fills = fills,
		.nfills = 2 };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	page_put(&b, &p);
	passes(&b, page_again);
	buf_reset(&b);
	extracted_put(&b, &x);
	passes(&b, extracted_again);
	buf_fini(&b);
}

static void
robots_pass(void)
{
	struct robots_rule rules[] = { { true, "/a" }, { false, "/" } };
	struct robots_group groups[] = {
		{ texts, 2, rules, 2, 5000 },
		{ texts, 1, NULL, 0, -1 },
	};
	struct robots r = { groups, 2 }, none = { NULL, 0 };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	robots_put(&b, &r);
	passes(&b, robots_again);
	buf_reset(&b);
	robots_put(&b, &none);
	passes(&b, robots_again);
	buf_fini(&b);
}

static void
mails_pass(void)
{
	struct render r = { .id = 1,
		.template = "digest",
		.to_name = "Ada",
		.to_address = "ada@example.org",
		.message_id = "x@example.org" };
	struct rendered d = { .id = 1, .ok = true, .subject = "3 jobs" };
	struct send s = { .id = 1, .from = "a@a.example", .to = "b@b.example" };
	struct sent t = { .id = 1,
		.result = SEND_REFUSED,
		.code = 550,
		.status = "5.1.1",
		.reason = "no such user" };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	render_put(&b, &r);
	passes(&b, render_again);
	buf_reset(&b);
	rendered_put(&b, &d);
	passes(&b, rendered_again);
	buf_reset(&b);
	send_put(&b, &s);
	passes(&b, send_again);
	buf_reset(&b);
	sent_put(&b, &t);
	passes(&b, sent_again);
	buf_fini(&b);
}

static void
setups_pass(void)
{
	struct skill_wish skills[] = { { "C", 12, false },
		{ "Rust", 0, true } };
	struct setup s = { .foreground = true,
		.log_level = 1,
		.root = "/usr/share/careerd",
		.conninfo = "host=/run",
		.user = { .present = true,
		    .email = "ada@example.org",
		    .skills = skills,
		    .nskills = 2,
		    .locations = texts,
		    .nlocations = 2,
		    .experience = EXP_SENIOR,
		    .salary = { .present = true,
			.min = 75000,
			.currency = "EUR",
			.period = PAY_YEAR },
		    .job_types = texts,
		    .njob_types = 1,
		    .briefing_minute = 480,
		    .has_quiet = true },
		.retention_jobs_ms = 180 * 86400000LL,
		.max_in_flight = 64,
		.smtp_plain = true };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	setup_put(&b, &s);
	passes(&b, setup_again);
	buf_reset(&b);
	s.user.present = false;
	setup_put(&b, &s);
	passes(&b, setup_again);
	buf_fini(&b);
}

static void
events_pass(void)
{
	struct event v = { .kind = EVENT_RUN_END,
		.object = "greenhouse/gitlab",
		.outcome = "ok",
		.found = 20,
		.took_ms = 5 };
	struct account a = { 1, 2, 3, 4, 5 };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	event_put(&b, &v);
	passes(&b, event_again);
	buf_reset(&b);
	account_put(&b, &a);
	passes(&b, account_again);
	buf_fini(&b);
}

static void
postings_pass(void)
{
	struct place places[] = { { "Berlin", NULL, "DE" },
		{ NULL, NULL, "AT" } };
	struct posting p = { .external_id = "1",
		.url = "https://a.example/1",
		.title = "Engineer",
		.location = "Berlin",
		.places = places,
		.nplaces = 2,
		.remote = REMOTE_HYBRID,
		.description = "Text",
		.salary = { .present = true, .min = 1.5, .currency = "EUR" },
		.tags = texts,
		.ntags = 2,
		.posted = { .present = true, .ms = 5, .approx = true },
		.metadata = pairs,
		.nmetadata = 2,
		.warnings = texts,
		.nwarnings = 1 };
	struct posting none = { .title = NULL };
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	posting_put(&b, &p);
	passes(&b, posting_again);
	buf_reset(&b);
	posting_put(&b, &none);
	passes(&b, posting_again);
	buf_fini(&b);
}

TESTS(TEST(requests_pass), TEST(pages_pass), TEST(robots_pass),
    TEST(mails_pass), TEST(setups_pass), TEST(events_pass), TEST(postings_pass))
