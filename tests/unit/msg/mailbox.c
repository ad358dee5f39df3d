/*
 * Names of mailboxes and of mails in them, whose mails, which links.
 */
#include <stdlib.h>
#include "base/str.h"
#include "msg/mailbox.h"
#include "msg/source.h"
#include "check.h"

static struct arena *
arena_make(void)
{
	return arena_new(1024 * 1024);
}

static void
files(void)
{
	struct arena *a = arena_make();
	struct err err = { 0 };
	struct mailbox box;

	CHECK_INT(mailbox_parse(a, "maildir:/home/ada/M #1", &box, &err), 0);
	CHECK_INT(box.kind, MAILBOX_MAILDIR);
	CHECK_STR(box.path, "/home/ada/M #1");
	CHECK(!box.may_be_missing);
	CHECK_INT(mailbox_parse(a, "received:/var/x", &box, &err), 0);
	CHECK_INT(box.kind, MAILBOX_MAILDIR);
	CHECK(box.may_be_missing);
	CHECK_INT(mailbox_parse(a, "mbox:/var/mail/ada", &box, &err), 0);
	CHECK_INT(box.kind, MAILBOX_MBOX);
	CHECK_INT(mailbox_parse(a, "mbox:ada", &box, &err), -1);
	CHECK_INT(mailbox_parse(a, "maildir:", &box, &err), -1);
	CHECK_INT(mailbox_parse(a, "pop3://x", &box, &err), -1);
	CHECK_INT(mailbox_parse(a, "mbox:/a\nb", &box, &err), -1);
	arena_free(a);
}

static void
imap(void)
{
	static const struct {
		const char *text, *user, *host, *folder;
		int port;
	} right[] = {
		{ "imaps://ada@imap.example.org", "ada", "imap.example.org",
		    "INBOX", 993 },
		{ "imaps://ada@IMAP.example.org/", "ada", "imap.example.org",
		    "INBOX", 993 },
		{ "imaps://ada%40x.org@h:1993/A/B%20c", "ada@x.org", "h",
		    "A/B c", 1993 },
		{ "imap://ada@x.org@[::1]/J", "ada@x.org", "[::1]", "J", 143 },
		{ "imap://ada@[::1]:1143/J", "ada", "[::1]", "J", 1143 },
	};
	static const char *const wrong[] = { "imaps://h/J", "imaps://@h",
		"imaps://a:b@h", "imaps://a@", "imaps://a@h:0",
		"imaps://a@h:70000", "imaps://a@h_/", "imaps://a@h%0d%0aNOOP",
		"imaps://a@h/x%0d%0aNOOP", "imaps://a%0@h", "imaps://a@[::1",
		"imaps://a@h/%zz", "imaps://a%00@h" };
	struct arena *a = arena_make();
	struct err err = { 0 };
	struct mailbox box;

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		CHECK_INT(mailbox_parse(a, right[i].text, &box, &err), 0);
		CHECK_INT(box.kind, MAILBOX_IMAP);
		CHECK_STR(box.user, right[i].user);
		CHECK_STR(box.host, right[i].host);
		CHECK_STR(box.folder, right[i].folder);
		CHECK_INT(box.port, right[i].port);
		CHECK_INT(box.is_tls, str_starts(right[i].text, "imaps:"));
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (mailbox_parse(a, wrong[i], &box, &err) == 0)
			CHECK_STR(wrong[i], "refused");
	arena_free(a);
}

static void
mails(void)
{
	static const char *const positions[] = { "1700.M1P2.host,S=3:2,S",
		"<a b#c%d@x>", "12.34", "\xc3\xa4" };
	struct arena *a = arena_make();
	const char *box = "maildir:/m#x";

	for (size_t i = 0; i < 4; i++) {
		const char *mail = mailbox_mail(a, box, positions[i]);

		CHECK(strchr(mail + strlen(box) + 1, '#') == NULL);
		CHECK_STR(mailbox_position(a, box, mail), positions[i]);
	}
	CHECK_STR(mailbox_position(a, box, "maildir:/m"), NULL);
	CHECK_STR(mailbox_position(a, box, "maildir:/m#xy#1"), NULL);
	CHECK_STR(mailbox_position(a, box, "maildir:/m#x#a%00b"), NULL);
	CHECK_STR(mailbox_position(a, box, "maildir:/m#x#a%"), NULL);
	arena_free(a);
}

static void
links(void)
{
	static const char *const follow[] = { "board.example" };
	struct source s = { .list.format = FORMAT_MAIL };

	CHECK(!source_may_request(&s, "https://board.example/"));
	s.mails.follow = follow;
	s.mails.nfollow = 1;
	CHECK(source_may_request(&s, "https://board.example/1"));
	CHECK(source_may_request(&s, "http://WWW.Board.example:8080/1"));
	CHECK(!source_may_request(&s, "https://dashboard.example/"));
	CHECK(!source_may_request(&s, "https://board.example.org/"));
	CHECK(!source_may_request(&s, "https://board.example@evil.example/"));
	CHECK(!source_may_request(&s, "https://evil.example\\@board.example/"));
	CHECK(!source_may_request(&s, "ftp://board.example/"));
	CHECK(!source_may_request(&s, "maildir:/board.example"));
	s.list.format = FORMAT_HTML;
	CHECK(source_may_request(&s, "https://evil.example/"));
}

TESTS(TEST(files), TEST(imap), TEST(mails), TEST(links))
