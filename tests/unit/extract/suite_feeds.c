/*
 * Feeds of other readers' test suites: none may crash or hang ours, and what
 * feedparser and rss2email expect of titles, links, texts, dates, ids and
 * authors is counted.
 */
#include <time.h>
#include "base/url.h"
#include "extract/charset.h"
#include "extract/mime.h"
#include "reading.h"
#include "suite.h"

/* What the reader itself says of an item, before it becomes a posting. */
#define ITEM                                \
	"  s_title: { from: title }\n"      \
	"  s_author: { from: company }\n"   \
	"  s_date: { from: posted_date }\n" \
	"  s_updated: [ './updated[1]', './modified' ]\n" DETAIL
/* A definition with details lists postings without titles. */
#define DETAIL "detail: { url: \"{job.url}\", fields: { title: title } }\n"
static const char entries_yaml[] =
    "source: suite\nurl: https://x.example/feed\nformat: feed\n"
    "fields:\n  external_id: { const: x }\n" ITEM;
static const char ids_yaml[] =
    "source: suite\nurl: https://x.example/feed\nformat: feed\n" DETAIL;
/* The feed's head is read as an item is. */
static const char head_yaml[] =
    "source: suite\nurl: https://x.example/feed\nformat: feed\n"
    "jobs: \"(//*[local-name()='channel' or local-name()='CHANNEL' or "
    "local-name()='feed'])[1]\"\n"
    "fields:\n  external_id: { const: x }\n" ITEM;
static const char head_id_yaml[] =
    "source: suite\nurl: https://x.example/feed\nformat: feed\n"
    "jobs: \"(//*[local-name()='channel' or local-name()='CHANNEL' or "
    "local-name()='feed'])[1]\"\n" DETAIL;

/* [0] of entries, [1] of the feed; [1] of each: ids. */
static struct read readers[2][2];

static void
readers_open(void)
{
	CHECK(read_source(&readers[0][0], entries_yaml));
	CHECK(read_source(&readers[0][1], ids_yaml));
	CHECK(read_source(&readers[1][0], head_yaml));
	CHECK(read_source(&readers[1][1], head_id_yaml));
}

static void
readers_close(void)
{
	for (int i = 0; i < 4; i++)
		read_done(&readers[i / 2][i % 2]);
}

static const char *
metadata(const struct posting *p, const char *name)
{
	for (size_t i = 0; i < p->nmetadata; i++)
		if (strcmp(p->metadata[i].name, name) == 0)
			return p->metadata[i].value;
	return NULL;
}

/* ---- expectations: Python's expressions, as far as they compare ---- */

static void
literal_escape(const char **at, struct buf *to)
{
	const char *p = *at;
	char bytes[4];
	size_t digits = *p == 'x' ? 2 : *p == 'u' ? 4 : *p == 'U' ? 8 : 0;
	char number[9] = { 0 };

	if (digits > 0 && strlen(p) > digits) {
		memcpy(number, p + 1, digits);
		buf_add(to, bytes,
		    utf8_put(bytes, (uint32_t)strtoul(number, NULL, 16)));
		p += digits;
	} else if (*p == 'n') {
		buf_char(to, '\n');
	} else if (*p == 't') {
		buf_char(to, '\t');
	} else if (*p == 'r') {
		buf_char(to, '\r');
	} else {
		buf_char(to, *p);
	}
	*at = p + 1;
}

/* A text in quotes at p; where it ends, or NULL. */
static const char *
literal_read(const char *p, struct buf *to)
{
	const char *quote;
	size_t n;

	p += strspn(p, " \n");
	p += *p == 'u';
	if (*p != '\'' && *p != '"')
		return NULL;
	n = strncmp(p, "'''", 3) == 0 || strncmp(p, "\"\"\"", 3) == 0 ? 3 : 1;
	quote = p;
	for (p += n; *p != '\0' && strncmp(p, quote, n) != 0;)
		if (*p == '\\') {
			p++;
			literal_escape(&p, to);
		} else {
			buf_char(to, *p++);
		}
	return *p == '\0' ? NULL : p + n;
}

/* (2004, 1, 1, 19, 48, 21, 3, 1, 0): where it ends, or NULL. */
static const char *
tuple_read(const char *p, int64_t *ms)
{
	struct tm tm = { 0 };
	int n = 0;

	if (sscanf(p, " (%d, %d, %d, %d, %d, %d%n", &tm.tm_year, &tm.tm_mon,
		&tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec, &n) != 6)
		return NULL;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*ms = (int64_t)timegm(&tm) * 1000;
	p = strchr(p + n, ')');
	return p == NULL ? NULL : p + 1;
}

enum subject { TITLE, LINK, TEXT, DATE, ID, AUTHOR, SUBJECTS };
static const char *const subject_names[] = { "titles", "links", "texts",
	"dates", "ids", "authors" };

static const struct {
	const char *key;
	enum subject subject;
} keys[] = {
	{ "['title']", TITLE },
	{ "['title_detail']['value']", TITLE },
	{ "['link']", LINK },
	{ ".link", LINK },
	{ "['id']", ID },
	{ "['guid']", ID },
	{ "['author']", AUTHOR },
	{ "['description']", TEXT },
	{ ".summary", TEXT },
	{ "['summary']", TEXT },
	{ "['summary_detail']['value']", TEXT },
	{ "['content'][0]['value']", TEXT },
	{ "['subtitle']", TEXT },
	{ "['subtitle_detail']['value']", TEXT },
	{ "['tagline']", TEXT },
	{ "['tagline_detail']['value']", TEXT },
	{ "['updated']", DATE },
	{ "['updated_parsed']", DATE },
	{ "['published']", DATE },
	{ "['published_parsed']", DATE },
};

struct expectation {
	bool of_entry;
	enum subject subject;
	const char *key;
	struct buf text;
	int64_t ms; /* of a date given as numbers */
	bool is_tuple;
};

/* The expression's comparison, the last of its kind in it; false: another. */
static bool
expectation_read(const char *p, struct expectation *to)
{
	bool found = false;

	if (str_starts(p, "not bozo and "))
		p += strlen("not bozo and ");
	else if (str_starts(p, "bozo and "))
		p += strlen("bozo and ");
	to->of_entry = str_starts(p, "entries[0]");
	if (!to->of_entry && !str_starts(p, "feed"))
		return false;
	p += to->of_entry ? strlen("entries[0]") : strlen("feed");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !found; i++) {
		size_t n = strlen(keys[i].key);

		if (!str_starts(p, keys[i].key) ||
		    !str_starts(p + n + strspn(p + n, " "), "=="))
			continue;
		to->subject = keys[i].subject;
		to->key = keys[i].key;
		p += n;
		found = true;
	}
	if (!found)
		return false;
	p = strstr(p, "==") + 2;
	if (str_starts(p, " entries[1]['link'] =="))
		p = strstr(p, "==") + 2;
	buf_init(&to->text, 1000000);
	to->is_tuple = tuple_read(p, &to->ms) != NULL;
	if (to->is_tuple || literal_read(p, &to->text) != NULL)
		return true;
	buf_fini(&to->text);
	return false;
}

/* ---- what is equal ---- */

static const char *
plain(struct arena *a, const char *text)
{
	return value_html_text(a, text, strlen(text));
}

/*
 * Titles and texts are equal when people read the same: markup is not kept
 * in titles, and that of texts is kept as it came, not as a sanitiser writes
 * it.
 */
static bool
same_text(struct arena *a, const char *got, const char *want)
{
	return strcmp(got, want) == 0 || strcmp(got, plain(a, want)) == 0 ||
	       strcmp(plain(a, got), plain(a, want)) == 0;
}

/* "Ada (ada@x.example)": the name is kept, a mail address is no company. */
static bool
same_author(struct arena *a, const char *got, const char *want)
{
	const char *mail =
	    strchr(want, '@') == NULL ? NULL : strstr(want, " (");
	size_t n = mail == NULL ? strlen(want) : (size_t)(mail - want);

	return strcmp(got, arena_strndup(a, want, n)) == 0;
}

static bool
same_date(const struct posting *p, const char *raw, struct expectation *e)
{
	struct instant want = { 0 }, got = { 0 };

	(void)p;
	if (raw == NULL ||
	    !value_date(raw, INT64_C(1764000000000), 0, DAY_ORDER_NONE, &got))
		return false;
	if (!e->is_tuple &&
	    !value_date(buf_cstr(&e->text), INT64_C(1764000000000), 0,
		DAY_ORDER_NONE, &want))
		return false;
	return got.ms == (e->is_tuple ? e->ms : want.ms);
}

static const char *
value_of(const struct posting *p, const struct expectation *e)
{
	static const char *const names[] = { "s_title", NULL, NULL, "s_date",
		NULL, "s_author" };

	if (e->subject == ID)
		return p->external_id;
	if (e->subject == LINK)
		return p->url;
	if (e->subject == TEXT)
		return p->description_html == NULL ? p->description
						   : p->description_html;
	if (e->subject == DATE && str_starts(e->key, "['updated"))
		if (metadata(p, "s_updated") != NULL)
			return metadata(p, "s_updated");
	return metadata(p, names[e->subject]);
}

static bool
is_met(struct read *r, struct expectation *e, const char **shown)
{
	const char *got, *want = buf_cstr(&e->text);

	*shown = r->extracted.reason;
	if (r->extracted.result != EXTRACT_OK || r->n == 0)
		return want[0] == '\0' && !e->is_tuple;
	got = value_of(&r->postings[0], e);
	*shown = got == NULL ? "(nothing)" : got;
	if (e->subject == DATE)
		return same_date(&r->postings[0], got, e);
	if (got == NULL)
		return want[0] == '\0';
	if (e->subject == TITLE || e->subject == TEXT)
		return same_text(r->arena, got, want);
	if (e->subject == AUTHOR)
		return same_author(r->arena, got, want);
	if (e->subject == LINK)
		return strcmp(url_canonical(r->arena, got),
			   url_canonical(r->arena, want)) == 0;
	return strcmp(got, want) == 0;
}

/* ---- feedparser ---- */

/* The comment in the file: what stands behind a word in it, or NULL. */
static char *
comment_line(struct arena *a, const char *text, const char *word)
{
	const char *p = strstr(text, word), *end = strstr(text, "-->");

	if (p == NULL || end == NULL || p > end)
		return NULL;
	p += strlen(word);
	p += strspn(p, " \t");
	if (strcmp(word, "Expect:") != 0)
		end = p + strcspn(p, "\r\n");
	while (end > p && strchr(" \r\n\t", end[-1]) != NULL)
		end--;
	return arena_strndup(a, p, (size_t)(end - p));
}

static const char *
decoded(struct arena *a, const char *body, size_t n)
{
	return charset_read(a, body, &n, NULL, CHARSET_XML);
}

struct tally {
	int met[2][SUBJECTS], all[2][SUBJECTS];
	int slow;
};

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
feed_judge(const char *path, struct tally *tally)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	size_t n;
	char *body = suite_read(path, &n);
	const char *text = decoded(a, body, n), *shown;
	char *expect = comment_line(a, text, "Expect:");
	struct expectation e = { 0 };
	double begin_s = now_s();
	struct read *r;

	readers_open();
	for (int i = 0; i < 4; i++) {
		r = &readers[i / 2][i % 2];
		r->content_type = comment_line(a, text, "Content-type:");
		r->url = "http://127.0.0.1:8097/feed";
		read_page_n(r, body, n);
	}
	tally->slow += now_s() - begin_s > 1;
	if (expect != NULL && strstr(path, "/sanitize/") == NULL &&
	    expectation_read(expect, &e)) {
		r = &readers[!e.of_entry][e.subject == ID];
		tally->all[!e.of_entry][e.subject]++;
		if (is_met(r, &e, &shown))
			tally->met[!e.of_entry][e.subject]++;
		else
			printf("%s:\n    want %s\n    got  %s\n", path, expect,
			    shown);
		buf_fini(&e.text);
	}
	free(body);
	arena_free(a);
}

static int
table_line(const char *what, const int *met, const int *all, int *total)
{
	int sum = 0;

	*total = 0;
	printf("table: feedparser's %s:", what);
	for (int i = 0; i < SUBJECTS; i++) {
		printf(" %s %d/%d", subject_names[i], met[i], all[i]);
		sum += met[i];
		*total += all[i];
	}
	printf(", together %d of %d\n", sum, *total);
	return sum;
}

static void
feedparser(void)
{
	struct suite *s = suite_find("feedparser");
	struct tally t = { 0 };
	int all[2], met[2];

	for (size_t i = 0; i < s->n; i++)
		feed_judge(s->paths[i], &t);
	met[0] = table_line("entries", t.met[0], t.all[0], &all[0]);
	met[1] = table_line("feeds", t.met[1], t.all[1], &all[1]);
	printf("table: feedparser: %zu files read\n", s->n);
	suite_close(s);
	readers_close();
	CHECK_INT(t.slow, 0);
	CHECK(met[0] * 100 >= all[0] * 95);
	CHECK(met[1] * 100 >= all[1] * 95);
}

/* ---- rss2email: the mails it makes of a feed ---- */

/* A header's value at the begin of a line between from and to, or NULL. */
static const char *
header_in(struct arena *a, const char *from, const char *to, const char *name)
{
	struct mime mail;
	const char *p = from;

	while (p < to && !str_starts(p, name)) {
		p = strchr(p, '\n');
		if (p == NULL)
			return NULL;
		p++;
	}
	if (p >= to)
		return NULL;
	mime_parse(a, p, (size_t)(to - p), &mail);
	return mime_header(
	    a, &mail.top, arena_strndup(a, name, strlen(name) - 1));
}

/* Where a feed gives no id, rss2email makes a hash: the link is ours. */
static const struct posting *
posting_of(const struct read *r, const char *id, const char *link)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct posting *p = &r->postings[i];

		if (p->external_id == NULL ? str_eq(p->url, link)
					   : str_eq(p->external_id, id))
			return p;
	}
	return NULL;
}

/* Subjects are made of titles, some by the feed's settings. */
static bool
subject_has(struct arena *a, const char *subject, const char *title)
{
	return subject != NULL && title != NULL &&
	       strstr(str_lower(a, str_fold_space(a, subject)),
		   str_lower(a, str_fold_space(a, title))) != NULL;
}

/* Every mail's id, link and title are those of a posting. */
static bool
mails_met(struct read *r, const char *path, const char *text, int *mails)
{
	const char *p = text, *id, *end, *link;
	bool met = true;

	while ((p = strstr(p, "\nX-RSS-ID:")) != NULL) {
		const struct posting *found;
		const char *head = p, *subject;

		while (head > text && !str_starts(head, "\nSubject:"))
			head--;
		p++;
		end = strstr(p, "\n\n");
		end = end == NULL ? p + strlen(p) : end;
		id = header_in(r->arena, p, end, "X-RSS-ID:");
		link = header_in(r->arena, p, end, "X-RSS-URL:");
		subject = header_in(r->arena, head + 1, end, "Subject:");
		found = posting_of(r, id, link);
		++*mails;
		if (found != NULL && str_eq(found->url, link) &&
		    subject_has(r->arena, subject, found->title))
			continue;
		printf("%s: %s\n    %s\n    %s\n    got %s, %s\n", path, id,
		    link, subject, found == NULL ? "nothing" : found->url,
		    found == NULL ? "" : found->title);
		met = false;
	}
	return met;
}

static void
rss2email(void)
{
	struct suite *s = suite_find("rss2email-feeds");
	int all = 0, met = 0, mails = 0;
	struct read *r = &readers[0][1];
	char *feed = NULL, *text;
	size_t nfeed = 0, n;

	for (size_t i = 0; i < s->n; i++) {
		const char *path = s->paths[i];
		char *folder =
		    strndup(path, (size_t)(strrchr(path, '/') - path));

		for (size_t k = 0; k < s->n; k++)
			if (str_starts(s->paths[k], folder) &&
			    strstr(s->paths[k], "/feed.") != NULL) {
				free(feed);
				feed = suite_read(s->paths[k], &nfeed);
			}
		free(folder);
		if (!str_ends(path, ".expected"))
			continue;
		readers_open();
		r->content_type = "text/xml; charset=utf-8";
		read_page_n(r, feed, nfeed);
		text = suite_read(path, &n);
		all++;
		met += mails_met(r, path, text, &mails);
		free(text);
	}
	free(feed);
	suite_close(s);
	readers_close();
	printf("table: rss2email: %d of %d expected files, %d mails\n", met,
	    all, mails);
	CHECK_INT(met, all);
}

/* ---- files without expectations ---- */

static void
outcomes(const char *name)
{
	struct suite *s = suite_find(name);
	int counts[EXTRACT__MAX] = { 0 }, with_items = 0, slow = 0;
	struct read *r = &readers[0][1];
	size_t n, postings = 0;

	for (size_t i = 0; i < s->n; i++) {
		char *body = suite_read(s->paths[i], &n);
		double begin_s = now_s();

		readers_open();
		read_page_n(r, body, n);
		slow += now_s() - begin_s > 1;
		counts[r->extracted.result]++;
		with_items += r->n > 0;
		postings += r->n;
		free(body);
	}
	printf("table: %s: %zu files, none slow: %d with %zu items", name, s->n,
	    with_items, postings);
	printf(", %d without", counts[EXTRACT_OK] - with_items);
	for (int i = 0; i < EXTRACT__MAX; i++)
		if (i != EXTRACT_OK && counts[i] > 0)
			printf(", %d %s", counts[i],
			    extract_result_name((enum extract_result)i));
	printf("\n");
	suite_close(s);
	readers_close();
	CHECK_INT(slow, 0);
}

static void
feedvalidator(void)
{
	outcomes("feedvalidator");
}

static void
miniflux(void)
{
	outcomes("miniflux-feeds");
}

TESTS(TEST(feedparser), TEST(rss2email), TEST(feedvalidator), TEST(miniflux))
