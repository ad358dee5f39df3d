/*
 * What reading a page costs beside a library's own parse of the same bytes:
 * MB/s of this room by format, of libxml2 (HTML and XML) and of jansson, in
 * one run; and of the facts read in descriptions.
 *
 *	extract_bench [FORMAT FILE...]...
 *
 * FORMAT is json, html, feed or jobposting. Without files, pages are made.
 * "read" is the whole way from bytes to postings with five fields, "parse" is
 * this room's tree alone. Prints the median of seven passes on one core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include "base/str.h"
#include "conf/conf.h"
#include "extract/charset.h"
#include "extract/extract_int.h"

/* Jansson's header calls things by names that base/json.h has, too. */
struct json_t;
struct json_t *json_loadb(const char *, size_t, size_t flags, void *error);
void json_delete(struct json_t *);

#define PASSES   7
#define FILES    4000
#define JOBS     100
#define AT_LEAST 0.3 /* seconds of a pass */

struct bodies {
	char *at[FILES];
	size_t n, sizes[FILES], bytes;
};

static const char source_json[] =
    "source: b\nurl: https://x.example/\nformat: json\njobs: $.jobs[*]\n"
    "fields: { external_id: $.id, title: $.title, url: $.absolute_url,\n"
    "  location: $.location.name,\n"
    "  description: { path: $.content, as: escaped-html } }\n";
static const char source_html[] =
    "source: b\nurl: https://x.example/\nformat: html\njobs: .job\n"
    "fields: { title: h2, url: a@href, company: .company, location: .place,\n"
    "  description: { path: .text, as: html } }\n";
static const char source_feed[] =
    "source: b\nurl: https://x.example/\nformat: feed\n";
static const char source_jobposting[] =
    "source: b\nurl: https://x.example/\nformat: jobposting\n";

/* ---- pages ---- */

/* As descriptions have them: one in six gives cause to look closer. */
static const char *const sentences[] = {
	"You will design reliable services and review the work of others. ",
	"Five years of experience with Python, Go or C++ are required. ",
	"Our team works closely with every partner to plan each release. ",
	"We offer a modern office, thirty days of leave &amp; a budget. ",
	"It is important to us that you can explain complex systems well. ",
	"Base salary range: $120,000 - $150,000, depending on experience. ",
	"Together we build a platform so that customers can ship quickly. ",
	"A Bachelor's degree in computer science or equivalent is a plus. ",
	"Everybody in the team takes part in planning and in reviews. ",
	"Our customers use what we build on 3 continents and in 40 towns. ",
	"You like to talk with people who use the things that you make. ",
	"We meet twice a week &amp; work where each of us works best. ",
	"There is room to learn, to teach and to try out what is new. ",
	"Services run on Linux, are written in Go and tested every day. ",
	"You know how to find what is slow and how to make it fast. ",
	"Nobody here is left alone with a pager at night or on Sundays. ",
	"What we do not need is one more framework that nobody knows. ",
	"You write so that others can read it, in code and in letters. "
};

/* Some 3 KB of a description; '<' and quotes as the format wants them. */
static void
text_make(struct buf *to, uint32_t *x, const char *open, const char *close)
{
	for (int i = 0; i < 10; i++) {
		buf_str(to, open);
		for (int k = 0; k < 5; k++) {
			*x = *x * 1664525U + 1013904223U;
			buf_str(to, sentences[(*x >> 16) % 18]);
		}
		buf_str(to, close);
	}
}

static void
job_make(const char *format, int i, struct buf *to, uint32_t *x)
{
	if (str_eq(format, "json")) {
		buf_printf(to,
		    "%s{\"id\":%d,\"title\":\"Engineer %d\",\"absolute_url\":"
		    "\"https://x.example/%d\",\"location\":{\"name\":\"Berlin, "
		    "Germany\"},\"updated_at\":\"2025-11-20T08:00:00Z\","
		    "\"content\":\"",
		    i == 0 ? "{\"jobs\":[" : ",", i, i, i);
		text_make(to, x, "&lt;p&gt;", "&lt;/p&gt;\\n");
		buf_str(to, "\"}");
	} else if (str_eq(format, "html")) {
		buf_printf(to,
		    "<div class=\"card job\"><h2><a href=\"/jobs/%d\">Engineer "
		    "%d</a></h2><span class=company>Acme</span><ul><li "
		    "class=\"place small\">Berlin, Germany</ul><div "
		    "class=text>",
		    i, i);
		text_make(to, x, "<p>", "</p>\n");
		buf_str(to, "</div></div>");
	} else if (str_eq(format, "feed")) {
		buf_printf(to,
		    "<item><title>Engineer %d</title><link>https://x.example/"
		    "%d</link><guid>%d</guid><pubDate>Thu, 20 Nov 2025 "
		    "08:00:00 "
		    "+0000</pubDate><category>IT</category><description>",
		    i, i, i);
		text_make(to, x, "&lt;p&gt;", "&lt;/p&gt;\n");
		buf_str(to, "</description></item>");
	} else {
		buf_printf(to,
		    "<script type=\"application/ld+json\">{\"@type\":"
		    "\"JobPosting\",\"title\":\"Engineer %d\",\"url\":"
		    "\"https://x.example/%d\",\"datePosted\":\"2025-11-20\","
		    "\"hiringOrganization\":{\"name\":\"Acme\"},"
		    "\"jobLocation\":{\"address\":{\"addressLocality\":"
		    "\"Berlin\",\"addressCountry\":\"DE\"}},\"description\":\"",
		    i, i);
		text_make(to, x, "<p>", "</p>\\n");
		buf_str(to, "\"}</script>");
	}
}

static void
pages_make(const char *format, struct bodies *to)
{
	uint32_t x = 1;
	struct buf page;

	buf_init(&page, 1L << 24);
	buf_str(&page, str_eq(format, "json") ? ""
		       : str_eq(format, "feed")
			   ? "<?xml version=\"1.0\"?><rss><channel>"
			   : "<!DOCTYPE html><html><body>");
	for (int i = 0; i < JOBS; i++)
		job_make(format, i, &page, &x);
	buf_str(&page, str_eq(format, "json")   ? "]}"
		       : str_eq(format, "feed") ? "</channel></rss>"
						: "</body></html>");
	to->at[0] = strdup(buf_cstr(&page));
	to->sizes[0] = to->bytes = page.len;
	to->n = 1;
	buf_fini(&page);
}

static void
page_read(const char *path, struct bodies *to)
{
	FILE *f = fopen(path, "rb");
	long size;

	if (f == NULL || to->n == FILES)
		fatal("%s: cannot be read", path);
	fseek(f, 0, SEEK_END);
	size = ftell(f);
	rewind(f);
	to->at[to->n] = malloc((size_t)size + 1);
	if (to->at[to->n] == NULL)
		fatal("no memory");
	to->sizes[to->n] = fread(to->at[to->n], 1, (size_t)size, f);
	to->at[to->n][to->sizes[to->n]] = '\0';
	to->bytes += to->sizes[to->n++];
	fclose(f);
}

/* ---- what is measured ---- */

struct task {
	const char *format;
	struct extractor *extractor;
	struct arena *arena;
	size_t postings;
};
typedef void measured(struct task *, const char *, size_t n);

static void
read_page(struct task *t, const char *body, size_t n)
{
	struct page page = { .url = "https://x.example/",
		.source = "b",
		.target = "b",
		.now_ms = INT64_C(1764000000000) };
	struct extracted to;
	struct buf output;

	buf_init(&output, LIMIT_OUTPUT_BYTES);
	extract_page(t->extractor, t->arena, &page, body, n, &output, &to);
	t->postings += to.postings;
	buf_fini(&output);
}

static void
parse_page(struct task *t, const char *body, size_t n)
{
	const struct jnode *root;
	const char *text;

	if (str_eq(t->format, "json")) {
		jdoc_parse(t->arena, body, n, JDOC_STRICT, &root, NULL);
		return;
	}
	text = charset_read(t->arena, body, &n, NULL,
	    str_eq(t->format, "feed") ? CHARSET_XML : CHARSET_HTML);
	if (str_eq(t->format, "feed"))
		dom_xml(t->arena, text, n);
	else
		dom_html(t->arena, text, n);
}

static void
parse_theirs(struct task *t, const char *body, size_t n)
{
	xmlDocPtr doc;

	if (str_eq(t->format, "json")) {
		struct json_t *root = json_loadb(body, n, 0, NULL);

		if (root != NULL)
			json_delete(root);
		return;
	}
	doc = str_eq(t->format, "feed")
		  ? xmlReadMemory(body, (int)n, NULL, NULL,
			XML_PARSE_RECOVER | XML_PARSE_NOERROR |
			    XML_PARSE_NOWARNING | XML_PARSE_NONET |
			    XML_PARSE_HUGE)
		  : htmlReadMemory(body, (int)n, NULL, "utf-8",
			HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
			    HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	xmlFreeDoc(doc);
}

static void
find_facts(struct task *t, const char *body, size_t n)
{
	const char *text = value_html_text(t->arena, body, n);
	struct facts facts;

	value_facts(t->arena, text, NULL, &facts);
	t->postings += facts.salary.present + (value_language(text) != NULL);
}

static void
text_only(struct task *t, const char *body, size_t n)
{
	t->postings += *value_html_text(t->arena, body, n) != '\0';
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* MB/s over all pages. */
static double
speed(struct task *t, const struct bodies *pages, measured *what)
{
	double passes[PASSES];

	for (int i = 0; i < PASSES; i++) {
		double begin_s = now_s();
		size_t done = 0;

		do {
			for (size_t k = 0; k < pages->n; k++) {
				what(t, pages->at[k], pages->sizes[k]);
				arena_reset(t->arena);
			}
			done += pages->bytes;
		} while (now_s() - begin_s < AT_LEAST);
		passes[i] = (double)done / (now_s() - begin_s) / 1e6;
	}
	qsort(passes, PASSES, sizeof(passes[0]), by_size);
	return passes[PASSES / 2];
}

static void
fault_print(void *context, const char *file, uint32_t line, uint32_t column,
    const char *text)
{
	(void)context;
	fatal("%s:%u:%u: %s", file == NULL ? "" : file, line, column, text);
}

static void
format_measure(const char *format, const struct bodies *pages)
{
	const char *yaml = str_eq(format, "json")   ? source_json
			   : str_eq(format, "html") ? source_html
			   : str_eq(format, "feed") ? source_feed
						    : source_jobposting;
	struct arena *arena = arena_new(1L << 26);
	struct task t = { .format = format, .arena = arena_new(1L << 30) };
	struct problems problems;
	struct source *source;
	double whole, ours, theirs;

	problems_init(&problems, arena);
	source =
	    conf_source_parse(arena, "bench", yaml, strlen(yaml), &problems);
	if (source == NULL)
		fatal("the source for %s is wrong", format);
	t.extractor = extractor_new(source, fault_print, NULL);
	read_page(&t, pages->at[0], pages->sizes[0]);
	printf("%-10s %6.1f MB in %zu pages, %zu postings in the first", format,
	    (double)pages->bytes / 1e6, pages->n, t.postings);
	arena_reset(t.arena);
	whole = speed(&t, pages, read_page);
	ours = speed(&t, pages, parse_page);
	theirs = speed(&t, pages, parse_theirs);
	printf("; MB/s: read %.0f, parse %.0f, %s %.0f\n", whole, ours,
	    str_eq(format, "json")   ? "jansson"
	    : str_eq(format, "feed") ? "libxml2's XML"
				     : "libxml2's HTML",
	    theirs);
	extractor_free(t.extractor);
	arena_free(t.arena);
	arena_free(arena);
}

static void
facts_measure(void)
{
	struct task t = { .arena = arena_new(1L << 26) };
	struct bodies pages = { .n = 0 };
	uint32_t x = 1;
	struct buf text;

	buf_init(&text, 1L << 20);
	text_make(&text, &x, "<p>", "</p>\n");
	pages.at[pages.n++] = strdup(buf_cstr(&text));
	pages.sizes[0] = pages.bytes = text.len;
	printf(
	    "descriptions of %zu bytes; MB/s: to text %.0f, with pay, years, "
	    "degree and language %.0f\n",
	    text.len, speed(&t, &pages, text_only),
	    speed(&t, &pages, find_facts));
	buf_fini(&text);
	arena_free(t.arena);
}

int
main(int argc, char **argv)
{
	static const char *const formats[] = { "json", "html", "feed",
		"jobposting" };
	struct bodies pages;

	xmlInitParser();
	for (int i = 1; i < argc;) {
		const char *format = argv[i++];

		memset(&pages, 0, sizeof(pages));
		while (i < argc && strchr(argv[i], '/') != NULL)
			page_read(argv[i++], &pages);
		if (pages.n > 0)
			format_measure(format, &pages);
	}
	for (size_t i = 0; argc == 1 && i < 4; i++) {
		memset(&pages, 0, sizeof(pages));
		pages_make(formats[i], &pages);
		format_measure(formats[i], &pages);
	}
	if (argc == 1)
		facts_measure();
	return 0;
}
