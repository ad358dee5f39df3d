/*
 * robots.txt made into rules (RFC 9309 section 2.2). What they mean for an
 * address is decided in plan.
 */
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "extract/value_int.h"

/* A delay above a day says no more than a day does. */
#define DELAY_MAX_MS (INT64_C(86400) * 1000)

enum record {
	RECORD_OTHER,
	RECORD_AGENT,
	RECORD_ALLOW,
	RECORD_DISALLOW,
	RECORD_DELAY
};

struct line {
	enum record record;
	const char *value;
	size_t n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void
trim(const char **s, const char **end)
{
	while (*s < *end && is_blank(**s))
		(*s)++;
	while (*end > *s && is_blank((*end)[-1]))
		(*end)--;
}

static enum record
record_parse(const char *key, size_t n)
{
	static const struct {
		const char *key;
		enum record record;
	} known[] = { { "user-agent", RECORD_AGENT }, { "allow", RECORD_ALLOW },
		{ "disallow", RECORD_DISALLOW },
		{ "crawl-delay", RECORD_DELAY } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (n == strlen(known[i].key) &&
		    strncasecmp(key, known[i].key, n) == 0)
			return known[i].record;
	return RECORD_OTHER;
}

/* The line at *s, which is moved behind it. */
static void
line_next(const char **s, const char *end, struct line *to)
{
	const char *start = *s, *stop = start, *colon, *hash, *key_end;

	while (stop < end && *stop != '\n' && *stop != '\r')
		stop++;
	*s = stop < end ? stop + 1 : end;
	to->record = RECORD_OTHER;
	hash = memchr(start, '#', (size_t)(stop - start));
	if (hash != NULL)
		stop = hash;
	colon = memchr(start, ':', (size_t)(stop - start));
	if (colon == NULL)
		return;
	key_end = colon++;
	trim(&start, &key_end);
	trim(&colon, &stop);
	to->record = record_parse(start, (size_t)(key_end - start));
	to->value = colon;
	to->n = (size_t)(stop - colon);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_unreserved(int c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c != 0 && strchr("-._~", c) != NULL);
}

/*
 * One form of percent-encoding (section 2.2.2): unreserved characters plain,
 * what is not ASCII or not printable as %XX in capitals.
 */
static char *
pattern_normalise(struct arena *a, const char *s, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * n + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		int c = (unsigned char)s[i];
		bool encode = c <= 0x20 || c >= 0x7f;

		if (c == '%' && n - i > 2 && hex_value(s[i + 1]) >= 0 &&
		    hex_value(s[i + 2]) >= 0) {
			c = hex_value(s[i + 1]) << 4 | hex_value(s[i + 2]);
			i += 2;
			encode = !is_unreserved(c);
		}
		if (encode) {
			*to++ = '%';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		} else {
			*to++ = (char)c;
		}
	}
	return out;
}

/*
 * The product token. "FooBot/2.1" and "Foo Bot" are no tokens, but who
 * writes them means the crawler of the first word, so its rules bind.
 */
static char *
agent_name(struct arena *a, const char *s, size_t n)
{
	size_t length = 0;
	char *name;

	while (length < n && !is_blank(s[length]) && s[length] != '/' &&
	       s[length] != '\0')
		length++;
	name = arena_strndup(a, s, length);
	for (size_t i = 0; i < length; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			name[i] |= 0x20;
	return name;
}

/* Seconds, also with a fraction; -1 if it is no number. */
static int64_t
delay_ms(const char *s, size_t n)
{
	int64_t ms = 0, unit = 1000;
	size_t i = 0;

	for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		if (ms < DELAY_MAX_MS)
			ms = ms * 10 + (s[i] - '0') * 1000;
	if (i == 0)
		return -1;
	if (i < n && s[i] == '.')
		for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++)
			ms += (s[i] - '0') * (unit /= 10);
	return i < n ? -1 : (ms < DELAY_MAX_MS ? ms : DELAY_MAX_MS);
}

struct builder {
	struct arena *arena;
	struct robots *robots;
	const char **agents; /* free places behind those in use */
	struct robots_rule *rules;
	struct robots_group *group; /* the open one, or NULL */
	bool has_rules;             /* the open group saw a rule line */
};

static void
add_agent(struct builder *b, const struct line *line)
{
	if (b->group == NULL || b->has_rules) {
		b->group = &b->robots->groups[b->robots->ngroups++];
		b->group->agents = b->agents;
		b->group->rules = b->rules;
		b->group->crawl_delay_ms = -1;
		b->has_rules = false;
	}
	*b->agents++ = agent_name(b->arena, line->value, line->n);
	b->group->nagents++;
}

static void
add_rule(struct builder *b, const struct line *line)
{
	if (b->group == NULL)
		return;
	b->has_rules = true;
	/* An empty path matches nothing; it only ends the list of agents. */
	if (line->n == 0)
		return;
	b->rules->allow = line->record == RECORD_ALLOW;
	b->rules->pattern = pattern_normalise(b->arena, line->value, line->n);
	b->rules++;
	b->group->nrules++;
}

static void
add_delay(struct builder *b, const struct line *line)
{
	int64_t ms = delay_ms(line->value, line->n);

	if (b->group != NULL && ms > b->group->crawl_delay_ms)
		b->group->crawl_delay_ms = ms;
}

/* The end of what is read: whole lines within the limit. */
static const char *
text_end(const char *text, size_t n)
{
	size_t limit = LIMIT_ROBOTS_BYTES;

	if (n <= limit)
		return text + n;
	if (text[limit] == '\n' || text[limit] == '\r')
		return text + limit;
	while (limit > 0 && text[limit - 1] != '\n' && text[limit - 1] != '\r')
		limit--;
	return text + limit;
}

struct robots *
robots_parse(struct arena *a, const char *text, size_t n)
{
	struct robots *robots = arena_alloc(a, sizeof(*robots));
	struct builder b = { .arena = a, .robots = robots };
	size_t nagents = 0, nrules = 0;
	const char *s, *end;
	struct line line;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	end = text_end(text, n);
	for (s = text; s < end;) {
		line_next(&s, end, &line);
		nagents += line.record == RECORD_AGENT;
		nrules += line.record == RECORD_ALLOW ||
			  line.record == RECORD_DISALLOW;
	}
	b.agents = arena_array(a, nagents + 1, sizeof(*b.agents));
	b.rules = arena_array(a, nrules + 1, sizeof(*b.rules));
	robots->groups = arena_array(a, nagents + 1, sizeof(*robots->groups));
	for (s = text; s < end;) {
		line_next(&s, end, &line);
		if (line.record == RECORD_AGENT)
			add_agent(&b, &line);
		else if (line.record == RECORD_DELAY)
			add_delay(&b, &line);
		else if (line.record != RECORD_OTHER)
			add_rule(&b, &line);
	}
	return robots;
}
