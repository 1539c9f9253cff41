/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_RULES_STATE_H
#define DAIS_RULES_STATE_H

#include "proto/records.h"

/* What the rules remember of a log: typed rows in tables (rows.def), moved only along the tables of
 * states.def. A row refers to others by number, numbers are given in order of arrival, and ids are
 * looked up once, at the edge; so the cost of an entry does not grow with the log. Everything that
 * is counted in public is a running count in the cycle's row. */

/* DAIS_CYCLE_OPEN, DAIS_APPLICATION_ADMITTED and so on, with types dais_cycle_state_t and so on. */
/* clang-format off */
#define MACHINE(machine, MACHINE, text)                            typedef enum {
#define STATE(machine, MACHINE, number, NAME, word, end, next) DAIS_##MACHINE##_##NAME = (number),
#define MACHINE_END(machine)                                       } dais_##machine##_state_t;
#include "registry/rules/states.def"
#undef MACHINE
#undef STATE
#undef MACHINE_END

typedef enum {
#define MACHINE(machine, MACHINE, text)                            DAIS_MACHINE_##MACHINE,
#define STATE(machine, MACHINE, number, NAME, word, end, next)
#define MACHINE_END(machine)
#include "registry/rules/states.def"
#undef MACHINE
#undef STATE
#undef MACHINE_END
    DAIS_MACHINE_COUNT
} dais_machine_t;

/* dais_organisation_row_t and so on. */
#define ROW(row, text)                       typedef struct {
#define U64(row, field, text)                uint64_t field;
#define U32(row, field, text)                uint32_t field;
#define U16(row, field, text)                uint16_t field;
#define U8(row, field, text)                 uint8_t field;
#define LINE32(row, field, text)             uint32_t field;
#define CACHE32(row, field, text)            uint32_t field;
#define OCTETS(row, field, size, text)       uint8_t field[size];
#define NUMBERS(row, field, count, text)     uint32_t field[count];
#define ROW_END(row)                         } dais_##row##_row_t;
#define TABLE(NAME, row, form, key, text)
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): terms of a sum */
/* The fields add up to the size of the row: there is no hidden padding, a row is its bytes. */
#define ROW(row, text)                       _Static_assert(sizeof(dais_##row##_row_t) == 0
#define U64(row, field, text)                + 8
#define U32(row, field, text)                + 4
#define U16(row, field, text)                + 2
#define U8(row, field, text)                 + 1
#define LINE32(row, field, text)             + 4
#define CACHE32(row, field, text)            + 4
#define OCTETS(row, field, size, text)       + (size)
#define NUMBERS(row, field, count, text)     + 4 * (count)
#define ROW_END(row)                         , "padding in " #row);
#define TABLE(NAME, row, form, key, text)
#include "registry/rules/rows.def"
#include "registry/rules/rows_undef.h"
/* NOLINTEND(bugprone-macro-parentheses) */
/* clang-format on */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "rows are kept in this byte order");

/* The table of a machine. next has bit n set if state n may follow; name of state 0 is null. */
typedef struct {
    const char *name;
    const char *text;
    unsigned count; /* states are 1..count */
    struct {
        const char *name;
        uint32_t next;
        bool is_final;
    } states[16];
} dais_machine_table_t;

const dais_machine_table_t *dais_machine(dais_machine_t machine);

/* True if the table lets `to` follow `from`. */
bool dais_machine_allows(dais_machine_t machine, unsigned from, unsigned to);

/* What a standing rests on, for the outcome entry. Each names one policy key, but for the last
 * two, which name none. Fixed with the rules number. */
typedef enum {
    DAIS_CAUSE_NONE = 0,
    DAIS_CAUSE_WINDOW = 1,      /* objection-window: nobody objected, or nobody still does */
    DAIS_CAUSE_THRESHOLD = 2,   /* objection-threshold: too few objected */
    DAIS_CAUSE_EFFECT = 3,      /* objection-effect */
    DAIS_CAUSE_UNDECIDED = 4,   /* state-while-undecided */
    DAIS_CAUSE_DECIDER = 5,     /* decider: a decision */
    DAIS_CAUSE_LAPSE = 6,       /* lapse-rule */
    DAIS_CAUSE_ROUTE = 7,       /* ecosoc-route */
    DAIS_CAUSE_ENDORSEMENT = 8, /* endorsement */
    DAIS_CAUSE_LIST = 9,        /* list-maker: listed, and no window to wait for */
    DAIS_CAUSE_WITHDRAWAL = 10, /* the office withdrew */
    DAIS_CAUSE_SESSION_END = 11 /* the session ended before anybody had dealt with it */
} dais_cause_t;

/* What the public was told of an organisation. The words stand in outcome entries. */
typedef enum {
    DAIS_TOLD_NOTHING = 0,
    DAIS_TOLD_ADMITTED = 1,    /* "admitted" */
    DAIS_TOLD_PROVISIONAL = 2, /* "provisional"; from here on only where the cause is public … */
    DAIS_TOLD_AWAITING = 3,    /* "awaiting" */
    DAIS_TOLD_PENDING = 4,     /* "pending" */
    DAIS_TOLD_BLOCKED = 5,     /* "blocked" */
    DAIS_TOLD_REFUSED = 6,     /* "refused" */
    DAIS_TOLD_WITHDRAWN = 7,   /* "withdrawn" */
    DAIS_TOLD_LAPSED = 8,      /* "lapsed" */
    DAIS_TOLD_NOT_SHOWN = 9    /* … "not-shown": whatever the cause */
} dais_told_t;

/* What an entry is about. */
typedef enum {
    DAIS_SCOPE_NONE = 0,         /* the cycle as a whole */
    DAIS_SCOPE_ORGANISATION = 1, /* organisation number */
    DAIS_SCOPE_COMMENT = 2,      /* comment number */
    DAIS_SCOPE_ACTOR = 3,        /* actor number */
    DAIS_SCOPE_TARGETS = 4       /* rows of the table TARGET; organisations, number of them */
} dais_scope_t;

/* Routes of admission. */
typedef enum { DAIS_ROUTE_FORM = 1, DAIS_ROUTE_NOTIFY = 2, DAIS_ROUTE_ACCORDED = 3 } dais_route_t;

/* Bits of the marks of organisations and comments. */
enum { DAIS_MARK_LATE = 1, DAIS_MARK_TIMELY = 2, DAIS_MARK_IN_AT_END = 4 };

/* Bits of the marks of objections. */
enum { DAIS_OBJECTION_NAMED = 1, DAIS_OBJECTION_TIMELY = 2, DAIS_OBJECTION_WITHDRAWN_TIMELY = 4 };

/* Bits of the marks of entries. */
enum { DAIS_ENTRY_REFUSED = 1, DAIS_ENTRY_WITHHELD = 2, DAIS_ENTRY_ERASED = 4 };

/* Where an application stands, by the words of docs/rules.md: "in" may take part, "pre-list" has
 * not come before the States. */
bool dais_application_is_in(unsigned state);
bool dais_application_is_pre_list(unsigned state);

#endif
