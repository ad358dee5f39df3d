/*
 * What a mail that came back is: a bounce (RFC 3464), a wish to unsubscribe,
 * or something else.
 */
#include <string.h>
#include "base/str.h"
#include "extract/extract_int.h"
#include "extract/mime.h"

#define ARENA_BYTES (64UL * 1024 * 1024)

/* "Field: value" of a delivery-status body, in any of its groups. */
static const char *
status_field(struct arena *arena, const char *body, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = body; p != NULL && *p != '\0';) {
		if (strncasecmp(p, name, n) == 0 && p[n] == ':') {
			const char *v = p + n + 1;
			return str_fold_space(
			    arena, arena_strndup(arena, v, strcspn(v, "\r\n")));
		}
		p = strchr(p, '\n');
		p = p == NULL ? NULL : p + 1;
	}
	return NULL;
}

/* "rfc822; ada@example.org" without its type. */
static const char *
typed_value(const char *value)
{
	const char *semicolon = value == NULL ? NULL : strchr(value, ';');

	if (semicolon == NULL)
		return value;
	return semicolon + 1 + strspn(semicolon + 1, " \t");
}

static void
bounce_read(struct arena *arena, const struct mime_part *mail,
    const struct mime_part *report, struct json *to)
{
	const struct mime_part *original = mime_find(mail, "message/rfc822");
	const struct mime_part *headers =
	    mime_find(mail, "text/rfc822-headers");
	size_t n;
	const char *status = mime_content(arena, report, &n);
	const char *recipient = status_field(arena, status, "Final-Recipient");

	if (recipient == NULL)
		recipient = status_field(arena, status, "Original-Recipient");
	json_set(to, "kind", json_string("bounce"));
	json_set(to, "address", json_string(typed_value(recipient)));
	json_set(
	    to, "action", json_string(status_field(arena, status, "Action")));
	json_set(
	    to, "status", json_string(status_field(arena, status, "Status")));
	json_set(to, "diagnostic",
	    json_string(
		typed_value(status_field(arena, status, "Diagnostic-Code"))));
	if (original != NULL && original->first != NULL)
		json_set(to, "message_id",
		    json_string(
			mime_header(arena, original->first, "Message-ID")));
	else if (headers != NULL)
		json_set(to, "message_id",
		    json_string(status_field(arena,
			mime_content(arena, headers, &n), "Message-ID")));
}

/* The word behind "unsubscribe" in the subject is the token. */
static bool
unsubscribe_read(struct arena *arena, const struct mime_part *mail,
    const char *subject, struct json *to)
{
	const char *at =
	    subject == NULL ? NULL : str_find_ci(subject, "unsubscribe");

	if (at == NULL)
		return false;
	at += strlen("unsubscribe");
	at += strspn(at, " :\t");
	json_set(to, "kind", json_string("unsubscribe"));
	json_set(to, "token",
	    json_string(arena_strndup(arena, at, strcspn(at, " \t\r\n"))));
	json_set(to, "address",
	    json_string(mime_address(arena, mime_header(arena, mail, "From"))));
	return true;
}

struct json *
extract_message(const char *text, size_t n)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct json *to = json_object();
	const struct mime_part *mail, *report;
	const char *subject;
	struct mime mime;

	mime_parse(arena, text, n, &mime);
	mail = &mime.top;
	subject = mime_header(arena, mail, "Subject");
	report = mime_find(mail, "message/delivery-status");
	json_set(to, "subject", json_string(subject));
	json_set(to, "from",
	    json_string(mime_address(arena, mime_header(arena, mail, "From"))));
	if (report != NULL)
		bounce_read(arena, mail, report, to);
	else if (!unsubscribe_read(arena, mail, subject, to))
		json_set(to, "kind", json_string("other"));
	arena_free(arena);
	return to;
}
