#include "extract/charset.h"

#include <iconv.h>
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include <stdint.h>
#include "base/utf8.h"

/* How far a page may be read for its own word on its charset. */
#define PRESCAN_BYTES 4096
#define NONE          ((iconv_t)-1)

/* The one charset that needs no converter, as it is everywhere. */
static const char latin[] = "WINDOWS-1252";

/* Converters by iconv's names; those of the web contain those of old. */
static struct {
	const char *name;
	iconv_t handle;
	bool opened;
} converters[] = {
	{ "WINDOWS-1250", NONE, false },
	{ "WINDOWS-1251", NONE, false },
	{ "WINDOWS-1253", NONE, false },
	{ "WINDOWS-1254", NONE, false },
	{ "WINDOWS-1255", NONE, false },
	{ "WINDOWS-1256", NONE, false },
	{ "WINDOWS-1257", NONE, false },
	{ "WINDOWS-1258", NONE, false },
	{ "ISO-8859-2", NONE, false },
	{ "ISO-8859-3", NONE, false },
	{ "ISO-8859-4", NONE, false },
	{ "ISO-8859-5", NONE, false },
	{ "ISO-8859-6", NONE, false },
	{ "ISO-8859-7", NONE, false },
	{ "ISO-8859-8", NONE, false },
	{ "ISO-8859-10", NONE, false },
	{ "ISO-8859-13", NONE, false },
	{ "ISO-8859-14", NONE, false },
	{ "ISO-8859-15", NONE, false },
	{ "ISO-8859-16", NONE, false },
	{ "KOI8-R", NONE, false },
	{ "KOI8-U", NONE, false },
	{ "IBM866", NONE, false },
	{ "MACINTOSH", NONE, false },
	{ "TIS-620", NONE, false },
	{ "CP932", NONE, false },
	{ "EUC-JP", NONE, false },
	{ "ISO-2022-JP", NONE, false },
	{ "GB18030", NONE, false },
	{ "BIG5-HKSCS", NONE, false },
	{ "UHC", NONE, false },
	{ "UTF-16LE", NONE, false },
	{ "UTF-16BE", NONE, false },
};
#define FIRST_MULTIBYTE 25 /* CP932 */
#define NCONVERTERS     (sizeof(converters) / sizeof(converters[0]))

/* Labels that are not the name of their converter (WHATWG, Encoding 4.2). */
static const struct {
	const char *label, *name;
} labels[] = {
	{ "ascii", latin },
	{ "us-ascii", latin },
	{ "iso-8859-1", latin },
	{ "iso8859-1", latin },
	{ "iso_8859-1", latin },
	{ "latin1", latin },
	{ "l1", latin },
	{ "cp1250", "WINDOWS-1250" },
	{ "cp1251", "WINDOWS-1251" },
	{ "cp1252", latin },
	{ "cp1253", "WINDOWS-1253" },
	{ "cp1254", "WINDOWS-1254" },
	{ "cp1257", "WINDOWS-1257" },
	{ "x-cp1250", "WINDOWS-1250" },
	{ "x-cp1251", "WINDOWS-1251" },
	{ "x-cp1252", latin },
	{ "latin2", "ISO-8859-2" },
	{ "iso8859-2", "ISO-8859-2" },
	{ "iso-8859-9", "WINDOWS-1254" },
	{ "iso8859-9", "WINDOWS-1254" },
	{ "latin5", "WINDOWS-1254" },
	{ "iso-8859-11", "TIS-620" },
	{ "windows-874", "TIS-620" },
	{ "iso8859-15", "ISO-8859-15" },
	{ "latin-9", "ISO-8859-15" },
	{ "koi8", "KOI8-R" },
	{ "cp866", "IBM866" },
	{ "x-mac-roman", "MACINTOSH" },
	{ "shift_jis", "CP932" },
	{ "shift-jis", "CP932" },
	{ "sjis", "CP932" },
	{ "x-sjis", "CP932" },
	{ "windows-31j", "CP932" },
	{ "ms_kanji", "CP932" },
	{ "x-euc-jp", "EUC-JP" },
	{ "gbk", "GB18030" },
	{ "gb2312", "GB18030" },
	{ "gb_2312-80", "GB18030" },
	{ "x-gbk", "GB18030" },
	{ "chinese", "GB18030" },
	{ "big5", "BIG5-HKSCS" },
	{ "big5-hkscs", "BIG5-HKSCS" },
	{ "x-x-big5", "BIG5-HKSCS" },
	{ "euc-kr", "UHC" },
	{ "ks_c_5601-1987", "UHC" },
	{ "ksc5601", "UHC" },
	{ "korean", "UHC" },
	{ "windows-949", "UHC" },
	{ "utf-16", "UTF-16LE" },
	{ "unicode", "UTF-16LE" },
};

static iconv_t
converter(size_t i)
{
	if (!converters[i].opened)
		converters[i].handle = iconv_open("UTF-8", converters[i].name);
	converters[i].opened = true;
	return converters[i].handle;
}

void
charset_warm_up(void)
{
	for (size_t i = 0; i < NCONVERTERS; i++) {
		/* Some tables are loaded at the first character only. */
		char in[] = "aa", out[16], *from = in, *to = out;
		size_t in_left = 2, out_left = sizeof(out);
		iconv_t handle = converter(i);

		if (handle == NONE)
			continue;
		iconv(handle, &from, &in_left, &to, &out_left);
		iconv(handle, NULL, NULL, NULL, NULL);
	}
}

static bool
label_is(const char *label, size_t n, const char *name)
{
	return strlen(name) == n && strncasecmp(label, name, n) == 0;
}

/*
 * The converter's name for a label; NULL for UTF-8 and for what nobody knows.
 * Text that is well-formed UTF-8 is none of the single-byte charsets,
 * whatever its label says, or is ASCII.
 */
static const char *
converter_name(const char *label, size_t n, bool is_utf8)
{
	const char *name = NULL;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (label_is(label, n, labels[i].label))
			name = labels[i].name;
	if (name == NULL && label_is(label, n, latin))
		name = latin;
	if (name == latin)
		return is_utf8 ? NULL : latin;
	for (size_t i = is_utf8 ? FIRST_MULTIBYTE : 0; i < NCONVERTERS; i++)
		if (name != NULL ? strcmp(name, converters[i].name) == 0
				 : label_is(label, n, converters[i].name))
			return converters[i].name;
	return NULL;
}

/* What stands behind "charset=" or "encoding=" in text; its length in *n. */
static const char *
label_in(const char *text, size_t len, const char *key, size_t *n)
{
	const char *end = text + len, *p = memmem(text, len, key, strlen(key));
	char quote = '\0';

	if (p == NULL)
		return NULL;
	p += strlen(key);
	while (p < end && (*p == ' ' || *p == '='))
		p++;
	if (p < end && (*p == '"' || *p == '\''))
		quote = *p++;
	*n = 0;
	while (p + *n < end && p[*n] != quote && p[*n] != '\0' &&
	       strchr(" ;,>?/\"'\r\n\t", p[*n]) == NULL)
		(*n)++;
	return *n > 0 ? p : NULL;
}

/* A meta element's charset, read only from within its tag. */
static const char *
label_of_meta(const char *text, size_t len, size_t *n)
{
	const char *end = text + len, *p = text, *close, *label;

	while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
		if (end - p < 8)
			break;
		if (strncasecmp(p, "<meta", 5) != 0) {
			p++;
			continue;
		}
		close = memchr(p, '>', (size_t)(end - p));
		if (close == NULL)
			close = end;
		label = label_in(p, (size_t)(close - p), "charset", n);
		if (label != NULL)
			return label;
		p = close;
	}
	return NULL;
}

static const char *
own_label(const char *text, size_t len, enum charset_hint hint, size_t *n)
{
	const char *close;

	if (len > PRESCAN_BYTES)
		len = PRESCAN_BYTES;
	if (hint == CHARSET_HTML) {
		const char *label = label_of_meta(text, len, n);

		/* It could be read as bytes, so it is not UTF-16. */
		return label != NULL && *n > 5 &&
			       strncasecmp(label, "utf-16", 6) == 0
			   ? NULL
			   : label;
	}
	if (hint == CHARSET_XML && len > 5 && memcmp(text, "<?xml", 5) == 0) {
		close = memchr(text, '>', len);
		return close == NULL ? NULL
				     : label_in(text, (size_t)(close - text),
					   "encoding", n);
	}
	return NULL;
}

/* Bytes 0x80 to 0x9f; what stands for nothing stands for itself. */
static const uint16_t points[32] = { 0x20ac, 0x81, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,
	0x017d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178 };

static const char *
convert_latin(struct arena *arena, const char *text, size_t *n)
{
	char *to = arena_alloc(arena, 3 * *n + 1), *out = to;

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < *n; i++) {
		uint8_t c = (uint8_t)text[i];

		if (c < 0x80)
			*out++ = (char)c;
		else
			out += utf8_put(out, c < 0xa0 ? points[c - 0x80] : c);
	}
	*n = (size_t)(out - to);
	return to;
}

/* Convert all; a byte that is nothing becomes U+FFFD. */
static const char *
convert(struct arena *arena, const char *name, const char *text, size_t *n)
{
	/* No charset of the table makes more of one byte. */
	size_t room = 3 * *n + 4, in_left = *n, out_left = room;
	char *to, *out, *in = (char *)(uintptr_t)text;
	iconv_t handle = NONE;

	if (name == latin)
		return convert_latin(arena, text, n);
	for (size_t i = 0; i < NCONVERTERS; i++)
		if (converters[i].name == name)
			handle = converter(i);
	if (handle == NONE)
		return text;
	to = out = arena_alloc(arena, room + 1);
	if (to == NULL)
		return NULL;
	iconv(handle, NULL, NULL, NULL, NULL);
	while (in_left > 0) {
		if (iconv(handle, &in, &in_left, &out, &out_left) != (size_t)-1)
			break;
		if (in_left == 0 || out_left < 4)
			break;
		out += utf8_put(out, 0xfffd);
		out_left = room - (size_t)(out - to);
		in++;
		in_left--;
	}
	*n = (size_t)(out - to);
	return to;
}

/* A control character of U+0080 to U+009F in the len bytes at p, or NULL. */
static const char *
find_control(const char *p, size_t len)
{
	const char *end = p + len;

	while (end - p > 1) {
		p = memchr(p, 0xc2, (size_t)(end - p - 1));
		if (p == NULL)
			return NULL;
		if ((uint8_t)p[1] < 0xa0)
			return p;
		p += 2;
	}
	return NULL;
}

/*
 * Nobody writes those controls: they are what is left of Windows' quotes and
 * dashes when its bytes were taken for Latin-1 on the way into UTF-8.
 */
static const char *
mend_controls(struct arena *arena, const char *text, size_t *n)
{
	const char *p = text, *end = text + *n, *next;
	char *to, *out;

	if (find_control(text, *n) == NULL)
		return text;
	to = out = arena_alloc(arena, *n + *n / 2 + 1);
	if (to == NULL)
		return NULL;
	while ((next = find_control(p, (size_t)(end - p))) != NULL) {
		memcpy(out, p, (size_t)(next - p));
		out += next - p;
		out += utf8_put(out, points[(uint8_t)next[1] - 0x80]);
		p = next + 2;
	}
	memcpy(out, p, (size_t)(end - p));
	out += end - p;
	*out = '\0';
	*n = (size_t)(out - to);
	return to;
}

static const char *
mend(struct arena *arena, const char *text, size_t *n)
{
	char *mended;

	if (utf8_is_valid(text, *n))
		return mend_controls(arena, text, n);
	mended = utf8_mend(arena, text, *n);
	if (mended == NULL)
		return NULL;
	*n = strlen(mended);
	return mend_controls(arena, mended, n);
}

const char *
charset_read(struct arena *arena, const char *text, size_t *n,
    const char *content_type, enum charset_hint hint)
{
	const char *label = NULL, *name = NULL;
	size_t len = 0;
	bool is_utf8;

	if (*n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		*n -= 3;
		return mend(arena, text, n);
	}
	if (*n >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 ||
			   memcmp(text, "\xfe\xff", 2) == 0)) {
		label = *text == '\xff' ? "utf-16le" : "utf-16be";
		text += 2;
		*n -= 2;
	} else if (content_type != NULL) {
		char *lower = str_lower(arena, content_type);

		label = label_in(lower, strlen(lower), "charset", &len);
	}
	if (label == NULL)
		label = own_label(text, *n, hint, &len);
	if (label != NULL && len == 0)
		len = strlen(label);
	is_utf8 = utf8_is_valid(text, *n);
	if (label != NULL)
		name = converter_name(label, len, is_utf8);
	if (name == NULL && !is_utf8 && hint != CHARSET_JSON &&
	    (label == NULL || strncasecmp(label, "utf", 3) != 0))
		name = latin;
	if (name != NULL)
		text = convert(arena, name, text, n);
	if (text == NULL)
		return NULL;
	return is_utf8 && name == NULL ? mend_controls(arena, text, n)
				       : mend(arena, text, n);
}
