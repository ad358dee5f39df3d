/*
 * Whose mails a source reads, and what a mail may lead to.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "msg/source.h"

/* Enough for one address taken apart. */
#define ARENA_BYTES (16L * LIMIT_URL_BYTES)

/* The domain itself, or one below it. */
static bool
is_below(const char *name, const char *domain)
{
	size_t n = strlen(name), m = strlen(domain);

	return n >= m && str_eq_ci(name + n - m, domain) &&
	       (n == m || name[n - m - 1] == '.');
}

bool
mails_are_from(const struct mails *mails, const char *address)
{
	const char *at = address == NULL ? NULL : strrchr(address, '@');

	if (mails->nfrom == 0)
		return true;
	for (size_t i = 0; at != NULL && i < mails->nfrom; i++) {
		const char *from = mails->from[i];

		if (from[0] == '@' ? is_below(at + 1, from + 1)
				   : str_eq_ci(address, from))
			return true;
	}
	return false;
}

bool
source_may_request(const struct source *source, const char *url)
{
	struct arena *arena;
	struct url parts;
	bool may = false;

	if (source->list.format != FORMAT_MAIL)
		return true;
	arena = arena_new(ARENA_BYTES);
	if (url_parse(arena, url, &parts, NULL) == 0)
		for (size_t i = 0; i < source->mails.nfollow; i++)
			may |= is_below(parts.host, source->mails.follow[i]);
	arena_free(arena);
	return may;
}
