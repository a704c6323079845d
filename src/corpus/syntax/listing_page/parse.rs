//! Lines of listing pages → entries.

use std::io;
use std::ops::ControlFlow;

use super::line::{DateLine, Furniture, LineKind, author_count, classify};
use super::paragraph::{Paragraph, TextLine};
use super::split::{Following, Step, next_step};
use super::{Block, Entry, Event};
use crate::corpus::Input;
use crate::corpus::source::{Line, LineReader, excerpt, line_units};
use crate::diagnostic::Diagnostic;
use crate::paper::Span;

/// Reads a file of one or more pages. Fails where the file cannot be read.
pub(in crate::corpus) fn read(
    input: &mut dyn Input,
    each: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut parser = Parser {
        each,
        header: Some(Header::default()),
        waiting: Vec::new(),
        open: Paragraph::default(),
        block: None,
        with_block: 0,
        without_block: 0,
    };
    let mut lines = LineReader::new(input);
    while let Some(line) = lines.next_line()? {
        if parser.take_line(line).is_break() {
            return Ok(());
        }
    }
    // Nothing follows that could be broken off.
    let _ = parser.finish();
    Ok(())
}

struct Parser<'a> {
    each: &'a mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    /// Furniture seen since the page began, while no entry has begun yet.
    header: Option<Header>,
    waiting: Vec<Paragraph>,
    open: Paragraph,
    block: Option<Block>,
    /// Entries of this page with and without a block.
    with_block: usize,
    without_block: usize,
}

#[derive(Default)]
struct Header {
    seen: Vec<Furniture>,
    has_date: bool,
}

impl Parser<'_> {
    fn take_line(&mut self, line: Line<'_>) -> ControlFlow<()> {
        if line.too_long {
            self.fault(line.number, "the line is too long for any paper; it was skipped".to_owned())?;
            return self.close_paragraph();
        }
        let text = String::from_utf8_lossy(line.bytes).into_owned();
        let kind = classify(&text);
        let line = TextLine { text, start: line.start, end: line.end, number: line.number };
        match self.block.take() {
            Some(block) => self.take_block_line(block, kind, line),
            None => self.take_plain_line(kind, line),
        }
    }

    /// A line where no block is open.
    fn take_plain_line(&mut self, kind: LineKind, line: TextLine) -> ControlFlow<()> {
        let stands_alone = self.open.lines.is_empty();
        match kind {
            LineKind::Blank => self.close_paragraph()?,
            LineKind::Authors(count) => {
                self.close_paragraph()?;
                self.block = Some(Block { authors: Some(count), ..Block::at(&line) });
            }
            LineKind::Dot => self.open_block_at_dot(&line)?,
            LineKind::Furniture(furniture) if stands_alone || furniture.is_unmistakable() => {
                self.take_furniture(furniture, line)?;
            }
            LineKind::Date(date) if stands_alone && self.is_page_date() => self.take_page_date(&date)?,
            LineKind::Date(date) if self.is_date_of_entry(stands_alone) => {
                self.close_paragraph()?;
                self.end_entry(Block { date: Some(date), ..Block::at(&line) })?;
            }
            _ => self.take_text(line),
        }
        ControlFlow::Continue(())
    }

    /// A line where a block is open: the rest of the block, or the end of a damaged one.
    fn take_block_line(&mut self, mut block: Block, kind: LineKind, line: TextLine) -> ControlFlow<()> {
        let follows_at_once = line.number == block.last_line.saturating_add(1);
        match kind {
            LineKind::Blank => self.block = Some(block),
            LineKind::Dot if !block.has_dot => {
                block.has_dot = true;
                self.block = Some(block.grown(&line));
            }
            LineKind::Date(date) => {
                block.date = Some(date);
                self.end_entry(block.grown(&line))?;
            }
            LineKind::Text if block.has_dot && follows_at_once && line.text.len() <= 60 => {
                self.fault(line.number, format!("not a date: `{}` (ignored)", excerpt(&line.text, 40)))?;
                self.end_entry(block.grown(&line))?;
            }
            _ => {
                self.fault(block.last_line, "the block below the abstract ends without a date".to_owned())?;
                self.end_entry(block)?;
                self.take_plain_line(kind, line)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// A dot opens a block whose first line looked like text until now.
    fn open_block_at_dot(&mut self, dot: &TextLine) -> ControlFlow<()> {
        let mut block = Block { has_dot: true, ..Block::at(dot) };
        if let Some(line) = self.open.pop() {
            block.authors = author_count(&line.text);
            block.label = Some(line.text).filter(|_| block.authors.is_none());
        }
        self.close_paragraph()?;
        self.block = Some(block);
        ControlFlow::Continue(())
    }

    fn take_furniture(&mut self, furniture: Furniture, line: TextLine) -> ControlFlow<()> {
        let again = self.header.as_ref().is_some_and(|header| header.seen.contains(&furniture));
        match &mut self.header {
            Some(header) if !again => header.seen.push(furniture),
            // What looks like furniture but is not at the top of the page may be a title or a new page.
            _ if furniture.is_unmistakable() || self.waiting.last().is_some_and(|last| last.is_furniture) => {
                self.begin_page(furniture)?;
            }
            _ => {
                self.take_text(line);
                self.open.is_furniture = true;
            }
        }
        ControlFlow::Continue(())
    }

    /// A new page begins with this line of furniture, or began with furniture taken for paragraphs.
    fn begin_page(&mut self, furniture: Furniture) -> ControlFlow<()> {
        self.close_paragraph()?;
        let mut seen = vec![furniture];
        while let Some(last) = self.waiting.pop_if(|last| last.is_furniture) {
            if let Some(LineKind::Furniture(earlier)) = last.lines.first().map(|line| classify(&line.text)) {
                seen.push(earlier);
            }
        }
        self.drain(Following::End, None)?;
        (self.with_block, self.without_block) = (0, 0);
        self.header = Some(Header { seen, has_date: false });
        (self.each)(Event::Page)
    }

    fn is_page_date(&self) -> bool {
        self.header.as_ref().is_some_and(|header| !header.has_date && !header.seen.is_empty())
    }

    fn take_page_date(&mut self, date: &DateLine) -> ControlFlow<()> {
        if let Some(header) = &mut self.header {
            header.has_date = true;
        }
        date.year.map_or(ControlFlow::Continue(()), |year| (self.each)(Event::YearOfPage(year)))
    }

    /// Whether a line that reads like a date ends an entry although nothing else of a block precedes it: where entries
    /// do have blocks and a text could be there. Anywhere else it may be a title.
    fn is_date_of_entry(&self, stands_alone: bool) -> bool {
        let paragraphs = self.waiting.len() + usize::from(!stands_alone);
        self.with_block > 0 && paragraphs >= 2
    }

    fn take_text(&mut self, line: TextLine) {
        self.header = None;
        self.open.push(line);
    }

    fn close_paragraph(&mut self) -> ControlFlow<()> {
        if self.open.lines.is_empty() {
            return ControlFlow::Continue(());
        }
        self.waiting.push(std::mem::take(&mut self.open));
        self.drain(Following::More, None)
    }

    /// The end of the file, perhaps in the middle of an entry.
    fn finish(&mut self) -> ControlFlow<()> {
        if let Some(block) = self.block.take() {
            self.fault(block.last_line, "the file ends inside the block of its last paper".to_owned())?;
            self.end_entry(block)?;
        }
        self.close_paragraph()?;
        self.drain(Following::End, None)
    }

    fn end_entry(&mut self, block: Block) -> ControlFlow<()> {
        self.close_paragraph()?;
        self.header = None;
        if let Some(year) = block.date.as_ref().and_then(|date| date.year) {
            (self.each)(Event::YearOfEntry(year))?;
        }
        if self.waiting.is_empty() {
            self.fault(block.first_line, "no title stands above this block; it was skipped".to_owned())?;
        }
        let everywhere = self.with_block > 0 && self.without_block == 0;
        self.drain(Following::Block { everywhere }, Some(block))
    }

    /// Hands on the entries that are complete among the waiting paragraphs; the block belongs to the last.
    fn drain(&mut self, following: Following, mut block: Option<Block>) -> ControlFlow<()> {
        while !self.waiting.is_empty() {
            let has_text = match next_step(&self.waiting, following) {
                Step::Wait => break,
                Step::DropFirst => {
                    let dropped = self.waiting.remove(0);
                    let line = dropped.lines.first().map_or(0, |line| line.number);
                    self.fault(line, "no title stands above this abstract; it was skipped".to_owned())?;
                    continue;
                }
                Step::SplitFirst => {
                    if let Some(title) = self.waiting.first_mut().and_then(Paragraph::split_first) {
                        self.waiting.insert(0, title);
                    }
                    continue;
                }
                Step::JoinThird => {
                    let third = self.waiting.remove(2);
                    if let Some(second) = self.waiting.get_mut(1) {
                        second.absorb(third);
                    }
                    continue;
                }
                Step::TitleOnly => false,
                Step::TitleAndAbstract => true,
            };
            let title = self.waiting.remove(0);
            let text = has_text.then(|| self.waiting.remove(0));
            let block = block.take_if(|_| self.waiting.is_empty());
            self.hand_on(title, text, block)?;
        }
        ControlFlow::Continue(())
    }

    fn hand_on(&mut self, title: Paragraph, text: Option<Paragraph>, block: Option<Block>) -> ControlFlow<()> {
        *(if block.is_some() { &mut self.with_block } else { &mut self.without_block }) += 1;
        for paragraph in [Some(&title), text.as_ref()].into_iter().flatten() {
            if let Some(line) = paragraph.lines.last().filter(|_| paragraph.is_cut) {
                let message = "the paragraph is too long for any paper; it was cut here".to_owned();
                self.fault(line.number, message)?;
            }
        }
        let Some(span) = span(&title, text.as_ref(), block.as_ref()) else { return ControlFlow::Continue(()) };
        (self.each)(Event::Entry(&Entry { span, title, text, block }))
    }

    /// Reports something wrong on a line counted from 0.
    fn fault(&mut self, line: u32, message: String) -> ControlFlow<()> {
        (self.each)(Event::Fault(Diagnostic::at_line(line.saturating_add(1), message)))
    }
}

impl Block {
    fn at(line: &TextLine) -> Self {
        Self { first_line: line.number, ..Self::default() }.grown(line)
    }

    fn grown(mut self, line: &TextLine) -> Self {
        (self.last_line, self.end) = (line.number, line.end);
        self
    }
}

fn span(title: &Paragraph, text: Option<&Paragraph>, block: Option<&Block>) -> Option<Span> {
    let first = title.lines.first()?;
    let last = text.and_then(|text| text.lines.last()).or(title.lines.last())?;
    let (end, end_line) = block.map_or((last.end, last.number), |block| (block.end, block.last_line));
    let title_utf16 = line_units(first.text.as_bytes());
    Some(Span { start: first.start, end, line: first.number, end_line, title_utf16 })
}
