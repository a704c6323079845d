//! Runs of lines between blank lines, and what their shape says about them.

/// The most text of one paragraph that is kept, in bytes; more is not the text of a paper.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A line of text with its place.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    pub(super) text: String,
    /// Byte offset of the first byte.
    pub(super) start: u64,
    /// Byte offset after the last byte, before the line ending.
    pub(super) end: u64,
    /// Counted from 0.
    pub(super) number: u32,
}

/// Lines that belong together.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Paragraph {
    pub(super) lines: Vec<TextLine>,
    /// The text reads like the furniture of a page.
    pub(super) is_furniture: bool,
    /// Lines beyond the limit were left out.
    pub(super) is_cut: bool,
    bytes: usize,
    shape: Shape,
}

impl Paragraph {
    /// Adds a line, unless the paragraph is full already.
    pub(super) fn push(&mut self, line: TextLine) {
        self.bytes += line.text.len();
        if self.bytes <= MAX_BYTES {
            self.shape.add(&line.text);
            self.lines.push(line);
        } else {
            self.is_cut = true;
        }
    }

    fn extend(&mut self, lines: impl IntoIterator<Item = TextLine>) {
        for line in lines {
            self.push(line);
        }
    }

    /// Adds all lines of another paragraph.
    pub(super) fn absorb(&mut self, other: Self) {
        self.is_cut |= other.is_cut;
        self.extend(other.lines);
    }

    /// Takes the last line away.
    pub(super) fn pop(&mut self) -> Option<TextLine> {
        let line = self.lines.pop()?;
        let kept = std::mem::take(&mut self.lines);
        (self.bytes, self.shape) = (0, Shape::default());
        self.extend(kept);
        Some(line)
    }

    /// Takes the first line away as a paragraph of its own.
    pub(super) fn split_first(&mut self) -> Option<Self> {
        let mut lines = std::mem::take(&mut self.lines).into_iter();
        let mut first = Self::default();
        first.push(lines.next()?);
        (self.bytes, self.shape) = (0, Shape::default());
        self.extend(lines);
        Some(first)
    }

    /// The text, with line feeds between its lines.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        texts.join("\n")
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }
}

/// What the shape of a text says about whether it is a title or an abstract, which is the text below it.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Shape {
    /// Length in bytes.
    pub(super) length: usize,
    /// How often one sentence ends and another begins.
    breaks: usize,
    ends_sentence: bool,
    has_address: bool,
    begins_lower: bool,
}

impl Shape {
    pub(super) fn of(text: &str) -> Self {
        let mut shape = Self::default();
        shape.add(text);
        shape
    }

    fn add(&mut self, text: &str) {
        let text = text.trim();
        if self.length == 0 {
            self.begins_lower = text.starts_with(char::is_lowercase);
        } else if self.ends_sentence {
            self.breaks += 1;
        }
        self.length += text.len();
        self.breaks += sentence_breaks(text);
        self.has_address |= text.contains("://");
        self.ends_sentence = ends_sentence(text);
    }

    /// Certainly no title: several sentences, or one long one.
    pub(super) fn is_abstract(self) -> bool {
        (self.length >= 200 && self.ends_sentence) || (self.length >= 300 && self.breaks >= 2) || self.length >= 2000
    }

    /// Running text that no title looks like.
    pub(super) fn is_prose(self) -> bool {
        self.is_abstract() || self.has_address || self.begins_lower || self.breaks > 0 || self.ends_sentence
    }

    /// Short and without the marks of running text.
    pub(super) fn is_title(self) -> bool {
        self.length <= 300 && !self.is_prose()
    }

    /// Several sentences: running text even where it is short.
    pub(super) fn has_sentences(self) -> bool {
        self.length >= 200 && self.breaks >= 1 && self.ends_sentence
    }
}

/// How often a full stop is followed by a capital and follows a word rather than an abbreviation.
fn sentence_breaks(text: &str) -> usize {
    let is_break = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = text.get(at + 2..).and_then(|after| after.chars().next());
        word.chars().filter(|c| c.is_alphanumeric()).count() > 3 && after.is_some_and(char::is_uppercase)
    };
    text.match_indices(". ").filter(|(at, _)| is_break(*at)).count()
}

/// Whether the text ends as a sentence does. Question and exclamation marks end titles, too, and do not count.
fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', ')', '”', '’', ']']);
    text.ends_with(['.', '。', '।']) && !text.ends_with("...")
}
