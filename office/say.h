/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_SAY_H
#define DAIS_OFFICE_SAY_H

#include <jansson.h>

#include "base/exit.h"
#include "base/slice.h"

/* What a verb says. Its result goes to stdout, in one of three forms that are all made from the
 * same JSON objects, so that they cannot tell different things; everything else goes to stderr. */
typedef enum {
    DAIS_SAY_TEXT,  /* for people */
    DAIS_SAY_JSON,  /* --json: one object a line, each with "type" and "v" */
    DAIS_SAY_PLAIN, /* --plain: values parted by tabs, a line for each row */
} dais_say_form_t;

typedef struct {
    dais_say_form_t form;
    bool spoke; /* a verb is at work, and says itself what goes wrong */
} dais_say_t;

/* A column of a table: the key in each row's object, and its head. */
typedef struct {
    const char *key;
    const char *head;
} dais_column_t;

/* "error[code]: ..." and "hint: ..." (hint may be null), with --json also an object of type error
 * on stdout. Returns status, so that a verb can end with it. */
int dais_say_error(const dais_say_t *say, dais_exit_t status, const char *code, const char *hint,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same for an error of the libraries: its own code and text after what it is about. */
int dais_say_err(const dais_say_t *say, dais_err_t err, const char *about);

/* A line on stderr; a hint is one that says what to do next. */
void dais_say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void dais_say_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An object for "type" name, to be filled in; null without memory. */
json_t *dais_say_new(const char *type);

/* One result. Takes the object; a null one (no memory) is an error. Returns the exit status. */
int dais_say_object(const dais_say_t *say, json_t *object);

/* A table. Takes the array of objects. columns end with a null key. */
int dais_say_rows(const dais_say_t *say, json_t *rows, const dais_column_t *columns);

/* Lower-case hex; text has room for two digits a byte and a NUL. Returns text. */
char *dais_say_hex(dais_slice_t bytes, char *text, size_t size);

#endif
