# SPDX-License-Identifier: Apache-2.0
"""Reads a case of tests/cases and says each of its lines with `dais`, as the people would who are
named in it. The notation is that of tests/support/scenario.h."""
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

WORD = re.compile(r'(\w[\w-]*)=((?:"[^"]*"|[^\s"])*)')


class Line:
    """[LABEL:] WHO KIND field=value ... [=> verdict ...]"""

    def __init__(self, text):
        text, _, verdicts = text.partition("=>")
        label = re.match(r"([\w-]+):\s+", text)
        self.label = label[1] if label else None
        rest = text[label.end():] if label else text
        self.who, self.kind = rest.split()[:2]
        self.fields = {name: value.replace('"', "") for name, value in WORD.findall(rest)}
        self.verdicts = verdicts.split() or None
        self.text = text.strip()

    def list(self, name):
        value = self.fields.get(name, "")
        return [each for each in value.split(",") if each]

    def options(self, *names, **renamed):
        """--name VALUE for each of these fields that is given."""
        words = []
        for name in (*names, *renamed):
            if name in self.fields:
                words += ["--" + renamed.get(name, name).replace("_", "-"), self.fields[name]]
        return words


class Case:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.name = self.policy = None
        self.values, self.actors, self.lines = {}, [], []
        self.begins = datetime(2022, 1, 1, tzinfo=timezone.utc)
        for name in ("call.txt", "events.txt"):
            for text in (self.folder / name).read_text().splitlines():
                self._read(text.strip())

    def _read(self, text):
        head = text.split(" ", 1)[0]
        own = re.match(r"\? own (\w+)", text)
        if own and own[1] != "none":
            self.lines.append(("own", own[1]))
        if not text or head in ("#", "?"):
            return
        if head == "cycle":
            self.name = text.split()[1]
        elif head == "begins":
            self.begins = datetime.fromisoformat(text.split()[1].replace("Z", "+00:00"))
        elif head == "policy-file":
            self.policy = text.split()[1]
        elif head == "value":
            key, _, value = text[len("value "):].partition(" = ")
            self.values[key.strip()] = value.strip()
        elif head == "actor":
            name, role, state, holder = text.split(" ", 4)[1:]
            self.actors.append((name, role, None if state == "-" else state,
                                None if holder == "-" else holder))
        elif head in ("clock", "tick"):
            self.lines.append((head, text.split()[1]))
        else:
            self.lines.append(("say", Line(text)))

    def at(self, hours):
        return self.begins + timedelta(hours=float(hours))


def rfc3339(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Player:
    """Says the lines of a case in a cycle of cycle_world. What one person says in a row goes out
    together; the receipts are compared with the verdicts that the case expects."""

    def __init__(self, world, case, people, told):
        self.world, self.case, self.people, self.told = world, case, people, told
        self.ids, self.seqs, self.waiting, self.count = {}, {}, [], 0
        self.own_seq = 0  # of the next own entry of the registry after the last tick

    # The parts of each kind's command line.

    def org(self, name):
        return self.ids[name]

    def file(self, text):
        if text.startswith("@"):
            text = (self.case.folder / text[1:]).read_text()
        path = self.world.folder / f"text-{len(self.ids)}-{self.count}.txt"
        path.write_text(text)
        return path

    def dates(self, line):
        words = []
        for each in line.list("dates"):
            which, hours = each.split(":")[:2]
            words += ["--date", f"{which}={rfc3339(self.case.at(hours))}"]
        return words

    def say_call(self, line):
        values = self.world.write("values.zpl", "".join(
            f'{key}\n    value = "{value}"\n    confirmed = assumed\n    source = "the case"\n'
            for key, value in self.case.values.items()))
        words = ["cycle", "call", "--values", values, *self.dates(line),
                 *line.options("title", "meeting")]
        for session in line.fields["sessions"].split(","):
            words += ["--session", session]
        for state in line.list("states"):
            words += ["--state", state]
        return words

    def say_open(self, line):
        return ["cycle", "open", "--call", self.seqs[line.fields["call"][1:]]]

    def say_officers(self, line):
        return ["cycle", "officers", "--officer", line.fields["officers"]]

    def say_agenda_item(self, line):
        return ["cycle", "agenda", line.fields["number"], *line.options("title")]

    def say_document(self, line):
        return ["cycle", "document", line.fields["symbol"],
                *line.options("title", "item", "language")]

    def say_topic(self, line):
        words = ["cycle", "topic", line.fields["number"], *line.options("title", "cluster")]
        for article in line.list("articles"):
            words += ["--article", article]
        return words

    def say_application(self, line):
        return ["apply", *line.options("category", "country", "persons", applicant="name")]

    def say_screening(self, line):
        return ["cycle", "screen", self.org(line.fields["organisation"]), "--result", "eligible"]

    def say_list_version(self, line):
        words = ["cycle", "circulate", "--yes", *self.dates(line)]
        for name in line.list("added"):
            words += ["--add", self.org(name)]
        return words

    def targets(self, line):
        return [word for name in line.list("targets") for word in ("--target", self.org(name))]

    def say_objection(self, line):
        return ["object", *self.targets(line), "--yes"]

    def say_decision(self, line):
        return ["decide", line.fields["question"], *self.targets(line), "--manner",
                line.fields["manner"], "--result", "carried", "--body", "The Chair", "--session",
                "this dialogue", "--yes"]

    def say_invitation(self, line):
        return ["cycle", "invite", *self.targets(line)]

    def say_referral(self, line):
        return ["cycle", "refer", *self.targets(line), *line.options("body", "session")]

    def say_registration(self, line):
        return ["cycle", "register", self.org(line.fields["organisation"]),
                *line.options("mode", "persons")]

    def say_attendance(self, line):
        return ["cycle", "attend", self.org(line.fields["organisation"]), "--mode",
                line.fields.get("mode", "in-person"), *line.options("persons")]

    def say_comment(self, line):
        words = ["comment", "--for", self.org(line.fields["for"]),
                 *line.options("title", "language", "item")]
        for topic in line.list("topics"):
            words += ["--topic", topic]
        return [*words, self.file(line.fields["text"])]

    def say_comment_ruling(self, line):
        return ["cycle", "comment", line.fields["ruling"], self.org(line.fields["comment"]), "--yes"]

    def say_suggestion(self, line):
        words = ["cycle", "suggestion", *line.options("sentence", "article", "addressee", "topic")]
        if "comment" in line.fields:
            return [*words, "--comment", self.org(line.fields["comment"])]
        return [*words, "--intervention", self.seqs[line.fields["intervention"][1:]]]

    def say_session_concluded(self, line):
        return ["cycle", "conclude-session", line.fields["session"], "--at",
                rfc3339(self.world.now)]

    def say_report_adopted(self, line):
        return ["cycle", "adopt-report", line.fields["session"], *line.options("symbol"), "--at",
                rfc3339(self.world.now)]

    def say_intervention(self, line):
        words = ["cycle", "intervene", *line.options("speaker", "name", "item")]
        if "organisation" in line.fields:
            words += ["--organisation", self.org(line.fields["organisation"])]
        for topic in line.list("topics"):
            words += ["--topic", topic]
        return [*words, self.file("What was said is in the summary.\n")]

    def say_summary(self, line):
        return ["summary", *line.options("revision"), "--language", "en",
                self.file(line.fields["text"])]

    def say_withholding(self, line):
        words = ["cycle", "withhold", "--reason", "policy", "--yes"]
        for each in line.list("entries"):
            words += ["--entry", self.seqs[each[1:]]]
        return words

    # Playing.

    def needs_seqs(self, line):
        return any("@" in value and name != "text" for name, value in line.fields.items())

    def say(self, line):
        who = self.people[line.who]
        if self.waiting and (self.waiting[0][0] != who or self.needs_seqs(line)):
            self.deliver()
        words = getattr(self, "say_" + line.kind.replace("-", "_"))(line)
        queued = self.world.dais(who, *words)
        message = next(each["id"] for each in queued if "id" in each)
        if "mid" in line.fields:
            self.ids[line.fields["mid"]] = message
        self.waiting.append((who, message, line))
        self.count += 1

    def deliver(self):
        if not self.waiting:
            return
        who = self.waiting[0][0]
        self.world.send(who)
        rows = {row["id"]: row for row in self.world.dais(who, "receipts", "--offline")
                if "id" in row}
        for _, message, line in self.waiting:
            row = rows[message]
            if line.label:
                self.seqs[line.label] = row["seq"]
            expected = line.verdicts or ["accepted"] * len(row["verdicts"])
            if row["verdicts"] != expected:
                raise AssertionError(f"{line.text}: {row['verdicts']}, expected {expected}")
        self.waiting = []

    def due(self, date):
        rows = self.world.dais(self.people["sec"], "deadlines", "--refresh")
        return next((row for row in rows if row.get("which") == date), None)

    def tick(self, date):
        self.deliver()
        closes = datetime.fromisoformat(self.due(date)["closes_at"].replace("Z", "+00:00"))
        if closes > self.world.now:
            self.world.set_time(closes)
        self.world.settle(lambda: self.due(date)["ticked"] != "0")
        self.own_seq = int(self.due(date)["ticked"]) + 1

    def play(self):
        for what, line in self.case.lines:
            if what == "clock":
                self.deliver()
                if self.case.at(line) > self.world.now:
                    self.world.set_time(self.case.at(line))
            elif what == "tick":
                self.tick(line)
            elif what == "own":
                self.seqs[line] = str(self.own_seq)
                self.own_seq += 1
            else:
                self.say(line)
            self.told(what, line)
        self.deliver()
