/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "audit/db.h"
#include "audit/diff.h"
#include "audit/explain.h"
#include "audit/export.h"
#include "audit/outcomes.h"
#include "audit/receipt.h"
#include "audit/receipts.h"
#include "audit/replay.h"
#include "audit/show.h"
#include "audit/verify.h"
#include "audit/whatif.h"
#include "base/args.h"
#include "base/exit.h"
#include "proto/device.h"

static const char *const audit_examples[] = {
    "dais-audit show checkpoint", "dais-audit verify --key log.key dialogue.export", NULL};

int main(int argc, char **argv)
{
    const dais_command_t verbs[] = {
        dais_show_command,   dais_verify_command,   dais_replay_command,  dais_explain_command,
        dais_whatif_command, dais_diff_command,     dais_receipt_command, dais_receipts_command,
        dais_db_command,     dais_outcomes_command, dais_export_command,  {.name = NULL}};
    const dais_command_t audit = {
        .name = "dais-audit",
        .text = "look at the record of a cycle from files alone",
        .about = "Looks at the record of a cycle from files alone, and trusts none of them.",
        .commands = verbs,
        .examples = audit_examples};
    if (dais_crypto_init() != DAIS_OK) {
        (void)fputs("error[crypto]: libsodium cannot start\n", stderr);
        return DAIS_EXIT_FAILED;
    }
    return dais_args_main(&audit, argc, argv, NULL);
}
