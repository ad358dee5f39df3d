#include <stddef.h>
#include "base/str.h"
#include "msg/msg_int.h"
#include "msg/types.h"

static const char *const role_words[ROLE__MAX] = {
	[ROLE_HUB] = "hub",
	[ROLE_STORE] = "store",
	[ROLE_FETCH] = "fetch",
	[ROLE_EXTRACT] = "extract",
	[ROLE_NOTIFY] = "notify",
	[ROLE_CLUSTER] = "cluster",
	[ROLE_CMD] = "command",
};

struct route {
	const char *name;
	enum role from, to;
};

static const struct route routes[MSG__MAX] = {
	[MSG_NONE] = { "NONE", ROLE__MAX, ROLE__MAX },
#define X(name, from, to, says) \
	[MSG_##name] = { #name, ROLE_##from, ROLE_##to },
#include "msg/types.def"
#undef X
};

const char *
role_name(enum role role)
{
	return word_of(WORDS(role_words), role);
}

int
role_parse(const char *name)
{
	uint32_t role = word_find(WORDS(role_words), name, ROLE__MAX);

	return role == ROLE__MAX ? -1 : (int)role;
}

const char *
msg_name(enum msg_type type)
{
	return type < MSG__MAX ? routes[type].name : "?";
}

bool
msg_may_come_from(enum msg_type type, enum role from)
{
	enum role speaker;

	if (type <= MSG_NONE || type >= MSG__MAX || from >= ROLE__MAX)
		return false;
	speaker = routes[type].from;
	if (from == ROLE_HUB)
		return speaker == ROLE_HUB;
	/* A command in the foreground stands where hub does. */
	if (from == ROLE_CMD)
		return speaker == ROLE_CMD || speaker == ROLE_HUB;
	return speaker == ROLE_ANY || speaker == from;
}

enum role
msg_goes_to(enum msg_type type)
{
	return type < MSG__MAX ? routes[type].to : ROLE__MAX;
}

const char *
word_of(const char *const *words, size_t n, uint32_t value)
{
	return value < n ? words[value] : "?";
}

uint32_t
word_find(
    const char *const *words, size_t n, const char *word, uint32_t fallback)
{
	if (word == NULL)
		return fallback;
	for (uint32_t i = 0; i < n; i++) {
		if (words[i] != NULL && str_eq(words[i], word))
			return i;
	}
	return fallback;
}
