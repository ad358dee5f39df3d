/* JSON-LD and microdata in pages: a list of them, and one. */
#include "fuzz_page.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct extractor *x;

	if (x == NULL)
		x = fuzz_extractor(
		    "source: f\nurl: https://x.example/\nformat: jobposting\n"
		    "detail:\n  url: \"{job.url}\"\n  format: jobposting\n"
		    "  fields: { benefits: { path: li, as: list } }\n");
	fuzz_page(x, REQUEST_LIST, data, n);
	fuzz_page(x, REQUEST_DETAIL, data, n);
	return 0;
}
