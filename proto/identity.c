/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/identity.h"

#include <sodium.h>

#include "proto/text.h"

static const char identity_magic[] = "dais/identity/1";
static const char secret_magic[] = "dais/secret/1";

/* Two upper case letters, more for what has no ISO 3166-1 code. */
static bool state_ok(dais_slice_t state)
{
    if (state.size < 2 || state.size > DAIS_LIMIT_STATE)
        return false;
    for (size_t i = 0; i < state.size; i++) {
        if (state.data[i] < 'A' || state.data[i] > 'Z')
            return false;
    }
    return true;
}

/* Takes the line "<name> <value>" off *rest. */
static dais_fault_t line_take(dais_slice_t text, dais_slice_t *rest, const char *name,
                              dais_slice_t *value)
{
    dais_slice_t before = *rest;
    return dais_text_fault(dais_text_field(rest, name, value), text, before.data);
}

static dais_fault_t magic_take(dais_slice_t *rest, const char *magic)
{
    dais_slice_t line;
    dais_err_t err = dais_text_line(rest, &line);
    if (err == DAIS_OK && !dais_slice_equal(line, dais_slice_text(magic)))
        err = DAIS_ERR_WRONG_DOMAIN;
    return (dais_fault_t){err, 0};
}

static dais_fault_t actor_take(dais_slice_t text, dais_slice_t *rest, dais_identity_t *out)
{
    dais_slice_t value;
    dais_fault_t fault = line_take(text, rest, "actor", &value);
    if (fault.err == DAIS_OK)
        fault =
            dais_text_fault(dais_text_hex(value, out->actor.bytes, DAIS_ID_SIZE), text, value.data);
    return fault;
}

static dais_fault_t role_take(dais_slice_t text, dais_slice_t *rest, dais_identity_t *out)
{
    dais_slice_t value;
    dais_fault_t fault = line_take(text, rest, "role", &value);
    for (uint64_t role = 1; fault.err == DAIS_OK && role <= dais_words_role.count; role++) {
        if (dais_slice_equal(value, dais_slice_text(dais_words_role.words[role])))
            out->role = role;
    }
    if (fault.err == DAIS_OK && out->role == 0)
        fault = dais_text_fault(DAIS_ERR_BAD_TEXT, text, value.data);
    return fault;
}

static dais_fault_t state_take(dais_slice_t text, dais_slice_t *rest, dais_identity_t *out)
{
    if (out->role != DAIS_ROLE_PARTY)
        return (dais_fault_t){DAIS_OK, 0};
    dais_slice_t value;
    dais_fault_t fault = line_take(text, rest, "state", &value);
    if (fault.err == DAIS_OK && !state_ok(value))
        fault = dais_text_fault(DAIS_ERR_BAD_TEXT, text, value.data);
    if (fault.err == DAIS_OK)
        memcpy(out->state, value.data, value.size);
    return fault;
}

static dais_fault_t keys_take(dais_slice_t text, dais_slice_t *rest, dais_identity_t *out)
{
    dais_slice_t value;
    dais_fault_t fault = line_take(text, rest, "key", &value);
    if (fault.err == DAIS_OK) {
        fault = dais_vkey_parse(value, &out->key);
        fault.offset += (size_t)(value.data - text.data);
    }
    if (fault.err != DAIS_OK)
        return fault;
    fault = line_take(text, rest, "transport", &value);
    if (fault.err == DAIS_OK)
        fault = dais_text_fault(dais_text_z85(value, &out->box_key), text, value.data);
    return fault;
}

dais_fault_t dais_identity_parse(dais_slice_t text, dais_identity_t *out)
{
    memset(out, 0, sizeof *out);
    dais_slice_t rest = text;
    dais_fault_t fault = magic_take(&rest, identity_magic);
    if (fault.err == DAIS_OK)
        fault = actor_take(text, &rest, out);
    if (fault.err == DAIS_OK)
        fault = role_take(text, &rest, out);
    if (fault.err == DAIS_OK)
        fault = state_take(text, &rest, out);
    if (fault.err == DAIS_OK)
        fault = keys_take(text, &rest, out);
    if (fault.err == DAIS_OK && rest.size > 0)
        fault = dais_text_fault(DAIS_ERR_TRAILING, text, rest.data);
    if (fault.err != DAIS_OK)
        memset(out, 0, sizeof *out);
    return fault;
}

dais_err_t dais_identity_put(dais_writer_t *writer, const dais_identity_t *identity)
{
    bool party = identity->role == DAIS_ROLE_PARTY;
    if (identity->role == 0 || identity->role > dais_words_role.count ||
        (party ? !state_ok(dais_slice_text(identity->state)) : identity->state[0] != '\0'))
        return DAIS_ERR_BAD_TEXT;
    dais_text_put(writer, identity_magic);
    dais_text_put(writer, "\nactor ");
    dais_text_put_hex(writer, dais_slice(identity->actor.bytes, DAIS_ID_SIZE));
    dais_text_put(writer, "\nrole ");
    dais_text_put(writer, dais_words_role.words[identity->role]);
    dais_text_put(writer, party ? "\nstate " : "");
    dais_text_put(writer, identity->state);
    dais_text_put(writer, "\nkey ");
    dais_vkey_put(writer, &identity->key);
    dais_text_put(writer, "\ntransport ");
    dais_text_put_z85(writer, &identity->box_key);
    dais_text_put(writer, "\n");
    return writer->err;
}

dais_fault_t dais_secret_parse(dais_slice_t text, dais_seed_t *out)
{
    memset(out, 0, sizeof *out);
    dais_slice_t rest = text;
    dais_slice_t value;
    dais_fault_t fault = magic_take(&rest, secret_magic);
    if (fault.err == DAIS_OK)
        fault = line_take(text, &rest, "seed", &value);
    if (fault.err == DAIS_OK)
        fault = dais_text_fault(dais_text_hex(value, out->bytes, DAIS_SEED_SIZE), text, value.data);
    if (fault.err == DAIS_OK && rest.size > 0)
        fault = dais_text_fault(DAIS_ERR_TRAILING, text, rest.data);
    if (fault.err != DAIS_OK)
        sodium_memzero(out, sizeof *out);
    return fault;
}

void dais_secret_put(dais_writer_t *writer, const dais_seed_t *seed)
{
    dais_text_put(writer, secret_magic);
    dais_text_put(writer, "\nseed ");
    dais_text_put_hex(writer, dais_slice(seed->bytes, DAIS_SEED_SIZE));
    dais_text_put(writer, "\n");
}
