//! What the file of a literature note is called: a name that every file system takes.

use super::template::{Values, next_field};
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

/// What a note is called where those that say which key they are about are called by an `@` and the key.
const BY_KEY: &str = "@{{key}}";

/// The name that the user's template gives, else what the other literature notes are called by; where the paper has nothing
/// for a field of that, the citation key, the short name or the title.
pub(super) fn of_paper(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    let own = snapshot.settings.literature_note_name.value.as_deref().filter(|own| !own.trim().is_empty());
    let template = own.or_else(|| are_called_by_key(snapshot).then_some(BY_KEY));
    template.and_then(|template| filled(snapshot, paper, template)).unwrap_or_else(|| usual(snapshot, paper))
}

/// Whether most notes about a paper with a key are called by that, with an `@`.
fn are_called_by_key(snapshot: &Snapshot) -> bool {
    let (mut by_key, mut others) = (0usize, 0usize);
    for note in snapshot.vault.notes() {
        if let Some(key) = &note.identity.citation_key {
            let stem = note.path.file_stem().unwrap_or_default().to_string_lossy();
            let is_by_key = stem.strip_prefix('@').is_some_and(|named| named == safe(key));
            *(if is_by_key { &mut by_key } else { &mut others }) += 1;
        }
    }
    by_key > others
}

/// A template with its fields filled; `None` where the paper has nothing for one of them.
fn filled(snapshot: &Snapshot, paper: &LibraryPaper, template: &str) -> Option<String> {
    let values = Values::new(snapshot, paper, "", "");
    let mut name = String::new();
    let mut rest = template.trim().strip_suffix(".md").unwrap_or(template.trim());
    while let Some((before, field, after)) = next_field(rest) {
        name.push_str(&own_text(before));
        let value = safe(values.find(field)?);
        if value.is_empty() {
            return None;
        }
        name.push_str(&value);
        rest = after;
    }
    name.push_str(&own_text(rest));
    let name = cut(&name);
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    // What stands after the sign must be a name by itself.
    let bare = name.strip_prefix('@').unwrap_or(name);
    (!bare.is_empty()).then(|| if is_reserved(bare) { format!("_{name}") } else { name.to_owned() })
}

/// What a template says besides its fields, without what file systems and links do not take.
fn own_text(text: &str) -> String {
    let sign = |letter: char| if letter == '@' { letter } else { replaced(letter) };
    text.chars().filter(|letter| !letter.is_control()).map(sign).collect()
}

/// The citation key, else the short name, else the title.
fn usual(snapshot: &Snapshot, paper: &LibraryPaper) -> String {
    let record = &paper.record;
    let names = snapshot.library.names_of(paper);
    let short = names.iter().find(|name| name.tier == Tier::ShortName).map(|name| name.text.as_str());
    let candidates = record.keys.first().map(String::as_str).into_iter().chain(short).chain([record.title.as_str()]);
    candidates.map(safe).find(|name| !name.is_empty()).unwrap_or_else(|| "paper".to_owned())
}

/// A file name without ending, made of a text: empty where nothing of the text can stand.
pub(super) fn safe(text: &str) -> String {
    let replaced: String = plain_text(text).chars().map(replaced).collect();
    let words = replaced.split_whitespace().map(|word| word.trim_matches('-')).filter(|word| !word.is_empty());
    let name = cut(&words.collect::<Vec<_>>().join(" "));
    // Leading dots hide a file, a leading `@` says that a key follows, trailing dots are lost on Windows.
    let name = name.trim_matches(|c: char| c == '.' || c == '@' || c.is_whitespace());
    if is_reserved(name) { format!("_{name}") } else { name.to_owned() }
}

/// The letter that stands in a file name for one that cannot.
fn replaced(letter: char) -> char {
    match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '=' => '-',
        // What parts links to notes, cites, or is mark-up where the name stands in a text.
        '#' | '^' | '[' | ']' | '%' | '@' | '`' | '$' | '~' | '{' | '}' => ' ',
        letter => letter,
    }
}

/// Whether Windows keeps a name for a device.
fn is_reserved(name: &str) -> bool {
    let device = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let is_port = (device.starts_with("com") || device.starts_with("lpt"))
        && device.chars().count() == 4
        && device.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
    RESERVED.contains(&device.as_str()) || is_port
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
