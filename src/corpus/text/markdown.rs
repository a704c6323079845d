//! Markdown within a line, as pandoc reads the texts of a bibliography, → text as people read it.
//!
//! Marks of emphasis, links and code are left out, and what HTML has a form for (`H~2~O`, `x^2^`) becomes HTML, which
//! may stand in the text itself.

use std::borrow::Cow;

use super::{html, marks, one_line, tex};
use crate::paper::Mark;

/// The text on one line: `a *study*` → a study, `H~2~O` → H₂O, `[text](url)` → text, `\*` → *, `$x^2$` → x². Takes time
/// in proportion to the text.
pub(super) fn readable(text: &str) -> String {
    let is_mark = |byte: &u8| b"*_~^$`[\\<".contains(byte);
    let has_dashes = || memchr::memmem::find(text.as_bytes(), b"--").is_some();
    if !text.as_bytes().iter().any(is_mark) && !has_dashes() {
        return html::plain_text(text);
    }
    let mut inline = Inline::new(text);
    inline.read();
    let plain = html::plain_text(&inline.edited());
    // TeX is not Markdown, but some have it there.
    if plain.contains('\\') { one_line(&tex::readable_if_tex(&plain)) } else { plain }
}

/// The text as HTML, with signs where parts begin and end that are set in other type or keep their case: see [`marks`].
pub(super) fn with_signs(text: &str) -> String {
    let mut inline = Inline { has_signs: true, ..Inline::new(text) };
    inline.read();
    inline.edited()
}

/// How far the target of a link or the attributes of a span may reach, in bytes.
const MAX_TARGET_BYTES: usize = 2048;

/// Longer runs of backticks than these begin no code.
const MAX_FENCE_BYTES: usize = 8;

struct Inline<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// What becomes of parts of the text, which do not overlap: from, to and what stands there then.
    edits: Vec<(usize, usize, Cow<'t, str>)>,
    /// Runs of `*`, `_` and `~~` that may be closed.
    open: Vec<Run>,
    /// Square brackets that may begin a link.
    brackets: Vec<usize>,
    /// `~` and `^` that may be closed: no white space was met since.
    raised: [Option<usize>; 2],
    /// There are no more ends of code between so many backticks, of maths, of tags.
    no_more_code: [bool; MAX_FENCE_BYTES + 1],
    no_more_maths: bool,
    no_more_tags: bool,
    /// Marks of emphasis become signs.
    has_signs: bool,
}

/// Marks of one sort beside each other.
#[derive(Debug, Clone, Copy)]
struct Run {
    mark: u8,
    at: usize,
    length: usize,
}

impl<'t> Inline<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            edits: Vec::new(),
            open: Vec::new(),
            brackets: Vec::new(),
            raised: [None; 2],
            no_more_code: [false; MAX_FENCE_BYTES + 1],
            no_more_maths: false,
            no_more_tags: false,
            has_signs: false,
        }
    }

    fn read(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'$' => self.maths(),
                b'<' => self.tag(),
                b'*' | b'_' | b'~' | b'^' => self.run(byte),
                b'-' => self.dashes(),
                b'[' => {
                    self.brackets.push(self.at);
                    self.at += 1;
                }
                b']' => self.bracket(),
                _ => {
                    if byte.is_ascii_whitespace() {
                        self.raised = [None; 2];
                    }
                    self.at += 1;
                }
            }
        }
    }

    /// The text with all edits.
    fn edited(mut self) -> String {
        self.edits.sort_by_key(|(from, ..)| *from);
        let mut edited = String::with_capacity(self.text.len() + 16);
        let mut copied = 0;
        for (from, to, instead) in &self.edits {
            edited.push_str(self.text.get(copied..*from).unwrap_or_default());
            edited.push_str(instead);
            copied = *to;
        }
        edited.push_str(self.text.get(copied..).unwrap_or_default());
        edited
    }

    fn edit(&mut self, from: usize, to: usize, instead: impl Into<Cow<'t, str>>) {
        self.edits.push((from, to, instead.into()));
    }

    /// Leaves out what begins and what ends a part of the text, each by its place and length, or puts signs there.
    fn edit_ends(&mut self, begin: (usize, usize), end: (usize, usize), marks: &[Mark]) {
        let marks = if self.has_signs { marks } else { &[] };
        let signs: String = marks.iter().copied().map(marks::sign).collect();
        self.edit(begin.0, begin.0 + begin.1, signs);
        self.edit(end.0, end.0 + end.1, marks::END.to_string().repeat(marks.len()));
    }

    /// How many marks of this sort stand at the cursor.
    fn run_length(&self, mark: u8) -> usize {
        self.bytes.get(self.at..).unwrap_or_default().iter().take_while(|byte| **byte == mark).count()
    }

    fn is_space(byte: Option<&u8>) -> bool {
        byte.is_none_or(u8::is_ascii_whitespace)
    }

    /// A backslash, which takes its meaning from the sign after it.
    fn escape(&mut self) {
        let next = self.bytes.get(self.at + 1);
        if let Some(next) = next.filter(|next| next.is_ascii_punctuation() || next.is_ascii_whitespace()) {
            self.edit(self.at, self.at + 2, escaped_sign(*next));
            self.at += 1;
        }
        self.at += 1;
    }

    fn code(&mut self) {
        let length = self.run_length(b'`');
        let start = self.at + length;
        self.at = start;
        if length > MAX_FENCE_BYTES || self.no_more_code.get(length) != Some(&false) {
            return;
        }
        let mut from = start;
        while let Some(offset) = memchr::memchr(b'`', self.bytes.get(from..).unwrap_or_default()) {
            self.at = from + offset;
            let run = self.run_length(b'`');
            if run == length {
                let code = self.text.get(start..self.at).unwrap_or_default();
                self.edit(start - length, self.at + length, escaped(code));
                self.at += length;
                return;
            }
            from = self.at + run;
        }
        self.at = start;
        self.no_more_code.get_mut(length).into_iter().for_each(|none| *none = true);
    }

    /// `$x^2$`: no space within the dollars, and no digit after them.
    fn maths(&mut self) {
        let start = self.at;
        self.at += 1;
        if self.no_more_maths || Self::is_space(self.bytes.get(self.at)) || self.bytes.get(self.at) == Some(&b'$') {
            return;
        }
        let rest = self.bytes.get(start + 2..).unwrap_or_default();
        let is_end = |at: &usize| {
            let before = self.bytes.get(at - 1);
            !Self::is_space(before) && before != Some(&b'\\') && !self.bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        };
        match memchr::memchr_iter(b'$', rest).map(|offset| start + 2 + offset).find(is_end) {
            Some(end) => {
                let maths = tex::readable(self.text.get(start..=end).unwrap_or_default());
                self.edit(start, end + 1, escaped(&maths).into_owned());
                self.at = end + 1;
            }
            None => self.no_more_maths = true,
        }
    }

    /// A tag, in which nothing is a mark, or an address in angle brackets.
    fn tag(&mut self) {
        let start = self.at;
        self.at += 1;
        let begins =
            self.bytes.get(self.at).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!'));
        if !begins || self.no_more_tags {
            return;
        }
        let Some(length) = memchr::memchr(b'>', self.bytes.get(self.at..).unwrap_or_default()) else {
            self.no_more_tags = true;
            return;
        };
        let inner = self.text.get(self.at..self.at + length).unwrap_or_default();
        self.at += length + 1;
        let has_scheme =
            || inner.split_once(':').is_some_and(|(scheme, _)| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        if !inner.contains(char::is_whitespace) && (inner.contains('@') || has_scheme()) {
            self.edit(start, self.at, escaped(inner));
        }
    }

    fn dashes(&mut self) {
        let length = self.run_length(b'-');
        let dash = match length {
            2 => Some("–"),
            3 => Some("—"),
            _ => None,
        };
        if let Some(dash) = dash {
            self.edit(self.at, self.at + length, dash);
        }
        self.at += length;
    }

    fn run(&mut self, mark: u8) {
        let (at, length) = (self.at, self.run_length(mark));
        self.at += length;
        let before = at.checked_sub(1).and_then(|at| self.bytes.get(at));
        let after = self.bytes.get(self.at);
        let (mut opens, mut closes) = (!Self::is_space(after), !Self::is_space(before));
        match (mark, length) {
            (b'~' | b'^', 1) => return self.raise(mark, at, opens),
            (b'~', 2) | (b'*' | b'_', 1..=3) => {}
            _ => return,
        }
        if mark == b'_' {
            let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
            opens &= !before.is_some_and(is_word);
            closes &= !after.is_some_and(is_word);
        }
        let mut run = Run { mark, at, length };
        while closes && run.length > 0 && self.close(&mut run) {}
        if opens && run.length > 0 {
            self.open.push(run);
        }
    }

    /// Closes the last run of the same marks by this one, as far as their lengths match.
    fn close(&mut self, run: &mut Run) -> bool {
        let Some(depth) = self.open.iter().rev().take(MAX_OPEN_RUNS).position(|open| open.mark == run.mark) else {
            return false;
        };
        let depth = self.open.len() - depth - 1;
        let Some(mut open) = self.open.get(depth).copied() else { return false };
        if open.length != run.length && open.length != 3 && run.length != 3 {
            return false;
        }
        let count = open.length.min(run.length);
        self.open.truncate(depth);
        open.length -= count;
        let emphasis: &[Mark] = match count {
            _ if run.mark == b'~' => &[],
            1 => &[Mark::Italic],
            2 => &[Mark::Bold],
            _ => &[Mark::Bold, Mark::Italic],
        };
        self.edit_ends((open.at + open.length, count), (run.at, count), emphasis);
        (run.at, run.length) = (run.at + count, run.length - count);
        if open.length > 0 {
            self.open.push(open);
        }
        true
    }

    /// `~` and `^` around what is lowered or raised, in which there is no white space.
    fn raise(&mut self, mark: u8, at: usize, opens: bool) {
        let (which, tags) = if mark == b'~' { (0, ["<sub>", "</sub>"]) } else { (1, ["<sup>", "</sup>"]) };
        let Some(slot) = self.raised.get_mut(which) else { return };
        match slot.take() {
            Some(start) => {
                self.edit(start, start + 1, tags[0]);
                self.edit(at, at + 1, tags[1]);
            }
            None => *slot = opens.then_some(at),
        }
    }

    /// The end of what may be a link, `[text](address)`, or a span, `[text]{.class}`.
    fn bracket(&mut self) {
        let end = self.at;
        self.at += 1;
        let Some(start) = self.brackets.pop() else { return };
        let Some(length) = self.target() else { return };
        let is_image = start.checked_sub(1).is_some_and(|before| self.bytes.get(before) == Some(&b'!'));
        let attributes = self.text.get(self.at..self.at + length).filter(|it| it.starts_with('{')).unwrap_or_default();
        let marks: &[Mark] = match () {
            () if attributes.contains("nocase") => &[Mark::AsIs],
            () if attributes.contains("smallcaps") => &[Mark::SmallCaps],
            () => &[],
        };
        let begin = start - usize::from(is_image);
        self.edit_ends((begin, start + 1 - begin), (end, 1 + length), marks);
        self.at += length;
        // What began in the link does not end outside of it.
        while self.open.last().is_some_and(|open| open.at > start) {
            self.open.pop();
        }
    }

    /// The length of the address or the attributes at the cursor.
    fn target(&self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let rest = rest.get(..MAX_TARGET_BYTES).unwrap_or(rest);
        match rest.first()? {
            b'(' => {
                let mut depth = 0usize;
                let end = rest.iter().position(|byte| {
                    match byte {
                        b'(' => depth += 1,
                        b')' => depth -= 1,
                        _ => {}
                    }
                    depth == 0
                })?;
                Some(end + 1)
            }
            b'{' => {
                let end = memchr::memchr(b'}', rest)?;
                let inner = rest.get(1..end)?.trim_ascii();
                let is_attributes =
                    inner.is_empty() || matches!(inner.first(), Some(b'.' | b'#')) || inner.contains(&b'=');
                is_attributes.then_some(end + 1)
            }
            _ => None,
        }
    }
}

/// How many open runs are looked through for the one that is closed.
const MAX_OPEN_RUNS: usize = 32;

/// The text as HTML has it.
fn escaped(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace('&', "&amp;").replace('<', "&lt;"))
}

/// The sign that a backslash makes an ordinary one.
fn escaped_sign(sign: u8) -> Cow<'static, str> {
    match sign {
        b'<' => Cow::Borrowed("&lt;"),
        b'&' => Cow::Borrowed("&amp;"),
        sign if sign.is_ascii_whitespace() => Cow::Borrowed(" "),
        sign => Cow::Owned(char::from(sign).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What pandoc 3.9 makes of these in the title of an item, but for its quotation marks.
    const TEXTS: [(&str, &str); 42] = [
        ("a *study* of **nests**", "a study of nests"),
        ("H~2~O and x^2^ and C~60~", "H₂O and x² and C₆₀"),
        ("y^10^z^2 and x^a b^ c", "y¹⁰z^2 and x^a b^ c"),
        ("~~a b~~ and H~2 3~O, ~100 to ~200", "a b and H~2 3~O, ~100 to ~200"),
        ("A* search and B* trees", "A* search and B* trees"),
        ("2 * 3 *4*, 2*3*4, 2**3**4", "2 * 3 4, 234, 234"),
        ("f*(x) and g*(y)", "f(x) and g(y)"),
        ("a _b_c_ d, snake_case _x_y", "a b_c d, snake_case _x_y"),
        ("a*b*c_d_e", "abc_d_e"),
        ("*a **b* c", "*a **b* c"),
        ("**a*", "**a*"),
        ("__a__ ___b___ *nested **c** d*", "a b nested c d"),
        ("***both***, ***b** i*, *i **b***", "both, b i, i b"),
        ("*a* *b* ** c **", "a b ** c **"),
        ("text* and *text", "text* and *text"),
        ("*", "*"),
        ("`a*b*` ``c`d`` `e", "a*b* c`d `e"),
        ("`` ` `` and `<i>`", "` and <i>"),
        (r"\*x\_y\~z\^w\$v", "*x_y~z^w$v"),
        (r"a\ b \& c \[d\](e)", "a b & c [d](e)"),
        (r"p \< 0.05", "p < 0.05"),
        (r"*a\* b*", "a* b"),
        ("[text](http://x.org/a_b_c_) and [a [b](c) d](e)", "text and a b d"),
        ("[a](b c) [a][b] [not a link]", "a [a][b] [not a link]"),
        ("[link]( http://a.b/c_(d) \"t\" ) x", "link x"),
        ("[sc]{.smallcaps} [x]{y} [x]{k=v} [x]{}", "sc [x]{y} x x"),
        ("!x ![a*b*](c)", "!x ab"),
        ("<http://x.org/_a_b_> <a@b.org>", "http://x.org/_a_b_ a@b.org"),
        ("<i>*x*</i> &amp; <span class=\"a*b*\">y</span>", "x & y"),
        ("Vec<T> of a < b", "Vec<T> of a < b"),
        ("a--b a---b 12--14", "a–b a—b 12–14"),
        ("$x^2$ and $5 and $6 or $ 7 $", "x² and $5 and $6 or $ 7 $"),
        (r"$\alpha$-decay at $p<0.05$", "α-decay at p<0.05"),
        ("*unmatched [bracket and `tick", "*unmatched [bracket and `tick"),
        ("caf&eacute; & *bar*", "café & bar"),
        ("line one\n\nline *two*", "line one line two"),
        ("#1 of a - b", "#1 of a - b"),
        ("C# and C++", "C# and C++"),
        ("{NaCl} @key", "{NaCl} @key"),
        ("a_b", "a_b"),
        ("", ""),
        ("ä *ö* ü", "ä ö ü"),
    ];

    #[test]
    fn marks_are_read_as_pandoc_reads_them() {
        for (raw, expected) in TEXTS {
            assert_eq!(readable(raw), expected, "{raw}");
        }
    }

    #[test]
    fn marks_without_end_take_no_forever() {
        for mark in ["*a", "_a ", "**a *b", "[", "](", "[a](", "`", "`a``", "$a", "<a", "~a", "\\", "*_", "[a]{", "***"]
        {
            let text = mark.repeat(100_000 / mark.len());
            assert!(!readable(&text).is_empty() || mark == "\\", "{mark}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([*_~^$`\\[\\](){}<>\\\\!-]|[ab ]|é|\\PC){0,40}") {
            readable(&text);
        }

        #[test]
        fn text_without_marks_stays(text in "[a-zé ]{0,30}") {
            prop_assert_eq!(readable(&text), one_line(&text));
        }
    }
}
