//! Lists of names.

use super::medline::is_indexed;
use super::words::{split_outside, words};
use super::{People, is_et_al, is_group, medline_person, one_person, ordinary, prepared};
use crate::corpus::text::{Markup, clean};
use crate::paper::{is_cjk, is_generational_suffix};

/// Reads a list of names: with `and` between them, also with semicolons or ampersands. Lists that
/// were written otherwise (`A. Tern, B. Gull, C. Auk`; `Tern, A., Gull, B.`) are read where they can mean nothing
/// else. Options that biblatex writes into lists, such as `useprefix=false`, are no names.
pub(in crate::corpus) fn persons(markup: Markup, list: &str) -> People {
    let (markup, list) = prepared(markup, list);
    let parts = split_at_and(markup, &list);
    let has_and = parts.len() > 1;
    let mut people = People::default();
    for part in parts {
        // In TeX a semicolon parts nothing, unless nothing else does.
        let is_one = (markup == Markup::Tex && has_and) || !part.contains([';', '；']);
        let names = if is_one { vec![part] } else { split_outside(markup, part, |c| matches!(c, ';' | '；')) };
        for name in names {
            if let Some(person) = ordinary(name.trim()) {
                people.people.push(person);
                continue;
            }
            match comma_list(markup, name, has_and) {
                CommaList::Name => people.add(markup, name),
                CommaList::Indexed(names) => names.into_iter().for_each(|name| people.add_indexed(name)),
                CommaList::Names(names) => names.into_iter().for_each(|name| people.add(markup, name)),
                CommaList::Pairs(names) => names.iter().for_each(|name| people.add(markup, name)),
            }
        }
    }
    people
}

impl People {
    fn add(&mut self, markup: Markup, name: &str) {
        if markup == Markup::Tex && is_list_option(name) {
            return;
        }
        let (person, has_others) = one_person(markup, name);
        self.people.extend(person);
        self.has_others |= has_others;
    }

    fn add_indexed(&mut self, name: &str) {
        self.has_others |= is_et_al(name);
        self.people.extend(medline_person(name));
    }
}

/// What commas between names mean.
enum CommaList<'a> {
    /// They part one name.
    Name,
    /// They part names.
    Names(Vec<&'a str>),
    /// They part names as indexes write them: `Tern A, Gull BC`.
    Indexed(Vec<&'a str>),
    /// Every second one parts names: `Tern, A., Gull, B.`
    Pairs(Vec<String>),
}

/// The names of a list in TeX with ampersands for `and`: `Cat Hope & Stuart James`. Each has two words or more, where the
/// halves of `Johnson & Johnson` have one, and what was recognised as a group stays whole.
fn ampersand_list(markup: Markup, text: &str) -> Option<Vec<&str>> {
    if markup != Markup::Tex || !text.contains(" & ") && !text.contains(" \\& ") {
        return None;
    }
    let pieces = split_outside(markup, text, |c| c == '&').into_iter();
    let pieces: Vec<&str> = pieces.map(|piece| piece.trim().trim_end_matches('\\').trim_end()).collect();
    let is_person = |piece: &&str| words(markup, piece).len() > 1 && starts_high(piece) && !is_initials(piece);
    if pieces.len() < 2 || !pieces.iter().all(is_person) || is_group(&clean(markup, text)) {
        return None;
    }
    // `Eve Gull, Bo Auk & Ada Tern`: where the last name has no comma, commas part names.
    let has_plain_last = pieces.last().is_some_and(|last| !last.contains(','));
    let names_in = |piece| {
        let names: Vec<&str> = split_outside(markup, piece, |c| c == ',').into_iter().map(str::trim).collect();
        if has_plain_last && names.iter().all(is_person) { names } else { vec![piece] }
    };
    Some(pieces.into_iter().flat_map(names_in).collect())
}

fn comma_list(markup: Markup, text: &str, has_and: bool) -> CommaList<'_> {
    if let Some(names) = ampersand_list(markup, text) {
        return CommaList::Names(names);
    }
    let is_comma = |c: char| matches!(c, ',' | '，' | '、');
    if !text.contains(is_comma) || text.contains('=') {
        return CommaList::Name;
    }
    let mut pieces = split_outside(markup, text, is_comma);
    pieces.iter_mut().for_each(|piece| *piece = piece.trim());
    pieces.retain(|piece| !piece.is_empty());
    // `山田, 太郎` is one name.
    let least = if text.contains(',') { 3 } else { 2 };
    if pieces.len() >= least && pieces.iter().all(|piece| is_cjk(piece) && piece.chars().count() > 1) {
        return CommaList::Names(pieces);
    }
    let is_named = |piece: &&&str| !is_et_al(piece);
    let has_single_initial =
        || pieces.iter().any(|piece| piece.rsplit(' ').next().is_some_and(|it| it.chars().count() == 1));
    if pieces.len() > 2 && pieces.iter().filter(is_named).all(|piece| is_indexed(piece)) && has_single_initial() {
        return CommaList::Indexed(pieces);
    }
    let is_whole = |piece: &&str| words(markup, piece).len() > 1 && !is_initials(piece);
    // The last name of a list has no comma before it: `A. Tern, B. Gull and C. Auk`.
    let least = if has_and && markup == Markup::Plain { 2 } else { 3 };
    let names = pieces.iter().filter(|piece| is_named(piece) && !is_generational_suffix(piece));
    if names.clone().count() >= least && names.clone().all(is_whole) && pieces.first().is_some_and(starts_high) {
        return CommaList::Names(pieces);
    }
    let is_pairs = pieces.len() > 3
        && pieces.chunks(2).all(|pair| matches!(pair, [family, given] if !is_initials(family) && is_initials(given)));
    if is_pairs {
        return CommaList::Pairs(pieces.chunks(2).map(|pair| pair.join(", ")).collect());
    }
    CommaList::Name
}

fn starts_high(piece: &&str) -> bool {
    piece.chars().next().is_some_and(|c| !c.is_lowercase())
}

/// Whether the text is nothing but initials: `D. E.`, `P.V.Q.`, `JM`.
fn is_initials(text: &str) -> bool {
    let is_letters = |word: &str| word.chars().count() <= 2 && word.chars().all(char::is_uppercase);
    text.split([' ', '.', '-', '~']).all(is_letters)
}

/// Whether a part of a list is an option of biblatex for the whole list.
fn is_list_option(name: &str) -> bool {
    let is_part = |key: &str| matches!(key, "family" | "given" | "prefix" | "suffix");
    name.trim().split_once('=').is_some_and(|(key, value)| {
        let key = key.trim_end();
        !key.is_empty()
            && !is_part(key)
            && key.bytes().all(|byte| byte.is_ascii_lowercase())
            && !value.trim().contains([',', ' '])
    })
}

/// The parts of a list between the word `and`, in any case, in TeX outside of braces. Outside TeX an ampersand
/// between spaces parts too. An escaped brace is a sign and holds nothing together.
fn split_at_and(markup: Markup, list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0usize);
    let bytes = list.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let is_group = |at: usize| markup == Markup::Tex && (at == 0 || bytes.get(at - 1) != Some(&b'\\'));
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let length = match byte {
            b'{' if is_group(at) => {
                depth += 1;
                0
            }
            b'}' if is_group(at) => {
                depth = depth.saturating_sub(1);
                0
            }
            b'&' if markup == Markup::Plain => 1,
            b'a' | b'A' if bytes.get(at..at + 3).is_some_and(|word| word.eq_ignore_ascii_case(b"and")) => 3,
            _ => 0,
        };
        if length > 0 && depth == 0 && (at == 0 || is_blank(at - 1)) && is_blank(at + length) {
            parts.extend(list.get(start..at));
            start = at + length;
            at = start;
        } else {
            at += 1;
        }
    }
    parts.extend(list.get(start..));
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}
