/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_PROPERTY_SEQUENCE_H
#define DAIS_TESTS_PROPERTY_SEQUENCE_H

#include <stdio.h>

#include "proto/kind.h"
#include "registry/rules/policy.h"

/* A sequence of events: what people say to a cycle, and when its deadlines are closed. It names
 * entries and ids by the events that make them, not by index, so that it can be cut down: what is
 * left still means the same. Played by player.h; printed as a scenario (tests/support/scenario.h).
 */

#define SEQUENCE_EVENTS_MAX  320
#define SEQUENCE_ARGS_MAX    192
#define SEQUENCE_CHANGES_MAX 12
#define SEQUENCE_BASE_MS     1800000000000ULL
#define SEQUENCE_HOUR_MS     3600000ULL

/* Numbers that stand for ids. */
enum {
    NAME_NONE = 0,
    NAME_ACTOR = 1,     /* and on: the actors of the cast */
    NAME_UNKNOWN = 90,  /* nobody has it */
    NAME_CARRIED = 100, /* and on: organisations of an earlier cycle */
    NAME_MESSAGE = 1000 /* and on: the id of the message of event n */
};

/* A number that names the entry of an event. */
#define ENTRY_OF(uid)        (((uint64_t)1 << 40) + (uid))
#define IS_ENTRY_OF(number)  ((number) >= (uint64_t)1 << 40)
#define ENTRY_OF_UID(number) ((unsigned)((number) - ((uint64_t)1 << 40)))

/* A field of a subject: lines are texts that live for ever, all others numbers (ids by the numbers
 * above, times in hours, keys by the cast). A list is the number of its elements and then the
 * fields of each. */
typedef union {
    uint64_t number;
    const char *text;
} event_arg_t;

typedef enum { EVENT_MESSAGE, EVENT_TICK } event_type_t;

typedef struct {
    event_type_t type;
    uint8_t kind;
    uint8_t who;       /* of the cast */
    bool joins;        /* stands in the bundle of the message before, if it can */
    bool shares_stamp; /* its bundle stands under the stamp of the bundle before, if it can */
    uint16_t uid;      /* from 1; its place before anything was cut */
    uint32_t hour;     /* when it is logged: at that time, or when it is the turn */
    uint32_t received; /* the hour at which it was received, not after that */
    uint32_t id;       /* 0: its own */
    uint32_t on_behalf;
    unsigned arg_count;
    event_arg_t args[SEQUENCE_ARGS_MAX];
} event_t;

typedef struct {
    const char *key;
    const char *value;
} sequence_change_t;

typedef struct {
    uint64_t seed;
    const char *policy; /* file of policies/, without its ending */
    sequence_change_t changes[SEQUENCE_CHANGES_MAX];
    unsigned change_count;
    unsigned carried; /* cases of an earlier cycle: of NAME_CARRIED, and so on */
    unsigned count;
    event_t events[SEQUENCE_EVENTS_MAX];
} sequence_t;

/* Who speaks. The first is the secretariat of genesis, all others are put on the roster. */
typedef struct {
    const char *name;
    uint8_t actor; /* number in NAME_ACTOR + actor; two of the same actor are two keys */
    uint8_t role;
    const char *state;
    const char *holder;
} cast_t;

enum {
    CAST_SEC,
    CAST_DEPUTY,
    CAST_OFFICE,
    CAST_OTHER,
    CAST_XA,
    CAST_XB,
    CAST_XC,
    CAST_XD,
    CAST_CHAIR,
    CAST_BUREAU,
    CAST_CONFERENCE,
    CAST_INSPECTOR,
    CAST_INTAKE,
    CAST_INTAKE_2,
    CAST_INTAKE_3,
    CAST_XA_2,
    CAST_COUNT
};

extern const cast_t cast[CAST_COUNT];

dais_id_t sequence_id(uint64_t name);
uint64_t sequence_name(const uint8_t id[DAIS_ID_SIZE]);

/* Packs the subject of a message event. entry_of gives the index for ENTRY_OF numbers. The slice
 * lives in the buffer. False if it is not of the shape of its kind. */
typedef uint64_t sequence_entry_fn_t(void *context, unsigned uid);
typedef dais_key_t sequence_key_fn_t(unsigned number);
bool sequence_pack(const event_t *event, sequence_entry_fn_t *entry_of, void *context,
                   sequence_key_fn_t *key_of, uint8_t *buffer, size_t capacity,
                   dais_slice_t *subject);

/* The text of the policy with its changes, into a buffer of DAIS_LIMIT_POLICY bytes. */
dais_slice_t sequence_policy(const sequence_t *sequence, char *buffer);

void sequence_print(const sequence_t *sequence, FILE *out);

#endif
