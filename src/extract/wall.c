/*
 * What a body that is no data looks like: a test for robots, a form to log
 * in, a page that says it is not there, a domain for sale. "No jobs" is said
 * by data alone.
 */
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "extract/extract_int.h"

/* Only so much of a page is read to find out. */
#define LOOK_BYTES (64 * 1024)
/* A heading longer than this is text. */
#define HEADING_BYTES 200

struct sign {
	const char *word, *what;
};

/* Of those that keep robots out; the words stand anywhere in the page. */
static const struct sign walls[] = {
	{ "captcha", "captcha" },
	{ "cf-challenge", "challenge" },
	{ "cf-browser-verification", "challenge" },
	{ "challenge-platform", "challenge" },
	{ "just a moment...", "challenge" },
	{ "attention required!", "challenge" },
	{ "datadome", "challenge" },
	{ "_incapsula_", "challenge" },
	{ "are you a robot", "asks whether you are a robot" },
	{ "unusual traffic", "challenge: unusual traffic" },
	{ "access denied", "access denied" },
	{ "request blocked", "request blocked" },
	{ "you have been blocked", "blocked" },
	{ "enable javascript", "challenge: asks for JavaScript" },
};

/* Of names that nobody uses any more. */
static const struct sign parkings[] = {
	{ "domain is for sale", "the domain is for sale" },
	{ "domain may be for sale", "the domain is for sale" },
	{ "domain name is for sale", "the domain is for sale" },
	{ "buy this domain", "the domain is for sale" },
	{ "domain is available for purchase", "the domain is for sale" },
	{ "domain is parked", "the domain is parked" },
	{ "parked domain", "the domain is parked" },
	{ "parked free", "the domain is parked" },
	{ "domain has expired", "the domain has expired" },
	{ "domain name has expired", "the domain has expired" },
	{ "sedoparking", "the domain is parked" },
	{ "parkingcrew", "the domain is parked" },
	{ "parking-lander", "the domain is parked" },
	{ "hugedomains.com", "the domain is for sale" },
};

/* Of a page that is not there, in its title, its heading or its message. */
static const char *const not_there[] = { "not found", "not be found",
	"n't be found", "cannot find", "can't find", "couldn't find",
	"does not exist", "doesn't exist", "no longer exist",
	"no longer available", "no longer active", "has been removed",
	"no such board", "no such company", "nicht gefunden",
	"nicht mehr verf\xc3\xbcgbar", "introuvable", "n'existe pas",
	"no encontrad", "no se encontr", "no existe", "non trovat",
	"niet gevonden", "hittades inte" };

static const char *const log_ins[] = { "log in", "login", "log-in", "logon",
	"sign in", "signin", "sign-in", "anmelden", "einloggen", "se connecter",
	"connexion", "iniciar sesi", "inloggen", "/auth/", "/sso", "oauth" };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool
has_word(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; text != NULL && i < n; i++)
		if (str_find_ci(text, words[i]) != NULL)
			return true;
	return false;
}

static const char *
sign_of(const char *text, const struct sign *signs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_find_ci(text, signs[i].word) != NULL)
			return signs[i].what;
	return NULL;
}

/* The beginning of the body as one text: a NUL would end the search. */
static char *
beginning(struct reading *r)
{
	size_t n = r->n < LOOK_BYTES ? r->n : LOOK_BYTES;
	char *text = arena_strndup(r->arena, r->body, n);

	for (size_t i = 0; i < n; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	return text;
}

bool
is_html(struct reading *r)
{
	static const char *const tags[] = { "<html", "<!doctype html", "<head",
		"<body", "<title", "<script", "<div", "<p>", "<h1", "<form" };

	return has_word(beginning(r), tags, COUNT(tags));
}

/* What stands in the first <name ...> of the text, tags taken out; or NULL. */
static const char *
heading(struct reading *r, const char *text, const char *open)
{
	const char *p = str_find_ci(text, open);
	char *to, *q;

	if (p == NULL || (p = strchr(p, '>')) == NULL)
		return NULL;
	to = q = arena_alloc(r->arena, HEADING_BYTES + 1);
	for (p++; *p != '\0' && q < to + HEADING_BYTES; p++) {
		if (*p != '<') {
			*q++ = *p;
			continue;
		}
		if (p[1] == '/' && strncasecmp(p + 2, open + 1, 2) == 0)
			break;
		*q++ = ' ';
		p += strcspn(p, ">");
		if (*p == '\0')
			break;
	}
	*q = '\0';
	return str_fold_space(r->arena, to);
}

/* "404" as a number of its own. */
static bool
has_404(const char *text)
{
	const char *p = text == NULL ? NULL : strstr(text, "404");

	return p != NULL &&
	       (p == text || strchr("0123456789", p[-1]) == NULL) &&
	       (p[3] == '\0' || strchr("0123456789", p[3]) == NULL);
}

bool
says_not_found(const char *text)
{
	return has_404(text) || has_word(text, not_there, COUNT(not_there));
}

/*
 * A form to log in stands on many an honest list: there it takes two of a
 * password, a heading and an address; where data belongs one is enough.
 */
static bool
is_log_in(struct reading *r, const char *text, const char *title,
    const char *first, bool may_be_list)
{
	static const char *const fields[] = { "type=\"password\"",
		"type='password'", "type=password" };
	int n = has_word(text, fields, COUNT(fields));

	n += has_word(title, log_ins, COUNT(log_ins)) ||
	     has_word(first, log_ins, COUNT(log_ins));
	n += has_word(r->page->url, log_ins, COUNT(log_ins));
	return n >= (may_be_list ? 2 : 1);
}

enum extract_result
wall_look(struct reading *r, bool may_be_list, const char **what)
{
	const char *text = beginning(r);
	const char *title = heading(r, text, "<title");
	const char *first = heading(r, text, "<h1");

	if ((*what = sign_of(text, walls, COUNT(walls))) != NULL)
		return EXTRACT_WALL;
	if ((*what = sign_of(text, parkings, COUNT(parkings))) != NULL)
		return EXTRACT_PARKED;
	if (says_not_found(title) || says_not_found(first)) {
		*what = arena_printf(r->arena, "it says '%s'",
		    str_safe(r->arena, says_not_found(title) ? title : first,
			HEADING_BYTES));
		return EXTRACT_NOT_FOUND;
	}
	if (is_log_in(r, text, title, first, may_be_list)) {
		*what = "log-in";
		return EXTRACT_LOGIN;
	}
	*what = "";
	return EXTRACT_OK;
}
