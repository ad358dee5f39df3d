/*
 * Amounts of money: numbers with the separators of both habits, scales and
 * currencies.
 */
#include <string.h>
#include "base/str.h"
#include "extract/value_pay.h"

/* More decimals than that say nothing of money. */
#define FRACTION_MAX 6

/* ISO 4217, but for those that are English words in capitals (ALL, TOP). */
static const char codes[][4] = { "AED", "AFN", "AMD", "AOA", "ARS", "AUD",
	"AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD", "BND",
	"BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF",
	"CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP",
	"DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS",
	"GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR",
	"ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS",
	"KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR",
	"LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP",
	"MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO",
	"NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
	"PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG",
	"SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
	"SZL", "THB", "TJS", "TMT", "TND", "TRY", "TTD", "TWD", "TZS", "UAH",
	"UGX", "USD", "UYU", "UZS", "VES", "VND", "VUV", "WST", "XAF", "XOF",
	"XPF", "YER", "ZAR", "ZMW" };
#define NCODES (sizeof(codes) / sizeof(codes[0]))

/* Codes that are believed in small letters, too. */
static const char small_codes[] =
    "aud aed brl cad chf cny czk dkk eur gbp hkd huf idr ils inr jpy krw mxn "
    "myr nok nzd php pkr pln ron rub sar sek sgd thb twd uah usd vnd zar";

/* Signs and names; a prefix glued to '$' is a name of its own. */
static const char currencies[] =
    "\xe2\x82\xac=EUR euro=EUR euros=EUR \xc2\xa3=GBP pound=GBP pounds=GBP "
    "sterling=GBP \xe2\x82\xb9=INR rs=INR rupee=INR rupees=INR "
    "\xe2\x82\xb1=PHP \xe5\x86\x86=JPY yen=JPY \xe5\x85\x83=CNY rmb=CNY "
    "yuan=CNY \xe2\x82\xa9=KRW \xec\x9b\x90=KRW won=KRW \xe2\x82\xaa=ILS "
    "nis=ILS \xe2\x82\xab=VND \xe2\x82\xb4=UAH \xe2\x82\xa6=NGN naira=NGN "
    "\xe2\x82\xba=TRY tl=TRY \xe2\x82\xbd=RUB \xe2\x82\xb8=KZT "
    "\xe0\xb8\xbf=THB baht=THB \xe2\x82\xa1=CRC \xe2\x82\xb2=PYG "
    "\xe2\x82\xb5=GHS \xe2\x82\xbc=AZN \xe2\x82\xbe=GEL \xe2\x82\xae=MNT "
    "\xe2\x82\xad=LAK \xe0\xa7\xb3=BDT kc=CZK koruna=CZK korun=CZK zl=PLN "
    "zloty=PLN zlotych=PLN ft=HUF forint=HUF lei=RON leu=RON fr=CHF sfr=CHF "
    "franken=CHF rm=MYR rp=IDR dirham=AED dirhams=AED dhs=AED riyal=SAR "
    "reais=BRL rand=ZAR ksh=KES shekel=ILS shekels=ILS hryvnia=UAH "
    "\xd0\xb3\xd1\x80\xd0\xbd=UAH \xd1\x80\xd1\x83\xd0\xb1=RUB "
    "\xd0\xbb\xd0\xb2=BGN ";
static const char dollar_prefixes[] =
    "us=USD a=AUD au=AUD aud=AUD c=CAD ca=CAD can=CAD cad=CAD nz=NZD hk=HKD "
    "s=SGD sg=SGD nt=TWD r=BRL mx=MXN mex=MXN ar=ARS cl=CLP co=COP col=COP "
    "usd=USD nzd=NZD hkd=HKD sgd=SGD mxn=MXN j=JMD tt=TTD bz=BZD n=NAD ";

/* By country, what a sign means that many use. */
static const char dollars[] =
    "US=USD CA=CAD AU=AUD NZ=NZD SG=SGD HK=HKD TW=TWD MX=MXN CL=CLP CO=COP "
    "AR=ARS UY=UYU JM=JMD TT=TTD BZ=BZD BS=BSD BB=BBD FJ=FJD NA=NAD BN=BND "
    "GY=GYD LR=LRD SR=SRD ";
static const char crowns[] = "SE=SEK NO=NOK DK=DKK IS=ISK CZ=CZK ";
static const char pesos[] =
    "MX=MXN CL=CLP CO=COP AR=ARS UY=UYU PH=PHP DO=DOP CU=CUP ";
static const char yens[] = "JP=JPY CN=CNY ";

bool
pay_is(const struct pay_token *t, const char *word)
{
	return t->kind == PAY_WORD && strncmp(t->text, word, t->n) == 0 &&
	       word[t->n] == '\0';
}

bool
pay_is_sign(const struct pay_token *t, char sign)
{
	return t->kind == PAY_SIGN && t->n == 1 && *t->text == sign;
}

bool
pay_is_any(const struct pay_token *t, const char *list)
{
	if (t->kind != PAY_WORD)
		return false;
	while (*list != '\0') {
		size_t n = strcspn(list, " ");
		if (n == t->n && memcmp(list, t->text, n) == 0)
			return true;
		list += n;
		list += strspn(list, " ");
	}
	return false;
}

size_t
pay_phrase(const struct pay_token *t, const char *phrase)
{
	size_t n = 0;

	while (*phrase != '\0') {
		size_t length = strcspn(phrase, " ");
		if (t[n].kind != PAY_WORD || t[n].n != length ||
		    memcmp(t[n].text, phrase, length) != 0)
			return 0;
		n++;
		phrase += length;
		phrase += strspn(phrase, " ");
		/* "sign-on" is "sign on" here. */
		if (*phrase != '\0' && pay_is_sign(&t[n], '-') && t[n].glued)
			n++;
	}
	return n;
}

size_t
pay_phrases(const struct pay_token *t, const char *const *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = pay_phrase(t, phrases[i]);
		if (n > 0)
			return n;
	}
	return 0;
}

static size_t
digits_length(const char *s)
{
	return strspn(s, "0123456789");
}

static double
digits_value(double value, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (s[i] - '0');
	return value;
}

/*
 * Does the separator at s group digits? Three digits follow, or two of the
 * Indian habit ("6,00,000"); *n is how many.
 */
static bool
is_group(const char *s, size_t before, char separator, size_t *n)
{
	*n = digits_length(s + 1);
	if (*s == '\0' || strchr(",.' ", *s) == NULL || before == 0 ||
	    before > 3 || (separator != '\0' && *s != separator))
		return false;
	if (*n == 3)
		return true;
	return *s == ',' && *n == 2 && before <= 2 && s[3] == ',' &&
	       (digits_length(s + 4) == 3 ||
		   (digits_length(s + 4) == 2 && s[6] == ','));
}

/* The number at s, which is moved behind it. */
static double
number_read(const char **s)
{
	const char *p = *s;
	size_t n = digits_length(p), before = n;
	bool is_zero = n == 1 && *p == '0';
	double value = digits_value(0, p, n), unit = 1;
	char separator = '\0';

	p += n;
	while (!is_zero && is_group(p, before, separator, &n)) {
		separator = *p;
		value = digits_value(value, p + 1, n);
		p += n + 1;
		before = n;
	}
	if ((*p == '.' || *p == ',') && *p != separator &&
	    (n = digits_length(p + 1)) > 0) {
		size_t used = n < FRACTION_MAX ? n : FRACTION_MAX;
		value = digits_value(value, p + 1, used);
		for (size_t i = 0; i < used; i++)
			unit *= 10;
		/* One division: 567.89 is what a reader of JSON makes of it. */
		value /= unit;
		p += n + 1;
	}
	/* "3.000,-" */
	if ((*p == ',' || *p == '.') && p[1] == '-')
		p += 2 + strspn(p + 2, "-");
	*s = p;
	return value;
}

static bool
is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Bytes of the character at s. */
static size_t
character_length(const char *s)
{
	size_t n = 1;

	while ((s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static const char *
token_read(const char *s, const bool *upper, struct pay_token *t)
{
	const char *start = s;

	t->text = s;
	if (*s >= '0' && *s <= '9') {
		t->kind = PAY_NUMBER;
		t->number = number_read(&s);
	} else if (is_letter(*s)) {
		t->kind = PAY_WORD;
		t->upper = true;
		while (is_letter(*s) || (*s == '\'' && is_letter(s[1])))
			t->upper &= upper[s++ - start] || s[-1] == '\'';
	} else if ((*s & 0x80) != 0) {
		/* Letters of other scripts: Cyrillic makes words. */
		t->kind = PAY_WORD;
		do
			s += character_length(s);
		while ((*t->text & 0xfe) == 0xd0 && (*s & 0xfe) == 0xd0);
	} else {
		t->kind = PAY_SIGN;
		s++;
		while (*start == '.' && *s == '.')
			s++;
	}
	t->n = (size_t)(s - start);
	return s;
}

/* Separators of the parts of a text. */
static bool
is_break(const struct pay_token *t)
{
	static const char *const breaks[] = { "|", ";", "\xe2\x80\xa2",
		"\xc2\xb7", "\xe2\x80\xa3", "\xe2\x97\x8f" };

	for (size_t i = 0; i < sizeof(breaks) / sizeof(breaks[0]); i++)
		if (t->n == strlen(breaks[i]) &&
		    memcmp(t->text, breaks[i], t->n) == 0)
			return true;
	return false;
}

size_t
pay_tokens_read(const char *folded, const bool *upper,
    struct pay_token tokens[PAY_TOKENS_MAX + PAY_LOOK_AHEAD])
{
	const char *s = folded;
	size_t n = 0;
	bool glued = false, breaks = true;

	while (n < PAY_TOKENS_MAX && *s != '\0') {
		struct pay_token *t = &tokens[n];
		if (*s == ' ') {
			glued = false;
			s++;
			continue;
		}
		s = token_read(s, upper + (s - folded), t);
		t->glued = glued;
		glued = true;
		if (is_break(t)) {
			memset(t, 0, sizeof(*t));
			glued = false;
			breaks = true;
			continue;
		}
		t->breaks = breaks;
		breaks = false;
		n++;
	}
	tokens[n].breaks = true;
	return n;
}

static const char *
code_find(const char *code)
{
	for (size_t i = 0; i < NCODES; i++)
		if (memcmp(codes[i], code, 3) == 0)
			return codes[i];
	return NULL;
}

/* The code that a list gives a name, or NULL. */
static const char *
list_code(const char *list, const char *name, size_t n)
{
	const char *code = table_value(list, ' ', name, n);

	return code != NULL ? code_find(code) : NULL;
}

static const char *
by_country(const char *list, const char *country, const char *other)
{
	const char *code = NULL;

	if (country != NULL && strlen(country) == 2)
		code = list_code(list, country, 2);
	return code != NULL ? code : code_find(other);
}

/* "USD", also "usd" where that is no word of a language. */
static const char *
word_code(const struct pay_token *t)
{
	char code[4] = "";

	if (t->kind != PAY_WORD || t->n != 3)
		return NULL;
	if (!t->upper && !pay_is_any(t, small_codes))
		return NULL;
	for (size_t i = 0; i < 3; i++)
		code[i] = (char)(t->text[i] & ~0x20);
	return code_find(code);
}

size_t
currency_read(const struct pay_token *t, const char *country, const char **code,
    bool *is_bare)
{
	*is_bare = false;
	if (t->kind == PAY_WORD && pay_is_sign(&t[1], '$') &&
	    (t[1].glued || (t->upper && t->n == 2))) {
		*code = list_code(dollar_prefixes, t->text, t->n);
		if (*code != NULL)
			return 2;
	}
	/* "R25 000" and "S/ 3,000". */
	if (pay_is(t, "r") && t->upper && t[1].kind == PAY_NUMBER &&
	    t[1].glued) {
		*code = code_find("ZAR");
		return 1;
	}
	if (pay_is(t, "s") && pay_is_sign(&t[1], '/') && t[1].glued &&
	    t[2].kind == PAY_NUMBER) {
		*code = code_find("PEN");
		return 2;
	}
	*code = word_code(t);
	if (*code != NULL)
		return 1;
	if (t->kind == PAY_WORD) {
		*code = list_code(currencies, t->text, t->n);
		if (*code != NULL)
			return pay_is(t, "rs") && pay_is_sign(&t[1], '.') ? 2
									  : 1;
	}
	*is_bare = true;
	if (pay_is_sign(t, '$') || pay_is_any(t, "dollar dollars bucks"))
		*code = by_country(dollars, country, "USD");
	else if (pay_is_any(t, "kr krone kroner kronor"))
		*code = by_country(crowns, country, "SEK");
	else if (pay_is_any(t, "peso pesos"))
		*code = by_country(pesos, country, "MXN");
	else if (pay_is_any(t, "\xc2\xa5 \xef\xbf\xa5"))
		*code = by_country(yens, country, "JPY");
	else
		return 0;
	return pay_is(t, "kr") && pay_is_sign(&t[1], '.') ? 2 : 1;
}

/* "k", "thousand", "M", "lakh": behind a number; tokens read, or 0. */
static size_t
scale_read(const struct pay_token *t, struct amount *to)
{
	const char *code;
	bool is_bare;

	if (t->kind != PAY_WORD)
		return 0;
	if (pay_is_any(t, "k tsd tis tys thousand mil \xe5\x8d\x83"))
		to->scale = 1e3;
	else if (pay_is(t, "t") &&
		 currency_read(&t[1], NULL, &code, &is_bare) > 0)
		to->scale = 1e3;
	else if ((pay_is(t, "m") && t->glued) ||
		 pay_is_any(t, "mio mln million millions mm"))
		to->scale = 1e6;
	else if ((pay_is(t, "b") && t->glued) ||
		 pay_is_any(t, "bn billion billions mrd"))
		to->scale = 1e9;
	else if (pay_is_any(t, "lakh lakhs lac lacs lpa") ||
		 (pay_is(t, "l") && t->glued))
		to->scale = 1e5;
	else if (pay_is_any(t, "crore crores cr"))
		to->scale = 1e7;
	else if (pay_is_any(t, "\xe4\xb8\x87 \xe8\x90\xac \xeb\xa7\x8c"))
		to->scale = 1e4;
	else
		return 0;
	to->is_lpa = pay_is(t, "lpa");
	return pay_is_any(t, "tsd tis mio") && pay_is_sign(&t[1], '.') ? 2 : 1;
}

/* "keur" is "k eur", and so is "teur". */
static bool
scaled_code(const struct pay_token *t, struct amount *to)
{
	struct pay_token code = *t;

	if (t->kind != PAY_WORD || t->n != 4 ||
	    (*t->text != 'k' && *t->text != 't'))
		return false;
	code.text++;
	code.n--;
	if (word_code(&code) == NULL)
		return false;
	to->scale = 1e3;
	to->currency = word_code(&code);
	return true;
}

/* A currency that is said more exactly than the one before wins. */
static void
amount_set_currency(struct amount *a, const char *code, bool is_bare)
{
	if (a->currency != NULL && (is_bare || !a->is_bare))
		return;
	a->currency = code;
	a->is_bare = is_bare;
}

/* Scale, currency and '+' behind the number. */
static size_t
suffix_read(const struct pay_token *t, const char *country, struct amount *to)
{
	size_t n = scale_read(t, to), more;
	const char *code;
	bool is_bare;

	if (n == 0 && scaled_code(t, to))
		n = 1;
	if (pay_is_sign(&t[n], '+') && t[n].glued)
		to->plus = true;
	n += to->plus;
	more = t[n].breaks ? 0 : currency_read(&t[n], country, &code, &is_bare);
	/* "$50 - $60": the sign behind belongs to the next number. */
	if (more > 0 && (t[n + more].kind != PAY_NUMBER || t[n].glued)) {
		amount_set_currency(to, code, is_bare);
		n += more;
		if (to->scale == 0)
			n += scale_read(&t[n], to);
	}
	if (pay_is_sign(&t[n], '+') && t[n].glued) {
		to->plus = true;
		n++;
	}
	return n;
}

/* "kEUR 45", "TEUR 50": thousands said before the number. */
static size_t
prefix_scale(const struct pay_token *t, struct amount *to)
{
	const char *code;
	bool is_bare;
	size_t n;

	if (scaled_code(t, to))
		return 1;
	if (!pay_is_any(t, "k t") || !t[1].glued)
		return 0;
	n = currency_read(&t[1], NULL, &code, &is_bare);
	if (n == 0 || t[1 + n].kind != PAY_NUMBER)
		return 0;
	to->scale = 1e3;
	amount_set_currency(to, code, is_bare);
	return 1 + n;
}

size_t
amount_read(const struct pay_token *tokens, size_t at, const char *country,
    struct amount *to)
{
	const struct pay_token *t = tokens + at;
	size_t n = 0, more;
	const char *code;
	bool is_bare;

	*to = (struct amount){ 0 };
	n = prefix_scale(t, to);
	for (int i = 0; i < 2; i++) {
		more = currency_read(&t[n], country, &code, &is_bare);
		if (more == 0)
			break;
		amount_set_currency(to, code, is_bare);
		n += more;
	}
	if (t[n].kind != PAY_NUMBER)
		return 0;
	/* "IR35": digits of a name. */
	if (n == 0 && at > 0 && t[0].glued && t[-1].kind == PAY_WORD &&
	    is_letter(*t[-1].text))
		return 0;
	to->value = t[n++].number;
	if (pay_is_sign(&t[n], '%'))
		return 0;
	more = suffix_read(&t[n], country, to);
	/* "3x", "2nd", "24h": digits of a word. */
	if (more == 0 && to->currency == NULL && t[n].glued &&
	    t[n].kind == PAY_WORD)
		return 0;
	/* Who counts in lakhs counts rupees. */
	if (to->currency == NULL && (to->scale == 1e5 || to->scale == 1e7))
		to->currency = code_find("INR");
	return n + more;
}
