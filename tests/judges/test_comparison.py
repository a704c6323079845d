"""The comparison itself: it has to see a difference where there is one, and none where there is none."""

import unittest

from compare import is_made_up, sample
from facts import Difference, corrected, differences, facts, folded
from kinds import (
    Explained,
    is_same_but_for_lost_letters,
    is_same_but_for_lost_text,
    is_same_but_for_maths,
    is_same_but_for_number,
    is_same_but_for_tags,
    is_same_letters_reordered,
)
from programs import entries_by_key


def fields_that_differ(theirs, ours):
    return [difference.field for difference in differences("key", facts(theirs), facts(ours))]


def by(*names):
    return {"author": list(names)}


class Folding(unittest.TestCase):
    def test_how_a_text_is_set_makes_no_difference(self):
        same = [
            ("The <span class=\"nocase\">DNA</span> of <i>Larus</i>", "the dna of larus"),
            ("“Why” – it’s", "'why' - it's"),
            ("H<sub>2</sub>O", "h₂o"),
            ("Antoni\u0301n and Antonı\u0301n", "antonín and antonín"),
            ("two\u00a0\n words\u200b", "two words"),
        ]
        for one, other in same:
            self.assertEqual(folded(one), folded(other), one)

    def test_what_a_text_says_does(self):
        for one, other in [("a < b > c", "a c"), ("Größe", "Gr??e"), ("Nests", "Nest"), ("C++", "C")]:
            self.assertNotEqual(folded(one), folded(other))


class Comparing(unittest.TestCase):
    def test_every_field_counts(self):
        item = {
            "title": "T", "container-title": "J", "type": "book", "volume": "1", "issue": "2", "number": "3", "page": "4",
            "publisher": "P", "DOI": "10.1/x", "author": [{"family": "Gull"}], "editor": [{"family": "Tern"}],
            "issued": {"date-parts": [[2001, 5]]},
        }
        self.assertEqual(fields_that_differ(item, dict(item)), [])
        for name in item:
            lacking = {key: value for key, value in item.items() if key != name}
            self.assertEqual(len(fields_that_differ(item, lacking)), 1, name)

    def test_dates(self):
        issued = lambda *parts, **more: {"issued": {"date-parts": list(parts), **more}}
        self.assertEqual(fields_that_differ(issued(["2001", "5"]), issued([2001, 5])), [])
        self.assertEqual(fields_that_differ(issued([2001, 21]), issued([2001], season=1)), [])
        self.assertEqual(fields_that_differ(issued([2001], [2003]), issued([2001])), ["date"])
        self.assertEqual(fields_that_differ(issued([2001, 5]), issued([2002, 5])), ["year"])

    def test_particles_may_stand_in_any_part_but_not_be_lost(self):
        tern = {"family": "Tern", "given": "Max", "dropping-particle": "van"}
        apart = {"family": "Tern", "given": "Max", "non-dropping-particle": "van"}
        joined = {"family": "van Tern", "given": "Max"}
        self.assertEqual(fields_that_differ(by(tern), by(apart)), [])
        self.assertEqual(fields_that_differ(by(apart), by(joined)), [])
        self.assertEqual(fields_that_differ(by(tern), by({"family": "Tern", "given": "Max"})), ["name"])

    def test_persons(self):
        gull, suffix = {"family": "Gull", "given": "Eve"}, {"family": "Gull", "given": "Eve", "suffix": "Jr."}
        group = {"literal": "Wren Foundation"}
        self.assertEqual(fields_that_differ(by(gull), by(suffix)), ["name"])
        self.assertEqual(fields_that_differ(by(gull), by({"family": "Eve", "given": "Gull"})), ["family"])
        self.assertEqual(fields_that_differ(by(group), by({"family": "Foundation", "given": "Wren"})), ["family"])
        self.assertEqual(fields_that_differ(by(gull, {"literal": "others"}), by(gull)), ["authors"])
        self.assertEqual(fields_that_differ(by(gull, {"literal": "et al."}), by(gull, {"literal": "others"})), [])

    def test_right_values_replace_those_of_a_program(self):
        wrong = facts({"title": "Gr??e", "author": [{"literal": "?"}], "issued": {"date-parts": [[1]]}})
        right = {"title": "Größe", "authors": ["Gull, Eve, Jr.", "Wren Foundation"], "year": 2001}
        authors = [{"family": "Gull", "given": "Eve", "suffix": "Jr."}, {"literal": "Wren Foundation"}]
        item = {"title": "Größe", "author": authors, "issued": {"date-parts": [[2001]]}}
        self.assertEqual(differences("key", corrected(wrong, right), facts(item)), [])


class Explaining(unittest.TestCase):
    def test_the_list_can_be_read_and_every_kind_says_why(self):
        kinds = Explained().kinds
        self.assertTrue(kinds)
        self.assertEqual(len(kinds), len({kind.name for kind in kinds}))
        for kind in kinds:
            self.assertTrue(kind.why and kind.most, kind.name)

    def test_a_wrong_title_is_not_explained(self):
        difference = Difference("key", "title", "a study of nests", "another study")
        self.assertIsNone(Explained().explain("reading", "cases/x.bib", difference, "@book{key, title={A study}}"))

    def test_relations(self):
        self.assertTrue(is_same_but_for_maths("on $\\alpha$ rays", "on α rays"))
        self.assertFalse(is_same_but_for_maths("on $\\alpha$ rays", "on α"))
        self.assertFalse(is_same_but_for_maths("on rays", "on rays and more"))
        self.assertTrue(is_same_but_for_lost_text("genus of ants", "genus cataglyphis of ants"))
        self.assertFalse(is_same_but_for_lost_text("genus of ants", "genus cataglyphis"))
        self.assertTrue(is_same_letters_reordered("jr.|john smith", "smith|john jr."))
        self.assertFalse(is_same_letters_reordered("jr.|john smith", "smith|john"))
        self.assertTrue(is_same_but_for_number("van den berg 0002|jan", "van den berg|jan"))
        self.assertFalse(is_same_but_for_number("berg 0002|jan", "berg|jan j"))
        self.assertTrue(is_same_but_for_lost_letters("strsslin|t", "strosslin|t"))
        self.assertFalse(is_same_but_for_lost_letters("strsslin|t", "strasburger|t"))
        self.assertTrue(is_same_but_for_tags("$<$i$>$larus$<$/i$>$ nests", "larus nests"))
        self.assertFalse(is_same_but_for_tags("$<$i$>$larus$<$/i$>$ nests", "larus"))


class Sources(unittest.TestCase):
    def test_a_sample_has_what_its_entries_inherit_from(self):
        entries = [f"@inbook{{k{at}, crossref = {{p{at}}}}}" for at in range(20)]
        parents = [f"@book{{p{at}, title={{P}}}}" for at in range(20)]
        kept = entries_by_key(sample("\n".join(["@string{a = 1}", *entries, *parents])))
        self.assertTrue(all(f"p{key[1:]}" in kept for key in kept if key.startswith("k")), kept)
        self.assertLess(len(kept), 12)

    def test_keys_that_pandoc_makes_up(self):
        self.assertTrue(is_made_up("Gull_2001", "ris", "TY  - JOUR"))
        self.assertFalse(is_made_up("gull2001", "ris", "ID  - gull2001"))
        self.assertTrue(is_made_up("1", "endnotexml", "<rec-number>1</rec-number>"))
        self.assertFalse(is_made_up("1", "biblatex", ""))

    def test_entries_are_found_by_their_keys(self):
        text = "@string{a = 1}\n@book{one,\n title={x}}\n\n  @Misc(two, title={y})\n@book{one, title={z}}"
        self.assertEqual(entries_by_key(text)["one"], "@book{one,\n title={x}}\n")
        self.assertEqual(sorted(entries_by_key(text)), ["one", "two"])


if __name__ == "__main__":
    unittest.main()
