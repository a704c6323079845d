//! The files that entries name.

/// The path of the first PDF in a `file` field: `Desc:path:application/pdf;…` of Zotero, `:path:PDF` of
/// `JabRef`, or a plain path. Colons, semicolons and backslashes may be escaped in all of them.
pub(super) fn pdf_path(field: &str) -> Option<String> {
    split_unescaped(field, b';').into_iter().find_map(|file| {
        let mut parts = split_unescaped(file, b':');
        join_drives(file, &mut parts);
        let is_pdf = |path: &str| {
            let extension = path.trim().rsplit_once('.').map(|(_, extension)| extension);
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
        };
        let path = match parts.as_slice() {
            [_, path @ .., kind] if !path.is_empty() => {
                let kind = kind.trim().to_ascii_lowercase();
                let path = path.join(":");
                (kind.ends_with("pdf") || is_pdf(&path)).then_some(path)
            }
            [first, second] => [first, second].into_iter().find(|part| is_pdf(part)).map(|part| (*part).to_owned()),
            [only] if is_pdf(only) => Some((*only).to_owned()),
            _ => None,
        }?;
        let path = unescaped(path.trim());
        (!path.is_empty()).then_some(path)
    })
}

/// Joins the letter of a drive with the path after it: `C:/papers`.
fn join_drives<'t>(file: &'t str, parts: &mut Vec<&'t str>) {
    let is_drive = |part: &str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let drive = parts
        .windows(2)
        .position(|pair| matches!(pair, [drive, path] if is_drive(drive) && path.starts_with(['/', '\\'])));
    if let Some(at) = drive {
        let start = parts.iter().take(at).map(|part| part.len() + 1).sum::<usize>();
        let end = start + 2 + parts.get(at + 1).map_or(0, |part| part.len());
        if let Some(whole) = file.get(start..end) {
            parts.splice(at..at + 2, [whole]);
        }
    }
}

/// The parts between separators without a backslash before them.
fn split_unescaped(text: &str, separator: u8) -> Vec<&str> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        if byte == separator && !escaped {
            parts.extend(text.get(start..at));
            start = at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    parts.extend(text.get(start..));
    parts
}

/// The path without the backslashes that escape something; those of Windows stay.
fn unescaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letters.next_if(|next| letter == '\\' && r":;\_&%#{}$".contains(*next));
        out.push(escaped.unwrap_or(letter));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pdf_paths_of_every_program() {
        let cases = [
            ("Full Text:/home/u/Zotero/storage/AB/x.pdf:application/pdf", Some("/home/u/Zotero/storage/AB/x.pdf")),
            ("Snapshot:/a/b.html:text/html;Full Text:/a/b c.pdf:application/pdf", Some("/a/b c.pdf")),
            (r"Full Text:C\:\\Users\\u\\x.pdf:application/pdf", Some(r"C:\Users\u\x.pdf")),
            (":papers/x.pdf:PDF", Some("papers/x.pdf")),
            (":C\\:/papers/x\\;y.pdf:PDF", Some("C:/papers/x;y.pdf")),
            (":C:/papers/x.pdf:PDF", Some("C:/papers/x.pdf")),
            (r"C:\papers\x.pdf", Some(r"C:\papers\x.pdf")),
            ("/papers/x.pdf", Some("/papers/x.pdf")),
            ("papers/a.PDF;papers/b.pdf", Some("papers/a.PDF")),
            ("notes.txt", None),
            ("Snapshot:/a/b.html:text/html", None),
            ("", None),
            ("::", None),
        ];
        for (field, expected) in cases {
            assert_eq!(pdf_path(field).as_deref(), expected, "{field}");
        }
    }
}
