/*
 * Names and numbers of everything that travels between processes.
 */
#ifndef MSG_TYPES_H
#define MSG_TYPES_H

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_HUB,
	ROLE_STORE,
	ROLE_FETCH,
	ROLE_EXTRACT,
	ROLE_NOTIFY,
	ROLE_CLUSTER,
	ROLE_CMD, /* a command in the foreground, in hub's place */
	ROLE__MAX,
	ROLE_ANY = ROLE__MAX
};

enum msg_type {
	MSG_NONE,
#define X(name, from, to, says) MSG_##name,
#include "msg/types.def"
#undef X
	MSG__MAX
};

const char *role_name(enum role); /* "hub", "store", ... */
int role_parse(const char *name); /* -1 if it is none */
const char *msg_name(enum msg_type);
/* True if a process of this role may say this. */
bool msg_may_come_from(enum msg_type, enum role from);
enum role msg_goes_to(enum msg_type);

#endif
