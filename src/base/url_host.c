/*
 * The host of a URL, as the WHATWG standard's host parser reads it. Names
 * in other scripts are mapped by the rules of UTS 46 that matter in links:
 * lower case, full width forms, other full stops, characters that are left
 * out. What would need Unicode's normal forms is refused.
 */
#include "base/base_int.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"

/* RFC 1035 section 2.3.4: a name in its text form, and one label of it. */
#define NAME_BYTES  253
#define LABEL_BYTES 63

int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

/* The longest run of two or more zero groups; its length. */
static int
zero_run(const uint16_t group[8], int *start)
{
	int best = 1, length;

	*start = -1;
	for (int i = 0; i < 8; i += length + 1) {
		for (length = 0; i + length < 8 && group[i + length] == 0;)
			length++;
		if (length > best) {
			best = length;
			*start = i;
		}
	}
	return best;
}

/* "[...]" in the shortest form, all of it hexadecimal (RFC 5952, WHATWG). */
static char *
print_ipv6(struct arena *a, const struct in6_addr *address)
{
	char text[48] = "[";
	uint16_t group[8];
	int start, run;
	size_t n = 1;

	for (int i = 0; i < 8; i++)
		group[i] = (uint16_t)(address->s6_addr[2 * i] << 8 |
				      address->s6_addr[2 * i + 1]);
	run = zero_run(group, &start);
	for (int i = 0; i < 8; i++) {
		if (i == start) {
			n += str_copy(text + n, i == 0 ? "::" : ":", 3);
			i += run - 1;
			continue;
		}
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%x%s",
		    group[i], i < 7 ? ":" : "");
	}
	str_copy(text + n, "]", sizeof(text) - n);
	return arena_strdup(a, text);
}

static char *
host_ipv6(struct arena *a, const char *text, size_t n, struct err *e)
{
	char inner[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (n < 2 || text[n - 1] != ']' || n - 2 >= sizeof(inner))
		goto bad;
	memcpy(inner, text + 1, n - 2);
	inner[n - 2] = '\0';
	if (inet_pton(AF_INET6, inner, &address) == 1)
		return print_ipv6(a, &address);
bad:
	err_set(e, ERR_DATA, "URL has a broken IPv6 address as its host");
	return NULL;
}

/* One number of an IPv4 address: decimal, 0octal or 0xhex; -1 if it is none. */
static int64_t
ipv4_number(const char *s, size_t n)
{
	const int64_t most = INT64_C(1) << 40; /* more is as wrong as this */
	int64_t value = 0;
	int base = 10, digit;

	if (n == 0)
		return -1;
	if (n >= 2 && s[0] == '0' && (s[1] | 0x20) == 'x') {
		base = 16;
		s += 2;
		n -= 2;
	} else if (n >= 2 && s[0] == '0') {
		base = 8;
	}
	for (size_t i = 0; i < n; i++) {
		digit = hex_value(s[i]);
		if (digit < 0 || digit >= base)
			return -1;
		value = value * base + digit;
		if (value > most)
			value = most;
	}
	return value;
}

/* Where the last label of a name begins, a dot at the end set aside. */
static const char *
last_label(const char *name, size_t *n)
{
	const char *end = name + strlen(name), *p;

	if (end > name && end[-1] == '.')
		end--;
	for (p = end; p > name && p[-1] != '.';)
		p--;
	*n = (size_t)(end - p);
	return p;
}

/* WHATWG's "ends in a number": then the name must be an IPv4 address. */
static bool
ends_in_number(const char *name)
{
	size_t n;
	const char *label = last_label(name, &n);

	if (n == 0)
		return false;
	return strspn(label, "0123456789") >= n || ipv4_number(label, n) >= 0;
}

static char *
host_ipv4(struct arena *a, const char *name, struct err *e)
{
	int64_t parts[4], address = 0;
	const char *p = name;
	size_t count = 0;

	do {
		size_t n = strcspn(p, ".");
		if (count == 4)
			goto bad;
		parts[count] = ipv4_number(p, n);
		if (parts[count++] < 0)
			goto bad;
		p += n;
		p += *p == '.';
	} while (*p != '\0');
	for (size_t i = 0; i + 1 < count; i++) {
		if (parts[i] > 255)
			goto bad;
		address |= parts[i] << (24 - 8 * i);
	}
	if (parts[count - 1] >= INT64_C(1) << (8 * (5 - count)))
		goto bad;
	address |= parts[count - 1];
	return arena_printf(a, "%d.%d.%d.%d", (int)(address >> 24 & 255),
	    (int)(address >> 16 & 255), (int)(address >> 8 & 255),
	    (int)(address & 255));
bad:
	err_set(e, ERR_DATA, "URL has a broken IPv4 address as its host");
	return NULL;
}

static bool
is_left_out(uint32_t c)
{
	return c == 0xad || c == 0x34f || c == 0x200b || c == 0x2060 ||
	       c == 0x2064 || c == 0xfeff || (c >= 0x180b && c <= 0x180f) ||
	       (c >= 0xfe00 && c <= 0xfe0f);
}

static uint32_t
map_char(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0; /* full width */
	if (c == 0x3002 || c == 0xff61)
		return '.';
	if (c == 0x1e9e)
		return 0xdf;
	return utf8_lower(c);
}

/* Blocks of characters that UTS 46 maps to others or disallows. */
static const struct utf8_range refused[] = { { 0x80, 0xa8 }, { 0xaa, 0xaa },
	{ 0xaf, 0xaf }, { 0xb2, 0xb5 }, { 0xb8, 0xba }, { 0xbc, 0xbe },
	{ 0x2000, 0x200f }, { 0x2024, 0x202f }, { 0x205f, 0x209f },
	{ 0x2100, 0x214f }, { 0x2150, 0x2189 }, { 0x2460, 0x24ff },
	{ 0x2f00, 0x3000 }, { 0x3200, 0x33ff }, { 0xd800, 0xfa6d },
	{ 0xfb00, 0xfb06 }, { 0xfdd0, 0xfdef }, { 0xfe00, 0xfe6f },
	{ 0xff00, 0xffff }, { 0x1d400, 0x1d7ff }, { 0x1f100, 0x1f2ff },
	{ 0x2f800, 0x2fa1f }, { 0xe0000, 0x10ffff } };

/* Besides those, WHATWG's forbidden domain code points. */
static bool
is_allowed(uint32_t c)
{
	if (c < 0x80)
		return c > ' ' && strchr("#%/:<>?@[\\]^|\x7f", (int)c) == NULL;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (c >= refused[i].first && c <= refused[i].last)
			return false;
	return !utf8_is_space(c) && (c & 0xfffe) != 0xfffe;
}

/* An "xn--" label must decode to something that we would have encoded. */
static bool
is_good_xn(const char *label, size_t n)
{
	uint32_t chars[LABEL_BYTES];
	bool foreign = false;
	int count;

	count = punycode_decode(label + 4, n - 4, chars, LABEL_BYTES);
	for (int i = 0; i < count; i++) {
		if (!is_allowed(chars[i]) || map_char(chars[i]) != chars[i])
			return false;
		foreign = foreign || chars[i] >= 0x80;
	}
	return foreign;
}

/* Write one label of n characters to to as it is looked up; 0 or -1. */
static int
put_label(struct buf *to, const uint32_t *chars, size_t n)
{
	char text[LABEL_BYTES] = "xn--";
	bool foreign = false;
	int length = 0;

	for (size_t i = 0; i < n; i++)
		foreign = foreign || chars[i] >= 0x80;
	if (foreign) {
		length = punycode_encode(chars, n, text + 4, sizeof(text) - 4);
		return length < 0 ? -1 : buf_add(to, text, (size_t)length + 4);
	}
	if (n > LABEL_BYTES)
		return -1;
	for (size_t i = 0; i < n; i++)
		text[i] = (char)chars[i];
	if (n >= 4 && memcmp(text, "xn--", 4) == 0 && !is_good_xn(text, n))
		return -1;
	return buf_add(to, text, n);
}

/* Percent-decoded, mapped characters of a host; how many, or -1. */
static int
read_chars(const char *text, size_t n, uint32_t *to, struct err *e)
{
	char plain[4 * NAME_BYTES];
	const char *p = plain, *end;
	size_t size = 0;
	int count = 0;

	for (size_t i = 0; i < n && size < sizeof(plain); i++) {
		int high = -1, low = -1;
		if (text[i] == '%' && n - i > 2) {
			high = hex_value(text[i + 1]);
			low = hex_value(text[i + 2]);
		}
		if (high >= 0 && low >= 0)
			i += 2;
		plain[size++] =
		    high >= 0 && low >= 0 ? (char)(high << 4 | low) : text[i];
	}
	if (size == sizeof(plain) || !utf8_is_valid(plain, size))
		return err_set(e, ERR_DATA, "URL has a broken host");
	for (end = plain + size; p < end;) {
		uint32_t c = utf8_next(&p, end);
		if (is_left_out(c))
			continue;
		c = map_char(c);
		if (!is_allowed(c))
			return err_set(e, ERR_DATA,
			    "URL has a character in its host that may not be "
			    "there (U+%04X)",
			    (unsigned int)c);
		if (c >= 0x300 && c <= 0x36f && count > 0 &&
		    to[count - 1] < 0x80)
			return err_set(
			    e, ERR_DATA, "URL has a host with loose accents");
		to[count++] = c;
	}
	return count;
}

char *
host_parse(struct arena *a, const char *text, size_t n, struct err *e)
{
	uint32_t chars[4 * NAME_BYTES];
	struct buf name;
	char *host = NULL;
	int count, from = 0;

	buf_init(&name, NAME_BYTES + 1);
	if (n > 0 && text[0] == '[')
		return host_ipv6(a, text, n, e);
	count = read_chars(text, n, chars, e);
	if (count == -1)
		return NULL;
	if (count == 0) {
		err_set(e, ERR_DATA, "URL has no host");
		return NULL;
	}
	for (int i = 0; i <= count; i++) {
		if (i < count && chars[i] != '.')
			continue;
		/* Only the root, behind the last dot, has an empty name. */
		if (i == from && (i == 0 || i < count)) {
			err_set(
			    e, ERR_DATA, "URL has an empty part in its host");
			goto out;
		}
		if (put_label(&name, chars + from, (size_t)(i - from)) == -1 ||
		    (i < count && buf_char(&name, '.') == -1)) {
			err_set(e, ERR_DATA,
			    "URL has a host that is too long "
			    "or is no punycode");
			goto out;
		}
		from = i + 1;
	}
	if (ends_in_number(buf_cstr(&name)))
		host = host_ipv4(a, buf_cstr(&name), e);
	else
		host = arena_strdup(a, buf_cstr(&name));
out:
	buf_fini(&name);
	return host;
}
