/* SPDX-License-Identifier: Apache-2.0
 *
 * What became of something, from the log alone. The rules tell of every move that they make, and on
 * what it rests; of these, and of the entries, those are shown that are about what was asked for.
 */
#include "audit/explain.h"

#include <jansson.h>

#include "audit/play.h"
#include "base/exit.h"
#include "proto/view.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_print.h"

#define MOVES_MAX 4096 /* of one entry; a session's end moves every organisation */

typedef struct {
    const char *what; /* as it was asked for */
    bool has_id;
    dais_id_t id;
    uint64_t org, comment; /* their numbers, once the log has them */
    dais_move_t moves[MOVES_MAX];
    size_t move_count;
    bool is_lost; /* more moves than there is room for */
    bool json;
    size_t entries; /* shown */
} explain_t;

static void explain_moved(void *context, const dais_move_t *move)
{
    explain_t *explain = context;
    if (explain->move_count == MOVES_MAX)
        explain->is_lost = true;
    else
        explain->moves[explain->move_count++] = *move;
}

/* The organisation that a move is about; 0 for none. */
static uint64_t explain_org_of(dais_rules_store_t *store, const dais_move_t *move)
{
    dais_case_row_t of_case;
    dais_objection_row_t objection;
    if (move->is_carried)
        return 0;
    if (move->machine == DAIS_MACHINE_APPLICATION)
        return move->number;
    if (move->machine == DAIS_MACHINE_CASE &&
        store->port->dense_get(store, DAIS_TABLE_CASE, move->number, &of_case))
        return of_case.organisation_number;
    if (move->machine == DAIS_MACHINE_OBJECTION &&
        store->port->dense_get(store, DAIS_TABLE_OBJECTION, move->number, &objection))
        return objection.organisation_number;
    return 0;
}

static bool explain_has_move(const explain_t *explain, dais_rules_store_t *store,
                             const dais_move_t *move)
{
    if (move->machine == DAIS_MACHINE_COMMENT)
        return explain->comment != 0 && move->number == explain->comment;
    return explain->org != 0 && explain_org_of(store, move) == explain->org;
}

/* Does one of the targets of the entry stand for the organisation? */
static bool explain_has_target(const explain_t *explain, dais_rules_store_t *store, uint64_t seq)
{
    dais_row_key_t key = {.part = {seq}};
    dais_target_row_t row;
    while (store->port->sorted_next(store, DAIS_TABLE_TARGET, &key, &row) && key.part[0] == seq) {
        if (explain->org != 0 && row.number == explain->org)
            return true;
        key.part[1]++;
    }
    return false;
}

static bool explain_names(const explain_t *explain, const dais_reading_entry_t *entry)
{
    dais_outcome_t outcome;
    dais_lapse_t lapse;
    dais_slice_t subject = entry->message.subject;
    /* What was refused names it as well, though it has left no trace in the state. */
    if (entry->has_bundle)
        return memcmp(entry->message.id.bytes, explain->id.bytes, DAIS_ID_SIZE) == 0 ||
               dais_slice_equal(entry->message.on_behalf,
                                dais_slice(explain->id.bytes, DAIS_ID_SIZE)) ||
               memmem(subject.data, subject.size, explain->id.bytes, DAIS_ID_SIZE) != NULL;
    if (entry->kind->number == DAIS_KIND_OUTCOME &&
        dais_shape_decode(&dais_shape_outcome, entry->own.subject, &outcome).err == DAIS_OK)
        return memcmp(outcome.organisation.bytes, explain->id.bytes, DAIS_ID_SIZE) == 0;
    return entry->kind->number == DAIS_KIND_LAPSE &&
           dais_shape_decode(&dais_shape_lapse, entry->own.subject, &lapse).err == DAIS_OK &&
           memcmp(lapse.organisation.bytes, explain->id.bytes, DAIS_ID_SIZE) == 0;
}

static bool explain_is_about(const explain_t *explain, dais_rules_store_t *store,
                             const dais_reading_entry_t *entry)
{
    dais_entry_row_t row;
    if (explain_names(explain, entry))
        return true;
    for (size_t i = 0; i < explain->move_count; i++)
        if (explain_has_move(explain, store, &explain->moves[i]))
            return true;
    if (!store->port->dense_get(store, DAIS_TABLE_ENTRY, entry->seq + 1, &row))
        return false;
    switch ((dais_scope_t)row.scope) {
    case DAIS_SCOPE_ORGANISATION: return explain->org != 0 && row.scope_number == explain->org;
    case DAIS_SCOPE_COMMENT: return explain->comment != 0 && row.scope_number == explain->comment;
    case DAIS_SCOPE_TARGETS: return explain_has_target(explain, store, entry->seq);
    case DAIS_SCOPE_NONE:
    case DAIS_SCOPE_ACTOR: break;
    }
    return false;
}

/* Verdicts with what they mean; of many, those that had an effect say nothing of this one. */
static json_t *explain_verdicts(const dais_reading_entry_t *entry)
{
    json_t *verdicts = json_array();
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&entry->record.verdicts, &dais_shape_code_item);
    while (entry->has_bundle && dais_list_next(&walk, &code)) {
        const dais_verdict_info_t *info = dais_verdict_info(code.value);
        bool is_plain = dais_verdict_is_done(code.value);
        if (info != NULL && !(is_plain && entry->record.verdicts.count > 1))
            (void)json_array_append_new(verdicts, json_pack("{ss ss ss ss}", "code", info->code,
                                                            "happened", info->happened, "why",
                                                            info->why, "todo", info->todo));
    }
    return verdicts;
}

/* The rule of a move: key, value, how it is confirmed, where it comes from. */
static void explain_cause(json_t *object, const dais_policy_t *policy, dais_cause_t cause)
{
    char value[DAIS_LIMIT_VALUE + 1];
    char source[512];
    size_t size;
    dais_policy_key_t key = dais_rules_cause_key(cause);
    if (key == DAIS_POLICY_KEY_COUNT ||
        dais_policy_print_value(policy, key, value, sizeof value - 1, &size) != DAIS_OK)
        return;
    value[size] = 0;
    dais_play_text(policy->source[key], source, sizeof source);
    (void)json_object_set_new(object, "rule", json_string(dais_policy_key_info(key).name));
    (void)json_object_set_new(object, "value", json_string(value));
    (void)json_object_set_new(object, "confirmed",
                              json_string(dais_words_confirmed.words[policy->confirmed[key]]));
    (void)json_object_set_new(object, "source", json_string(source));
}

static json_t *explain_moves(const explain_t *explain, dais_rules_t *rules)
{
    json_t *moves = json_array();
    for (size_t i = 0; i < explain->move_count; i++) {
        const dais_move_t *move = &explain->moves[i];
        const dais_machine_table_t *table = dais_machine(move->machine);
        if (!explain_has_move(explain, dais_rules_store(rules), move))
            continue;
        json_t *object =
            json_pack("{ss ss ss sb}", "thing", table->name, "from",
                      move->from == 0 ? "new" : table->states[move->from].name, "to",
                      table->states[move->to].name, "put_back", (int)move->is_restored);
        if (move->machine == DAIS_MACHINE_APPLICATION)
            explain_cause(object, dais_rules_policy(rules), move->cause);
        (void)json_array_append_new(moves, object);
    }
    return moves;
}

static json_t *explain_entry(const explain_t *explain, dais_rules_t *rules,
                             const dais_reading_entry_t *entry)
{
    dais_outcome_t outcome;
    char fact[128];
    const char *by = "registry";
    if (entry->has_bundle)
        by = dais_words_role
                 .words[dais_roster_find(dais_rules_store(rules), &entry->bundle.key).role];
    json_t *object = json_pack("{ss ss so ss ss so so so}", "type", "explain", "v", "1", "entry",
                               dais_view_number(entry->seq), "kind", entry->kind->name, "by", by,
                               "received", dais_view_time(entry->record.received_at), "verdicts",
                               explain_verdicts(entry), "moves", explain_moves(explain, rules));
    if (entry->kind->number == DAIS_KIND_OUTCOME &&
        dais_shape_decode(&dais_shape_outcome, entry->own.subject, &outcome).err == DAIS_OK) {
        dais_play_text(outcome.fact, fact, sizeof fact);
        (void)json_object_set_new(object, "told", json_string(fact));
    }
    return object;
}

static const char *explain_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

static void explain_print_verdict(const json_t *verdict)
{
    bool is_plain = strcmp(explain_text(verdict, "code"), "accepted") == 0;
    (void)printf("  %s: %s\n", explain_text(verdict, "code"), explain_text(verdict, "happened"));
    if (!is_plain)
        (void)printf("    why: %s\n    what to do: %s\n", explain_text(verdict, "why"),
                     explain_text(verdict, "todo"));
}

static void explain_print_move(const json_t *move)
{
    bool is_back = json_is_true(json_object_get(move, "put_back"));
    (void)printf("  %s: %s -> %s%s\n", explain_text(move, "thing"), explain_text(move, "from"),
                 explain_text(move, "to"), is_back ? ", put back" : "");
    if (json_object_get(move, "rule") != NULL)
        (void)printf("    by %s = %s (%s): %s\n", explain_text(move, "rule"),
                     explain_text(move, "value"), explain_text(move, "confirmed"),
                     explain_text(move, "source"));
}

static void explain_print(const json_t *object)
{
    const json_t *item;
    size_t at;
    (void)printf("entry %s %s %s by %s\n", explain_text(object, "entry"),
                 explain_text(object, "received"), explain_text(object, "kind"),
                 explain_text(object, "by"));
    json_array_foreach(json_object_get(object, "verdicts"), at, item) explain_print_verdict(item);
    json_array_foreach(json_object_get(object, "moves"), at, item) explain_print_move(item);
    if (json_object_get(object, "told") != NULL)
        (void)printf("  the public is told: %s\n", explain_text(object, "told"));
}

/* An organisation or comment gets its number with the entry that makes it. */
static void explain_find(explain_t *explain, dais_rules_store_t *store)
{
    dais_slice_t id = dais_slice(explain->id.bytes, sizeof explain->id.bytes);
    if (explain->org == 0)
        explain->org = store->port->find(store, DAIS_INDEX_ORGANISATION, id);
    if (explain->comment == 0)
        explain->comment = store->port->find(store, DAIS_INDEX_COMMENT, id);
}

static dais_err_t explain_before(void *context, dais_rules_t *rules,
                                 const dais_reading_entry_t *entry)
{
    explain_t *explain = context;
    explain->move_count = 0;
    if (entry->seq == 0)
        dais_rules_watch(rules, explain_moved, explain);
    return DAIS_OK;
}

static dais_err_t explain_after(void *context, dais_rules_t *rules,
                                const dais_reading_entry_t *entry)
{
    explain_t *explain = context;
    dais_rules_store_t *store = dais_rules_store(rules);
    if (entry->seq == 0)
        return DAIS_OK;
    explain_find(explain, store);
    if (!explain_is_about(explain, store, entry))
        return DAIS_OK;
    explain->entries++;
    json_t *object = explain_entry(explain, rules, entry);
    if (object == NULL)
        return DAIS_ERR_NO_MEMORY;
    if (!explain->json)
        explain_print(object);
    else if (json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) != 0 ||
             fputc('\n', stdout) == EOF)
        explain->is_lost = true;
    json_decref(object);
    return DAIS_OK;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool explain_parse(const char *text, dais_id_t *id)
{
    if (strlen(text) != 2 * sizeof id->bytes)
        return false;
    for (size_t i = 0; i < sizeof id->bytes; i++) {
        int high = hex_value(text[2 * i]);
        int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id->bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* The first organisation that applied under this name. */
static dais_err_t explain_match(void *context, dais_rules_t *rules,
                                const dais_reading_entry_t *entry)
{
    explain_t *explain = context;
    dais_application_t said;
    (void)rules;
    if (explain->has_id || entry->kind->number != DAIS_KIND_APPLICATION ||
        dais_shape_decode(&dais_shape_application, entry->message.subject, &said).err != DAIS_OK ||
        !dais_slice_equal(said.applicant, dais_slice_text(explain->what)))
        return DAIS_OK;
    explain->has_id = true;
    explain->id = entry->message.id;
    if (said.organisation.size == DAIS_ID_SIZE)
        memcpy(explain->id.bytes, said.organisation.data, DAIS_ID_SIZE);
    return DAIS_OK;
}

static int explain_play(explain_t *explain, const char *path,
                        dais_err_t (*before)(void *, dais_rules_t *, const dais_reading_entry_t *),
                        dais_err_t (*after)(void *, dais_rules_t *, const dais_reading_entry_t *))
{
    dais_refold_t refold;
    dais_play_t play = DAIS_PLAY_ALL(path);
    play.before = before;
    play.after = after;
    play.context = explain;
    int status = dais_play(&play, &refold);
    if (status == DAIS_EXIT_DONE)
        dais_refold_close(&refold);
    return status;
}

static int explain_run(const dais_args_t *args, void *context)
{
    static explain_t explain;
    const char *path = dais_args_operand(args, 0);
    int status = DAIS_EXIT_DONE;
    (void)context;
    explain = (explain_t){.what = dais_args_operand(args, 1), .json = dais_args_has(args, "json")};
    explain.has_id = explain_parse(explain.what, &explain.id);
    if (!explain.has_id)
        status = explain_play(&explain, path, NULL, explain_match);
    if (status == DAIS_EXIT_DONE && explain.has_id)
        status = explain_play(&explain, path, explain_before, explain_after);
    if (status != DAIS_EXIT_DONE)
        return status;
    if (explain.is_lost)
        (void)fputs("error[too-long]: more was moved by one entry than is shown here\n", stderr);
    if (explain.entries > 0)
        return DAIS_EXIT_DONE;
    (void)fputs("error[not-found]: the log has nothing about it\n"
                "hint: the id of an organisation, comment or message in 32 hex digits, or the name "
                "that an organisation applied under\n",
                stderr);
    return DAIS_EXIT_FAILED;
}

static const dais_arg_option_t explain_options[] = {
    {.name = "json", .kind = DAIS_ARG_FLAG, .text = "a JSON object for each entry"},
    {.name = NULL}};

static const dais_arg_operand_t explain_operands[] = {
    {.name = "FILE", .count = DAIS_OPERAND_ONE, .text = "an inspector's export of a log"},
    {.name = "WHAT",
     .count = DAIS_OPERAND_ONE,
     .text = "id of an organisation, comment or message, or an applicant's name"},
    {.name = NULL}};

static const char *const explain_examples[] = {
    "dais-audit explain dialogue.export \"Harbour Foundation\"",
    "dais-audit explain dialogue.export 018cc251f400f2a1b7c3d4e5f6071829", NULL};

const dais_command_t dais_explain_command = {
    .name = "explain",
    .text = "what became of something, and by which rule",
    .about =
        "Plays the log by the rules and prints every entry that is about the organisation, "
        "comment or message: its verdicts with what they mean, the states that it moved, and for "
        "each move of an application the policy value that it rests on, how that is confirmed, "
        "and where it comes from.",
    .options = explain_options,
    .operands = explain_operands,
    .examples = explain_examples,
    .run = explain_run};
