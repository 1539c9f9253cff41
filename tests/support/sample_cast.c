/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample_cast.h"

#include "base/clock.h"
#include "tests/support/sample_arena.h"

#define ACTOR(name_, actor_, key_name_, holder_, role_, state_)                                    \
    {                                                                                              \
        .name = (name_), .actor = (actor_), .key_name = (key_name_), .holder = (holder_),          \
        .role = (role_), .state = (state_)                                                         \
    }

static dais_sample_actor_t actors[] = {
    ACTOR("secretariat", "secretariat", "secretariat.example/desk-1", "Secretary of the Dialogue",
          DAIS_ROLE_SECRETARIAT, ""),
    ACTOR("deputy", "secretariat", "secretariat.example/desk-2", "Deputy Secretary",
          DAIS_ROLE_SECRETARIAT, ""),
    ACTOR("registry", "registry", "registry.example/main-1", "", DAIS_ROLE_REGISTRY, ""),
    ACTOR("log", "registry", DAIS_SAMPLE_ORIGIN, "", 0, ""),
    ACTOR("previous-log", "registry", DAIS_SAMPLE_PREVIOUS_ORIGIN, "", 0, ""),
    ACTOR("witness", "witness", "witness.example/north", "", 0, ""),
    ACTOR("intake", "intake", "intake.example/north-1", "", DAIS_ROLE_INTAKE, ""),
    ACTOR("office", "office", "office.example/east-2", "Eastern Office", DAIS_ROLE_OFFICE, ""),
    ACTOR("mission", "mission", "mission.example/xa-1", "Permanent Mission of XA", DAIS_ROLE_PARTY,
          "XA"),
    {.name = NULL},
};

static dais_hash_t named_hash(const char *what, const char *name)
{
    dais_slice_t parts[] = {dais_slice_text(what), dais_slice_text(" of "), dais_slice_text(name)};
    return dais_hash(parts, 3);
}

const dais_sample_actor_t *dais_sample_actors(void)
{
    static bool ready;
    if (ready)
        return actors;
    dais_sample_must(dais_crypto_init());
    for (dais_sample_actor_t *actor = actors; actor->name != NULL; actor++) {
        dais_hash_t seed = named_hash("seed", actor->name);
        memcpy(actor->seed.bytes, seed.bytes, DAIS_SEED_SIZE);
        dais_device_derive(&actor->seed, &actor->device);
    }
    ready = true;
    return actors;
}

const dais_sample_actor_t *dais_sample_actor(const char *name)
{
    for (const dais_sample_actor_t *actor = dais_sample_actors(); actor->name != NULL; actor++) {
        if (strcmp(actor->name, name) == 0)
            return actor;
    }
    dais_sample_fail("no actor of this name", name);
}

const dais_device_t *dais_sample_device(const char *name)
{
    return &dais_sample_actor(name)->device;
}

dais_vkey_t dais_sample_vkey(const char *name)
{
    const dais_sample_actor_t *actor = dais_sample_actor(name);
    dais_vkey_t vkey;
    dais_sample_must(
        dais_vkey_make(dais_slice_text(actor->key_name), actor->device.key.bytes, &vkey));
    return vkey;
}

uint64_t dais_sample_time(const char *text)
{
    uint64_t time_ms = 0;
    dais_sample_must(dais_clock_parse(dais_slice_text(text), &time_ms));
    return time_ms;
}

dais_id_t dais_sample_id_at(const char *name, const char *time)
{
    dais_hash_t hash = named_hash("id", name);
    return dais_message_id(dais_sample_time(time), hash.bytes);
}

dais_id_t dais_sample_id(const char *name)
{
    return dais_sample_id_at(name, "2027-03-01T09:00:00Z");
}

dais_key_t dais_sample_salt(const char *name)
{
    dais_hash_t hash = named_hash("salt", name);
    dais_key_t salt;
    memcpy(salt.bytes, hash.bytes, DAIS_KEY_SIZE);
    return salt;
}

dais_hash_t dais_sample_hash(const char *name)
{
    return named_hash("hash", name);
}
