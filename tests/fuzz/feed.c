/* Feeds, and XML that is none. */
#include "fuzz_page.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct extractor *plain, *list;

	if (plain == NULL)
		plain = fuzz_extractor(
		    "source: f\nurl: https://x.example/\nformat: feed\n");
	if (list == NULL)
		list = fuzz_extractor(
		    "source: f\nurl: https://x.example/\nformat: feed\n"
		    "jobs: //item\n"
		    "fields: { external_id: guid, title: ./title, url: link,\n"
		    "  description: { path: description, as: escaped-html } "
		    "}\n");
	fuzz_page(plain, REQUEST_LIST, data, n);
	fuzz_page(list, REQUEST_LIST, data, n);
	return 0;
}
