//! Telling BibTeX from other files.

use crate::corpus::syntax::bibtex::{head, is_known, opens_entry, surely_opens_entry};

/// Whether a file is BibTeX, by its name and its beginning. By its name one is where it is empty or holds
/// comments only, or where any entry begins; others must hold an entry of a known type that is no example in prose.
pub(super) fn recognises(extensions: &[&str], file_name: &str, bytes: &[u8]) -> bool {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_named_so = extension.is_some_and(|extension| extensions.contains(&extension.as_str()));
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // A zero in a file of this name is damage like any other; elsewhere it says that the file is no text.
    if !is_named_so && bytes.contains(&0) {
        return false;
    }
    let mut only_comments = true;
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
        let content = line.trim_ascii_start();
        let rest = bytes.get(start + line.len() - content.len()..).unwrap_or_default();
        start += line.len();
        match content.first() {
            None | Some(b'%') => {}
            Some(b'@') if is_named_so && opens_entry(rest, true) => return true,
            Some(b'@') if !is_named_so && is_entry(rest) => return true,
            Some(b'`' | b'~') if !is_named_so && (content.starts_with(b"```") || content.starts_with(b"~~~")) => {
                return false;
            }
            Some(_) => only_comments = false,
        }
    }
    is_named_so && only_comments
}

fn is_entry(bytes: &[u8]) -> bool {
    let is_known = head(bytes).is_some_and(|head| is_known(head.word) && !head.word.eq_ignore_ascii_case("comment"));
    is_known && surely_opens_entry(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_name_and_content() {
        let bib = |name: &str, text: &str| recognises(&["bib", "bibtex", "biblatex"], name, text.as_bytes());
        for text in [
            "",
            "\n% nothing yet\n",
            "\u{feff}% Encoding: UTF-8\n\nJunk.\n@Article {a,\n",
            "@lego{a, b = 1}",
            "@comment{x}",
            "@article{a, title = {Nul \0 in}}",
        ] {
            assert!(bib("refs.BIB", text), "{text}");
        }
        for text in ["Junk only.", "mail me @home", "@you {see}", "@\0article{a,"] {
            assert!(!bib("refs.bib", text), "{text}");
        }
        assert!(bib("refs.txt", "% by hand\n\n@article{a,\n  title = {A}}"));
        assert!(bib("refs", "@string{acl = \"ACL\"}"));
        for text in [
            "",
            "% nothing",
            "@lego{a, b = 1}",
            "@article{a, title = {Nul \0 in}}",
            "# Note\n\n```bibtex\n@article{a,\n```\n",
            "see @article{a,",
        ] {
            assert!(!bib("note.md", text), "{text}");
        }
    }
}
