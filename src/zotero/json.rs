//! Writing JSON into memory, member by member.

use std::io;

/// How much is written before further texts are left out: more is in no item that a person made.
const MAX_BYTES: usize = 16 << 20;

/// An object being written.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

/// A list being written.
pub(super) struct List<'o> {
    out: &'o mut Vec<u8>,
    is_first: bool,
}

impl<'o> Object<'o> {
    /// Begins an object at the end of what was written.
    pub fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Object { out, is_first: true }
    }

    /// A member; one without text is left out.
    pub fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() && self.out.len() < MAX_BYTES {
            self.name(name);
            string(self.out, value);
        }
    }

    /// A member that is a list, filled by `fill`.
    pub fn list(&mut self, name: &str, fill: impl FnOnce(&mut List<'_>) -> io::Result<()>) -> io::Result<()> {
        self.name(name);
        self.out.push(b'[');
        let filled = fill(&mut List { out: self.out, is_first: true });
        self.out.push(b']');
        filled
    }

    pub fn end(self) {
        self.out.push(b'}');
    }

    fn name(&mut self, name: &str) {
        comma(self.out, &mut self.is_first);
        string(self.out, name);
        self.out.push(b':');
    }
}

impl List<'_> {
    pub fn text(&mut self, value: &str) {
        if self.out.len() >= MAX_BYTES {
            return;
        }
        comma(self.out, &mut self.is_first);
        string(self.out, value);
    }

    pub fn object(&mut self, fill: impl FnOnce(&mut Object<'_>) -> io::Result<()>) -> io::Result<()> {
        if self.out.len() >= MAX_BYTES {
            return Ok(());
        }
        comma(self.out, &mut self.is_first);
        let mut object = Object::begin(self.out);
        let filled = fill(&mut object);
        object.end();
        filled
    }
}

fn comma(out: &mut Vec<u8>, is_first: &mut bool) {
    if !std::mem::replace(is_first, false) {
        out.push(b',');
    }
}

fn string(out: &mut Vec<u8>, text: &str) {
    // Serialising a string into memory cannot fail.
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_json() {
        let mut out = Vec::new();
        let mut object = Object::begin(&mut out);
        object.text("title", "A \"title\"\nof \\ two");
        object.text("nothing", "");
        object
            .list("list", |list| {
                list.text("a");
                list.object(|object| {
                    object.text("b", "c");
                    Ok(())
                })?;
                list.object(|_| Ok(()))
            })
            .unwrap();
        object.end();
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(read, serde_json::json!({"title": "A \"title\"\nof \\ two", "list": ["a", {"b": "c"}, {}]}));
    }
}
