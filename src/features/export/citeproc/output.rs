//! What a style makes of an item, before it is set on one line: text with its type, quotations, links and names.

use hayagriva::citationberg::{Affixes, Formatting, SubsequentAuthorSubstituteRule, TextCase};

use super::case::change_case;
use super::item::Name;

/// A part of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Text as it stands.
    Text(String),
    /// Text in quotation marks, which depend on the language and on how deep they stand.
    Quoted(Vec<Node>),
    /// Text in another type.
    Styled(Formatting, Vec<Node>),
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

/// Changes the case of all text in a piece.
pub fn set_case(piece: &mut Piece, case: Option<TextCase>, is_english: bool) {
    if let Some(case) = case {
        let mut texts = Vec::new();
        collect_mut(piece, &mut texts);
        change_case(&mut texts, case, is_english);
    }
}

fn collect_mut<'a>(nodes: &'a mut [Node], texts: &mut Vec<&'a mut String>) {
    for node in nodes {
        match node {
            Node::Text(text) => texts.push(text),
            Node::Quoted(nodes)
            | Node::Styled(_, nodes)
            | Node::Link(_, nodes)
            | Node::Names(_, nodes)
            | Node::Person(nodes)
            | Node::Apart(nodes) => collect_mut(nodes, texts),
        }
    }
}

/// Takes full stops out of all text in a piece.
pub fn strip_periods(piece: &mut Piece) {
    let mut texts = Vec::new();
    collect_mut(piece, &mut texts);
    for text in texts {
        text.retain(|letter| letter != '.');
    }
}

/// The text of a variable, with its quotations told from apostrophes.
pub fn from_value(text: &str) -> Piece {
    let marks = quotations(text);
    let mut next = marks.iter().copied().peekable();
    // The text before each quotation that is open, outermost first.
    let mut open: Vec<Piece> = vec![Vec::new()];
    let mut plain = String::new();
    for (at, letter) in text.char_indices() {
        let mark = next.next_if(|(place, _)| *place == at).map(|(_, mark)| mark);
        let Some(mark) = mark else {
            plain.push(if letter == '\'' { '’' } else { letter });
            continue;
        };
        let before = std::mem::take(&mut plain);
        let before = (!before.is_empty()).then_some(Node::Text(before));
        match mark {
            Mark::Open => {
                open.last_mut().unwrap_or(&mut Vec::new()).extend(before);
                open.push(Vec::new());
            }
            Mark::Close => {
                let mut quoted = open.pop().unwrap_or_default();
                quoted.extend(before);
                open.last_mut().unwrap_or(&mut Vec::new()).push(Node::Quoted(quoted));
            }
        }
    }
    let mut piece = open.pop().unwrap_or_default();
    if !plain.is_empty() {
        piece.push(Node::Text(plain));
    }
    piece
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
}

/// The quotation marks of a text that belong together, by place. Every opening one has its closing one, and they nest.
fn quotations(text: &str) -> Vec<(usize, Mark)> {
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
    let ends = pairs.into_iter().flat_map(|(start, end)| [(start, Mark::Open), (end, Mark::Close)]);
    let mut marks: Vec<(usize, Mark)> = ends.collect();
    marks.sort_unstable_by_key(|(place, _)| *place);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quotations in angle brackets.
    fn shown(nodes: &[Node]) -> String {
        let text = |node: &Node| match node {
            Node::Text(text) => text.clone(),
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
    fn many_quotation_marks_cost_little() {
        let deep = "“".repeat(100_000) + &"”".repeat(100_000);
        assert!(from_value(&deep).len() < 100);
        assert_eq!(plain_text(&from_value(&"\" ".repeat(100_000))).len(), 200_000);
    }

    #[test]
    fn delimiters_stand_between_what_is_there() {
        let text = |text: &str| vec![Node::Text(text.to_owned())];
        let all = joined(vec![text("a"), Vec::new(), text("b"), text(", c")], "; ");
        assert_eq!(plain_text(&all), "a; b, c");
    }
}
