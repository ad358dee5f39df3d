/*
 * Sources of format mail: mailboxes, whose mails, what may follow.
 */
#include "faults.h"

#define REST "jobs: a\nfields: { title: ., url: . }\n"
#define MAIL "source: x\nformat: mail\nurl: mbox:/var/mail/ada\n" REST

static struct source *
parse(struct arena *arena, const char *text, const char **faults)
{
	struct problems problems;
	struct source *source;

	problems_init(&problems, arena);
	source =
	    conf_source_parse(arena, "x.yaml", text, strlen(text), &problems);
	*faults = faults_text(arena, &problems);
	return source;
}

static const struct bad refused[] = {
	{ "source: x\nformat: mail\nurl: https://x.example/\n" REST,
	    "3:6: format mail reads a mailbox: maildir:PATH, mbox:PATH, "
	    "imaps://USER@HOST/FOLDER or received" },
	{ "source: x\nformat: html\nurl: maildir:/home/ada\n" REST,
	    "3:6: a mailbox is read with format: mail" },
	{ "source: x\nformat: mail\nurl: imaps://imap.example.org/Jobs\n" REST,
	    "1:1: x: mailbox: expected imaps://USER@HOST/FOLDER: whose mailbox "
	    "is it?" },
	{ "source: x\nformat: mail\nurl: "
	  "imaps://ada:pw@imap.example.org\n" REST,
	    "1:1: x: mailbox: a password does not stand in a file; name a "
	    "credential" },
	{ "source: x\nformat: mail\nurl: imaps://ada@imap.example.org\n" REST,
	    "1:1: x: the server wants a password: auth: { basic: { password: "
	    "credential:NAME } }" },
	{ MAIL "mail: { from: [ada, \"@-x\"], part: txt, age: 10m }\n",
	    "6:16: expected the address of a sender, or @ and a domain, found "
	    "'ada'\n6:21: expected the address of a sender, or @ and a domain, "
	    "found '@-x'\n6:35: expected html or text, found 'txt' (did you "
	    "mean 'text'?)\n6:45: '10m' is not within 1h and 366d" },
	{ MAIL "pages: { offset: 5, max: 1 }\nexpect: { min_jobs: 1 }\n",
	    "6:8: the pages would be all the same: {page.offset} stands "
	    "neither in the url nor in a body\n6:8: pages: is of lists on the "
	    "web; a mailbox has none\n7:9: expect: is of lists on the web; a "
	    "mailbox has none" },
	{ MAIL "detail: { url: '{job.url}', fields: { description: p } }\n",
	    "6:9: links of a mail are not requested unless their host stands "
	    "under follow:" },
	{ MAIL "follow: [https://x.example]\n",
	    "6:9: follow: is for detail:, which is not there\n6:10: expected "
	    "the name of a host, such as www.example.com, found "
	    "'https://x.example'" },
	{ MAIL "follow: x.example\ndetail: { url: '{mail.from}', format: mail, "
	       "fields: { description: p } }\n",
	    "7:9: a detail is no mail\n7:16: {mail.from} is unknown here: "
	    "neither a parameter nor page.* or job.*" },
	{ "source: x\nformat: html\nurl: https://x.example\n" REST
	  "mail: { from: a@b.example }\nfollow: b.example\n",
	    "6:7: mail: is of format mail\n7:9: follow: is of format mail" },
	{ "source: x\nformat: mail\nurl: mbox:/m\njobs: a\n"
	  "fields: { title: '{mail.subjct}', url: ., x: { re: a, from: "
	  "mail.to } }\n",
	    "5:18: {mail.subjct} is unknown here: neither a parameter nor "
	    "page.* or job.* (did you mean 'mail.subject'?)\n5:43: from: there "
	    "is no field 'mail.to'" },
};

static void
faults(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *got;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		parse(arena, refused[i].text, &got);
		CHECK_STR(got, refused[i].faults);
	}
	arena_free(arena);
}

static void
defaults(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *got;
	struct source *s = parse(arena, MAIL, &got);

	CHECK_STR(got, "");
	CHECK_INT(s->list.format, FORMAT_MAIL);
	CHECK_INT(s->mails.age_ms, 30LL * 24 * 60 * 60 * 1000);
	CHECK_INT(s->mails.nfrom, 0);
	CHECK(!s->list.is_text_part);
	CHECK_INT(s->ntargets, 1);
	CHECK_STR(s->targets[0].key, "x");
	CHECK_STR(s->targets[0].mailbox, "mbox:/var/mail/ada");
	arena_free(arena);
}

/* Parameters of careerd.yaml, and the mailboxes and keys they make. */
static void
mailboxes(void)
{
	static const struct {
		const char *mailbox, *want;
	} cases[] = {
		{ "maildir:~/Mail/jobs", "maildir:/home/ada/Mail/jobs" },
		{ "maildir:/var/mail/ada", "maildir:/var/mail/ada" },
		{ "mbox:Mail", "mbox:DIR/Mail" },
		{ "received", "received:/var/lib/careerd/received" },
		{ "imaps://ada@x.org@imap.example.org:1993/Jobs",
		    "imaps://ada@x.org@imap.example.org:1993/Jobs" },
	};
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	struct err e = { 0 };

	setenv("HOME", "/home/ada", 1);
	setenv("STATE_DIRECTORY", "/var/lib/careerd", 1);
	file_write(arena, "mails.yaml",
	    "source: mails\nformat: mail\nurl: '{mailbox}'\n"
	    "params: { mailbox: { required: true } }\n" REST);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *path = file_write(arena, "careerd.yaml",
		    arena_printf(arena,
			"sources: { ./mails.yaml: { mailbox: '%s', auth: { "
			"basic: { password: credential:imap } } } }\n",
			cases[i].mailbox));
		const char *want = cases[i].want;
		struct conf *conf;

		if (strstr(want, "DIR") != NULL)
			want = arena_printf(
			    arena, "mbox:%s/Mail", path_dir(arena, path));
		problems_init(&problems, arena);
		conf = conf_load(arena, path, &problems, &e);
		CHECK_STR(faults_text(arena, &problems), "");
		CHECK_INT(conf->nsources, 1);
		CHECK_STR(conf->sources[0].targets[0].mailbox, want);
		CHECK_STR(conf->sources[0].targets[0].key, "mails");
	}
	arena_free(arena);
}

static void
a_wrong_mailbox_is_told_where_it_is(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	struct err e = { 0 };
	const char *path;

	path = file_write(arena, "careerd.yaml",
	    "sources:\n  ./mails.yaml: { mailbox: /home/ada/Mail }\n");
	problems_init(&problems, arena);
	conf_load(arena, path, &problems, &e);
	CHECK_STR(faults_text(arena, &problems),
	    "2:3: mails: mailbox: expected maildir:PATH, mbox:PATH, "
	    "imaps://USER@HOST/FOLDER or received, found '/home/ada/Mail'");
	arena_free(arena);
}

TESTS(TEST(faults), TEST(defaults), TEST(mailboxes),
    TEST(a_wrong_mailbox_is_told_where_it_is))
