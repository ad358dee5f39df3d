/*
 * Alert mails read by a source, whole, broken and hostile ones.
 */
#include "base/str.h"
#include "reading.h"

#define SOURCE_HEAD                     \
	"source: alerts\n"              \
	"format: mail\n"                \
	"url: maildir:/home/ada/Mail\n" \
	"mail:\n"                       \
	"  from: [ jobs@alerts.example, \"@board.example\" ]\n"
#define SOURCE                                       \
	SOURCE_HEAD                                  \
	"jobs: tr.job\n"                             \
	"fields:\n"                                  \
	"  title: a\n"                               \
	"  url: a@href\n"                            \
	"  company: .company\n"                      \
	"  posted_date: [ .ago, \"{mail.date}\" ]\n" \
	"  search: { re: \"^(.*) jobs\", from: mail.subject }\n"

#define HEAD                                                                 \
	"From: =?utf-8?q?Board_=E2=80=93_Alerts?= <Jobs@Alerts.example>\r\n" \
	"To: Ada <ada@example.org>\r\n"                                      \
	"Subject: =?iso-8859-1?Q?Entwickler_in_K=F6ln?= jobs\r\n"            \
	"Date: Fri, 20 Nov 2026 08:00:00 +0100\r\n"                          \
	"Message-ID: <1@alerts.example>\r\n"                                 \
	"MIME-Version: 1.0\r\n"

#define HTML                                                                   \
	"<table><tr class=3D\"job\"><td><a href=3D\"https://click.board.=\r\n" \
	"example/r/"                                                           \
	"?to=3D77&amp;utm_source=3Dmail&amp;trk=3Dx\">Entwickler=\r\n"         \
	"in</a><p class=3Dcompany>M=FCller &amp; S=F6hne</p>"                  \
	"<p class=3Dago>2 days ago</p></td></tr>"                              \
	"<tr class=3Djob><td><a href=3D\"https://board.example/j/2\">Tester"   \
	"</a></td></tr></table>\r\n"

#define ALTERNATIVE                                                      \
	HEAD "Content-Type: multipart/alternative; boundary=\"=_x\"\r\n" \
	     "\r\n"                                                      \
	     "--=_x\r\nContent-Type: text/plain\r\n\r\nText\r\n"         \
	     "--=_x\r\nContent-Type: text/html; charset=iso-8859-1\r\n"  \
	     "Content-Transfer-Encoding: quoted-printable\r\n\r\n" HTML  \
	     "\r\n--=_x--\r\n"

/* The reading's now is 2025-11-24: mails of tests are of a year later. */
static struct read r;

static void
read_mail(const char *yaml, const char *mail)
{
	r.url = "maildir:/home/ada/Mail#1";
	CHECK(read_source(&r, yaml));
	r.now_ms = INT64_C(1795510800000); /* 2026-11-24T09:00Z */
	read_page(&r, mail);
}

static const char *
metadata(const struct posting *p, const char *name)
{
	for (size_t i = 0; i < p->nmetadata; i++)
		if (str_eq(p->metadata[i].name, name))
			return p->metadata[i].value;
	return NULL;
}

static void
an_alert(void)
{
	read_mail(SOURCE, ALTERNATIVE);
	CHECK_STR(r.extracted.reason, "");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Entwicklerin");
	CHECK_STR(r.postings[0].company, "M\xc3\xbcller & S\xc3\xb6hne");
	/* What tracks the reader is gone, what leads to the job is not. */
	CHECK_STR(r.postings[0].url, "https://click.board.example/r?to=77");
	/* "2 days ago" when it was written, which is four days ago. */
	CHECK_INT(r.postings[0].posted.ms / 86400000,
	    INT64_C(1795510800000) / 86400000 - 6);
	CHECK_INT(r.postings[1].posted.ms, INT64_C(1795158000000));
	CHECK_STR(
	    metadata(&r.postings[1], "search"), "Entwickler in K\xc3\xb6ln");
	read_done(&r);
}

static void
senders(void)
{
	static const struct {
		const char *from;
		bool is_read;
	} cases[] = {
		{ "jobs@alerts.example", true },
		{ "\"jobs@alerts.example\" <eve@evil.example>", false },
		{ "x@mail.board.example", true },
		{ "x@BOARD.example", true },
		{ "x@clipboard.example", false },
		{ "x@board.example.org", false },
		{ "", false },
	};
	struct arena *a = arena_new(100000);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_mail(SOURCE,
		    arena_printf(a,
			"From: %s\nContent-Type: text/html\n\n"
			"<table><tr class=job><td><a href=http://a.example/>A",
			cases[i].from));
		CHECK_INT(r.extracted.result,
		    cases[i].is_read ? EXTRACT_OK : EXTRACT_PASSED_BY);
		CHECK_INT(r.n, cases[i].is_read);
	}
	arena_free(a);
	read_done(&r);
}

#define SUBJECT                                   \
	"source: s\nformat: mail\nurl: mbox:/m\n" \
	"mail: { subject: \"(?i)new jobs\" }\n"   \
	"jobs: a\nfields: { title: ., url: . }\n"
#define PAGE "Content-Type: text/html\n\n<a href=https://x.example/1>One</a>"

static void
subjects(void)
{
	read_mail(SUBJECT, "Subject: 3 New Jobs\n" PAGE);
	CHECK_INT(r.n, 1);
	read_mail(SUBJECT, "Subject: =?utf-8?b?bmV3IGpvYnM=?=\n" PAGE);
	CHECK_INT(r.n, 1);
	read_mail(SUBJECT, "Subject: Your receipt\n" PAGE);
	CHECK_INT(r.extracted.result, EXTRACT_PASSED_BY);
	CHECK(strstr(r.extracted.reason, "Your receipt") != NULL);
	read_mail(SUBJECT, PAGE);
	CHECK_INT(r.extracted.result, EXTRACT_PASSED_BY);
	CHECK(!read_source(&r,
	    "source: s\nformat: mail\nurl: mbox:/m\nmail: { subject: \"a(\" }\n"
	    "jobs: a\nfields: { title: ., url: . }\n"));
	CHECK_STR(r.fault,
	    "4:18: 'a(' is not a regular expression: missing closing "
	    "parenthesis at character 3");
	read_done(&r);
}

#define ANY                                       \
	"source: s\nformat: mail\nurl: mbox:/m\n" \
	"jobs: a\nfields: { title: ., url: . }\n"

static void
which_parts(void)
{
	/* two HTML parts are one page, an attached file is none */
	read_mail(ANY, "Content-Type: multipart/mixed; boundary=b\n\n--b\n" PAGE
		       "\n--b\nContent-Disposition: attachment\n" PAGE
		       "\n--b\n" PAGE "\n--b--\n");
	CHECK_INT(r.extracted.items, 2);
	read_mail(ANY,
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
	    "Content-Type: message/rfc822\n\nSubject: Fwd\n" PAGE "\n--b--\n");
	CHECK_INT(r.n, 1);
	/* A relative link leads nowhere. */
	read_mail(ANY, "Content-Type: text/html\n\n<a href=/j/1>One</a>");
	CHECK_INT(r.n, 0);
	CHECK_INT(r.extracted.refused, 1);
	/* and what looks like a wall on the web is none */
	read_mail(ANY, "Content-Type: text/html\n\n<p>captcha");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	read_done(&r);
}

static void
the_text_part(void)
{
	static const char source[] =
	    "source: s\nformat: mail\nurl: mbox:/m\nmail: { part: text }\n"
	    "jobs: '/^(?<title>.+)\\n(?<company>.+)\\n(?:.*\\n)??View: "
	    "(?<url>\\S+)$/m'\n"
	    "fields: { posted_date: \"{mail.date}\", id: { re: \"/v/(.*)\", "
	    "from: url } }\n";

	read_mail(source,
	    "Date: Fri, 20 Nov 2026 08:00:00 +0100\n"
	    "Content-Type: multipart/alternative; boundary=b\n\n"
	    "--b\nContent-Type: text/plain; format=flowed\n\n"
	    "2 jobs\r\n\r\nTester \r\nof tea\r\nAcme\r\n"
	    "View: https://x.example/v/1?trk=mail\r\n\r\nBaker\r\nBread\r\n"
	    "Bath\r\nView: https://x.example/v/2\r\n--b\n" PAGE "\n--b--\n");
	CHECK_STR(r.extracted.reason, "");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Tester of tea");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].url, "https://x.example/v/1");
	CHECK_STR(metadata(&r.postings[0], "id"), "1?trk=mail");
	CHECK_STR(r.postings[1].company, "Bread");
	CHECK_INT(r.postings[1].posted.ms, INT64_C(1795158000000));
	read_mail(source, PAGE);
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	read_done(&r);
}

static void
refused(enum extract_result result, const char *why)
{
	CHECK_INT(r.extracted.result, result);
	if (strstr(r.extracted.reason, why) == NULL)
		CHECK_STR(r.extracted.reason, why);
}

static void
broken_mails(void)
{
	struct buf mail;

	read_mail(ANY, "Subject: x\n\nonly text");
	refused(EXTRACT_NOT_FORMAT, "without a part of type text/html");
	read_mail(ANY, "");
	refused(EXTRACT_NOT_FORMAT, "empty body");
	read_mail(ANY, "Content-Type: multipart/mixed; boundary=b\n\n" PAGE);
	refused(EXTRACT_MALFORMED, "the boundary of its parts is nowhere");
	buf_init(&mail, 4UL * 1024 * 1024);
	for (int i = 0; i < 10000; i++)
		buf_printf(&mail,
		    "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
		    i);
	buf_str(&mail, PAGE);
	read_mail(ANY, buf_cstr(&mail));
	refused(EXTRACT_MALFORMED, "nested deeper");
	/* What can be reached of a bomb is read all the same. */
	buf_reset(&mail);
	buf_str(&mail,
	    "Content-Type: multipart/mixed; boundary=b\n\n--b\n" PAGE "\n");
	for (int i = 0; i < 10000; i++)
		buf_str(&mail, "--b\n\nx\n");
	read_mail(ANY, buf_cstr(&mail));
	CHECK_INT(r.n, 1);
	buf_fini(&mail);
	read_done(&r);
}

/* Links of a mail are asked for only where follow allows it. */
static void
follows(void)
{
	static const char source[] =
	    "source: s\nformat: mail\nurl: mbox:/m\nfollow: board.example\n"
	    "jobs: a\nfields: { title: ., url: . }\n"
	    "detail: { url: \"{job.url}\", fields: { description: p } }\n";

	read_mail(source,
	    "Content-Type: text/html\n\n"
	    "<a href=https://www.board.example/1>A</a>"
	    "<a href=https://board.example.evil.example/1>B</a>"
	    "<a href=https://click.example/?u=https://board.example/>C</a>");
	CHECK_INT(r.n, 3);
	CHECK_STR(r.postings[0].detail_url, "https://www.board.example/1");
	CHECK_STR(r.postings[1].detail_url, NULL);
	CHECK_STR(r.postings[2].detail_url, NULL);
	read_done(&r);
}

TESTS(TEST(an_alert), TEST(senders), TEST(subjects), TEST(which_parts),
    TEST(the_text_part), TEST(broken_mails), TEST(follows))
