/*
 * The types that options.def names: T(NAME, type of the member, word for
 * help, how the environment gives it, reader).
 */
#ifndef CONF_OPTION_TYPES_H
#define CONF_OPTION_TYPES_H

#include "conf/conf_int.h"

#define OPTION_TYPES(T)                                                      \
	T(TEXT, const char *, "text", SCALAR, option_text)                   \
	T(EMAIL, const char *, "address", SCALAR, option_email)              \
	T(MAILBOX, const char *, "name and address", SCALAR, option_mailbox) \
	T(ZONE, const char *, "zone", SCALAR, option_zone)                   \
	T(SKILLS, struct user_conf, "list", LIST, option_skills)             \
	T(LOCATIONS, struct user_conf, "list", LIST, option_locations)       \
	T(COMPANIES, struct user_conf, "list", LIST, option_companies)       \
	T(WORDS, struct user_conf, "list", LIST, option_words)               \
	T(EXPERIENCE, enum experience, "word", SCALAR, option_experience)    \
	T(AMOUNT, double, "number", SCALAR, option_amount)                   \
	T(CURRENCY, const char *, "currency", SCALAR, option_currency)       \
	T(PERIOD, enum pay_period, "word", SCALAR, option_period)            \
	T(MINUTE, uint32_t, "time", SCALAR, option_minute)                   \
	T(QUIET, struct user_conf, "times", SCALAR, option_quiet)            \
	T(PAUSE, struct user_conf, "date", SCALAR, option_pause)             \
	T(CONTACT, const char *, "URL or address", SCALAR, option_contact)   \
	T(SOURCES, struct source *, "mapping", MAP, option_sources)          \
	T(SMTP, const char *, "URL", SCALAR, option_smtp)                    \
	T(CREDENTIAL, const char *, "credential:NAME", SCALAR,               \
	    option_credential)                                               \
	T(PATH, const char *, "path", SCALAR, option_path)                   \
	T(DIRECTORY, const char *, "path", SCALAR, option_directory)         \
	T(DATABASE, const char *, "word or URL", SCALAR, option_database)    \
	T(DURATION, int64_t, "duration", SCALAR, option_duration)            \
	T(SWITCH, bool, "on or off", SCALAR, option_switch)                  \
	T(COUNT, uint32_t, "number", SCALAR, option_count)                   \
	T(LOG, const char *, "word", SCALAR, option_log)

#define T(name, ctype, word, kind, fn)                        \
	typedef ctype option_ctype_##name;                    \
	bool fn(const struct reader *, const struct option *, \
	    const struct node *, void *member);
OPTION_TYPES(T)
#undef T

#endif
