/* SPDX-License-Identifier: Apache-2.0
 *
 * For a pass over records.def, subjects.def or calls.def that wants the shapes and not their
 * fields. Meant to be included many times; proto/undef.h ends the pass. */
/* lint: no-guard */
#define UINT(name, field, max, text)
#define COUNT(name, field, max, text)
#define CHOICE(name, field, set, text)
#define CHOICE_OR_NONE(name, field, set, text)
#define TIME(name, field, text)
#define HASH(name, field, text)
#define KEY(name, field, text)
#define ID(name, field, text)
#define OPTIONAL(name, field, size, text)
#define BYTES(name, field, min, max, text)
#define PATH(name, field, max, text)
#define LINE(name, field, min, max, text)
#define TEXT(name, field, min, max, text)
#define LIST(name, field, element, min, max, text)
#define ANY(name, field, max, text)
#define END(name)
