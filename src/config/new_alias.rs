//! One more alias in the text of a configuration file, of which everything else is kept as it is.

use std::ops::Range;

use toml::Value as Toml;

use super::value::{Placed, Table, Value, from_toml};
use crate::paper::fold;

/// A stretch of a configuration file and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigEdit {
    /// The bytes that go; empty for an insertion.
    pub bytes: Range<usize>,
    /// What stands in their place.
    pub new_text: String,
}

/// The edit that gives a paper an alias; `None` where the file does so already. `name` is a name that the paper has. An
/// alias that is the same name in another spelling gets the new value.
///
/// # Errors
/// Says in a clause what is wrong with the file.
pub fn add_alias(text: &str, alias: &str, name: &str) -> Result<Option<ConfigEdit>, String> {
    let (table, errors) = from_toml(text);
    if let Some((bytes, message)) = errors.first() {
        let line = super::layer::line_of(text, bytes.start);
        return Err(format!("line {line} is not TOML: {message}"));
    }
    let entry = Entry { alias, name, line_break: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let aliases = table.iter().find(|(key, _)| key.value == "aliases");
    let Some((key, aliases)) = aliases else {
        return Ok(Some(entry.in_new_table(text)));
    };
    let Value::Table(known) = &aliases.value else { return Err("its `aliases` are not a table".to_owned()) };
    if let Some((key, value)) = known.iter().find(|(key, _)| fold(&key.value) == fold(alias)) {
        let is_set = matches!(&value.value, Value::Text(set) if set.trim() == name);
        let edit = ConfigEdit { bytes: value.bytes.clone(), new_text: quoted(name) };
        return if is_set { Ok(None) } else { checked(text, [edit], &key.value, name) };
    }
    checked(text, entry.in_table(text, key, known), alias, name)
}

/// The first of the edits after which the file says what it said before and has the alias. There are several ways to write
/// a table, and what is right in one of them is wrong in the others.
fn checked(
    text: &str,
    edits: impl IntoIterator<Item = ConfigEdit>,
    alias: &str,
    name: &str,
) -> Result<Option<ConfigEdit>, String> {
    let odd = || "its `aliases` are written in a way that cannot be added to".to_owned();
    let parse = |text: &str| text.parse::<toml::Table>().ok();
    let mut wanted = parse(text).ok_or_else(odd)?;
    let aliases = wanted.get_mut("aliases").and_then(Toml::as_table_mut).ok_or_else(odd)?;
    aliases.insert(alias.to_owned(), Toml::String(name.to_owned()));
    let is_right = |edit: &ConfigEdit| {
        let mut edited = text.to_owned();
        edited.replace_range(edit.bytes.clone(), &edit.new_text);
        parse(&edited).is_some_and(|edited| edited == wanted)
    };
    edits.into_iter().find(is_right).map(Some).ok_or_else(odd)
}

struct Entry<'a> {
    alias: &'a str,
    name: &'a str,
    line_break: &'static str,
}

impl Entry<'_> {
    fn text(&self) -> String {
        format!("{} = {}", quoted(self.alias), quoted(self.name))
    }

    fn in_new_table(&self, text: &str) -> ConfigEdit {
        let line_break = self.line_break;
        let gap = match text {
            "" => String::new(),
            text if text.ends_with('\n') => line_break.to_owned(),
            _ => line_break.repeat(2),
        };
        let new_text = format!("{gap}[aliases]{line_break}{}{line_break}", self.text());
        ConfigEdit { bytes: text.len()..text.len(), new_text }
    }

    /// The ways to add it to a table that begins with `key`.
    fn in_table(&self, text: &str, key: &Placed<String>, known: &Table) -> Vec<ConfigEdit> {
        let Some((last_key, last)) = known.last() else {
            let braces = text.get(key.bytes.end..).and_then(|rest| {
                let open = rest.find('{').map(|at| key.bytes.end + at)?;
                Some(ConfigEdit { bytes: open + 1..open + 1, new_text: format!(" {} ", self.text()) })
            });
            return [self.on_next_line(text, key.bytes.end, &self.text())].into_iter().chain(braces).collect();
        };
        let end = last.bytes.end;
        let line_start = text.get(..last_key.bytes.start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        let line = text.get(line_start..last_key.bytes.start).unwrap_or_default();
        let indent = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
        vec![
            self.on_next_line(text, end, &format!("{indent}{}", self.text())),
            self.on_next_line(text, end, &format!("{indent}aliases.{}", self.text())),
            ConfigEdit { bytes: end..end, new_text: format!(", {}", self.text()) },
        ]
    }

    /// A line after the one on which `after` lies.
    fn on_next_line(&self, text: &str, after: usize, line: &str) -> ConfigEdit {
        let line_break = self.line_break;
        match text.get(after..).and_then(|rest| rest.find('\n')) {
            Some(at) => {
                let at = after + at + 1;
                ConfigEdit { bytes: at..at, new_text: format!("{line}{line_break}") }
            }
            None => ConfigEdit { bytes: text.len()..text.len(), new_text: format!("{line_break}{line}{line_break}") },
        }
    }
}

/// A text as TOML writes it in double quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.extend(["\\u", &format!("{:04X}", u32::from(letter))]),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn added(text: &str, alias: &str, name: &str) -> String {
        let mut edited = text.to_owned();
        if let Some(edit) = add_alias(text, alias, name).unwrap() {
            edited.replace_range(edit.bytes, &edit.new_text);
        }
        edited
    }

    #[test]
    fn an_alias_is_added_however_the_table_is_written() {
        let cases = [
            ("", "[aliases]\n\"x\" = \"y\"\n"),
            ("# mine", "# mine\n\n[aliases]\n\"x\" = \"y\"\n"),
            ("inlay_hints = \"year\"\r\n", "inlay_hints = \"year\"\r\n\r\n[aliases]\r\n\"x\" = \"y\"\r\n"),
            ("[aliases]", "[aliases]\n\"x\" = \"y\"\n"),
            ("[aliases] # none\n\n[hover]\n", "[aliases] # none\n\"x\" = \"y\"\n\n[hover]\n"),
            (
                "[aliases]\n  a = 'b' # é\n\n# next\n[hover]\nabstract_chars = 7\n",
                "[aliases]\n  a = 'b' # é\n  \"x\" = \"y\"\n\n# next\n[hover]\nabstract_chars = 7\n",
            ),
            ("[aliases]\na = \"\"\"\nb\"\"\"", "[aliases]\na = \"\"\"\nb\"\"\"\n\"x\" = \"y\"\n"),
            ("aliases = {}\n[hover]\n", "aliases = { \"x\" = \"y\" }\n[hover]\n"),
            ("aliases = { a = \"b\" } # c\n", "aliases = { a = \"b\", \"x\" = \"y\" } # c\n"),
            ("aliases.a = \"b\"\n[hover]\n", "aliases.a = \"b\"\naliases.\"x\" = \"y\"\n[hover]\n"),
            ("[aliases]\n\"X\" = \"old\" # kept\n", "[aliases]\n\"X\" = \"y\" # kept\n"),
            ("[aliases]\n\"X\" = \"y\"\n", "[aliases]\n\"X\" = \"y\"\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(added(text, "x", "y"), expected);
        }
    }

    #[test]
    fn a_file_that_cannot_be_added_to_says_why() {
        let cases = [
            ("a = 1\n[b", "line 2 is not TOML"),
            ("aliases = 3", "not a table"),
            ("[[aliases]]\na = \"b\"\n", "not a table"),
        ];
        for (text, expected) in cases {
            let error = add_alias(text, "x", "y").unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(alias in ".*[a-z].*", name in ".*") {
            let text = added("[aliases]\n\"first one\" = \"z\"\n", &alias, &name);
            let table: toml::Table = text.parse().unwrap();
            prop_assert_eq!(table["aliases"][&alias].as_str(), Some(name.as_str()));
        }
    }
}
