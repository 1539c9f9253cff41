/* SPDX-License-Identifier: Apache-2.0 */
#include "base/err.h"

#include <assert.h>

enum { CLASS_NONE, CLASS_REFUSAL, CLASS_FAILURE };

static const struct {
    const char *code;
    const char *text;
    int class;
} errors[DAIS_ERR_COUNT] = {
    [DAIS_OK] = {"ok", "nothing is wrong", CLASS_NONE},
#define DAIS_ERR(name, code, class, text) [DAIS_ERR_##name] = {code, text, CLASS_##class},
#include "base/err.def"
#undef DAIS_ERR
};

const char *dais_err_code(dais_err_t err)
{
    assert((unsigned)err < DAIS_ERR_COUNT);
    return errors[err].code;
}

const char *dais_err_text(dais_err_t err)
{
    assert((unsigned)err < DAIS_ERR_COUNT);
    return errors[err].text;
}

bool dais_err_is_refusal(dais_err_t err)
{
    assert((unsigned)err < DAIS_ERR_COUNT);
    return errors[err].class == CLASS_REFUSAL;
}
