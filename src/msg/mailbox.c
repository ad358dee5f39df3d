#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "msg/mailbox.h"

#define PORT_TLS   993
#define PORT_PLAIN 143

/* "%41" decoded; NULL if a '%' is nothing such, or hides a control. */
static char *
unescape(struct arena *arena, const char *text, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *to = arena_alloc(arena, n + 1), *out = to;

	for (const char *p = text; p < text + n; p++) {
		const char *high, *low;

		if (*p != '%') {
			*out++ = *p;
			continue;
		}
		if (text + n - p < 3 || p[1] == '\0' || p[2] == '\0')
			return NULL;
		high = strchr(digits, p[1] | (p[1] > '9' ? 0x20 : 0));
		low = strchr(digits, p[2] | (p[2] > '9' ? 0x20 : 0));
		if (high == NULL || low == NULL)
			return NULL;
		*out = (char)((high - digits) << 4 | (low - digits));
		if ((unsigned char)*out < ' ' || *out == 127)
			return NULL;
		out++;
		p += 2;
	}
	return to;
}

static int
path_take(const char *path, enum mailbox_kind kind, struct mailbox *to,
    struct err *err)
{
	if (path[0] != '/')
		return err_set(err, ERR_CONFIG,
		    "expected a path that begins with '/', found '%.100s'",
		    path);
	to->kind = kind;
	to->path = path;
	return 0;
}

/* "host", "host:993" or "[::1]:993"; n bytes. */
static int
host_take(struct arena *arena, const char *text, size_t n, struct mailbox *to,
    struct err *err)
{
	const char *host = arena_strndup(arena, text, n), *colon;
	int64_t port = to->is_tls ? PORT_TLS : PORT_PLAIN;

	colon = host[0] == '[' ? strchr(host, ']') : host;
	colon = colon == NULL ? NULL : strchr(colon, ':');
	if (colon != NULL && str_to_i64(colon + 1, 1, 65535, &port) == -1)
		return err_set(err, ERR_CONFIG, "'%.20s' is no port", colon);
	to->port = (int)port;
	to->host = str_lower(arena,
	    colon == NULL ? host
			  : arena_strndup(arena, host, (size_t)(colon - host)));
	if (to->host[0] == '['
		? !str_ends(to->host, "]") ||
		      strspn(to->host, "[]0123456789abcdef:.") !=
			  strlen(to->host)
		: to->host[0] == '\0' ||
		      strspn(to->host, "abcdefghijklmnopqrstuvwxyz0123456789"
				       "-.") != strlen(to->host))
		return err_set(
		    err, ERR_CONFIG, "'%.100s' is no name of a host", to->host);
	return 0;
}

/* USER@HOST[:PORT][/FOLDER]; the user's name may itself hold an '@'. */
static int
imap_take(
    struct arena *arena, const char *text, struct mailbox *to, struct err *err)
{
	size_t n = strcspn(text, "/");
	const char *at = memrchr(text, '@', n), *folder = text + n;

	to->kind = MAILBOX_IMAP;
	if (at == NULL || at == text)
		return err_set(err, ERR_CONFIG,
		    "expected imaps://USER@HOST/FOLDER: whose mailbox is it?");
	if (memchr(text, ':', (size_t)(at - text)) != NULL)
		return err_set(err, ERR_CONFIG,
		    "a password does not stand in a file; name a credential");
	to->user = unescape(arena, text, (size_t)(at - text));
	if (host_take(arena, at + 1, n - (size_t)(at + 1 - text), to, err) ==
	    -1)
		return -1;
	folder += *folder == '/';
	to->folder =
	    *folder == '\0' ? "INBOX" : unescape(arena, folder, strlen(folder));
	if (to->user == NULL || to->folder == NULL)
		return err_set(err, ERR_CONFIG,
		    "'%%' must be followed by two digits of a byte that is no "
		    "control character");
	return 0;
}

int
mailbox_parse(
    struct arena *arena, const char *text, struct mailbox *to, struct err *err)
{
	struct mailbox box = { 0 };
	int result;

	if (str_has_control(text) || strlen(text) > LIMIT_URL_BYTES / 2)
		return err_set(err, ERR_CONFIG,
		    "holds a control character, or is far too long");
	if (str_starts(text, "maildir:")) {
		result = path_take(
		    text + strlen("maildir:"), MAILBOX_MAILDIR, &box, err);
	} else if (str_starts(text, "received:")) {
		result = path_take(
		    text + strlen("received:"), MAILBOX_MAILDIR, &box, err);
		box.may_be_missing = true;
	} else if (str_starts(text, "mbox:")) {
		result =
		    path_take(text + strlen("mbox:"), MAILBOX_MBOX, &box, err);
	} else if (str_starts(text, "imaps://")) {
		box.is_tls = true;
		result = imap_take(arena, text + strlen("imaps://"), &box, err);
	} else if (str_starts(text, "imap://")) {
		result = imap_take(arena, text + strlen("imap://"), &box, err);
	} else {
		return err_set(err, ERR_CONFIG,
		    "expected maildir:PATH, mbox:PATH, "
		    "imaps://USER@HOST/FOLDER or received, found '%.100s'",
		    text);
	}
	if (result == 0)
		*to = box;
	return result;
}

char *
mailbox_mail(struct arena *arena, const char *mailbox, const char *position)
{
	/* What names of files and Message-IDs hold, '#' apart. */
	return arena_printf(arena, "%s#%s", mailbox,
	    url_escape(arena, position, "-._~,:=+@$!*'();"));
}

char *
mailbox_position(struct arena *arena, const char *mailbox, const char *address)
{
	size_t n = strlen(mailbox);

	if (strncmp(address, mailbox, n) != 0 || address[n] != '#')
		return NULL;
	address += n + 1;
	return unescape(arena, address, strlen(address));
}
