"""What two programs say about the same entry, brought to a form in which it can be compared."""

import re
import unicodedata
from dataclasses import dataclass, field

# Fields that are compared as texts, and the variables of CSL-JSON that hold them.
TEXTS = {
    "title": "title",
    "container": "container-title",
    "type": "type",
    "volume": "volume",
    "issue": "issue",
    "number": "number",
    "pages": "page",
    "publisher": "publisher",
}

# The mark-up that CSL-JSON allows in its texts.
TAGS = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|span)(?:\s[^<>]*)?>")
# Characters without a look of their own.
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f\ufeff]")
# An i or j that has lost its dot to an accent.
DOTLESS = re.compile("ı(?=[\u0300-\u036f])")
OTHERS = {"others", "et al", "et al.", "and others"}


@dataclass(frozen=True)
class Person:
    """A name in parts; a group has all of it in `family`."""

    family: str
    particles: str = ""
    dropping: str = ""
    rest: str = ""

    def forms(self):
        """The family name with the particles that one style or another puts before it."""
        with_particle = f"{self.particles} {self.family}"
        return {tight(self.family), tight(with_particle), tight(f"{self.dropping} {with_particle}")}

    def words(self):
        """All words of the name, in whatever part they stand."""
        whole = f"{self.dropping} {self.particles} {self.family} {self.rest}"
        return sorted(re.findall(r"\w+", whole))

    def __str__(self):
        before = " ".join(part for part in (self.dropping, self.particles) if part)
        return f"{before + ' ' if before else ''}{self.family}|{self.rest}"


@dataclass
class Facts:
    """What is compared of an entry; texts are folded."""

    texts: dict = field(default_factory=dict)
    authors: list = field(default_factory=list)
    editors: list = field(default_factory=list)
    year: int | None = None
    date: str = ""
    doi: str = ""


@dataclass(frozen=True)
class Difference:
    """Two programs do not agree on a field. For a single person the field is `family` or `name`, in whatever role."""

    key: str
    field: str
    theirs: str
    ours: str


def folded(text):
    """A text as it reads aloud: without mark-up, case, kinds of dashes, quotation marks and spaces."""
    text = unicodedata.normalize("NFKC", DOTLESS.sub("i", TAGS.sub("", str(text))))
    text = INVISIBLE.sub("", text)
    text = re.sub(r"[\u2010-\u2015\u2212]|-{2,3}", "-", text)
    text = re.sub("[\"“”„‟«»‘’‚‛´`]|''", "'", text).replace("…", "...")
    return re.sub(r"\s+", " ", text).strip().casefold()


def tight(text):
    """A family name whose particle may stand apart (`d’ Alembert`) or not."""
    return re.sub(r"[\s'.-]+", "", text)


def person(name):
    """A CSL name in its parts."""
    if "literal" in name:
        return Person(folded(name["literal"]))
    get = lambda part: folded(name.get(part) or "")
    if not name.get("family"):
        return Person(get("given"))
    rest = f"{get('given')} {get('suffix')}".strip()
    return Person(get("family"), get("non-dropping-particle"), get("dropping-particle"), rest)


def persons(names):
    """The authors of a CSL item; a list that is not complete ends with `others`."""
    found = [person(name) for name in names]
    return [Person("others") if one.family in OTHERS and not one.rest else one for one in found if one.family]


def year_and_date(date):
    """The first year of a CSL date, and all of it as text; pandoc writes seasons as months from 21 on."""
    ends = [[int(part) for part in end] for end in date.get("date-parts") or [] if end and end[0] not in (None, "")]
    if not ends:
        return None, ""
    if date.get("season") and len(ends[0]) == 1:
        ends[0].append(20 + int(date["season"]))
    return ends[0][0], "/".join("-".join(map(str, end)) for end in ends)


def facts(item):
    """What a CSL item says."""
    year, date = year_and_date(item.get("issued", {}))
    texts = {name: folded(item.get(variable, "")) for name, variable in TEXTS.items()}
    # Spaces around the dash between pages mean nothing.
    texts["pages"] = re.sub(r"\s*-+\s*", "-", texts["pages"])
    # biblatex parts a list of publishers at `and`, pandoc joins it with semicolons.
    texts["publisher"] = texts["publisher"].replace("; ", " and ")
    return Facts(
        texts=texts,
        authors=persons(item.get("author", [])),
        editors=persons(item.get("editor", [])),
        year=year,
        date=date,
        doi=item.get("DOI", "").strip().lower(),
    )


def corrected(value, right):
    """The facts with the values that are known to be right in place of a program's own."""
    for name, known in right.items():
        if name in ("authors", "editors"):
            setattr(value, name, persons([person_in_words(one) for one in known]))
        elif name in TEXTS:
            value.texts[name] = folded(known)
        else:
            setattr(value, name, known)
    if "year" in right and "date" not in right:
        value.date = str(value.year)
    return value


def person_in_words(text):
    """`Family, Given, Suffix` as a CSL name; without a comma a group."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return {"literal": text}
    return dict(zip(("family", "given", "suffix"), parts))


def differences(key, theirs, ours):
    """Every field in which the two do not agree."""
    pairs = [(name, theirs.texts.get(name, ""), ours.texts.get(name, "")) for name in TEXTS]
    pairs.append(("doi", theirs.doi, ours.doi))
    pairs.append(("year", theirs.year, ours.year))
    if theirs.year == ours.year:
        pairs.append(("date", theirs.date, ours.date))
    found = [Difference(key, name, shown(one), shown(other)) for name, one, other in pairs if one != other]
    found += differences_of_persons(key, "authors", theirs.authors, ours.authors)
    return found + differences_of_persons(key, "editors", theirs.editors, ours.editors)


def differences_of_persons(key, role, theirs, ours):
    """Another number of persons, or the first whose family name or whole name is another."""
    if len(theirs) != len(ours):
        return [Difference(key, role, "; ".join(map(str, theirs)), "; ".join(map(str, ours)))]
    for one, other in zip(theirs, ours):
        if not one.forms() & other.forms():
            return [Difference(key, "family", str(one), str(other))]
        if one.words() != other.words():
            return [Difference(key, "name", str(one), str(other))]
    return []


def shown(value):
    """A value as a line of the report has it."""
    return "" if value is None else str(value)
