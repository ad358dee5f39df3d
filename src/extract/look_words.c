/*
 * Words by which a list of jobs is recognised, in the languages of the
 * boards that are read most.
 */
#include <string.h>
#include "base/str.h"
#include "extract/look_int.h"
#include "extract/value_int.h"

#define TEXT_BYTES 400

/* Beginnings of words in titles of jobs, folded. */
static const char *const professions[] = { "engineer", "developer", "manager",
	"designer", "analyst", "consultant", "specialist", "assistant",
	"director", "architect", "administrator", "technician", "officer",
	"scientist", "intern ", "internship", "nurse", "teacher", "driver",
	"sales", "recruiter", "accountant", "representative", "coordinator",
	"head of", "lead", "senior", "junior", "principal", "staff ",
	"executive", "associate", "operator", "mechanic", "researcher",
	"programmer", "tester", "supervisor", "advisor", "expert", "trainee",
	"apprentice", "vp ", "chief ", "backend", "frontend", "full stack",
	"fullstack", "devops", "data ", "product ", "software", "entwickler",
	"ingenieur", "leiter", "leitung", "mitarbeiter", "sachbearbeiter",
	"kaufmann", "kauffrau", "werkstudent", "praktik", "ausbildung",
	"auszubildende", "azubi", "berater", "techniker", "fachkraft",
	"assistenz", "referent", "pfleger", "erzieher", "monteur", "fahrer",
	"m w d", "w m d", "m f d", "f m d", "d m w", "f m x", "all genders",
	"h f ", "f h ", "developpeur", "responsable", "charge d", "chef d",
	"commercial", "technicien", "stagiaire", "stage ", "alternan",
	"conseiller", "gestionnaire", "vendeu", "comptable", "ingenier",
	"desarrollador", "gerente", "tecnico", "analista", "asesor",
	"coordinador", "practicas", "becari", "especialista", "ingegnere",
	"sviluppatore", "impiegat", "addett", "tirocin", "programator",
	"vyvojar", "specialista", "manazer", "inzenyr", "asistent", "ucetni",
	"obchodni", "vedouci", "delnik", "ridic", "inzynier", "programista",
	"specjalista", "kierownik", "ontwikkelaar", "medewerker", "adviseur",
	"stagiair", "utvecklare", "ingenjor", "konsult", "desenvolvedor",
	"engenheiro", "estagi" };

/* Beginnings of words in addresses and classes of lists of jobs. */
static const char *const job_words[] = { "job", "career", "karriere", "vacanc",
	"vacature", "position", "opening", "posting", "stelle", "offre",
	"emploi", "empleo", "oferta", "trabaj", "vaga", "prace", "praca",
	"kariera", "carrier", "recruit", "opportunit", "role", "hiring",
	"requisition", "gh jid", "annonce", "ausschreibung", "jobb", "lediga",
	"werken", "lavor", "lavoro", "rekrutt" };

/* Parts of addresses of pages about companies. */
static const char *const company_words[] = { "company", "companies", "startup",
	"startups", "employer", "employers", "organization", "organizations",
	"organisation", "organisations", "arbeitgeber", "unternehmen", "firma",
	"firmy", "entreprise", "entreprises", "empresa", "empresas", "cmp",
	"societe", "companyprofile" };

static const char *const menu_words[] = { "nav", "navbar", "navigation", "menu",
	"footer", "breadcrumb", "breadcrumbs", "pagination", "pager", "cookie",
	"cookies", "social", "language", "languages", "lang", "sharing",
	"share", "topbar" };

/* Words of classes, and the field they name. */
static const struct pair field_words[] = { { "location", "location" },
	{ "locations", "location" }, { "place", "location" },
	{ "city", "location" }, { "ort", "location" },
	{ "standort", "location" }, { "arbeitsort", "location" },
	{ "lieu", "location" }, { "ville", "location" },
	{ "region", "location" }, { "office", "location" },
	{ "ubicacion", "location" }, { "ciudad", "location" },
	{ "lokalita", "location" }, { "misto", "location" },
	{ "miejsce", "location" }, { "address", "location" },
	{ "company", "company" }, { "employer", "company" },
	{ "organization", "company" }, { "organisation", "company" },
	{ "firma", "company" }, { "unternehmen", "company" },
	{ "arbeitgeber", "company" }, { "entreprise", "company" },
	{ "empresa", "company" }, { "subtitle", "company" },
	{ "salary", "salary" }, { "wage", "salary" }, { "pay", "salary" },
	{ "compensation", "salary" }, { "gehalt", "salary" },
	{ "salaire", "salary" }, { "salario", "salary" }, { "mzda", "salary" },
	{ "date", "posted_date" }, { "posted", "posted_date" },
	{ "published", "posted_date" }, { "listdate", "posted_date" },
	{ "age", "posted_date" }, { "datum", "posted_date" },
	{ "fecha", "posted_date" }, { "type", "job_type" },
	{ "employment", "job_type" }, { "contract", "job_type" },
	{ "contrat", "job_type" }, { "commitment", "job_type" },
	{ "worktype", "job_type" }, { "title", "title" }, { "titel", "title" },
	{ "titre", "title" }, { "titulo", "title" }, { "headline", "title" },
	{ "description", "description" }, { "summary", "description" },
	{ "excerpt", "description" }, { "snippet", "description" },
	{ "teaser", "description" }, { "department", "department" },
	{ "team", "department" }, { "abteilung", "department" },
	{ "category", "department" }, { "categories", "department" } };

/* " words of text ": folded, letters and digits only, camelCase parted. */
static void
words_fold(const char *text, bool camel, char to[TEXT_BYTES])
{
	char folded[TEXT_BYTES], parted[TEXT_BYTES];
	size_t n = 0, length = 0;

	for (const char *p = text; *p != '\0' && length < TEXT_BYTES - 2; p++) {
		if (camel && p > text && *p >= 'A' && *p <= 'Z' &&
		    p[-1] >= 'a' && p[-1] <= 'z')
			parted[length++] = ' ';
		parted[length++] = *p;
	}
	value_fold(parted, length, folded, sizeof(folded));
	to[n++] = ' ';
	for (const char *p = folded; *p != '\0' && n < TEXT_BYTES - 2; p++) {
		bool keep = (*p >= 'a' && *p <= 'z') ||
			    (*p >= '0' && *p <= '9') || (*p & 0x80) != 0;

		if (keep || to[n - 1] != ' ')
			to[n++] = keep ? *p : ' ';
	}
	if (to[n - 1] != ' ')
		to[n++] = ' ';
	to[n] = '\0';
}

/* Does a word begin so (or, whole, is it one)? */
static bool
has_word(const char *words, const char *begin, bool whole)
{
	size_t n = strlen(begin);

	for (const char *p = words; (p = strstr(p, begin)) != NULL; p++)
		if (p[-1] == ' ' && (!whole || p[n] == ' '))
			return true;
	return false;
}

#define HAS_ANY(words, list, whole) \
	has_any(words, list, sizeof(list) / sizeof((list)[0]), whole)

static bool
has_any(const char *words, const char *const *list, size_t n, bool whole)
{
	for (size_t i = 0; i < n; i++)
		if (has_word(words, list[i], whole))
			return true;
	return false;
}

bool
look_names_job(const char *title)
{
	char words[TEXT_BYTES];

	words_fold(title, false, words);
	return HAS_ANY(words, professions, false);
}

bool
look_speaks_of_jobs(const char *text)
{
	char words[TEXT_BYTES];

	words_fold(text, true, words);
	return HAS_ANY(words, job_words, false);
}

bool
look_speaks_of_companies(const char *path)
{
	char words[TEXT_BYTES];

	words_fold(path, true, words);
	return HAS_ANY(words, company_words, true);
}

bool
look_speaks_of_menus(const char *text)
{
	char words[TEXT_BYTES];

	words_fold(text, true, words);
	return HAS_ANY(words, menu_words, true);
}

const char *
look_field_of(const char *text)
{
	char words[TEXT_BYTES];
	const char *last = NULL, *field = NULL;

	words_fold(text, true, words);
	/* "company-location" is a location: the last word decides. */
	for (size_t i = 0; i < sizeof(field_words) / sizeof(field_words[0]);
	     i++) {
		const char *at = words, *word = field_words[i].name;
		size_t n = strlen(word);

		while ((at = strstr(at, word)) != NULL) {
			if (at[-1] == ' ' && at[n] == ' ' &&
			    (last == NULL || at > last)) {
				last = at;
				field = field_words[i].value;
			}
			at++;
		}
	}
	return field;
}
