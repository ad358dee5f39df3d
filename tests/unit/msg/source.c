#include "noun.h"
#include "msg/source.h"

static void
source_again(struct wire *w, struct buf *to)
{
	struct source *s = source_get(w);

	if (s != NULL)
		source_put(to, s);
}

static struct rule rules[] = {
	{ .kind = RULE_SELECTOR, .text = { "$.title", 4, 9, NULL } },
	{ .kind = RULE_RE,
	    .text = { "^(.+):", 5, 2, NULL },
	    .group = 1,
	    .from = "title" },
};
static struct pair map[] = { { "FT", "full-time" }, { "PT", "part-time" } };
static struct field fields[] = {
	{ .name = { "title", 4, 3, NULL }, .rules = rules, .nrules = 2 },
	{ .name = { "job_type", 6, 3, NULL },
	    .rules = rules,
	    .nrules = 1,
	    .as = AS_JOB_TYPE,
	    .has_as = true,
	    .map = map,
	    .nmap = 2,
	    .re = { "^(..)", 6, 9, NULL },
	    .group = 1,
	    .all = true,
	    .order = DAY_ORDER_MDY,
	    .split = ",",
	    .default_value = "full-time",
	    .base = { "https://{tenant}.example/", 7, 9, NULL } },
};
static struct fill_least fills[] = { { "salary", 0.3 }, { "url", 1 } };
static struct pair params[] = { { "board", "gitlab" } };
static struct target targets[] = {
	{ .key = "greenhouse/gitlab", .params = params, .nparams = 1 },
	{ .key = "greenhouse" },
};

static struct source
full_source(void)
{
	static struct auth_part auth_parts[] = {
		{ AUTH_QUERY, "key", "x-key", NULL },
		{ AUTH_USER, NULL, NULL, "ada" },
	};
	return (struct source){
		.name = "greenhouse",
		.file = "scrapers/greenhouse.yaml",
		.about = "boards",
		.terms = "https://x.example/terms",
		.attribution = "Greenhouse",
		.enabled = true,
		.every = { .kind = EVERY_CRON,
		    .cron_minute = UINT64_MAX,
		    .cron_hour = 7,
		    .cron_any_day = true,
		    .zone = "Europe/Berlin",
		    .text = "0 6 * * *" },
		.list = { .present = true,
		    .method = "POST",
		    .url = { "https://x.example/{board}", 2, 6, NULL },
		    .body = "{{}}",
		    .body_type = "application/json",
		    .format = FORMAT_JSON,
		    .jobs = { "$.jobs[*]", 3, 7, NULL },
		    .fields = fields,
		    .nfields = 2 },
		.pages = { .kind = PAGES_OFFSET,
		    .first = { "https://x.example/first", 8, 3, NULL },
		    .step = 20,
		    .until = UNTIL_TOTAL,
		    .max = 100 },
		.expect = { .total = { "$.total", 9, 1, NULL },
		    .min_jobs = -1,
		    .fills = fills,
		    .nfills = 2,
		    .empty_status = 404,
		    .throttled_status = 403,
		    .missed_runs = 3 },
		.limits = { .gap_ms = 2000, .concurrency = 1, .per_day = 250 },
		.allow_private = true,
		.headers = params,
		.nheaders = 1,
		.auth = { .parts = auth_parts,
		    .nparts = 2,
		    .token_url = "https://x.example/token" },
		.targets = targets,
		.ntargets = 2,
	};
}

static void
source_passes(void)
{
	struct source s = full_source();
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	source_put(&b, &s);
	noun_check(&b, source_again);
	noun_spoil(&b, source_again);
	buf_fini(&b);
}

static void
values_arrive(void)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct source s = full_source(), *got;
	struct wire w;
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	source_put(&b, &s);
	wire_init(&w, arena, b.data, b.len);
	got = source_get(&w);
	CHECK(got != NULL);
	CHECK_STR(got->name, "greenhouse");
	CHECK(got->homepage == NULL);
	CHECK_STR(got->terms, "https://x.example/terms");
	CHECK_STR(got->attribution, "Greenhouse");
	CHECK_STR(got->pages.first.text, "https://x.example/first");
	CHECK(got->list.fields[1].all && !got->list.fields[0].all);
	CHECK_INT(got->list.fields[1].order, DAY_ORDER_MDY);
	CHECK_STR(got->list.fields[1].re.text, "^(..)");
	CHECK_INT(got->list.fields[1].group, 1);
	CHECK(got->every.cron_minute == UINT64_MAX);
	CHECK(!got->detail.present);
	CHECK_STR(got->list.body, "{{}}");
	CHECK_INT(got->list.fields[1].as, AS_JOB_TYPE);
	CHECK_STR(got->list.fields[1].map[1].value, "part-time");
	CHECK_STR(got->list.fields[0].rules[1].from, "title");
	CHECK_INT(got->list.fields[0].rules[1].text.column, 2);
	CHECK_INT(got->expect.min_jobs, -1);
	CHECK_INT(got->auth.nparts, 2);
	CHECK_INT(got->auth.parts[0].place, AUTH_QUERY);
	CHECK_STR(got->auth.parts[0].name, "key");
	CHECK_STR(got->auth.parts[0].credential, "x-key");
	CHECK_STR(got->auth.parts[1].text, "ada");
	CHECK_STR(got->auth.token_url, "https://x.example/token");
	CHECK_STR(got->expect.fills[1].name, "url");
	CHECK(got->expect.fills[0].least == 0.3);
	CHECK_INT(got->expect.empty_status, 404);
	CHECK_INT(got->expect.throttled_status, 403);
	CHECK_INT(got->expect.missed_runs, 3);
	CHECK_STR(target_param(&got->targets[0], "board"), "gitlab");
	CHECK(target_param(&got->targets[0], "nothing") == NULL);
	CHECK(target_param(&got->targets[1], "board") == NULL);
	arena_free(arena);
	buf_fini(&b);
}

static void
no_memory_is_no_source(void)
{
	struct arena *small = arena_new_soft(16);
	struct source s = full_source();
	struct wire w;
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	source_put(&b, &s);
	wire_init(&w, small, b.data, b.len);
	CHECK(source_get(&w) == NULL);
	CHECK(w.bad);
	buf_fini(&b);
	arena_free(small);
}

static void
fields_have_their_types(void)
{
	CHECK_INT(field_types_count, 17);
	CHECK_INT(field_type_find("posted_date")->as, AS_DATE);
	CHECK_INT(field_type_find("apply_url")->as, AS_URL);
	CHECK_INT(field_type_find("description")->as, AS_HTML);
	CHECK(field_type_find("department") == NULL);
}

static char long_value[600 * 1024];

static const char *
look_up(void *context, const char *name)
{
	(void)context;
	if (strcmp(name, "url") == 0)
		return "https://a.example/x?y=1&z";
	if (strcmp(name, "page.offset") == 0)
		return "20";
	if (strcmp(name, "long") == 0)
		return long_value;
	if (strcmp(name, "word") == 0)
		return "C++ & co/x";
	if (strcmp(name, "quoted") == 0)
		return "say \"a\" \\";
	return NULL;
}

static void
templates_expand(void)
{
	struct arena *a = arena_new(4 * 1024 * 1024);
	struct err e;

	memset(long_value, 'x', sizeof(long_value) - 1);
#define EXPAND(text, kind) \
	template_expand(a, text, TEMPLATE_##kind, look_up, NULL, &e)
	CHECK_STR(EXPAND("", TEXT), "");
	CHECK_STR(EXPAND("plain", TEXT), "plain");
	CHECK_STR(EXPAND("{word}", TEXT), "C++ & co/x");
	CHECK_STR(EXPAND("{{\"offset\":\"{page.offset}\"}}", TEXT),
	    "{\"offset\":\"20\"}");
	CHECK_STR(EXPAND("{url}", URL), "https://a.example/x?y=1&z");
	CHECK_STR(EXPAND("https://b.example/{word}", URL),
	    "https://b.example/C%2B%2B%20%26%20co/x");
	CHECK_STR(EXPAND("{word|base64}", TEXT), "QysrICYgY28veA==");
	CHECK_STR(EXPAND("b/{word|base64}", URL), "b/QysrICYgY28veA%3D%3D");
	CHECK_STR(EXPAND("\"{quoted}\"", JSON), "\"say \\\"a\\\" \\\\\"");
	CHECK_STR(EXPAND("a={word}&b", FORM), "a=C%2B%2B%20%26%20co%2Fx&b");
	CHECK(EXPAND("a{nobody}", TEXT) == NULL);
	CHECK_STR(e.text, "no value for {nobody}");
	CHECK(EXPAND("a{", TEXT) == NULL);
	CHECK(EXPAND("{long}{long}", TEXT) == NULL);
	CHECK_STR(e.text, "the expanded text is too long");
	arena_free(a);
}

static void
fault_at(const char *text, size_t want)
{
	struct err e;
	size_t at = 999;

	CHECK_INT(template_check(text, &at, &e), -1);
	CHECK_INT(at, want);
}

static void
faulty_templates_are_found(void)
{
	struct err e;
	size_t at;

	CHECK_INT(template_check("a{b}{{c}}{d.e-f}", &at, &e), 0);
	CHECK_INT(template_check("{a|base64}", &at, &e), 0);
	fault_at("a{b|base32}", 1);
	CHECK_INT(template_check("{b|base32}", &at, &e), -1);
	CHECK_STR(
	    e.text, "behind '|' only base64 is known, as in {job.id|base64}");
	fault_at("{|base64}", 0);
	fault_at("{", 0);
	fault_at("ab}", 2);
	fault_at("ab{}", 2);
	fault_at("ab{c", 2);
	fault_at("ab{c d}", 2);
	fault_at("{a}}", 3);
	fault_at("{{{", 2);
}

static void
count_name(void *context, const char *name)
{
	struct buf *b = context;

	buf_str(b, name);
	buf_char(b, ' ');
}

static void
names_are_told(void)
{
	struct arena *a = arena_new(65536);
	struct buf b;

	buf_init(&b, 100);
	template_names(a, "x{a}{{b}}{c.d|base64}", count_name, &b);
	CHECK_STR(buf_cstr(&b), "a c.d ");
	buf_fini(&b);
	arena_free(a);
}

TESTS(TEST(source_passes), TEST(values_arrive), TEST(no_memory_is_no_source),
    TEST(fields_have_their_types), TEST(templates_expand),
    TEST(faulty_templates_are_found), TEST(names_are_told))
