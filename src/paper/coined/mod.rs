//! Names that an abstract gives the work it describes.
//!
//! Abstracts name their work in few ways: "dubbed X", "we present X", "X, a new framework", a long
//! form with its acronym in brackets. Each way has a trigger word, around which the words are looked
//! at. Names of the field are used in the same places, so that the shape of the name, what follows it
//! and who speaks all have to fit: a name too few costs less than a wrong one.

mod acronym;
mod tokens;

#[cfg(test)]
mod tests;

use acronym::long_form_start;
use tokens::Words;

use super::vocabulary::{is_component, is_fresh_name, is_kind, is_name_like, is_ordinary, is_term};

/// The most names one abstract is believed to coin.
const MAX_NAMES: usize = 4;

/// The most characters a coined name has.
const LONGEST_NAME: usize = 40;

/// The names an abstract coins for its work, in order of appearance, each once.
pub fn coined_names(abstract_text: &str) -> Vec<String> {
    let words = Words::of(abstract_text);
    let mut names: Vec<String> = Vec::new();
    for index in 0..words.len() {
        if let Some(name) = name_at(&words, index).filter(|name| words.is_whole(name) && is_acceptable(name))
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
            if names.len() == MAX_NAMES {
                break;
            }
        }
    }
    names
}

/// The name that the trigger word at an index, if it is one, gives.
fn name_at<'a>(words: &Words<'a>, index: usize) -> Option<&'a str> {
    match words.word(index) {
        "dubbed" | "nicknamed" | "christened" => named(words, index + 1),
        "called" | "named" | "termed" | "coined" if speaks_of_own_work(words, index) => named(words, index + 1),
        "call" | "name" | "term" | "dub" | "coin" if words.before(index).eq_ignore_ascii_case("we") => {
            named_by_us(words, index)
        }
        "as" if we_refer(words, index) => named(words, index + 1),
        "our" | "Our" => ours(words, index),
        "novel" | "new" | "first" => explained(words, index),
        "proposed" if matches!(words.before(index), "the" | "The" | "our" | "Our") => {
            let name = words.word(index + 1);
            // A plain acronym is as likely one of the field that the work proposes a variant of.
            let fits = is_fresh_name(name) && !name.chars().all(char::is_uppercase);
            (words.follows_directly(index + 1) && fits && !is_component(words.word(index + 2))).then_some(name)
        }
        verb if presents(verb, words.before(index)) => presented(words, index),
        _ => None,
    }
}

/// Whether a verb presents the work, going by who does it.
fn presents(verb: &str, before: &str) -> bool {
    match verb {
        "introduce" | "present" | "propose" | "develop" | "describe" | "release" | "design" | "devise" | "build"
        | "create" | "construct" | "contribute" | "unveil" | "announce" | "open-source" | "formulate" => {
            let is_adverb = before.ends_with("ly")
                || matches!(
                    before,
                    "also" | "then" | "further" | "thus" | "hence" | "here" | "therefore" | "first" | "instead"
                );
            is_adverb || matches!(before, "we" | "We" | "I" | "and")
        }
        "introduces" | "presents" | "proposes" | "develops" | "describes" => {
            matches!(
                before,
                "paper" | "work" | "study" | "report" | "thesis" | "article" | "manuscript" | "and" | "letter"
            )
        }
        "introduced" | "presented" | "proposed" | "developed" | "designed" | "created" | "built" => {
            matches!(before, "we" | "We" | "have")
        }
        "introducing" | "Introducing" | "presenting" => matches!(before, "by" | "" | "and"),
        _ => false,
    }
}

/// Whether the sentence up to a naming verb is about the authors' own work rather than the field.
fn speaks_of_own_work(words: &Words<'_>, index: usize) -> bool {
    let before = words.before(index);
    let of_the_field = before.ends_with("ly")
        || matches!(before, "often" | "also" | "sometimes" | "are" | "were" | "be" | "been" | "so" | "not");
    let of_a_kind = !matches!(before, "is" | "was") || index.checked_sub(2).is_some_and(|at| is_kind(words.word(at)));
    let own = |word: &str| {
        matches!(word, "we" | "We" | "our" | "Our" | "new" | "novel" | "This" | "this")
            || presents(word, "we")
            || presents(word, "paper")
    };
    !of_the_field && of_a_kind && words.sentence_before(index).any(own)
}

/// Whether `as` belongs to "we refer to … as".
fn we_refer(words: &Words<'_>, index: usize) -> bool {
    let refer = (index.saturating_sub(8)..index).find(|at| words.word(*at) == "refer");
    refer.is_some_and(|at| {
        words.before(at).eq_ignore_ascii_case("we") && (at + 1..=index).all(|at| words.follows_directly(at))
    })
}

/// What "we call (it, our approach, the resulting model)" is followed by.
fn named_by_us<'a>(words: &Words<'a>, index: usize) -> Option<&'a str> {
    let is_object = |word: &str| {
        matches!(word, "it" | "this" | "this," | "our" | "the" | "these" | "them" | "resulting" | "new" | "proposed")
            || is_kind(word)
    };
    let start = (index + 1..index + 6).find(|at| !is_object(words.word(*at)))?;
    (index + 1..start).all(|at| words.follows_directly(at)).then(|| named(words, start)).flatten()
}

/// The name that begins at an index, directly after a verb that gives names.
fn named<'a>(words: &Words<'a>, start: usize) -> Option<&'a str> {
    let gap = words.gap(start);
    if gap.contains(['"', '“', '\'', '‘', '`']) && gap.trim_start().len() <= 6 && !gap.contains(['.', ',', ')']) {
        return quoted(words, start);
    }
    if !words.follows_directly(start) && gap != ": " {
        return None;
    }
    if let Some(acronym) = acronym_behind(words, start, start) {
        return Some(acronym);
    }
    let end = phrase_end(words, start)?;
    let fits = if end - start == 1 {
        let name = words.word(start);
        is_name_like(name) || (is_capitalised_name(name) && follower(words, end) != Follower::Noun)
    } else {
        let set_off = matches!(follower(words, end), Follower::Punctuation | Follower::Clause);
        is_proper_phrase(words, start, end) && set_off
    };
    fits.then(|| words.span(start, end))
}

/// A name in quotation marks.
fn quoted<'a>(words: &Words<'a>, start: usize) -> Option<&'a str> {
    let end = (start + 1..=start + 5).find(|at| !words.follows_directly(*at))?;
    let closes = words.gap(end).trim_start_matches([',', '.']).starts_with(['"', '”', '\'', '’', '`']);
    let fits = is_name_like(words.word(start)) || (start..end).all(|at| is_capitalised(words.word(at)));
    (closes && fits).then(|| words.span(start, end))
}

/// The name in what a presenting verb is followed by.
fn presented<'a>(words: &Words<'a>, verb: usize) -> Option<&'a str> {
    let start = verb + 1;
    if words.gap(start).contains(['"', '“', '`']) {
        return quoted(words, start);
    }
    if !words.follows_directly(start) {
        return None;
    }
    if is_capitalised(words.word(start)) || is_name_like(words.word(start)) {
        return acronym_behind(words, start, start).or_else(|| presented_directly(words, start));
    }
    let mut introduction = start;
    while introduction < start + 12 && words.follows_directly(introduction) && !is_capitalised(words.word(introduction))
    {
        introduction += 1;
    }
    acronym_behind(words, start, introduction)
        .or_else(|| kind_behind(words, start, introduction))
        .or_else(|| apposition(words, start, introduction))
}

/// "We present X, a …", "we present X that …", "we present X framework".
fn presented_directly<'a>(words: &Words<'a>, start: usize) -> Option<&'a str> {
    let end = phrase_end(words, start)?;
    let name = words.span(start, end);
    let follower = follower(words, end);
    let fits = if end - start == 1 {
        match follower {
            Follower::Noun => is_fresh_name(name) && is_kind(words.word(end)),
            Follower::Function => is_fresh_name(name),
            Follower::Clause | Follower::Punctuation => is_name_like(name) || is_capitalised_name(name),
        }
    } else {
        let has_name = (start..end).any(|at| is_name_like(words.word(at)));
        let explained = matches!(words.word(end), "a" | "an" | "the" | "our" | "which")
            || words.gap(end).contains(['(', '-', '—', ':']);
        is_proper_phrase(words, start, end)
            && match follower {
                Follower::Punctuation => has_name || explained,
                Follower::Clause => has_name,
                Follower::Function | Follower::Noun => false,
            }
    };
    fits.then_some(name)
}

/// "We introduce the new X benchmark": a name between an introduction and its kind.
fn kind_behind<'a>(words: &Words<'a>, start: usize, name: usize) -> Option<&'a str> {
    let definite = (start..name).any(|at| matches!(words.word(at), "the" | "our" | "novel" | "new"));
    let plain = (start..name).all(|at| !is_link(words.word(at)));
    let fits =
        definite && plain && name - start <= 4 && words.follows_directly(name) && is_fresh_name(words.word(name));
    let is_kind =
        words.follows_directly(name + 1) && is_kind(words.word(name + 1)) && !is_component(words.word(name + 1));
    (fits && is_kind).then(|| words.word(name))
}

/// "We introduce a new benchmark, X, that …": a name after its kind and a comma, colon or dash.
fn apposition<'a>(words: &Words<'a>, start: usize, name: usize) -> Option<&'a str> {
    let gap = words.gap(name).trim();
    // "We present experiments with a small model -- X" names another's model.
    if (start..name).any(|at| matches!(words.word(at), "with" | "on" | "using" | "from" | "to" | "that" | "which")) {
        return None;
    }
    if !matches!(gap, "," | ":" | "-" | "--" | "---" | "—" | "–") || !is_kind(words.before(name)) {
        return None;
    }
    if let Some(acronym) = acronym_behind(words, name, name) {
        return Some(acronym);
    }
    let end = phrase_end(words, name)?;
    let text = words.span(name, end);
    let fits = match follower(words, end) {
        Follower::Punctuation => {
            is_name_like(text) || is_capitalised_name(text) || (end - name > 1 && is_proper_phrase(words, name, end))
        }
        Follower::Clause | Follower::Function => is_fresh_name(text),
        Follower::Noun => false,
    };
    fits.then_some(text)
}

/// "Our approach, X, …", "our model X …", "our X framework".
fn ours<'a>(words: &Words<'a>, our: usize) -> Option<&'a str> {
    let first = words.word(our + 1);
    if is_fresh_name(first)
        && words.follows_directly(our + 1)
        && is_kind(words.word(our + 2))
        && words.follows_directly(our + 2)
    {
        return (!is_component(words.word(our + 2))).then_some(first);
    }
    let kind = (our + 1..our + 4).find(|at| is_kind(words.word(*at)))?;
    if !(our + 1..=kind).all(|at| words.follows_directly(at) && !is_link(words.word(at))) {
        return None;
    }
    let name = kind + 1;
    if words.gap(name).trim() == "," {
        let set_off =
            |end: usize| words.gap(end).starts_with([',', ' ']) && words.gap(end).trim_start().starts_with([',', '(']);
        let end = phrase_end(words, name)?;
        let text = words.span(name, end);
        let fits =
            set_off(end) && (is_name_like(text) || is_capitalised_name(text) || is_proper_phrase(words, name, end));
        return acronym_behind(words, name, name).or(fits.then_some(text));
    }
    (words.follows_directly(name) && is_fresh_name(words.word(name))).then(|| words.word(name))
}

/// "X, a novel …": a name that the words after it explain.
fn explained<'a>(words: &Words<'a>, new: usize) -> Option<&'a str> {
    let article = new.checked_sub(1).filter(|at| matches!(words.word(*at), "a" | "an" | "the" | "our"))?;
    let name = article.checked_sub(1)?;
    let alone = words.begins_sentence(name)
        || (words.follows_directly(name) && words.before(name).starts_with(char::is_lowercase));
    let fits = words.gap(article).trim() == "," && alone && is_name_like(words.word(name));
    fits.then(|| words.word(name))
}

/// The acronym in brackets after the words from `start`, if its long form begins at `earliest` at
/// the latest word that may introduce it: nothing between the verb and the long form leads away from
/// the work to something it is about ("a framework *for* few-shot learning (FSL)").
fn acronym_behind<'a>(words: &Words<'a>, start: usize, earliest: usize) -> Option<&'a str> {
    let bracket = (start + 1..start + 16).find(|at| !words.follows_directly(*at))?;
    let acronym = words.word(bracket);
    let in_brackets = words.gap(bracket).trim() == "(" && words.gap(bracket + 1).starts_with(')');
    let follower = words.word(bracket + 1);
    let part_of_term = words.gap(bracket + 1) == ") "
        && (is_component(follower)
            || matches!(follower, "based" | "techniques" | "methods" | "models" | "problem" | "problems"));
    let is_of_component = is_component(&words.before(bracket).to_lowercase());
    if !in_brackets || !is_name_like(acronym) || part_of_term || is_of_component {
        return None;
    }
    let before: Vec<&str> = (start..bracket).map(|at| words.word(at)).collect();
    let long_form = start + long_form_start(acronym, &before)?;
    let introduction = start..long_form;
    if introduction.clone().any(|at| is_link(words.word(at))) || (earliest == start && !introduction.is_empty()) {
        return None;
    }
    let is_plain = (long_form..bracket).all(|at| !is_capitalised(words.word(at)));
    let indefinite = introduction.clone().any(|at| matches!(words.word(at), "a" | "an"));
    let as_new = introduction.clone().any(|at| matches!(words.word(at), "novel" | "new" | "first"));
    (!(is_plain && indefinite) || as_new).then_some(acronym)
}

/// What follows a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follower {
    /// A comma, bracket, dash, full stop or the end.
    Punctuation,
    /// A word that opens a clause about the name.
    Clause,
    /// A preposition or conjunction.
    Function,
    /// Anything else: the name may only qualify it.
    Noun,
}

fn follower(words: &Words<'_>, end: usize) -> Follower {
    if !words.follows_directly(end) {
        let gap = words.gap(end).trim_start();
        // A slash, an underscore or TeX goes on with the word.
        let goes_on = gap.starts_with(['/', '_', '$', '\\', '{', '^', '*', '[', '\'', '’']);
        return if goes_on { Follower::Noun } else { Follower::Punctuation };
    }
    match words.word(end) {
        "that" | "which" | "to" | "where" | "whose" | "who" | "is" => Follower::Clause,
        "for" | "as" | "and" | "with" | "by" | "via" | "through" | "using" | "in" | "on" | "from" | "at" | "under"
        | "or" => Follower::Function,
        _ => Follower::Noun,
    }
}

/// The end of the capitalised words that begin at an index; `None` where there are none.
fn phrase_end(words: &Words<'_>, start: usize) -> Option<usize> {
    let is_part = |at: usize| is_capitalised(words.word(at)) || is_name_like(words.word(at));
    if start >= words.len() || !is_part(start) {
        return None;
    }
    let end = (start + 1..words.len())
        .find(|at| !words.follows_directly(*at) || !(is_part(*at) || is_number(words.word(*at))));
    Some(end.unwrap_or(words.len()))
}

/// Several capitalised words that are no sentence, no term, no part of a work and not too many.
fn is_proper_phrase(words: &Words<'_>, start: usize, end: usize) -> bool {
    let is_of_component = is_component(&words.before(end).to_lowercase());
    (2..=5).contains(&(end - start))
        && !is_of_component
        && !(start..end).all(|at| is_term(words.word(at)) || is_ordinary(words.word(at)))
}

fn is_capitalised(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// A plain capitalised word that may be a name: not one that is always written so, and no plural.
fn is_capitalised_name(word: &str) -> bool {
    let plural = word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is");
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    is_capitalised(word)
        && letters >= 3
        && word.chars().all(char::is_alphanumeric)
        && !plural
        && !is_ordinary(word)
        && !is_term(word)
}

/// Words that lead from the work to what it is about.
fn is_link(word: &str) -> bool {
    matches!(
        word,
        "for"
            | "of"
            | "in"
            | "on"
            | "to"
            | "with"
            | "by"
            | "via"
            | "using"
            | "from"
            | "that"
            | "which"
            | "and"
            | "or"
            | "into"
            | "under"
            | "through"
            | "based"
            | "at"
            | "between"
            | "over"
            | "toward"
            | "towards"
            | "called"
    )
}

/// The last look at a name, whichever way it was found.
fn is_acceptable(name: &str) -> bool {
    let length = name.chars().count();
    (2..=LONGEST_NAME).contains(&length) && !name.ends_with("'s") && !name.ends_with("’s") && !is_term(name)
}
