/*
 * Times of day and their zones.
 */
#include <string.h>
#include "extract/value_date.h"

#define HOUR_S 3600

/* Minutes east of UTC; names that RFC 822 and the boards use. */
static const struct {
	const char *name;
	int16_t minutes;
	bool us; /* winter's; summer comes by America's rule */
} zones[] = {
	{ "z", 0, false },
	{ "ut", 0, false },
	{ "utc", 0, false },
	{ "gmt", 0, false },
	{ "wet", 0, false },
	{ "west", 60, false },
	{ "bst", 60, false },
	{ "cet", 60, false },
	{ "met", 60, false },
	{ "mez", 60, false },
	{ "cest", 120, false },
	{ "mest", 120, false },
	{ "mesz", 120, false },
	{ "eet", 120, false },
	{ "sast", 120, false },
	{ "eest", 180, false },
	{ "msk", 180, false },
	{ "trt", 180, false },
	{ "gst", 240, false },
	{ "pkt", 300, false },
	{ "ist", 330, false },
	{ "wib", 420, false },
	{ "ict", 420, false },
	{ "hkt", 480, false },
	{ "sgt", 480, false },
	{ "pht", 480, false },
	{ "awst", 480, false },
	{ "jst", 540, false },
	{ "kst", 540, false },
	{ "acst", 570, false },
	{ "aest", 600, false },
	{ "acdt", 630, false },
	{ "aedt", 660, false },
	{ "nzst", 720, false },
	{ "nzdt", 780, false },
	{ "brt", -180, false },
	{ "art", -180, false },
	{ "nst", -210, false },
	{ "ndt", -150, false },
	{ "ast", -240, false },
	{ "adt", -180, false },
	{ "est", -300, false },
	{ "edt", -240, false },
	{ "cst", -360, false },
	{ "cdt", -300, false },
	{ "mst", -420, false },
	{ "mdt", -360, false },
	{ "pst", -480, false },
	{ "pdt", -420, false },
	{ "akst", -540, false },
	{ "akdt", -480, false },
	{ "hst", -600, false },
	{ "et", -300, true },
	{ "ct", -360, true },
	{ "mt", -420, true },
	{ "pt", -480, true },
};

/* "+02:00", "-0500", "+1": the sign is at t. */
static enum date_reading
offset_read(const struct date_token *t, struct date_time *to, size_t *n)
{
	int64_t hours, minutes = 0;

	if (t[1].kind != DATE_NUMBER || !t[1].glued || t[1].digits > 4)
		return DATE_NOTHING;
	*n = 2;
	hours = t[1].number;
	if (t[1].digits > 2) {
		minutes = hours % 100;
		hours /= 100;
	} else if (date_is_sign(&t[2], ':') && t[2].glued) {
		if (t[3].kind != DATE_NUMBER || t[3].digits != 2 || !t[3].glued)
			return DATE_REFUSED;
		minutes = t[3].number;
		*n = 4;
	}
	if (hours > 15 || minutes > 59)
		return DATE_REFUSED;
	to->has_offset = true;
	to->offset_s = (int32_t)(hours * HOUR_S + minutes * 60);
	if (t->sign == '-')
		to->offset_s = -to->offset_s;
	return DATE_FOUND;
}

static bool
zone_name(const struct date_token *t, struct date_time *to)
{
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (date_is(t, zones[i].name)) {
			to->has_offset = true;
			to->offset_s = zones[i].minutes * 60;
			to->us_zone = zones[i].us;
			return true;
		}
	return false;
}

enum date_reading
date_zone_read(const struct date_token *t, struct date_time *to, size_t *n)
{
	size_t skipped = 0;
	enum date_reading reading;

	*n = 0;
	if (date_is_sign(t, '+') || date_is_sign(t, '-'))
		return offset_read(t, to, n);
	if (date_is_sign(t, '('))
		skipped = 1;
	if (date_is(&t[skipped], "etc") && date_is_sign(&t[skipped + 1], '/'))
		skipped += 2;
	t += skipped;
	if (t->kind != DATE_WORD || !zone_name(t, to))
		return DATE_NOTHING;
	*n = skipped + 1;
	if ((date_is(t, "gmt") || date_is(t, "utc")) &&
	    (date_is_sign(&t[1], '+') || date_is_sign(&t[1], '-')) &&
	    t[1].glued) {
		reading = offset_read(&t[1], to, n);
		*n += skipped + 1;
		return reading == DATE_REFUSED ? DATE_REFUSED : DATE_FOUND;
	}
	return DATE_FOUND;
}

/* Milliseconds of the fraction ".978" or ",5" at t; *n tokens. */
static int64_t
fraction_read(const struct date_token *t, size_t *n)
{
	int64_t ms = 0, unit = 100;

	*n = 0;
	if ((!date_is_sign(t, '.') && !date_is_sign(t, ',')) || !t->glued ||
	    t[1].kind != DATE_NUMBER || !t[1].glued)
		return 0;
	*n = 2;
	for (size_t i = 0; i < t[1].n && unit > 0; i++, unit /= 10)
		ms += (t[1].text[i] - '0') * unit;
	return ms;
}

/* "pm", "p.m."; -1 no such word, 0 morning, 1 afternoon. */
static int
half_read(const struct date_token *t, size_t *n)
{
	int half = date_lookup(t, "am=0 pm=1");

	*n = half >= 0 ? 1 : 0;
	if (half >= 0 || (!date_is(t, "a") && !date_is(t, "p")) ||
	    !date_is_sign(&t[1], '.') || !date_is(&t[2], "m"))
		return half;
	*n = date_is_sign(&t[3], '.') ? 4 : 3;
	return date_is(t, "p");
}

struct clock_parts {
	int64_t hour, minute, second, ms;
	bool has_colon, has_seconds;
};

/* "10:14:55.978" at t. */
static enum date_reading
colons_read(const struct date_token *t, struct clock_parts *to, size_t *n)
{
	size_t more;

	if (t[2].kind != DATE_NUMBER || t[2].digits > 2 || !t[2].glued)
		return DATE_NOTHING;
	*n = 3;
	to->has_colon = true;
	to->minute = t[2].number;
	if (!date_is_sign(&t[3], ':') || !t[3].glued)
		return t[2].digits == 2 ? DATE_FOUND : DATE_REFUSED;
	if (t[4].kind != DATE_NUMBER || t[4].digits > 2 || !t[4].glued)
		return DATE_REFUSED;
	to->has_seconds = true;
	to->second = t[4].number;
	*n = 5;
	if (date_is_sign(&t[5], ':'))
		return DATE_REFUSED;
	to->ms = fraction_read(&t[5], &more);
	*n += more;
	return DATE_FOUND;
}

/* "103000", "1030" or "10" behind the T of ISO 8601. */
static enum date_reading
basic_read(const struct date_token *t, struct clock_parts *to, size_t *n)
{
	size_t more;

	if (t->digits != 2 && t->digits != 4 && t->digits != 6)
		return DATE_REFUSED;
	to->hour = t->number;
	if (t->digits == 6) {
		to->second = to->hour % 100;
		to->hour /= 100;
		to->has_seconds = true;
	}
	if (t->digits >= 4) {
		to->minute = to->hour % 100;
		to->hour /= 100;
	}
	*n = 1;
	to->ms = fraction_read(&t[1], &more);
	*n += more;
	return DATE_FOUND;
}

/* "14h05", "14 Uhr", "3 pm": an hour that only a word behind it shows. */
static enum date_reading
hour_read(const struct date_token *t, struct clock_parts *to, size_t *n)
{
	size_t more;

	*n = 1;
	if (date_is(&t[1], "h") && t[1].glued) {
		*n = 2;
		if (t[2].kind == DATE_NUMBER && t[2].glued &&
		    t[2].digits == 2) {
			to->minute = t[2].number;
			*n = 3;
		}
		return DATE_FOUND;
	}
	if (date_is(&t[1], "uhr") || half_read(&t[1], &more) >= 0)
		return DATE_FOUND;
	return DATE_NOTHING;
}

static bool
clock_to_ms(const struct clock_parts *c, int half, int64_t *ms)
{
	int64_t hour = c->hour;

	if (half >= 0) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + 12 * half;
	}
	if (c->minute > 59 || hour > 24 ||
	    (hour == 24 && (c->minute | c->second | c->ms) != 0))
		return false;
	/* A leap second is told only at the end of a minute 59. */
	if (c->second > 60 || (c->second == 60 && c->minute != 59))
		return false;
	*ms = ((hour * 60 + c->minute) * 60 + c->second) * 1000 + c->ms;
	return true;
}

/* Tokens between a day and its time: "at", ", um", "T". */
static size_t
joint_length(const struct date_token *t, bool *is_iso)
{
	size_t n = 0;

	*is_iso = t->glued && date_is(t, "t");
	if (*is_iso)
		return 1;
	while (n < 4 &&
	       (date_is_sign(&t[n], ',') || date_is_sign(&t[n], '-') ||
		   date_is_sign(&t[n], '|') || date_is_sign(&t[n], '(') ||
		   date_lookup(&t[n], "at=1 um=1 a=1 as=1 las=1 om=1 kl=1 o=1 "
				      "alle=1 ore=1") > 0))
		n++;
	return n;
}

enum date_reading
date_time_read(const struct date_token *t, struct date_time *to, size_t *n)
{
	struct clock_parts c = { 0 };
	bool is_iso;
	size_t at = joint_length(t, &is_iso), more = 0;
	enum date_reading reading;
	int half;

	*n = 0;
	if (t[at].kind != DATE_NUMBER || (is_iso && !t[at].glued))
		return is_iso ? DATE_REFUSED : DATE_NOTHING;
	c.hour = t[at].number;
	if (t[at].digits <= 2 && date_is_sign(&t[at + 1], ':') &&
	    t[at + 1].glued)
		reading = colons_read(&t[at], &c, &more);
	else if (is_iso)
		reading = basic_read(&t[at], &c, &more);
	else if (t[at].digits <= 2)
		reading = hour_read(&t[at], &c, &more);
	else
		return DATE_NOTHING;
	if (reading != DATE_FOUND)
		return is_iso ? DATE_REFUSED : reading;
	at += more;
	half = half_read(&t[at], &more);
	if (half < 0 && date_is(&t[at], "uhr"))
		more = 1;
	at += more;
	if (!clock_to_ms(&c, half, &to->ms))
		return DATE_REFUSED;
	*n = at;
	/* "10:00-12:00" is a span of time, not an offset. */
	if (!is_iso && !c.has_seconds && date_is_sign(&t[at], '-') &&
	    t[at].glued)
		return DATE_FOUND;
	reading = date_zone_read(&t[at], to, &more);
	*n += more;
	return reading == DATE_REFUSED ? DATE_REFUSED : DATE_FOUND;
}
