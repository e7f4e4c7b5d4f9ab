"""What retention has to leave, from the history of geflecht_decade and the table of
docs/formats/retention.md: calendar arithmetic, classes and rules once more, without the engine."""
import datetime

DAY = datetime.timedelta(days=1)
NOTICE = 14   # days of announcement
GAP = 7       # of days without a run, so many in a row count
HOLD = 6      # months for which an archive may be silent

# class: start, years, months, days, to the end of the year, offered to an archive
CLASSES = {
    "L1": ("relation", 0, 3, 0, False, False),
    "L2": ("event", 0, 6, 0, False, False),
    "L3": ("event", 5, 0, 0, True, True),
    "L4": ("relation", 10, 0, 0, False, True),
    "L5": ("relation", 3, 0, 0, True, True),
    "L6": ("made", 1, 0, 0, False, False),
    "L7": ("event", 1, 0, 0, False, False),
    "L8": ("made", 0, 0, 30, False, False),
    "L9": ("event", 3, 0, 0, True, False),
    "L10": ("made", 1, 0, 0, False, False),
    "L11": ("made", 1, 0, 180, False, False),
}

# What is no document has the class of what it is.
ENTRIES = {"minutes-frozen": "L3", "agreement-frozen": "L5", "notice": "L5", "mandate": "L5",
           "proposal-note": "L3", "vote-reason": "L3", "comment": "L3"}


def day_of(text):
    return datetime.date.fromisoformat(text)


def months_later(day, months):
    """The same day of a later month, or its last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1) - DAY
    return datetime.date(year, month + 1, min(day.day, last.day))


class Record:
    def __init__(self, told, organisations):
        self.id, self.machine, self.type = told["id"], told["machine"], told["type"]
        self.made = day_of(told["made"])
        self.fields = dict(told["fields"])
        self.texts = [told["text"], *told["fields"].values()]
        self.public = organisations["public_body"] == self.machine
        self.announced = self.answer = self.erased = None
        self.agreements = []  # records: signed under this mandate
        self.meeting = None   # record: of frozen minutes
        self.left = None      # day on which its organisation left the network

    def name_of_class(self):
        return ENTRIES.get(self.type) or self.fields["retention_class"]

    def start_of_entry(self):
        """The same for what is no document."""
        if self.type == "mandate":
            ends = [day_of(self.fields["ended"]) if "ended" in self.fields else None,
                    *(a.start_of_entry() for a in self.agreements)]
            return None if None in ends else max(ends)
        if self.type == "agreement-frozen" and self.fields["signed"] == "no":
            return self.made
        key = {"minutes-frozen": "date", "agreement-frozen": "end", "notice": "end"}.get(self.type)
        if key is None:
            return max(self.made, day_of(self.fields.get("enacted") or self.fields["deadline"]))
        return day_of(self.fields[key]) if self.fields[key] else None

    def start(self):
        """The day from which the period runs, or nothing."""
        if self.type in ENTRIES:
            return self.start_of_entry()
        start = CLASSES[self.fields["retention_class"]][0]
        if start == "made":
            return self.made
        if start == "relation":
            key = {"contact": "role_end", "agreement": "end"}.get(self.type)
            named = day_of(self.fields[key]) if key and self.fields.get(key) else None
            if self.left is None or self.name_of_class() == "L4":
                return named
            if self.type == "contact":
                return min(named or self.left, self.left)
            return named or self.left
        if self.type == "meeting":
            return day_of(self.fields["date"])
        if self.type == "task":
            return day_of(self.fields["due"]) if self.fields["status"] == "done" else self.left
        return self.made

    def until(self):
        """The last day of the period, or nothing."""
        start = self.start()
        if start is None:
            return None
        _, years, months, days, year_end, _ = CLASSES[self.name_of_class()]
        end = months_later(start, 12 * years + months) + days * DAY
        return datetime.date(end.year, 12, 31) if year_end else end

    def offered(self):
        return self.public and not self.left and CLASSES[self.name_of_class()][5]

    def restricted(self):
        return (self.meeting or self).fields.get("restricted")

    def look(self, today, last, paused):
        """One run at the record's own node; `last`: the day of the run before, or nothing."""
        if self.erased:
            return
        until = self.until()
        if self.announced and last and (today - last).days > GAP:
            if self.announced + NOTICE * DAY > last:
                self.announced += today - last - GAP * DAY
        if until is None or self.restricted() or today < until + DAY - NOTICE * DAY:
            self.announced = self.answer = None
            return
        if self.announced is None:
            self.announced = today
        if today <= until or today < self.announced + NOTICE * DAY or paused:
            return
        held = months_later(max(until, self.announced), HOLD)
        if self.offered() and self.answer is None and today <= held:
            return
        self.erased = today


def paused_on(pause, today):
    return bool(pause) and (pause == "open" or today <= day_of(pause))


def replay(history):
    """The records after each stage: the ids of those that are left, by number of stages; and the
    records themselves."""
    records = {r["id"]: Record(r, history) for r in history["records"]}
    for record in records.values():
        record.meeting = records.get(record.fields.get("meeting"))
    own = [[r for r in records.values() if r.machine == m]
           for m in range(len(history["organisations"]))]
    pauses, last, left, former = {}, {}, {}, set()
    for number, stage in enumerate(history["stages"]):
        for event in (e for e in history["events"] if e["stage"] == number):
            if event["what"] == "left":  # from now on each of the others looks after its records
                former.add(event["machine"])
                for record in own[event["machine"]]:
                    record.left = day_of(event["day"])
                    record.announced = record.answer = None
                continue
            record = records[event["id"]]
            if event["what"] == "answer":
                record.answer = event["answer"]
                continue
            if event["what"] == "signs":
                record.agreements.append(records[event["agreement"]])
                continue
            record.fields[event["key"]] = event["value"]
            if event["key"] == "retention_pause":
                pauses[record.machine] = event["value"]
        for machine, mine in enumerate(own):
            if machine in stage["away"] and machine not in former:
                continue
            today, end = day_of(stage["from"]), day_of(stage["to"])
            while today <= end:
                for record in mine:
                    if record.made <= today:
                        record.look(today, last.get(machine),
                                    paused_on(pauses.get(machine), today))
                last[machine] = today
                today += DAY
        left[number + 1] = {r.id for r in records.values()
                            if not r.erased and r.made < day_of(stage["to"])}
    return left, records
