/*
 * Kind of work, experience and remote work by the words that name them, in
 * the languages of European boards. Words are matched whole: "intern" is
 * not in "international".
 */
#include <string.h>
#include "base/str.h"
#include "extract/value_int.h"

#define TEXT_MAX 600

/* A phrase, its words parted by blanks, and what it stands for. */
struct phrase {
	const char *words;
	int means;
};

/* The first place that a phrase begins at, as words; NULL if none. */
static const char *
phrase_find(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (const char *s = text; (s = strstr(s, words)) != NULL; s++)
		if ((s == text || s[-1] == ' ') &&
		    (s[n] == ' ' || s[n] == '\0'))
			return s;
	return NULL;
}

static bool
has(const char *text, const char *words)
{
	return phrase_find(text, words) != NULL;
}

static int
phrases_find(const char *text, const struct phrase *phrases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (has(text, phrases[i].words))
			return phrases[i].means;
	return 0;
}
#define FIND(text, list) \
	phrases_find((text), (list), sizeof(list) / sizeof((list)[0]))

/* Folded, and everything but letters and digits made a blank. */
static void
words_fold(const char *text, char to[TEXT_MAX])
{
	size_t n = 0;

	value_fold(text, strlen(text), to, TEXT_MAX);
	for (const char *s = to; *s != '\0'; s++) {
		bool keep = (*s >= 'a' && *s <= 'z') ||
			    (*s >= '0' && *s <= '9') || (*s & 0x80) != 0 ||
			    *s == '%';
		if (keep)
			to[n++] = *s;
		else if (n > 0 && to[n - 1] != ' ')
			to[n++] = ' ';
	}
	while (n > 0 && to[n - 1] == ' ')
		n--;
	to[n] = '\0';
}

/* What narrows a job more is looked for first. */
static const struct phrase job_types[] = {
	{ "intern", JOB_INTERNSHIP },
	{ "interns", JOB_INTERNSHIP },
	{ "internship", JOB_INTERNSHIP },
	{ "internships", JOB_INTERNSHIP },
	{ "praktikum", JOB_INTERNSHIP },
	{ "praktikant", JOB_INTERNSHIP },
	{ "praktikantin", JOB_INTERNSHIP },
	{ "pflichtpraktikum", JOB_INTERNSHIP },
	{ "stage", JOB_INTERNSHIP },
	{ "stagiaire", JOB_INTERNSHIP },
	{ "alternance", JOB_INTERNSHIP },
	{ "apprentissage", JOB_INTERNSHIP },
	{ "apprenticeship", JOB_INTERNSHIP },
	{ "apprentice", JOB_INTERNSHIP },
	{ "ausbildung", JOB_INTERNSHIP },
	{ "practicas", JOB_INTERNSHIP },
	{ "becario", JOB_INTERNSHIP },
	{ "beca", JOB_INTERNSHIP },
	{ "tirocinio", JOB_INTERNSHIP },
	{ "estagio", JOB_INTERNSHIP },
	{ "staz", JOB_INTERNSHIP },
	{ "co op", JOB_INTERNSHIP },
	{ "volunteer", JOB_VOLUNTEER },
	{ "volunteering", JOB_VOLUNTEER },
	{ "ehrenamt", JOB_VOLUNTEER },
	{ "ehrenamtlich", JOB_VOLUNTEER },
	{ "benevolat", JOB_VOLUNTEER },
	{ "benevole", JOB_VOLUNTEER },
	{ "voluntariado", JOB_VOLUNTEER },
	{ "voluntario", JOB_VOLUNTEER },
	{ "vrijwilliger", JOB_VOLUNTEER },
	{ "temporary", JOB_TEMPORARY },
	{ "temp", JOB_TEMPORARY },
	{ "seasonal", JOB_TEMPORARY },
	{ "fixed term", JOB_TEMPORARY },
	{ "per diem", JOB_TEMPORARY },
	{ "casual", JOB_TEMPORARY },
	{ "befristet", JOB_TEMPORARY },
	{ "zeitarbeit", JOB_TEMPORARY },
	{ "aushilfe", JOB_TEMPORARY },
	{ "cdd", JOB_TEMPORARY },
	{ "interim", JOB_TEMPORARY },
	{ "interimaire", JOB_TEMPORARY },
	{ "temporal", JOB_TEMPORARY },
	{ "temporaire", JOB_TEMPORARY },
	{ "saisonnier", JOB_TEMPORARY },
	{ "temporario", JOB_TEMPORARY },
	{ "tijdelijk", JOB_TEMPORARY },
	{ "tempo determinato", JOB_TEMPORARY },
	{ "contract", JOB_CONTRACT },
	{ "contractor", JOB_CONTRACT },
	{ "contractors", JOB_CONTRACT },
	{ "freelance", JOB_CONTRACT },
	{ "freelancer", JOB_CONTRACT },
	{ "self employed", JOB_CONTRACT },
	{ "independent contractor", JOB_CONTRACT },
	{ "1099", JOB_CONTRACT },
	{ "c2c", JOB_CONTRACT },
	{ "corp to corp", JOB_CONTRACT },
	{ "b2b", JOB_CONTRACT },
	{ "freiberuflich", JOB_CONTRACT },
	{ "freie mitarbeit", JOB_CONTRACT },
	{ "independant", JOB_CONTRACT },
	{ "autonomo", JOB_CONTRACT },
};

static const struct phrase hours[] = {
	{ "full time", JOB_FULL_TIME },
	{ "fulltime", JOB_FULL_TIME },
	{ "vollzeit", JOB_FULL_TIME },
	{ "temps plein", JOB_FULL_TIME },
	{ "temps complet", JOB_FULL_TIME },
	{ "plein temps", JOB_FULL_TIME },
	{ "tiempo completo", JOB_FULL_TIME },
	{ "jornada completa", JOB_FULL_TIME },
	{ "tempo pieno", JOB_FULL_TIME },
	{ "full time permanent", JOB_FULL_TIME },
	{ "tempo integral", JOB_FULL_TIME },
	{ "voltijds", JOB_FULL_TIME },
	{ "voltijd", JOB_FULL_TIME },
	{ "heltid", JOB_FULL_TIME },
	{ "pelny etat", JOB_FULL_TIME },
	{ "plny uvazek", JOB_FULL_TIME },
	{ "part time", JOB_PART_TIME },
	{ "parttime", JOB_PART_TIME },
	{ "teilzeit", JOB_PART_TIME },
	{ "minijob", JOB_PART_TIME },
	{ "werkstudent", JOB_PART_TIME },
	{ "werkstudentin", JOB_PART_TIME },
	{ "working student", JOB_PART_TIME },
	{ "temps partiel", JOB_PART_TIME },
	{ "mi temps", JOB_PART_TIME },
	{ "tiempo parcial", JOB_PART_TIME },
	{ "media jornada", JOB_PART_TIME },
	{ "medio tiempo", JOB_PART_TIME },
	{ "jornada parcial", JOB_PART_TIME },
	{ "tempo parziale", JOB_PART_TIME },
	{ "meio periodo", JOB_PART_TIME },
	{ "deeltijds", JOB_PART_TIME },
	{ "deeltijd", JOB_PART_TIME },
	{ "deltid", JOB_PART_TIME },
	{ "czesc etatu", JOB_PART_TIME },
	{ "castecny uvazek", JOB_PART_TIME },
};

enum job_type
value_job_type(const char *text)
{
	char words[TEXT_MAX];
	const char *first = NULL;
	enum job_type type;

	if (text == NULL)
		return JOB_TYPE_NONE;
	words_fold(text, words);
	type = (enum job_type)FIND(words, job_types);
	/* A contract of employment is none of a contractor. */
	if (type == JOB_CONTRACT && has(words, "permanent contract"))
		type = JOB_TYPE_NONE;
	if (type != JOB_TYPE_NONE)
		return type;
	/* Of "full time or part time" the first is meant. */
	for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
		const char *at = phrase_find(words, hours[i].words);
		if (at != NULL && (first == NULL || at < first)) {
			first = at;
			type = (enum job_type)hours[i].means;
		}
	}
	return type;
}

/* Highest first: a "senior intern" is none, but a "lead" outranks. */
static const struct phrase levels[] = {
	{ "intern", EXP_INTERN },
	{ "internship", EXP_INTERN },
	{ "interns", EXP_INTERN },
	{ "praktikum", EXP_INTERN },
	{ "praktikant", EXP_INTERN },
	{ "praktikantin", EXP_INTERN },
	{ "stagiaire", EXP_INTERN },
	{ "becario", EXP_INTERN },
	{ "practicas", EXP_INTERN },
	{ "tirocinio", EXP_INTERN },
	{ "estagio", EXP_INTERN },
	{ "werkstudent", EXP_INTERN },
	{ "working student", EXP_INTERN },
	{ "apprentice", EXP_INTERN },
	{ "principal", EXP_PRINCIPAL },
	{ "distinguished", EXP_PRINCIPAL },
	{ "director", EXP_LEAD },
	{ "vice president", EXP_LEAD },
	{ "vp", EXP_LEAD },
	{ "head of", EXP_LEAD },
	{ "chief", EXP_LEAD },
	{ "lead", EXP_LEAD },
	{ "teamlead", EXP_LEAD },
	{ "teamleiter", EXP_LEAD },
	{ "teamleiterin", EXP_LEAD },
	{ "teamleitung", EXP_LEAD },
	{ "leiter", EXP_LEAD },
	{ "leitung", EXP_LEAD },
	{ "tech lead", EXP_LEAD },
	{ "responsable", EXP_LEAD },
	{ "mid senior", EXP_SENIOR },
	{ "senior", EXP_SENIOR },
	{ "sr", EXP_SENIOR },
	{ "experienced", EXP_SENIOR },
	{ "confirme", EXP_SENIOR },
	{ "experimente", EXP_SENIOR },
	{ "erfahren", EXP_SENIOR },
	{ "junior senior", EXP_MID },
	{ "mid level", EXP_MID },
	{ "midlevel", EXP_MID },
	{ "intermediate", EXP_MID },
	{ "medior", EXP_MID },
	{ "berufserfahren", EXP_MID },
	{ "intermedio", EXP_MID },
	{ "pleno", EXP_MID },
	{ "junior", EXP_JUNIOR },
	{ "jr", EXP_JUNIOR },
	{ "entry level", EXP_JUNIOR },
	{ "graduate", EXP_JUNIOR },
	{ "new grad", EXP_JUNIOR },
	{ "trainee", EXP_JUNIOR },
	{ "beginner", EXP_JUNIOR },
	{ "berufseinsteiger", EXP_JUNIOR },
	{ "berufseinstieg", EXP_JUNIOR },
	{ "absolvent", EXP_JUNIOR },
	{ "einsteiger", EXP_JUNIOR },
	{ "debutant", EXP_JUNIOR },
	{ "jeune diplome", EXP_JUNIOR },
	{ "sin experiencia", EXP_JUNIOR },
	{ "no experience", EXP_JUNIOR },
	{ "principiante", EXP_JUNIOR },
	{ "early career", EXP_JUNIOR },
};

/* Only as the whole text: "account executive" and "data entry" are jobs. */
static const struct phrase whole_levels[] = {
	{ "executive", EXP_LEAD },
	{ "expert", EXP_SENIOR },
	{ "professional", EXP_MID },
	{ "regular", EXP_MID },
	{ "mid", EXP_MID },
	{ "middle", EXP_MID },
	{ "associate", EXP_JUNIOR },
	{ "entry", EXP_JUNIOR },
};

static enum experience
whole_level(const char *words)
{
	for (size_t i = 0; i < sizeof(whole_levels) / sizeof(whole_levels[0]);
	     i++)
		if (strcmp(words, whole_levels[i].words) == 0)
			return (enum experience)whole_levels[i].means;
	return EXP_NONE;
}

/* "Staff Engineer" is a rank; "Member of Technical Staff" is none. */
static bool
is_staff_rank(const char *words)
{
	static const char *const crafts[] = { "engineer", "software",
		"developer", "scientist", "designer", "data", "machine",
		"product", "site", "backend", "frontend", "security",
		"platform", "infrastructure", "architect", "sre", "devops",
		"full", "ml", "researcher" };
	const char *at = phrase_find(words, "staff");

	if (at == NULL)
		return false;
	at += strlen("staff");
	at += *at == ' ';
	if (*at == '\0')
		return words + strlen("staff") == at;
	for (size_t i = 0; i < sizeof(crafts) / sizeof(crafts[0]); i++)
		if (phrase_find(at, crafts[i]) == at)
			return true;
	return false;
}

/* "3-5 years", "5+ Jahre": by the years asked for; -1 if none are. */
static int
years_asked(const char *words)
{
	static const char *const units[] = { "years", "year", "yrs", "jahre",
		"jahren", "ans", "annees", "anos", "anni" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *at = phrase_find(words, units[i]);
		const char *s = at;
		int years = -1;

		/* Numbers stand before the unit; the first of a range. */
		while (s != NULL && s - words >= 2 && s[-1] == ' ' &&
		       s[-2] >= '0' && s[-2] <= '9') {
			s--;
			while (s > words && s[-1] >= '0' && s[-1] <= '9')
				s--;
			years = 0;
			for (const char *d = s; *d >= '0' && *d <= '9'; d++)
				years =
				    years < 100 ? years * 10 + *d - '0' : 100;
		}
		if (years >= 0)
			return years;
	}
	return -1;
}

enum experience
value_experience(const char *text)
{
	char words[TEXT_MAX];
	enum experience level;
	int years;

	if (text == NULL)
		return EXP_NONE;
	words_fold(text, words);
	level = (enum experience)FIND(words, levels);
	if (level == EXP_INTERN)
		return level;
	if (level != EXP_PRINCIPAL && is_staff_rank(words))
		return EXP_PRINCIPAL;
	if (level == EXP_LEAD && has(words, "lead generation"))
		level = EXP_NONE;
	if (level == EXP_NONE)
		level = whole_level(words);
	if (level != EXP_NONE)
		return level;
	years = years_asked(words);
	if (years < 0)
		return EXP_NONE;
	return years < 2 ? EXP_JUNIOR : years < 5 ? EXP_MID : EXP_SENIOR;
}

static const struct phrase denials[] = {
	{ "no remote", REMOTE_ONSITE },
	{ "not remote", REMOTE_ONSITE },
	{ "non remote", REMOTE_ONSITE },
	{ "remote not", REMOTE_ONSITE },
	{ "no telecommuting", REMOTE_ONSITE },
	{ "kein homeoffice", REMOTE_ONSITE },
	{ "kein home office", REMOTE_ONSITE },
	{ "pas de teletravail", REMOTE_ONSITE },
	{ "five days a week", REMOTE_ONSITE },
	{ "5 days a week", REMOTE_ONSITE },
	{ "five days per week", REMOTE_ONSITE },
	{ "5 days per week", REMOTE_ONSITE },
	{ "5 days in office", REMOTE_ONSITE },
	{ "5 days in the office", REMOTE_ONSITE },
};

static const struct phrase hybrids[] = {
	{ "hybrid", REMOTE_HYBRID },
	{ "hybride", REMOTE_HYBRID },
	{ "hibrido", REMOTE_HYBRID },
	{ "hibrida", REMOTE_HYBRID },
	{ "ibrido", REMOTE_HYBRID },
	{ "hybrydowa", REMOTE_HYBRID },
	{ "hybrydowo", REMOTE_HYBRID },
	{ "partially remote", REMOTE_HYBRID },
	{ "partly remote", REMOTE_HYBRID },
	{ "partial remote", REMOTE_HYBRID },
	{ "teilweise remote", REMOTE_HYBRID },
	{ "teilweise homeoffice", REMOTE_HYBRID },
	{ "teilweise im homeoffice", REMOTE_HYBRID },
	{ "teletravail partiel", REMOTE_HYBRID },
	{ "some remote", REMOTE_HYBRID },
	{ "flexible hybrid", REMOTE_HYBRID },
};

static const struct phrase remotes[] = {
	{ "remote", REMOTE_REMOTE },
	{ "remotely", REMOTE_REMOTE },
	{ "remoto", REMOTE_REMOTE },
	{ "remota", REMOTE_REMOTE },
	{ "remotamente", REMOTE_REMOTE },
	{ "telecommute", REMOTE_REMOTE },
	{ "telecommuting", REMOTE_REMOTE },
	{ "telework", REMOTE_REMOTE },
	{ "work from home", REMOTE_REMOTE },
	{ "work from anywhere", REMOTE_REMOTE },
	{ "working from home", REMOTE_REMOTE },
	{ "wfh", REMOTE_REMOTE },
	{ "home based", REMOTE_REMOTE },
	{ "home office", REMOTE_REMOTE },
	{ "homeoffice", REMOTE_REMOTE },
	{ "teletravail", REMOTE_REMOTE },
	{ "a distance", REMOTE_REMOTE },
	{ "teletrabajo", REMOTE_REMOTE },
	{ "a distancia", REMOTE_REMOTE },
	{ "telelavoro", REMOTE_REMOTE },
	{ "da remoto", REMOTE_REMOTE },
	{ "teletrabalho", REMOTE_REMOTE },
	{ "ortsunabhangig", REMOTE_REMOTE },
	{ "mobiles arbeiten", REMOTE_REMOTE },
	{ "fernarbeit", REMOTE_REMOTE },
	{ "thuiswerk", REMOTE_REMOTE },
	{ "zdalnie", REMOTE_REMOTE },
	{ "zdalna", REMOTE_REMOTE },
	{ "distans", REMOTE_REMOTE },
	{ "anywhere", REMOTE_REMOTE },
	{ "worldwide", REMOTE_REMOTE },
	{ "virtual", REMOTE_REMOTE },
	{ "distributed", REMOTE_REMOTE },
	{ "true", REMOTE_REMOTE },
	{ "yes", REMOTE_REMOTE },
	{ "fully", REMOTE_REMOTE },
};

static const struct phrase onsites[] = {
	{ "on site", REMOTE_ONSITE },
	{ "onsite", REMOTE_ONSITE },
	{ "in office", REMOTE_ONSITE },
	{ "in the office", REMOTE_ONSITE },
	{ "office based", REMOTE_ONSITE },
	{ "in person", REMOTE_ONSITE },
	{ "vor ort", REMOTE_ONSITE },
	{ "im buro", REMOTE_ONSITE },
	{ "sur site", REMOTE_ONSITE },
	{ "presentiel", REMOTE_ONSITE },
	{ "presencial", REMOTE_ONSITE },
	{ "in presenza", REMOTE_ONSITE },
	{ "in sede", REMOTE_ONSITE },
	{ "op locatie", REMOTE_ONSITE },
	{ "stacjonarnie", REMOTE_ONSITE },
};

enum remote
value_remote(const char *text)
{
	char words[TEXT_MAX];
	enum remote remote;
	bool at_office;

	if (text == NULL)
		return REMOTE_NONE;
	words_fold(text, words);
	at_office = FIND(words, onsites) != 0;
	/* "Remote", and "on site five days a week" behind it. */
	remote = (enum remote)FIND(words, denials);
	if (remote != REMOTE_NONE)
		return remote;
	remote = (enum remote)FIND(words, hybrids);
	if (remote == REMOTE_NONE)
		remote = (enum remote)FIND(words, remotes);
	/* "Hybrid or remote": the freest counts. */
	if (remote == REMOTE_HYBRID &&
	    (has(words, "or remote") || has(words, "remote or") ||
		has(words, "fully remote") || has(words, "100% remote")))
		remote = REMOTE_REMOTE;
	if (remote == REMOTE_NONE && at_office)
		remote = REMOTE_ONSITE;
	return remote;
}
