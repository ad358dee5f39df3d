#include "extract/extract_int.h"
#include "reading.h"

static struct arena *arena;

static const char *
mended(const char *text)
{
	arena_free(arena);
	arena = arena_new(1 << 20);
	return text_mend(arena, text);
}

static void
taken_for_windows(void)
{
	CHECK_STR(mended("M\u00c3\u00bcnchen \u00c3\u0153ber"),
	    "M\u00fcnchen \u00dcber");
	CHECK_STR(
	    mended("we\u00e2\u20ac\u2122re \u00e2\u20ac\u0153hiring\u00e2\u20ac"
		   "\xc2\x9d"),
	    "we\u2019re \u201chiring\u201d");
	/* Taken for Latin-1: the controls are still there. */
	CHECK_STR(mended("we\u00e2\xc2\x80\xc2\x99re"), "we\u2019re");
	CHECK_STR(mended("\u00c2\u00a0\u00c2\u00a350"), "\u00a0\u00a350");
	CHECK_STR(mended("\u00f0\u0178\u0161\u20ac"), "\U0001f680");
	CHECK_STR(mended("\u00c5\xc2\x81\u00c3\u00b3d\u00c5\u00ba"),
	    "\u0141\u00f3d\u017a");
	/* One that is certain makes the others so. */
	CHECK_STR(mended("d\u00c3\u00a9j\u00c3\u00a0 vu"), "d\u00e9j\u00e0 vu");
}

/* Texts that only look like it stay as they are. */
static void
as_written(void)
{
	static const char *const texts[] = { "", "plain",
		"\u00dcber M\u00fcller", "\u00ab CAF\u00c9\u00bb",
		"\u201eSpa\u00df\u201c", "VILLA \u00c5\u00a0", "S\u00c3\u201cO",
		"IRM\u00c3\u2019", "\u00e2ge", "gar\u00e7on \u00e2\u201d",
		"\u00c3", "\u00e2\u20ac", "\u00c2", "\u00f0\u0178\u0161",
		"3\u00c2", "\u00c4\u201c" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK(mended(texts[i]) == texts[i]);
}

static void
lost_letters(void)
{
	CHECK(text_has_lost_letters(
	    "V dob? nejistoty a zm?n je d?le\u017eit\u00e9 pracovat pro firmu, "
	    "kterou n?co nepohne, p?esn? v\u00fdznamn?j\u0161\u00ed "
	    "sout?\u017e."));
	CHECK(
	    !text_has_lost_letters("Why us? Because! What?who?no?yes?maybe?"));
	CHECK(!text_has_lost_letters(
	    "see https://x.example/?a=1&b=c?d?e?f?g?h?i and /j?a?b?c?d?e"));
	CHECK(!text_has_lost_letters("????? ? a? b? c? d? e? f?"));
	CHECK(!text_has_lost_letters(""));
}

/* Where texts come into a posting they are mended. */
static void
in_postings(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: j\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "fields: { external_id: $.id, title: $.t,\n"
	    "  description: { path: $.d, as: html } }\n",
	    "[{\"id\":1,\"t\":\"Caf\\u00c3\\u00a9\",\"d\":\"<p>it\\u00e2"
	    "\\u0080\\u0099s</p>\"}]");
	CHECK_STR(r.postings[0].title, "Caf\u00e9");
	CHECK_STR(r.postings[0].description, "it\u2019s");
	read_page(&r,
	    "[{\"id\":1,\"t\":\"A\",\"d\":\"<p>zm?na p?ed d?le?it?mi lid?mi "
	    "s?ly</p>\"}]");
	CHECK_INT(r.postings[0].nwarnings, 1);
	read_done(&r);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(taken_for_windows), TEST(as_written), TEST(lost_letters),
    TEST(in_postings))
