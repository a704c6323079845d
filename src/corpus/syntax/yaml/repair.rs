//! Mending what YAML does not allow and people write: plain values that it takes for something else, and quoted ones
//! that go on at the beginning of a line.

use std::fmt::Write as _;

/// The text of an element with quotes around the values that need them: those that hold a colon, such as
/// `title: Orca: Progressive Learning`, and those that begin with a sign that means something to YAML.
/// Tabs at the beginning of a line become spaces.
pub(super) fn with_quotes(text: &str) -> String {
    let mut repaired = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        let body = line.trim_start_matches([' ', '\t']);
        let blanks = line.get(..line.len() - body.len()).unwrap_or_default();
        repaired.push_str(&blanks.replace('\t', "    "));
        match value_start(body) {
            Some(start) if needs_quotes(body.get(start..).unwrap_or_default()) => {
                let value = body.get(start..).unwrap_or_default().trim_end();
                // Single quotes take every letter as it is, except themselves.
                let quoted = value.replace('\'', "''");
                // Writing into a string cannot fail.
                let _ = write!(repaired, "{}'{quoted}'", body.get(..start).unwrap_or_default());
            }
            _ => repaired.push_str(body),
        }
        repaired.push('\n');
    }
    repaired
}

/// The text with the lines further in on which quoted values go on: most parsers do not mind where these begin.
pub(super) fn with_indentation(text: &str) -> String {
    let mut indented = String::with_capacity(text.len() + 64);
    let mut open = None;
    for line in text.lines() {
        let quote = open.or_else(|| opened_quote(line));
        if open.is_some() {
            indented.push_str(INDENTATION);
        }
        indented.push_str(line);
        indented.push('\n');
        open = quote.filter(|quote| !line.trim_end().ends_with(*quote) || opened_quote(line) == Some(*quote));
    }
    indented
}

/// Further in than any value begins.
const INDENTATION: &str = "                                ";

/// The quote that a value on this line begins with and does not end with.
fn opened_quote(line: &str) -> Option<char> {
    let body = line.trim_start();
    let value = body.get(value_start(body)?..)?.trim_end();
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    (value.matches(quote).count() % 2 == 1).then_some(quote)
}

/// Where the value begins in a line such as `- title: …` or `title: …`.
fn value_start(body: &str) -> Option<usize> {
    let member = body.trim_start_matches(['-', ' ']);
    let colon = member.find(": ")?;
    let is_key = member.get(..colon)?.chars().all(|letter| letter.is_alphanumeric() || "-_.\"".contains(letter));
    let value = member.get(colon + 1..)?;
    is_key.then(|| body.len() - value.trim_start().len())
}

fn needs_quotes(value: &str) -> bool {
    let value = value.trim_end();
    let Some(first) = value.chars().next() else { return false };
    let is_quoted = |quote: char| value.len() > 1 && value.ends_with(quote);
    match first {
        '"' | '\'' => !is_quoted(first) && value.matches(first).count() > 1,
        '[' => !value.ends_with(']') && value.contains(']'),
        '{' => !value.ends_with('}') && value.contains('}'),
        '|' | '>' => value.len() > 3,
        '@' | '`' | '%' | '*' | '&' | '!' | ']' | '}' | ',' | '?' => true,
        _ => value.contains(": ") || value.ends_with(':'),
    }
}
