# SPDX-License-Identifier: Apache-2.0
"""Lists, numbers and sentences; docs/rules.md, section 9."""

from .pieces import words_of
from .shapes import WORDS
from .state import APPLICATION, IN_AT_END, category, counts

TOLD = {word: number for number, word in enumerate(
    "nothing admitted provisional awaiting pending blocked refused withdrawn lapsed "
    "not-shown".split())}
_AWAITING = ("listed", "unopposed", "contested", "pending", "provisional")


def list_cells(state):
    """The account of the circulated list."""
    by_state = counts(state)["by_state"]
    cells = [("awaiting", sum(by_state[APPLICATION[word]] for word in _AWAITING))]
    cells += [(word, by_state[APPLICATION[word]])
              for word in ("admitted", "blocked", "refused", "withdrawn", "lapsed")]
    return cells


def merged(cells, least):
    """Cells below a number are merged with a neighbour."""
    cells = list(cells)
    while len(cells) > 1:
        small = [at for at, (_, number) in enumerate(cells) if 0 < number < least]
        if not small:
            break
        first = min(small[0], len(cells) - 2)
        (name, number), (other, more) = cells[first:first + 2]
        cells[first:first + 2] = [(f"{name}+{other}", number + more)]
    return cells


def tally(state):
    """The numbers that the public is told, as [name, number]."""
    policy, cycle, now = state.policy, state.cycle, counts(state)
    least = int(policy["small-cell"])
    numbers = []

    def cells(prefix, pairs):
        numbers.extend((prefix + name, number) for name, number in merged(pairs, least))

    if policy["publish-applicants"] != "none":
        numbers.append(("applied", now["applied"]))
    if cycle["listed"]:
        numbers.append(("list.circulated", now["circulated"]))
    if cycle["settled"]:
        if policy["disclosure-cause"] == "public":
            cells("list.", list_cells(state))
        else:
            numbers.append(("list.shown", now["shown"]))
            numbers.append(("list.not-shown", now["circulated"] - now["shown"]))
        route = {"notify": "notified", "accorded": "accorded"}.get(policy["ecosoc-route"])
        if route:
            numbers.append((f"routes.{route}", now[route]))
    if policy["disclosure-fact"] in ("public", "count-only") and cycle["listed"]:
        numbers.append(("objections.lodged", now["lodged"]))
        cells("objections.", [("standing", now["standing"]), ("withdrawn", now["withdrawn"]),
                              ("decided", now["ruled"]), ("lapsed", now["lapsed"])])
        numbers.append(("objections.organisations", now["objected"]))
    if cycle["settled"]:
        for name in ("invited", "registered", "registered_persons", "attended",
                     "attended_persons"):
            numbers.append((name.replace("_", "."), now[name]))
    return [{"name": name, "number": number} for name, number in numbers]


def circulated_list(state, sees_state):
    """Rows (id, standing shown) of the circulated list; sees_state as the reader may."""
    rows = []
    for number, org in state.rows("ORGANISATION"):
        if org["version"]:
            shown = words_of("application")[org["state"]]
            if not sees_state(number):
                told = [word for word, code in TOLD.items() if code == org["told"]][0]
                shown = told if org["told"] else "awaiting"
            rows.append((org["id"], shown))
    return rows


def participants(state):
    """Ids of the public list of participants."""
    which, found = state.policy["participants-from"], []
    for _, org in state.rows("ORGANISATION"):
        shown = org["told"] in (TOLD["admitted"], TOLD["provisional"])
        if state.cycle["ended"]:
            shown = bool(org["marks"] & IN_AT_END)
        if which == "invited":
            shown = shown and org["invited"] != 0
        if which == "attended":
            shown = shown and org["attended_in_person"] + org["attended_online"] > 0
        if shown:
            found.append(org["id"])
    return found


_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_PHRASES = {"academia": "from academia", "private-sector": "from the private sector",
            "civil-society": "from civil society", "major-group": "from the major groups",
            "igo": "from intergovernmental organizations"}


def number_words(number):
    """zero to ninety-nine in words, from 100 on in digits."""
    if number >= 100:
        return str(number)
    if number < 20:
        return _SMALL[number]
    ten = _TENS[number // 10 - 2]
    return ten if number % 10 == 0 else f"{ten}-{_SMALL[number % 10]}"


def _and(parts):
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _others(some, noun):
    """The stakeholders who are no NGOs, with what they are; and whether that ends in a comma."""
    total = sum(number for _, number in some)
    text = f"{number_words(total)} {noun}{'' if total == 1 else 's'}"
    if len(some) == 1:
        return f"{text} {_PHRASES[some[0][0]]}", ""
    parts = _and([f"{number_words(number)} {_PHRASES[name]}" for name, number in some])
    return f"{text}, {parts}", ","


def sentence(by_category):
    """Who took part, from eight counts by category."""
    named = dict(zip(WORDS["category"].split(), by_category[1:]))
    ngos = named.pop("ngo")
    some = [(name, named[name]) for name in _PHRASES if named[name]]
    if not ngos and not some:
        return "No stakeholder took part."
    parts, comma = [], ""
    if ngos:
        parts.append(f"{number_words(ngos)} non-governmental "
                     f"organization{'' if ngos == 1 else 's'}")
    if some:
        text, comma = _others(some, "other stakeholder" if ngos else "stakeholder")
        parts.append(text)
    text = " and ".join(parts)
    return f"{text[0].upper()}{text[1:]}{comma} took part."


def sentence_of(state):
    """The same of a cycle."""
    orgs = [org for _, org in state.rows("ORGANISATION")
            if org["attended_in_person"] + org["attended_online"] > 0]
    return sentence([sum(category(org) == number for org in orgs) for number in range(8)])


def quantifier(state, topic):
    """The phrase for how many spoke on a topic."""
    speakers, found = state.topic[topic]["speakers"], ""
    for number, phrase in state.policy.quantifiers():
        if number <= speakers:
            found = phrase
    return found
