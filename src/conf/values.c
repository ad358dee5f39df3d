/*
 * The small grammars of careerd.yaml: addresses, times, currencies, relays.
 */
#include <ctype.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "conf/conf_int.h"

/* ISO 4217, the codes in use as of 2025 without funds and metals. */
static const char currencies[] =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB "
    "BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF "
    "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW "
    "KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED "
    "VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

bool
is_currency(const char *text)
{
	for (const char *p = currencies;; p += 4) {
		if (strncmp(p, text, 3) == 0)
			return text[0] != '\0' && text[3] == '\0';
		if (p[3] == '\0')
			return false;
	}
}

/* Labels of letters, digits and hyphens, parted by single dots. */
bool
is_domain(const char *text)
{
	size_t label = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '.') {
			if (label == 0 || p[-1] == '-')
				return false;
			label = 0;
		} else if (isalnum((unsigned char)*p) ||
			   (*p == '-' && label > 0)) {
			if (++label > 63)
				return false;
		} else {
			return false;
		}
	}
	return label > 0 && text[strlen(text) - 1] != '-';
}

/* RFC 5321 section 4.1.2 with a dot-string before the at sign. */
bool
is_email(const char *text)
{
	const char *at = strrchr(text, '@');

	if (at == NULL || at == text || at - text > 64 || strlen(text) > 254)
		return false;
	for (const char *p = text; p < at; p++) {
		if (*p == '.' && (p == text || p[1] == '.' || p + 1 == at))
			return false;
		if (!isalnum((unsigned char)*p) &&
		    strchr(".!#$%&'*+-/=?^_`{|}~", *p) == NULL)
			return false;
	}
	return is_domain(at + 1);
}

static bool
two_digits(const char *p, uint32_t limit, uint32_t *to)
{
	if (!isdigit((unsigned char)p[0]) || !isdigit((unsigned char)p[1]))
		return false;
	*to = (uint32_t)(p[0] - '0') * 10 + (uint32_t)(p[1] - '0');
	return *to < limit;
}

bool
parse_minute(const char *text, uint32_t *to)
{
	uint32_t hour, minute;

	if (strlen(text) != 5 || text[2] != ':' ||
	    !two_digits(text, 24, &hour) || !two_digits(text + 3, 60, &minute))
		return false;
	*to = hour * 60 + minute;
	return true;
}

bool
parse_date(const char *text, int *year, int *month, int *day)
{
	uint32_t century, rest, m, d;

	if (str_starts(text, "until "))
		text += strlen("until ");
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
	    !two_digits(text, 100, &century) ||
	    !two_digits(text + 2, 100, &rest) ||
	    !two_digits(text + 5, 100, &m) || !two_digits(text + 8, 100, &d))
		return false;
	*year = (int)(century * 100 + rest);
	*month = (int)m;
	*day = (int)d;
	return civil_is_date(*year, *month, *day);
}

bool
parse_mailbox(struct arena *arena, const char *text, const char **name,
    const char **address)
{
	const char *open = strrchr(text, '<');
	const char *inner;
	char *display;
	size_t n;

	if (str_has_control(text))
		return false;
	if (open == NULL) {
		*name = NULL;
		*address = text;
		return is_email(text);
	}
	n = strlen(open);
	if (n < 3 || open[n - 1] != '>')
		return false;
	inner = arena_strndup(arena, open + 1, n - 2);
	display = str_fold_space(
	    arena, arena_strndup(arena, text, (size_t)(open - text)));
	n = strlen(display);
	if (n >= 2 && display[0] == '"' && display[n - 1] == '"') {
		display[n - 1] = '\0';
		display++;
	}
	if (strpbrk(display, "<>\"") != NULL || !is_email(inner))
		return false;
	*name = display[0] == '\0' ? NULL : display;
	*address = inner;
	return true;
}

const char *
smtp_host(struct arena *arena, const char *url)
{
	const char *host, *end, *port;
	int64_t number;

	if (str_starts(url, "smtp://"))
		host = url + strlen("smtp://");
	else if (str_starts(url, "smtps://"))
		host = url + strlen("smtps://");
	else
		return NULL;
	if (*host == '[') {
		end = strchr(host, ']');
		if (end == NULL ||
		    strspn(host + 1, "0123456789abcdefABCDEF:.") !=
			(size_t)(end - host - 1))
			return NULL;
		end++;
	} else {
		end = host + strcspn(host, ":/");
		if (!is_domain(
			arena_strndup(arena, host, (size_t)(end - host))))
			return NULL;
	}
	port = arena_strdup(arena, end);
	if (str_ends(port, "/"))
		port = arena_strndup(arena, port, strlen(port) - 1);
	if (*port != '\0' &&
	    (*port != ':' || str_to_i64(port + 1, 1, 65535, &number) == -1))
		return NULL;
	return arena_strndup(arena, host, (size_t)(end - host));
}

bool
is_loopback_host(const char *host)
{
	return str_eq_ci(host, "localhost") || str_eq(host, "[::1]") ||
	       (str_starts(host, "127.") &&
		   strspn(host, "0123456789.") == strlen(host));
}

bool
has_password(const char *url)
{
	const char *host = strstr(url, "://");
	const char *at, *colon;

	if (host == NULL)
		return strstr(url, "password=") != NULL;
	host += 3;
	if (strstr(host, "password=") != NULL)
		return true;
	at = memchr(host, '@', strcspn(host, "/?"));
	colon = memchr(host, ':', strcspn(host, "/?"));
	return at != NULL && colon != NULL && colon < at;
}
