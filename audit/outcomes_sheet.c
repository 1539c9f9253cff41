/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/outcomes_sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "audit/differ.h"
#include "audit/play.h"

dais_err_t sheet_open(const outcomes_t *outcomes, const char *path, sheet_t *sheet)
{
    char whole[PATH_MAX];
    *sheet = (sheet_t){.checks = outcomes->checks, .path = path};
    if (snprintf(whole, sizeof whole, "%s/%s", outcomes->folder, path) >= (int)sizeof whole)
        return DAIS_ERR_TOO_LONG;
    dais_err_t err = dais_file_read(whole, SITE_FILE_MAX, &sheet->file);
    if (err == DAIS_ERR_NOT_FOUND)
        dais_checks_fail_at(sheet->checks, DAIS_CHECK_SITE_FACTS, path, "the site has it not");
    if (err != DAIS_OK)
        return err == DAIS_ERR_NOT_FOUND ? DAIS_OK : err;
    sheet->rest = dais_slice(sheet->file.data, sheet->file.size);
    if (sheet->rest.size >= 3 && memcmp(sheet->rest.data, "\xef\xbb\xbf", 3) == 0)
        sheet->rest = dais_slice(sheet->rest.data + 3, sheet->rest.size - 3);
    (void)dais_csv_record(&sheet->rest, &sheet->head);
    return DAIS_OK;
}

bool sheet_next(sheet_t *sheet)
{
    sheet->row++;
    return dais_csv_record(&sheet->rest, &sheet->record);
}

dais_slice_t sheet_cell(const sheet_t *sheet, const char *column)
{
    dais_slice_t heads = sheet->head;
    dais_slice_t cells = sheet->record;
    dais_slice_t head;
    dais_slice_t cell;
    while (dais_csv_cell(&heads, &head) && dais_csv_cell(&cells, &cell))
        if (dais_slice_equal(head, dais_slice_text(column)))
            return cell;
    return dais_slice(NULL, 0);
}

void sheet_judge(const sheet_t *sheet, const char *column, dais_slice_t found, const char *wanted)
{
    dais_checks_t *checks = sheet->checks;
    char where[160];
    char text[320];
    char shown[64];
    char right[64];
    if (found.data != NULL && dais_slice_equal(found, dais_slice_text(wanted))) {
        dais_checks_pass(checks, DAIS_CHECK_SITE_FACTS);
        return;
    }
    dais_play_text(found, shown, sizeof shown);
    dais_play_text(dais_slice_text(wanted), right, sizeof right);
    (void)snprintf(where, sizeof where, "%s, row %" PRIu64 ", column %s", sheet->path, sheet->row,
                   column);
    (void)snprintf(text, sizeof text, "\"%s\", and the entries say \"%s\"", shown, right);
    dais_checks_fail_at(checks, DAIS_CHECK_SITE_FACTS, where, text);
}

void sheet_count(const sheet_t *sheet, uint64_t wanted)
{
    char text[96];
    if (sheet->row - 1 == wanted) {
        dais_checks_pass(sheet->checks, DAIS_CHECK_SITE_FACTS);
        return;
    }
    (void)snprintf(text, sizeof text, "%" PRIu64 " rows, and the entries make %" PRIu64,
                   sheet->row - 1, wanted);
    dais_checks_fail_at(sheet->checks, DAIS_CHECK_SITE_FACTS, sheet->path, text);
}
