/*
 * Spans of time that pay is for.
 */
#include <string.h>
#include "extract/value_pay.h"

/* Behind "per" and "/". */
static const char units[] =
    "h=1 hr=1 hrs=1 hour=1 hours=1 std=1 stunde=1 stunden=1 heure=1 heures=1 "
    "hora=1 horas=1 ora=1 ore=1 uur=1 u=1 godz=1 godzina=1 godzine=1 hod=1 "
    "hodina=1 hodinu=1 timme=1 timmen=1 time=1 timen=1 l'heure=1 "
    "\xe6\x97\xb6=1 \xe6\x99\x82=1 "
    "d=2 day=2 days=2 tag=2 tage=2 jour=2 jours=2 j=2 dia=2 dias=2 giorno=2 "
    "dag=2 den=2 dzien=2 diem=2 \xe5\xa4\xa9=2 \xe6\x97\xa5=2 "
    "w=3 wk=3 week=3 weeks=3 woche=3 wo=3 semaine=3 semana=3 settimana=3 "
    "tydzien=3 tyden=3 vecka=3 uge=3 uke=3 "
    "m=4 mo=4 mon=4 mth=4 month=4 months=4 monat=4 mois=4 mes=4 mese=4 "
    "maand=4 mnd=4 mies=4 miesiac=4 mesic=4 manad=4 man=4 maned=4 "
    "\xe6\x9c\x88=4 "
    "y=5 yr=5 yrs=5 year=5 years=5 jahr=5 j.=5 an=5 annee=5 ano=5 anno=5 "
    "jaar=5 jr=5 rok=5 ar=5 a=5 annum=5 \xe5\xb9\xb4=5 ";

/* By themselves. */
static const char adverbs[] =
    "hourly=1 stundlich=1 stuendlich=1 horaire=1 orario=1 oraria=1 uurloon=1 "
    "godzinowo=1 ph=1 timlon=1 timelonn=1 timelon=1 "
    "daily=2 taglich=2 taeglich=2 journalier=2 journaliere=2 quotidien=2 "
    "diario=2 diaria=2 giornaliero=2 tjm=2 pd=2 dziennie=2 denne=2 "
    "weekly=3 wochentlich=3 woechentlich=3 hebdomadaire=3 semanal=3 "
    "settimanale=3 wekelijks=3 tygodniowo=3 tydne=3 pw=3 "
    "monthly=4 monatlich=4 mensuel=4 mensuelle=4 mensuels=4 mensual=4 "
    "mensuales=4 mensal=4 mensais=4 mensile=4 mensili=4 maandelijks=4 "
    "miesiecznie=4 mesicne=4 pm=4 pcm=4 manadslon=4 "
    "yearly=5 annually=5 annual=5 annum=5 jahrlich=5 jaehrlich=5 annuel=5 "
    "annuelle=5 annuels=5 annuelles=5 annuellement=5 anual=5 anuales=5 "
    "anuais=5 annuo=5 annua=5 annui=5 annuale=5 annuali=5 jaarlijks=5 "
    "rocznie=5 rocne=5 arligen=5 arlig=5 lpa=5 pa=5 "
    "\xd0\xbc\xd0\xb5\xd1\x81=4 \xd0\xb3\xd0\xbe\xd0\xb4=5 ";

/* Beginnings of German compounds: "Stundenlohn", "Jahresbruttogehalt". */
static const struct {
	const char *beginning;
	enum pay_period period;
} compounds[] = {
	{ "stundenlohn", PAY_HOUR },
	{ "stundensatz", PAY_HOUR },
	{ "stundenverg", PAY_HOUR },
	{ "tagessatz", PAY_DAY },
	{ "tageslohn", PAY_DAY },
	{ "wochenlohn", PAY_WEEK },
	{ "monatsgehalt", PAY_MONTH },
	{ "monatslohn", PAY_MONTH },
	{ "monatsbrutto", PAY_MONTH },
	{ "monatsverg", PAY_MONTH },
	{ "bruttomonats", PAY_MONTH },
	{ "jahresgehalt", PAY_YEAR },
	{ "jahresbrutto", PAY_YEAR },
	{ "jahreszielgehalt", PAY_YEAR },
	{ "jahresverg", PAY_YEAR },
	{ "bruttojahres", PAY_YEAR },
};

static enum pay_period
list_period(const char *list, const struct pay_token *t)
{
	const char *value =
	    t->kind == PAY_WORD ? table_value(list, ' ', t->text, t->n) : NULL;

	return value != NULL ? (enum pay_period)(*value - '0') : PAY_NONE;
}
_Static_assert(PAY_HOUR == 1 && PAY_YEAR == 5, "the lists above say so");

bool
period_is_unit(const struct pay_token *t)
{
	return pay_is_any(t, "hour hours hrs hr h stunde stunden std heure "
			     "heures hora horas ore uur uren day days tage "
			     "tag jours dias week weeks wochen minutes min "
			     "years year jahre months");
}

/* "p.a.", "p/h", "p.m.": with signs between or none. */
static size_t
letters_read(const struct pay_token *t, enum pay_period *to)
{
	static const char letters[] = "h=1 hr=1 d=2 w=3 wk=3 m=4 mo=4 mth=4 "
				      "y=5 yr=5 a=5 an=5 ";

	if (!pay_is(t, "p") ||
	    (!pay_is_sign(&t[1], '.') && !pay_is_sign(&t[1], '/')))
		return 0;
	*to = list_period(letters, &t[2]);
	if (*to == PAY_NONE)
		return 0;
	return pay_is_sign(&t[3], '.') ? 4 : 3;
}

/* Words that lead to a unit: "per", "in der", "a la". */
static size_t
leader_length(const struct pay_token *t)
{
	static const char *const leaders[] = { "in der", "in the", "im", "per",
		"pro", "je", "par", "por", "al", "ao", "a la", "de l", "a l",
		"an", "a", "each", "every", "za", "na", "om", "i", "pr", "all",
		"/" };

	if (pay_is_sign(t, '/'))
		return 1;
	return PAY_PHRASES(t, leaders);
}

/* "14 per-year-salary", "PER_HOUR": the words of APIs. */
static size_t
joint_length(const struct pay_token *t)
{
	return pay_is_sign(t, '-') || pay_is_sign(t, '_') ? 1 : 0;
}

/* Hours behind "time" are Scandinavian; "full time" and "time off" are not. */
static bool
is_false_unit(const struct pay_token *leader, const struct pay_token *unit)
{
	return (pay_is(unit, "time") || pay_is(unit, "m") ||
		   pay_is(unit, "d") || pay_is(unit, "an") ||
		   pay_is(unit, "a")) &&
	       pay_is_any(leader, "a an i na al in");
}

/* CJK: a span and the word for pay, as in "monthly salary". */
static size_t
cjk_read(const struct pay_token *t, enum pay_period *to)
{
	static const char spans[] = "\xe6\x99\x82=1 \xe6\x97\xb6=1 "
				    "\xe6\x97\xa5=2 \xe9\x80\xb1=3 "
				    "\xe6\x9c\x88=4 \xe5\xb9\xb4=5 ";

	if (!pay_is_any(&t[1], "\xe7\xb5\xa6 \xe5\x8f\x8e \xe4\xbf\xb8 "
			       "\xe8\x96\xaa \xe7\xbb\x99"))
		return 0;
	*to = list_period(spans, t);
	return *to != PAY_NONE ? 2 : 0;
}

size_t
period_read(const struct pay_token *t, enum pay_period *to)
{
	size_t n = letters_read(t, to), leader;

	if (n > 0)
		return n;
	leader = leader_length(t);
	if (leader > 0) {
		n = leader + joint_length(&t[leader]);
		*to = list_period(units, &t[n]);
		if (*to != PAY_NONE && !is_false_unit(t, &t[n]))
			return n + 1;
	}
	*to = list_period(adverbs, t);
	/* "bi-weekly" is no week. */
	if (*to != PAY_NONE && !(t->glued && pay_is_sign(t - 1, '-')))
		return 1;
	n = cjk_read(t, to);
	if (n > 0)
		return n;
	for (size_t i = 0; i < sizeof(compounds) / sizeof(compounds[0]); i++) {
		size_t length = strlen(compounds[i].beginning);
		if (t->kind == PAY_WORD && t->n >= length &&
		    memcmp(t->text, compounds[i].beginning, length) == 0) {
			*to = compounds[i].period;
			return 1;
		}
	}
	*to = PAY_NONE;
	return 0;
}
