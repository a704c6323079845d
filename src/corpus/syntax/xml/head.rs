//! The beginning of an XML file, for telling of which format it is.

use super::scan::{end_of_doctype, end_of_tag, local_name, qualified_name};

/// The start tags at the beginning of a file, in their order and whatever stands between them. The last may be cut
/// anywhere.
#[derive(Debug, Clone)]
pub(in crate::corpus) struct Head<'h> {
    rest: &'h [u8],
}

impl<'h> Head<'h> {
    /// Of a file that begins with `head`, if that is XML: with or without declaration and document type.
    pub fn of(head: &'h [u8]) -> Option<Self> {
        let rest = trimmed(head);
        rest.starts_with(b"<").then_some(Self { rest })
    }
}

/// Whether a file that begins with `head` declares that it is XML.
pub(in crate::corpus) fn is_declared(head: &[u8]) -> bool {
    trimmed(head).starts_with(b"<?xml")
}

fn trimmed(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
}

/// The names of the tags without their prefixes.
impl<'h> Iterator for Head<'h> {
    type Item = &'h str;

    fn next(&mut self) -> Option<&'h str> {
        loop {
            self.rest = self.rest.get(memchr::memchr(b'<', self.rest)?..)?;
            let tag = self.rest;
            let length = match tag.get(1)? {
                b'?' => memchr::memmem::find(tag, b"?>")? + 2,
                b'!' if tag.starts_with(b"<!--") => memchr::memmem::find(tag, b"-->")? + 3,
                b'!' if tag.starts_with(b"<![CDATA[") => memchr::memmem::find(tag, b"]]>")? + 3,
                b'!' => end_of_doctype(tag)?,
                b'/' => 2,
                _ => {
                    self.rest = tag.get(end_of_tag(tag).unwrap_or(0) + 1..)?;
                    return std::str::from_utf8(local_name(qualified_name(tag))).ok();
                }
            };
            self.rest = tag.get(length..)?;
        }
    }
}
