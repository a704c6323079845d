//! What is set in other type in a title, or keeps its case, in any mark-up → the marks of CSL.
//!
//! The raw text is cleaned once more with signs at the beginning and the end of every marked part, so that whatever the
//! cleaner does to a title it does here as well. Where that gives other letters than without the signs, there are no marks.

use std::borrow::Cow;

use super::{Markup, clean, html, markdown};
use crate::paper::{Mark, MarkedText, meaningful_capitals};

/// Noncharacters of Unicode, which no text has: the beginning of each mark; the end of any is [`END`].
const BEGINNINGS: [(char, Mark); 4] =
    [('\u{fdd0}', Mark::Italic), ('\u{fdd1}', Mark::Bold), ('\u{fdd2}', Mark::SmallCaps), ('\u{fdd3}', Mark::AsIs)];
pub(super) const END: char = '\u{fdd4}';

/// A title with more marks than these has none.
const MAX_MARKS: usize = 200;

/// Commands of TeX that set their argument in other type, and those that set what follows them in a group.
const COMMANDS: [(&str, Mark); 8] = [
    ("emph", Mark::Italic),
    ("mkbibemph", Mark::Italic),
    ("mkbibitalic", Mark::Italic),
    ("textit", Mark::Italic),
    ("textsl", Mark::Italic),
    ("mkbibbold", Mark::Bold),
    ("textbf", Mark::Bold),
    ("textsc", Mark::SmallCaps),
];
const SWITCHES: [(&str, Mark); 8] = [
    ("em", Mark::Italic),
    ("it", Mark::Italic),
    ("itshape", Mark::Italic),
    ("sl", Mark::Italic),
    ("bf", Mark::Bold),
    ("bfseries", Mark::Bold),
    ("sc", Mark::SmallCaps),
    ("scshape", Mark::SmallCaps),
];

/// Elements of HTML and JATS.
const ELEMENTS: [(&str, Mark); 9] = [
    ("i", Mark::Italic),
    ("em", Mark::Italic),
    ("italic", Mark::Italic),
    ("b", Mark::Bold),
    ("strong", Mark::Bold),
    ("bold", Mark::Bold),
    ("sc", Mark::SmallCaps),
    ("scp", Mark::SmallCaps),
    ("smallcaps", Mark::SmallCaps),
];

/// Publishers escape their mark-up, some twice.
const MAX_PASSES: usize = 2;

/// The title with its marks in the tags of CSL; `None` where it has none. `plain` is the raw text without mark-up.
/// Capitals that are kept in any case have no marks. Takes time in proportion to the text.
pub(in crate::corpus) fn marked(markup: Markup, raw: &str, plain: &str) -> Option<String> {
    let signs: &[u8] = match markup {
        Markup::Tex | Markup::PerhapsTex => b"{\\<&",
        Markup::Html => b"<&",
        Markup::Markdown => b"*_[<&",
        Markup::Plain => return None,
    };
    if !raw.bytes().any(|byte| signs.contains(&byte)) || raw.contains(is_sign) {
        return None;
    }
    let signed = if markup == Markup::Markdown {
        html::plain_text(&signed_html(&markdown::with_signs(raw))?)
    } else {
        let mut raw = Cow::Borrowed(raw);
        for _ in 0..MAX_PASSES {
            if raw.contains("&lt;") || raw.contains("&amp;lt;") {
                raw = html::with_entities(&raw).into();
            }
        }
        let signed = Signer::new(&raw, markup != Markup::Html).read()?;
        if !signed.contains(is_sign) {
            return None;
        }
        clean(markup, &signed)
    };
    let marked = without_own_capitals(aligned(&signed, plain)?);
    let tagged = (!marked.marks.is_empty()).then(|| marked.tagged())?;
    // A text that has such tags for letters would be another one.
    (MarkedText::parse(&tagged).plain == plain).then_some(tagged)
}

fn signed_html(text: &str) -> Option<String> {
    Signer::new(text, false).read()
}

/// The sign that begins a mark.
pub(super) fn sign(mark: Mark) -> char {
    BEGINNINGS.iter().find(|(_, begun)| *begun == mark).map_or(END, |(sign, _)| *sign)
}

fn is_sign(letter: char) -> bool {
    ('\u{fdd0}'..=END).contains(&letter)
}

/// The plain text with the marks that the signs of another stand for; `None` where the two differ in more than signs and
/// spaces beside them.
fn aligned(signed: &str, plain: &str) -> Option<MarkedText> {
    let mut marked = MarkedText { plain: plain.to_owned(), marks: Vec::new() };
    let mut open = Vec::new();
    let mut rest = plain.chars();
    for letter in signed.chars() {
        let at = plain.len() - rest.as_str().len();
        if let Some((_, mark)) = BEGINNINGS.iter().find(|(sign, _)| *sign == letter) {
            open.push(marked.marks.len());
            marked.marks.push((at..at, *mark));
            if marked.marks.len() > MAX_MARKS {
                return None;
            }
        } else if letter == END {
            let (range, _) = marked.marks.get_mut(open.pop()?)?;
            let inner = plain.get(range.start..at)?;
            let from = range.start + (inner.len() - inner.trim_start().len());
            *range = from..from + inner.trim().len();
        } else if rest.as_str().starts_with(letter) {
            rest.next();
        } else if letter != ' ' {
            return None;
        }
    }
    marked.marks.retain(|(range, _)| !range.is_empty());
    (rest.as_str().is_empty() && open.is_empty()).then_some(marked)
}

/// Without marks that say of capitals what is so without them, within one another, or for nothing but signs.
fn without_own_capitals(mut marked: MarkedText) -> MarkedText {
    let own = meaningful_capitals(&marked.plain);
    let mut end = 0;
    let plain = &marked.plain;
    marked.marks.retain(|(range, mark)| {
        if *mark != Mark::AsIs {
            return true;
        }
        let has_letters = plain.get(range.clone()).is_some_and(|text| text.contains(char::is_alphabetic));
        let is_new = has_letters && range.start >= end && !own.contains(range);
        end = if is_new { range.end } else { end };
        is_new
    });
    marked
}

/// What is open in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open<'t> {
    /// A group or an argument of TeX, which has a mark or none.
    Group { mark: Option<Mark>, is_argument: bool },
    /// An element of HTML.
    Element { name: &'t str, mark: Option<Mark> },
}

/// Puts signs into TeX and HTML.
struct Signer<'t> {
    text: &'t str,
    at: usize,
    has_tex: bool,
    signed: String,
    open: Vec<Open<'t>>,
    /// Where an argument ended, after which another may follow.
    argument_end: usize,
}

impl<'t> Signer<'t> {
    fn new(text: &'t str, has_tex: bool) -> Self {
        let signed = String::with_capacity(text.len() + 32);
        Self { text, at: 0, has_tex, signed, open: Vec::new(), argument_end: usize::MAX }
    }

    /// The text with signs; `None` where what is open and what is closed do not belong together.
    fn read(mut self) -> Option<String> {
        while let Some(offset) = self.next_special() {
            self.copy(offset);
            match self.rest().bytes().next()? {
                b'\\' => self.command(),
                b'{' => {
                    let is_argument = self.at == self.argument_end;
                    let mark = if is_argument { None } else { self.mark_of_group() };
                    self.begin_group(mark, is_argument);
                }
                b'}' => self.end_group()?,
                b'$' => self.maths(),
                _ => self.tag()?,
            }
        }
        self.copy(self.rest().len());
        self.open.is_empty().then_some(self.signed)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next_special(&self) -> Option<usize> {
        let is_special = |byte: u8| byte == b'<' || (self.has_tex && matches!(byte, b'\\' | b'{' | b'}' | b'$'));
        self.rest().bytes().position(is_special)
    }

    fn copy(&mut self, length: usize) {
        self.signed.push_str(self.rest().get(..length).unwrap_or_default());
        self.at += length;
    }

    fn begin_group(&mut self, mark: Option<Mark>, is_argument: bool) {
        self.copy(1);
        self.signed.extend(mark.map(sign));
        self.open.push(Open::Group { mark, is_argument });
    }

    fn end_group(&mut self) -> Option<()> {
        let Open::Group { mark, is_argument } = self.open.pop()? else { return None };
        self.signed.extend(mark.map(|_| END));
        self.copy(1);
        self.argument_end = if is_argument { self.at } else { usize::MAX };
        Some(())
    }

    /// The mark of a group that is no argument: that of the switch at its beginning; else its case is kept, unless it only
    /// holds a command together, as in `{\"o}`.
    fn mark_of_group(&self) -> Option<Mark> {
        let inner = self.rest().get(1..).unwrap_or_default();
        if let Some(command) = inner.trim_start().strip_prefix('\\') {
            let name = command_name(command);
            let switched = SWITCHES.iter().find(|(switch, _)| *switch == name).map(|(_, mark)| *mark);
            let is_sign = command.starts_with(['&', '%', '$', '#', '_', '{', '}']);
            let is_marked = COMMANDS.iter().any(|(command, _)| *command == name);
            if switched.is_some() || !(is_sign || is_marked) {
                return switched;
            }
        }
        let is_kept = |open: &Open<'_>| matches!(open, Open::Group { mark: Some(Mark::AsIs), .. });
        (!self.open.iter().any(is_kept)).then_some(Mark::AsIs)
    }

    fn command(&mut self) {
        let command = self.rest().get(1..).unwrap_or_default();
        let name = command_name(command);
        let mark = COMMANDS.iter().find(|(marking, _)| *marking == name).map(|(_, mark)| *mark);
        let length = if name.is_empty() { command.chars().next().map_or(0, char::len_utf8) } else { name.len() };
        self.copy(1 + length);
        let gap = self.rest().len() - self.rest().trim_start().len();
        if self.rest().get(gap..).is_some_and(|rest| rest.starts_with('{')) && !is_escape(name, command) {
            self.copy(gap);
            self.begin_group(mark, true);
        }
    }

    /// A formula has no marks of its own.
    fn maths(&mut self) {
        let inner = self.rest().get(1..).unwrap_or_default().as_bytes();
        let is_end = |at: &usize| at.checked_sub(1).and_then(|before| inner.get(before)) != Some(&b'\\');
        let end = memchr::memchr_iter(b'$', inner).find(is_end);
        self.copy(end.map_or(1, |end| end + 2));
    }

    fn tag(&mut self) -> Option<()> {
        let rest = self.rest();
        let Some(end) = memchr::memchr(b'>', rest.as_bytes().get(..MAX_TAG_BYTES.min(rest.len()))?) else {
            self.copy(1);
            return Some(());
        };
        let inner = rest.get(1..end)?;
        let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let name = inner.split(|letter: char| letter.is_whitespace()).next().unwrap_or_default();
        let name = name.rsplit(':').next().unwrap_or_default();
        let known = ELEMENTS.iter().find(|(element, _)| element.eq_ignore_ascii_case(name)).map(|(_, mark)| *mark);
        let is_span = name.eq_ignore_ascii_case("span");
        if (known.is_none() && !is_span) || inner.ends_with('/') {
            self.copy(1);
            return Some(());
        }
        if is_end {
            let Open::Element { name: begun, mark } = self.open.pop()? else { return None };
            self.signed.extend(mark.map(|_| END));
            self.copy(end + 1);
            return begun.eq_ignore_ascii_case(name).then_some(());
        }
        self.copy(end + 1);
        let mark = if is_span { mark_of_span(inner) } else { known };
        self.signed.extend(mark.map(sign));
        self.open.push(Open::Element { name, mark });
        Some(())
    }
}

/// Longer tags are not marks.
const MAX_TAG_BYTES: usize = 256;

fn mark_of_span(attributes: &str) -> Option<Mark> {
    let has = |part: &str| attributes.contains(part);
    match () {
        () if has("nocase") => Some(Mark::AsIs),
        () if has("small-caps") || has("smallcaps") => Some(Mark::SmallCaps),
        () if has("italic") => Some(Mark::Italic),
        () => None,
    }
}

/// The letters at the beginning of what follows a backslash.
fn command_name(command: &str) -> &str {
    let end = command.bytes().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(command.len());
    command.get(..end).unwrap_or_default()
}

/// Whether a backslash makes an ordinary sign of the one after it, so that a group that follows is no argument.
fn is_escape(name: &str, command: &str) -> bool {
    name.is_empty() && command.starts_with(['&', '%', '$', '#', '_', '{', '}', '\\', ' ', '-', '/', ','])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(markup: Markup, raw: &str) -> Option<String> {
        let marked = marked(markup, raw, &clean(markup, raw))?;
        Some(
            marked
                .replace("<span class=\"nocase\">", "[")
                .replace("<span style=\"font-variant:small-caps;\">", "(")
                .replace("</span>", "]"),
        )
    }

    #[test]
    fn marks_of_every_mark_up_are_those_of_csl() {
        let cases = [
            (Markup::Tex, r"Genes of \emph{Drosophila}", Some("Genes of <i>Drosophila</i>")),
            (Markup::Tex, r"Genes of {\it Drosophila} spp.", Some("Genes of <i>Drosophila</i> spp.")),
            (Markup::Tex, r#"{\em E.~coli}: {\"o} \'{e} \c{c}"#, Some("<i>E. coli</i>: ö é ç")),
            (Markup::Tex, r"\textit{A \textbf{b}} \textsc{Ibid}", Some("<i>A <b>b</b></i> (Ibid]")),
            (
                Markup::Tex,
                r"The {Bayesian} {DNA} of {van der Waals} {M}arkov",
                Some("The [Bayesian] DNA of [van der Waals] [M]arkov"),
            ),
            (Markup::Tex, r"{{Whole} Title}", Some("[Whole Title]")),
            (Markup::Tex, r"\emph{{E}. coli in {Paris}}", Some("<i>[E]. coli in [Paris]</i>")),
            (Markup::Tex, r"On $\mathit{x}_{1}$ and \textcolor{red}{words}", None),
            (Markup::Tex, r"{R\&D} and {\& sons}", Some("R&D and [& sons]")),
            (Markup::Tex, "Genes of <i>Drosophila</i>", Some("Genes of <i>Drosophila</i>")),
            (Markup::Tex, r"A plain title with \LaTeX{} in it", None),
            (Markup::Tex, r"{\textit{E. coli}} {\'E}tude", Some("[<i>E. coli</i>] Étude")),
            (Markup::Tex, r"\emph{open", None),
            (
                Markup::Html,
                "Of <em>E. coli </em>and <jats:italic>B. subtilis</jats:italic>",
                Some("Of <i>E. coli</i> and <i>B. subtilis</i>"),
            ),
            (Markup::Html, "Of &lt;i&gt;E. coli&lt;/i&gt; a &lt; b", Some("Of <i>E. coli</i> a &lt; b")),
            (Markup::Html, "Of &amp;lt;i&amp;gt;E. coli&amp;lt;/i&amp;gt;", Some("Of <i>E. coli</i>")),
            (
                Markup::Html,
                "<span class=\"nocase\">de</span> <span>x</span> <span style=\"font-variant: small-caps;\">y</span>",
                Some("[de] x (y]"),
            ),
            (Markup::Html, "<i>open and <b>crossed</i></b>", None),
            (Markup::Html, "H<sub>2</sub>O in <scp>Ibid</scp>", Some("H₂O in (Ibid]")),
            (Markup::PerhapsTex, r"Search for $D^0$ in {\it BABAR}", Some("Search for D⁰ in <i>BABAR</i>")),
            (Markup::PerhapsTex, r"Sets {0, 1}", None),
            (
                Markup::Markdown,
                "Of *E. coli* and _x_ **b** ***c***",
                Some("Of <i>E. coli</i> and <i>x</i> <b>b</b> <b><i>c</i></b>"),
            ),
            (Markup::Markdown, "[de]{.nocase} [Ibid]{.smallcaps} [x](y) 2*3", Some("[de] (Ibid] x 2*3")),
            (Markup::Plain, "*a* <i>b</i>", None),
        ];
        for (markup, raw, expected) in cases {
            let expected = expected.map(|text| text.replace("&lt;", "<"));
            assert_eq!(shown(markup, raw), expected, "{markup:?} {raw}");
        }
    }

    #[test]
    fn deep_marks_cost_little() {
        let deep = "{\\it a".repeat(50_000) + &"}".repeat(50_000);
        assert!(shown(Markup::Tex, &deep).is_none_or(|text| text.len() > 50_000));
        let deep = "<i>".repeat(50_000) + &"</i>".repeat(50_000);
        assert_eq!(shown(Markup::Html, &deep), None);
    }

    proptest! {
        #[test]
        fn the_letters_are_those_without_marks(raw in r"([a-cA]|\\emph\{|\{\\it |\{|\}|<i>|</i>|\*|\[|\]\{.nocase\}|\\&|\$|[ ]){0,12}") {
            for markup in [Markup::Tex, Markup::PerhapsTex, Markup::Html, Markup::Markdown] {
                let plain = clean(markup, &raw);
                if let Some(marked) = marked(markup, &raw, &plain) {
                    prop_assert_eq!(MarkedText::parse(&marked).plain, plain, "{}", marked);
                }
            }
        }
    }
}
