//! One pass over marked-up text: tags drop, entities resolve, formulas become text.

use memchr::memmem;

use super::frames::{Frame, is_heading, split_off};
use super::push_with_entities;
use super::tags::{Kind, Tag, tag};
use crate::corpus::mathml::Layout;
use crate::corpus::text::tex::small;
use crate::paper::is_invisible;

/// Deeper elements are text like any other.
const MAX_DEPTH: usize = 64;

/// The text without one layer of mark-up.
pub(super) fn cleaned(text: &str) -> String {
    let mut cleaner = Cleaner::new(text);
    cleaner.run(text);
    cleaner.out
}

struct Cleaner {
    out: String,
    frames: Vec<Frame>,
    /// The single letters that are names of end tags in the text, as bits: small ones first.
    single_letters: u64,
    /// How many elements of `MathML` are open.
    in_math: usize,
    /// Where the first text stands that is not blank.
    first_text: Option<usize>,
    /// A heading ended, and what follows it is not there yet.
    after_heading: bool,
    /// Ends that the rest of the text does not hold.
    missing: Vec<&'static str>,
}

impl Cleaner {
    fn new(text: &str) -> Self {
        Self {
            out: String::with_capacity(text.len()),
            frames: Vec::new(),
            single_letters: single_letters(text),
            in_math: 0,
            first_text: None,
            after_heading: false,
            missing: Vec::new(),
        }
    }

    fn run(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
            self.text(rest.get(..at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default();
            rest = self.angle(rest);
        }
        self.text(rest);
    }

    /// What follows what stands at an angle bracket.
    fn angle<'t>(&mut self, text: &'t str) -> &'t str {
        let after = |length: usize| text.get(length..).unwrap_or_default();
        for (open, close) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")] {
            if text.starts_with(open)
                && let Some(end) = self.find(after(open.len()), close)
            {
                let (inside, rest) = after(open.len()).split_at_checked(end).unwrap_or_default();
                if open.starts_with("<![") {
                    self.push(inside);
                }
                return rest.get(close.len()..).unwrap_or_default();
            }
        }
        let letters = self.single_letters;
        match tag(text, |letter| bit_of(letter).is_some_and(|bit| letters & bit != 0)) {
            Some(tag) if self.frames.len() < MAX_DEPTH || tag.is_end || tag.is_empty => {
                self.tag(tag);
                after(tag.length)
            }
            Some(tag) => after(tag.length),
            None => {
                self.push("<");
                after(1)
            }
        }
    }

    /// Where an end stands in the rest of the text. One that is not there is not looked for again.
    fn find(&mut self, rest: &str, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = memmem::find(rest.as_bytes(), end.as_bytes());
        if found.is_none() {
            self.missing.push(end);
        }
        found
    }

    fn tag(&mut self, tag: Tag) {
        match (tag.kind, tag.is_end, tag.is_empty) {
            (Kind::Inline, ..) => {}
            (Kind::Block, ..) => self.gap(),
            (Kind::InMath(Layout::Space), false, _) => self.out.push(' '),
            (kind, true, _) => self.close(kind),
            (kind, false, true) => {
                self.child(kind);
            }
            (kind, false, false) => self.open(kind),
        }
    }

    fn open(&mut self, kind: Kind) {
        self.child(kind);
        match kind {
            Kind::Heading => self.gap(),
            Kind::Math => {
                self.in_math += 1;
                // The formula in TeX says the same.
                if let Some(frame) = self.alternatives() {
                    frame.has_math = true;
                    if let Some(start) = frame.tex.take() {
                        drop(split_off(&mut self.out, start));
                    }
                }
            }
            _ => {}
        }
        self.frames.push(Frame::new(kind, self.out.len()));
    }

    /// The element that a formula stands in together with others of its meaning.
    fn alternatives(&mut self) -> Option<&mut Frame> {
        self.frames.iter_mut().rev().find(|frame| frame.kind == Kind::Alternatives)
    }

    /// Tells the element around that it has another child.
    fn child(&mut self, kind: Kind) {
        let at = self.out.len();
        if let (Kind::InMath(_), Some(frame)) = (kind, self.frames.last_mut()) {
            frame.child(at);
        }
    }

    /// Ends the innermost element of a kind; those within that have not ended do so too.
    fn close(&mut self, kind: Kind) {
        let Some(at) = self.frames.iter().rposition(|frame| frame.kind == kind) else { return };
        while self.frames.len() > at {
            let Some(frame) = self.frames.pop() else { return };
            self.end(&frame);
        }
    }

    fn end(&mut self, frame: &Frame) {
        match frame.kind {
            Kind::Hidden => drop(split_off(&mut self.out, frame.start)),
            Kind::Script(sign) => {
                let text = split_off(&mut self.out, frame.start);
                let small = small(&text, sign).filter(|small| !small.is_empty());
                self.out.push_str(small.as_deref().unwrap_or(&text));
            }
            Kind::Heading => self.end_heading(frame.start),
            Kind::TexMath => self.end_tex(frame.start),
            Kind::Math => self.in_math = self.in_math.saturating_sub(1),
            Kind::InMath(layout) => frame.lay_out(layout, &mut self.out),
            Kind::Alternatives | Kind::Inline | Kind::Block => {}
        }
    }

    /// A heading is parted from what follows by a colon. An abstract need not say that it is one.
    fn end_heading(&mut self, start: usize) {
        if self.first_text.is_none_or(|first| first >= start) && self.out.get(start..).is_some_and(is_heading) {
            drop(split_off(&mut self.out, start));
            self.first_text = None;
            return;
        }
        let ends_open = self
            .out
            .get(start..)
            .and_then(|text| text.trim_end().chars().next_back())
            .is_some_and(char::is_alphanumeric);
        self.after_heading = ends_open;
        self.gap();
    }

    /// The formula of a whole TeX document, which is what publishers write.
    fn end_tex(&mut self, start: usize) {
        let document = split_off(&mut self.out, start);
        let body = document.split_once("\\begin{document}").map_or(document.as_str(), |(_, body)| body);
        let body = body.split_once("\\end{document}").map_or(body, |(body, _)| body).trim();
        let known = self.alternatives().map(|frame| {
            frame.tex = Some(start);
            frame.has_math
        });
        if known == Some(true) || body.is_empty() {
            return;
        }
        // A display would stand on a line of its own.
        let body = body.strip_prefix("$$").and_then(|body| body.strip_suffix("$$")).unwrap_or(body).trim();
        if body.contains('$') {
            self.out.push_str(body);
        } else {
            self.out.extend(["$", body, "$"]);
        }
    }

    fn text(&mut self, text: &str) {
        let in_token = self.frames.last().is_some_and(|frame| frame.kind == Kind::InMath(Layout::Token));
        if self.in_math == 0 {
            self.push(text);
        } else if in_token {
            // The space around a token is that of the file, and what is invisible is not read.
            let start = self.out.len();
            self.push(text.trim());
            if let Some(token) = self.out.get(start..).filter(|token| token.contains(is_invisible)) {
                let token = token.replace(is_invisible, "");
                drop(split_off(&mut self.out, start));
                self.out.push_str(&token);
            }
        } else if !text.trim().is_empty() {
            self.push(text.trim());
        }
    }

    fn push(&mut self, text: &str) {
        let is_blank = text.trim_start().is_empty();
        if !is_blank && self.first_text.is_none() {
            self.first_text = Some(self.out.len());
        }
        if self.after_heading && !is_blank {
            self.after_heading = false;
            let end = self.out.trim_end().len();
            self.out.truncate(end);
            self.out.push_str(": ");
        }
        if text.contains('&') { push_with_entities(text, &mut self.out) } else { self.out.push_str(text) }
    }

    fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }
}

/// The single letters that are names of end tags.
fn single_letters(text: &str) -> u64 {
    let ends = memmem::find_iter(text.as_bytes(), b"</");
    let letters = ends.filter_map(|at| match text.as_bytes().get(at + 2..at + 4) {
        Some(&[letter, b'>']) => bit_of(letter),
        _ => None,
    });
    letters.fold(0, |bits, bit| bits | bit)
}

fn bit_of(letter: u8) -> Option<u64> {
    match letter {
        b'a'..=b'z' => Some(1 << (letter - b'a')),
        b'A'..=b'Z' => Some(1 << (letter - b'A' + 26)),
        _ => None,
    }
}
