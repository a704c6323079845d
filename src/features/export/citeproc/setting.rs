//! Sets a reference on one line: quotation marks by depth, and punctuation where parts meet.

use hayagriva::citationberg::taxonomy::OtherTerm;
use hayagriva::citationberg::{FontStyle, FontVariant, FontWeight, Formatting};

use super::locale::Terms;
use super::output::Node;
use crate::paper::Mark;

/// Text of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// The text; never empty.
    pub text: String,
    /// Its type.
    pub formatting: Formatting,
    /// The address it leads to.
    pub link: Option<String>,
    /// It is a closing quotation mark.
    is_closing_mark: bool,
}

/// The nodes as runs of text.
pub fn set(nodes: &[Node], terms: &Terms<'_>) -> Vec<Run> {
    let word = |term| terms.word(term);
    let mut setter = Setter {
        runs: Vec::new(),
        outer: (word(OtherTerm::OpenQuote), word(OtherTerm::CloseQuote)),
        inner: (word(OtherTerm::OpenInnerQuote), word(OtherTerm::CloseInnerQuote)),
        punctuation_in_quotes: terms.has_punctuation_in_quotes(),
    };
    setter.add(nodes, Formatting::default(), None, 0);
    setter.runs
}

struct Setter<'a> {
    runs: Vec<Run>,
    outer: (&'a str, &'a str),
    inner: (&'a str, &'a str),
    punctuation_in_quotes: bool,
}

impl Setter<'_> {
    fn add(&mut self, nodes: &[Node], formatting: Formatting, link: Option<&str>, depth: usize) {
        for node in nodes {
            match node {
                Node::Text(text) => self.push(text, formatting, link),
                Node::Quoted(quoted) => {
                    let (open, close) = if depth.is_multiple_of(2) { self.outer } else { self.inner };
                    self.push(open, formatting, link);
                    self.add(quoted, formatting, link, depth + 1);
                    self.runs.push(Run { text: close.to_owned(), formatting, link: None, is_closing_mark: true });
                }
                Node::Styled(own, nodes) => self.add(nodes, own.apply(formatting), link, depth),
                Node::Marked(mark, nodes) => self.add(nodes, marked(*mark, formatting), link, depth),
                Node::Link(url, nodes) => self.add(nodes, formatting, Some(url), depth),
                Node::Names(_, nodes) | Node::Person(nodes) => self.add(nodes, formatting, link, depth),
                Node::Apart(nodes) => {
                    self.push(" ", formatting, None);
                    self.add(nodes, formatting, link, depth);
                    self.push(" ", formatting, None);
                }
            }
        }
    }

    /// Adds text. Where it meets the text before it, one of two marks may have to go.
    fn push(&mut self, text: &str, formatting: Formatting, link: Option<&str>) {
        let mut text = text;
        while let Some(first) = text.chars().next() {
            if self.takes_into_quotation(first) {
                text = &text[first.len_utf8()..];
                continue;
            }
            match self.last_letter(first).map_or(Joint::Both, |last| joint(last, first)) {
                Joint::Both => break,
                Joint::First => text = &text[first.len_utf8()..],
                Joint::Second => self.drop_last_letter(),
            }
        }
        if !text.is_empty() {
            let link = link.map(str::to_owned);
            self.runs.push(Run { text: text.to_owned(), formatting, link, is_closing_mark: false });
        }
    }

    /// Puts a full stop or comma before the closing quotation mark that it follows, or drops it where there is
    /// punctuation already.
    fn takes_into_quotation(&mut self, mark: char) -> bool {
        let follows = self.runs.last().is_some_and(|run| run.is_closing_mark);
        if !self.punctuation_in_quotes || !matches!(mark, '.' | ',') || !follows {
            return false;
        }
        // Quotations may end together: ‘…’”.
        let inner = self.runs.iter().rposition(|run| !run.is_closing_mark).map_or(0, |at| at + 1);
        let closing = self.runs.split_off(inner);
        let formatting = closing.first().map(|run| run.formatting).unwrap_or_default();
        let has_mark = self.runs.last().is_some_and(|run| run.text.ends_with(['.', ',', ';', ':', '!', '?']));
        match self.runs.last_mut() {
            _ if has_mark => {}
            Some(run) if run.link.is_none() => run.text.push(mark),
            _ => self.runs.push(Run { text: mark.into(), formatting, ..Run::default() }),
        }
        self.runs.extend(closing);
        true
    }

    /// The letter that `next` meets. A full stop looks through closing quotation marks.
    fn last_letter(&self, next: char) -> Option<char> {
        let last = self.runs.last()?.text.chars().next_back()?;
        let is_closing = |letter: char| matches!(letter, '”' | '’' | '»' | '"' | '\'');
        if next != '.' || !is_closing(last) {
            return Some(last);
        }
        let mut letters = self.runs.iter().rev().flat_map(|run| run.text.chars().rev());
        letters.find(|letter| !is_closing(*letter) && !letter.is_whitespace()).or(Some(last))
    }

    fn drop_last_letter(&mut self) {
        if let Some(run) = self.runs.last_mut() {
            run.text.pop();
            if run.text.is_empty() {
                self.runs.pop();
            }
        }
    }
}

/// The type of marked text within other text: italics within italics are upright.
fn marked(mark: Mark, mut formatting: Formatting) -> Formatting {
    let is_italic = formatting.font_style == Some(FontStyle::Italic);
    let is_bold = formatting.font_weight == Some(FontWeight::Bold);
    match mark {
        Mark::Italic => {
            formatting.font_style = Some(if is_italic { FontStyle::Normal } else { FontStyle::Italic });
        }
        Mark::Bold => formatting.font_weight = Some(if is_bold { FontWeight::Normal } else { FontWeight::Bold }),
        Mark::SmallCaps => formatting.font_variant = Some(FontVariant::SmallCaps),
        Mark::AsIs => {}
    }
    formatting
}

/// What stays of two marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Both,
    First,
    Second,
}

/// Which of two marks stays where two parts of a reference meet. The rules are those of the processors that styles are
/// written with.
fn joint(last: char, first: char) -> Joint {
    match (last, first) {
        (last, first) if last == first && ".:;,!?".contains(last) => Joint::First,
        ('!' | '?', '.' | ':') | (':' | ';', '.') | (';', ':') => Joint::First,
        (':' | ';', '!' | '?') | (' ', ' ' | ',' | '.' | ')' | ']') => Joint::Second,
        _ => Joint::Both,
    }
}

#[cfg(test)]
mod tests {
    use hayagriva::archive::locales;

    use super::super::output::from_value;
    use super::*;

    fn shown(nodes: &[Node]) -> String {
        let locales = locales();
        set(nodes, &Terms::new(&[], None, &locales)).into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn punctuation_is_not_doubled_where_parts_meet() {
        let text = |text: &str| Node::Text(text.into());
        let quoted = |text: &str| Node::Quoted(from_value(text));
        let cases = [
            (vec![text("Mind the tide!"), text(". "), text("Shore")], "Mind the tide! Shore"),
            (vec![text("Jr."), text(". "), text("A")], "Jr. A"),
            (vec![text("Jr."), text(", "), text("A")], "Jr., A"),
            (vec![quoted("Why?"), text(", "), text("A")], "“Why?” A"),
            (vec![quoted("Why"), text(", "), text("A")], "“Why,” A"),
            (vec![quoted("Why"), text("."), text(". A")], "“Why.” A"),
            (vec![quoted("What “home” means"), text("; A")], "“What ‘home’ means”; A"),
            (vec![quoted("“Lost”"), text(","), text(" A")], "“‘Lost,’” A"),
            (vec![text("A "), text(" B "), text(", C")], "A B, C"),
            (vec![text("a"), text(": "), text("b")], "a: b"),
        ];
        for (nodes, expected) in cases {
            assert_eq!(shown(&nodes), expected);
        }
    }
}
