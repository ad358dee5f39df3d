/*
 * The types of options.def: how each is read, into what.
 */
#include <string.h>
#include <sys/stat.h>
#include "conf/conf_int.h"
#include "conf/option_types.h"
#include "plan/plan.h"

static bool
wrong(const struct reader *r, const struct node *node, const char *expected)
{
	fault(r->problems, node, "expected %s, found %s", expected,
	    node_found(r->arena, node));
	return false;
}

bool
option_text(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *text;

	(void)option;
	if (!read_text(r, node, &text))
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			return wrong(r, node, "a text of one line");
	*(const char **)member = text;
	return true;
}

bool
option_email(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	if (node->kind != NODE_SCALAR || !is_email(node->text))
		return wrong(r, node, "a mail address such as ada@example.org");
	*(const char **)member = node->text;
	return true;
}

bool
option_mailbox(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *name, *address;

	(void)option;
	if (node->kind != NODE_SCALAR ||
	    !parse_mailbox(r->arena, node->text, &name, &address))
		return wrong(r, node,
		    "an address, or a name and one: Ada <ada@example.org>");
	*(const char **)member = node->text;
	return true;
}

bool
option_zone(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct err e = { 0 };
	const char *name;

	(void)option;
	if (!read_text(r, node, &name))
		return false;
	if (zone_load(r->arena, name, &e) == NULL) {
		fault(r->problems, node,
		    "'%s' is no time zone; expected an IANA name such as "
		    "Europe/Berlin",
		    str_safe(r->arena, name, 60));
		return false;
	}
	*(const char **)member = name;
	return true;
}

static const char *const experience_words[] = { "intern", "junior", "mid",
	"senior", "lead", "principal" };

bool
option_experience(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	size_t at;

	(void)option;
	if (!read_word(r, node, experience_words, 6, &at))
		return false;
	*(enum experience *)member = experience_parse(experience_words[at]);
	return true;
}

bool
option_amount(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	return read_double(
	    r, node, (double)option->min, (double)option->max, member);
}

bool
option_currency(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	if (node->kind != NODE_SCALAR || !is_currency(node->text))
		return wrong(r, node,
		    "a currency of ISO 4217 in three capitals, such as EUR");
	*(const char **)member = node->text;
	return true;
}

bool
option_period(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	static const char *const words[] = { "hour", "day", "week", "month",
		"year" };
	size_t at;

	(void)option;
	if (!read_word(r, node, words, 5, &at))
		return false;
	*(enum pay_period *)member = pay_period_parse(words[at]);
	return true;
}

bool
option_minute(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	if (node->kind != NODE_SCALAR || !parse_minute(node->text, member))
		return wrong(r, node, "a time of day such as 08:00");
	return true;
}

bool
option_quiet(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct user_conf *user = member;
	uint32_t start, end;
	const char *text = node->kind == NODE_SCALAR ? node->text : "";

	(void)option;
	if (str_eq(text, "off")) {
		user->has_quiet = false;
		return true;
	}
	if (strlen(text) != 11 || text[5] != '-' ||
	    !parse_minute(arena_strndup(r->arena, text, 5), &start) ||
	    !parse_minute(text + 6, &end))
		return wrong(
		    r, node, "two times of day such as 22:00-07:00, or off");
	user->has_quiet = true;
	user->quiet_start = start;
	user->quiet_end = end;
	return true;
}

bool
option_pause(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	int year, month, day;

	(void)option;
	(void)member; /* an instant only once the zone is known */
	if (node->kind != NODE_SCALAR ||
	    !parse_date(node->text, &year, &month, &day))
		return wrong(
		    r, node, "a date that exists, such as until 2027-01-04");
	return true;
}

bool
option_contact(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *text = node->kind == NODE_SCALAR ? node->text : "";
	bool plain = text[0] != '\0';

	(void)option;
	/* It becomes a comment of the User-Agent (RFC 9110 section 5.6.5). */
	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 127 || strchr("()\\\"", *p) != NULL)
			plain = false;
	if (!plain ||
	    !(str_starts(text, "https://") || str_starts(text, "http://") ||
		str_starts(text, "mailto:") || is_email(text)))
		return wrong(
		    r, node, "a URL (https://...) or a mail address, in ASCII");
	*(const char **)member = text;
	return true;
}

bool
option_smtp(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	if (node->kind == NODE_SCALAR && strchr(node->text, '@') != NULL) {
		fault(r->problems, node,
		    "the relay's address holds no name or password; give "
		    "them as mail.user and mail.password");
		return false;
	}
	if (node->kind != NODE_SCALAR ||
	    smtp_host(r->arena, node->text) == NULL)
		return wrong(r, node,
		    "a relay such as smtps://smtp.example.org or "
		    "smtp://127.0.0.1:2525");
	*(const char **)member = node->text;
	return true;
}

bool
option_credential(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	return read_credential(r, node, member);
}

bool
option_path(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *text;

	(void)option;
	if (!read_text(r, node, &text))
		return false;
	*(const char **)member = path_beside(r->arena, node->file, text);
	return true;
}

bool
option_directory(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *path;

	if (!option_path(r, option, node, &path))
		return false;
	if (!path_is_dir(path)) {
		fault(r->problems, node, "there is no folder %s",
		    str_safe(r->arena, path, 200));
		return false;
	}
	*(const char **)member = path;
	return true;
}

bool
option_database(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	const char *text = node->kind == NODE_SCALAR ? node->text : "";

	if (has_password(text)) {
		fault(r->problems, node,
		    "the address of the database holds a password; put it "
		    "into a password file (~/.pgpass, mode 0600) instead");
		return false;
	}
	if (!str_starts(text, "postgresql://") &&
	    !str_starts(text, "postgres://") &&
	    !(str_eq(text, "embedded") && str_eq(option->info.key, "database")))
		return wrong(r, node,
		    option->info.default_text == NULL
			? "postgresql://HOST/NAME"
			: "embedded or postgresql://HOST/NAME");
	*(const char **)member = text;
	return true;
}

bool
option_duration(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	return read_duration(r, node, option->min, option->max, member);
}

bool
option_switch(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	return read_bool(r, node, member);
}

bool
option_count(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	int64_t value;

	if (!read_i64(r, node, option->min, option->max, &value))
		return false;
	*(uint32_t *)member = (uint32_t)value;
	return true;
}

bool
option_log(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	static const char *const words[] = { "debug", "info", "warn", "error" };
	size_t at;

	(void)option;
	if (!read_word(r, node, words, 4, &at))
		return false;
	*(const char **)member = words[at];
	return true;
}

bool
option_sources(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	(void)option;
	(void)member; /* read when the whole configuration is known */
	return node_is_null(node) || is_map(r, node);
}
