/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/property/player.h"

#include <stdarg.h>
#include <stdlib.h>

const dais_device_t *player_device(unsigned number)
{
    static dais_device_t devices[CAST_COUNT + 4];
    static bool is_made;
    if (!is_made) {
        if (dais_crypto_init() != DAIS_OK)
            abort();
        for (unsigned i = 0; i < sizeof devices / sizeof devices[0]; i++) {
            dais_seed_t seed = {{(uint8_t)(i + 1), 0x5e}};
            dais_device_derive(&seed, &devices[i]);
        }
        is_made = true;
    }
    return &devices[number % (sizeof devices / sizeof devices[0])];
}

dais_key_t player_key(unsigned number)
{
    return player_device(number)->key;
}

void player_reset(player_t *player)
{
    memset(player, 0, offsetof(player_t, entries));
}

void player_fail(player_t *player, const char *what, ...)
{
    va_list args;
    if (player->has_failed)
        return;
    player->has_failed = true;
    va_start(args, what);
    (void)vsnprintf(player->failure, sizeof player->failure, what, args);
    va_end(args);
}

static void player_must(player_t *player, dais_err_t err, const char *what)
{
    if (err != DAIS_OK)
        player_fail(player, "%s: %s at entry %llu", what, dais_err_code(err),
                    (unsigned long long)player->count);
}

static uint64_t player_entry_of(void *context, unsigned uid)
{
    const player_t *player = context;
    return uid <= SEQUENCE_EVENTS_MAX ? player->seq_of[uid] : 0;
}

static dais_slice_t player_keep(player_t *player, dais_slice_t bytes)
{
    uint8_t *copy = player->bytes + player->used;
    if (bytes.size > sizeof player->bytes - player->used)
        abort();
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    player->used += bytes.size;
    return dais_slice(copy, bytes.size);
}

static void player_told(player_t *player, player_fn_t *fn)
{
    if (fn != NULL && !player->has_failed)
        fn(player->context, player);
}

dais_genesis_t player_genesis(player_t *player)
{
    const sequence_t *sequence = player->sequence;
    dais_genesis_t genesis = {
        .cycle = dais_slice_text("dialogue-2027"),
        .origin = dais_slice_text("registry.example/dialogue-2027"),
        .created_at = SEQUENCE_BASE_MS,
        .rules = DAIS_RULES_NUMBER,
        .policy = sequence_policy(sequence, (char *)player->policy),
        .log_key = player_key(CAST_COUNT),
        .registry_box_key = player_device(CAST_COUNT + 1)->box_key,
        .secretariat = sequence_id(NAME_ACTOR),
        .secretariat_key = player_key(CAST_SEC),
        .holder = dais_slice_text(cast[CAST_SEC].holder),
    };
    dais_writer_t writer;
    dais_writer_init(&writer, player->cases, sizeof player->cases);
    for (unsigned i = 0; i < sequence->carried; i++) {
        dais_open_case_t open = {.organisation = sequence_id(NAME_CARRIED + i / 2), .seq = 7 + i};
        open.log.bytes[0] = (uint8_t)(i + 1);
        player_must(player,
                    dais_list_add(&genesis.open_cases, &dais_shape_open_case, &open, &writer),
                    "open case");
    }
    return genesis;
}

bool player_begin(player_t *player, const sequence_t *sequence, dais_rules_store_t *store)
{
    player->store = store;
    player->sequence = sequence;
    player->clock = SEQUENCE_BASE_MS;
    dais_genesis_t genesis = player_genesis(player);
    player_must(player, dais_rules_create(&player->rules, store), "create");
    if (player->has_failed ||
        dais_rules_begin(player->rules, &genesis, &player->log, NULL) != DAIS_OK)
        return false;
    player->entries[0] = (played_t){.kind = dais_kind_of(DAIS_KIND_GENESIS),
                                    .logged_at = SEQUENCE_BASE_MS,
                                    .verdicts = {1, {DAIS_VERDICT_ACCEPTED}}};
    player->count = 1;
    player_told(player, player->entry_done);
    return true;
}

void player_end(player_t *player)
{
    dais_rules_destroy(&player->rules);
}

static void player_own(player_t *player, const dais_kind_t *kind, dais_slice_t subject)
{
    dais_own_t own = {.log = player->log, .kind = kind->number, .subject = subject};
    if (player->count == PLAYER_ENTRIES_MAX)
        abort();
    played_t *entry = &player->entries[player->count];
    *entry = (played_t){.kind = kind,
                        .facts = {.seq = player->count, .received_at = player->clock},
                        .logged_at = player->clock,
                        .subject = player_keep(player, subject),
                        .verdicts = {1, {DAIS_VERDICT_ACCEPTED}}};
    player->coming = entry;
    player_told(player, player->before_entry);
    player_must(player, dais_rules_apply_own(player->rules, player->count, kind, &own), kind->name);
    player->coming = NULL;
    if (player->has_failed)
        return;
    player->count++;
    player_told(player, player->entry_done);
}

void player_flush(player_t *player)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    player->bundle_open = false;
    for (unsigned guard = 0; !player->has_failed; guard++) {
        const dais_kind_t *kind = NULL;
        dais_writer_t writer;
        dais_writer_init(&writer, bytes, sizeof bytes);
        player_must(player, dais_rules_due(player->rules, &kind, &writer), "due");
        if (kind == NULL || player->has_failed)
            return;
        player_own(player, kind, dais_slice(bytes, writer.size));
        if (guard > 500)
            player_fail(player, "own entries are due without end");
    }
}

static bool player_tick(player_t *player)
{
    uint8_t bytes[64];
    dais_rules_deadline_t next;
    dais_writer_t writer;
    dais_slice_t subject;
    player_flush(player);
    if (player->has_failed || !dais_rules_next_deadline(player->rules, &next))
        return false;
    dais_tick_t tick = {.which = next.which, .due = next.due};
    if (player->clock < next.closes_at)
        player->clock = next.closes_at;
    dais_writer_init(&writer, bytes, sizeof bytes);
    player_must(player, dais_shape_encode(&dais_shape_tick, &tick, &writer), "tick");
    player_must(player, dais_writer_finish(&writer, &subject), "tick");
    player_own(player, dais_kind_of(DAIS_KIND_TICK), subject);
    player_flush(player);
    return true;
}

/* An intake's time never goes back: what was received some time ago comes from one that was slow,
 * and what none can have stamped then comes now, without. */
static void player_stamp(player_t *player, played_t *entry, uint64_t received)
{
    unsigned first = received < player->clock ? 2 : 0;
    entry->facts.received_at = player->clock;
    for (unsigned n = 0; n < 3; n++) {
        unsigned i = (first + 3 - n) % 3;
        dais_key_t key = player_key(CAST_INTAKE + i);
        uint32_t number = dais_roster_find(player->store, &key).key_number;
        if (number == 0 || player->intake_time[i] > received || received > player->clock)
            continue;
        player->intake_time[i] = received;
        entry->facts.received_at = received;
        entry->facts.intake = number;
        entry->facts.j = player->intake_stamps[i]++;
        return;
    }
}

static bool player_joins(const player_t *player, const event_t *event)
{
    const played_t *last = player->bundle_last;
    return event->joins && player->bundle_open && last->who == event->who &&
           last->kind->stream == dais_kind_of(event->kind)->stream && last->facts.index < 200;
}

/* Where the message stands: under the stamp before, or by itself. */
static void player_open_bundle(player_t *player, const event_t *event, played_t *entry)
{
    const played_t *last = player->bundle_last;
    entry->bundle = ++player->bundles;
    entry->facts.first_of_bundle = true;
    entry->logged_at = player->clock;
    if (event->shares_stamp && last != NULL && last->facts.intake != 0) {
        entry->facts.received_at = last->facts.received_at;
        entry->facts.intake = last->facts.intake;
        entry->facts.j = last->facts.j;
        entry->facts.bundle_index = last->facts.bundle_index + 1;
    } else {
        player_stamp(player, entry, SEQUENCE_BASE_MS + event->received * SEQUENCE_HOUR_MS);
    }
}

static void player_join(const player_t *player, played_t *entry)
{
    const played_t *last = player->bundle_last;
    entry->bundle = last->bundle;
    entry->facts = last->facts;
    entry->facts.index++;
    entry->facts.first_of_bundle = false;
    entry->logged_at = last->logged_at;
}

/* What the registry admits: of a key on its roster, as long as the log goes on. */
static bool player_admits(player_t *player, const event_t *event)
{
    uint64_t at = SEQUENCE_BASE_MS + event->hour * SEQUENCE_HOUR_MS;
    dais_key_t key = player_key(event->who);
    if (!player_joins(player, event)) {
        player_flush(player);
        if (player->clock < at)
            player->clock = at;
    }
    return !player->has_failed && !dais_rules_has_ended(player->rules) &&
           dais_roster_find(player->store, &key).key_number != 0;
}

static void player_say(player_t *player, const event_t *event, played_t *entry)
{
    dais_id_t behalf = sequence_id(event->on_behalf);
    dais_key_t key = player_key(event->who);
    if (player_joins(player, event))
        player_join(player, entry);
    else
        player_open_bundle(player, event, entry);
    entry->facts.seq = player->count;
    entry->facts.key_number = dais_roster_find(player->store, &key).key_number;
    entry->message = (dais_message_t){
        .log = player->log,
        .kind = event->kind,
        .id = sequence_id(event->id != 0 ? event->id : (uint64_t)NAME_MESSAGE + event->uid),
        .actor = sequence_id((uint64_t)NAME_ACTOR + cast[event->who].actor),
        .said_at = SEQUENCE_BASE_MS + event->uid, /* So that no two messages are the same bytes. */
        .subject = entry->subject};
    if (event->on_behalf != NAME_NONE)
        entry->message.on_behalf = player_keep(player, dais_slice(behalf.bytes, DAIS_ID_SIZE));
}

static bool player_message(player_t *player, const event_t *event)
{
    static uint8_t bytes[DAIS_LIMIT_SUBJECT];
    played_t entry = {.uid = event->uid, .who = event->who, .kind = dais_kind_of(event->kind)};
    dais_slice_t subject;
    if (!player_admits(player, event) ||
        !sequence_pack(event, player_entry_of, player, player_key, bytes, sizeof bytes, &subject))
        return false;
    entry.subject = player_keep(player, subject);
    player_say(player, event, &entry);
    player->coming = &entry;
    player_told(player, player->before_entry);
    player_must(
        player,
        dais_rules_apply(player->rules, &entry.facts, entry.kind, &entry.message, &entry.verdicts),
        entry.kind->name);
    player->coming = NULL;
    if (player->has_failed)
        return false;
    player->seq_of[event->uid] = player->count;
    player->entries[player->count++] = entry;
    player->bundle_open = true;
    player->bundle_last = player_last(player);
    player_told(player, player->entry_done);
    return true;
}

bool player_event(player_t *player, const event_t *event)
{
    if (player->has_failed || player->count + 200 > PLAYER_ENTRIES_MAX)
        return false;
    return event->type == EVENT_TICK ? player_tick(player) : player_message(player, event);
}

bool player_run(player_t *player, const sequence_t *sequence, dais_rules_store_t *store)
{
    if (!player_begin(player, sequence, store))
        return false;
    for (unsigned i = 0; i < sequence->count; i++)
        (void)player_event(player, &sequence->events[i]);
    player_flush(player);
    return true;
}

uint32_t player_org(player_t *player, uint64_t name)
{
    dais_org_t org;
    dais_id_t id = sequence_id(name);
    return dais_org_find(player->rules, &id, &org) ? org.number : 0;
}
