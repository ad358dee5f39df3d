#include <stdbool.h>
#include <string.h>
#include "base/str.h"
#include "base/utf8.h"
#include "extract/mime.h"

#define DEPTH_MAX   8
#define PARTS_MAX   64
#define HEADERS_MAX 500

struct span {
	const char *p;
	size_t n;
};

/* The next line without its end; false at the end of text. */
static bool
line_next(struct span *rest, struct span *line)
{
	const char *eol;

	if (rest->n == 0)
		return false;
	eol = memchr(rest->p, '\n', rest->n);
	line->p = rest->p;
	line->n = eol == NULL ? rest->n : (size_t)(eol - rest->p);
	rest->n -= eol == NULL ? rest->n : line->n + 1;
	rest->p += line->n + (eol != NULL);
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A line that begins with a blank goes on with the header before it. */
static void
header_continue(struct arena *arena, struct mime_part *part, struct span line)
{
	struct mime_header *h = &part->headers[part->nheaders - 1];

	while (line.n > 0 && is_blank(*line.p)) {
		line.p++;
		line.n--;
	}
	h->value = arena_printf(
	    arena, "%s %s", h->value, arena_strndup(arena, line.p, line.n));
}

static void
header_add(struct arena *arena, struct mime_part *part, struct span line)
{
	const char *colon = memchr(line.p, ':', line.n);
	struct mime_header *h;

	if (colon == NULL || part->nheaders == HEADERS_MAX)
		return;
	h = &part->headers[part->nheaders++];
	h->name = arena_strndup(arena, line.p, (size_t)(colon - line.p));
	colon++;
	while (colon < line.p + line.n && is_blank(*colon))
		colon++;
	h->value =
	    arena_strndup(arena, colon, (size_t)(line.p + line.n - colon));
}

static void
headers_read(struct arena *arena, struct span *rest, struct mime_part *part)
{
	struct span line;

	part->headers = arena_array(arena, HEADERS_MAX, sizeof(*part->headers));
	while (line_next(rest, &line) && line.n > 0) {
		if (is_blank(*line.p) && part->nheaders > 0)
			header_continue(arena, part, line);
		else
			header_add(arena, part, line);
	}
}

static const char *
header_raw(const struct mime_part *part, const char *name)
{
	for (size_t i = 0; i < part->nheaders; i++)
		if (str_eq_ci(part->headers[i].name, name))
			return part->headers[i].value;
	return NULL;
}

/* A parameter of Content-Type: quoted or a token; NULL if absent. */
static const char *
parameter(struct arena *arena, const char *value, const char *name)
{
	size_t n = strlen(name);
	const char *p = value == NULL ? "" : value;

	while ((p = strchr(p, ';')) != NULL) {
		p += 1 + strspn(p + 1, " \t");
		if (strncasecmp(p, name, n) != 0)
			continue;
		p += n + strspn(p + n, " \t");
		if (*p != '=')
			continue;
		p += 1 + strspn(p + 1, " \t");
		if (*p == '"')
			return arena_strndup(
			    arena, p + 1, strcspn(p + 1, "\""));
		return arena_strndup(arena, p, strcspn(p, "; \t"));
	}
	return NULL;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* "=XX" at p, or -1. */
static int
qp_byte(const char *p, const char *end)
{
	int high, low;

	if (end - p < 3)
		return -1;
	high = hex_digit(p[1]);
	low = hex_digit(p[2]);
	return high == -1 || low == -1 ? -1 : high * 16 + low;
}

static struct span
qp_decode(struct arena *arena, struct span in)
{
	char *out = arena_alloc(arena, in.n + 1);
	const char *p = in.p, *end = in.p + in.n;
	size_t n = 0;

	while (p < end) {
		int byte = *p == '=' ? qp_byte(p, end) : -1;
		if (byte != -1) {
			out[n++] = (char)byte;
			p += 3;
		} else if (*p == '=' && end - p >= 2 && p[1] == '\n')
			p += 2;
		else if (*p == '=' && end - p >= 3 && p[1] == '\r' &&
			 p[2] == '\n')
			p += 3;
		else
			out[n++] = *p++;
	}
	return (struct span){ out, n };
}

char *
mime_base64(struct arena *arena, const char *in, size_t nin, size_t *nout)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	char *out = arena_alloc(arena, nin / 4 * 3 + 4);
	unsigned int bits = 0, have = 0;
	size_t n = 0;

	for (size_t i = 0; i < nin && in[i] != '='; i++) {
		const char *at = in[i] == '\0' ? NULL : strchr(alphabet, in[i]);

		if (at == NULL)
			continue;
		bits = bits << 6 | (unsigned int)(at - alphabet);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 0xff);
		}
	}
	out[n] = '\0';
	*nout = n;
	return out;
}

static struct span
base64_decode(struct arena *arena, struct span in)
{
	struct span out;

	out.p = mime_base64(arena, in.p, in.n, &out.n);
	return out;
}

static struct span
transfer_decode(
    struct arena *arena, const struct mime_part *part, struct span body)
{
	const char *encoding = header_raw(part, "Content-Transfer-Encoding");

	if (encoding != NULL && strncasecmp(encoding, "quoted-p", 8) == 0)
		return qp_decode(arena, body);
	if (encoding != NULL && strncasecmp(encoding, "base64", 6) == 0)
		return base64_decode(arena, body);
	return body;
}

static void part_read(
    struct arena *, struct span, struct mime_part *, int, size_t *);

/* True if line is "--boundary"; *is_last if it has "--" behind. */
static bool
is_boundary(struct span line, const char *boundary, bool *is_last)
{
	size_t n = strlen(boundary);

	if (line.n < n + 2 || memcmp(line.p, "--", 2) != 0 ||
	    memcmp(line.p + 2, boundary, n) != 0)
		return false;
	*is_last = line.n >= n + 4 && memcmp(line.p + 2 + n, "--", 2) == 0;
	return true;
}

static void
multipart_read(struct arena *arena, struct span rest, const char *boundary,
    struct mime_part *part, int depth, size_t *left)
{
	struct span line, inside = { NULL, 0 };
	bool is_last = false;

	part->parts = arena_array(arena, PARTS_MAX, sizeof(*part->parts));
	while (!is_last && *left > 0 && part->nparts < PARTS_MAX) {
		bool has_line = line_next(&rest, &line);
		if (has_line && !is_boundary(line, boundary, &is_last))
			continue;
		if (inside.p != NULL) {
			const char *end = has_line ? line.p : rest.p;
			inside.n = (size_t)(end - inside.p);
			part_read(arena, inside, &part->parts[part->nparts++],
			    depth + 1, left);
		}
		if (!has_line)
			break;
		inside.p = rest.p;
	}
}

static void
part_read(struct arena *arena, struct span text, struct mime_part *part,
    int depth, size_t *left)
{
	const char *type, *boundary, *charset;
	struct span body;

	(*left)--;
	headers_read(arena, &text, part);
	type = header_raw(part, "Content-Type");
	part->type = type == NULL
			 ? "text/plain"
			 : str_lower(arena, arena_strndup(arena, type,
						strcspn(type, "; \t")));
	charset = parameter(arena, type, "charset");
	part->charset = charset == NULL ? NULL : str_lower(arena, charset);
	body = transfer_decode(arena, part, text);
	part->body = arena_strndup(arena, body.p, body.n);
	part->n = body.n;
	if (depth == DEPTH_MAX || *left == 0)
		return;
	boundary = parameter(arena, type, "boundary");
	if (str_starts(part->type, "multipart/") && !str_is_empty(boundary))
		multipart_read(arena, body, boundary, part, depth, left);
	else if (str_eq(part->type, "message/rfc822")) {
		part->parts = arena_array(arena, 1, sizeof(*part->parts));
		part->nparts = 1;
		part_read(arena, body, part->parts, depth + 1, left);
	}
}

void
mime_parse(
    struct arena *arena, const char *text, size_t n, struct mime_part *to)
{
	struct span all = { text, n };
	size_t left = PARTS_MAX;

	memset(to, 0, sizeof(*to));
	/* an mbox or a pipe may put its own line before the headers */
	if (n > 5 && memcmp(text, "From ", 5) == 0) {
		struct span line;
		line_next(&all, &line);
	}
	part_read(arena, all, to, 0, &left);
}

/* One encoded word (RFC 2047 section 2) at p, appended; its end, or NULL. */
static const char *
word_decode(struct arena *arena, const char *p, char **to)
{
	const char *charset = p + 2, *encoding, *text, *end;
	struct span in, out;

	encoding = strchr(charset, '?');
	if (encoding == NULL || encoding[1] == '\0' || encoding[2] != '?')
		return NULL;
	text = encoding + 3;
	end = strstr(text, "?=");
	if (end == NULL)
		return NULL;
	in = (struct span){ text, (size_t)(end - text) };
	if (encoding[1] == 'B' || encoding[1] == 'b')
		out = base64_decode(arena, in);
	else {
		char *spaced = arena_strndup(arena, text, in.n);
		for (char *s = spaced; *s != '\0'; s++)
			if (*s == '_')
				*s = ' ';
		out = qp_decode(arena, (struct span){ spaced, in.n });
	}
	/* other charsets than UTF-8 and ASCII come out as U+FFFD marks */
	*to = arena_printf(arena, "%s%s", *to, utf8_mend(arena, out.p, out.n));
	return end + 2;
}

const char *
mime_header(struct arena *arena, const struct mime_part *part, const char *name)
{
	const char *raw = header_raw(part, name), *p, *next;
	char *to;

	if (raw == NULL)
		return NULL;
	to = arena_strdup(arena, "");
	for (p = raw; *p != '\0';) {
		next = p[0] == '=' && p[1] == '?' ? word_decode(arena, p, &to)
						  : NULL;
		if (next == NULL) {
			size_t n = 1 + strcspn(p + 1, "=");
			to = arena_printf(
			    arena, "%s%s", to, utf8_mend(arena, p, n));
			p += n;
			continue;
		}
		/* blanks between two encoded words are no text */
		p = next + strspn(next, " \t");
		if (p[0] != '=' || p[1] != '?')
			p = next;
	}
	return to;
}

const struct mime_part *
mime_find(const struct mime_part *part, const char *type)
{
	if (str_eq(part->type, type))
		return part;
	for (size_t i = 0; i < part->nparts; i++) {
		const struct mime_part *found =
		    mime_find(&part->parts[i], type);
		if (found != NULL)
			return found;
	}
	return NULL;
}

const char *
mime_address(struct arena *arena, const char *value)
{
	const char *open, *close;

	if (value == NULL)
		return NULL;
	open = strrchr(value, '<');
	close = open == NULL ? NULL : strchr(open, '>');
	if (close != NULL)
		return arena_strndup(
		    arena, open + 1, (size_t)(close - open - 1));
	value += strspn(value, " \t");
	return arena_strndup(arena, value, strcspn(value, " \t,;"));
}
