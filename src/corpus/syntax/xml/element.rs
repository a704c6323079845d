//! An element of a record, and the texts it holds.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use super::scan::local_name;
use super::tree::{Kind, Node, Tree};
use crate::corpus::mathml::math_element;

/// An element of a record. Names are without prefix.
#[derive(Clone, Copy)]
pub(in crate::corpus) struct Element<'t> {
    tree: &'t Tree<'t>,
    index: usize,
}

impl<'t> Element<'t> {
    pub(super) fn new(tree: &'t Tree<'t>, index: usize) -> Self {
        Self { tree, index }
    }

    /// The name.
    pub fn name(self) -> &'t str {
        let name = self.qualified_name();
        name.get(name.len() - local_name(name.as_bytes()).len()..).unwrap_or(name)
    }

    /// Where the element begins in the text of the record.
    pub(super) fn offset(self) -> usize {
        self.node().map_or(0, |node| node.start)
    }

    /// The value of an attribute.
    pub fn attribute(self, name: &str) -> Option<String> {
        let node = self.node()?;
        let tag = self.tree.raw(node);
        if tag.len() == node.name {
            return None;
        }
        let tag = BytesStart::from_content(tag, node.name);
        let mut attributes = tag.attributes();
        let found = attributes
            .with_checks(false)
            .flatten()
            .find(|attribute| local_name(attribute.key.as_ref()) == name.as_bytes())?;
        let raw = String::from_utf8_lossy(&found.value);
        Some(with_entities(&raw, self.tree.entity).into_owned())
    }

    /// Whether an attribute has this value, in any case.
    pub fn says(self, attribute: &str, value: &str) -> bool {
        self.attribute(attribute).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
    }

    /// The elements in this one, without those within them.
    pub fn children(self) -> impl Iterator<Item = Element<'t>> {
        let end = self.node().map_or(0, |node| node.after);
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            while at < end {
                let index = at;
                let node = self.tree.nodes.get(index)?;
                at = node.after.max(index + 1);
                if node.kind == Kind::Element {
                    return Some(Element::new(self.tree, index));
                }
            }
            None
        })
    }

    /// The elements of a name in this one.
    pub fn all(self, name: &str) -> impl Iterator<Item = Element<'t>> {
        self.children().filter(move |child| child.name() == name)
    }

    /// The first element of a name in this one.
    pub fn first(self, name: &str) -> Option<Element<'t>> {
        self.all(name).next()
    }

    /// The first element at the end of a path of names.
    pub fn at(self, path: &[&str]) -> Option<Element<'t>> {
        path.iter().try_fold(self, |element, name| element.first(name))
    }

    /// What the element says without any mark-up, entities resolved.
    pub fn text(self) -> String {
        let mut text = String::new();
        for node in self.nodes() {
            match node.kind {
                Kind::Element => {}
                Kind::Text => text.push_str(&with_entities(self.tree.raw(node), self.tree.entity)),
                Kind::Verbatim => text.push_str(self.tree.raw(node)),
            }
        }
        text
    }

    /// What the element says as HTML: with tags for what is set apart, and with entities.
    pub fn html(self) -> String {
        self.html_by(&|element| tag_of(element).into_iter().collect())
    }

    /// As [`Element::html`], where `tags` names the tags of HTML that stand for an element.
    pub fn html_by(self, tags: &dyn Fn(Element<'t>) -> Vec<&'t str>) -> String {
        let mut html = String::new();
        self.write_html(&mut html, tags);
        html
    }

    fn write_html(self, html: &mut String, tags: &dyn Fn(Element<'t>) -> Vec<&'t str>) {
        let end = self.node().map_or(0, |node| node.after);
        let mut at = self.index + 1;
        while at < end
            && let Some(node) = self.tree.nodes.get(at)
        {
            match node.kind {
                Kind::Text => push_html(html, self.tree.raw(node), self.tree.entity),
                Kind::Verbatim => self.tree.raw(node).chars().for_each(|c| push_escaped(html, c)),
                Kind::Element => {
                    let child = Element::new(self.tree, at);
                    let prefix = if is_math(child.name()) { "mml:" } else { "" };
                    let around = tags(child);
                    around.iter().for_each(|tag| html.extend(["<", prefix, tag, ">"]));
                    child.write_html(html, tags);
                    around.iter().rev().for_each(|tag| html.extend(["</", prefix, tag, ">"]));
                }
            }
            at = node.after.max(at + 1);
        }
    }

    fn qualified_name(self) -> &'t str {
        self.node().and_then(|node| self.tree.source.get(node.start..node.start + node.name)).unwrap_or_default()
    }

    fn node(self) -> Option<&'t Node> {
        self.tree.nodes.get(self.index)
    }

    /// The nodes within this one.
    fn nodes(self) -> impl Iterator<Item = &'t Node> {
        let end = self.node().map_or(0, |node| node.after);
        self.tree.nodes.get(self.index + 1..end).unwrap_or_default().iter()
    }
}

/// The tag of HTML that stands for an element by default: that of its name, where it is mark-up of text.
pub(in crate::corpus) fn tag_of(element: Element<'_>) -> Option<&str> {
    let name = element.name();
    (is_text_markup(name) && name != "style").then_some(name)
}

/// Whether an element of this name is mark-up of text, as HTML and `MathML` have it.
pub(super) fn is_text_markup(name: &str) -> bool {
    TEXT_MARKUP.binary_search(&name).is_ok() || is_math(name)
}

fn is_math(name: &str) -> bool {
    math_element(name).is_some()
}

/// The text with its entities resolved; what is no entity stays.
fn with_entities(text: &str, entity: fn(&str) -> Option<(char, usize)>) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    each_entity(text, entity, &mut |piece, letter| {
        plain.push_str(piece);
        plain.extend(letter);
    });
    Cow::Owned(plain)
}

/// Writes a text as HTML, in which no entities are left but those that HTML needs.
fn push_html(html: &mut String, text: &str, entity: fn(&str) -> Option<(char, usize)>) {
    each_entity(text, entity, &mut |piece, letter| {
        html.push_str(piece);
        letter.into_iter().for_each(|letter| push_escaped(html, letter));
    });
}

/// Gives the pieces of a text between its entities, with the character that follows each.
fn each_entity(text: &str, entity: fn(&str) -> Option<(char, usize)>, each: &mut dyn FnMut(&str, Option<char>)) {
    let (mut from, mut search) = (0, 0);
    while let Some(offset) = memchr::memchr(b'&', text.as_bytes().get(search..).unwrap_or_default()) {
        let at = search + offset;
        match text.get(at..).and_then(entity) {
            Some((letter, length)) => {
                each(text.get(from..at).unwrap_or_default(), Some(letter));
                from = at + length;
                search = from;
            }
            None => search = at + 1,
        }
    }
    each(text.get(from..).unwrap_or_default(), None);
}

fn push_escaped(html: &mut String, letter: char) {
    match letter {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        letter => html.push(letter),
    }
}

/// The elements that stand in texts, sorted.
#[rustfmt::skip]
const TEXT_MARKUP: [&str; 22] = [
    "a", "b", "bold", "br", "code", "em", "font", "i", "italic", "p", "sc", "small", "span", "strike", "strong", "style",
    "sub", "sup", "tt", "u", "underline", "xref",
];
