//! What is indexed of a record, and under which terms it is found.

use tantivy::schema::{
    FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, SchemaBuilder, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, Term};

use crate::library::engine::tokenizers::{BEGINNINGS, BEGINNINGS_OF_OTHERS, Marks, STARTS, STEMS};
use crate::paper::{Tier, short_key};

/// Words are indexed with all their beginnings of up to this many letters, so that a typed prefix of up
/// to this length is one exact term. Longer prefixes are looked up as a range of the dictionary.
pub(in crate::library) const LONGEST_INDEXED_PREFIX: usize = 6;

/// The same of [`Fields::other_word`]: there are so many family names that one letter more would be a thirtieth of the
/// index.
pub(in crate::library) const LONGEST_PREFIX_OF_OTHERS: usize = 5;

/// Terms longer than this many bytes are cut and end in a hash instead.
pub(in crate::library) const LONGEST_TERM: usize = 240;

/// Names longer than this many characters are cut to [`CUT_NAME`] in their terms.
const LONGEST_PLAIN_NAME: usize = 27;

/// So many characters are left of a long name: enough to find names that are almost the same by as many of their first
/// characters as [`LibrarySnapshot::near`](super::LibrarySnapshot::near) goes by.
pub(in crate::library) const CUT_NAME: usize = 18;

/// Follows what is left of a long name. No folded name has it, but where it is nothing but punctuation.
const CUT_MARK: char = '#';

/// Hexadecimal digits of the hash after that: names that begin alike and are as long differ in them.
const NAME_HASH_DIGITS: usize = 6;

/// The fields of the index. One document is one record.
#[derive(Debug, Clone, Copy)]
pub(in crate::library) struct Fields {
    /// Number of the corpus file in the file table: what a changed file is deleted by.
    pub file: Field,
    /// [`record_address`](crate::library::data::record::record_address): what a record that changed is deleted by.
    pub address: Field,
    /// [`crate::paper::identity_keys`]: what records of one paper share. See [`short_key`].
    pub identity: Field,
    /// Exact folded names, coined ones apart: see [`name_key`].
    pub name: Field,
    /// Beginnings of titles, short names and coined names as wholes, of up to [`LONGEST_INDEXED_PREFIX`] letters: what
    /// more is typed is looked for among the terms of [`Fields::name`].
    pub name_start: Field,
    /// The same of identifiers.
    pub id_start: Field,
    /// Beginnings of the words of short names, coined names and identifiers, and what those words have in common with
    /// their kin: see [`Marks::Forms`].
    pub name_word: Field,
    /// The same of the words of the title.
    pub title_word: Field,
    /// Beginnings of the words of authors, editors, organisation, venue and year; those that are no longer than their
    /// beginnings are there once more as wholes: see [`Marks::Wholes`].
    pub other_word: Field,
    /// Stemmed words of title and abstract, with frequencies.
    pub text: Field,
    /// Documents of a segment are sorted by this, largest first, no two alike.
    pub rank: Field,
    /// The record itself: its head, and after it the abstract where it has one. See
    /// [`Encoded`](crate::library::engine::record_codec::Encoded).
    pub stored: Field,
}

impl Fields {
    /// The schema and its fields.
    pub fn build() -> (Schema, Fields) {
        let mut builder = SchemaBuilder::new();
        let number = NumericOptions::default().set_indexed();
        let raw = plain_terms("raw");
        let (starts, beginnings) = (plain_terms(STARTS), plain_terms(BEGINNINGS));
        let stemmed = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(STEMS)
                .set_fieldnorms(true)
                .set_index_option(IndexRecordOption::WithFreqs),
        );
        let fields = Fields {
            file: builder.add_u64_field("file", number.clone()),
            address: builder.add_u64_field("address", number),
            identity: builder.add_text_field("identity", raw.clone()),
            name: builder.add_text_field("name", raw),
            name_start: builder.add_text_field("name_start", starts.clone()),
            id_start: builder.add_text_field("id_start", starts),
            name_word: builder.add_text_field("name_word", beginnings.clone()),
            title_word: builder.add_text_field("title_word", beginnings),
            other_word: builder.add_text_field("other_word", plain_terms(BEGINNINGS_OF_OTHERS)),
            text: builder.add_text_field("text", stemmed),
            rank: builder.add_u64_field(RANK_FIELD, NumericOptions::from(FAST)),
            stored: builder.add_bytes_field("stored", STORED),
        };
        (builder.build(), fields)
    }

    /// The fields that together have all words that are searched by their beginnings.
    pub fn all_words(&self) -> [Field; 3] {
        [self.title_word, self.name_word, self.other_word]
    }

    /// The same and the text.
    pub fn all_words_and_text(&self) -> [Field; 4] {
        [self.title_word, self.name_word, self.other_word, self.text]
    }

    /// Beginnings of up to so many letters are terms of their own in a field.
    pub fn longest_indexed_prefix(&self, field: Field) -> usize {
        if field == self.other_word {
            LONGEST_PREFIX_OF_OTHERS
        } else if [self.title_word, self.name_word, self.name_start, self.id_start].contains(&field) {
            LONGEST_INDEXED_PREFIX
        } else {
            0
        }
    }

    /// What a field of words has besides their beginnings.
    pub fn marks(&self, field: Field) -> Marks {
        if field == self.other_word {
            Marks::Wholes(LONGEST_PREFIX_OF_OTHERS)
        } else if [self.title_word, self.name_word].contains(&field) {
            Marks::Forms
        } else if field == self.text {
            Marks::Stems
        } else {
            Marks::None
        }
    }

    /// The fields of an index that was opened, or `None` where its schema is not today's.
    pub fn of(index: &Index) -> Option<Fields> {
        let (schema, fields) = Fields::build();
        (index.schema() == schema).then_some(fields)
    }
}

/// The name of the field that documents are sorted by.
pub(in crate::library) const RANK_FIELD: &str = "rank";

fn plain_terms(tokenizer: &str) -> TextOptions {
    TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    )
}

/// The terms of a folded name of a tier: its own, and what it is found under where it is an arXiv id.
pub(in crate::library) fn name_terms(fields: Fields, tier: Tier, folded: &str) -> impl Iterator<Item = Term> {
    let arxiv = arxiv_key(tier, folded).map(|key| identity_term(fields, &key));
    [Term::from_field_text(fields.name, &name_key(tier, folded))].into_iter().chain(arxiv)
}

/// The text of the term of the initials of a title: they are no name, and stand apart from all names.
pub(in crate::library) fn initials_key(initials: &str) -> String {
    format!("a{initials}")
}

/// The text of the term of a tag or a collection, which is no name either: see [`crate::paper::Holding::keys`].
pub(in crate::library) fn held_key(key: &str) -> String {
    format!("h{key}")
}

/// The text of the term of a name: `c` for coined names and `n` for all others, then the folded name. Coined
/// names stand apart because only their number says whether they are names at all.
///
/// Of long names, which are most of what the dictionary holds, the beginning is followed by the length and a hash. Names
/// that have all three in common by chance do no harm, because their records are looked at.
pub(in crate::library) fn name_key(tier: Tier, folded: &str) -> String {
    let letter = if tier == Tier::Coined { 'c' } else { 'n' };
    let length = folded.chars().count();
    match folded.char_indices().nth(CUT_NAME) {
        Some((end, _)) if length > LONGEST_PLAIN_NAME => {
            let hash = blake3::hash(folded.as_bytes()).to_hex();
            let length = u8::try_from(length).unwrap_or(u8::MAX);
            format!("{letter}{}{CUT_MARK}{length:02x}{}", &folded[..end], &hash[..NAME_HASH_DIGITS])
        }
        _ => format!("{letter}{folded}"),
    }
}

/// What the term of a name says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::library) enum NameInTerm<'t> {
    /// All of it.
    Whole(&'t str),
    /// Its first characters, and how many there are; 255 may be more.
    Cut(&'t str, usize),
}

/// What the text that [`name_key`] made says of the name.
pub(in crate::library) fn name_in_key(key: &str) -> NameInTerm<'_> {
    let name = key.get(1..).unwrap_or_default();
    let after = name.char_indices().nth(CUT_NAME).and_then(|(end, _)| name.split_at_checked(end));
    let cut = after.and_then(|(beginning, rest)| {
        let rest = rest.strip_prefix(CUT_MARK).filter(|rest| rest.len() == 2 + NAME_HASH_DIGITS)?;
        Some(NameInTerm::Cut(beginning, usize::from_str_radix(rest.get(..2)?, 16).ok()?))
    });
    cut.unwrap_or(NameInTerm::Whole(name))
}

/// The identity key of the arXiv id that a folded name of a tier is, such as `a:2306.02707` of `230602707`. A record that
/// has the identity needs no term for the name. What an abstract coins is no id.
pub(in crate::library) fn arxiv_key(tier: Tier, folded: &str) -> Option<String> {
    let is_arxiv =
        tier != Tier::Coined && matches!(folded.len(), 8 | 9) && folded.bytes().all(|byte| byte.is_ascii_digit());
    is_arxiv.then(|| format!("a:{}.{}", &folded[..4], &folded[4..]))
}

/// The term of an identity key. Titles that are cut to the same by chance do no harm, because records that share a term
/// are compared before they are taken for one paper.
pub(in crate::library) fn identity_term(fields: Fields, key: &str) -> Term {
    Term::from_field_text(fields.identity, &short_key(key))
}

/// What is after all terms that begin so.
pub(in crate::library) fn after(beginning: &str) -> Vec<u8> {
    let mut end = beginning.as_bytes().to_vec();
    end.push(0xff);
    end
}

/// Cuts an overlong term and ends it in a hash of the whole, so that it stays exact.
pub(in crate::library) fn bounded(term: String) -> String {
    if term.len() <= LONGEST_TERM {
        return term;
    }
    let hash = blake3::hash(term.as_bytes()).to_hex();
    let cut = (0..=LONGEST_TERM).rev().find(|end| term.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…{}", &term[..cut], &hash[..32])
}

#[cfg(test)]
/// All beginnings of a word up to some letters, and the word itself.
pub(in crate::library) fn beginnings(word: &str, longest: usize) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = word.char_indices().skip(1).map(|(at, _)| at).take(longest).collect();
    if ends.len() < longest {
        ends.push(word.len());
    } else if ends.last() != Some(&word.len()) {
        // The word is longer than the longest indexed prefix: add it whole as well.
        ends.push(word.len());
    }
    ends.into_iter().map(|end| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_are_all_short_prefixes_and_the_word() {
        assert_eq!(beginnings("gpt", 6).collect::<Vec<_>>(), ["g", "gp", "gpt"]);
        assert_eq!(beginnings("", 6).collect::<Vec<_>>(), [""]);
        assert_eq!(
            beginnings("learning", 6).collect::<Vec<_>>(),
            ["l", "le", "lea", "lear", "learn", "learni", "learning"]
        );
        assert_eq!(beginnings("öäüöäü", 6).collect::<Vec<_>>(), ["ö", "öä", "öäü", "öäüö", "öäüöä", "öäüöäü"]);
    }

    #[test]
    fn names_are_whole_or_cut_in_their_terms() {
        assert_eq!(name_key(Tier::Coined, "orca"), "corca");
        let whole = "orcaprogressivelearningfrom";
        assert_eq!(name_in_key(&name_key(Tier::Title, whole)), NameInTerm::Whole(whole));
        for long in [whole.to_owned() + "e", "深い学習".repeat(20), "x".repeat(5000)] {
            let key = name_key(Tier::Title, &long);
            let beginning: String = long.chars().take(CUT_NAME).collect();
            assert_eq!(name_in_key(&key), NameInTerm::Cut(&beginning, long.chars().count().min(255)));
            assert_ne!(key, name_key(Tier::Title, &long.replace(['e', '習', 'x'], "a")));
        }
        // Nothing but punctuation is left as it is, and might look like a cut name.
        let raw = format!("{}#0123456789", "?".repeat(CUT_NAME - 1));
        assert_eq!(name_in_key(&format!("n{raw}")), NameInTerm::Whole(&raw));
        assert_eq!(name_in_key(""), NameInTerm::Whole(""));
    }

    #[test]
    fn names_that_are_arxiv_ids_have_the_keys_of_these() {
        assert_eq!(arxiv_key(Tier::Identifier, "230602707").as_deref(), Some("a:2306.02707"));
        assert_eq!(arxiv_key(Tier::Title, "07040001").as_deref(), Some("a:0704.0001"));
        assert_eq!(arxiv_key(Tier::Coined, "230602707"), None);
        for other in ["2306027070", "0704000", "orca", "hepth9901001", "２３０６０２７０７"] {
            assert_eq!(arxiv_key(Tier::Identifier, other), None, "{other}");
        }
    }

    #[test]
    fn overlong_terms_stay_different() {
        let a = bounded("x".repeat(5000));
        let b = bounded("x".repeat(5001));
        assert!(a.len() < 300 && a != b);
    }
}
