/*
 * CPU time that something may take, asked often: the monotonic clock, which
 * costs a tenth, tells when it is worth asking for CPU.
 */
#ifndef EXTRACT_WATCH_H
#define EXTRACT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch {
	int64_t begin_us, end_us;  /* of the process's CPU time */
	int64_t begin_ns, look_ns; /* monotonic: not over before */
};

void watch_begin(struct watch *, int64_t budget_us);
bool watch_is_over(struct watch *);
/* CPU since the beginning; what took below a millisecond counts as it was. */
int64_t watch_used_us(const struct watch *);

#endif
