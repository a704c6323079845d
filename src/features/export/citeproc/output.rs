//! What a style makes of an item, before it is set on one line: text with its type, quotations, links and names.

use std::cmp::Reverse;
use std::iter::Peekable;
use std::ops::Range;

use hayagriva::citationberg::{Affixes, Formatting, SubsequentAuthorSubstituteRule, TextCase};

use super::case::change_case;
use super::item::Name;
use crate::paper::{Mark, MarkedText};

/// A part of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text as it stands.
    Text(String),
    /// Text in quotation marks, which depend on the language and on how deep they stand.
    Quoted(Vec<Node>),
    /// Text in another type.
    Styled(Formatting, Vec<Node>),
    /// Text that its source marks.
    Marked(Mark, Vec<Node>),
    /// Text that leads to an address.
    Link(String, Vec<Node>),
    /// The names of a role. What stands for names that are missing has an empty list.
    Names(Vec<Name>, Vec<Node>),
    /// One of the names of a role.
    Person(Vec<Node>),
    /// Text that a style puts on a line of its own or into the margin.
    Apart(Vec<Node>),
}

/// What one rendering element gives; empty where that is nothing.
pub type Piece = Vec<Node>;

impl Node {
    fn children(&self) -> Result<&[Node], &str> {
        match self {
            Node::Text(text) => Err(text),
            Node::Quoted(nodes)
            | Node::Styled(_, nodes)
            | Node::Marked(_, nodes)
            | Node::Link(_, nodes)
            | Node::Names(_, nodes)
            | Node::Person(nodes)
            | Node::Apart(nodes) => Ok(nodes),
        }
    }
}

/// Whether there is no text at all.
pub fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| node.children().map_or_else(str::is_empty, is_empty))
}

/// The bytes of the text, without type, quotation marks and links.
pub fn text_length(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| node.children().map_or_else(str::len, text_length)).sum()
}

/// The text without type, quotation marks and links.
pub fn plain_text(nodes: &[Node]) -> String {
    let mut text = String::new();
    collect_text(nodes, &mut text);
    text
}

fn collect_text(nodes: &[Node], text: &mut String) {
    for node in nodes {
        match node.children() {
            Ok(nodes) => collect_text(nodes, text),
            Err(own) => text.push_str(own),
        }
    }
}

/// The names that stand first in a reference, for what stands for them in the next one.
pub fn first_names(nodes: &[Node]) -> Option<&[Name]> {
    nodes.iter().find_map(|node| match node {
        Node::Names(names, _) => Some(names.as_slice()),
        _ => node.children().ok().and_then(first_names),
    })
}

/// Puts a text in the place of names that stand first and are those of the entry before, as the rule wants it.
pub fn replace_names(nodes: &mut [Node], before: &[Name], rule: SubsequentAuthorSubstituteRule, substitute: &str) {
    use SubsequentAuthorSubstituteRule::{CompleteAll, CompleteEach, PartialEach, PartialFirst};
    let Some((names, shown)) = first_names_mut(nodes).filter(|(names, _)| !names.is_empty()) else { return };
    let is_same = names.as_slice() == before;
    let in_common = names.iter().zip(before).take_while(|(name, before)| name == before).count();
    let replaced = match rule {
        CompleteAll if is_same => {
            *shown = vec![Node::Text(substitute.to_owned())];
            return;
        }
        CompleteEach if is_same => names.len(),
        CompleteAll | CompleteEach => 0,
        PartialEach => in_common,
        PartialFirst => in_common.min(1),
    };
    let mut people = Vec::new();
    collect_people(shown, &mut people);
    for person in people.into_iter().take(replaced) {
        *person = vec![Node::Text(substitute.to_owned())];
    }
}

fn first_names_mut(nodes: &mut [Node]) -> Option<(&mut Vec<Name>, &mut Vec<Node>)> {
    nodes.iter_mut().find_map(|node| match node {
        Node::Names(names, shown) => Some((names, shown)),
        Node::Text(_) => None,
        Node::Quoted(nodes)
        | Node::Styled(_, nodes)
        | Node::Marked(_, nodes)
        | Node::Link(_, nodes)
        | Node::Person(nodes)
        | Node::Apart(nodes) => first_names_mut(nodes),
    })
}

fn collect_people<'a>(nodes: &'a mut [Node], people: &mut Vec<&'a mut Vec<Node>>) {
    for node in nodes {
        match node {
            Node::Person(nodes) => people.push(nodes),
            Node::Text(_) => {}
            Node::Quoted(nodes)
            | Node::Styled(_, nodes)
            | Node::Marked(_, nodes)
            | Node::Link(_, nodes)
            | Node::Names(_, nodes)
            | Node::Apart(nodes) => collect_people(nodes, people),
        }
    }
}

/// The pieces that are not empty in one, with a delimiter between them unless punctuation follows.
pub fn joined(pieces: Vec<Piece>, delimiter: &str) -> Piece {
    let mut all = Vec::new();
    for piece in pieces.into_iter().filter(|piece| !is_empty(piece)) {
        let follows = plain_text(&piece).starts_with([',', ';', '.']);
        if !all.is_empty() && !delimiter.is_empty() && !follows {
            all.push(Node::Text(delimiter.to_owned()));
        }
        all.extend(piece);
    }
    all
}

/// A piece in its type and between its affixes; nothing where the piece is empty.
pub fn dressed(piece: Piece, formatting: Formatting, affixes: &Affixes) -> Piece {
    if is_empty(&piece) {
        return Vec::new();
    }
    let inner = if formatting.is_empty() { piece } else { vec![Node::Styled(formatting, piece)] };
    let affix = |text: &Option<String>| text.clone().filter(|text| !text.is_empty()).map(Node::Text);
    affix(&affixes.prefix).into_iter().chain(inner).chain(affix(&affixes.suffix)).collect()
}

/// Changes the case of all text in a piece that is not marked to keep it.
pub fn set_case(piece: &mut Piece, case: Option<TextCase>, is_english: bool) {
    if let Some(case) = case {
        let mut texts = Vec::new();
        collect_mut(piece, false, &mut texts);
        change_case(&mut texts, case, is_english);
    }
}

/// All text, and whether it keeps its case.
fn collect_mut<'a>(nodes: &'a mut [Node], keeps_case: bool, texts: &mut Vec<(&'a mut String, bool)>) {
    for node in nodes {
        match node {
            Node::Text(text) => texts.push((text, keeps_case)),
            Node::Marked(mark, nodes) => collect_mut(nodes, keeps_case || *mark == Mark::AsIs, texts),
            Node::Quoted(nodes)
            | Node::Styled(_, nodes)
            | Node::Link(_, nodes)
            | Node::Names(_, nodes)
            | Node::Person(nodes)
            | Node::Apart(nodes) => collect_mut(nodes, keeps_case, texts),
        }
    }
}

/// Takes full stops out of all text in a piece.
pub fn strip_periods(piece: &mut Piece) {
    let mut texts = Vec::new();
    collect_mut(piece, false, &mut texts);
    for (text, _) in texts {
        text.retain(|letter| letter != '.');
    }
}

/// A text, with its quotations told from apostrophes.
pub fn from_value(text: &str) -> Piece {
    from_marked(&MarkedText { plain: text.to_owned(), marks: Vec::new() })
}

/// The text of a variable with what is marked in it, with its quotations told from apostrophes.
pub fn from_marked(text: &MarkedText) -> Piece {
    let marked =
        text.marks.iter().map(|(range, mark)| Part { outer: range.clone(), inner: range.clone(), mark: Some(*mark) });
    let sign = |at: usize| text.plain.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let quoted = quotations(&text.plain).into_iter().map(|(open, close)| Part {
        outer: open..close + sign(close),
        inner: open + sign(open)..close,
        mark: None,
    });
    let mut parts: Vec<Part> = quoted.chain(marked).collect();
    // Of two parts that begin and end together, the one without signs of its own is around the other.
    parts.sort_by_key(|part| (part.outer.start, Reverse(part.outer.end), part.inner.start));
    let mut open: Vec<Range<usize>> = Vec::new();
    parts.retain(|part| {
        while open.pop_if(|outer| outer.end <= part.outer.start).is_some() {}
        let nests = open.last().is_none_or(|outer| outer.start <= part.outer.start && part.outer.end <= outer.end);
        open.extend(nests.then(|| part.inner.clone()));
        nests
    });
    piece_of(&text.plain, 0..text.plain.len(), &mut parts.iter().peekable())
}

/// A quotation or a marked part of a text.
struct Part {
    /// With the quotation marks.
    outer: Range<usize>,
    /// Without them.
    inner: Range<usize>,
    mark: Option<Mark>,
}

fn piece_of(text: &str, range: Range<usize>, parts: &mut Peekable<std::slice::Iter<'_, Part>>) -> Piece {
    let mut piece = Vec::new();
    let mut at = range.start;
    let add = |piece: &mut Piece, range: Range<usize>| {
        let plain = text.get(range).unwrap_or_default();
        if !plain.is_empty() {
            piece.push(Node::Text(plain.replace('\'', "’")));
        }
    };
    while let Some(part) = parts.next_if(|part| part.outer.end <= range.end) {
        add(&mut piece, at..part.outer.start);
        let inner = piece_of(text, part.inner.clone(), parts);
        piece.push(match part.mark {
            Some(mark) => Node::Marked(mark, inner),
            None => Node::Quoted(inner),
        });
        at = part.outer.end;
    }
    add(&mut piece, at..range.end);
    piece
}

/// The quotation marks of a text that belong together: the places of the opening and of the closing one. They nest.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    const DEEPEST: usize = 8;
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    // In other languages the same signs open and close the other way round.
    if text.contains(['„', '‚', '«', '»']) {
        return Vec::new();
    }
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut before = None;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let after = letters.peek().map(|(_, letter)| *letter);
        let may_open = before.is_none_or(|letter: char| letter.is_whitespace() || "([{-–—/\"'“‘".contains(letter))
            && after.is_some_and(|letter| !letter.is_whitespace());
        let may_close = after.is_none_or(|letter| !letter.is_alphanumeric());
        let is_double = matches!(letter, '"' | '“' | '”');
        let opens = matches!(letter, '“' | '‘') || (matches!(letter, '"' | '\'') && may_open);
        let closes = matches!(letter, '”') || (matches!(letter, '"' | '\'' | '’') && may_close);
        if opens && open.len() < DEEPEST {
            open.push((at, is_double));
        } else if closes && let Some(depth) = open.iter().rposition(|(_, double)| *double == is_double) {
            pairs.push((open[depth].0, at));
            open.truncate(depth);
        }
        before = Some(letter);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quotations in angle brackets.
    fn shown(nodes: &[Node]) -> String {
        let text = |node: &Node| match node {
            Node::Text(text) => text.clone(),
            Node::Marked(_, nodes) => format!("[{}]", shown(nodes)),
            Node::Quoted(nodes) => format!("<{}>", shown(nodes)),
            other => format!("{other:?}"),
        };
        nodes.iter().map(text).collect()
    }

    #[test]
    fn quotations_are_told_from_apostrophes() {
        let cases = [
            ("On the word \"shore\" in maps", "On the word <shore> in maps"),
            ("“Not a ‘feather’ lost”", "<Not a <feather> lost>"),
            ("The fisher's year isn't over", "The fisher’s year isn’t over"),
            ("The fishers' year", "The fishers’ year"),
            ("'Tis the fishers' year", "<Tis the fishers> year"),
            ("Rock 'n' roll", "Rock <n> roll"),
            ("A 5\" nail", "A 5\" nail"),
            ("“open", "“open"),
            ("close”", "close”"),
            ("„Haus“ und Hof", "„Haus“ und Hof"),
            ("(\"a\")", "(<a>)"),
            ("", ""),
        ];
        for (written, expected) in cases {
            assert_eq!(shown(&from_value(written)), expected, "{written}");
        }
    }

    #[test]
    fn marks_and_quotations_nest() {
        let cases = [
            ("On \"<i>x</i> y\" z", "On <[x] y> z"),
            ("<i>On \"x\"</i> z", "[On <x>] z"),
            ("\"a <i>b\" c</i>", "<a b> c"),
            ("<i>\"a\"</i>'s <b>b</b>", "[<a>]’s [b]"),
            ("<i>a <b>b</b></i><i>c</i>", "[a [b]][c]"),
        ];
        for (written, expected) in cases {
            assert_eq!(shown(&from_marked(&MarkedText::parse(written))), expected, "{written}");
        }
    }

    #[test]
    fn marked_words_keep_their_case() {
        let cases = [
            ("the <span class=\"nocase\">van der Waals</span> force", "The van der Waals Force"),
            ("<span class=\"nocase\">m</span>arkov chains", "markov Chains"),
            ("of <i>e. coli</i>", "Of <i>e. Coli</i>"),
        ];
        for (written, expected) in cases {
            let mut piece = from_marked(&MarkedText::parse(written));
            set_case(&mut piece, Some(TextCase::TitleCase), true);
            assert_eq!(plain_text(&piece), MarkedText::parse(expected).plain, "{written}");
        }
    }

    #[test]
    fn many_quotation_marks_cost_little() {
        let deep = "“".repeat(100_000) + &"”".repeat(100_000);
        assert!(from_value(&deep).len() < 100);
        assert_eq!(plain_text(&from_value(&"\" ".repeat(100_000))).len(), 200_000);
        let pairs = MarkedText::parse(&"\"a\" <i>b</i> ".repeat(100_000));
        assert_eq!(from_marked(&pairs).len(), 400_000);
    }

    #[test]
    fn delimiters_stand_between_what_is_there() {
        let text = |text: &str| vec![Node::Text(text.to_owned())];
        let all = joined(vec![text("a"), Vec::new(), text("b"), text(", c")], "; ");
        assert_eq!(plain_text(&all), "a; b, c");
    }
}
