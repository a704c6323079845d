//! Papers → a `.bib` file that BibTeX, biber and pandoc read alike.

mod dates;
mod fields;
mod people;

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::address::address;
use super::cited::CitedRecord;
use super::keys::citation_keys;
use super::languages;
use super::work::{self, authors, has_further_authors};
use crate::features::tex;
use crate::paper::{MONTHS, Record, Variable};
use fields::{entry_type, field_of_date, field_of_role, field_of_text};

/// The papers as BibTeX entries, in the order given, with their abstracts if asked for.
///
/// There is an entry for each key by which a paper is cited; else it has its own key, or one such as
/// `mukherjee2023orca` that depends only on the set of papers. Other keys of the paper stand in biblatex's field `ids`,
/// parted by commas, as biber has them, between spaces, as pandoc has them.
/// Fields that BibTeX does not know have the names of biblatex, and those that biblatex does not know the names of CSL.
pub fn bibtex(papers: &[CitedRecord], with_abstracts: bool) -> String {
    let keys = citation_keys(papers, tex::is_key, tex::can_be_key);
    let taken: FxHashSet<&str> =
        keys.iter().flat_map(|keys| keys.entries.iter().chain(&keys.aliases)).map(String::as_str).collect();
    let mut entries = Vec::with_capacity(papers.len());
    for (cited, keys) in papers.iter().zip(&keys) {
        // A key that is an entry of its own, or another's alias, leads there.
        let own = cited.record.keys.iter().filter(|key| !taken.contains(key.as_str()));
        let aliases = keys.aliases.iter().chain(own).filter(|key| tex::is_alias(key));
        let mut ids: Vec<&str> = aliases.map(String::as_str).collect();
        for key in &keys.entries {
            entries.push(entry(&cited.record, key, &ids, with_abstracts));
            ids.clear();
        }
    }
    entries.join("\n")
}

fn entry(record: &Record, key: &str, ids: &[&str], with_abstract: bool) -> String {
    let kind = entry_type(record);
    let mut fields = Fields::default();
    fields.add("entrysubtype", fields::subtype(record, &kind).unwrap_or_default());
    fields.add("ids", &ids.join(" , "));
    fields.add("author", &people::names(&authors(record), has_further_authors(record)));
    for (role, listed) in record.details.all_people() {
        let (field, kind_of_editor) = field_of_role(role);
        fields.add(field, &people::names(&work::people(listed), false));
        if let Some(kind_of_editor) = kind_of_editor {
            fields.add(&format!("{field}type"), kind_of_editor);
        }
    }
    // An issue has a title of its own beside that of the periodical.
    let periodical = record.details.text(Variable::ContainerTitle).filter(|_| kind == "periodical");
    let own_title = tex::marked_title(work::title(record));
    fields.add("title", &periodical.map_or_else(|| own_title.clone(), tex::title));
    fields.add("issuetitle", periodical.map(|_| &*own_title).unwrap_or_default());
    fields.add("shorttitle", &record.short_titles.first().map(|short| tex::title(short)).unwrap_or_default());
    add_date(&mut fields, record);
    add_texts(&mut fields, record, &kind);
    fields.add_verbatim("doi", record.shown_doi());
    fields.add_verbatim("eprint", record.arxiv.as_deref());
    fields.add("archiveprefix", if record.arxiv.is_some() { "arXiv" } else { "" });
    fields.add("url", &address(record).map(|address| tex::address(&address)).unwrap_or_default());
    for (variable, date) in record.details.dates() {
        fields.add(field_of_date(variable), &dates::date(&date));
    }
    fields.add_text("pubstate", work::status(record).as_deref());
    fields.add_text("abstract", record.abstract_text.as_deref().filter(|_| with_abstract));
    format!("@{kind}{{{key},\n{}}}\n", fields.text)
}

/// The year and the month as BibTeX has them, and the whole date beside them where they do not say all of it.
fn add_date(fields: &mut Fields, record: &Record) {
    let Some(date) = record.date else {
        return fields.add_text("year", record.details.text(Variable::DateText));
    };
    if !dates::is_simple(&date) {
        fields.add("date", &dates::date(&date));
    }
    fields.add("year", &date.year.to_string());
    let month = date.month.and_then(|month| MONTHS.get(usize::from(month).checked_sub(1)?));
    // The names that BibTeX knows are these in lower case.
    fields.add_bare("month", &month.map(|month| month.to_lowercase()).unwrap_or_default());
}

fn add_texts(fields: &mut Fields, record: &Record, kind: &str) {
    for (variable, text) in record.details.texts() {
        match variable {
            Variable::Page => fields.add("pages", &tex::pages(text)),
            Variable::Language => {
                // A name of `babel` is what TeX takes; a code beside it is what the source says.
                let name = languages::code_of(text).map(|_| text).or_else(|| languages::name_of(text));
                fields.add_text("langid", name);
                fields.add_text("language", Some(text).filter(|text| Some(*text) != name));
            }
            _ => {
                if let Some(field) = field_of_text(variable, kind, record) {
                    fields.add_text(field, Some(text));
                }
            }
        }
    }
}

/// The lines of an entry; empty values are left out, and what a field has already stays.
#[derive(Debug, Default)]
struct Fields {
    text: String,
    written: Vec<String>,
}

impl Fields {
    /// A value that is TeX already.
    fn add(&mut self, field: &str, value: &str) {
        if !value.is_empty() && self.is_new(field) {
            let _ = writeln!(self.text, "  {field} = {{{value}}},");
        }
    }

    /// A value that is a name BibTeX knows.
    fn add_bare(&mut self, field: &str, value: &str) {
        if !value.is_empty() && self.is_new(field) {
            let _ = writeln!(self.text, "  {field} = {value},");
        }
    }

    fn is_new(&mut self, field: &str) -> bool {
        let is_new = !self.written.iter().any(|written| written == field);
        if is_new {
            self.written.push(field.to_owned());
        }
        is_new
    }

    fn add_text(&mut self, field: &str, text: Option<&str>) {
        self.add(field, &tex::escaped(text.unwrap_or_default()));
    }

    fn add_verbatim(&mut self, field: &str, text: Option<&str>) {
        self.add(field, &tex::verbatim(text.unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests;
