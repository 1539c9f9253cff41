/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_AUDIT_WHATIF_PRINT_H
#define DAIS_AUDIT_WHATIF_PRINT_H

#include <jansson.h>

#include "registry/rules/rules.h"

/* Adds what differs to `changes`: policy values, organisations, numbers, the sentence. Each is an
 * object with "what", what names it, "was" and "would_be". */
void dais_whatif_compare(dais_rules_t *was, dais_rules_t *would_be, json_t *changes);

/* A line for each change, or one JSON object; false if it cannot be written. */
bool dais_whatif_print(json_t *changes, bool json);

#endif
