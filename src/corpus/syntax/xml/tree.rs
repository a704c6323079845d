//! The elements of one record.
//!
//! What is not well-formed is mended where one thing alone can be meant: tags that close nothing are passed over, and
//! an element that is not closed ends where the next element begins that is no mark-up of text.

use quick_xml::Reader;
use quick_xml::events::{BytesEnd, BytesStart, Event};

use super::element::{Element, is_text_markup};
use super::scan::local_name;

/// The record's elements and texts in the order of the file, each element before what it holds.
pub(super) struct Tree<'t> {
    pub source: &'t str,
    pub nodes: Vec<Node>,
    pub entity: fn(&str) -> Option<(char, usize)>,
}

/// An element, or a text between tags.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub kind: Kind,
    /// What stands in the source: of an element all of its start tag but the brackets, of a text all of it.
    pub start: usize,
    /// The offset after it.
    pub end: usize,
    /// The length of an element's name, with its prefix.
    pub name: usize,
    /// The index after the last node of an element; of a text that of the next node.
    pub after: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Element,
    /// Text as it is written, with entities.
    Text,
    /// Text in a marked section, where nothing is an entity or a tag.
    Verbatim,
}

/// The first thing wrong with a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    /// Where it is, in the text of the record.
    pub offset: usize,
    /// What it is.
    pub what: String,
}

/// How deep elements may stand within each other: deeper than any person or program writes.
const MAX_DEPTH: usize = 200;

/// How much of a name is shown.
const MAX_SHOWN_CHARS: usize = 40;

/// How many times its own length a record may be looked through in vain, for tags that make no sense.
const MAX_WASTE: usize = 4;

impl<'t> Tree<'t> {
    /// Parses a record. One that is not whole lacks its end, so that the text it breaks off in is left out. Fails with
    /// an offset where elements stand within each other deeper than anyone writes.
    pub fn parse(
        source: &'t str,
        entity: fn(&str) -> Option<(char, usize)>,
        is_whole: bool,
    ) -> Result<(Self, Option<Damage>), usize> {
        let tree = Self { source, nodes: Vec::with_capacity(64), entity };
        let mut parser =
            Parser { tree, open: Vec::new(), damage: None, patience: source.len().saturating_mul(MAX_WASTE) };
        let mut from = 0;
        while let Some(next) = parser.run(from)? {
            from = next;
        }
        parser.finish(is_whole);
        Ok((parser.tree, parser.damage))
    }

    /// The element of the record.
    pub fn root(&self) -> Element<'_> {
        Element::new(self, 0)
    }

    /// What a node stands for in the source.
    pub fn raw(&self, node: &Node) -> &'t str {
        self.source.get(node.start..node.end).unwrap_or_default()
    }

    /// The name of a node that is an element, with its prefix.
    fn name(&self, index: usize) -> &'t str {
        let node = self.nodes.get(index);
        node.and_then(|node| self.source.get(node.start..node.start + node.name)).unwrap_or_default()
    }

    fn local_name(&self, index: usize) -> &'t str {
        let name = self.name(index);
        name.get(name.len() - local_name(name.as_bytes()).len()..).unwrap_or(name)
    }
}

struct Parser<'t> {
    tree: Tree<'t>,
    /// The indices of the elements that have begun and not ended.
    open: Vec<usize>,
    damage: Option<Damage>,
    /// How many bytes may still be looked through in vain.
    patience: usize,
}

impl Parser<'_> {
    /// Parses from an offset to the end, or to a tag that makes no sense: then the offset to go on at.
    fn run(&mut self, from: usize) -> Result<Option<usize>, usize> {
        let mut reader = Reader::from_str(self.tree.source.get(from..).unwrap_or_default());
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        let position = |reader: &Reader<&[u8]>| from + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        loop {
            let start = position(&reader);
            let event = reader.read_event();
            let end = position(&reader);
            match event {
                Ok(Event::Start(tag)) => {
                    if !self.begin(&tag, start) {
                        return Ok(self.restart(start, end));
                    }
                    if self.open.len() > MAX_DEPTH {
                        return Err(start);
                    }
                }
                Ok(Event::Empty(tag)) => {
                    if !self.begin(&tag, start) {
                        return Ok(self.restart(start, end));
                    }
                    self.close_top();
                }
                Ok(Event::End(tag)) if memchr::memchr(b'<', &tag).is_some() => return Ok(self.restart(start, end)),
                Ok(Event::End(tag)) => self.end(&tag, start),
                Ok(Event::Text(_) | Event::GeneralRef(_)) => self.text(Kind::Text, start, end),
                Ok(Event::CData(_)) => self.text(Kind::Verbatim, start + "<![CDATA[".len(), end - "]]>".len()),
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) => return Ok(None),
                Err(_) => return Ok(self.restart(start, self.tree.source.len())),
            }
            // An element that stands after the end of the record is not part of it.
            if self.open.is_empty() && !self.tree.nodes.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Begins an element, unless its tag holds the beginning of another or has no name.
    fn begin(&mut self, tag: &BytesStart<'_>, start: usize) -> bool {
        let named = tag.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_' || !byte.is_ascii());
        if !named || memchr::memchr(b'<', tag).is_some() {
            return false;
        }
        self.open.push(self.tree.nodes.len());
        self.tree.nodes.push(Node {
            kind: Kind::Element,
            start: start + 1,
            end: start + 1 + tag.len(),
            name: tag.name().as_ref().len(),
            after: usize::MAX,
        });
        true
    }

    fn text(&mut self, kind: Kind, start: usize, end: usize) {
        if let Some(last) = self.tree.nodes.last_mut()
            && last.kind == Kind::Text
            && kind == Kind::Text
            && last.end == start
        {
            last.end = end;
            return;
        }
        if start < end && !self.open.is_empty() {
            let after = self.tree.nodes.len() + 1;
            self.tree.nodes.push(Node { kind, start, end, name: 0, after });
        }
    }

    /// Ends the innermost open element of this name, and those that stand in it.
    fn end(&mut self, tag: &BytesEnd<'_>, start: usize) {
        let is_named = |index: &usize| self.tree.name(*index).as_bytes() == tag.name().as_ref();
        let Some(depth) = self.open.iter().rposition(is_named) else {
            let name = String::from_utf8_lossy(tag.name().as_ref()).chars().take(MAX_SHOWN_CHARS).collect::<String>();
            self.note(start, || format!("`</{name}>` ends nothing"));
            return;
        };
        while self.open.len() > depth + 1 {
            self.close_unclosed(start);
        }
        self.close_top();
    }

    fn close_top(&mut self) {
        let after = self.tree.nodes.len();
        let node = self.open.pop().and_then(|index| self.tree.nodes.get_mut(index));
        node.into_iter().for_each(|node| node.after = after);
    }

    /// Ends the innermost open element, whose end tag is missing: where the first element in it begins that is no
    /// mark-up of text.
    fn close_unclosed(&mut self, at: usize) {
        let Some(index) = self.open.pop() else { return };
        let name = self.tree.local_name(index);
        self.note(at, || {
            let shown: String = name.chars().take(MAX_SHOWN_CHARS).collect();
            format!("`<{shown}>` does not end")
        });
        let all = self.tree.nodes.len();
        let mut child = index + 1;
        while let Some(node) = self.tree.nodes.get(child) {
            if node.kind == Kind::Element && !is_text_markup(self.tree.local_name(child)) && !is_text_markup(name) {
                break;
            }
            child = node.after.max(child + 1);
        }
        self.tree.nodes.get_mut(index).into_iter().for_each(|node| node.after = child.min(all));
    }

    /// The tag at an offset, which seemed to reach to `end`, makes no sense: its bracket is text, and parsing goes on
    /// after it.
    fn restart(&mut self, at: usize, end: usize) -> Option<usize> {
        self.note(at, || "a `<` begins no tag".to_owned());
        let rest = self.tree.source.get(at + 1..)?;
        let next = at + 1 + memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        self.text(Kind::Text, at, next);
        self.patience = self.patience.checked_sub(end.saturating_sub(at))?;
        Some(next)
    }

    /// Ends what has not ended. Of a record that is cut off the innermost text may be half of one.
    fn finish(&mut self, is_whole: bool) {
        let end = self.tree.source.len();
        if !is_whole {
            self.note(end, || "its end is missing".to_owned());
            if let [_, .., last] = self.open.as_slice()
                && self.tree.nodes.get(last + 1).is_none_or(|node| node.kind != Kind::Element)
            {
                let last = *last;
                self.open.pop();
                self.tree.nodes.truncate(last);
            }
        }
        while !self.open.is_empty() {
            self.close_top();
        }
        // A record that does not even begin is an element without name.
        if self.tree.nodes.is_empty() {
            self.tree.nodes.push(Node { kind: Kind::Element, start: 0, end: 0, name: 0, after: 1 });
        }
    }

    fn note(&mut self, offset: usize, what: impl FnOnce() -> String) {
        if self.damage.is_none() {
            self.damage = Some(Damage { offset, what: what() });
        }
    }
}
