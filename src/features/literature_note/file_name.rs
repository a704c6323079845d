//! What the file of a literature note is called: a name that every file system takes.

use crate::features::Snapshot;
use crate::features::escape::plain_text;
use crate::library::LibraryPaper;
use crate::paper::Tier;

/// Longer names are cut, at a word where there is one.
const MAX_CHARS: usize = 80;

/// No file system takes names of more than 255 bytes, ending and number included.
const MAX_BYTES: usize = 200;

/// Names that Windows keeps for devices, whatever ending follows.
const RESERVED: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The citation key, else the short name, else the title.
pub(super) fn of_paper(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    let record = &paper.record;
    let names = snapshot.library.names_of(paper);
    let short = names.iter().find(|name| name.tier == Tier::ShortName).map(|name| name.text.as_str());
    let candidates = record.keys.first().map(String::as_str).into_iter().chain(short).chain([record.title.as_str()]);
    candidates.map(safe).find(|name| !name.is_empty()).unwrap_or_else(|| "paper".to_owned())
}

/// A file name without ending, made of a text: empty where nothing of the text can stand.
pub(super) fn safe(text: &str) -> String {
    let replaced: String = plain_text(text)
        .chars()
        .map(|letter| match letter {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '=' => '-',
            // What parts links to notes, cites, or is mark-up where the name stands in a text.
            '#' | '^' | '[' | ']' | '%' | '@' | '`' | '$' | '~' | '{' | '}' => ' ',
            letter => letter,
        })
        .collect();
    let words = replaced.split_whitespace().map(|word| word.trim_matches('-')).filter(|word| !word.is_empty());
    let name = cut(&words.collect::<Vec<_>>().join(" "));
    // Leading dots hide a file, a leading `@` says that a key follows, trailing dots are lost on Windows.
    let name = name.trim_matches(|c: char| c == '.' || c == '@' || c.is_whitespace());
    let device = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = (device.starts_with("com") || device.starts_with("lpt"))
        && device.chars().count() == 4
        && device.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
    if RESERVED.contains(&device.as_str()) || is_port { format!("_{name}") } else { name.to_owned() }
}

fn cut(name: &str) -> String {
    let mut end = name.char_indices().nth(MAX_CHARS).map_or(name.len(), |(at, _)| at).min(MAX_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let head = name.get(..end).unwrap_or_default();
    if end == name.len() {
        return head.to_owned();
    }
    head.rsplit_once(' ').map_or(head, |(words, _)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_system_takes_the_name() {
        let cases = [
            ("Orca", "Orca"),
            ("DBLP:conf/x/Y99", "DBLP-conf-x-Y99"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("..", ""),
            ("C:\\Windows", "C--Windows"),
            ("What? \"Why\" <now>", "What Why now"),
            ("con", "_con"),
            ("COM1.tex", "_COM1.tex"),
            ("Lpt9", "_Lpt9"),
            ("Computer", "Computer"),
            ("ends with dots...", "ends with dots"),
            (".hidden", "hidden"),
            ("@home", "home"),
            ("a @key ==b== {{c}} `d` $e$ ~~f~~", "a key b c d e f"),
            ("C# [x] 100%", "C x 100"),
            ("a\u{0}b\nc\u{202e}d", "ab cd"),
            ("Ünïcode 深度", "Ünïcode 深度"),
        ];
        for (text, expected) in cases {
            assert_eq!(safe(text), expected, "{text:?}");
        }
        let long = safe(&"word ".repeat(100));
        assert!(long.chars().count() <= MAX_CHARS && long.ends_with("word"), "{long}");
        assert!(safe(&"深".repeat(300)).len() <= MAX_BYTES);
    }
}
