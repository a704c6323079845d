//! The encoding that a file says it is in.

use encoding_rs::Encoding;

/// How far a declaration is looked for, in bytes.
const REACH_BYTES: usize = 1024;

/// Names that programs give to encodings in headers beside the usual labels, in lower case and in order.
const NAMES: [(&str, &str); 11] = [
    ("central european (iso latin 2)", "iso-8859-2"),
    ("central european (windows latin 2)", "windows-1250"),
    ("cyrillic (windows)", "windows-1251"),
    ("eucjp", "euc-jp"),
    ("iso2022jp", "iso-2022-jp"),
    ("japanese (euc)", "euc-jp"),
    ("japanese (shift jis)", "shift_jis"),
    ("macroman", "macintosh"),
    ("western (iso latin 1)", "windows-1252"),
    ("western (mac os roman)", "macintosh"),
    ("western (windows latin 1)", "windows-1252"),
];

/// The encoding that the beginning of a file names: `% Encoding: windows-1251` of `JabRef`, `Saved with string encoding
/// …` of `BibDesk`, `coding: latin-1` of Emacs, `!TEX encoding = …`, or `<?xml … encoding="ISO-8859-1"?>`.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head.get(..REACH_BYTES).unwrap_or(head)).to_lowercase();
    let head = head.trim_start_matches('\u{feff}');
    if let Some(xml) = head.trim_start().strip_prefix("<?xml") {
        let declaration = xml.split("?>").next().unwrap_or_default();
        let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
        return named(value.strip_prefix(['"', '\''])?.split(['"', '\'']).next()?);
    }
    let lines = head.lines().map(str::trim_start);
    // `JabRef` before version 3 wrote its header without percent signs.
    let comments = lines.filter(|line| line.starts_with('%') || line.starts_with("encoding:"));
    comments.filter_map(name_in).find_map(named)
}

/// The name of an encoding in a comment.
fn name_in(comment: &str) -> Option<&str> {
    if let Some((_, name)) = comment.split_once("string encoding ") {
        return Some(name);
    }
    let (_, rest) = comment.split_once("coding")?;
    let name = rest.trim_start().strip_prefix([':', '='])?.trim_start();
    name.split(|c: char| c.is_whitespace() || c == ';').next()
}

fn named(name: &str) -> Option<&'static Encoding> {
    let name = name.trim();
    let dashed = || Encoding::for_label(name.replace('_', "-").as_bytes());
    let joined = || Encoding::for_label(name.replace(['_', '-'], "").as_bytes());
    let known = || {
        let at = NAMES.binary_search_by_key(&name, |(known, _)| known).ok()?;
        Encoding::for_label(NAMES.get(at)?.1.as_bytes())
    };
    Encoding::for_label(name.as_bytes()).or_else(known).or_else(dashed).or_else(joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_declared_in_many_ways() {
        assert!(NAMES.is_sorted());
        let cases = [
            ("% Encoding: windows-1251\n@article", Some("windows-1251")),
            ("% Encoding: UTF-8\n", Some("UTF-8")),
            ("\u{feff}% Encoding: UTF8\n", Some("UTF-8")),
            ("This file was created with JabRef 2.1.\nEncoding: Cp1252\n\n", Some("windows-1252")),
            ("% This file was created with JabRef 2.10.\n% Encoding: ISO8859_1\n", Some("windows-1252")),
            ("% Encoding: SJIS\n", Some("Shift_JIS")),
            ("% Encoding: Shift_JIS\n", Some("Shift_JIS")),
            ("% Encoding: EUC_JP\n", Some("EUC-JP")),
            ("% Encoding: ISO2022JP\n", Some("ISO-2022-JP")),
            ("% Encoding: GBK\n", Some("GBK")),
            ("% Encoding: Big5\n", Some("Big5")),
            ("% Encoding: MacRoman\n", Some("macintosh")),
            ("%% Created for X\n\n%% Saved with string encoding Western (Mac OS Roman) \n", Some("macintosh")),
            ("%% Saved with string encoding Unicode (UTF-8) \n", None),
            ("%%% -*- mode: bibtex; coding: latin-1; -*-\n", Some("windows-1252")),
            ("% !TEX encoding = KOI8-R\n", Some("KOI8-R")),
            ("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<dblp>", Some("windows-1252")),
            ("<?xml version='1.0' encoding='gbk' ?>", Some("GBK")),
            ("<?xml version=\"1.0\"?><a encoding=\"gbk\">", None),
            ("% Encoding: nonsense\n", None),
            ("@article{a, title = {Coding: latin1}}", None),
            ("@article{a,\nencoding: latin1", Some("windows-1252")),
            ("", None),
        ];
        for (head, expected) in cases {
            assert_eq!(declared(head.as_bytes()).map(Encoding::name), expected, "{head}");
        }
    }
}
