/*
 * Mails taken apart, whole and broken ones.
 */
#include "base/limits.h"
#include "base/str.h"
#include "extract/mime_int.h"
#include "check.h"

#define ARENA_BYTES (64UL * 1024 * 1024)

static struct arena *arena;
static struct mime mail;

static void
parse_n(const char *text, size_t n)
{
	arena_free(arena);
	arena = arena_new(ARENA_BYTES);
	mime_parse(arena, text, n, &mail);
}

static void
parse(const char *text)
{
	parse_n(text, strlen(text));
}

static const char *
header(const char *name)
{
	return mime_header(arena, &mail.top, name);
}

static const char *
text_of(const char *type)
{
	const struct mime_part *part = mime_find(&mail.top, type);
	size_t n;

	return part == NULL ? NULL : mime_text(arena, part, &n);
}

static size_t
count(void)
{
	const struct mime_part *part = &mail.top;
	size_t n = 0;

	for (; part != NULL; part = mime_after(part, &mail.top))
		n++;
	return n;
}

/* ---- headers ---- */

static void
headers(void)
{
	parse("From ada@example.org Tue Nov 24 08:00:00 2026\n"
	      "From: \"Ada <x> L.\" <ada@example.org>\r\n"
	      "SUBJECT : one\r\n two\r\n\tthree\r\n"
	      "no header at all\r\n"
	      "X-Subject: other\r\n"
	      "Subject: second\r\n\r\nbody: no header\r\n");
	CHECK_STR(header("subject"), "one two three");
	CHECK_STR(header("X-Subject"), "other");
	CHECK_STR(header("body"), NULL);
	CHECK_STR(header("Sub"), NULL);
	CHECK_STR(mime_address(arena, header("From")), "ada@example.org");
	CHECK_STR(
	    mime_address(arena, " ada@example.org (Ada)"), "ada@example.org");
	CHECK_STR(mime_address(arena, NULL), NULL);
	CHECK_STR(text_of("text/plain"), "body: no header\r\n");
}

static void
no_headers_no_body(void)
{
	parse("");
	CHECK_INT(count(), 1);
	CHECK_STR(header("From"), NULL);
	CHECK_STR(text_of("text/plain"), "");
	parse("\n\nonly a body");
	CHECK_STR(text_of("text/plain"), "\nonly a body");
	parse("Subject: only a header");
	CHECK_STR(header("Subject"), "only a header");
	parse("From ");
	CHECK_INT(count(), 1);
}

static const char *
words(const char *value)
{
	return mime_words(arena, value);
}

static void
encoded_words(void)
{
	parse("");
	CHECK_STR(words("plain = text ="), "plain = text =");
	CHECK_STR(words("=?utf-8?q?gr=C3=BCn?= ist =?UTF-8?B?Z3LDvG4=?="),
	    "gr\xc3\xbcn ist gr\xc3\xbcn");
	CHECK_STR(words("=?iso-8859-1?Q?Gr=FC=DFe?="), "Gr\xc3\xbc\xc3\x9f"
						       "e");
	CHECK_STR(words("=?ISO-8859-2*cs?Q?=F8e=E8?="), "\xc5\x99"
							"e\xc4\x8d");
	CHECK_STR(words("=?utf-8?q?a_b?=  =?utf-8?q?_c?="), "a b c");
	/* a character cut between two words */
	CHECK_STR(words("=?utf-8?B?4oI=?= =?utf-8?B?rA==?="), "\xe2\x82\xac");
	CHECK_STR(words("=?utf-8?q?a?= b"), "a b");
	/* What is none stays as it is. */
	CHECK_STR(words("=?utf-8?x?a?="), "=?utf-8?x?a?=");
	CHECK_STR(words("=?utf-8?q?never ends"), "=?utf-8?q?never ends");
	CHECK_STR(words("=?="), "=?=");
	CHECK_STR(words("=??q?a?="), "=??q?a?=");
	/* Bytes that are in no charset, and a NUL. */
	CHECK_STR(words("caf\xe9"), "caf\xc3\xa9");
	CHECK_STR(words("=?utf-8?q?a=00b?="), "a\xef\xbf\xbd"
					      "b");
	CHECK_STR(words("=?no-such?q?caf=C3=A9?="), "caf\xc3\xa9");
}

static const char *
parameter(const char *value, const char *name)
{
	return mime_parameter(arena, value, name);
}

static void
parameters(void)
{
	parse("");
	CHECK_STR(parameter(NULL, "charset"), NULL);
	CHECK_STR(parameter("text/html", "charset"), NULL);
	CHECK_STR(parameter("text/html; Charset=UTF-8", "charset"), "UTF-8");
	CHECK_STR(parameter("a/b;x=\"c;charset=no\" ; charset = \"k\\\"8\"",
		      "charset"),
	    "k\"8");
	CHECK_STR(
	    parameter("a/b; boundary*0=\"one\"; boundary*1=two", "boundary"),
	    "onetwo");
	CHECK_STR(parameter("a/b; boundary*=utf-8''a%20b", "boundary"), "a b");
	CHECK_STR(parameter("a/b; name*0*=utf-8'en'a%41; name*1=%41", "name"),
	    "aA%41");
	CHECK_STR(parameter("a/b; charset", "charset"), "");
	CHECK_STR(parameter("a/b; ;;= ; x=\"", "charset"), NULL);
}

static void
long_headers_are_cut(void)
{
	const size_t lines = 100000;
	char *text = malloc(lines * 12 + 100), *p = text;

	p += snprintf(p, 20, "Subject: x\n");
	for (size_t i = 0; i < lines; i++)
		p += snprintf(p, 12, " folded\n");
	p += snprintf(p, 40, "X-Last: y\n\nbody");
	parse_n(text, (size_t)(p - text));
	CHECK(strlen(header("Subject")) < 65537);
	CHECK_STR(header("X-Last"), "y");
	CHECK_STR(text_of("text/plain"), "body");
	free(text);
}

/* ---- content ---- */

static struct mime_span
span(const char *text)
{
	return (struct mime_span){ text, strlen(text) };
}

static const char *
base64(const char *text)
{
	size_t n;

	return mime_base64(arena, text, strlen(text), &n);
}

static void
transfer_encodings(void)
{
	parse("");
	CHECK_STR(mime_quoted(arena, span("a=3Db=\nc= \t\r\nd=")).p, "a=bcd");
	CHECK_STR(mime_quoted(arena, span("=e4=E4=G1=1")).p, "\xe4\xe4=G1=1");
	CHECK_STR(base64("YWJj\r\nZGVm"), "abcdef");
	CHECK_STR(base64("YQ==YmM=ZGVm"), "abcdef");
	CHECK_STR(base64("Y!W*J j"), "abc");
	CHECK_STR(base64("="), "");
	CHECK_STR(mime_percent(arena, span("%41%4")).p, "A%4");
}

static void
charsets(void)
{
	parse("Content-Type: text/plain; charset=iso-8859-15\n"
	      "Content-Transfer-Encoding: quoted-printable\n\n=A4 =FC");
	CHECK_STR(text_of("text/plain"), "\xe2\x82\xac \xc3\xbc");
	/* A wrong label, and none. */
	parse("Content-Type: text/plain; charset=us-ascii\n\n\xc3\xbc");
	CHECK_STR(text_of("text/plain"), "\xc3\xbc");
	parse("Subject: x\n\ncaf\xe9");
	CHECK_STR(text_of("text/plain"), "caf\xc3\xa9");
	parse("Content-Type: text/plain; charset=utf-8\n\ncaf\xe9");
	CHECK_STR(text_of("text/plain"), "caf\xef\xbf\xbd");
	parse("Content-Type: text/plain; charset=iso-2022-jp\n\n"
	      "\x1b$B;E;v\x1b(B");
	CHECK_STR(text_of("text/plain"), "\xe4\xbb\x95\xe4\xba\x8b");
}

static const char *
flowed(const char *text, bool delsp)
{
	size_t n = strlen(text);

	return mime_flowed(arena, text, &n, delsp);
}

static void
flowing_lines(void)
{
	parse("");
	CHECK_STR(flowed("one \ntwo\nthree\n", false), "one two\nthree\n");
	CHECK_STR(flowed("ein \r\nWort\r\n", true), "einWort\n");
	CHECK_STR(
	    flowed(" > no quote\n  blank\n", false), "> no quote\n blank\n");
	CHECK_STR(flowed(">> a \n>> b\n> c \nd\n", false), ">>a b\n>c \nd\n");
	CHECK_STR(flowed("-- \nAda\n", false), "-- \nAda\n");
	CHECK_STR(flowed("ends ", false), "ends ");
	parse("Content-Type: text/plain; format=flowed\n\na \nb\n");
	CHECK_STR(text_of("text/plain"), "a b\n");
}

/* ---- parts ---- */

#define MULTIPART(type, boundary) \
	"Content-Type: multipart/" type "; boundary=\"" boundary "\"\n\n"

static void
nested_parts(void)
{
	parse(MULTIPART("mixed", "a") "preamble\n--a\n" MULTIPART("alternative",
	    "ab") "--ab\nContent-Type: text/plain\n\nplain\n--ab  \n"
		  "Content-Type: TEXT/HTML\n\n<p>html\n--ab--\n"
		  "--a\nContent-Type: text/html\n"
		  "Content-Disposition: Attachment; filename=x.html\n\n"
		  "attached\n--a-- \nepilogue\n");
	CHECK_STR(mail.fault, NULL);
	CHECK_INT(count(), 5);
	CHECK_STR(text_of("text/plain"), "plain");
	CHECK_STR(text_of("text/html"), "<p>html");
	CHECK(!mime_find(&mail.top, "text/html")->is_attached);
	CHECK(mail.top.first->next->is_attached);
	CHECK(mail.top.first->next->next == NULL);
}

static void
forwarded_mail(void)
{
	parse(MULTIPART("mixed",
	    "x") "--x\nContent-Type: message/rfc822\n\n"
		 "Subject: inner\nContent-Type: text/html\n\n<b>\n--x--\n");
	CHECK_STR(mail.fault, NULL);
	CHECK_STR(text_of("text/html"), "<b>");
	CHECK_STR(
	    mime_header(arena, mail.top.first->first, "Subject"), "inner");
}

static void
encoded_parts(void)
{
	parse("Content-Type: multipart/mixed; boundary=b\n"
	      "Content-Transfer-Encoding: base64\n\n"
	      "LS1iCkNvbnRlbnQtVHlwZTogdGV4dC9odG1sCgo8cD4KLS1iLS0K");
	CHECK_STR(text_of("text/html"), "<p>");
}

static void
broken_boundaries(void)
{
	/* never closed */
	parse(MULTIPART("mixed", "b") "--b\nContent-Type: text/html\n\n<p>\n");
	CHECK_STR(mail.fault, NULL);
	CHECK_STR(text_of("text/html"), "<p>\n");
	/* nowhere */
	parse(MULTIPART("mixed", "b") "<p>--b\n --b\n--bc\n");
	CHECK(mail.fault != NULL);
	CHECK_INT(count(), 1);
	/* not said */
	parse("Content-Type: multipart/mixed\n\n--b\n\ntext\n--b--\n");
	CHECK(mail.fault != NULL);
	parse("Content-Type: multipart/mixed; boundary=\"\"\n\n--\n--\n");
	CHECK(mail.fault != NULL);
	/* an inner one that is never closed ends with the outer */
	parse(MULTIPART("mixed", "o") "--o\n" MULTIPART(
	    "mixed", "i") "--i\nContent-Type: text/html\n\n<p>\n"
			  "--o\n\nlast\n--o--\n");
	CHECK_STR(text_of("text/html"), "<p>");
	CHECK_INT(count(), 4);
}

/* Each part holds the next, as deep as it goes. */
static char *
nest(size_t depth, size_t *n)
{
	char *text = malloc(depth * 100), *p = text;

	for (size_t i = 0; i < depth; i++)
		p += snprintf(p, 100,
		    "Content-Type: multipart/mixed; boundary=b%zu\n\n"
		    "--b%zu\n",
		    i, i);
	*n = (size_t)(p - text);
	return text;
}

static void
bombs(void)
{
	size_t n;
	char *text = nest(10000, &n), *p;

	parse_n(text, n);
	CHECK(strstr(mail.fault, "deeper") != NULL);
	CHECK_INT(count(), LIMIT_MIME_DEPTH + 1);
	free(text);
	text = malloc(10000 * 10 + 100);
	p = text + snprintf(text, 100, MULTIPART("mixed", "b"));
	for (size_t i = 0; i < 10000; i++)
		p += snprintf(p, 10, "--b\n\nx\n");
	parse_n(text, (size_t)(p - text));
	CHECK(strstr(mail.fault, "more parts") != NULL);
	CHECK_INT(count(), LIMIT_MIME_PARTS);
	free(text);
}

/* The sum of all content at all depths is bounded, too. */
static void
deep_mail_in_mail(void)
{
	const size_t filler = 2 * 1024 * 1024;
	char *text = malloc(filler + 4000), *p = text;
	size_t used = 0;

	for (int i = 0; i < 15; i++)
		p += snprintf(p, 100, "Content-Type: message/rfc822\n\n");
	p += snprintf(p, 100, "Content-Type: text/html\n\n");
	memset(p, 'x', filler);
	parse_n(text, (size_t)(p - text) + filler);
	CHECK_STR(mail.fault, NULL);
	CHECK_INT(count(), 16);
	used = arena_used(arena);
	CHECK(used < 1024 * 1024);
	CHECK(text_of("text/html") != NULL);
	free(text);
}

TESTS(TEST(headers), TEST(no_headers_no_body), TEST(encoded_words),
    TEST(parameters), TEST(long_headers_are_cut), TEST(transfer_encodings),
    TEST(charsets), TEST(flowing_lines), TEST(nested_parts),
    TEST(forwarded_mail), TEST(encoded_parts), TEST(broken_boundaries),
    TEST(bombs), TEST(deep_mail_in_mail))
