/*
 * Rendered parts into the bytes of a mail: RFC 5322 headers, RFC 2047
 * encoded words, RFC 2045 quoted-printable, multipart/alternative.
 */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/utf8.h"
#include "notify/notify.h"

/* RFC 2047 section 2: an encoded word is at most 75 characters. */
#define ENCODED_WORD_MAX 75
/* RFC 2045 section 6.7: an encoded line is at most 76 characters. */
#define QP_LINE_MAX 76
/* RFC 5322 section 2.1.1: fold at 78, never over 998. */
#define HEADER_LINE_WISH 76
#define HEADER_LINE_MAX  998
#define DOT_ATOM_EXTRA   "!#$%&'*+-/=?^_`{|}~."

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static bool
is_dot_atom(const char *s, size_t n)
{
	if (n == 0 || s[0] == '.' || s[n - 1] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_alnum(s[i]) && strchr(DOT_ATOM_EXTRA, s[i]) == NULL)
			return false;
		if (s[i] == '.' && s[i + 1] == '.')
			return false;
	}
	return true;
}

static bool
is_domain(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || n > 253 || s[0] == '.' || s[0] == '-')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_alnum(s[i]) && s[i] != '-' && s[i] != '.')
			return false;
		if (s[i] == '.' && (s[i + 1] == '.' || s[i + 1] == '\0'))
			return false;
	}
	return true;
}

/* RFC 5321 section 4.5.3.1: 64 octets before the at sign, 254 in all. */
bool
mail_address_is_valid(const char *text)
{
	const char *at = text == NULL ? NULL : strrchr(text, '@');

	if (at == NULL || at - text > 64 || strlen(text) > 254)
		return false;
	return is_dot_atom(text, (size_t)(at - text)) && is_domain(at + 1);
}

static bool
is_plain(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s > 0x7e)
			return false;
	return true;
}

/* CR, LF and other controls would begin a header of their own. */
static int
header_check(const char *name, const char *value, struct err *err)
{
	for (const char *p = value; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return err_set(err, ERR_DATA,
			    "mail header %s: control character 0x%02x at byte "
			    "%zu",
			    name, (unsigned char)*p, (size_t)(p - value));
	if (!utf8_is_valid(value, strlen(value)))
		return err_set(
		    err, ERR_DATA, "mail header %s: not valid UTF-8", name);
	return 0;
}

/* How many bytes a character takes in the Q encoding. */
static size_t
q_width(const char *s, size_t n)
{
	return n == 1 && (is_alnum(*s) || *s == ' ') ? 1 : 3 * n;
}

/*
 * Text as encoded words, cut between characters; column is where the line
 * stands already.
 */
static void
encoded_words(struct buf *out, const char *s, size_t column)
{
	const char *end = s + strlen(s);
	bool is_open = false;
	size_t used = 0;

	while (s < end) {
		const char *next = s;
		size_t n, width;

		utf8_next(&next, end);
		n = (size_t)(next - s);
		width = q_width(s, n);
		if (is_open &&
		    (used + width + 2 > ENCODED_WORD_MAX ||
			column + used + width + 2 > HEADER_LINE_WISH)) {
			buf_str(out, "?=\r\n ");
			column = 1;
			is_open = false;
		}
		if (!is_open) {
			buf_str(out, "=?utf-8?q?");
			used = 10;
			is_open = true;
		}
		if (width == 1)
			buf_char(out, *s == ' ' ? '_' : *s);
		for (size_t i = 0; width > 1 && i < n; i++)
			buf_printf(out, "=%02X", (unsigned char)s[i]);
		used += width;
		s = next;
	}
	if (is_open)
		buf_str(out, "?=");
}

/* Plain text folded at blanks; a word over the hard limit is encoded. */
static void
folded(struct buf *out, const char *s, size_t column)
{
	while (*s != '\0') {
		size_t blanks = strspn(s, " ");
		size_t n = blanks + strcspn(s + blanks, " ");

		if (column + n > HEADER_LINE_WISH && blanks > 0) {
			buf_str(out, "\r\n");
			column = 0;
		}
		buf_add(out, s, n);
		column += n;
		s += n;
	}
}

static bool
has_long_word(const char *s)
{
	size_t run = 0;

	for (; *s != '\0'; s++) {
		run = *s == ' ' ? 0 : run + 1;
		if (run > HEADER_LINE_WISH)
			return true;
	}
	return false;
}

static int
header_text(
    struct buf *out, const char *name, const char *value, struct err *err)
{
	size_t column = strlen(name) + 2;

	if (header_check(name, value, err) == -1)
		return -1;
	buf_printf(out, "%s: ", name);
	if (is_plain(value) && strstr(value, "=?") == NULL &&
	    !has_long_word(value))
		folded(out, value, column);
	else
		encoded_words(out, value, column);
	buf_str(out, "\r\n");
	return 0;
}

static bool
is_one_line(const struct buf *out, size_t start)
{
	return memchr(out->data + start, '\n', out->len - start) == NULL;
}

/* A display name as a quoted string or encoded words, then the address. */
static int
header_address(struct buf *out, const char *header, const char *name,
    const char *address, struct err *err)
{
	size_t start;

	if (!mail_address_is_valid(address))
		return err_set(err, ERR_DATA,
		    "mail header %s: '%.80s' is not a mail address", header,
		    address == NULL ? "" : address);
	if (str_is_empty(name)) {
		buf_printf(out, "%s: %s\r\n", header, address);
		return 0;
	}
	if (header_check(header, name, err) == -1)
		return -1;
	buf_printf(out, "%s: ", header);
	start = out->len;
	if (is_plain(name) && strlen(name) < 50 && strstr(name, "=?") == NULL) {
		buf_char(out, '"');
		for (const char *p = name; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				buf_char(out, '\\');
			buf_char(out, *p);
		}
		buf_char(out, '"');
	} else
		encoded_words(out, name, strlen(header) + 2);
	buf_printf(out, "%s <%s>\r\n",
	    is_one_line(out, start) &&
		    strlen(header) + out->len - start + strlen(address) <
			HEADER_LINE_WISH - 4
		? ""
		: "\r\n",
	    address);
	return 0;
}

/* One line of text in quoted-printable, soft breaks put in. */
static void
qp_line(struct buf *out, const char *s, size_t n)
{
	size_t column = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		bool is_last = i + 1 == n;
		bool is_literal = (c >= 0x21 && c <= 0x7e && c != '=') ||
				  ((c == ' ' || c == '\t') && !is_last);
		size_t width = is_literal ? 1 : 3;

		/* a dot or "From " at a line's begin is changed by relays */
		if (column == 0 &&
		    (c == '.' || (c == 'F' && n - i > 4 &&
				     memcmp(s + i, "From ", 5) == 0)))
			is_literal = false, width = 3;
		if (column + width > QP_LINE_MAX - 1) {
			buf_str(out, "=\r\n");
			column = 0;
		}
		if (is_literal)
			buf_char(out, (char)c);
		else
			buf_printf(out, "=%02X", c);
		column += width;
	}
}

static void
qp_text(struct buf *out, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n");
		size_t shown = n > 0 && s[n - 1] == '\r' ? n - 1 : n;

		qp_line(out, s, shown);
		buf_str(out, "\r\n");
		s += n + (s[n] == '\n');
	}
}

static void
part(struct buf *out, const char *type, const char *text)
{
	buf_printf(out,
	    "Content-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	    type);
	qp_text(out, text);
}

/* The same mail has the same boundary, so that a resend is byte-identical. */
static void
boundary_make(const struct mail_headers *h, char *to, size_t size)
{
	uint64_t hash = hash64(h->message_id, strlen(h->message_id));

	snprintf(to, size, "=_careerd_%016llx", (unsigned long long)hash);
}

static void
body_add(struct buf *out, const struct mail_headers *h,
    const struct mail_parts *parts)
{
	char boundary[40];

	if (parts->html == NULL) {
		part(out, "text/plain", parts->text);
		return;
	}
	boundary_make(h, boundary, sizeof(boundary));
	buf_printf(out,
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n\r\n--%s\r\n",
	    boundary, boundary);
	part(out, "text/plain", parts->text);
	buf_printf(out, "--%s\r\n", boundary);
	part(out, "text/html", parts->html);
	buf_printf(out, "--%s--\r\n", boundary);
}

static int
message_id_check(const char *id, struct err *err)
{
	const char *at = id == NULL ? NULL : strchr(id, '@');

	if (at == NULL || !is_dot_atom(id, (size_t)(at - id)) ||
	    !is_domain(at + 1) || strlen(id) > 250)
		return err_set(err, ERR_BUG, "message id '%.80s' is malformed",
		    id == NULL ? "" : id);
	return 0;
}

static int
headers_add(struct buf *out, const struct mail_headers *h, const char *subject,
    struct err *err)
{
	struct arena *arena = arena_new(4096);
	int ret = -1;

	if (message_id_check(h->message_id, err) == -1)
		goto out;
	buf_printf(out, "Date: %s\r\n", clock_rfc5322(arena, h->date_ms));
	if (header_address(out, "From", h->from_name, h->from_address, err) ==
		-1 ||
	    header_address(out, "To", h->to_name, h->to_address, err) == -1 ||
	    header_text(out, "Subject", subject, err) == -1)
		goto out;
	buf_printf(out, "Message-ID: <%s>\r\n", h->message_id);
	if (h->unsubscribe != NULL) {
		if (!is_plain(h->unsubscribe) ||
		    strpbrk(h->unsubscribe, "<> ") != NULL ||
		    strlen(h->unsubscribe) > HEADER_LINE_MAX - 30) {
			err_set(err, ERR_BUG,
			    "unsubscribe address has a character that does not "
			    "belong in a header");
			goto out;
		}
		buf_printf(out, "List-Unsubscribe: <%s>\r\n", h->unsubscribe);
	}
	/* RFC 3834 section 5: nobody's vacation program should answer */
	buf_str(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
	ret = 0;
out:
	arena_free(arena);
	return ret;
}

int
mail_compose(const struct mail_headers *h, const struct mail_parts *parts,
    struct buf *out, struct err *err)
{
	size_t before = out->len;

	if (headers_add(out, h, parts->subject, err) == -1) {
		out->len = before;
		return -1;
	}
	body_add(out, h, parts);
	if (out->over || out->len - before > LIMIT_MAIL_BYTES) {
		out->len = before;
		return err_set(err, ERR_DATA,
		    "mail is larger than %d bytes, where mail programs cut it",
		    LIMIT_MAIL_BYTES);
	}
	return 0;
}
