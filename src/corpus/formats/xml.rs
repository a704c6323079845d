//! What the formats share whose entries are elements of XML.

use std::io;

use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::xml::{self, Element, Grammar, Head};
use crate::corpus::text::html;
use crate::corpus::{FormatInfo, Input, Reader, Sink};

/// A format whose entries are elements of XML.
pub(super) struct XmlFormat {
    /// What it is called.
    pub info: FormatInfo,
    /// Entries have keys of the user's own, which should not repeat.
    pub has_keys: bool,
    /// Whether a file that begins with these tags, and with these bytes, is of this format.
    pub is_head: fn(Head<'_>, &[u8]) -> bool,
    /// The elements that are entries in a file that begins so, without prefix. They do not stand within each other.
    pub entries: fn(&[u8]) -> &'static [&'static str],
    /// The element of an entry that a jump leads to: the one that holds the title.
    pub title: for<'t> fn(Element<'t>) -> Option<Element<'t>>,
    /// The record of an entry; `None` where it is not about a work.
    pub entry: fn(Element<'_>) -> Option<Entry>,
}

impl Reader for XmlFormat {
    fn info(&self) -> FormatInfo {
        self.info
    }

    fn recognises(&self, _file_name: &str, head: &[u8]) -> bool {
        Head::of(head).is_some_and(|tags| (self.is_head)(tags, head))
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let records = (self.entries)(input.fill_buf()?);
        let grammar = Grammar { records, title: self.title, entity: html::entity };
        let mut collector = if self.has_keys { Collector::new(sink) } else { Collector::without_keys(sink) };
        xml::read_records(input, grammar, &mut collector, &mut |record| (self.entry)(record))
    }
}
