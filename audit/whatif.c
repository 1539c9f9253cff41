/* SPDX-License-Identifier: Apache-2.0
 *
 * The same messages, received at the same instants, under another policy. The registry's own
 * entries are not taken over: they are made anew as they fall due, and deadlines are closed when
 * the time of the messages has passed them. So indices move, and messages that name one name the
 * entry that stands for it. What no message says again cannot change: an organisation that stayed
 * away because it was refused does not come by itself. */
#include "audit/whatif.h"

#include <inttypes.h>
#include <jansson.h>

#include "audit/play.h"
#include "audit/whatif_map.h"
#include "audit/whatif_print.h"
#include "base/exit.h"
#include "base/file.h"
#include "proto/view.h"
#include "registry/rules/policy_print.h"

typedef struct {
    const char *policy_path;
    dais_file_bytes_t policy_file;
    dais_policy_t policy; /* the other one, as it would stand in genesis */
    dais_rules_store_t *store;
    dais_rules_t *rules;
    dais_whatif_map_t map;
    uint64_t now; /* the latest instant of a message or closed deadline */
    json_t *changes;
    bool is_refused; /* the call or the opening is refused: the policy cannot rule these events */
    char refusal[160];
} whatif_t;

static void whatif_note(whatif_t *whatif, json_t *change)
{
    (void)json_array_append_new(whatif->changes, change);
}

/* What would be due, until nothing is. */
static dais_err_t whatif_due(whatif_t *whatif)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    for (;;) {
        const dais_kind_t *kind;
        dais_writer_t writer;
        dais_writer_init(&writer, bytes, sizeof bytes);
        dais_err_t err = dais_rules_due(whatif->rules, &kind, &writer);
        if (err != DAIS_OK || kind == NULL)
            return err;
        dais_own_t own = {.log = *dais_rules_log(whatif->rules),
                          .kind = kind->number,
                          .subject = dais_slice(bytes, writer.size)};
        if (kind->number == DAIS_KIND_LAPSE &&
            !dais_whatif_map_lapse(&whatif->map, own.subject, dais_rules_size(whatif->rules)))
            return DAIS_ERR_NO_MEMORY;
        err = dais_rules_apply_own(whatif->rules, dais_rules_size(whatif->rules), kind, &own);
        if (err != DAIS_OK)
            return err;
    }
}

/* Closes what is due to be closed by now. */
static dais_err_t whatif_time(whatif_t *whatif, uint64_t now)
{
    dais_rules_deadline_t next;
    dais_err_t err = DAIS_OK;
    if (now > whatif->now)
        whatif->now = now;
    while (err == DAIS_OK && dais_rules_next_deadline(whatif->rules, &next) &&
           next.closes_at <= whatif->now) {
        uint8_t bytes[64];
        dais_writer_t writer;
        dais_tick_t tick = {.which = next.which, .due = next.due};
        dais_own_t own = {.log = *dais_rules_log(whatif->rules), .kind = DAIS_KIND_TICK};
        dais_writer_init(&writer, bytes, sizeof bytes);
        err = dais_shape_encode(&dais_shape_tick, &tick, &writer);
        own.subject = dais_slice(bytes, writer.size);
        if (err == DAIS_OK)
            err = dais_rules_apply_own(whatif->rules, dais_rules_size(whatif->rules),
                                       dais_kind_of(DAIS_KIND_TICK), &own);
        if (err == DAIS_OK)
            err = whatif_due(whatif);
    }
    return err;
}

static const char *whatif_code(uint64_t code)
{
    const dais_verdict_info_t *info = dais_verdict_info(code);
    return info != NULL ? info->code : "unknown";
}

/* Without a call, or a cycle that opens, there is nothing to compare. */
static void whatif_refuse(whatif_t *whatif, const dais_reading_entry_t *entry,
                          const dais_verdicts_t *verdicts, uint64_t was)
{
    unsigned kind = entry->kind->number;
    if ((kind != DAIS_KIND_CALL && kind != DAIS_KIND_OPEN) || !dais_verdict_is_done(was) ||
        dais_verdict_is_done(verdicts->codes[0]) || whatif->is_refused)
        return;
    whatif->is_refused = true;
    (void)snprintf(whatif->refusal, sizeof whatif->refusal, "entry %" PRIu64 ": %s is %s",
                   entry->seq, entry->kind->name, whatif_code(verdicts->codes[0]));
}

static void whatif_verdicts(whatif_t *whatif, const dais_reading_entry_t *entry,
                            const dais_verdicts_t *verdicts)
{
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&entry->record.verdicts, &dais_shape_code_item);
    for (unsigned at = 0; dais_list_next(&walk, &code) && at < verdicts->count; at++) {
        whatif_refuse(whatif, entry, verdicts, code.value);
        if (code.value == verdicts->codes[at])
            continue;
        whatif_note(whatif, json_pack("{ss so ss si ss ss}", "what", "verdict", "entry",
                                      dais_view_number(entry->seq), "kind", entry->kind->name,
                                      "target", (int)at, "was", whatif_code(code.value), "would_be",
                                      whatif_code(verdicts->codes[at])));
    }
}

static dais_err_t whatif_message(whatif_t *whatif, const dais_reading_entry_t *entry)
{
    dais_verdicts_t verdicts;
    dais_message_t message = entry->message;
    dais_err_t err = whatif_time(whatif, entry->record.received_at);
    if (err == DAIS_OK)
        err = dais_whatif_map_subject(&whatif->map, entry->kind, entry->message.subject,
                                      &whatif->policy, &message.subject);
    if (err != DAIS_OK)
        return err;
    uint64_t seq = dais_rules_size(whatif->rules);
    dais_rules_facts_t facts = dais_refold_facts(whatif->rules, entry);
    facts.seq = seq;
    if (!dais_whatif_map_add(&whatif->map, seq))
        return DAIS_ERR_NO_MEMORY;
    err = dais_rules_apply(whatif->rules, &facts, entry->kind, &message, &verdicts);
    if (err == DAIS_ERR_LOG_ENDED)
        return DAIS_OK;
    if (err != DAIS_OK)
        return err;
    whatif_verdicts(whatif, entry, &verdicts);
    return DAIS_OK;
}

static dais_err_t whatif_begin(whatif_t *whatif, const dais_reading_entry_t *entry)
{
    dais_genesis_t genesis = entry->genesis;
    genesis.policy = dais_slice(whatif->policy_file.data, whatif->policy_file.size);
    if (!dais_whatif_map_add(&whatif->map, 0))
        return DAIS_ERR_NO_MEMORY;
    return dais_rules_begin(whatif->rules, &genesis, &entry->leaf, NULL);
}

/* A bundle ends where an own entry or another bundle begins. */
static dais_err_t whatif_before(void *context, dais_rules_t *rules,
                                const dais_reading_entry_t *entry)
{
    whatif_t *whatif = context;
    (void)rules;
    bool is_inside = entry->has_bundle && !entry->is_first_of_bundle;
    return entry->seq == 0 || is_inside ? DAIS_OK : whatif_due(whatif);
}

static dais_err_t whatif_after(void *context, dais_rules_t *rules,
                               const dais_reading_entry_t *entry)
{
    whatif_t *whatif = context;
    dais_tick_t tick;
    (void)rules;
    if (entry->seq == 0)
        return whatif_begin(whatif, entry);
    if (entry->has_bundle)
        return whatif_message(whatif, entry);
    bool is_lapse = entry->kind->number == DAIS_KIND_LAPSE;
    uint64_t index = is_lapse ? dais_whatif_map_lapse_of(&whatif->map, entry->own.subject) : 0;
    if (!dais_whatif_map_add(&whatif->map, index))
        return DAIS_ERR_NO_MEMORY;
    if (entry->kind->number != DAIS_KIND_TICK ||
        dais_shape_decode(&dais_shape_tick, entry->own.subject, &tick).err != DAIS_OK)
        return DAIS_OK;
    return whatif_time(whatif, tick.due);
}

static int whatif_compare(whatif_t *whatif, dais_rules_t *was, bool json)
{
    if (whatif->is_refused) {
        (void)fprintf(stderr,
                      "error[policy]: %s cannot rule these events: %s\n"
                      "hint: the call of this cycle gives the dates and values that its own policy "
                      "leaves open\n",
                      whatif->policy_path, whatif->refusal);
        return DAIS_EXIT_CONFIG;
    }
    dais_whatif_compare(was, whatif->rules, whatif->changes);
    return dais_whatif_print(whatif->changes, json) ? DAIS_EXIT_DONE : DAIS_EXIT_FAILED;
}

/* Reads the policy; false, and all its faults on stderr, if it is none. */
static bool whatif_policy(whatif_t *whatif)
{
    dais_policy_fault_t items[16];
    dais_policy_faults_t faults = {.items = items, .capacity = 16};
    dais_err_t err = dais_file_read(whatif->policy_path, DAIS_LIMIT_POLICY, &whatif->policy_file);
    if (err != DAIS_OK) {
        (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), whatif->policy_path,
                      dais_err_text(err));
        return false;
    }
    err = dais_policy_parse(dais_slice(whatif->policy_file.data, whatif->policy_file.size),
                            &whatif->policy, &faults);
    for (size_t i = 0; err != DAIS_OK && i < faults.count && i < faults.capacity; i++) {
        char text[512];
        (void)dais_policy_print_fault(&items[i], whatif->policy_path, text, sizeof text);
        (void)fprintf(stderr, "%s\n", text);
    }
    return err == DAIS_OK;
}

static int whatif_play(whatif_t *whatif, const char *path, bool json)
{
    dais_play_t play = DAIS_PLAY_ALL(path);
    dais_refold_t refold;
    play.before = whatif_before;
    play.after = whatif_after;
    play.context = whatif;
    int status = dais_play(&play, &refold);
    if (status != DAIS_EXIT_DONE)
        return status;
    dais_err_t err = whatif_due(whatif);
    status = err == DAIS_OK ? whatif_compare(whatif, refold.rules, json) : DAIS_EXIT_FAILED;
    dais_refold_close(&refold);
    return status;
}

static int whatif_run(const dais_args_t *args, void *context)
{
    static whatif_t whatif;
    int status = DAIS_EXIT_CONFIG;
    (void)context;
    whatif = (whatif_t){.policy_path = dais_args_value(args, "policy"), .changes = json_array()};
    dais_whatif_map_init(&whatif.map);
    if (whatif_policy(&whatif)) {
        status = DAIS_EXIT_FAILED;
        if (dais_store_memory_create(&whatif.store) == DAIS_OK &&
            dais_rules_create(&whatif.rules, whatif.store) == DAIS_OK)
            status = whatif_play(&whatif, dais_args_operand(args, 0), dais_args_has(args, "json"));
    }
    if (whatif.rules != NULL)
        dais_rules_destroy(&whatif.rules);
    if (whatif.store != NULL)
        dais_store_memory_destroy(&whatif.store);
    dais_whatif_map_free(&whatif.map);
    dais_file_free(&whatif.policy_file);
    json_decref(whatif.changes);
    return status;
}

static const dais_arg_option_t whatif_options[] = {
    {.name = "policy",
     .kind = DAIS_ARG_VALUE,
     .required = true,
     .value = "FILE",
     .text = "the other policy"},
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "one JSON object instead of lines"},
    {.name = NULL}};

static const dais_arg_operand_t whatif_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an inspector's export of a log"},
    {.name = NULL}};

static const char *const whatif_examples[] = {
    "dais-audit what-if --policy other.zpl dialogue.export",
    "dais-audit what-if --json --policy other.zpl dialogue.export", NULL};

const dais_command_t dais_whatif_command = {
    .name = "what-if",
    .text = "the same events under another policy",
    .about = "Plays the messages of the log once more, at the same instants, under another policy, "
             "and prints what would be otherwise: policy values, verdicts, where organisations "
             "stand, numbers, and the sentence on who took part.\n\nOnly what was said is played "
             "again. Who was told to stay away and so never registered does not come by itself."
             "\n\nThe exit is 7 if the policy cannot be read, or cannot rule these events.",
    .options = whatif_options,
    .operands = whatif_operands,
    .examples = whatif_examples,
    .run = whatif_run};
