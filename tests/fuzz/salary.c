/* Salaries: ends are finite, in order, and have a currency of three. */
#include "fuzz_value.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = fuzz_text(data, n);
	struct pay pay;

	if (value_pay(text, n % 2 == 0 ? "CA" : NULL, &pay)) {
		assert(isfinite(pay.min) && isfinite(pay.max));
		assert(pay.min >= 0 && pay.max >= 0 && pay.max <= 1e12);
		assert(!pay.has_min || !pay.has_max || pay.min <= pay.max);
		assert(pay.has_min || pay.has_max);
		assert(pay.currency == NULL || strlen(pay.currency) == 3);
	}
	free(text);
	return 0;
}
