/*
 * Landlock, as the jail and the path lock share it.
 */
#ifndef PROC_LOCK_INT_H
#define PROC_LOCK_INT_H

#include "proc/proc.h"

struct landlock {
	int fd;  /* of the rule set; -1: the kernel has no Landlock */
	int abi; /* 0: none */
	uint64_t fs;
};

/* A rule set that denies every path, and TCP connections if asked. */
int landlock_begin(struct landlock *, bool deny_connect, struct err *);
/* Put it in force, for good. */
int landlock_end(struct landlock *, struct err *);

#endif
