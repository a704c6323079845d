"""The short list of differences that are explained: why ibid is right where another program says something else."""

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).resolve().parent / "explained.toml"


@dataclass(frozen=True)
class Kind:
    """One kind of difference; every condition that is set has to hold.

    `stage`, `corpus`, `key`, `theirs`, `ours` and `source` (the entry as the file has it that was read: the export itself
    when that is read again) are regular expressions, `field` names
    one field or several, `relation` names a function of this module, and `most` is how many differences of the kind
    there may be in all corpora together.
    """

    name: str
    why: str
    field: str
    most: int
    stage: str = "reading"
    corpus: str = ""
    key: str = ""
    theirs: str = ""
    ours: str = ""
    source: str = ""
    relation: str = ""

    def explains(self, stage, corpus, difference, source):
        return (
            difference.field in self.field.split()
            and re.search(self.stage, stage) is not None
            and re.search(self.corpus, corpus) is not None
            and re.search(self.key, difference.key) is not None
            and re.search(self.theirs, difference.theirs) is not None
            and re.search(self.ours, difference.ours) is not None
            and re.search(self.source, source) is not None
            and (not self.relation or RELATIONS[self.relation](difference.theirs, difference.ours))
        )


class Explained:
    """Sorts differences by kind and counts them."""

    def __init__(self, path=LIST):
        with open(path, "rb") as file:
            self.kinds = [Kind(**kind) for kind in tomllib.load(file)["kind"]]
        self.counts = Counter()
        self.examples = defaultdict(list)

    def explain(self, stage, corpus, difference, source):
        """The kind of a difference, which is counted; `None` where there is no explanation for it."""
        for kind in self.kinds:
            if kind.explains(stage, corpus, difference, source):
                self.counts[kind.name] += 1
                self.examples[kind.name].append((corpus, difference))
                return kind
        return None

    def excessive(self):
        """The kinds that have more differences than the list allows."""
        return [kind for kind in self.kinds if self.counts[kind.name] > kind.most]


def is_same_but_for_maths(theirs, ours):
    """Whether the texts around `$…$` are the same, in their order."""
    return around(theirs, r"\$[^$]*\$", ours)


def is_same_but_for_lost_text(theirs, ours):
    """Whether all words on their side stand on ours too, in the same order, and ours has more."""
    words = iter(re.findall(r"\w+", ours))
    return len(theirs) < len(ours) and all(word in words for word in re.findall(r"\w+", theirs))


def is_same_letters(theirs, ours):
    """Whether both have the same letters and digits, accents aside, in the same order."""
    return letters(theirs) == letters(ours)


def is_same_but_for_entities(theirs, ours):
    """Whether the texts around `&amp;` and its like are the same."""
    return around(theirs, r"&#?\w+;", ours)


def is_same_letters_reordered(theirs, ours):
    """Whether both have the same letters and digits, accents aside, in any order."""
    return sorted(letters(theirs)) == sorted(letters(ours))


def is_same_but_for_number(theirs, ours):
    """Whether both have the same letters in any order, but for a number of four digits among theirs."""
    return is_same_letters_reordered(re.sub(r"\b0\d{3}\b", "", theirs), ours)


def is_same_but_for_lost_letters(theirs, ours):
    """Whether ours has all letters that theirs has, and few more."""
    more, lacking = Counter(letters(ours)), Counter(letters(theirs))
    return not lacking - more and (more - lacking).total() <= 3


def is_same_but_for_tags(theirs, ours):
    """Whether the texts are the same once the tags whose angles stand between dollars are taken out."""
    return re.sub(r"\$<\$/?\w+\$>\$", "", theirs) == ours


def is_within(theirs, ours):
    """Whether our value stands in theirs, invisible characters aside."""
    return bool(ours) and ours in "".join(sign for sign in theirs if sign.isprintable())


def around(theirs, hole, ours):
    pieces = [re.escape(piece.strip()) for piece in re.split(hole, theirs)]
    return len(pieces) > 1 and re.fullmatch(r".*?".join(pieces), ours) is not None


def letters(text):
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in decomposed if sign.isalnum())


RELATIONS = {
    "same but for maths": is_same_but_for_maths,
    "same but for lost text": is_same_but_for_lost_text,
    "same but for entities": is_same_but_for_entities,
    "same letters": is_same_letters,
    "same letters in another order": is_same_letters_reordered,
    "same letters but for a number": is_same_but_for_number,
    "same but for lost letters": is_same_but_for_lost_letters,
    "same but for tags between dollars": is_same_but_for_tags,
    "ours is within theirs": is_within,
}
