/* Dates: found ones lie in the years that postings can have. */
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const int64_t day = INT64_C(86400000);
	char *text = fuzz_text(data, n);
	struct instant at;

	for (int order = DAY_ORDER_NONE; order <= DAY_ORDER_MDY; order++)
		if (value_date(text, INT64_C(1786703400000), order * 3600,
			(enum day_order)order, &at))
			assert(at.present && at.ms > -26000 * day &&
			       at.ms < 90000 * day &&
			       (!at.date_only || at.ms % day == 0));
	free(text);
	return 0;
}
