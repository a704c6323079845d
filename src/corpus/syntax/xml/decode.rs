//! The text encodings of XML files.

use std::borrow::Cow;

/// The encoding that a file declares.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoding {
    declared: Option<&'static encoding_rs::Encoding>,
}

impl Encoding {
    /// What the declaration at the beginning of a file says: `<?xml version="1.0" encoding="ISO-8859-1"?>`.
    pub fn declared(head: &[u8]) -> Self {
        Self { declared: declared(head).and_then(encoding_rs::Encoding::for_label) }
    }

    /// The text of some bytes, and what is wrong with them. Bytes that are UTF-8 are read as UTF-8 whatever is
    /// declared: editors and converters change the encoding and leave the declaration.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, Option<String>) {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return (Cow::Borrowed(text), None);
        }
        match self.declared.filter(|encoding| *encoding != encoding_rs::UTF_8 && encoding.is_ascii_compatible()) {
            Some(encoding) => {
                let (text, is_damaged) = encoding.decode_without_bom_handling(bytes);
                let remark = is_damaged
                    .then(|| format!("the entry holds bytes that are not {}; they were replaced", encoding.name()));
                (text, remark)
            }
            None => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                (text, Some("the entry is not in UTF-8; it was read as Windows-1252".to_owned()))
            }
        }
    }
}

fn declared(head: &[u8]) -> Option<&[u8]> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let head = head.strip_prefix(b"<?xml")?;
    let declaration = head.get(..memchr::memmem::find(head.get(..512).unwrap_or(head), b"?>")?)?;
    let at = memchr::memmem::find(declaration, b"encoding")? + "encoding".len();
    let value = declaration.get(at..)?.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, value) = value.split_first()?;
    matches!(quote, b'"' | b'\'').then(|| value.get(..memchr::memchr(*quote, value)?)).flatten()
}
