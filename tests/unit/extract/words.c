/* Kind of work, experience, remote work. */
#include "check.h"
#include "extract/extract.h"

static void
job_types(void)
{
	static const struct {
		const char *text;
		enum job_type want;
	} cases[] = {
		{ "Full-time", JOB_FULL_TIME },
		{ "FULL_TIME", JOB_FULL_TIME },
		{ "fulltime", JOB_FULL_TIME },
		{ "Vollzeit, unbefristet", JOB_FULL_TIME },
		{ "Temps plein", JOB_FULL_TIME },
		{ "Jornada completa", JOB_FULL_TIME },
		{ "PART_TIME", JOB_PART_TIME },
		{ "Teilzeit", JOB_PART_TIME },
		{ "Werkstudent (m/w/d)", JOB_PART_TIME },
		{ "Full-time or part-time", JOB_FULL_TIME },
		{ "Teilzeit/Vollzeit", JOB_PART_TIME },
		{ "Contract, full time", JOB_CONTRACT },
		{ "CONTRACTOR", JOB_CONTRACT },
		{ "Freelance", JOB_CONTRACT },
		{ "CDD", JOB_TEMPORARY },
		{ "befristet", JOB_TEMPORARY },
		{ "TEMPORARY", JOB_TEMPORARY },
		{ "INTERN", JOB_INTERNSHIP },
		{ "Praktikum in Vollzeit", JOB_INTERNSHIP },
		{ "Pr\xc3\xa1"
		  "cticas",
		    JOB_INTERNSHIP },
		{ "VOLUNTEER", JOB_VOLUNTEER },
		{ "International sales", JOB_TYPE_NONE },
		{ "Permanent", JOB_TYPE_NONE },
		{ "OTHER", JOB_TYPE_NONE },
		{ "", JOB_TYPE_NONE },
		{ NULL, JOB_TYPE_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (value_job_type(cases[i].text) != cases[i].want) {
			printf("'%s'\n", cases[i].text);
			CHECK_INT(value_job_type(cases[i].text), cases[i].want);
		}
}

static void
experiences(void)
{
	static const struct {
		const char *text;
		enum experience want;
	} cases[] = {
		{ "Internship", EXP_INTERN },
		{ "International Sales", EXP_NONE },
		{ "Entry level", EXP_JUNIOR },
		{ "Junior Developer", EXP_JUNIOR },
		{ "Berufseinsteiger", EXP_JUNIOR },
		{ "D\xc3\xa9"
		  "butant",
		    EXP_JUNIOR },
		{ "Mid-level", EXP_MID },
		{ "Mid-Senior level", EXP_SENIOR },
		{ "Senior Software Engineer", EXP_SENIOR },
		{ "Sr. Engineer", EXP_SENIOR },
		{ "Lead Engineer", EXP_LEAD },
		{ "Senior Lead", EXP_LEAD },
		{ "Director", EXP_LEAD },
		{ "Principal Engineer", EXP_PRINCIPAL },
		{ "Staff Software Engineer", EXP_PRINCIPAL },
		{ "Senior Staff Engineer", EXP_PRINCIPAL },
		{ "Member of Technical Staff", EXP_NONE },
		{ "Staff Accountant", EXP_NONE },
		{ "Leadership", EXP_NONE },
		{ "Executive", EXP_LEAD },
		{ "Account Executive", EXP_NONE },
		{ "Data Entry Clerk", EXP_NONE },
		{ "Lead Generation Specialist", EXP_NONE },
		{ "0-1 years", EXP_JUNIOR },
		{ "3-5 years", EXP_MID },
		{ "5+ years of experience", EXP_SENIOR },
		{ "99999999999999999999 years", EXP_SENIOR },
		{ "", EXP_NONE },
		{ NULL, EXP_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (value_experience(cases[i].text) != cases[i].want) {
			printf("'%s'\n", cases[i].text);
			CHECK_INT(
			    value_experience(cases[i].text), cases[i].want);
		}
}

static void
remotes(void)
{
	static const struct {
		const char *text;
		enum remote want;
	} cases[] = {
		{ "Remote", REMOTE_REMOTE },
		{ "TELECOMMUTE", REMOTE_REMOTE },
		{ "100% Homeoffice", REMOTE_REMOTE },
		{ "T\xc3\xa9l\xc3\xa9travail", REMOTE_REMOTE },
		{ "true", REMOTE_REMOTE },
		{ "false", REMOTE_NONE },
		{ "Hybrid", REMOTE_HYBRID },
		{ "Hybrid remote", REMOTE_HYBRID },
		{ "Hybrid or Remote", REMOTE_REMOTE },
		{ "H\xc3\xad"
		  "brido",
		    REMOTE_HYBRID },
		{ "On-site", REMOTE_ONSITE },
		{ "In-Office", REMOTE_ONSITE },
		{ "vor Ort", REMOTE_ONSITE },
		{ "no remote", REMOTE_ONSITE },
		{ "Remote, on site five days a week", REMOTE_ONSITE },
		{ "Berlin", REMOTE_NONE },
		{ "remoteness", REMOTE_NONE },
		{ "", REMOTE_NONE },
		{ NULL, REMOTE_NONE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (value_remote(cases[i].text) != cases[i].want) {
			printf("'%s'\n", cases[i].text);
			CHECK_INT(value_remote(cases[i].text), cases[i].want);
		}
}

TESTS(TEST(job_types), TEST(experiences), TEST(remotes))
