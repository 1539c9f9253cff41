/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SCENARIO_PACK_H
#define DAIS_TESTS_SUPPORT_SCENARIO_PACK_H

#include "proto/device.h"
#include "proto/kind.h"

/* Subjects from the words of a scenario's line, by the tables of their shapes. */

#define SCENARIO_BASE_MS 1800000000000ULL

typedef union {
#define KIND(number, NAME, name, stream, subject, text) dais_##subject##_t as_##NAME;
#include "proto/messages.def"
#undef KIND
    dais_call_t call;
    dais_list_version_t list_version;
} scenario_subject_t;

/* Zero to begin with. */
typedef struct {
    uint64_t base_ms; /* hours count from here */
    char *words[128]; /* of the line */
    unsigned count;
    uint8_t bytes[128 * 1024]; /* ids and lists of the line */
    size_t used;
    dais_writer_t elements;
    const char *list; /* field whose elements are being packed */
    struct {
        char name[32];
        dais_id_t id;
    } known[4096]; /* ids with their names, for what is printed */
    unsigned known_count;
    struct {
        char name[32];
        uint64_t index;
    } labels[4096];
    unsigned label_count;
} scenario_pack_t;

dais_id_t scenario_pack_id(const char *name);

/* The keys of the device of this name, which follow from the name; it lives as long as the
 * program. */
const dais_device_t *scenario_pack_device(const char *name);
dais_key_t scenario_pack_key(const char *name);

/* The id of a name that can be shown later. */
dais_id_t scenario_pack_know(scenario_pack_t *pack, const char *name);
const char *scenario_pack_name(const scenario_pack_t *pack, const dais_id_t *id);
void scenario_pack_label(scenario_pack_t *pack, const char *name, uint64_t index);

/* Cuts the line, which is changed, and forgets what was packed for the line before. */
void scenario_pack_split(scenario_pack_t *pack, char *text);

/* The value of "name=value" among the words, or null. */
const char *scenario_pack_arg(const scenario_pack_t *pack, const char *name);

void scenario_pack_subject(scenario_pack_t *pack, const dais_shape_t *shape, void *subject);

#endif
