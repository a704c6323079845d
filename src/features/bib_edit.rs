//! Changing an entry of a .bib file and nothing else: comments, order, indentation and the style of braces and quotes stay,
//! byte for byte.

use std::borrow::Cow;
use std::ops::Range;

use super::edits::TextEdit;
use crate::corpus::{BibtexEntry, BibtexField};
use crate::paper::Span;
use crate::text::Document;

/// An entry that is being changed. It never loses a field.
pub(super) struct EntryEdit {
    /// The text of the entry.
    text: String,
    /// Where it stands in the file.
    start: usize,
    entry: BibtexEntry,
    /// The values that change, by their place in the entry.
    changes: Vec<TextEdit>,
    /// The fields that come to it: names and what stands after the equals sign.
    added: Vec<(String, String)>,
}

impl EntryEdit {
    /// The entry that stands at a place of a document; `None` where it is damaged.
    pub fn at(document: &Document, span: Span) -> Option<EntryEdit> {
        let (start, end) = (usize::try_from(span.start).ok()?, usize::try_from(span.end).ok()?);
        let text = document.slice(start..end)?.into_owned();
        let entry = BibtexEntry::parse(&text)?;
        Some(EntryEdit { text, start, entry, changes: Vec::new(), added: Vec::new() })
    }

    /// The type of the entry, in lower case.
    pub fn kind(&self) -> String {
        self.slice(&self.entry.kind).to_ascii_lowercase()
    }

    /// The key of the entry.
    pub fn key(&self) -> &str {
        self.slice(&self.entry.key)
    }

    /// The bytes of the entry in its file.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Where the key stands in the file.
    pub fn key_place(&self) -> Range<usize> {
        self.start + self.entry.key.start..self.start + self.entry.key.end
    }

    /// Where the value of a field stands in the file, without what encloses it.
    pub fn place(&self, name: &str) -> Option<Range<usize>> {
        let field = self.field(name)?;
        let place = field.inside.as_ref().filter(|inside| !inside.is_empty()).unwrap_or(&field.value);
        Some(self.start + place.start..self.start + place.end)
    }

    /// The names of the fields, in lower case.
    pub fn field_names(&self) -> impl Iterator<Item = String> {
        self.entry.fields.iter().map(|field| self.slice(&field.name).to_ascii_lowercase())
    }

    /// Whether there is a field of this name that says something, or will be.
    pub fn has(&self, name: &str) -> bool {
        let is_said = |field: &BibtexField| field.inside.as_ref().is_none_or(|it| !self.slice(it).trim().is_empty());
        self.field(name).is_some_and(is_said) || self.added.iter().any(|(added, _)| added == name)
    }

    /// Whether there is any of these fields.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// What a field holds between its braces or quotes, where it is in one piece; as it will be.
    pub fn inside(&self, name: &str) -> Option<&str> {
        if let Some((_, value)) = self.added.iter().find(|(added, _)| added == name) {
            let inside = value.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
            return inside.or_else(|| value.strip_prefix('"')?.strip_suffix('"'));
        }
        let inside = self.field(name)?.inside.as_ref()?;
        let changed = self.changes.iter().find(|change| change.range == *inside);
        Some(changed.map_or_else(|| self.slice(inside), |change| &change.new_text))
    }

    /// A value as it is written, with its braces or quotes; and whether it uses names of strings.
    pub fn raw(&self, name: &str) -> Option<(&str, bool)> {
        self.field(name).map(|field| (self.slice(&field.value), field.has_names))
    }

    /// Adds a field with a value in TeX, unless the entry has it.
    pub fn add(&mut self, name: &str, value: &str) {
        if !value.is_empty() && !self.has(name) {
            self.set(name, value);
        }
    }

    /// Gives a field another value in TeX, or adds it.
    pub fn set(&mut self, name: &str, value: &str) {
        let Some(field) = self.field(name) else {
            let value = self.enclosed(value);
            self.added.retain(|(added, _)| added != name);
            self.added.push((name.to_owned(), value));
            return;
        };
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (place, new_text) = match &field.inside {
            Some(inside) if !self.is_quoted(field) || !has_bare_quote(value) => (inside.clone(), Cow::Borrowed(value)),
            Some(_) => (field.value.clone(), format!("{{{value}}}").into()),
            None if is_number(self.slice(&field.value)) && is_number(value) => (field.value.clone(), value.into()),
            None => (field.value.clone(), self.enclosed(value).into()),
        };
        self.change(place, &new_text);
    }

    /// Gives a field a value as it is written, such as the name of a month.
    pub fn set_raw(&mut self, name: &str, value: &str) {
        match self.field(name) {
            Some(field) => self.change(field.value.clone(), value),
            None => self.added.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Gives the entry another type.
    pub fn set_kind(&mut self, kind: &str) {
        let own = self.slice(&self.entry.kind);
        let is_upper = own.chars().all(|letter| letter.is_ascii_uppercase());
        let is_title = own.starts_with(|letter: char| letter.is_ascii_uppercase());
        let kind = match kind.split_at_checked(1) {
            _ if is_upper => kind.to_ascii_uppercase(),
            Some((first, rest)) if is_title => first.to_ascii_uppercase() + rest,
            _ => kind.to_owned(),
        };
        self.change(self.entry.kind.clone(), &kind);
    }

    /// The edits of the file, in the order of their places; none where nothing changes.
    pub fn edits(self) -> Vec<TextEdit> {
        let mut edits = self.changes.clone();
        if !self.added.is_empty() {
            let style = Style::of(&self.text, &self.entry);
            let last = self.entry.fields.last().map_or(self.entry.key.end, |field| field.value.end);
            let lines: String = self.added.iter().map(|(name, value)| style.field(name, value)).collect();
            edits.push(TextEdit::new(last..last, lines));
        }
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        for edit in &mut edits {
            edit.range = self.start + edit.range.start..self.start + edit.range.end;
        }
        edits
    }

    fn change(&mut self, place: Range<usize>, new_text: &str) {
        self.changes.retain(|change| change.range != place);
        if self.slice(&place) != new_text {
            self.changes.push(TextEdit::new(place, new_text));
        }
    }

    fn field(&self, name: &str) -> Option<&BibtexField> {
        self.entry.fields.iter().find(|field| self.slice(&field.name).eq_ignore_ascii_case(name))
    }

    fn slice(&self, place: &Range<usize>) -> &str {
        self.text.get(place.clone()).unwrap_or_default()
    }

    fn is_quoted(&self, field: &BibtexField) -> bool {
        self.slice(&field.value).starts_with('"')
    }

    /// A value in quotes where all values of the entry are, else in braces.
    fn enclosed(&self, value: &str) -> String {
        let mut enclosed = self.entry.fields.iter().filter(|field| field.inside.is_some()).peekable();
        let in_quotes = enclosed.peek().is_some() && enclosed.all(|field| self.is_quoted(field));
        if in_quotes && !has_bare_quote(value) { format!("\"{value}\"") } else { format!("{{{value}}}") }
    }
}

/// Whether a value holds a quote outside of braces, which would end a value in quotes.
fn has_bare_quote(value: &str) -> bool {
    let mut depth = 0usize;
    value.bytes().any(|byte| {
        depth = if byte == b'{' { depth + 1 } else { depth.saturating_sub(usize::from(byte == b'}')) };
        byte == b'"' && depth == 0
    })
}

/// How an entry writes its fields.
struct Style {
    /// What stands between a comma and the next field.
    gap: String,
    /// What stands between a name and its equals sign; where the signs stand below each other, the width of both.
    before: String,
    width: Option<usize>,
    after: String,
    is_upper: bool,
}

impl Style {
    fn of(text: &str, entry: &BibtexEntry) -> Style {
        let slice = |place: Range<usize>| text.get(place).unwrap_or_default();
        let Some(last) = entry.fields.last() else {
            let is_upper = false;
            return Style { gap: "\n  ".into(), before: " ".into(), width: None, after: " ".into(), is_upper };
        };
        let line_start = slice(0..last.name.start).rfind(['\n', '\r']).map_or(0, |at| at + 1);
        let indent = slice(line_start..last.name.start);
        let is_own_line = line_start > 0 && indent.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        let newline = if slice(0..line_start).ends_with("\r\n") { "\r\n" } else { "\n" };
        let gap = if is_own_line { format!("{newline}{indent}") } else { " ".to_owned() };
        let is_blank = |text: &&str| text.bytes().all(|byte| matches!(byte, b' ' | b'\t'));
        let parts = |field: &BibtexField| slice(field.name.end..field.value.start).split_once('=');
        let (before, after) =
            parts(last).filter(|(before, after)| is_blank(before) && is_blank(after)).unwrap_or((" ", " "));
        let width = |field: &BibtexField| Some(field.name.len() + parts(field)?.0.len());
        let names_differ = entry.fields.iter().any(|field| field.name.len() != last.name.len());
        let common = width(last).filter(|common| entry.fields.iter().all(|field| width(field) == Some(*common)));
        let is_upper = !entry.fields.iter().any(|field| slice(field.name.clone()).contains(char::is_lowercase));
        let width = common.filter(|_| names_differ || before.len() > 1);
        Style { gap, before: before.to_owned(), width, after: after.to_owned(), is_upper }
    }

    /// A field more, after the value of the field before it.
    fn field(&self, name: &str, value: &str) -> String {
        let name = if self.is_upper { name.to_ascii_uppercase() } else { name.to_owned() };
        let before = match self.width {
            Some(width) => " ".repeat(width.saturating_sub(name.len()).max(1)),
            None => self.before.clone(),
        };
        format!(",{}{name}{before}={}{value}", self.gap, self.after)
    }
}

#[cfg(test)]
mod tests;
