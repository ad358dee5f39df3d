/*
 * What is said between us and a server (RFC 3501): three commands, and of
 * what comes only what they ask for.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "net/imap_int.h"

/* A literal that is no mail: some text of the server's. */
#define LITERAL_BYTES 65536

/* ---- commands ---- */

static void
base64_units(const uint8_t *bytes, size_t n, struct buf *to)
{
	/* RFC 3501 section 5.1.3: a comma in place of the slash, no padding. */
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz"
				     "0123456789+,";
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | bytes[i];
		have += 8;
		while (have >= 6) {
			have -= 6;
			buf_char(to, digits[bits >> have & 63]);
		}
	}
	if (have > 0)
		buf_char(to, digits[bits << (6 - have) & 63]);
}

/* Characters beyond ASCII from *p on, as "&...-". */
static void
shifted(const char **p, const char *end, struct buf *to)
{
	uint8_t units[1024];
	size_t n = 0;

	while (
	    *p < end && (unsigned char)**p >= 0x80 && n + 4 <= sizeof(units)) {
		uint32_t c = utf8_next(p, end), high = 0;

		if (c >= 0x10000) {
			high = 0xd800 + ((c - 0x10000) >> 10);
			c = 0xdc00 + ((c - 0x10000) & 0x3ff);
			units[n++] = (uint8_t)(high >> 8);
			units[n++] = (uint8_t)high;
		}
		units[n++] = (uint8_t)(c >> 8);
		units[n++] = (uint8_t)c;
	}
	buf_char(to, '&');
	base64_units(units, n, to);
	buf_char(to, '-');
}

/* A folder's name, quoted, in the old encoding that all servers know. */
static void
folder_add(const char *name, struct buf *to)
{
	const char *end = name + strlen(name);

	buf_char(to, '"');
	while (name < end) {
		if ((unsigned char)*name >= 0x80) {
			shifted(&name, end, to);
			continue;
		}
		if (*name == '"' || *name == '\\')
			buf_char(to, '\\');
		buf_char(to, *name);
		if (*name == '&')
			buf_char(to, '-');
		name++;
	}
	buf_char(to, '"');
}

/* Which mails are looked for: young ones, by one of the senders. */
static void
search_add(const struct imap_ask *ask, struct buf *to)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil at;

	civil_from_ms(ask->since_ms, &at);
	buf_printf(to, "UID SEARCH SINCE %d-%s-%04d", at.day,
	    months[at.month - 1], at.year);
	for (size_t i = 0; i < ask->nfrom; i++) {
		const char *from = ask->from[i];

		/* Prefix notation: OR a OR b c. */
		buf_printf(to, "%s FROM \"%s\"",
		    i + 1 < ask->nfrom ? " OR" : "",
		    from[0] == '@' ? from + 1 : from);
	}
}

bool
imap_position(const char *text, uint64_t *validity, uint32_t *uid)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	*validity = strtoull(text, &end, 10);
	if (*end != '.' || end[1] < '0' || end[1] > '9')
		return false;
	*uid = (uint32_t)strtoul(end + 1, &end, 10);
	return *end == '\0' && *uid > 0;
}

void
imap_command(struct imap *s, const struct imap_ask *ask)
{
	uint64_t validity;
	uint32_t uid = 0;

	buf_reset(&s->out);
	buf_reset(&s->line);
	buf_reset(&s->mail);
	s->literal = 0;
	s->has_mail = s->is_too_big = false;
	s->nuids = 0;
	buf_printf(&s->out, "c%u ", ++s->tag);
	if (s->state == IMAP_OPENING) {
		buf_str(&s->out, "EXAMINE ");
		folder_add(ask->box->folder, &s->out);
	} else if (s->state == IMAP_SEARCHING) {
		search_add(ask, &s->out);
	} else {
		(void)imap_position(ask->position, &validity, &uid);
		buf_printf(
		    &s->out, "UID FETCH %" PRIu32 " (UID BODY.PEEK[])", uid);
	}
	buf_str(&s->out, "\r\n");
}

/* ---- answers ---- */

static void
uids_take(struct imap *s, const char *p)
{
	while (*p == ' ') {
		char *end;
		unsigned long uid = strtoul(p, &end, 10);

		if (end == p + 1 || s->nuids == LIMIT_MAILBOX_SCAN)
			return;
		if (s->nuids == s->uids_size) {
			s->uids_size =
			    s->uids_size == 0 ? 256 : s->uids_size * 2;
			s->uids =
			    xrealloc(s->uids, s->uids_size * sizeof(*s->uids));
		}
		s->uids[s->nuids++] = (uint32_t)uid;
		p = end;
	}
}

/* A short mail may come quoted. */
static void
quoted_take(struct imap *s, const char *line)
{
	const char *p = str_find_ci(line, "BODY[] \"");

	if (p == NULL || s->has_mail)
		return;
	for (p += strlen("BODY[] \""); *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		buf_char(&s->mail, *p);
	}
	s->has_mail = true;
}

static void
untagged(struct imap *s, const char *line)
{
	const char *at;

	if (s->state == IMAP_OPENING &&
	    (at = str_find_ci(line, "[UIDVALIDITY ")) != NULL)
		s->validity = strtoull(at + strlen("[UIDVALIDITY "), NULL, 10);
	if (s->state == IMAP_SEARCHING && strncasecmp(line, "* SEARCH", 8) == 0)
		uids_take(s, line + 8);
	if (s->state == IMAP_FETCHING)
		quoted_take(s, line);
}

/* A line that is complete; 1 if it ends the answer. */
static int
line_take(struct imap *s, const char **word, const char **text)
{
	char *line = s->line.data, *end;
	size_t n = strcspn(line, " ");

	if (str_starts(line, "* ")) {
		untagged(s, line);
		return 0;
	}
	/* Leave to go on, which nobody asked for. */
	if (line[0] == '+')
		return 0;
	if (line[0] != 'c' || line[n] == '\0' ||
	    strtoul(line + 1, &end, 10) != s->tag || end != line + n)
		return -1;
	*word = line + n + 1;
	n = strcspn(*word, " ");
	end = line + (*word - line) + n;
	*text = *end == '\0' ? "" : end + 1;
	*end = '\0';
	return 1;
}

/* "{123}" at the end of a line: so many bytes follow. */
static bool
literal_length(const char *line, uint64_t *n)
{
	const char *open = strrchr(line, '{');
	size_t digits = open == NULL ? 0 : strspn(open + 1, "0123456789");

	if (digits == 0 || !str_eq(open + 1 + digits, "}"))
		return false;
	*n = digits > 18 ? UINT64_MAX : strtoull(open + 1, NULL, 10);
	return true;
}

/* 1: a literal follows the line; 0: none; -1: one that is too long. */
static int
literal_begin(struct imap *s)
{
	uint64_t n;

	if (!literal_length(s->line.data, &n))
		return 0;
	s->literal_is_mail = s->state == IMAP_FETCHING && !s->has_mail &&
			     str_find_ci(s->line.data, "BODY[] {") != NULL;
	if (n > (s->literal_is_mail ? s->mail.limit : LITERAL_BYTES)) {
		s->is_too_big = s->literal_is_mail;
		s->mail_bytes = n;
		return -1;
	}
	s->has_mail |= s->literal_is_mail;
	s->literal = (size_t)n;
	return 1;
}

static size_t
literal_take(struct imap *s, const char *p, size_t n)
{
	if (n > s->literal)
		n = s->literal;
	if (s->literal_is_mail)
		(void)buf_add(&s->mail, p, n);
	s->literal -= n;
	return n;
}

static void
line_end_drop(struct buf *line)
{
	while (line->len > 0 && (line->data[line->len - 1] == '\n' ||
				    line->data[line->len - 1] == '\r'))
		line->data[--line->len] = '\0';
}

int
imap_feed(struct imap *s, const char *p, size_t n, const char **word,
    const char **text)
{
	const char *end = p + n, *eol;
	int result = 0;

	while (p < end && result == 0) {
		if (s->literal > 0) {
			p += literal_take(s, p, (size_t)(end - p));
			continue;
		}
		eol = memchr(p, '\n', (size_t)(end - p));
		n = (size_t)((eol == NULL ? end : eol + 1) - p);
		if (memchr(p, '\0', n) != NULL || buf_add(&s->line, p, n) == -1)
			return -1;
		p += n;
		if (eol == NULL)
			break;
		line_end_drop(&s->line);
		result = literal_begin(s);
		if (result == -1)
			return -1;
		if (result == 1) {
			result = 0;
			continue;
		}
		result = line_take(s, word, text);
		if (result == 0)
			buf_reset(&s->line);
	}
	return result;
}
