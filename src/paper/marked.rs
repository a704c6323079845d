//! Titles in which words are set in other type, or keep their case: `<i>Drosophila</i>`, as CSL writes them.

use std::cmp::Reverse;
use std::ops::Range;

/// What is special about a part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// In italics, or upright where the text around it is in italics.
    Italic,
    /// In bold type.
    Bold,
    /// In small capitals.
    SmallCaps,
    /// No style changes its capitals.
    AsIs,
}

/// The tag that CSL has for each mark: what opens and what closes it.
const TAGS: [(Mark, &str, &str); 4] = [
    (Mark::Italic, "<i>", "</i>"),
    (Mark::Bold, "<b>", "</b>"),
    (Mark::SmallCaps, "<span style=\"font-variant:small-caps;\">", "</span>"),
    (Mark::AsIs, "<span class=\"nocase\">", "</span>"),
];

/// What is marked within so many other marks is not marked.
const MAX_DEPTH: usize = 16;

/// A plain text and what is marked in it: bytes of the text, none of them empty, each whole within or whole outside of
/// any other; outer ones come first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkedText {
    /// The text without marks.
    pub plain: String,
    /// The marked parts.
    pub marks: Vec<(Range<usize>, Mark)>,
}

impl MarkedText {
    /// The text with the tags of CSL. Tags that have no partner are text.
    pub fn parse(text: &str) -> MarkedText {
        let mut parsed = MarkedText::default();
        // What is open, outermost first: its place among the marks, and the tag that closes it.
        let mut open: Vec<(usize, &str)> = Vec::new();
        let last_close = TAGS.map(|(_, _, close)| text.rfind(close).unwrap_or(0));
        let mut rest = text;
        while let Some(at) = rest.find('<') {
            let (before, from) = rest.split_at(at);
            parsed.plain.push_str(before);
            let is_closed = |last: usize| open.len() < MAX_DEPTH && text.len() - from.len() < last;
            let opened = TAGS.iter().zip(last_close).find_map(|((mark, open, close), last)| {
                Some((*mark, *close, from.strip_prefix(open).filter(|_| is_closed(last))?))
            });
            let closed = open.last().and_then(|(place, close)| Some((*place, from.strip_prefix(*close)?)));
            rest = match (opened, closed) {
                (Some((mark, close, after)), _) => {
                    open.push((parsed.marks.len(), close));
                    parsed.marks.push((parsed.plain.len()..usize::MAX, mark));
                    after
                }
                (_, Some((place, after))) => {
                    open.pop();
                    let end = parsed.plain.len();
                    parsed.marks.get_mut(place).into_iter().for_each(|(range, _)| range.end = end);
                    after
                }
                _ => {
                    parsed.plain.push('<');
                    from.get(1..).unwrap_or_default()
                }
            };
        }
        parsed.plain.push_str(rest);
        parsed.marks.retain(|(range, _)| range.start < range.end && range.end != usize::MAX);
        parsed
    }

    /// The text with the tags of CSL.
    pub fn tagged(&self) -> String {
        self.written(str::to_owned, tags)
    }

    /// The text with its parts written by `text`, between what stands for the beginning and the end of each mark.
    pub fn written<'t>(&self, text: impl Fn(&str) -> String, around: impl Fn(Mark) -> (&'t str, &'t str)) -> String {
        let mut written = String::with_capacity(self.plain.len() + 16 * self.marks.len());
        let mut open: Vec<(usize, &str)> = Vec::new();
        let mut at = 0;
        let mut part = |written: &mut String, to: usize| {
            written.push_str(&text(self.plain.get(at..to).unwrap_or_default()));
            at = to;
        };
        for (range, mark) in &self.marks {
            while let Some((end, close)) = open.pop_if(|(end, _)| *end <= range.start) {
                part(&mut written, end);
                written.push_str(close);
            }
            part(&mut written, range.start);
            let (begin, close) = around(*mark);
            written.push_str(begin);
            open.push((range.end, close));
        }
        while let Some((end, close)) = open.pop() {
            part(&mut written, end);
            written.push_str(close);
        }
        part(&mut written, self.plain.len());
        written
    }

    /// What follows the first bytes, which end where a letter ends.
    #[must_use]
    pub fn without_beginning(mut self, bytes: usize) -> MarkedText {
        self.plain = self.plain.get(bytes..).unwrap_or_default().to_owned();
        self.marks.retain_mut(|(range, _)| {
            *range = range.start.saturating_sub(bytes)..range.end.saturating_sub(bytes);
            range.start < range.end
        });
        self
    }

    /// Marks another part, unless it is partly within another mark and partly outside.
    pub fn mark(&mut self, range: Range<usize>, mark: Mark) {
        if !range.is_empty() && !self.crosses(&range) {
            // Outer ones come first; of two that are alike, the one that was there.
            let is_before = |(other, _): &(Range<usize>, Mark)| {
                (other.start, Reverse(other.end)) <= (range.start, Reverse(range.end))
            };
            let at = self.marks.partition_point(is_before);
            self.marks.insert(at, (range, mark));
        }
    }

    /// Keeps the case of more parts, which follow one another, but for those that are kept already or partly within another
    /// mark and partly outside.
    pub fn keep_case(&mut self, parts: Vec<Range<usize>>) {
        let is_free = |part: &Range<usize>| !self.keeps_case(part) && !self.crosses(part);
        let free: Vec<_> = parts.into_iter().filter(is_free).map(|part| (part, Mark::AsIs)).collect();
        self.marks.extend(free);
        self.marks.sort_by_key(|(range, _)| (range.start, Reverse(range.end)));
    }

    /// Whether a part is partly within a mark and partly outside.
    fn crosses(&self, part: &Range<usize>) -> bool {
        self.marks.iter().any(|(other, _)| {
            let overlap = other.start < part.end && part.start < other.end;
            let is_within = other.start <= part.start && part.end <= other.end;
            let is_around = part.start <= other.start && other.end <= part.end;
            overlap && !is_within && !is_around
        })
    }

    /// Whether a part is in a mark that keeps its case, or such a mark in it.
    pub fn keeps_case(&self, part: &Range<usize>) -> bool {
        let overlaps = |range: &Range<usize>| range.start < part.end && part.start < range.end;
        self.marks.iter().any(|(range, mark)| *mark == Mark::AsIs && overlaps(range))
    }
}

fn tags(mark: Mark) -> (&'static str, &'static str) {
    TAGS.iter().find(|(tagged, ..)| *tagged == mark).map_or(("", ""), |(_, open, close)| (open, close))
}

/// The parts of a title whose capitals mean something whatever its source says: words with capitals, or capitals and
/// digits, within. None where everything is in capitals.
pub fn meaningful_capitals(title: &str) -> Vec<Range<usize>> {
    if !title.chars().any(char::is_lowercase) {
        return Vec::new();
    }
    let mut start = 0;
    let mut parts = Vec::new();
    for word in title.split(' ') {
        let [before, core, _] = whole_pairs(word, protected_part(word));
        let from = start + before.len();
        if !core.is_empty() {
            parts.push(from..from + core.len());
        }
        start += word.len() + 1;
    }
    parts
}

/// What stands before, in and after the part of a word that has capitals, or capitals and digits, within; where there
/// is no such part, it is empty.
pub fn protected_part(word: &str) -> [&str; 3] {
    let trimmed = word.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let before = word.get(..word.len() - trimmed.len()).unwrap_or_default();
    let core = trimmed.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let after = trimmed.get(core.len()..).unwrap_or_default();
    if !core.split(['-', '/', '–', '—']).any(has_inner_capital) {
        return [word, "", ""];
    }
    [before, core, after]
}

fn has_inner_capital(part: &str) -> bool {
    let inner = part.chars().skip(1).any(char::is_uppercase);
    inner || (part.contains(char::is_uppercase) && part.contains(char::is_numeric))
}

/// The parts of a word around what is to be protected: all of the word where a mark would come between a brace and its
/// partner.
fn whole_pairs<'w>(word: &'w str, parts: [&'w str; 3]) -> [&'w str; 3] {
    if !parts[1].is_empty() && !has_pairs(parts[1]) && has_pairs(word) { ["", word, ""] } else { parts }
}

/// Whether every brace of a text has its partner in it.
pub fn has_pairs(text: &str) -> bool {
    let mut open = 0usize;
    for letter in text.chars() {
        match letter {
            '{' => open += 1,
            '}' if open == 0 => return false,
            '}' => open -= 1,
            _ => {}
        }
    }
    open == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tags_of_csl_are_marks() {
        type Marks<'a> = &'a [(Range<usize>, Mark)];
        let cases: [(&str, &str, Marks<'_>); 7] = [
            ("A <i>B</i> c", "A B c", &[(2..3, Mark::Italic)]),
            ("<i>A <b>b</b></i>", "A b", &[(0..3, Mark::Italic), (2..3, Mark::Bold)]),
            ("<span class=\"nocase\">de</span> x", "de x", &[(0..2, Mark::AsIs)]),
            ("<span style=\"font-variant:small-caps;\">ab</span>", "ab", &[(0..2, Mark::SmallCaps)]),
            ("a < b and Vec<T>", "a < b and Vec<T>", &[]),
            ("<i>open", "<i>open", &[]),
            ("close</i> <i></i>", "close</i> ", &[]),
        ];
        for (text, plain, marks) in cases {
            let parsed = MarkedText::parse(text);
            assert_eq!((&*parsed.plain, &*parsed.marks), (plain, marks), "{text}");
        }
    }

    #[test]
    fn deep_marks_are_text() {
        let deep = MarkedText::parse(&("<i>".repeat(100_000) + "a" + &"</i>".repeat(100_000)));
        assert_eq!(deep.marks.len(), MAX_DEPTH);
        assert_eq!(deep.plain.matches("<i>").count(), 100_000 - MAX_DEPTH);
    }

    proptest! {
        #[test]
        fn what_is_tagged_is_parsed_again(plain in "[a-c <]{0,12}", marks in prop::collection::vec((0usize..12, 0usize..12, 0usize..4), 0..4)) {
            let mut marked = MarkedText { plain, marks: Vec::new() };
            for (from, to, mark) in marks {
                marked.mark(from.min(marked.plain.len())..to.min(marked.plain.len()), TAGS[mark].0);
            }
            let parsed = MarkedText::parse(&marked.tagged());
            prop_assert_eq!(parsed, marked);
        }

        #[test]
        fn any_text_is_parsed(text in "(<i>|</i>|<b>|</b>|<span class=\"nocase\">|</span>|[a<> ]){0,10}") {
            let parsed = MarkedText::parse(&text);
            prop_assert_eq!(MarkedText::parse(&parsed.tagged()).tagged(), parsed.tagged());
        }
    }
}
