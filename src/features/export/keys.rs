//! A citation key for every exported paper: its own, or one made from family name, year and title.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::cited::CitedRecord;
use super::work::authors;
use crate::paper::{Record, canonical_order, fold};

/// Words a title's first word is looked for after.
const SMALL_WORDS: [&str; 14] =
    ["a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "on", "the", "to", "with"];

/// The keys of an exported paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keys {
    /// One entry for each of these; there is at least one.
    pub entries: Vec<String>,
    /// Further keys by which the paper is cited, which cannot be keys of entries.
    pub aliases: Vec<String>,
}

/// The keys of each paper, in their order, no two entries with the same.
///
/// A paper has an entry for each key by which it is cited, as it is spelled there, if `can_be` lets it be one and no
/// entry of the paper has the key in other capitals. One that is cited otherwise keeps its first own key that `is_fit`
/// accepts; the others get one like `mukherjee2023orca`; those that would be alike, even where capitals do not count,
/// are told apart by `a`, `b`, `c` after them. The keys depend on the set of papers, not on its order.
pub(super) fn citation_keys(papers: &[CitedRecord], is_fit: fn(&str) -> bool, can_be: fn(&str) -> bool) -> Vec<Keys> {
    let mut keys = vec![Keys::default(); papers.len()];
    let mut taken: FxHashSet<String> = FxHashSet::default();
    let mut cited: FxHashSet<&str> = FxHashSet::default();
    for (paper, keys) in papers.iter().zip(&mut keys) {
        let mut own: FxHashSet<String> = FxHashSet::default();
        for key in paper.keys.iter().filter(|key| cited.insert(key.as_str())) {
            let is_entry = can_be(key) && own.insert(key.to_lowercase());
            if is_entry { &mut keys.entries } else { &mut keys.aliases }.push(key.clone());
        }
        taken.extend(own);
    }
    let mut order: Vec<usize> = (0..papers.len()).filter(|&at| keys[at].entries.is_empty()).collect();
    order.sort_by(|&a, &b| canonical_order(&papers[a].record, &papers[b].record));
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &at in &order {
        let record = &papers[at].record;
        match record.keys.iter().find(|key| is_fit(key)) {
            Some(own) if taken.insert(own.to_lowercase()) => keys[at].entries.push(own.clone()),
            // Another paper has the same key.
            Some(own) => alike.entry(own.clone()).or_default().push(at),
            None => alike.entry(made_key(record)).or_default().push(at),
        }
    }
    for (base, members) in alike {
        if let [only] = members.as_slice()
            && taken.insert(base.to_lowercase())
        {
            keys[*only].entries.push(base);
            continue;
        }
        let mut number = 0;
        for at in members {
            let key = loop {
                let key = format!("{base}{}", letters(number));
                number += 1;
                if taken.insert(key.to_lowercase()) {
                    break key;
                }
            };
            keys[at].entries.push(key);
        }
    }
    keys
}

/// Family name, year and first word of the title, as far as they are known and can be written in ASCII.
fn made_key(record: &Record) -> String {
    const LONGEST_PART: usize = 30;
    let family = authors(record).first().map(|author| ascii(&author.family)).unwrap_or_default();
    let year = record.date.map(|date| date.year.to_string()).unwrap_or_default();
    let words: Vec<String> = record.title.split_whitespace().map(ascii).filter(|word| !word.is_empty()).collect();
    let word = words.iter().find(|word| !SMALL_WORDS.contains(&word.as_str())).or(words.first());
    let cut = |part: &str| part.chars().take(LONGEST_PART).collect::<String>();
    let word = cut(word.map_or("", String::as_str));
    match (family.is_empty(), word.is_empty()) {
        (false, _) => format!("{}{year}{word}", cut(&family)),
        (true, false) => format!("{word}{year}"),
        (true, true) => format!("paper{year}"),
    }
}

/// The ASCII letters and digits of a text, in lower case, without accents.
fn ascii(text: &str) -> String {
    let folded = fold(text);
    let mut plain = String::with_capacity(folded.len());
    for letter in folded.chars() {
        match letter {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            letter if letter.is_ascii_alphanumeric() => plain.push(letter),
            _ => {}
        }
    }
    plain
}

/// `a` to `z`, then `aa`, `ab` and so on.
pub(super) fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        if number < 26 {
            break;
        }
        number = number / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{Person, PublicationDate};

    fn paper(family: &str, year: i32, title: &str) -> Record {
        let authors = vec![Person::new(family, "A.")];
        let authors = if family.is_empty() { Vec::new() } else { authors };
        Record { authors, title: title.into(), date: Some(PublicationDate::year(year)), ..Record::default() }
    }

    fn keys(papers: &[&Record]) -> Vec<String> {
        let cited: Vec<CitedRecord> = papers.iter().map(|record| (*record).clone().into()).collect();
        citation_keys(&cited, |key| !key.contains(' '), |_| true)
            .into_iter()
            .map(|mut keys| keys.entries.remove(0))
            .collect()
    }

    #[test]
    fn cited_keys_are_spelled_as_they_are_cited() {
        let mut record = paper("Ada", 2020, "Whales");
        record.keys = vec!["Ada2020".into(), "alias".into()];
        let spelled = ["ada2020", "alias", "Alias", "not fit"].map(str::to_owned).to_vec();
        let cited = CitedRecord { record: record.clone(), keys: spelled };
        let mut other = paper("Ada", 2020, "Fish");
        other.keys = vec!["ADA2020".into()];
        let keys = citation_keys(&[other.into(), cited.clone(), cited], |_| true, |key| !key.contains(' '));
        let strings = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
        let expected = Keys { entries: strings(&["ada2020", "alias"]), aliases: strings(&["Alias", "not fit"]) };
        assert_eq!(keys[1], expected);
        assert_eq!((keys[0].entries[0].as_str(), keys[2].entries[0].as_str()), ("ADA2020a", "Ada2020b"), "{keys:?}");
    }

    #[test]
    fn keys_are_made_of_name_year_and_title() {
        let cases = [
            (paper("Mukherjee", 2023, "Orca: Progressive Learning"), "mukherjee2023orca"),
            (paper("Weiß-Łukasz", 2020, "The Übermodel"), "weisslukasz2020ubermodel"),
            (paper("van den Berg", 2020, "A GPT-4 Study"), "vandenberg2020gpt4"),
            (paper("李", 2020, "大模型"), "paper2020"),
            (paper("", 2020, "On the Whale"), "whale2020"),
            (paper("Ada", 2020, "On the"), "ada2020on"),
        ];
        for (record, expected) in &cases {
            assert_eq!(keys(&[record]), [*expected], "{}", record.title);
        }
    }

    #[test]
    fn own_keys_are_kept_where_they_are_fit() {
        let mut record = paper("Ada", 2020, "Whales");
        record.keys = vec!["not fit".into(), "DBLP:conf/x/Y99".into()];
        assert_eq!(keys(&[&record]), ["DBLP:conf/x/Y99"]);
        record.keys.truncate(1);
        assert_eq!(keys(&[&record]), ["ada2020whales"]);
    }

    #[test]
    fn keys_differ_and_do_not_depend_on_the_order() {
        let mut first = paper("Ada", 2020, "Whales of the North");
        let second = paper("Ada", 2020, "Whales of the South");
        let mut third = paper("Cy", 2021, "Fish");
        third.keys = vec!["Ada2020WhalesA".into()];
        let forward = keys(&[&first, &second, &third]);
        let mut backward = keys(&[&third, &second, &first]);
        backward.reverse();
        assert_eq!(forward, backward);
        assert_eq!(forward, ["ada2020whalesb", "ada2020whalesc", "Ada2020WhalesA"]);
        first.keys = vec!["x".into()];
        third.keys = vec!["X".into()];
        let same = keys(&[&first, &third]);
        assert_eq!(same, keys(&[&third, &first]).into_iter().rev().collect::<Vec<_>>());
        assert!(same.contains(&"x".to_owned()) != same.contains(&"X".to_owned()), "{same:?}");
    }

    #[test]
    fn letters_go_on_after_z() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).to_vec();
        assert_eq!(names, ["a", "z", "aa", "az", "ba", "zz", "aaa"]);
    }
}
