/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_OFFICE_PROFILE_H
#define DAIS_OFFICE_PROFILE_H

#include "base/file.h"
#include "office/settings.h"
#include "proto/genesis.h"
#include "proto/identity.h"

#define DAIS_PROFILE_INTAKE_COUNT_MAX 16

/* A profile whose files have been read and checked against each other. */
typedef struct {
    dais_settings_t settings;
    dais_identity_t identity;
    dais_device_t device;
    dais_hash_t log;
    dais_vkey_t log_key; /* its name is the origin */
    dais_key_t registry_box_key;
    bool has_broker; /* endpoint and key are given */
    dais_key_t broker_key;
    char cycle[DAIS_LIMIT_CODE + 1];
    bool rehearsal;
    dais_file_bytes_t genesis_bytes; /* empty where no genesis is given */
    dais_genesis_t genesis;          /* borrows from genesis_bytes */
    size_t intake_count;
    char intakes[DAIS_PROFILE_INTAKE_COUNT_MAX][DAIS_LIMIT_CODE + 1];
    size_t intake_key_count; /* whose stamps count without looking them up */
    dais_key_t intake_keys[DAIS_PROFILE_INTAKE_COUNT_MAX];
} dais_profile_t;

/* Reads the files that the settings name and checks all of it; writes nothing. False with fault
 * filled in: not-set, the error of a file, bad-value, or what does not belong together (bad-key).
 * settings are those of the profile itself. */
DAIS_MUST_CHECK bool dais_profile_load(dais_profile_t *profile, dais_settings_fault_t *fault);

/* Is its key the one that signed genesis? No broker admits that one. False where the profile has no
 * genesis. */
bool dais_profile_signed_genesis(const dais_profile_t *profile);

/* Wipes the secret. */
void dais_profile_close(dais_profile_t *profile);

#endif
