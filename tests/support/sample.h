/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SUPPORT_SAMPLE_H
#define DAIS_TESTS_SUPPORT_SAMPLE_H

#include "proto/kind.h"
#include "tests/support/sample_log.h"

/* One realistic example of every format: golden files, the documentation's examples, first inputs
 * of the fuzz targets and of benchmarks. All are of the log of sample_log.h, and the same bytes in
 * every build. */

typedef enum {
    DAIS_SAMPLE_RECORD,  /* the bytes are of `shape` */
    DAIS_SAMPLE_SIGNED,  /* the same, with 64 bytes of signature behind */
    DAIS_SAMPLE_SUBJECT, /* of `shape`, the subject of a kind */
    DAIS_SAMPLE_BINARY,  /* bytes outside MessagePack */
    DAIS_SAMPLE_TEXT,
} dais_sample_form_t;

typedef struct {
    const char *name; /* of a record or subject: that of its shape, for variants with more behind */
    const char *text; /* what it is an example of */
    dais_sample_form_t form;
    const dais_shape_t *shape; /* null outside MessagePack */
    bool draft;                /* a subject that may still change */
    dais_slice_t bytes;
} dais_sample_t;

/* All of them; name is null after the last. */
const dais_sample_t *dais_samples(void);

/* Null if there is none of this name. */
const dais_sample_t *dais_sample_find(const char *name);

/* A message of this kind, of the registry's own kinds an own record, with its sample subject and,
 * for a message, what opens its contents. Not for genesis. */
dais_item_t dais_sample_of_kind(const dais_kind_t *kind);

/* The files below are the list's parts. */

#define DAIS_SAMPLES_MAX 192

typedef struct {
    dais_sample_t items[DAIS_SAMPLES_MAX];
    size_t count;
} dais_sample_list_t;

void dais_sample_add(dais_sample_list_t *list, const dais_sample_t *sample);

void dais_sample_add_records(dais_sample_list_t *list);
void dais_sample_add_files(dais_sample_list_t *list);
void dais_sample_add_subjects(dais_sample_list_t *list);
void dais_sample_add_formats(dais_sample_list_t *list);
void dais_sample_add_calls(dais_sample_list_t *list); /* after all others, which they carry */

/* One opened entry, for the public (nothing private) or for whoever may see all of it. */
dais_slice_t dais_sample_opening(uint64_t seq, bool public);

/* The same as an entry of an exported log, and the whole exported log. */
dais_export_entry_t dais_sample_export_entry(uint64_t seq, bool closed);
dais_slice_t dais_sample_export(bool public);

#endif
