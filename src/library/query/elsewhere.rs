//! Where a paper stands that something else has found, such as a search engine: by the measures of this library's search.

use crate::library::data::hit::MatchKind;
use crate::library::data::record::RecordHead;
use crate::library::engine::word_forms::spellings;
use crate::library::query::closeness::{
    Order, Scope, as_beginning, as_initials, as_name, as_spelling, as_title, as_typo, as_words, each_fit, has_joined,
    misspelt, title_steps,
};
use crate::library::query::forgiving::spelt_so;
use crate::library::query::typed::Typed;

/// A query, to which papers found elsewhere are held.
#[derive(Debug)]
pub struct Question {
    typed: Typed,
    /// The words in the ways in which they may be read, as they were typed first.
    readings: Vec<Vec<String>>,
    telling: Vec<String>,
    all: Vec<String>,
}

/// How well a paper answers a query: the best is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// What it was found by.
    pub kind: MatchKind,
    /// How many words of the query it does not have.
    missing: usize,
    order: Order,
}

impl Standing {
    /// Whether most of what was typed is not in the paper.
    pub fn is_far(&self, question: &Question) -> bool {
        self.kind == MatchKind::Partly && 2 * self.missing > question.telling.len()
    }
}

impl Question {
    /// Takes a query apart.
    pub fn new(query: &str) -> Question {
        let typed = Typed::new(query);
        let telling = typed.telling();
        let all = typed.apart();
        Question { readings: typed.readings(), typed, telling, all }
    }

    /// All words, folded; what punctuation parts is several.
    pub fn words(&self) -> &[String] {
        &self.all
    }

    /// The words that say what is looked for, folded: all but small ones.
    pub fn telling(&self) -> &[String] {
        &self.telling
    }

    /// How well a paper answers.
    pub fn standing(&self, head: &RecordHead) -> Standing {
        let typed = &self.typed;
        let words = self.readings.first().map(Vec::as_slice).unwrap_or_default();
        let of = |kind, order| Standing { kind, missing: 0, order };
        let fits = |scope, words: &[String]| each_fit(head, words, scope).iter().all(|it| it.place.is_some());
        if head.names().iter().any(|name| name.folded == typed.folded) {
            return of(MatchKind::ExactName, as_name(head, &typed.folded));
        }
        if let Some(order) = as_beginning(head, typed) {
            return of(MatchKind::NamePrefix, order);
        }
        if fits(Scope::Names, words) {
            return of(MatchKind::Title, as_title(head, typed, words));
        }
        if fits(Scope::All, words) {
            return of(MatchKind::Authors, as_words(head, words));
        }
        if let Some(order) = self.by_initials(head) {
            return of(MatchKind::Acronym, order);
        }
        if head.names().iter().any(|name| typed.folded.len() > 2 && name.folded.ends_with(&typed.folded)) {
            return of(MatchKind::Spelling, spelt_so(head, typed, words));
        }
        let spelt = self.readings.iter().find(|words| fits(Scope::WithInflections, words));
        if let Some(words) = spelt {
            // Small words that are there as well tell more than none.
            let missing = self.all.len().saturating_sub(words.len());
            return Standing { missing, ..of(MatchKind::Spelling, spelt_so(head, typed, words)) };
        }
        if self.is_joined_otherwise(head) {
            return of(MatchKind::Spelling, as_spelling(head, &self.telling));
        }
        if let Some(off) = self.letters_off_a_name(head) {
            return of(MatchKind::NearName, [off, title_steps(head), 0, 0, 0]);
        }
        let missing = misspelt(head, &self.telling).iter().filter(|off| off.is_none()).count();
        let kind = if missing == 0 { MatchKind::Typo } else { MatchKind::Partly };
        Standing { kind, missing, order: as_typo(head, &self.telling) }
    }

    /// Where a paper stands by the initials of its title; `None` where it has others, or no initials were typed.
    fn by_initials(&self, head: &RecordHead) -> Option<Order> {
        let may_be_initials = !self.typed.spaced.contains(' ') && self.typed.folded.len() >= 3;
        may_be_initials.then(|| as_initials(head, &self.typed)).flatten()
    }

    /// How many letters part the query from the nearest name; `None` where they are too many for a slip.
    fn letters_off_a_name(&self, head: &RecordHead) -> Option<i64> {
        let typed = &self.typed.folded;
        let letters = typed.chars().count();
        let allowed = if letters < 4 { 0 } else { 1 + usize::from(letters >= 6) };
        let is_near = |name: &&str| name.chars().count().abs_diff(letters) <= allowed;
        let names = head.names().iter().map(|name| name.folded.as_str()).filter(is_near);
        let nearest = names.map(|name| strsim::osa_distance(name, typed)).filter(|off| *off <= allowed).min()?;
        i64::try_from(nearest).ok()
    }

    /// Whether a paper has the words, where some stand joined in it or in the query.
    fn is_joined_otherwise(&self, head: &RecordHead) -> bool {
        const SHORTEST_JOINED: usize = 5;
        let words = &self.all;
        let fit = each_fit(head, words, Scope::WithInflections);
        let has = |at: usize| fit.get(at).is_some_and(|it| it.place.is_some());
        let pair = |at: usize| match (words.get(at), words.get(at + 1)) {
            (Some(one), Some(other)) => has_joined(head, &format!("{one}{other}")),
            _ => false,
        };
        let is_there = |(at, word): (usize, &String)| {
            has(at)
                || !self.telling.contains(word)
                || pair(at)
                || at.checked_sub(1).is_some_and(pair)
                || word.chars().count() >= SHORTEST_JOINED
                    && std::iter::once(word).chain(&spellings(word)).any(|word| has_joined(head, word))
        };
        words.iter().enumerate().all(is_there)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::library::LibraryPaper;
    use crate::paper::{Origin, Person, PublicationDate, Record, merge};

    fn head(title: &str, author: &str, year: i32, doi: &str) -> RecordHead {
        let record = Record {
            title: title.to_owned(),
            authors: vec![Person::new(author, "Ada")],
            date: Some(PublicationDate::year(year)),
            doi: Some(doi.to_owned()),
            ..Record::default()
        };
        let origin = Origin::Service { service: "lab".into(), id: "1".into(), url: "".into() };
        let paper: LibraryPaper = merge(&[(&record, origin.into())]).unwrap();
        RecordHead::of_paper(&paper).unwrap()
    }

    #[test]
    fn papers_stand_where_the_own_search_would_put_them() {
        let orca = head("Orca: Progressive Learning from Neural Network Traces", "Gull", 2023, "10.1000/s10458-010");
        for (query, kind) in [
            ("orca", MatchKind::ExactName),
            ("orca prog", MatchKind::NamePrefix),
            ("10.1000/s1", MatchKind::NamePrefix),
            ("learn trac", MatchKind::Title),
            ("gull 2023 learn", MatchKind::Authors),
            ("oplfnnt", MatchKind::Acronym),
            ("oplnn", MatchKind::Acronym),
            ("s10458-010", MatchKind::Spelling),
            ("the traces of learning", MatchKind::Spelling),
            ("neuralnetwork orca", MatchKind::Spelling),
            ("pro gressive orca", MatchKind::Spelling),
            ("progresive laerning", MatchKind::Typo),
            ("ocra", MatchKind::NearName),
            ("under specified orca", MatchKind::Partly),
            ("experiment some orca", MatchKind::Partly),
            ("gulll traces", MatchKind::Typo),
            ("learning traces github", MatchKind::Partly),
        ] {
            let question = Question::new(query);
            let standing = question.standing(&orca);
            assert_eq!(standing.kind, kind, "{query}");
            assert!(!standing.is_far(&question), "{query}");
        }
        let question = Question::new("quantum gravity traces");
        assert!(question.standing(&orca).is_far(&question));
    }

    #[test]
    fn the_nearer_paper_stands_first() {
        for (query, first, second) in [
            ("orca", "Orca: A Whale", "A Whale called Orca"),
            ("progresive learning", "Progressive Learning", "Progressive Leaning Towers"),
            ("whale song github", "Whale Song", "Whale Watching"),
        ] {
            let question = Question::new(query);
            let of = |title: &str| question.standing(&head(title, "Gull", 2020, "10.1/x"));
            assert!(of(first) < of(second), "{query}");
        }
    }
}
