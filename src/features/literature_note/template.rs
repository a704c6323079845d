//! The text of a new literature note.
//!
//! A template is Markdown with fields in double braces: `{{title}}` `{{short_title}}` `{{authors}}` `{{year}}` `{{date}}`
//! `{{venue}}` `{{arxiv}}` `{{doi}}` `{{key}}` `{{url}}` `{{abstract}}` `{{citation}}` `{{description}}` `{{file_name}}`
//! `{{today}}`. What comes from a corpus is made harmless for the place it is put in: escaped in Markdown, quoted in
//! front matter. A line whose fields are all empty is left out where it says nothing else. What else stands in double
//! braces stays as it is.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::features::Snapshot;
use crate::features::card::{author_line, short_authors};
use crate::features::edits::citation_text;
use crate::features::escape::{escape_in_note, plain_text};
use crate::features::links::paper_links;
use crate::library::{LibraryPaper, writable};
use crate::notes;
use crate::paper::{Person, Record, Tier};
use crate::vault::NoteIdentity;

/// What a note looks like where the user has no template.
const BUILT_IN: &str = "---
title: {{title}}
arxiv: {{arxiv}}
doi: {{doi}}
citekey: {{key}}
---

# {{title}}

{{description}}

{{citation}}
{{url}}

## Notes

";

/// Fields whose values are harmless Markdown as they are.
const MARKDOWN_FIELDS: [&str; 4] = ["url", "citation", "file_name", "today"];

/// The values of the fields for one paper.
pub(super) struct Values(Vec<(&'static str, String)>);

/// The text of a note that will be called `file_name`.
pub(super) fn filled(
    snapshot: &Snapshot,
    paper: &LibraryPaper,
    file_name: &str,
    template: Option<&str>,
    today: &str,
) -> String {
    let values = Values::new(snapshot, paper, file_name, today);
    let template = template.unwrap_or(BUILT_IN);
    let template = template.strip_prefix('\u{feff}').unwrap_or(template);
    let front_matter = notes::parse(template).front_matter.map_or(0, |range| range.end);
    let (front, body) = template.split_at_checked(front_matter).unwrap_or(("", template));
    let front = values.fill(front, true);
    with_identity(&front, &values) + &values.fill(body, false)
}

/// A front matter that says which paper the note is about, so that the note is found again; it is begun where there is
/// none, and what it says already is not said twice. A key that stands in it, whatever its value, is not given another.
fn with_identity(front: &str, values: &Values) -> String {
    let known = NoteIdentity::new(Path::new(""), Some(front));
    let is_toml = front.trim_start().starts_with("+++");
    let eol = if front.contains("\r\n") { "\r\n" } else { "\n" };
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    for (name, field, is_known) in [
        ("arxiv", "arxiv", known.arxiv.is_some()),
        ("doi", "doi", known.doi.is_some()),
        ("citekey", "key", known.citation_key.is_some()),
    ] {
        if !is_known && !has_key(front, name) && !values.get(field).is_empty() {
            wanted.push((name, values.get(field)));
        }
    }
    let has_strong = known.arxiv.is_some() || known.doi.is_some() || known.citation_key.is_some();
    if wanted.is_empty() && !has_strong && known.title.is_none() && !has_key(front, "title") {
        wanted.push(("title", values.get("title")));
    }
    if wanted.is_empty() {
        return front.to_owned();
    }
    let separator = if is_toml { " = " } else { ": " };
    let line = |(name, value): (&str, &str)| [name, separator, &quoted(&without_links(value)), eol].concat();
    let lines: String = wanted.into_iter().map(line).collect();
    let Some((fence, rest)) = front.split_once('\n').filter(|_| !front.trim().is_empty()) else {
        return format!("---\n{lines}---\n\n");
    };
    format!("{fence}\n{lines}{rest}")
}

/// Whether a front matter has a key at its top level, in YAML or TOML.
fn has_key(front: &str, key: &str) -> bool {
    front.lines().any(|line| {
        let line = line.trim_start_matches(['"', '\'']);
        let rest = line.strip_prefix(key).map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        rest.is_some_and(|rest| rest.starts_with([':', '=']))
    })
}

impl Values {
    pub(super) fn new(snapshot: &Snapshot, paper: &LibraryPaper, file_name: &str, today: &str) -> Values {
        let record = &paper.record;
        let title = plain_text(&record.title);
        let names = snapshot.library.names_of(paper);
        let short = names.iter().find(|name| name.tier == Tier::ShortName).map(|name| plain_text(&name.text));
        let year = record.date.map(|date| date.year.to_string());
        let venue = record.venue().map(plain_text);
        let described = [authors(record), venue.clone(), year.clone()].into_iter().flatten().collect::<Vec<_>>();
        let url = paper_links(record).into_iter().next().map(|(_, url)| format!("<{url}>"));
        let text = |value: Option<String>| value.unwrap_or_default();
        Values(vec![
            ("short_title", short.unwrap_or_else(|| title.clone())),
            ("title", title),
            ("authors", text(authors(record))),
            ("year", text(year)),
            ("date", text(record.date.map(|date| date.to_string()))),
            ("venue", text(venue)),
            ("arxiv", text(record.arxiv.as_deref().map(plain_text))),
            ("doi", text(record.shown_doi().map(plain_text))),
            ("key", text(record.keys.first().map(|key| plain_text(key)))),
            ("url", text(url)),
            ("abstract", text(record.abstract_text.as_deref().map(plain_text))),
            ("citation", citation(snapshot, paper)),
            ("description", described.join(", ")),
            ("file_name", file_name.to_owned()),
            ("today", today.to_owned()),
        ])
    }

    fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    pub(super) fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn fill(&self, template: &str, is_front_matter: bool) -> String {
        let lines = template.split_inclusive('\n');
        lines.filter_map(|line| self.line(line, is_front_matter)).collect()
    }

    /// `None` where there is nothing to say.
    fn line(&self, line: &str, is_front_matter: bool) -> Option<String> {
        let mut filled = String::with_capacity(line.len());
        let (mut fields, mut values) = (0, 0);
        let mut own_text = String::new();
        let mut rest = line;
        while let Some((before, name, after)) = next_field(rest) {
            filled.push_str(before);
            own_text.push_str(before);
            if let Some(value) = self.find(name) {
                fields += 1;
                values += usize::from(!value.is_empty());
                filled.push_str(&shown(name, value, is_front_matter.then_some((filled.as_str(), after))));
            } else {
                let _ = write!(filled, "{{{{{name}}}}}");
                own_text.push_str(name);
            }
            rest = after;
        }
        filled.push_str(rest);
        own_text.push_str(rest);
        let own_text = own_text.trim();
        let says_more = if is_front_matter {
            !own_text.trim_end_matches(['"', '\'']).ends_with([':', '='])
        } else {
            own_text.chars().any(char::is_alphanumeric)
        };
        (fields == 0 || values > 0 || says_more).then_some(filled)
    }
}

/// The next `{{field}}` of a line: what stands before it, its name, and what stands after it.
pub(super) fn next_field(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, after) = rest.split_once("}}")?;
    Some((before, name.trim(), after))
}

/// A value as it may stand in its place: in Markdown, or in front matter between what stands before and after it.
fn shown<'v>(name: &str, value: &'v str, in_front_matter: Option<(&str, &str)>) -> Cow<'v, str> {
    let Some((before, after)) = in_front_matter else {
        return if MARKDOWN_FIELDS.contains(&name) { Cow::Borrowed(value) } else { Cow::Owned(escape_in_note(value)) };
    };
    let own_link;
    let value = match name {
        "url" => value.trim_matches(['<', '>']),
        // The one link that is meant.
        "citation" => value,
        _ => {
            own_link = without_links(value);
            &own_link
        }
    };
    if value.is_empty() {
        return Cow::Borrowed("");
    }
    let is_whole = before.trim_end().ends_with([':', '=']) && after.trim().is_empty();
    if is_whole {
        return Cow::Owned(quoted(value));
    }
    // The template may have put quotes around the field, or text beside it.
    let harmless = value.chars().map(|letter| match letter {
        '"' | '\'' => '’',
        '\\' | ':' | '#' | '[' | ']' | '{' | '}' | ',' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`' => ' ',
        letter => letter,
    });
    if is_in_quotes(before) {
        let inside = value.chars().map(|letter| match letter {
            '"' | '\'' => '’',
            '\\' => '/',
            letter => letter,
        });
        return Cow::Owned(inside.collect());
    }
    let harmless = harmless.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    // A text that begins so would be an item of a list, or a key, where it begins the value.
    Cow::Owned(harmless.trim_start_matches(['-', '?', '=', '~', ' ']).to_owned())
}

/// Whether quotes are open at the end of the beginning of a line. They open only where a value may begin: elsewhere an
/// apostrophe is a letter.
fn is_in_quotes(before: &str) -> bool {
    let mut open = None;
    let mut previous = ' ';
    for letter in before.chars() {
        if open == Some(letter) {
            open = None;
        } else if open.is_none()
            && matches!(letter, '"' | '\'')
            && matches!(previous, ' ' | '\t' | '[' | '{' | ',' | ':' | '=')
        {
            open = Some(letter);
        }
        previous = letter;
    }
    open.is_some()
}

/// A text in which no brackets stand together: some programs link what stands in double ones, in front matter too.
fn without_links(text: &str) -> String {
    let mut parted = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '[' | ']') && parted.ends_with(letter) {
            parted.push(' ');
        }
        parted.push(letter);
    }
    parted
}

/// A text in quotes, for YAML and TOML alike.
fn quoted(value: &str) -> String {
    if !value.contains(['"', '\\']) {
        format!("\"{value}\"")
    } else if value.contains('\'') {
        // Folded away where titles are compared.
        format!("\"{}\"", value.replace('"', "”").replace('\\', "\\\\"))
    } else {
        format!("'{value}'")
    }
}

/// All authors, or how many there are.
fn authors(record: &Record) -> Option<String> {
    if record.authors.is_empty() {
        return author_line(record).or_else(|| short_authors(record));
    }
    let names: Vec<String> = record.authors.iter().map(Person::display).map(|name| plain_text(&name)).collect();
    Some(names.join(", "))
}

/// The citation of the paper, such as `[[Orca]]`; its title where nothing cites it alone.
fn citation(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    citation_text(snapshot, paper).map_or_else(
        || writable(&paper.record.title),
        |text| {
            let label = text.label.map_or_else(String::new, |label| format!("|{label}"));
            format!("[[{}{label}]]", text.name)
        },
    )
}

/// The day of a moment in universal time, such as `2024-05-31`.
pub fn today(now: SystemTime) -> String {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    // Days are counted from the first of March of the year 0, so that leap days end their years.
    let days = since.as_secs() / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
