/* SPDX-License-Identifier: Apache-2.0
 *
 * Two pages for those who ask rather than read: where a submission is, and how to check all of this
 * without believing it. */
#include <inttypes.h>

#include "publisher/page.h"

typedef struct {
    const char *state;
    const char *means;
    const char *next;
} where_t;

static void where_table(dais_out_t *out, const char *caption, const where_t *rows, size_t count)
{
    static const char *const heads[] = {"If you were told", "It means", "What you can do"};
    dais_table_begin(out, caption, heads, 3);
    for (size_t i = 0; i < count; i++) {
        dais_table_row(out);
        dais_out_format(out, "<th scope=\"row\">%s</th><td>%s</td><td>%s</td>", rows[i].state,
                        rows[i].means, rows[i].next);
        dais_table_row_end(out);
    }
    dais_table_end(out);
}

void dais_page_where(dais_out_t *out, const dais_page_view_t *view)
{
    static const where_t sent[] = {
        {"queued", "Your office holds it and has not sent it yet.",
         "Ask your office to send it. Only what an intake has stamped is in time."},
        {"received", "An intake has stamped it. The time on the stamp is what counts.",
         "Keep the slip that your office gives you."},
        {"logged", "It stands in the record, and the receipt proves its place there.",
         "Nothing. The receipt can be checked without anybody's help."},
        {"turned away", "The bundle it came in was not admitted; nothing of it is in the record.",
         "Your office sends it again in a new bundle."},
    };
    static const where_t application[] = {
        {"incomplete", "A required document is missing.", "Send it through your office, in time."},
        {"late", "It was received after the deadline.", "See the calendar for the next cycle."},
        {"provisional", "You may take part while your case is not decided yet.",
         "Wait for the invitation; register."},
        {"admitted", "You may take part.", "Wait for the invitation; register."},
        {"awaiting, pending", "Something has to be settled before you are told more.",
         "Wait. The calendar says until when."},
        {"blocked",
         "An objection stands. Nobody but the body that the procedure names can settle "
         "it, or the State that objected by withdrawing it.",
         "See the cases before that body. Your written comment is treated as the procedure says."},
        {"not shown, or not on the list",
         "You are not among those who take part. The cause may be sealed by the "
         "procedure, and then is the same words for everybody.",
         "Ask the secretariat. Where a body decides, your case may be open before it."},
        {"refused", "It was decided that you do not take part.",
         "Ask the secretariat for the decision; it names the body and its session."},
        {"withdrawn", "You, or your office for you, took the application back.",
         "If that was a mistake, tell your office before the deadline."},
        {"lapsed", "The dialogue ended before your case was decided.",
         "See whether the case goes on in the next cycle; the record names it if it does."},
    };
    static const where_t comment[] = {
        {"submitted", "It was received and has not been read yet.", "Nothing."},
        {"returned", "A passage has to be changed; the reason is with it.",
         "Send the text again through your office."},
        {"accepted", "It will be published.", "Nothing."},
        {"published", "It is on this site, with its receipt.", "Look for its reference."},
        {"withheld", "It is not shown, for the reason that you were given.",
         "Ask the secretariat."},
    };
    dais_page_begin(out, view, DAIS_PAGE_WHERE, "", dais_slice_text("Where is my submission?"));
    dais_out_put(out,
                 "<p>You sent an application or a comment through an office. Ask that office "
                 "first: it has a receipt for everything that arrived, and can print you a slip "
                 "with the reference, the time and the proof.</p>\n<h2>On its way</h2>\n");
    where_table(out, "What an office says of something it sent", sent,
                sizeof sent / sizeof sent[0]);
    dais_out_put(out, "<h2>An application</h2>\n");
    where_table(out, "What becomes of an application", application,
                sizeof application / sizeof application[0]);
    dais_out_put(out, "<h2>A comment</h2>\n");
    where_table(out, "What becomes of a comment", comment, sizeof comment / sizeof comment[0]);
    dais_out_put(out,
                 "<h2>If your office did not forward it</h2>\n<p>Without a slip there is no proof "
                 "that it was sent. Ask for the slip on the day you hand something in; it names "
                 "an entry of the record. If the office cannot give one before the deadline, hand "
                 "the same text to another office, or tell the secretariat in writing: it can "
                 "transfer your organisation to another office.</p>\n");
    dais_page_end(out, view, "");
}

/* SHA-256 of the key's text in groups of four digits. */
static void fingerprint_put(dais_out_t *out, const char *vkey)
{
    dais_hash_t hash = dais_hash_one(dais_slice_text(vkey));
    for (size_t i = 0; i < sizeof hash.bytes; i += 2) {
        dais_out_put(out, i == 0 ? "" : " ");
        dais_out_hex(out, dais_slice(hash.bytes + i, 2));
    }
}

void dais_page_verify(dais_out_t *out, const dais_page_view_t *view)
{
    dais_page_begin(out, view, DAIS_PAGE_VERIFY, "", dais_slice_text("How to verify"));
    dais_out_put(out,
                 "<p>Nothing on this site asks to be believed. Copy the folder, and run:</p>\n"
                 "<pre tabindex=\"0\"><code>dais-audit verify --key 'KEY' .\n"
                 "dais-audit receipt --key 'KEY' receipts/N.txt\n"
                 "dais-audit show log/checkpoint</code></pre>\n"
                 "<p>KEY is the key of this log. Compare it with what you have from another place: "
                 "the letter that announced the cycle, or the secretariat on the telephone. A key "
                 "that stands beside what it signs proves nothing.</p>\n<p>The log's key: <code>");
    dais_out_html(out, dais_slice_text(view->vkey));
    dais_out_put(out, "</code></p>\n<p>Its fingerprint, short enough to be read out; "
                      "<code>printf %s 'KEY' | sha256sum</code> gives the same: <code>");
    fingerprint_put(out, view->vkey);
    dais_out_put(out, "</code></p>\n<p>Leaf hash of entry 0, the name of this log: <code>");
    dais_out_hex(out, dais_hash_slice(&view->model->log));
    dais_out_put(out, "</code></p>\n<p>SHA-256 of the policy's text: <code>");
    dais_out_hex(out, dais_hash_slice(&view->model->genesis.policy_hash));
    dais_out_format(
        out,
        "</code></p>\n<h2>What is in the folder</h2>\n<dl>\n"
        "<dt><a href=\"log/checkpoint\">log/checkpoint</a></dt><dd>the signed note over "
        "%" PRIu64 " entries (C2SP tlog-checkpoint)</dd>\n"
        "<dt>log/checkpoints/</dt><dd>every checkpoint that was published before, by its "
        "size: two of them prove that nothing between was changed</dd>\n"
        "<dt>log/tile/</dt><dd>hashes and leaves of the log (C2SP tlog-tiles); other "
        "programs read them, such as Go's sumdb</dd>\n"
        "<dt>log/open/</dt><dd>what opens the entries that the public may see: %zu "
        "of them</dd>\n"
        "<dt>receipts/</dt><dd>a proof for each published comment</dd>\n"
        "<dt>data/</dt><dd>the same facts as tables, with a dictionary and a list of "
        "hashes</dd>\n</dl>\n",
        view->model->size, dais_fold_count(view->fold));
    dais_page_end(out, view, "");
}
