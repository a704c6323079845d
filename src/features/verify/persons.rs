//! Whether two lists of authors name the same people, whatever hand wrote them.
//!
//! Form is not fact: initials, lost accents and letters, other transliterations, hyphens, particles, the order of family and
//! given names and DBLP's numbers of namesakes make nobody another person.

use rustc_hash::FxHashMap;
use strsim::osa_distance;

use crate::paper::{Person, is_cjk, is_particle, spaced_words};

/// Of the people who are not paired by their family names, this many of each list are compared one by one.
const MAX_COMPARED: usize = 48;

/// What two lists of people have in common.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PeopleMatch {
    /// How many stand in both lists.
    pub matched: usize,
    /// Places in the first list of those who are not in the second.
    pub only_given: Vec<usize>,
    /// Places in the second list of those who are not in the first.
    pub only_known: Vec<usize>,
    /// Those in both lists stand in another order.
    pub is_reordered: bool,
    /// Some names are written otherwise.
    pub is_respelt: bool,
}

impl PeopleMatch {
    /// Whether the same people stand in both lists.
    pub fn is_complete(&self) -> bool {
        self.only_given.is_empty() && self.only_known.is_empty()
    }
}

/// The people of a list in the forms in which they are compared, made once for all comparisons.
#[derive(Debug, Clone)]
pub(super) struct People(Vec<NameForm>);

impl People {
    pub fn of(people: &[Person]) -> People {
        People(people.iter().map(NameForm::of).collect())
    }
}

/// Compares two lists of people.
pub(super) fn compare_people(People(given): &People, People(known): &People) -> PeopleMatch {
    let mut pairs: Vec<Option<usize>> = vec![None; given.len()];
    let mut is_taken = vec![false; known.len()];
    let mut by_family: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    // The last one of a family is taken first: they are listed from the end.
    for (at, name) in known.iter().enumerate().rev() {
        by_family.entry(&name.family).or_default().push(at);
    }
    for (at, name) in given.iter().enumerate() {
        let Some(namesakes) = by_family.get_mut(name.family.as_str()) else { continue };
        let near = namesakes.iter().rev().take(MAX_COMPARED).position(|other| name.given_agrees(&known[*other]));
        if let Some(from_end) = near {
            let other = namesakes.remove(namesakes.len() - 1 - from_end);
            pairs[at] = Some(other);
            is_taken[other] = true;
        }
    }
    let mut is_respelt = false;
    let left: Vec<usize> = (0..known.len()).filter(|at| !is_taken[*at]).take(MAX_COMPARED).collect();
    let unpaired: Vec<usize> = (0..given.len()).filter(|at| pairs[*at].is_none()).take(MAX_COMPARED).collect();
    for at in unpaired.iter().copied() {
        // Who stands in the same place is asked first.
        let same_place = left.iter().filter(|other| **other == at).chain(left.iter());
        let is_like = |other: &usize| !is_taken[*other] && given[at].is_like(&known[*other], at == *other);
        if let Some(other) = same_place.copied().find(is_like) {
            pairs[at] = Some(other);
            is_taken[other] = true;
            is_respelt = true;
        }
    }
    // Where all others are the same, one of the same family in the same place goes by another given name.
    let strangers: Vec<usize> = (0..given.len()).filter(|at| pairs[*at].is_none()).collect();
    if given.len() == known.len() && strangers.len() * 3 <= given.len() {
        for at in strangers {
            if !is_taken[at] && given[at].is_namesake(&known[at]) {
                pairs[at] = Some(at);
                is_taken[at] = true;
                is_respelt = true;
            }
        }
    }
    let order: Vec<usize> = pairs.iter().flatten().copied().collect();
    PeopleMatch {
        matched: order.len(),
        only_given: (0..given.len()).filter(|at| pairs[*at].is_none()).collect(),
        only_known: (0..known.len()).filter(|at| !is_taken[*at]).collect(),
        is_reordered: !order.is_sorted(),
        is_respelt,
    }
}

/// A name in the forms in which two are compared.
#[derive(Debug, Clone)]
struct NameForm {
    /// The family name without particles, folded, without gaps.
    family: String,
    family_words: Vec<String>,
    given_words: Vec<String>,
    /// All letters, folded, without gaps, in the order of the words by alphabet.
    all: String,
    /// The same of the family name and of all, in one transliteration: see [`plain_letters`].
    plain_family: String,
    plain_all: String,
    /// The letters of family name and given names that plain ASCII has, where there are others.
    ascii: Option<(String, String)>,
    is_unparted: bool,
}

impl NameForm {
    fn of(person: &Person) -> NameForm {
        let mut family_words = name_words(&person.family);
        let has_core = family_words.iter().any(|word| !is_particle(word));
        family_words.retain(|word| !has_core || !is_particle(word));
        let is_shouted = !person.family.chars().any(char::is_lowercase);
        let given = if is_shouted { person.given.clone() } else { with_initials_apart(&person.given) };
        let mut given_words = name_words(&given);
        given_words.retain(|word| word.len() == 1 || !is_particle(word));
        let mut words: Vec<&str> = family_words.iter().chain(&given_words).map(String::as_str).collect();
        words.sort_unstable();
        let is_ascii = person.family.is_ascii() && person.given.is_ascii();
        let is_unparted = person.is_group || is_cjk(&person.family);
        let (family, all) = (family_words.concat(), words.concat());
        NameForm {
            plain_family: plain_letters(&family),
            plain_all: plain_letters(&all),
            family,
            all,
            ascii: (!is_ascii && !is_unparted).then(|| (ascii_letters(&person.family), ascii_letters(&person.given))),
            family_words,
            given_words,
            is_unparted,
        }
    }

    /// Whether the other name is this one without the letters that plain ASCII does not have: `Pr` for `Péré`.
    fn lost_letters_in(&self, other: &NameForm) -> bool {
        let Some((family, given)) = &self.ascii else { return false };
        let other_given = other.given_words.concat();
        let given_agrees =
            self.given_agrees(other) || *given == other_given || (given.is_empty() && other_given.len() < 2);
        (*family == other.family || (family.is_empty() && other.family.len() < 2) || self.family == other.family)
            && given_agrees
    }

    /// Whether the given names can be those of one person: initials stand for names, and some may be left out.
    fn given_agrees(&self, other: &NameForm) -> bool {
        let (one, two) = (&self.given_words, &other.given_words);
        if one.is_empty() || two.is_empty() || self.is_unparted || other.is_unparted {
            return true;
        }
        let (joined, other_joined) = (one.concat(), two.concat());
        if joined.starts_with(&other_joined) || other_joined.starts_with(&joined) {
            return true;
        }
        let (initials, other_initials) = (initials(one), initials(two));
        if is_subsequence(&initials, &other_initials) || is_subsequence(&other_initials, &initials) {
            return words_agree(one, two);
        }
        // `JM` and `J.-M.`; `ukasz` is `Łukasz` without a letter.
        let is_short = |joined: &str, words: &[String]| words.len() == 1 && joined.len() <= 3;
        (is_short(&joined, one) && is_subsequence(&joined, &other_initials))
            || (is_short(&other_joined, two) && is_subsequence(&other_joined, &initials))
            || shares_word(one, two)
            || is_respelt(&joined, &other_joined)
    }

    /// Whether two names of other letters may be those of one person.
    fn is_like(&self, other: &NameForm, is_same_place: bool) -> bool {
        if self.plain_all == other.plain_all {
            return true;
        }
        if self.lost_letters_in(other)
            || other.lost_letters_in(self)
            || self.words_are_in(other)
            || other.words_are_in(self)
        {
            return true;
        }
        if self.is_unparted || other.is_unparted {
            return self.all.contains(&other.all) || other.all.contains(&self.all);
        }
        let same_family = self.plain_family == other.plain_family
            || is_respelt(&self.family, &other.family)
            || self.shares_family_word(other)
            || other.shares_family_word(self);
        if same_family && self.given_agrees(other) {
            return true;
        }
        // Given name and family name in each other's place.
        let is_turned = |one: &NameForm, two: &NameForm| {
            let families = [&one.family_words, &two.family_words];
            let givens = [&one.given_words, &two.given_words];
            families[0].iter().any(|word| word.len() > 1 && givens[1].contains(word))
                && (families[1].iter().any(|word| givens[0].iter().any(|it| it.starts_with(word.as_str())))
                    || givens[0].iter().any(|word| families[1].iter().any(|it| it.starts_with(word.as_str()))))
        };
        if is_turned(self, other) || is_turned(other, self) {
            return true;
        }
        // A family name cut to its initial.
        let is_cut = |one: &NameForm, two: &NameForm| {
            one.family.chars().count() == 1
                && two.family.starts_with(&one.family)
                && shares_word(&one.given_words, &two.given_words)
        };
        if is_cut(self, other) || is_cut(other, self) {
            return true;
        }
        // In the same place more letters may be lost.
        is_same_place && self.given_agrees(other) && !self.given_words.is_empty() && {
            let (longer, shorter) = by_length(&self.family, &other.family);
            shorter.chars().count() >= 3
                && shorter.chars().count() * 4 >= longer.chars().count() * 3
                && is_subsequence(shorter, longer)
        }
    }

    /// Whether the words of this name, two at least, are among those of the other one.
    fn words_are_in(&self, other: &NameForm) -> bool {
        let words = || self.family_words.iter().chain(&self.given_words).filter(|word| word.len() > 2);
        let is_in = |word: &String| other.family_words.contains(word) || other.given_words.contains(word);
        words().count() > 1
            && words().all(is_in)
            && self.given_words.iter().all(|word| word.len() > 2 || other.given_agrees(self))
    }

    /// Whether it is the same family name in the same place: people go by several given names.
    fn is_namesake(&self, other: &NameForm) -> bool {
        self.family == other.family || self.shares_family_word(other) || other.shares_family_word(self)
    }

    /// Whether a word of the family name, not a particle, is one of the other's names, as where several family names are
    /// cut or taken for given names.
    fn shares_family_word(&self, other: &NameForm) -> bool {
        let mut words = self.family_words.iter().filter(|word| word.len() > 3);
        words.any(|word| {
            other.family_words.contains(word)
                || (self.family_words.len() > 1 && other.family_words.iter().any(|it| is_respelt(it, word)))
        })
    }
}

/// The words of a name, folded; the numbers by which DBLP tells namesakes apart are no names.
fn name_words(text: &str) -> Vec<String> {
    let words = spaced_words(text).into_iter().flat_map(|word| word.parts);
    words.filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit())).collect()
}

/// The text with initials that stand together parted: `JM` is `J M`.
fn with_initials_apart(given: &str) -> String {
    let is_initials = |word: &str| (2..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let apart = |word: &str| {
        if is_initials(word) { word.chars().map(|c| format!("{c} ")).collect() } else { format!("{word} ") }
    };
    given.split(' ').map(apart).collect()
}

fn ascii_letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

fn initials(words: &[String]) -> String {
    words.iter().filter_map(|word| word.chars().next()).collect()
}

/// Whether each pair of words with one initial, in order, may be one name, `An` for `Andrew` and `Kate` for `Katherine`
/// included; two that plainly differ from the second letter on are two names.
fn words_agree(one: &[String], two: &[String]) -> bool {
    let (first, second) = (one.first(), two.first());
    let (Some(first), Some(second)) = (first, second) else { return true };
    let initial = |word: &str| word.chars().next();
    if initial(first) != initial(second) {
        // One begins with a name that the other leaves out.
        return true;
    }
    if first.chars().count() == 1 || second.chars().count() == 1 {
        return true;
    }
    let common = first.chars().zip(second.chars()).take_while(|(a, b)| a == b).count();
    common >= 2
        || is_respelt(first, second)
        || shares_word(one, two)
        || is_subsequence(first, second)
        || is_subsequence(second, first)
}

fn shares_word(one: &[String], two: &[String]) -> bool {
    one.iter().any(|word| word.chars().count() > 1 && two.contains(word))
}

/// Whether two words may be one with letters lost, mistyped or transliterated otherwise.
fn is_respelt(one: &str, other: &str) -> bool {
    let (longer, shorter) = by_length(one, other);
    let (long, short) = (longer.chars().count(), shorter.chars().count());
    let allowed = match long {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    long - short <= allowed
        && short > 2
        && (osa_distance(one, other) <= allowed
            || osa_distance(&plain_letters(one), &plain_letters(other)) <= allowed.min(1))
}

fn by_length<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    if one.chars().count() >= other.chars().count() { (one, other) } else { (other, one) }
}

/// Whether the letters of one stand in the other in their order.
pub(super) fn is_subsequence(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    short.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

/// A folded name with what transliterations write in several ways written in one: `oe` as `o`, `ij` as `y`.
fn plain_letters(folded: &str) -> String {
    const SPELLINGS: [(&str, &str); 16] = [
        ("ae", "a"),
        ("oe", "o"),
        ("ue", "u"),
        ("aa", "a"),
        ("ou", "u"),
        ("ij", "y"),
        ("iy", "y"),
        ("ii", "y"),
        ("yi", "y"),
        ("kh", "h"),
        ("ph", "f"),
        ("w", "v"),
        ("j", "y"),
        ("i", "y"),
        ("ks", "x"),
        ("ck", "k"),
    ];
    SPELLINGS
        .iter()
        .fold(folded.to_owned(), |text, (from, to)| if text.contains(from) { text.replace(from, to) } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_be_same(one: &Person, other: &Person) -> bool {
        let [one, other] = [one, other].map(|person| People::of(std::slice::from_ref(person)));
        compare_people(&one, &other).matched == 1
    }

    fn person(text: &str) -> Person {
        let (family, given) = text.split_once(", ").unwrap_or((text, ""));
        Person::new(family, given)
    }

    #[test]
    fn form_makes_nobody_another_person() {
        for (one, other) in [
            ("Gull, Ann", "Gull, A."),
            ("Gull, Ann", "Gull"),
            ("Póczos, Barnabás", "Pczos, Barnabs"),
            ("Müller, Jörg", "Mueller, Joerg"),
            ("Schölkopf, Bernhard", "Schlkopf, B."),
            ("Wang 0001, Tonghan", "Wang, Tonghan"),
            ("Garcia-Marquez, Eva", "García Márquez, Eva"),
            ("Márquez, Eva García", "García Márquez, Eva"),
            ("Dvurechenskii, Pavel", "Dvurechensky, Pavel E."),
            ("Dostoevsky, Fyodor", "Dostoevskij, F."),
            ("Ann, Gull", "Gull, Ann"),
            ("O' Reilly, Randall", "O'Reilly, Randall C."),
            ("Smith, John Michael", "Smith, J. M."),
            ("Smith, Michael", "Smith, J. Michael"),
            ("Liang, Percy S", "Liang, Percy"),
            ("Kaiser, ukasz", "Kaiser, Łukasz"),
            ("van den Berg, Rianne", "Berg, Rianne van den"),
            ("Le Roux, Nicolas", "Roux, Nicolas Le"),
            ("Guo, Xiao-Jie", "Guo, Xiaojie"),
            ("Pr, Alexandre", "Péré, Alexandre"),
            ("R, Christopher", "Ré, Christopher"),
            ("Kriinen, Matti", "Kääriäinen, Matti"),
            ("Tas, mer Sahin", "Tas, Ömer Sahin"),
            ("Ng, AY", "Ng, Andrew"),
            ("De Sa, Christopher M", "Sa, Christopher De"),
            ("Ganti, Ravi Sastry", "Mahapatruni, Ravi Sastry Ganti"),
            ("N, Siddharth", "Narayanaswamy, Siddharth"),
        ] {
            assert!(may_be_same(&person(one), &person(other)), "{one} / {other}");
            assert!(may_be_same(&person(other), &person(one)), "{other} / {one}");
        }
    }

    #[test]
    fn other_names_are_other_people() {
        for (one, other) in [
            ("Gull, Ann", "Tern, Ann"),
            ("Gull, Ann", "Gull, Bert"),
            ("Wang, Wei", "Wang, Lei"),
            ("Wang, Yi", "Wang, Yu"),
            ("Li, Jun", "Lu, Jun"),
            ("Martin, Ann", "Morton, Ann"),
        ] {
            assert!(!may_be_same(&person(one), &person(other)), "{one} / {other}");
        }
    }

    #[test]
    fn lists_are_compared_whatever_their_order() {
        let list = |names: &[&str]| People::of(&names.iter().map(|name| person(name)).collect::<Vec<_>>());
        let known = list(&["Gull, Ann", "Tern, Bo", "Wang, Wei", "Wang, Lei"]);
        let turned = compare_people(&list(&["Wang, L.", "Gull, A.", "Tern, B.", "Wang, W."]), &known);
        assert!(turned.is_complete() && turned.is_reordered, "{turned:?}");
        let other = compare_people(&list(&["Gull, Ann", "Auk, Cy", "Wang, Wei"]), &known);
        assert_eq!((other.matched, other.only_given, other.only_known), (2, vec![1], vec![1, 3]));
    }

    #[test]
    fn long_lists_take_no_long_time() {
        let list = |word: &str| People::of(&(0..20_000).map(|_| Person::new("Wang", word)).collect::<Vec<_>>());
        let strangers = compare_people(&list("Ada"), &list("Bob"));
        assert_eq!(strangers.matched, 0);
        assert_eq!(compare_people(&list("Ada"), &list("A")).matched, 20_000);
    }
}
