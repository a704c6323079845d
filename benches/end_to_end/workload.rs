//! What is typed and looked at, and what the right answers are.

use std::collections::HashSet;

use serde_json::Value;

use crate::corpus::{Outline, Papers, ShortName, arxiv_id, duplicate_of};

/// So many papers are typed in each way.
const TYPED: u64 = 40;

/// So many papers are cited in each way.
const CITED: u64 = 100;

/// What is done with a corpus of a size.
pub struct Workload {
    /// The lines of the note that is typed in, whose citations mean one paper each.
    pub lines: Vec<String>,
    /// The lines of the note with all other citations.
    pub doubtful: Vec<String>,
    pub citations: Vec<Cited>,
    pub queries: Vec<Query>,
    /// What is typed by the hundred keystrokes at once, and erased again, before a name.
    pub filler: String,
}

/// The line of the note that is empty and typed in.
pub const TYPED_LINE: usize = 2;

/// The kinds of citations.
pub const CITATIONS: [&str; 3] = [ONE, SEVERAL, MISSPELT];
pub const ONE: &str = "one paper";
const SEVERAL: &str = "several papers";
const MISSPELT: &str = "did you mean";

/// A citation in a note.
pub struct Cited {
    /// What kind of name it has.
    pub kind: &'static str,
    pub line: usize,
    /// This must stand on the card.
    pub expected: String,
    /// The line of the corpus file where the one paper is.
    pub leads_to: Option<u64>,
}

/// Something to type behind `[[`.
pub struct Query {
    pub kind: &'static str,
    pub text: String,
    pub expected: Expected,
}

/// What the list must hold when all is typed.
pub enum Expected {
    /// The paper.
    Listed(Outline),
    /// The paper, or as many others as there is room for: several may have all that was typed.
    ListedOrFull(Outline),
    /// Any paper.
    Something,
}

/// The kinds of queries, and of keystrokes before they differ, in the order of the tables.
pub const KINDS: [&str; 9] =
    ["[[ alone", "1 letter", "2 letters", "3 letters", NAMES, SEVERAL_WORDS, BEGINNINGS, TYPOS, ABSTRACTS];
pub const NAMES: &str = "names";
const SEVERAL_WORDS: &str = "several words";
const BEGINNINGS: &str = "beginnings of words";
const TYPOS: &str = "typos";
const ABSTRACTS: &str = "words of abstracts only";

impl Workload {
    /// What is done with the first `count` papers.
    pub fn new(papers: &Papers, count: u64) -> Workload {
        let choice = Choice { papers, count, duplicated: (0..count).filter_map(duplicate_of).collect() };
        let mut lines = vec!["# Reading".to_owned(), String::new(), String::new(), String::new()];
        let mut doubtful = vec!["# Doubtful".to_owned(), String::new()];
        let mut citations = Vec::new();
        for outline in choice.spread(CITED, |outline| name_of(outline).is_some()) {
            let name = name_of(&outline).filter(|_| outline.number % 2 == 0).unwrap_or(&outline.title);
            let line = cite(&mut lines, name);
            let (expected, leads_to) = (outline.title.clone(), Some(outline.number));
            citations.push(Cited { kind: ONE, line, expected, leads_to });
        }
        for outline in choice.duplicates() {
            let line = cite(&mut doubtful, &outline.title);
            citations.push(Cited { kind: SEVERAL, line, expected: outline.title, leads_to: None });
        }
        for outline in choice.spread(CITED, has_own_name) {
            let name = name_of(&outline).unwrap_or_default().to_owned();
            let line = cite(&mut doubtful, &misspelt(&name, 4));
            citations.push(Cited { kind: MISSPELT, line, expected: name, leads_to: None });
        }
        lines.push(String::new());
        let filler = choice.spread(TYPED, |outline| outline.title.len() > 60).into_iter().next();
        let filler = filler.map(|outline| outline.title).unwrap_or_default();
        Workload { lines, doubtful, citations, queries: queries(&choice), filler }
    }

    /// The text of the note with something on the line that is typed in.
    pub fn note(&self, typed: &str) -> String {
        let mut lines: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        if let Some(line) = lines.get_mut(TYPED_LINE) {
            *line = typed;
        }
        lines.join("\n")
    }

    /// A name and its paper, to see by when the server is ready.
    pub fn first(&self) -> Option<(&str, &Outline)> {
        self.queries.iter().find_map(|query| match &query.expected {
            Expected::Listed(outline) if query.kind == NAMES => Some((query.text.as_str(), outline)),
            _ => None,
        })
    }
}

/// Adds a line with a citation and gives its number.
fn cite(lines: &mut Vec<String>, name: &str) -> usize {
    lines.push(format!("- [[{name}]] is cited here, and some words say why it matters to *this* note."));
    lines.len() - 1
}

fn has_own_name(outline: &Outline) -> bool {
    matches!(outline.short_name, Some(ShortName::Own(_)))
}

fn queries(choice: &Choice) -> Vec<Query> {
    let mut queries = Vec::new();
    let mut add = |kind, text: String, expected| queries.push(Query { kind, text, expected });
    for outline in choice.spread(TYPED, |outline| name_of(outline).is_some()) {
        add(NAMES, name_of(&outline).unwrap_or_default().to_owned(), Expected::Listed(outline));
    }
    for (at, outline) in choice.spread(TYPED, |outline| telling_words(outline).len() == 3).into_iter().enumerate() {
        let words = telling_words(&outline);
        let beginnings: Vec<&str> = words.iter().map(|word| word.get(..4).unwrap_or(word)).collect();
        add(SEVERAL_WORDS, words.join(" "), Expected::ListedOrFull(outline.clone()));
        add(BEGINNINGS, beginnings.join(" "), Expected::ListedOrFull(outline.clone()));
        if at % 2 == 0 {
            let typed = format!("{} {}", misspelt(words[0], 4), words[1..].join(" "));
            add(TYPOS, typed, Expected::ListedOrFull(outline));
        }
    }
    for outline in choice.spread(TYPED, has_own_name).into_iter().step_by(2) {
        add(TYPOS, misspelt(name_of(&outline).unwrap_or_default(), 5), Expected::ListedOrFull(outline));
    }
    for outline in choice.spread(TYPED, |outline| outline.rare_word.is_some()) {
        add(ABSTRACTS, outline.rare_word.clone().unwrap_or_default(), Expected::Listed(outline));
    }
    for word in choice.papers.frequent_abstract_words(10) {
        add(ABSTRACTS, word, Expected::Something);
    }
    queries
}

/// The papers to choose cases from.
struct Choice<'a> {
    papers: &'a Papers,
    count: u64,
    /// Those whose title a later one has as well.
    duplicated: HashSet<u64>,
}

impl Choice<'_> {
    /// Papers from all parts of the corpus that alone have their title and are as wanted.
    fn spread(&self, cases: u64, is_wanted: impl Fn(&Outline) -> bool) -> Vec<Outline> {
        let part = (self.count / cases).max(1);
        let is_alone = |number: &u64| duplicate_of(*number).is_none() && !self.duplicated.contains(number);
        let find = |case: u64| {
            let mut numbers = (case * part..((case + 1) * part).min(self.count)).filter(is_alone);
            numbers.find_map(|number| Some(self.papers.outline(number)).filter(|outline| is_wanted(outline)))
        };
        (0..cases).filter_map(find).collect()
    }

    /// Papers whose title an earlier one has.
    fn duplicates(&self) -> Vec<Outline> {
        let part = (self.count / CITED).max(1);
        let find =
            |case: u64| (case * part..((case + 1) * part).min(self.count)).find(|it| duplicate_of(*it).is_some());
        let mut seen = HashSet::new();
        let outlines = (0..CITED).filter_map(find).map(|number| self.papers.outline(number));
        outlines.filter(|outline| seen.insert(outline.title.clone())).collect()
    }
}

/// The name that no other paper has.
fn name_of(outline: &Outline) -> Option<&str> {
    match &outline.short_name {
        Some(ShortName::Own(name)) => Some(name),
        Some(ShortName::Shared(_)) => None,
        None => outline.coined.as_deref(),
    }
}

/// Three long words of the title, in its order.
fn telling_words(outline: &Outline) -> Vec<&str> {
    let words =
        outline.title.split(' ').filter(|word| word.len() > 6 && word.bytes().all(|it| it.is_ascii_alphabetic()));
    words.take(3).collect()
}

/// The word with one letter exchanged for one that no name has.
fn misspelt(word: &str, at: usize) -> String {
    word.char_indices().map(|(index, letter)| if index == at { 'q' } else { letter }).collect()
}

/// The items of a list of completions.
pub fn items(result: &Value) -> &[Value] {
    result.get("items").or(Some(result)).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

impl Expected {
    /// Whether a list of completions holds what it must.
    pub fn is_met_by(&self, list: &Value) -> bool {
        // A list has fifty items, or fewer where their texts are long: what it may have in bytes is limited as well.
        const ROOM: usize = 45;
        match self {
            Expected::Listed(outline) => lists(list, outline),
            Expected::ListedOrFull(outline) => lists(list, outline) || items(list).len() >= ROOM,
            Expected::Something => !items(list).is_empty(),
        }
    }
}

/// Whether a list of completions holds a paper that alone has its title.
pub fn lists(list: &Value, outline: &Outline) -> bool {
    let title = outline.title.get(..30).unwrap_or(&outline.title);
    let id = arxiv_id(outline.number);
    items(list).iter().any(|item| {
        let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let inserted = text("/textEdit/newText");
        name_of(outline).is_some_and(|name| text("/label") == name)
            || [text("/label"), text("/filterText"), inserted].iter().any(|shown| shown.contains(title))
            || inserted.contains(&id)
    })
}
