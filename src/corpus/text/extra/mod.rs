//! What reference managers keep in the field for notes: lines such as `arXiv: 2306.02707` or `original-date: 1987`.

mod labels;

#[cfg(test)]
mod tests;

use super::html::plain_text;
use super::identifiers::arxiv_in;
use super::persons::{NameParts, from_parts, person, persons};
use super::{Markup, clean, dates, retraction};
use crate::paper::{CSL_TYPES, DateVariable, Person, PublicationDate, Role, Variable, parse_arxiv, parse_doi};
use labels::{Label, label};

/// What the lines of a note say about the work.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Extra {
    /// Citation keys, a pinned one first and then the aliases.
    pub keys: Vec<String>,
    /// The arXiv id.
    pub arxiv: Option<String>,
    /// The DOI.
    pub doi: Option<String>,
    /// Short titles.
    pub short_titles: Vec<String>,
    /// The date of publication.
    pub date: Option<PublicationDate>,
    /// The work was taken back.
    pub is_retracted: bool,
    /// The type of the work, as CSL names it.
    pub work_type: Option<String>,
    /// Variables of CSL.
    pub texts: Vec<(Variable, String)>,
    /// Other dates than that of publication.
    pub dates: Vec<(DateVariable, PublicationDate)>,
    /// People by what they did.
    pub people: Vec<(Role, Person)>,
    /// The lines that are not of this kind.
    pub rest: String,
}

/// A longer text before a colon is not a label.
const MAX_LABEL_BYTES: usize = 40;

impl Extra {
    /// Reads a note line by line; what is not a line of this kind is passed over.
    pub fn read(note: &str) -> Self {
        let mut extra = Self::default();
        let mut aliases = Vec::new();
        for line in note.lines() {
            let line = extra.without_braced(line, &mut aliases);
            let line = line.trim();
            if !line.is_empty() && !extra.takes(line, &mut aliases) {
                extra.keep(line);
            }
        }
        extra.keys.append(&mut aliases);
        extra.arxiv = extra.arxiv.take().or_else(|| extra.rest.lines().find_map(arxiv_in));
        extra
    }

    /// The line without what stands in it in the older form, `{:key: value}`, which is taken.
    fn without_braced(&mut self, line: &str, aliases: &mut Vec<String>) -> String {
        let mut rest = line;
        let mut kept = String::new();
        while let Some((before, after)) = rest.split_once("{:")
            && let Some((inside, after)) = after.split_once('}')
        {
            kept.push_str(before);
            if !self.takes(inside, aliases) {
                kept.extend(["{:", inside, "}"]);
            }
            rest = after;
        }
        kept.push_str(rest);
        kept
    }

    /// Takes a line with a label, and says whether it is one.
    fn takes(&mut self, line: &str, aliases: &mut Vec<String>) -> bool {
        let Some(at) = line.find([':', '=']) else { return false };
        let (key, value) = line.split_at_checked(at).unwrap_or((line, ""));
        let is_tex = value.starts_with('=');
        let value = value.trim_start_matches([':', '=']).trim();
        if value.is_empty() || key.len() > MAX_LABEL_BYTES {
            return false;
        }
        let key = key.trim().to_lowercase().replace(['-', '_'], " ");
        if is_tex && !key.starts_with("tex.") && key.contains(' ') {
            return false;
        }
        let markup = if is_tex { Markup::Tex } else { Markup::Html };
        let Some(label) = label(&key) else { return false };
        match label {
            Label::Key => self.keys.push(value.to_owned()),
            Label::Aliases => {
                aliases.extend(value.split(',').map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned));
            }
            Label::Arxiv => return self.takes_arxiv(value),
            Label::Doi => match parse_doi(value) {
                Some(doi) => self.doi = self.doi.take().or(Some(doi)),
                None => return false,
            },
            Label::ShortTitle => self.short_titles.push(plain_text(value)),
            Label::Issued => match dates::date(value) {
                Some(date) => self.date = self.date.or(Some(date)),
                None => return false,
            },
            Label::Date(variable) => match dates::date(value) {
                Some(date) => self.dates.push((variable, date)),
                None => return false,
            },
            Label::Type => return self.takes_type(value),
            Label::Text(variable) => {
                self.is_retracted |= variable == Variable::Status && retraction::is_retraction(value);
                self.texts.push((variable, clean(markup, value)));
            }
            Label::Person(role) => self.people.extend(one_person(value).map(|person| (role, person))),
            Label::People(role) => {
                self.people.extend(persons(Markup::Tex, value).people.into_iter().map(|person| (role, person)));
            }
        }
        true
    }

    fn takes_arxiv(&mut self, value: &str) -> bool {
        let id = parse_arxiv(value.split_whitespace().next().unwrap_or_default()).or_else(|| arxiv_in(value));
        let is_id = id.is_some();
        self.arxiv = self.arxiv.take().or(id);
        is_id
    }

    fn takes_type(&mut self, value: &str) -> bool {
        let lower = value.to_lowercase();
        let found = [lower.replace([' ', '_'], "-"), lower.replace([' ', '-'], "_")]
            .into_iter()
            .find(|name| CSL_TYPES.binary_search(&name.as_str()).is_ok());
        let is_type = found.is_some();
        self.work_type = self.work_type.take().or(found);
        is_type
    }

    fn keep(&mut self, line: &str) {
        if !line.is_empty() {
            self.rest.push_str(if self.rest.is_empty() { "" } else { "\n" });
            self.rest.push_str(line);
        }
    }
}

/// A name whose parts stand on both sides of two bars, `Doe || Jane`, or any other.
fn one_person(value: &str) -> Option<Person> {
    match value.split_once("||") {
        Some((family, given)) => from_parts(Markup::Html, NameParts { family, given, ..NameParts::default() }),
        None => person(Markup::Html, value),
    }
}
