/* SPDX-License-Identifier: Apache-2.0
 *
 * From the text of a policy to its values. The text is a list of sections: `policy` with the head,
 * then one section a key with `value`, `source` and `confirmed`, in any order. A section is
 * gathered line by line and judged as a whole when the next one begins, so that what is missing is
 * reported at the section and not at the end of the file. Reading goes on after a fault: a person
 * who wrote a policy sees all slips at once. A fault hides those that only follow from it: a
 * section whose name or a line of which could not be read is not reported as missing something. */
#include "registry/rules/policy.h"

#include "base/nearest.h"
#include "base/zpl.h"
#include "proto/limits.h"
#include "registry/rules/policy_check.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_scan.h"
#include "registry/rules/policy_value.h"

enum { HEAD_ID, HEAD_VERSION, HEAD_TITLE, HEAD_VALID_FROM, HEAD_LEGAL_BASIS, HEAD_COUNT };
static const char *const head_names[] = {"id", "version", "title", "valid-from", "legal-basis"};

enum { PART_VALUE, PART_SOURCE, PART_CONFIRMED, PART_COUNT };
static const char *const part_names[] = {"value", "source", "confirmed"};

#define PARTS_MAX HEAD_COUNT /* lines of the section that has most */

typedef enum { SECTION_SKIPPED, SECTION_HEAD, SECTION_KEY } section_kind_t;

typedef struct {
    dais_policy_t *policy;
    dais_policy_faults_t *faults;
    section_kind_t kind;
    dais_policy_key_t key;
    dais_zpl_item_t section;
    dais_zpl_item_t parts[PARTS_MAX]; /* line 0: not seen */
    bool section_damaged;             /* a line of it could not be read */
    bool names_damaged;               /* a line that may have named a section could not be read */
    bool head_seen;
    bool seen[DAIS_POLICY_KEY_COUNT]; /* or meant, as far as "did you mean" can tell */
} policy_parser_t;

/* Names of the lines that the section may have, and how many. */
static const char *const *policy_part_names(const policy_parser_t *parser, size_t *count)
{
    *count = parser->kind == SECTION_HEAD ? (size_t)HEAD_COUNT : (size_t)PART_COUNT;
    return parser->kind == SECTION_HEAD ? head_names : part_names;
}

static void policy_fault(policy_parser_t *parser, dais_err_t err, const dais_zpl_item_t *at,
                         dais_policy_fault_t fault)
{
    fault.err = err;
    fault.line = at->line;
    fault.column = at->column;
    dais_policy_faults_add(parser->faults, &fault);
}

/* A value that is refused: the column is that of the piece `found` in it. */
static void policy_refuse(policy_parser_t *parser, const dais_zpl_item_t *part,
                          dais_policy_fault_t fault)
{
    dais_err_t err = fault.err == DAIS_OK ? DAIS_ERR_BAD_VALUE : fault.err;
    dais_zpl_item_t at = *part;
    at.column = part->value_column + (fault.column > 0 ? fault.column - 1 : 0);
    fault.key = parser->section.name;
    policy_fault(parser, err, &at, fault);
}

/* Reports each line that the section lacks. True if it has all. */
static bool policy_is_complete(policy_parser_t *parser)
{
    size_t count = 0;
    const char *const *names = policy_part_names(parser, &count);
    bool unset = parser->kind == SECTION_KEY &&
                 dais_slice_equal(parser->parts[PART_CONFIRMED].value, dais_slice_text("unset"));
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        bool needed = !(unset && i == PART_VALUE);
        if (parser->parts[i].line != 0 || !needed)
            continue;
        complete = false;
        if (!parser->section_damaged)
            policy_fault(parser, DAIS_ERR_MISSING_KEY, &parser->section,
                         (dais_policy_fault_t){.key = parser->section.name,
                                               .key_other = dais_slice_text(names[i])});
    }
    return complete;
}

/* A text of 1 to DAIS_POLICY_TEXT_SIZE_MAX bytes that is not all spaces. */
static void policy_text(policy_parser_t *parser, const dais_zpl_item_t *part, dais_slice_t *text)
{
    *text = dais_scan_trim(part->value);
    if (text->size == 0 || text->size > DAIS_POLICY_TEXT_SIZE_MAX)
        policy_refuse(parser, part,
                      (dais_policy_fault_t){.found = part->value, .valid = "1 to 250 characters"});
}

static void policy_finish_head(policy_parser_t *parser)
{
    dais_policy_t *policy = parser->policy;
    if (!policy_is_complete(parser))
        return;
    const dais_zpl_item_t *parts = parser->parts;
    policy->id = parts[HEAD_ID].value;
    policy->valid_from = parts[HEAD_VALID_FROM].value;
    policy_text(parser, &parts[HEAD_TITLE], &policy->title);
    policy_text(parser, &parts[HEAD_LEGAL_BASIS], &policy->legal_basis);
    if (!dais_scan_is_code(policy->id))
        policy_refuse(
            parser, &parts[HEAD_ID],
            (dais_policy_fault_t){.found = policy->id, .valid = "1 to 40 of a-z, 0-9 and hyphens"});
    if (!dais_scan_number(parts[HEAD_VERSION].value, 1, 9999, &policy->version))
        policy_refuse(parser, &parts[HEAD_VERSION],
                      (dais_policy_fault_t){.found = parts[HEAD_VERSION].value,
                                            .valid = "a number from 1 to 9999"});
    if (!dais_scan_is_date(policy->valid_from) &&
        !dais_slice_equal(policy->valid_from, dais_slice_text("unset")))
        policy_refuse(parser, &parts[HEAD_VALID_FROM],
                      (dais_policy_fault_t){.found = policy->valid_from,
                                            .valid = "a date such as 2022-05-27, or unset"});
}

/* The word behind `confirmed`. */
static bool policy_confirmed(policy_parser_t *parser, dais_policy_confirmed_t *confirmed)
{
    const dais_zpl_item_t *part = &parser->parts[PART_CONFIRMED];
    const dais_policy_words_t *words = dais_policy_words(DAIS_POLICY_WORDS_confirmed);
    unsigned number = 0;
    bool found = dais_policy_words_find(words, part->value, &number);
    if (!found)
        policy_refuse(
            parser, part,
            (dais_policy_fault_t){.found = part->value,
                                  .nearest = dais_policy_words_nearest(words, part->value),
                                  .valid = dais_policy_kind_form(DAIS_POLICY_CHOICE),
                                  .words = words});
    *confirmed = (dais_policy_confirmed_t)number;
    return found;
}

static void policy_finish_key(policy_parser_t *parser)
{
    dais_policy_t *policy = parser->policy;
    dais_policy_key_t key = parser->key;
    const dais_zpl_item_t *value = &parser->parts[PART_VALUE];
    dais_policy_confirmed_t confirmed = DAIS_POLICY_CONFIRMED_NONE;
    if (!policy_is_complete(parser) || !policy_confirmed(parser, &confirmed))
        return;
    policy->line[key] = value->line;
    policy_text(parser, &parser->parts[PART_SOURCE], &policy->source[key]);
    if (confirmed == DAIS_POLICY_CONFIRMED_NONE) {
        if (value->line != 0)
            policy_refuse(parser, value,
                          (dais_policy_fault_t){.found = value->value,
                                                .valid = "no value at all while the key is unset"});
        return;
    }
    dais_policy_fault_t fault;
    if (dais_policy_value_read(policy, key, value->value, &fault))
        policy->confirmed[key] = confirmed;
    else
        policy_refuse(parser, value, fault);
}

static void policy_finish_section(policy_parser_t *parser)
{
    if (parser->kind == SECTION_HEAD)
        policy_finish_head(parser);
    else if (parser->kind == SECTION_KEY)
        policy_finish_key(parser);
    parser->kind = SECTION_SKIPPED;
    parser->section_damaged = false;
    memset(parser->parts, 0, sizeof parser->parts);
}

/* Marks the section as seen; false if it was there before. */
static bool policy_first(policy_parser_t *parser, bool *seen)
{
    if (*seen)
        policy_fault(parser, DAIS_ERR_REPEATED_KEY, &parser->section,
                     (dais_policy_fault_t){.key = parser->section.name});
    bool first = !*seen;
    *seen = true;
    return first;
}

static void policy_unknown_section(policy_parser_t *parser)
{
    const char *nearest = dais_policy_key_nearest(parser->section.name);
    policy_fault(parser, DAIS_ERR_UNKNOWN_POLICY_KEY, &parser->section,
                 (dais_policy_fault_t){.key = parser->section.name, .nearest = nearest});
    if (nearest != NULL)
        parser->seen[dais_policy_key_find(dais_slice_text(nearest))] = true;
}

static void policy_begin_section(policy_parser_t *parser, const dais_zpl_item_t *item)
{
    policy_finish_section(parser);
    parser->section = *item;
    if (item->has_value) {
        policy_fault(parser, DAIS_ERR_BAD_TEXT, item,
                     (dais_policy_fault_t){.key = item->name,
                                           .valid = "the name alone; the value stands below it"});
        parser->names_damaged = true;
        return;
    }
    parser->key = dais_policy_key_find(item->name);
    if (dais_slice_equal(item->name, dais_slice_text("policy"))) {
        if (policy_first(parser, &parser->head_seen))
            parser->kind = SECTION_HEAD;
    } else if (parser->key == DAIS_POLICY_KEY_COUNT) {
        policy_unknown_section(parser);
    } else if (policy_first(parser, &parser->seen[parser->key])) {
        parser->kind = SECTION_KEY;
    }
}

static void policy_add_part(policy_parser_t *parser, const dais_zpl_item_t *item)
{
    size_t count = 0;
    const char *const *names = policy_part_names(parser, &count);
    if (parser->kind == SECTION_SKIPPED)
        return;
    size_t part = 0;
    while (part < count && !dais_slice_equal(item->name, dais_slice_text(names[part])))
        part++;
    dais_policy_fault_t fault = {.key = item->name, .key_other = parser->section.name};
    if (part == count) {
        fault.nearest = dais_nearest(item->name, names, count);
        parser->section_damaged = true;
        policy_fault(parser, DAIS_ERR_UNKNOWN_POLICY_KEY, item, fault);
    } else if (parser->parts[part].line != 0) {
        policy_fault(parser, DAIS_ERR_REPEATED_KEY, item, fault);
    } else {
        parser->parts[part] = *item;
    }
}

/* A line that cannot be read, or stands too deep. */
static void policy_unreadable(policy_parser_t *parser, const dais_zpl_item_t *item)
{
    dais_err_t err = item->err == DAIS_OK ? DAIS_ERR_BAD_INDENT : item->err;
    dais_policy_fault_t fault = {.key = parser->section.name};
    if (item->depth == 0) {
        policy_finish_section(parser);
        parser->names_damaged = true;
        fault.key = dais_slice(NULL, 0);
    }
    parser->section_damaged = true;
    policy_fault(parser, err, item, fault);
}

static void policy_item(policy_parser_t *parser, const dais_zpl_item_t *item)
{
    if (item->err == DAIS_OK && item->depth == 0) {
        policy_begin_section(parser, item);
    } else if (item->err == DAIS_OK && item->depth == 1) {
        policy_add_part(parser, item);
    } else {
        policy_unreadable(parser, item);
    }
}

static void policy_report_missing(policy_parser_t *parser, uint32_t line)
{
    dais_zpl_item_t end = {.line = line, .column = 1};
    if (parser->names_damaged)
        return;
    if (!parser->head_seen)
        policy_fault(parser, DAIS_ERR_MISSING_KEY, &end,
                     (dais_policy_fault_t){.key = dais_slice_text("policy")});
    for (unsigned key = 0; key < DAIS_POLICY_KEY_COUNT; key++) {
        const char *name = dais_policy_key_info((dais_policy_key_t)key).name;
        if (!parser->seen[key])
            policy_fault(parser, DAIS_ERR_MISSING_KEY, &end,
                         (dais_policy_fault_t){.key = dais_slice_text(name)});
    }
}

dais_err_t dais_policy_parse(dais_slice_t text, dais_policy_t *policy, dais_policy_faults_t *faults)
{
    dais_policy_faults_t unlisted = {0};
    memset(policy, 0, sizeof *policy);
    if (faults == NULL)
        faults = &unlisted;
    faults->count = 0;
    faults->first = DAIS_OK;
    policy_parser_t parser = {.policy = policy, .faults = faults};
    dais_zpl_reader_t reader;
    dais_zpl_item_t item = {.line = 1, .column = 1};
    if (text.size > DAIS_LIMIT_POLICY) {
        policy_fault(&parser, DAIS_ERR_TOO_LONG, &item, (dais_policy_fault_t){.valid = "48 KiB"});
        return faults->first;
    }
    dais_zpl_reader_init(&reader, text);
    while (dais_zpl_next(&reader, &item))
        policy_item(&parser, &item);
    policy_finish_section(&parser);
    policy_report_missing(&parser, reader.line);
    dais_policy_check(policy, faults);
    if (faults->first != DAIS_OK)
        memset(policy, 0, sizeof *policy);
    return faults->first;
}
