#include "extract/watch.h"

#include <time.h>

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t
cpu_us(void)
{
	return clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1000;
}

void
watch_begin(struct watch *w, int64_t budget_us)
{
	w->begin_us = cpu_us();
	w->end_us = w->begin_us + budget_us;
	w->begin_ns = clock_ns(CLOCK_MONOTONIC);
	w->look_ns = w->begin_ns + budget_us * 1000;
}

bool
watch_is_over(struct watch *w)
{
	int64_t now_ns = clock_ns(CLOCK_MONOTONIC), left_us;

	if (now_ns < w->look_ns)
		return false;
	left_us = w->end_us - cpu_us();
	w->look_ns = now_ns + left_us * 1000;
	return left_us <= 0;
}

int64_t
watch_used_us(const struct watch *w)
{
	int64_t us = (clock_ns(CLOCK_MONOTONIC) - w->begin_ns) / 1000;

	return us < 1000 ? us : cpu_us() - w->begin_us;
}
