/*
 * Times that count from now: "3 days ago", "vor mehr als 30 Tagen", "hier".
 */
#include <string.h>
#include "base/clock.h"
#include "extract/value_date.h"

#define DAY_MS INT64_C(86400000)
/* More of any unit, or of years, is no age of a posting. */
#define COUNT_MAX 4000
#define YEARS_MAX 100

enum unit {
	UNIT_NONE = -1,
	UNIT_SECOND,
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_YEAR
};

static const char units[] =
    "s=0 sec=0 secs=0 second=0 seconds=0 sekunde=0 sekunden=0 seconde=0 "
    "secondes=0 segundo=0 segundos=0 "
    "m=1 min=1 mins=1 minute=1 minutes=1 minuten=1 minuto=1 minutos=1 "
    "minuti=1 minut=1 minuty=1 minuter=1 minutter=1 "
    "h=2 hr=2 hrs=2 hour=2 hours=2 std=2 stunde=2 stunden=2 heure=2 heures=2 "
    "hora=2 horas=2 ora=2 ore=2 uur=2 uren=2 timme=2 timmar=2 time=2 timer=2 "
    "godz=2 godzine=2 godziny=2 godzin=2 hodinou=2 hodinami=2 "
    "d=3 day=3 days=3 tag=3 tage=3 tagen=3 jour=3 jours=3 j=3 dia=3 dias=3 "
    "giorno=3 giorni=3 gg=3 dag=3 dagen=3 dagar=3 dage=3 dager=3 dzien=3 "
    "dni=3 dnem=3 dny=3 "
    "w=4 wk=4 wks=4 week=4 weeks=4 woche=4 wochen=4 semaine=4 semaines=4 "
    "sem=4 semana=4 semanas=4 settimana=4 settimane=4 weken=4 vecka=4 "
    "veckor=4 uge=4 uger=4 uke=4 uker=4 tydzien=4 tygodnie=4 tygodni=4 "
    "tydnem=4 tydny=4 "
    "mo=5 mos=5 month=5 months=5 mth=5 mths=5 monat=5 monate=5 monaten=5 "
    "mois=5 mes=5 meses=5 mese=5 mesi=5 maand=5 maanden=5 manad=5 manader=5 "
    "maned=5 maneder=5 miesiac=5 miesiace=5 miesiecy=5 mesicem=5 mesici=5 "
    "y=6 yr=6 yrs=6 year=6 years=6 jahr=6 jahre=6 jahren=6 jahres=6 an=6 "
    "ans=6 annee=6 annees=6 ano=6 anos=6 anno=6 anni=6 jaar=6 rok=6 ";

static const char counts[] =
    "a=1 an=1 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 "
    "ten=10 eleven=11 twelve=12 thirty=30 "
    "ein=1 eine=1 einem=1 einen=1 einer=1 eines=1 zwei=2 drei=3 vier=4 "
    "funf=5 fuenf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwolf=12 "
    "un=1 une=1 d'un=1 d'une=1 deux=2 trois=3 quatre=4 cinq=5 sept=7 huit=8 "
    "neuf=9 dix=10 "
    "onze=11 douze=12 "
    "una=1 uno=1 dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 "
    "diez=10 once=11 doce=12 "
    "um=1 uma=1 dois=2 duas=2 quatro=4 sete=7 oito=8 nove=9 dez=10 "
    "due=2 tre=3 quattro=4 cinque=5 sei=6 sette=7 otto=8 dieci=10 "
    "een=1 twee=2 drie=3 vijf=5 zes=6 zeven=7 negen=9 tien=10 "
    "en=1 ett=1 et=1 ";

/* Days back. */
static const char day_words[] =
    "today=0 heute=0 aujourd'hui=0 hoy=0 oggi=0 hoje=0 vandaag=0 dzisiaj=0 "
    "dzis=0 dnes=0 idag=0 "
    "yesterday=1 gestern=1 hier=1 ayer=1 ieri=1 ontem=1 gisteren=1 wczoraj=1 "
    "vcera=1 igar=1 "
    "vorgestern=2 avanthier=2 anteayer=2 antier=2 anteontem=2 eergisteren=2 "
    "przedwczoraj=2 predevcirem=2 ";

/* Words that bind one after the other; how many, or 0. */
static size_t
phrase_length(const struct date_token *t, const char *phrase)
{
	size_t n = 0;

	while (*phrase != '\0') {
		size_t length = strcspn(phrase, " ");
		if (t[n].kind != DATE_WORD || t[n].n != length ||
		    memcmp(t[n].text, phrase, length) != 0)
			return 0;
		n++;
		phrase += length;
		phrase += strspn(phrase, " ");
	}
	return n;
}

static size_t
phrases_length(
    const struct date_token *t, const char *const *phrases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t n = phrase_length(t, phrases[i]);
		if (n > 0)
			return n;
	}
	return 0;
}
#define PHRASES(t, list) \
	phrases_length((t), (list), sizeof(list) / sizeof((list)[0]))

/* "more than", "over", ">", "about": before the number. */
static size_t
more_length(const struct date_token *t)
{
	static const char *const words[] = { "more than", "over", "at least",
		"mehr als", "uber", "ueber", "plus de", "plus", "mas de",
		"mais de", "piu di", "meer dan", "about", "approximately",
		"approx", "around", "almost", "nearly", "etwa", "ca", "circa",
		"rund", "fast", "environ", "unos", "unas", "cerca de" };

	if (date_is_sign(t, '>') || date_is_sign(t, '~'))
		return 1;
	return PHRASES(t, words);
}

/* Words before the number that say the time lies behind. */
static size_t
before_length(const struct date_token *t)
{
	static const char *const words[] = { "il y a", "vor", "seit", "hace",
		"desde hace", "ha", "depuis", "pred", "past" };

	return PHRASES(t, words);
}

static size_t
behind_length(const struct date_token *t)
{
	static const char *const words[] = { "ago", "back", "old", "fa",
		"atras", "geleden", "temu", "sedan", "siden" };

	return PHRASES(t, words);
}

static size_t
ahead_length(const struct date_token *t)
{
	static const char *const words[] = { "in", "dans", "noch" };

	return PHRASES(t, words);
}

static size_t
left_length(const struct date_token *t)
{
	static const char *const words[] = { "left", "remaining", "to go",
		"from now" };

	return PHRASES(t, words);
}

static int64_t
months_before(int64_t day, int64_t months)
{
	int year, month, of_month;

	civil_from_days(day, &year, &month, &of_month);
	months = (int64_t)year * 12 + month - 1 - months;
	year = (int)(months / 12);
	month = (int)(months % 12) + 1;
	while (!civil_is_date(year, month, of_month))
		of_month--;
	return civil_to_days(year, month, of_month);
}

static void
set_distance(const struct date_reader *r, enum unit unit, int64_t count,
    bool approx, struct instant *to)
{
	static const int64_t unit_ms[] = { 1000, 60000, 3600000 };
	int64_t today = date_local_day(r, r->now_ms);

	switch (unit) {
	case UNIT_SECOND:
	case UNIT_MINUTE:
	case UNIT_HOUR:
		to->ms = r->now_ms - count * unit_ms[unit];
		to->approx = true;
		break;
	case UNIT_DAY:
		date_set_day(today - count, approx, to);
		break;
	case UNIT_WEEK:
		date_set_day(today - 7 * count, true, to);
		break;
	case UNIT_MONTH:
		date_set_day(months_before(today, count), true, to);
		break;
	case UNIT_YEAR:
		date_set_day(months_before(today, 12 * count), true, to);
		break;
	case UNIT_NONE:
		break;
	}
}

struct distance {
	int64_t count;
	enum unit unit;
	bool approx, is_short; /* "3mo" */
};

/* "30+ days", "3d", "five weeks", "a few hours"; tokens read, or 0. */
static size_t
distance_read(const struct date_token *t, struct distance *to)
{
	size_t n = more_length(t);

	to->approx = n > 0;
	to->is_short = false;
	if (date_is(&t[n], "a") &&
	    (date_is(&t[n + 1], "few") || date_is(&t[n + 1], "couple")))
		n++;
	if (t[n].kind == DATE_NUMBER) {
		to->count = t[n].number;
		to->is_short = t[n + 1].kind == DATE_WORD && t[n + 1].glued;
	} else if (date_is(&t[n], "few") || date_is(&t[n], "couple")) {
		to->count = date_is(&t[n], "few") ? 3 : 2;
		to->approx = true;
		n += date_is(&t[n + 1], "of");
	} else {
		to->count = date_lookup(&t[n], counts);
	}
	if (to->count < 0 || to->count > COUNT_MAX)
		return 0;
	n++;
	if (date_is_sign(&t[n], '+')) {
		to->approx = true;
		n++;
	}
	to->unit = (enum unit)date_lookup(&t[n], units);
	if (to->unit == UNIT_NONE ||
	    (to->unit == UNIT_YEAR && to->count > YEARS_MAX) ||
	    (to->unit == UNIT_MONTH && to->count > 12 * YEARS_MAX))
		return 0;
	n++;
	if (date_is_sign(&t[n], '.'))
		n++;
	if (date_is_sign(&t[n], '+') && t[n].glued) {
		to->approx = true;
		n++;
	}
	return n;
}

/* "2w" alone, or behind a label: short enough to mean an age. */
static bool
is_short_age(const struct date_reader *r, size_t at, size_t end)
{
	return r->tokens[end].kind == DATE_END &&
	       (at == 0 || (at == 1 && r->tokens[0].kind == DATE_WORD));
}

/* "-1 days ago" is no day that was; "1-2 days ago" and "Oslo - 2 days ago"
 * have another hyphen. */
static bool
is_negative(const struct date_reader *r, size_t at)
{
	const struct date_token *t = r->tokens + at;

	return at > 0 && t->kind == DATE_NUMBER && t->glued &&
	       date_is_sign(t - 1, '-') && !t[-1].glued;
}

static enum date_reading
age_read(const struct date_reader *r, size_t at, struct instant *to)
{
	const struct date_token *t = r->tokens + at;
	size_t before = before_length(t), ahead = 0, n;
	struct distance d;
	bool is_past = before > 0;

	if (before == 0)
		before = ahead = ahead_length(t);
	n = distance_read(t + before, &d);
	if (n == 0)
		return DATE_NOTHING;
	if (is_negative(r, at + before))
		return DATE_REFUSED;
	n += before;
	if (ahead > 0 || left_length(t + n) > 0)
		d.count = -d.count;
	else if (!is_past && behind_length(t + n) == 0 &&
		 !(d.is_short && is_short_age(r, at, at + n)))
		return DATE_NOTHING;
	set_distance(r, d.unit, d.count, d.approx, to);
	return DATE_FOUND;
}

/* "last week", "le mois dernier". */
static enum date_reading
last_read(const struct date_reader *r, size_t at, struct instant *to)
{
	static const char *const weeks[] = { "last week", "letzte woche",
		"letzter woche", "semaine derniere", "semana pasada",
		"semana passada", "vorige week", "settimana scorsa" };
	static const char *const months[] = { "last month", "letzten monat",
		"letzter monat", "mois dernier", "mes pasado", "mes passado",
		"vorige maand", "mese scorso" };
	const struct date_token *t = r->tokens + at;

	if (PHRASES(t, weeks) > 0)
		set_distance(r, UNIT_WEEK, 1, true, to);
	else if (PHRASES(t, months) > 0)
		set_distance(r, UNIT_MONTH, 1, true, to);
	else
		return DATE_NOTHING;
	return DATE_FOUND;
}

static enum date_reading
just_read(const struct date_reader *r, size_t at, struct instant *to)
{
	static const char *const words[] = { "just now", "just posted",
		"right now", "a moment ago", "moments ago", "seconds ago",
		"gerade eben", "soeben", "a l'instant", "ahora mismo",
		"justo ahora", "agora mesmo", "proprio ora", "zojuist" };
	const struct date_token *t = r->tokens + at;
	size_t n = PHRASES(t, words);

	if (n == 0 && at == 0 && date_is(t, "now"))
		n = 1;
	if (n == 0)
		return DATE_NOTHING;
	to->ms = r->now_ms;
	to->approx = true;
	return DATE_FOUND;
}

/* Days back of the word at t, with how many tokens it takes; -1 if none. */
static int
day_word(const struct date_token *t, size_t *n)
{
	int days = date_lookup(t, day_words);

	*n = 1;
	if (phrase_length(t, "day before yesterday") > 0) {
		*n = 3;
		return 2;
	}
	if (date_is(t, "avant") && date_is_sign(&t[1], '-') &&
	    date_is(&t[2], "hier")) {
		*n = 3;
		return 2;
	}
	if (phrase_length(t, "antes de ayer") > 0) {
		*n = 3;
		return 2;
	}
	if (phrase_length(t, "i dag") > 0 || phrase_length(t, "i gar") > 0) {
		*n = 2;
		return date_is(&t[1], "gar");
	}
	/* German "hier" is "here": no day unless it ends the text. */
	if (date_is(t, "hier") && t[1].kind == DATE_WORD &&
	    !date_is(&t[1], "a"))
		return -1;
	return days;
}

static enum date_reading
day_read(const struct date_reader *r, size_t at, struct instant *to)
{
	const struct date_token *t = r->tokens + at;
	struct date_time time = { 0 };
	enum date_reading reading;
	size_t n;
	int back = day_word(t, &n);
	int64_t day;

	if (date_is(t, "tomorrow") || date_is(t, "demain") ||
	    (date_is(t, "morgen") && r->tokens[at + 1].kind == DATE_END))
		back = -2;
	else if (back < 0)
		return DATE_NOTHING;
	if (back == -2)
		back = -1;
	day = date_local_day(r, r->now_ms) - back;
	date_set_day(day, false, to);
	reading = date_time_read(t + n, &time, &n);
	if (reading != DATE_FOUND)
		return reading == DATE_REFUSED ? DATE_REFUSED : DATE_FOUND;
	to->date_only = false;
	to->ms = day * DAY_MS + time.ms;
	if (time.has_offset)
		to->ms -= (int64_t)time.offset_s * 1000;
	else
		to->ms = date_utc(r, to->ms);
	return DATE_FOUND;
}

enum date_reading
date_ago_read(const struct date_reader *r, size_t at, struct instant *to)
{
	typedef enum date_reading reader(
	    const struct date_reader *, size_t, struct instant *);
	static reader *const readers[] = { just_read, day_read, last_read,
		age_read };

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		enum date_reading reading = readers[i](r, at, to);
		if (reading != DATE_NOTHING)
			return reading;
	}
	return DATE_NOTHING;
}
