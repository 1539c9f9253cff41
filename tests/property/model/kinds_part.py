# SPDX-License-Identifier: Apache-2.0
"""Taking part, texts, and who may see; docs/rules.md, sections 6.7 to 6.9."""

from . import seeing
from .kinds_cycle import accepted, await_second, no_effect
from .kinds_orgs import COMMENT_THING, scope_org
from .pieces import acts, deadline, file, move, supersede, ticked
from .shapes import KINDS, NUMBERS, WORDS
from .state import (COMMENT, ENDED, ERASED, FORM, IN_AT_END, LATE, REFUSED, TIMELY, WITHHELD,
                    category, counts, is_in, new_row)
from .verdicts import refuse_if


def invitation(state, msg, org_id):
    """Organisations are invited, in their order where places are few."""
    number = state.org(org_id)
    refuse_if(not number, "unknown-organisation")
    org = state.orgs[number]
    refuse_if(not is_in(org), "not-admitted")
    if org["invited"]:
        return "no-effect", number
    capacity, quota = state.policy.limit("capacity"), state.policy.limit("quota")
    if capacity is not None or quota is not None:
        refuse_if(1 in state.date and not ticked(state, 1), "early")
        taken = counts(state)

        def has_room(other):
            return quota is None or taken["invited_of"][category(other)] < quota

        refuse_if(capacity is not None and taken["invited"] >= capacity, "no-place")
        refuse_if(not has_room(org), "no-place")
        refuse_if(any(0 < other["rank"] < org["rank"] and is_in(other) and not other["invited"]
                      and has_room(other) for _, other in state.rows("ORGANISATION")),
                  "out-of-turn")
    org["invited"] = msg.seq
    return "accepted", number


def _check_takes_part(state, org_id):
    number = state.org(org_id)
    refuse_if(not number, "unknown-organisation")
    org = state.orgs[number]
    takes_part = org["marks"] & IN_AT_END if state.cycle["state"] >= ENDED else is_in(org)
    refuse_if(not takes_part, "not-admitted")
    return number, org


_MODES = ("in_person", "online")


def registration(state, msg):
    """Persons have registered."""
    number, org = _check_takes_part(state, msg.subject["organisation"])
    mode = _MODES[msg.subject["mode"] - 1]
    other = _MODES[2 - msg.subject["mode"]]
    most = state.policy.limit("representatives-max")
    refuse_if(most is not None and msg.subject["persons"] + org[f"registered_{other}"] > most,
              "too-many-persons")
    org[f"registered_{mode}"] = msg.subject["persons"]
    return accepted(scope_org(number))


def attendance(state, msg):
    """Persons took part."""
    number, org = _check_takes_part(state, msg.subject["organisation"])
    org[f"attended_{_MODES[msg.subject['mode'] - 1]}"] = msg.subject["persons"]
    return accepted(scope_org(number))


def _check_item_and_topics(state, subject):
    refuse_if(subject["item"] and subject["item"] not in state.agenda, "unknown-item")
    refuse_if(any(topic not in state.topic for topic in subject["topics"]), "unknown-topic")


def intervention(state, msg):
    """Somebody had the floor."""
    subject = msg.subject
    speaker = WORDS["speaker"].split()[subject["speaker"] - 1]
    wants_org, wants_name = speaker == "organisation", speaker in ("state", "igo")
    refuse_if(wants_org != bool(subject["organisation"]), "senseless")
    refuse_if(wants_name != bool(subject["name"]), "senseless")
    _check_item_and_topics(state, subject)
    if not wants_org:
        return accepted()
    number, _ = _check_takes_part(state, subject["organisation"])
    refuse_if("speak" not in state.policy.words("rights"), "no-right")
    for topic in subject["topics"]:
        if (topic, number) not in state.speaker:
            state.speaker[(topic, number)] = {"entry": msg.seq, "value": 0}
            state.topic[topic]["speakers"] += 1
    return accepted(scope_org(number))


def scope_comment(number):
    """An entry about a comment."""
    return "comment", number


def _language_taken(state, language):
    tag = language.split("-")[0].lower()
    taken = state.policy.words("written-languages")
    named = [word for word in ("ar", "zh", "en", "fr", "ru", "es")]
    return tag in taken if tag in named else "other" in taken


def comment(state, msg):
    """A written comment, or a new text of one."""
    subject, number = msg.subject, state.org(msg.on_behalf)
    refuse_if(not acts(state, msg.actor, number), "not-yours")
    refuse_if("written" not in state.policy.words("rights"), "no-right")
    verdict = deadline(state, 4, msg.at, msg.actor, COMMENT_THING)
    refuse_if(verdict == "late", "late")
    outside = state.policy["comments-from"] == "admitted" and not is_in(state.orgs[number])
    refuse_if(outside, "not-on-list")
    most = state.policy.limit("written-limit-words")
    refuse_if(most is not None and subject["words"] > most, "too-long")
    refuse_if(not _language_taken(state, subject["language"]), "language-not-taken")
    _check_item_and_topics(state, subject)
    replaced = state.comment_ids.get(subject["replaces"], 0)
    old = state.comment[replaced] if replaced else None
    if subject["replaces"]:
        fits = old and old["organisation_number"] == number and \
            old["state"] <= COMMENT["published"]
        refuse_if(not fits, "unknown-comment")
    refuse_if(msg.id in state.comment_ids, "already-there")
    marks = {"accepted-late": LATE, "timely-after-tick": TIMELY}.get(verdict, 0)
    if old and old["state"] <= COMMENT["returned"]:
        move("comment", old, "submitted")
        old.update(entry=msg.seq, marks=marks)
        made = replaced
    else:
        made = state.add("COMMENT", id=msg.id, entry=msg.seq, organisation_number=number,
                         replaces_number=replaced, state=COMMENT["submitted"], marks=marks)
    state.comment_ids[msg.id] = made
    return verdict, scope_comment(made)


_RULINGS = {  # ruling -> the state that it makes, the states that it takes
    "return": ("returned", "submitted"),
    "accept": ("accepted", "submitted"),
    "withhold": ("withheld", "submitted accepted published"),
    "publish": ("published", "accepted"),
}


def comment_ruling(state, msg):
    """A comment is returned, accepted, withheld or published."""
    subject = msg.subject
    number = state.comment_ids.get(subject["comment"], 0)
    refuse_if(not number, "unknown-comment")
    row = state.comment[number]
    ruling = WORDS["ruling"].split()[subject["ruling"] - 1]
    refuse_if(ruling in ("return", "withhold") and not subject["reason"], "reason-required")
    start, end = subject["span_start"], subject["span_end"]
    spanned = (start, end) != (0, 0)
    refuse_if(spanned and (ruling != "return" or end <= start), "senseless")
    makes, takes = _RULINGS[ruling]
    if row["state"] == COMMENT[makes]:
        return no_effect(scope_comment(number))
    refuse_if(row["state"] not in [COMMENT[word] for word in takes.split()], "wrong-state")
    org = state.orgs[row["organisation_number"]]
    if ruling == "publish" and org["route"] == FORM and \
            state.policy["blocked-comments"] == "withhold":
        refuse_if(not state.cycle["settled"], "early")
        refuse_if(not is_in(org), "not-on-list")
    move("comment", row, makes)
    row["ruled"] = msg.seq
    if ruling == "publish":
        row["published"] = row["published"] or msg.seq
        supersede(state, row["replaces_number"])
    return accepted(scope_comment(number))


def withdraw_comment(state, msg):
    """An office takes a comment back."""
    refuse_if(msg.subject["thing"] != COMMENT_THING, "senseless")
    number = state.comment_ids.get(msg.subject["id"], 0)
    row = state.comment[number] if number else None
    own = row and acts(state, msg.actor, row["organisation_number"])
    refuse_if(not own, "unknown-comment")
    spoken_of = state.orgs[row["organisation_number"]]["id"]
    refuse_if(msg.on_behalf not in (b"", spoken_of), "senseless")
    if row["state"] >= COMMENT["withheld"]:
        return no_effect(scope_comment(number))
    move("comment", row, "retracted")
    return accepted(scope_comment(number))


def suggestion(state, msg):
    """A suggestion is marked."""
    subject = msg.subject
    refuse_if(bool(subject["comment"]) == bool(subject["intervention"]), "senseless")
    scope = ("none", 0)
    if subject["comment"]:
        number = state.comment_ids.get(subject["comment"], 0)
        shown = number and state.comment[number]["state"] in (COMMENT["accepted"],
                                                              COMMENT["published"])
        refuse_if(not shown, "unknown-comment")
        scope = scope_comment(number)
    else:
        entry = _entry(state, subject["intervention"])
        there = entry and entry["kind"] == NUMBERS["intervention"] and \
            not entry["marks"] & REFUSED
        refuse_if(not there, "unknown-entry")
        if entry["scope"] == 1:
            scope = scope_org(entry["scope_number"])
    refuse_if(subject["topic"] and subject["topic"] not in state.topic, "unknown-topic")
    return accepted(scope)


def _entry(state, seq):
    """The row of an entry that is logged, or None."""
    return state.entry[seq + 1] if seq < state.size else None


def summary(state, msg):
    """The Chair's summary."""
    subject, cycle = msg.subject, state.cycle
    revision = subject["revision"]
    languages = [row["language"] for key, row in state.summary.items() if key[0] == revision]
    if revision == cycle["revision"] and revision:
        refuse_if(subject["language"] in languages, "already-there")
    else:
        refuse_if(revision != cycle["revision"] + 1, "wrong-number")
    state.summary[(revision, len(languages))] = new_row(
        "summary", entry=msg.seq, language=subject["language"])
    cycle["revision"] = revision
    cycle["summary"] = cycle["summary"] or msg.seq
    move("cycle", cycle, "summarised")
    file(state, msg.seq)
    return accepted()


PUBLIC, APPLICANT, STATES, STATE, CHAIR, DECIDER = range(1, 7)


def check_disclosure(_state, msg):
    """The message as a whole."""
    refuse_if((msg.subject["reader"] == STATE) != bool(msg.subject["state"]), "senseless")


def _own_but_lapse(entry):
    name, stream = KINDS[entry["kind"]]
    return stream == "own" and name != "lapse"


def disclosure(state, msg, seq):
    """An entry is opened to more readers."""
    reader = msg.subject["reader"]
    entry = _entry(state, seq)
    refuse_if(entry is None or seq == 0, "unknown-entry")
    refuse_if(_own_but_lapse(entry), "already-open")
    refuse_if(seeing.may_see(state, seeing.PUBLIC_READER, seq, msg.seq), "already-open")
    refuse_if(entry["marks"] & WITHHELD, "withheld")
    party = state.state_number(msg.subject["state"]) if reader == STATE else 0
    if (reader != STATE or party) and (seq, reader, party) in state.disclosed:
        return "no-effect", seq
    _check_level(state, seq, entry, reader, party)
    if reader == STATE:
        party = state.state_number(msg.subject["state"], make=True)
    state.disclosed[(seq, reader, party)] = {"entry": msg.seq, "value": 0}
    return "accepted", seq


def _check_level(state, seq, entry, reader, party):
    name = KINDS[entry["kind"]][0]
    if name in seeing.OBJECTION_KINDS:
        level = seeing.level_of(state, name)
        least = {STATE: "states-on-request", CHAIR: "chair", DECIDER: "decider"}
        refuse_if(level < seeing.LEVELS[least.get(reader, "public")], "sealed-by-policy")
        if reader == STATE and level < seeing.LEVELS["public"]:
            asked = all((party, number) in state.request
                        for number in seeing.organisations_of(state, seq))
            refuse_if(not asked, "not-requested")
    elif name == "disclosure-request":
        own = state.actor[entry["actor_number"]]["state_number"]
        refuse_if(reader != STATE or party != own, "sealed-by-policy")
    elif reader == PUBLIC:
        refuse_if(seeing.opens_word(state, seq) == "never", "sealed-by-policy")
        sealed = state.policy["disclosure-cause"] != "public"
        untold = [number for number in seeing.organisations_of(state, seq)
                  if state.orgs[number]["told"] not in (1, 2)]
        refuse_if(sealed and untold, "sealed-by-policy")


def withholding(state, msg, seq):
    """An entry stays closed to all who may not see it already."""
    entry = _entry(state, seq)
    refuse_if(entry is None or seq == 0, "unknown-entry")
    refuse_if(_own_but_lapse(entry), "already-open")
    refuse_if(seeing.may_see(state, seeing.PUBLIC_READER, seq, msg.seq), "already-open")
    if entry["marks"] & WITHHELD:
        return "no-effect", seq
    entry["marks"] |= WITHHELD
    state.withheld[seq] = {"entry": msg.seq, "value": 0}
    return "accepted", seq


def erasure(state, msg, seq):
    """Content is to be deleted, once seconded."""
    entry = _entry(state, seq)
    own = entry is not None and KINDS[entry["kind"]][1] == "own"
    refuse_if(entry is None or seq == 0 or own, "unknown-entry")
    if entry["marks"] & ERASED:
        return "no-effect", seq
    if msg.seq not in state.second:
        await_second(state, msg)
    return "awaits-second", seq
