/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_VERB_H
#define DAIS_OFFICE_VERB_H

#include "office/convert.h"
#include "office/office.h"
#include "office/outbox.h"

/* Verbs that say something: each fills the subject of one kind of message and puts the message into
 * the outbox, without network. A verb is a few lines of table; every field of the subject that the
 * verb does not speak of is an option of the field's name, of the field's type, with the field's
 * text, required unless it can be empty. */

typedef enum {
    DAIS_SLOT_OPTION,  /* an option; `value`: what stands for it if it is not given */
    DAIS_SLOT_OPERAND, /* an operand */
    DAIS_SLOT_FIXED,   /* always `value` */
    DAIS_SLOT_DIGEST,  /* an option that names a file, of which the field is the SHA-256 */
    DAIS_SLOT_FILLED,  /* by the verb's own fill() */
    DAIS_SLOT_EITHER,  /* of a list: an option, or the operands, or both */
} dais_slot_source_t;

typedef struct {
    const char *field; /* of the subject; null ends the list */
    dais_slot_source_t source;
    const char *name;  /* of the option or operand; null: the field's, with dashes */
    const char *value; /* see above; for an option, null: none */
    const char *text;  /* for help; null: the field's */
} dais_slot_t;

enum {
    DAIS_VERB_WRITING = 1 << 0, /* has a public text: operand TEXT-FILE, --attach */
    DAIS_VERB_PRIVATE = 1 << 1, /* may have a private text: --private TEXT-FILE */
    DAIS_VERB_BEHALF = 1 << 2,  /* is said for an organisation: --for ID */
    DAIS_VERB_FINAL = 1 << 3    /* cannot be undone: asks, or takes --yes */
};

typedef struct dais_verb dais_verb_t;

/* Where a verb's values come from: the command line, or a row of a file. */
typedef struct {
    /* The i-th value of an option, from 0; null behind the last, and where it has none. */
    const char *(*value)(void *context, const char *option, size_t i);
    const char *(*operand)(void *context, size_t i);
    void *context;
} dais_verb_source_t;

/* A verb at work. */
typedef struct {
    const dais_verb_t *verb;
    dais_verb_source_t source;
    dais_office_t *office;
    dais_convert_t *convert;
    void *subject;          /* the struct of the kind's subject */
    dais_file_bytes_t text; /* the public text as read */
    dais_file_bytes_t private_text;
    uint64_t now_ms;
    json_t *extra; /* what the verb has to say beside the message: an object, or null */
    char fault_code[DAIS_LIMIT_CODE + 1];
    char fault[DAIS_CONVERT_WHY_MAX + 128]; /* what is wrong with the values */
    /* The message, once it is built; the slices lie in `bytes`. */
    uint8_t *bytes;
    dais_outbox_message_t message;
    dais_id_t id;
} dais_saying_t;

/* Fills the subject from the source and builds the message. False with fault filled in. Whatever
 * it returns, dais_saying_free(). */
DAIS_MUST_CHECK bool dais_saying_build(dais_saying_t *saying);
void dais_saying_free(dais_saying_t *saying);

/* For fill(): says what is wrong and returns false. */
bool dais_saying_fault(dais_saying_t *saying, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

struct dais_verb {
    const char *group; /* "" or the command it stands below: "cycle", "cycle comment" */
    const char *name;
    unsigned kind;
    unsigned flags;
    const char *text;
    const dais_slot_t *slots;
    const dais_arg_option_t *options;    /* of its own, beside those of the fields; or null */
    bool (*fill)(dais_saying_t *saying); /* sets what the table cannot; null for nothing */
    const char *consequence;             /* of a final one */
    const char *examples[3];             /* null ends it */
};

/* All of them; the name is null after the last. */
extern const dais_verb_t dais_verbs[];

/* The table of the command line, built from the verbs and the other commands. */
const dais_command_t *dais_verb_program(void);

/* Runs the verb that args names. */
int dais_verb_run(const dais_args_t *args, void *context);

/* The option of a field: its name. Lists take it once for each element. */
void dais_verb_option_name(const dais_slot_t *slot, const dais_field_t *field, char *name,
                           size_t size);

/* The slot that a verb has for a field; null if it has none. */
const dais_slot_t *dais_verb_slot(const dais_verb_t *verb, const char *field);

/* Lists that can also be read from a file, a line for each element: --targets FILE. */
bool dais_verb_reads_file(const dais_field_t *field);

#endif
