/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

#include "registry/rules/verdict.h"
#include "tests/docs/doc_parts.h"

static const char *const verdict_classes[] = {
    [DAIS_VERDICT_CLASS_DONE] = "done",
    [DAIS_VERDICT_CLASS_NOTED] = "noted",
    [DAIS_VERDICT_CLASS_REFUSED] = "refused",
};

/* All of one class, each under its code, so that a page can be linked to from an answer. */
void doc_verdicts(doc_text_t *out, const char *argument)
{
    unsigned count = 0;
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++) {
        if (strcmp(verdict_classes[info->class], argument) != 0)
            continue;
        doc_put(out, "%s### %s\n\n", count++ == 0 ? "" : "\n", info->code);
        doc_put(out, "| | |\n| --- | --- |\n| number | %u |\n", info->number);
        doc_put(out, "| what happened | %s. |\n| why | %c%s. |\n| what to do | %s. |\n",
                info->happened, toupper((unsigned char)info->why[0]), info->why + 1, info->todo);
    }
    if (count == 0)
        doc_fail("there is no verdict of the class '%s'", argument);
}
