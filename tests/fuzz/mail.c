/*
 * Mails: as they are taken apart, as pages of HTML and of text, and as
 * answers to our own.
 */
#include "base/json.h"
#include "extract/mime.h"
#include "fuzz_page.h"

#define SOURCE_HEAD                               \
	"source: f\nformat: mail\nurl: mbox:/m\n" \
	"mail: { from: [ \"@board.example\" ]"
#define HTML_SOURCE \
	SOURCE_HEAD "}\njobs: tr\nfields:\n  title: a\n  url: a@href\n"
#define TEXT_SOURCE                                                 \
	SOURCE_HEAD ", part: text }\n"                              \
		    "jobs: '/^(?<title>.+)\\n(?<url>https:.+)$/'\n" \
		    "fields:\n  title: $title\n  url: $url\n"
#define FIELDS                             \
	"  posted_date: \"{mail.date}\"\n" \
	"  search: { re: \"(.*) jobs\", from: mail.subject }\n"

/* Parts link both ways, and give what they hold. */
static void
parts_check(struct arena *arena, const char *text, size_t n)
{
	const struct mime_part *part;
	struct mime mime;

	mime_parse(arena, text, n, &mime);
	for (part = &mime.top; part; part = mime_after(part, &mime.top)) {
		const char *decoded, *header;
		size_t got = 0;

		assert(part->head + part->nhead <= part->raw);
		assert(part->first == NULL || part->first->parent == part);
		assert(
		    part->next == NULL || part->next->parent == part->parent);
		assert(part->type != NULL);
		decoded = mime_content(arena, part, &got);
		assert(decoded == NULL ||
		       (got <= part->nraw && decoded[got] == '\0'));
		decoded = mime_text(arena, part, &got);
		assert(decoded == NULL ||
		       (strlen(decoded) == got && utf8_is_valid(decoded, got)));
		header = mime_header(arena, part, "Subject");
		assert(header == NULL || utf8_is_valid(header, strlen(header)));
	}
}

static void
answer_check(const char *text)
{
	struct json *in = json_object(), *out;

	json_set(in, "message", json_string(text));
	out = extract_try("message", in);
	assert(out != NULL);
	json_free(out);
	json_free(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct extractor *html, *plain;
	static struct arena *arena;
	char *copy;

	if (arena == NULL) {
		arena = arena_new(256L * 1024 * 1024);
		html = fuzz_extractor(HTML_SOURCE FIELDS);
		plain = fuzz_extractor(TEXT_SOURCE FIELDS);
	}
	copy = fuzz_text(data, n);
	parts_check(arena, copy, n);
	answer_check(copy);
	arena_reset(arena);
	free(copy);
	fuzz_page(html, REQUEST_LIST, data, n);
	fuzz_page(plain, REQUEST_LIST, data, n);
	return 0;
}
