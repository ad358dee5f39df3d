/*
 * careerd try KIND: every judgement can be asked, one JSON object a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/addr.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "cmd/cmd.h"
#include "cmd/jail.h"
#include "cmd/try_int.h"
#include "extract/extract.h"
#include "match/match.h"
#include "notify/notify.h"
#include "plan/plan.h"

/* A line holds a whole page at most. */
#define LINE_BYTES (2L * LIMIT_PAGE_BYTES)

/* ---- answers ---- */

struct json *
try_fault(const char *text)
{
	struct json *o = json_object();

	json_set(o, "error", json_string(text));
	return o;
}

struct json *
try_result(struct json *value)
{
	struct json *o = json_object();

	json_set(o, "result", value);
	return o;
}

/* ---- judgements that are ours: no foreign parser, no jail ---- */

static struct json *
try_url(struct try *t, const struct json *in)
{
	const char *url = json_get_text(in, "url");
	const char *base = json_get_text(in, "base");

	if (url == NULL)
		return try_fault("url is missing");
	if (base != NULL)
		url = url_resolve(t->arena, base, url);
	return try_result(json_string(url_canonical(t->arena, url)));
}

/* Which shipped definition reads the board at an address? */
static struct json *
try_board(struct try *t, const struct json *in)
{
	const char *url = json_get_text(in, "url");
	struct json *answer, *params;
	struct board board;

	if (url == NULL)
		return try_fault("url is missing");
	if (t->boards == NULL) {
		t->definitions = arena_new(LIMIT_CONF_BYTES);
		t->boards = conf_boards(t->definitions);
	}
	if (!conf_board_find(t->arena, t->boards, url, &board))
		return try_result(json_null());
	answer = json_object();
	params = json_object();
	for (size_t i = 0; i < board.nparams; i++)
		json_set(params, board.params[i].name,
		    json_string(board.params[i].value));
	json_set(answer, "source", json_string(board.source->name));
	json_set(answer, "params", params);
	return try_result(answer);
}

static struct json *
try_robots(struct try *t, const struct json *in)
{
	const char *text = json_get_text(in, "robots");
	const char *agent = json_get_text(in, "agent");
	const char *url = json_get_text(in, "url");

	if (text == NULL || agent == NULL || url == NULL)
		return try_fault("robots, agent and url are needed");
	return try_result(json_bool(robots_allows(
	    robots_parse(t->arena, text, strlen(text)), agent, url)));
}

static struct json *
address_answer(bool allowed, const char *reason)
{
	struct json *o = json_object();

	json_set(o, "allowed", json_bool(allowed));
	json_set(o, "reason", json_string(reason));
	return try_result(o);
}

/* Names are not looked up: "try" needs no network. */
static struct json *
try_address(struct try *t, const struct json *in)
{
	const char *ip = json_get_text(in, "ip");
	const char *text = json_get_text(in, "url"), *reason = NULL;
	struct err err = { 0 };
	struct url url;
	bool allowed;

	if (ip == NULL && text == NULL)
		return try_fault("url or ip is needed");
	if (ip == NULL) {
		if (url_parse(t->arena, text, &url, &err) == -1)
			return address_answer(false, err.text);
		if (url.port != 80 && url.port != 443)
			return address_answer(
			    false, "the port is neither 80 nor 443");
		ip = url.host;
		if (*ip == '[')
			ip = arena_strndup(t->arena, ip + 1, strlen(ip) - 2);
		else if (strspn(ip, "0123456789.") != strlen(ip))
			return address_answer(!str_eq(ip, "localhost") &&
						  !str_ends(ip, ".localhost"),
			    "a name: its address is checked when it is "
			    "dialled");
	}
	allowed = addr_text_is_public(ip, &reason);
	return address_answer(allowed, reason);
}

static const char *
partial_of(void *context, const char *name)
{
	return json_get_text(context, name);
}

static struct json *
try_mustache(struct try *t, const struct json *in)
{
	const char *template = json_get_text(in, "template");
	struct err err = { 0 };
	struct json *answer;
	struct buf out;

	(void)t;
	if (template == NULL)
		return try_fault("template is missing");
	buf_init(&out, LIMIT_PAGE_BYTES);
	if (mustache_render(template, json_get(in, "data"), MUSTACHE_HTML,
		partial_of, json_get(in, "partials"), &out, &err) == -1)
		answer = try_fault(err.text);
	else
		answer = try_result(json_string(buf_cstr(&out)));
	buf_fini(&out);
	return answer;
}

/* "2026-03-29 02:30", with T for the blank and seconds if wished. */
static bool
local_parse(const char *text, struct civil *to)
{
	int64_t part[6] = { 0 };
	static const char marks[] = "--T::";
	size_t n = 0;
	char digits[8];

	for (const char *p = text; n < 6; n++) {
		size_t length = strspn(p, "0123456789");
		if (length == 0 || length > 4)
			return false;
		memcpy(digits, p, length);
		digits[length] = '\0';
		if (str_to_i64(digits, 0, 9999, &part[n]) == -1)
			return false;
		p += length;
		if (*p == '\0' && n >= 4)
			break;
		if (n == 5 || (*p != marks[n] && !(n == 2 && *p == ' ')))
			return false;
		p++;
	}
	*to = (struct civil){ (int)part[0], (int)part[1], (int)part[2],
		(int)part[3], (int)part[4], (int)part[5] };
	return civil_is_date(to->year, to->month, to->day) && to->hour < 24 &&
	       to->minute < 60 && to->second < 60;
}

static struct json *
try_time(struct try *t, const struct json *in)
{
	const char *name = json_get_text(in, "zone");
	const char *local = json_get_text(in, "local");
	struct err err = { 0 };
	struct zone *zone;
	struct civil civil;
	int64_t utc_ms;

	if (name == NULL || local == NULL)
		return try_fault("zone and local are needed");
	zone = zone_load(t->arena, name, &err);
	if (zone == NULL)
		return try_fault(err.text);
	if (!local_parse(local, &civil))
		return try_fault("local is not a date and time such as "
				 "2026-03-29 02:30");
	if (!zone_instant(zone, &civil, false, &utc_ms))
		return try_result(json_null());
	return try_result(json_string(clock_iso(t->arena, utc_ms)));
}

/* Zones for "date"; they live as long as the command. */
static struct arena *zones;

static const void *
zone_find(const char *name)
{
	struct err ignored;

	return zone_load(zones, name, &ignored);
}

static int32_t
zone_seconds(const void *zone, int64_t utc_ms)
{
	return zone_offset(zone, utc_ms);
}

static struct json *
try_value(struct try *t, const struct json *in)
{
	return extract_try(t->kind, in);
}

/* A level by itself, since it is in the title and not in the text. */
static struct json *
try_level(struct try *t, const struct json *in)
{
	const char *title = json_get_text(in, "title");

	if (title == NULL)
		return try_fault("title is missing");
	return try_result(
	    json_string(experience_name(title_experience(t->arena, title))));
}

static struct json *
try_match(struct try *t, const struct json *in)
{
	return match_try(t->kind, in);
}

/* ---- judgements about foreign documents: in the jail ---- */

static struct json *
try_jailed(struct try *t, const struct json *in)
{
	struct err err = { 0 };
	struct json *answer;

	if (t->jail == NULL && (t->jail = jail_open(&err)) == NULL)
		return try_fault(err.text);
	answer = jail_ask(t->jail, t->kind, in, &err);
	return answer == NULL ? try_fault(err.text) : answer;
}

static const struct {
	const char *kind;
	struct json *(*judge)(struct try *, const struct json *in);
} kinds[] = {
	{ "css", try_jailed },
	{ "xpath", try_jailed },
	{ "jsonpath", try_jailed },
	{ "posting", try_posting },
	{ "date", try_value },
	{ "salary", try_value },
	{ "location", try_value },
	{ "facts", try_value },
	{ "level", try_level },
	{ "url", try_url },
	{ "board", try_board },
	{ "robots", try_robots },
	{ "address", try_address },
	{ "mustache", try_mustache },
	{ "skills", try_match },
	{ "same", try_match },
	{ "fit", try_match },
	{ "time", try_time },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
line_answer(struct try *t, size_t kind, const char *line, size_t n)
{
	struct err err = { 0 };
	struct json *in = json_parse(line, n, &err), *answer;

	if (in == NULL)
		answer = try_fault(err.text);
	else if (!json_is_object(in))
		answer = try_fault("a line must hold one JSON object");
	else
		answer = kinds[kind].judge(t, in);
	printf("%s\n", json_dump(t->arena, answer));
	json_free(answer);
	json_free(in);
	arena_reset(t->arena);
}

static int
lines_answer(struct try *t, size_t kind)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		if (n > LINE_BYTES)
			printf("{\"error\":\"the line is longer than %ld "
			       "bytes\"}\n",
			    LINE_BYTES);
		else if (strspn(line, " \t\r\n") == (size_t)n)
			printf("{\"error\":\"the line is empty\"}\n");
		else
			line_answer(t, kind, line, (size_t)n);
		fflush(stdout);
	}
	free(line);
	return ferror(stdin) || ferror(stdout) ? 74 : 0;
}

static int
try_main(const struct cmd_context *c, int argc, char **argv)
{
	struct try t = { 0 };
	const char *names[KINDS], *near;
	int ret;

	for (size_t i = 0; i < KINDS; i++)
		names[i] = kinds[i].kind;
	if (argc != 1)
		return cmd_usage(c, "try takes one KIND");
	for (size_t i = 0; i < KINDS; i++) {
		if (!str_eq(kinds[i].kind, argv[0]))
			continue;
		t.kind = argv[0];
		t.arena = arena_new(8L * LIMIT_PAGE_BYTES);
		zones = arena_new(64L * 1024 * 1024);
		extract_try_zones(zone_find, zone_seconds);
		ret = lines_answer(&t, i);
		jail_close(t.jail);
		arena_free(t.arena);
		arena_free(t.definitions);
		arena_free(zones);
		return ret;
	}
	near = str_nearest(argv[0], names, KINDS);
	return cmd_usage(c, "there is no judgement '%s'%s%s%s", argv[0],
	    near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	    near == NULL ? "" : "'?)");
}

static const struct cmd_verb verbs[] = {
	{ NULL, "KIND",
	    "one pure judgement on JSON objects, one a line, from standard "
	    "input",
	    NULL, try_main },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_try = { "try", "every judgement can be asked", verbs,
	"Each line of input is answered by one: {\"result\": ...} or\n"
	"{\"error\": \"...\"}. Neither database nor network is needed.\n\n"
	"KIND        takes                             gives\n"
	"css, xpath  document, selector, attr          texts or attributes\n"
	"jsonpath    document, selector                values\n"
	"posting     source, page, detail, params,      postings\n"
	"            url, now\n"
	"date        text, now, zone, hint             utc, date, approx\n"
	"salary      text, country                     min, max, currency, "
	"period\n"
	"location    text                              places, remote, scope\n"
	"facts       text, country                     pay, years, degree, "
	"language\n"
	"level       title                             junior, senior, ...\n"
	"url         url, base                         the canonical URL\n"
	"board       url                               the shipped source "
	"that reads it\n"
	"robots      robots, agent, url                may it be fetched?\n"
	"address     url or ip                         may it be dialled?\n"
	"mustache    template, data, partials          text\n"
	"skills      text, language                    skills with their "
	"places\n"
	"same        a, b                              same job? and the rule\n"
	"fit         user, job, now                    score, parts, evidence\n"
	"time        zone, local                       the instant\n\n"
	"    echo '{\"text\": \"3 days ago\"}' | careerd try date\n" };
