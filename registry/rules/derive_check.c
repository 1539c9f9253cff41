/* SPDX-License-Identifier: Apache-2.0
 *
 * Whether outcomes and tallies agree with all else that is open, asked before the entry itself is
 * taken. A number that may rest on closed entries is not asked for. */
#include "registry/rules/derive_private.h"
#include "registry/rules/policy_key.h"
#include "registry/rules/policy_value.h"

static bool check_is_sealed(const dais_derive_t *derive)
{
    return derive->rules->policy.disclosure_cause != DAIS_POLICY_DISCLOSURE_PUBLIC;
}

bool dais_derive_is_open_kind(const dais_derive_t *derive, unsigned kind)
{
    const dais_policy_t *policy = &derive->rules->policy;
    if (derive->is_withholding)
        return false;
    switch (dais_policy_opens_at(policy, kind)) {
    case DAIS_POLICY_OPENS_AT_RECEIVED:
    case DAIS_POLICY_OPENS_AT_DECIDED: return true;
    case DAIS_POLICY_OPENS_AT_LISTED:
        return policy->ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_SAME_FORM;
    case DAIS_POLICY_OPENS_AT_PUBLISHED: return derive->rules->cycle.summary != 0;
    case DAIS_POLICY_OPENS_AT_NEVER:
    case DAIS_POLICY_OPENS_AT_NONE: break;
    }
    return false;
}

static bool check_is_word(const dais_derive_t *derive, dais_slice_t fact)
{
    for (unsigned told = DAIS_TOLD_ADMITTED; told <= DAIS_TOLD_NOT_SHOWN; told++) {
        bool is_sealed_word = told == DAIS_TOLD_ADMITTED || told == DAIS_TOLD_NOT_SHOWN;
        if (dais_slice_equal(fact, dais_slice_text(dais_due_told_word((dais_told_t)told))))
            return is_sealed_word || !check_is_sealed(derive);
    }
    return false;
}

/* A rule that is named is a key of the policy, with the value that it has in force. */
static bool check_is_rule(const dais_derive_t *derive, const dais_outcome_t *outcome)
{
    char value[DAIS_LIMIT_VALUE];
    dais_policy_out_t out = {.data = value, .capacity = sizeof value};
    if (outcome->rule.size == 0 || check_is_sealed(derive))
        return outcome->rule.size == 0 && outcome->value.size == 0;
    dais_policy_key_t key = dais_policy_key_find(outcome->rule);
    if (key == DAIS_POLICY_KEY_COUNT)
        return false;
    dais_policy_value_write(&derive->rules->policy, key, &out);
    return dais_slice_equal(outcome->value,
                            dais_slice(value, out.size < sizeof value ? out.size : sizeof value));
}

static void check_outcome(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_outcome_t *said = entry->subject;
    const dais_derive_org_t *org = dais_derive_org(derive, &said->organisation);
    const char *told =
        org != NULL && org->told != DAIS_TOLD_NOTHING ? dais_due_told_word(org->told) : NULL;
    if (!check_is_word(derive, said->fact))
        dais_derive_found(derive, entry->seq, "outcome-word", "the policy has no such word for it");
    else if (told != NULL && dais_slice_equal(said->fact, dais_slice_text(told)))
        dais_derive_found(derive, entry->seq, "outcome-again", "%s was told already", told);
    else if (told == NULL && check_is_sealed(derive) &&
             !dais_slice_equal(said->fact, dais_slice_text("admitted")))
        dais_derive_found(derive, entry->seq, "outcome-first",
                          "it speaks of one that nobody was told of");
    if (!check_is_rule(derive, said))
        dais_derive_found(derive, entry->seq, "outcome-rule",
                          "rule and value are not of the policy");
}

/* The names that a tally has as of now, in order; cells of a list may be merged. */
typedef struct {
    const char *names[32];
    unsigned count;
} check_names_t;

static void names_add(check_names_t *names, const char *const *more, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        names->names[names->count++] = more[i];
}

static void names_make(const dais_derive_t *derive, uint64_t version, check_names_t *names)
{
    static const char *const sealed[] = {"list.shown", "list.not-shown"};
    static const char *const cells[] = {"list.awaiting", "list.admitted",  "list.blocked",
                                        "list.refused",  "list.withdrawn", "list.lapsed"};
    static const char *const objections[] = {"objections.lodged",    "objections.standing",
                                             "objections.withdrawn", "objections.decided",
                                             "objections.lapsed",    "objections.organisations"};
    static const char *const part[] = {"invited", "registered", "registered.persons", "attended",
                                       "attended.persons"};
    const dais_policy_t *policy = &derive->rules->policy;
    bool is_settled = derive->rules->cycle.settled != 0;
    /* This tally may be the first that tells of a list which needs no window. */
    if (version > 0 && policy->objection_window.end.anchor == DAIS_POLICY_ANCHOR_NONE)
        is_settled = true;
    names->count = 0;
    if (policy->publish_applicants != DAIS_POLICY_APPLICANTS_NONE)
        names_add(names, (const char *const[]){"applied"}, 1);
    if (version > 0)
        names_add(names, (const char *const[]){"list.circulated"}, 1);
    if (is_settled)
        names_add(names, check_is_sealed(derive) ? sealed : cells, check_is_sealed(derive) ? 2 : 6);
    if (is_settled && policy->ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_NOTIFY)
        names_add(names, (const char *const[]){"routes.notified"}, 1);
    if (is_settled && policy->ecosoc_route == DAIS_POLICY_ECOSOC_ROUTE_ACCORDED)
        names_add(names, (const char *const[]){"routes.accorded"}, 1);
    if (version > 0 && (policy->disclosure_fact == DAIS_POLICY_DISCLOSURE_PUBLIC ||
                        policy->disclosure_fact == DAIS_POLICY_DISCLOSURE_COUNT_ONLY))
        names_add(names, objections, 6);
    if (is_settled)
        names_add(names, part, 5);
}

/* "list.awaiting+admitted" takes two of the names that come next. */
static bool names_take(const check_names_t *names, unsigned *at, dais_slice_t name)
{
    const char *group = memchr(name.data, '.', name.size);
    size_t lead = group != NULL ? (size_t)((const uint8_t *)group - name.data) + 1 : 0;
    dais_slice_t rest = dais_slice(name.data + lead, name.size - lead);
    while (rest.size > 0) {
        const uint8_t *plus = memchr(rest.data, '+', rest.size);
        dais_slice_t part =
            dais_slice(rest.data, plus != NULL ? (size_t)(plus - rest.data) : rest.size);
        if (*at == names->count || strlen(names->names[*at]) != lead + part.size ||
            memcmp(names->names[*at], name.data, lead) != 0 ||
            memcmp(names->names[*at] + lead, part.data, part.size) != 0)
            return false;
        *at += 1;
        size_t used = part.size + (plus != NULL ? 1 : 0);
        rest = dais_slice(rest.data + used, rest.size - used);
    }
    return true;
}

static bool check_names(const dais_derive_t *derive, const dais_tally_t *tally)
{
    check_names_t names;
    dais_count_t count;
    unsigned at = 0;
    names_make(derive, tally->version, &names);
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count))
        if (!names_take(&names, &at, count.name))
            return false;
    return at == names.count;
}

static bool name_begins(dais_slice_t name, const char *with)
{
    size_t size = strlen(with);
    return name.size >= size && memcmp(name.data, with, size) == 0;
}

/* What the numbers of a tally come to. */
typedef struct {
    uint64_t circulated, list, lodged, objections, organisations, routes, shown;
    uint64_t registered, attended, invited;
} check_sums_t;

static void sums_take(check_sums_t *sums, const dais_count_t *count)
{
    const struct {
        const char *name;
        uint64_t *number;
    } single[] = {{"list.circulated", &sums->circulated},
                  {"objections.lodged", &sums->lodged},
                  {"objections.organisations", &sums->organisations},
                  {"registered", &sums->registered},
                  {"attended", &sums->attended},
                  {"invited", &sums->invited}};
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        if (dais_slice_equal(count->name, dais_slice_text(single[i].name))) {
            *single[i].number = count->number;
            return;
        }
    }
    if (name_begins(count->name, "list."))
        sums->list += count->number;
    else if (name_begins(count->name, "objections."))
        sums->objections += count->number;
    else if (name_begins(count->name, "routes."))
        sums->routes += count->number;
    if (name_begins(count->name, "list.shown"))
        sums->shown = count->number;
}

/* How many organisations have persons of this sort, or an invitation. */
static uint64_t check_count_of(const dais_derive_t *derive, unsigned kind)
{
    uint64_t sum = 0;
    for (uint64_t at = 0; at < derive->orgs.count; at++) {
        const dais_derive_org_t *org = dais_store_vector_at(&derive->orgs, at);
        const unsigned *persons = kind == DAIS_KIND_ATTENDANCE ? org->attended : org->registered;
        sum += persons[DAIS_MODE_IN_PERSON] + persons[DAIS_MODE_ONLINE] > 0;
    }
    return sum;
}

static uint64_t check_told_in(const dais_derive_t *derive)
{
    uint64_t sum = 0;
    for (uint64_t at = 0; at < derive->orgs.count; at++) {
        const dais_derive_org_t *org = dais_store_vector_at(&derive->orgs, at);
        sum += org->told == DAIS_TOLD_ADMITTED || org->told == DAIS_TOLD_PROVISIONAL;
    }
    return sum;
}

static void check_sums(dais_derive_t *derive, const dais_derive_entry_t *entry,
                       const check_sums_t *sums)
{
    bool is_settled = derive->rules->cycle.settled != 0;
    bool has_list = is_settled || sums->list != 0;
    if (has_list && sums->list != sums->circulated)
        dais_derive_found(derive, entry->seq, "tally-sum", "the list adds up to %llu, not to %llu",
                          (unsigned long long)sums->list, (unsigned long long)sums->circulated);
    if (sums->objections != sums->lodged || sums->organisations > sums->lodged)
        dais_derive_found(derive, entry->seq, "tally-sum", "objections do not add up");
    if (is_settled && check_is_sealed(derive) &&
        sums->shown + sums->routes != check_told_in(derive))
        dais_derive_found(derive, entry->seq, "tally-told",
                          "it counts %llu as admitted, outcomes say %llu",
                          (unsigned long long)sums->shown + sums->routes,
                          (unsigned long long)check_told_in(derive));
    if (is_settled && dais_derive_is_open_kind(derive, DAIS_KIND_REGISTRATION) &&
        sums->registered != check_count_of(derive, DAIS_KIND_REGISTRATION))
        dais_derive_found(derive, entry->seq, "tally-part",
                          "registrations that are open are others");
    if (is_settled && dais_derive_is_open_kind(derive, DAIS_KIND_ATTENDANCE) &&
        sums->attended != check_count_of(derive, DAIS_KIND_ATTENDANCE))
        dais_derive_found(derive, entry->seq, "tally-part", "attendances that are open are others");
}

static void check_tally(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_tally_t *tally = entry->subject;
    check_sums_t sums = {.circulated = 0};
    dais_count_t count;
    derive->tally_owed = 0;
    dais_list_walk_t walk = dais_list_begin(&tally->counts, &dais_shape_count);
    while (dais_list_next(&walk, &count))
        sums_take(&sums, &count);
    if (tally->version < derive->rules->cycle.list_version)
        dais_derive_found(derive, entry->seq, "tally-version", "its list version goes back");
    if (!check_names(derive, tally))
        dais_derive_found(derive, entry->seq, "tally-names",
                          "its numbers are not those that are due");
    else
        check_sums(derive, entry, &sums);
}

/* A tick and an open list version have their tally behind them, before any further message. */
static void check_owed(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    unsigned kind = entry->kind->number;
    if (derive->tally_owed == 0 || kind == DAIS_KIND_OUTCOME || kind == DAIS_KIND_LAPSE ||
        kind == DAIS_KIND_TALLY)
        return;
    dais_derive_found(derive, entry->seq, "tally-missing", "entry %llu has no tally behind it",
                      (unsigned long long)derive->tally_owed);
    derive->tally_owed = 0;
}

static bool check_owes_tally(const dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    const dais_tick_t *tick = entry->subject;
    return entry->kind->number == DAIS_KIND_TICK && tick->which != DAIS_DATE_KEY_RETIRES &&
           (derive->rules->policy.publish_applicants != DAIS_POLICY_APPLICANTS_NONE ||
            derive->rules->cycle.listed != 0);
}

void dais_derive_check(dais_derive_t *derive, const dais_derive_entry_t *entry)
{
    check_owed(derive, entry);
    if (entry->kind->number == DAIS_KIND_OUTCOME)
        check_outcome(derive, entry);
    else if (entry->kind->number == DAIS_KIND_TALLY)
        check_tally(derive, entry);
    else if (check_owes_tally(derive, entry))
        derive->tally_owed = entry->seq;
}
