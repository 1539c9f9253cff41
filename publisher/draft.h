/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_PUBLISHER_DRAFT_H
#define DAIS_PUBLISHER_DRAFT_H

#include "publisher/out.h"
#include "registry/rules/fold.h"

/* The drafting aid: numbered paragraphs of a Chair's summary in plain text, made from the open
 * entries of a dialogue. It says what the record counts (who came, who spoke on what, in the
 * policy's own words for how many) and what was marked as a suggestion; each sentence names the
 * entries it rests on. What it means is for the person to write who edits it. The same log gives
 * the same bytes. */
void dais_draft(dais_out_t *out, const dais_fold_t *fold, const dais_fold_model_t *model);

#endif
