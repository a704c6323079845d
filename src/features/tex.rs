//! Text as TeX and BibTeX take it.

use std::fmt::Write as _;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::escape::plain_text;
use crate::paper::{Mark, MarkedText, has_pairs, meaningful_capitals, protected_part};

/// Text on one line in which nothing acts as a TeX command. Letters stay as they are, in Unicode.
///
/// BibTeX counts braces after a backslash as well: those without a partner are written by name.
pub(in crate::features) fn escaped(text: &str) -> String {
    let text = plain_text(text);
    escaped_with(&text, has_pairs(&text))
}

fn escaped_with(text: &str, has_pairs: bool) -> String {
    let mut tex = String::with_capacity(text.len() + text.len() / 16);
    let mut before = ' ';
    for letter in text.chars() {
        if is_ligature(std::mem::replace(&mut before, letter), letter) {
            tex.push_str("{}");
        }
        match letter {
            '&' | '%' | '$' | '#' | '_' => {
                tex.push('\\');
                tex.push(letter);
            }
            '\\' => tex.push_str("\\textbackslash{}"),
            '~' => tex.push_str("\\textasciitilde{}"),
            '^' => tex.push_str("\\textasciicircum{}"),
            '{' | '}' if has_pairs => {
                tex.push('\\');
                tex.push(letter);
            }
            '{' => tex.push_str("\\textbraceleft{}"),
            '}' => tex.push_str("\\textbraceright{}"),
            letter => tex.push(letter),
        }
    }
    tex
}

/// Whether TeX makes one sign of two: a dash of `--`, a quotation mark of two apostrophes.
fn is_ligature(first: char, second: char) -> bool {
    matches!((first, second), ('-', '-') | ('`' | '?' | '!', '`') | ('\'', '\'') | (',', ',') | ('<', '<') | ('>', '>'))
}

/// A title: escaped, with braces around the words whose capitals a style must not take away.
pub(super) fn title(text: &str) -> String {
    marked_title(MarkedText { plain: plain_text(text), marks: Vec::new() })
}

/// A title with its marks: words in other type, and braces around what keeps its case.
pub(super) fn marked_title(mut title: MarkedText) -> String {
    title.keep_case(meaningful_capitals(&title.plain));
    // Braces around a part must not come between a brace and its partner.
    let is_whole = |(part, _): &(Range<usize>, Mark)| title.plain.get(part.clone()).is_some_and(has_pairs);
    let has_pairs = has_pairs(&title.plain) && title.marks.iter().all(is_whole);
    let around = |mark| match mark {
        Mark::Italic => ("\\emph{", "}"),
        Mark::Bold => ("\\textbf{", "}"),
        Mark::SmallCaps => ("\\textsc{", "}"),
        Mark::AsIs => ("{", "}"),
    };
    title.written(|text| escaped_with(text, has_pairs), around)
}

/// A title in TeX with braces around the words whose capitals a style must not take away, where they have none yet; `None`
/// where nothing is missing. What stands in braces, in formulas and in commands stays as it is.
pub(in crate::features) fn with_protected_capitals(tex: &str) -> Option<String> {
    if !tex.chars().any(char::is_lowercase) {
        return None;
    }
    let (mut depth, mut in_formula) = (0usize, false);
    let mut changed = String::with_capacity(tex.len() + 16);
    for word in tex.split_inclusive(char::is_whitespace) {
        let is_free = depth == 0 && !in_formula && !word.contains(['{', '}', '$', '\\', '~']);
        let [before, core, after] = protected_part(word);
        if is_free && !core.is_empty() {
            let _ = write!(changed, "{before}{{{core}}}{after}");
        } else {
            changed.push_str(word);
        }
        let mut is_escaped = false;
        for letter in word.chars() {
            match letter {
                _ if is_escaped => {}
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '$' => in_formula = !in_formula,
                _ => {}
            }
            is_escaped = letter == '\\' && !is_escaped;
        }
    }
    (changed != tex).then_some(changed)
}

/// Text for a field that is taken letter by letter, such as `doi` and `url`: what would break the file is
/// percent-encoded, white space is left out.
pub(in crate::features) fn verbatim(text: &str) -> String {
    let mut verbatim = String::with_capacity(text.len());
    for letter in plain_text(text).chars() {
        match letter {
            '{' => verbatim.push_str("%7B"),
            '}' => verbatim.push_str("%7D"),
            '\\' => verbatim.push_str("%5C"),
            ' ' => {}
            letter => verbatim.push(letter),
        }
    }
    verbatim
}

/// As [`verbatim`], of an address, which may have blanks in it.
pub(in crate::features) fn address(text: &str) -> String {
    text.split(' ').map(verbatim).collect::<Vec<_>>().join(" ")
}

/// Pages with `--` between first and last.
pub(in crate::features) fn pages(text: &str) -> String {
    let mut pages = String::with_capacity(text.len() + 1);
    let mut is_in_dash = false;
    for letter in plain_text(text).chars() {
        let is_dash = matches!(letter, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
        if is_dash && !is_in_dash {
            pages.truncate(pages.trim_end().len());
            pages.push('–');
        } else if !(is_dash || (is_in_dash && letter == ' ')) {
            pages.push(letter);
        }
        is_in_dash = is_dash || (is_in_dash && letter == ' ');
    }
    escaped(&pages).replace('–', "--")
}

/// Whether BibTeX, biber and pandoc all read this as the key of an entry.
pub(super) fn is_key(key: &str) -> bool {
    can_be_key(key) && !key.starts_with('@') && !key.contains(['=', '(', ')', '\''])
}

/// Whether a file can have this for the key of an entry. Where one key cannot be read, pandoc refuses the whole file.
pub(super) fn can_be_key(key: &str) -> bool {
    const SIGNS: &str = ".:;?!`'()/*@_+=-[]&$";
    let is_letter = |letter: char| letter.is_alphanumeric() && !is_combining_mark(letter);
    !key.is_empty() && key.chars().all(|letter| is_letter(letter) || SIGNS.contains(letter))
}

/// Whether the field `ids` can have this among its keys.
pub(super) fn is_alias(key: &str) -> bool {
    const FORBIDDEN: &str = "{}\"\\,%";
    !key.is_empty() && key.chars().all(|c| !c.is_whitespace() && !c.is_control() && !FORBIDDEN.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specials_are_escaped_and_letters_kept() {
        assert_eq!(escaped("50% of A&B: $x_1 #2"), "50\\% of A\\&B: \\$x\\_1 \\#2");
        assert_eq!(escaped("{a\\b~^"), "\\textbraceleft{}a\\textbackslash{}b\\textasciitilde{}\\textasciicircum{}");
        assert_eq!(escaped("a {b} c"), "a \\{b\\} c");
        assert_eq!(escaped("}{"), "\\textbraceright{}\\textbraceleft{}");
        assert_eq!(escaped("Müller\n 日本 \u{202e}x"), "Müller 日本 x");
        assert_eq!(escaped("a--b ''c`` ?`"), "a-{}-b '{}'c`{}` ?{}`");
    }

    #[test]
    fn capitals_that_mean_something_are_protected() {
        assert_eq!(title("Orca: Learning from GPT-4"), "Orca: Learning from {GPT-4}");
        assert_eq!(title("LLaMA: Open (LLM) Models"), "{LLaMA}: Open ({LLM}) Models");
        assert_eq!(title("A T5 in 3D, X-Rays, Chain-of-Thought"), "A {T5} in {3D}, X-Rays, Chain-of-Thought");
        assert_eq!(title("The C_API"), "The {C\\_API}");
        assert_eq!(title("ATTENTION IS ALL"), "ATTENTION IS ALL");
        assert_eq!(title("日本 GPT"), "日本 GPT");
        assert_eq!(title("On {beta 1} and {GPT}"), "On \\{beta 1\\} and \\{{GPT}\\}");
        assert_eq!(title("{MAR}-{REL} on {0,1}"), "{\\{MAR\\}-\\{REL\\}} on \\{0,1\\}");
        let by_name = "A\\textbraceleft{}bC";
        assert_eq!(title("x A{bC d}"), format!("x {{{by_name}}} d\\textbraceright{{}}"));
        assert_eq!(title(""), "");
        assert_eq!(title(&"xY ".repeat(100_000)).matches("{xY}").count(), 100_000);
    }

    #[test]
    fn capitals_of_a_title_in_tex_are_protected_once() {
        let cases = [
            ("Orca: Learning from GPT-4", Some("Orca: Learning from {GPT-4}")),
            ("{LLaMA}: open (LLM) models", Some("{LLaMA}: open ({LLM}) models")),
            ("{The LLM Book} of T5", Some("{The LLM Book} of {T5}")),
            ("Of $A B_2 CD$ and\n  DNA, mRNA", Some("Of $A B_2 CD$ and\n  {DNA}, {mRNA}")),
            ("\\emph{E. coli} and \\TeX", None),
            ("{{GPT and BERT}}", None),
            ("ATTENTION IS ALL", None),
            ("A plain Title", None),
        ];
        for (tex, expected) in cases {
            let protected = with_protected_capitals(tex);
            assert_eq!(protected.as_deref(), expected, "{tex}");
            assert_eq!(protected.as_deref().and_then(with_protected_capitals), None, "{tex}");
        }
    }

    #[test]
    fn pages_have_two_hyphens() {
        for written in ["12–34", "12-34", "12 — 34", "12--34", "12−34"] {
            assert_eq!(pages(written), "12--34", "{written}");
        }
        assert_eq!(pages("1-2, 5"), "1--2, 5");
        assert_eq!(pages("e100"), "e100");
    }

    #[test]
    fn verbatim_fields_cannot_break_the_file() {
        assert_eq!(verbatim("10.1/a{b}\\c_d e%20"), "10.1/a%7Bb%7D%5Cc_de%20");
    }

    #[test]
    fn keys_are_checked() {
        for key in ["smith.2020", "DBLP:conf/x/Y99", "müller_2020-a", "a+b", "a&b"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "a b", "a,b", "a{b", "a%b", "a\\b", "@a", "a\n", "http://x#y", "cors\u{131}\u{301}n"] {
            assert!(!is_key(key), "{key}");
        }
    }
}
