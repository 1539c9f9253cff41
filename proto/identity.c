/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/identity.h"

#include <sodium.h>
#include <zmq.h>

#include "proto/text.h"

enum { Z85_SIZE = 40 };

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

/* Lower case only, so that one value has one text. */
static dais_err_t hex_parse(dais_slice_t text, uint8_t *out, size_t size)
{
    if (text.size != 2 * size)
        return DAIS_ERR_BAD_TEXT;
    for (size_t i = 0; i < text.size; i++) {
        bool digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (!digit && (text.data[i] < 'a' || text.data[i] > 'f'))
            return DAIS_ERR_BAD_TEXT;
    }
    int bad = sodium_hex2bin(out, size, (const char *)text.data, text.size, NULL, NULL, NULL);
    return bad == 0 ? DAIS_OK : DAIS_ERR_BAD_TEXT;
}

static void hex_put(dais_writer_t *writer, const uint8_t *bytes, size_t size)
{
    char hex[2 * DAIS_KEY_SIZE + 1];
    (void)sodium_bin2hex(hex, sizeof hex, bytes, size);
    dais_text_put(writer, hex);
    sodium_memzero(hex, sizeof hex);
}

/* libzmq's decoder accepts several texts for one key, so what it read is written again. */
static dais_err_t z85_parse(dais_slice_t text, dais_key_t *key)
{
    char given[Z85_SIZE + 1] = {0};
    char again[Z85_SIZE + 1];
    if (text.size != Z85_SIZE)
        return DAIS_ERR_BAD_KEY;
    memcpy(given, text.data, Z85_SIZE);
    if (zmq_z85_decode(key->bytes, given) == NULL)
        return DAIS_ERR_BAD_KEY;
    (void)zmq_z85_encode(again, key->bytes, DAIS_KEY_SIZE);
    return memcmp(given, again, Z85_SIZE) == 0 ? DAIS_OK : DAIS_ERR_BAD_KEY;
}

/* Takes the line "<name> <value>" off *rest. */
static dais_fault_t line_take(dais_slice_t text, dais_slice_t *rest, const char *name,
                              dais_slice_t *value)
{
    dais_slice_t before = *rest;
    dais_err_t err = dais_text_line(rest, value);
    if (err == DAIS_OK && !(dais_text_prefix(value, name) && dais_text_prefix(value, " ")))
        err = DAIS_ERR_BAD_TEXT;
    return dais_text_fault(err, text, before.data);
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
        fault = dais_text_fault(hex_parse(value, out->actor.bytes, DAIS_ID_SIZE), text, value.data);
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
        fault = dais_text_fault(z85_parse(value, &out->box_key), text, value.data);
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
    char z85[Z85_SIZE + 1];
    bool party = identity->role == DAIS_ROLE_PARTY;
    if (identity->role == 0 || identity->role > dais_words_role.count ||
        (party ? !state_ok(dais_slice_text(identity->state)) : identity->state[0] != '\0'))
        return DAIS_ERR_BAD_TEXT;
    dais_text_put(writer, identity_magic);
    dais_text_put(writer, "\nactor ");
    hex_put(writer, identity->actor.bytes, DAIS_ID_SIZE);
    dais_text_put(writer, "\nrole ");
    dais_text_put(writer, dais_words_role.words[identity->role]);
    dais_text_put(writer, party ? "\nstate " : "");
    dais_text_put(writer, identity->state);
    dais_text_put(writer, "\nkey ");
    dais_vkey_put(writer, &identity->key);
    dais_text_put(writer, "\ntransport ");
    dais_text_put(writer, zmq_z85_encode(z85, identity->box_key.bytes, DAIS_KEY_SIZE));
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
        fault = dais_text_fault(hex_parse(value, out->bytes, DAIS_SEED_SIZE), text, value.data);
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
    hex_put(writer, seed->bytes, DAIS_SEED_SIZE);
    dais_text_put(writer, "\n");
}
