#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "extract/charset.h"
#include "extract/mime_int.h"

/* Of a header that is longer no more is read. */
#define HEADER_BYTES (64 * 1024)

/* What is the same for all parts of one mail. */
struct parse {
	struct arena *arena;
	struct mime *mail;
	size_t left; /* parts that may still be made */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next line without its end; false at the end of text. */
static bool
line_next(struct mime_span *rest, struct mime_span *line)
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

/* ---- headers ---- */

/* Up to the first empty line. */
static void
head_split(struct mime_span *text, struct mime_part *part)
{
	struct mime_span line;

	part->head = text->p;
	while (line_next(text, &line)) {
		if (line.n == 0)
			break;
		part->nhead = (size_t)(line.p + line.n - part->head);
	}
	part->raw = text->p;
	part->nraw = text->n;
}

/* The line of a header with that name: what stands behind its colon. */
static bool
is_header(struct mime_span line, const char *name, struct mime_span *value)
{
	size_t n = strlen(name);

	if (line.n <= n || strncasecmp(line.p, name, n) != 0)
		return false;
	while (n < line.n && is_blank(line.p[n]))
		n++;
	if (n == line.n || line.p[n] != ':')
		return false;
	n++;
	while (n < line.n && is_blank(line.p[n]))
		n++;
	*value = (struct mime_span){ line.p + n, line.n - n };
	return true;
}

const char *
mime_header_raw(
    struct arena *arena, const struct mime_part *part, const char *name)
{
	struct mime_span rest = { part->head, part->nhead }, line, value;
	bool is_found = false;
	struct buf text;
	char *copy;

	buf_init(&text, HEADER_BYTES);
	while (line_next(&rest, &line)) {
		if (!is_found) {
			is_found = is_header(line, name, &value);
			if (is_found)
				buf_add(&text, value.p, value.n);
			continue;
		}
		/* A line that begins with a blank goes on with it. */
		if (line.n == 0 || !is_blank(line.p[0]))
			break;
		if (buf_add(&text, line.p, line.n) == -1)
			break;
	}
	copy =
	    is_found ? arena_strndup(arena, buf_cstr(&text), text.len) : NULL;
	buf_fini(&text);
	return copy;
}

const char *
mime_header(struct arena *arena, const struct mime_part *part, const char *name)
{
	const char *raw = mime_header_raw(arena, part, name);

	return raw == NULL ? NULL
			   : str_fold_space(arena, mime_words(arena, raw));
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

/* ---- parameters ---- */

struct parameter {
	const char *name, *value;
};

/* Behind the quoted text that begins at p; its copy in *to. */
static const char *
quoted_read(struct arena *arena, const char *p, const char **to)
{
	char *copy = arena_alloc(arena, strlen(p) + 1), *out = copy;

	for (p++; *p != '\0' && *p != '"'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		*out++ = *p;
	}
	*to = copy;
	return *p == '"' ? p + 1 : p;
}

/* Behind the next ';' that stands in no quotes; NULL if there is none. */
static const char *
behind_semicolon(const char *p)
{
	bool is_quoted = false;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			is_quoted = !is_quoted;
		else if (*p == ';' && !is_quoted)
			return p + 1;
	}
	return NULL;
}

/* The parameter at *p, and *p behind the ';' that follows. */
static bool
parameter_next(struct arena *arena, const char **p, struct parameter *to)
{
	const char *s = *p;
	size_t n;

	if (s == NULL)
		return false;
	s += strspn(s, " \t;");
	n = strcspn(s, "=; \t\"");
	to->name = arena_strndup(arena, s, n);
	to->value = "";
	s += n + strspn(s + n, " \t");
	if (*s == '=') {
		s += 1 + strspn(s + 1, " \t");
		if (*s == '"')
			s = quoted_read(arena, s, &to->value);
		else
			to->value = arena_strndup(arena, s, strcspn(s, "; \t"));
	}
	*p = behind_semicolon(s);
	return true;
}

/* The text of "name*=", "name*0=" or "name*0*=" (RFC 2231 section 3, 4). */
static const char *
piece_text(struct arena *arena, const struct parameter *piece)
{
	const char *value = piece->value, *quote;

	if (!str_ends(piece->name, "*"))
		return value;
	if (str_ends(piece->name, "*0*") ||
	    strchr(piece->name, '*') + 1 == strchr(piece->name, '\0')) {
		quote = strchr(value, '\'');
		quote = quote == NULL ? NULL : strchr(quote + 1, '\'');
		value = quote == NULL ? value : quote + 1;
	}
	return mime_percent(arena, (struct mime_span){ value, strlen(value) })
	    .p;
}

const char *
mime_parameter(struct arena *arena, const char *value, const char *name)
{
	const char *p = value == NULL ? NULL : behind_semicolon(value);
	const char *found = NULL;
	size_t n = strlen(name);
	struct parameter one;
	struct buf pieces;

	buf_init(&pieces, HEADER_BYTES);
	while (found == NULL && parameter_next(arena, &p, &one)) {
		if (strncasecmp(one.name, name, n) != 0)
			continue;
		if (one.name[n] == '\0')
			found = one.value;
		else if (one.name[n] == '*')
			buf_str(&pieces, piece_text(arena, &one));
	}
	if (found == NULL && pieces.len > 0)
		found = arena_strndup(arena, buf_cstr(&pieces), pieces.len);
	buf_fini(&pieces);
	return found;
}

/* ---- content ---- */

const char *
mime_content(struct arena *arena, const struct mime_part *part, size_t *n)
{
	const char *encoding =
	    mime_header_raw(arena, part, "Content-Transfer-Encoding");
	struct mime_span body = { part->raw, part->nraw };

	if (encoding != NULL && strncasecmp(encoding, "quoted-p", 8) == 0)
		body = mime_quoted(arena, body);
	else if (encoding != NULL && strncasecmp(encoding, "base64", 6) == 0)
		body.p = mime_base64(arena, body.p, body.n, &body.n);
	else
		body.p = arena_strndup(arena, body.p, body.n);
	*n = body.n;
	return body.p;
}

const char *
mime_text(struct arena *arena, const struct mime_part *part, size_t *n)
{
	const char *type = mime_header_raw(arena, part, "Content-Type");
	const char *text = mime_content(arena, part, n);
	const char *charset = mime_parameter(arena, type, "charset");
	const char *content_type = NULL;

	if (charset != NULL)
		content_type =
		    arena_printf(arena, "text/html; charset=%s", charset);
	text = charset_read(arena, text, n, content_type, CHARSET_HTML);
	if (text == NULL || !str_eq(part->type, "text/plain") ||
	    !str_eq_ci(mime_parameter(arena, type, "format"), "flowed"))
		return text;
	return mime_flowed(arena, text, n,
	    str_eq_ci(mime_parameter(arena, type, "delsp"), "yes"));
}

/* ---- parts ---- */

static void
fault(struct parse *p, const char *text)
{
	if (p->mail->fault == NULL)
		p->mail->fault = text;
}

/*
 * The next line that is "--boundary": *line is it, *rest begins behind it.
 * Blanks may follow, and "--" on the last one; more makes it another line.
 */
static bool
boundary_next(struct mime_span *rest, struct mime_span boundary,
    struct mime_span *line, bool *is_last)
{
	const char *text = rest->p, *at;

	*line = (struct mime_span){ rest->p, 0 };
	while (
	    (at = memmem(rest->p, rest->n, boundary.p, boundary.n)) != NULL) {
		bool begins = at == text || at[-1] == '\n';
		struct mime_span tail;

		rest->n -= (size_t)(at - rest->p);
		rest->p = at;
		line_next(rest, line);
		if (!begins)
			continue;
		tail =
		    (struct mime_span){ at + boundary.n, line->n - boundary.n };
		*is_last = tail.n >= 2 && memcmp(tail.p, "--", 2) == 0;
		if (*is_last) {
			tail.p += 2;
			tail.n -= 2;
		}
		while (tail.n > 0 && is_blank(tail.p[0])) {
			tail.p++;
			tail.n--;
		}
		if (tail.n == 0)
			return true;
	}
	return false;
}

static void part_read(
    struct parse *, struct mime_span, struct mime_part *, int depth);

static void
child_read(struct parse *p, struct mime_span text, struct mime_part *parent,
    struct mime_part ***link, int depth)
{
	struct mime_part *child;

	if (p->left == 0) {
		fault(p, "it has more parts than a mail may have");
		return;
	}
	child = arena_alloc(p->arena, sizeof(*child));
	child->parent = parent;
	**link = child;
	*link = &child->next;
	part_read(p, text, child, depth + 1);
}

/* Without the line end before a boundary, which belongs to that. */
static size_t
without_line_end(const char *p, size_t n)
{
	if (n > 0 && p[n - 1] == '\n')
		n--;
	if (n > 0 && p[n - 1] == '\r')
		n--;
	return n;
}

static void
multipart_read(struct parse *p, struct mime_span rest, const char *name,
    struct mime_part *part, int depth)
{
	const char *text = arena_printf(p->arena, "--%s", name);
	struct mime_span boundary = { text, strlen(text) }, line;
	struct mime_part **link = &part->first;
	const char *begin = NULL;
	bool is_last = false;

	while (!is_last && p->left > 0 &&
	       boundary_next(&rest, boundary, &line, &is_last)) {
		if (begin != NULL)
			child_read(p,
			    (struct mime_span){
				begin, without_line_end(
					   begin, (size_t)(line.p - begin)) },
			    part, &link, depth);
		begin = rest.p;
	}
	if (begin == NULL)
		fault(p, "the boundary of its parts is nowhere in it");
	else if (!is_last)
		child_read(
		    p, (struct mime_span){ begin, rest.n }, part, &link, depth);
}

static const char *
part_type(struct parse *p, const char *header)
{
	const char *type;
	size_t n;

	if (header == NULL)
		return "text/plain";
	n = strcspn(header, "; \t(");
	type = str_lower(p->arena, arena_strndup(p->arena, header, n));
	return strchr(type, '/') == NULL ? "text/plain" : type;
}

/* Parts may be encoded as a whole, though no mail should be. */
static struct mime_span
parts_text(struct parse *p, const struct mime_part *part)
{
	const char *encoding =
	    mime_header_raw(p->arena, part, "Content-Transfer-Encoding");
	struct mime_span body = { part->raw, part->nraw };

	if (encoding != NULL && (strncasecmp(encoding, "quoted-p", 8) == 0 ||
				    strncasecmp(encoding, "base64", 6) == 0))
		body.p = mime_content(p->arena, part, &body.n);
	return body;
}

static void
part_read(
    struct parse *p, struct mime_span text, struct mime_part *part, int depth)
{
	const char *header, *boundary, *place;
	struct mime_part **link = &part->first;

	p->left--;
	head_split(&text, part);
	header = mime_header_raw(p->arena, part, "Content-Type");
	part->type = part_type(p, header);
	place = mime_header_raw(p->arena, part, "Content-Disposition");
	part->is_attached =
	    place != NULL && strncasecmp(place, "attachment", 10) == 0;
	if (!str_starts(part->type, "multipart/") &&
	    !str_eq(part->type, "message/rfc822"))
		return;
	if (depth == LIMIT_MIME_DEPTH) {
		fault(p, "its parts are nested deeper than a mail's may be");
		return;
	}
	if (str_eq(part->type, "message/rfc822")) {
		child_read(p, parts_text(p, part), part, &link, depth);
		return;
	}
	boundary = mime_parameter(p->arena, header, "boundary");
	if (str_is_empty(boundary))
		fault(p, "it does not say what parts its parts");
	else
		multipart_read(p, parts_text(p, part), boundary, part, depth);
}

void
mime_parse(struct arena *arena, const char *text, size_t n, struct mime *to)
{
	struct mime_span all = { text, n }, line;
	struct parse p = { arena, to, LIMIT_MIME_PARTS };

	memset(to, 0, sizeof(*to));
	/* An mbox or a pipe may put its own line before the headers. */
	if (n > 5 && memcmp(text, "From ", 5) == 0)
		line_next(&all, &line);
	part_read(&p, all, &to->top, 0);
}

const struct mime_part *
mime_after(const struct mime_part *part, const struct mime_part *top)
{
	if (part->first != NULL)
		return part->first;
	while (part != top && part->next == NULL)
		part = part->parent;
	return part == top ? NULL : part->next;
}

const struct mime_part *
mime_find(const struct mime_part *top, const char *type)
{
	const struct mime_part *part = top;

	while (part != NULL && !str_eq(part->type, type))
		part = mime_after(part, top);
	return part;
}
