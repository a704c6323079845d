//! Lines of listing pages → records and problems.

use std::io;

use crate::corpus::source::{Line, LineReader};
use crate::corpus::text::{decoded, excerpt};
use crate::corpus::{Found, Input};
use crate::paper::{Organization, Problem, Record, Span};

use super::classify::{Furniture, LineKind, WrittenDate, author_count, classify, organization};
use super::paragraph::{Paragraph, TextLine};
use super::split::{Behind, Step, next_step};

/// The years written on one page.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageYears {
    header: Option<i32>,
    latest_paper: Option<i32>,
}

impl PageYears {
    /// The year of the page: later than every year written beside a paper, because the year of the
    /// page is not written there. `None` where no year is written at all.
    fn year_of_page(self) -> Option<i32> {
        match (self.header, self.latest_paper) {
            (Some(header), latest) if latest.is_none_or(|latest| header > latest) => Some(header),
            (_, latest) => latest.map(|latest| latest.saturating_add(1)),
        }
    }
}

/// Parses a file of one or more listing pages.
pub(super) struct PageParser<'s> {
    /// The years of every page, or `None` on the first pass, which only gathers them.
    known_years: Option<&'s [PageYears]>,
    sink: &'s mut dyn FnMut(Found) -> bool,
    /// The sink still wants to hear.
    listening: bool,
    /// The years of the pages so far, the current page last.
    years: Vec<PageYears>,
    /// Furniture seen since the page began, while no paper has begun yet.
    header: Option<Header>,
    waiting: Vec<Paragraph>,
    open: Paragraph,
    block: Option<Block>,
    /// Papers of this page with and without a block.
    with_block: usize,
    without_block: usize,
}

#[derive(Default)]
struct Header {
    seen: Vec<Furniture>,
    has_date: bool,
}

/// The lines below an abstract, as far as they have been read.
#[derive(Default, Clone)]
struct Block {
    authors: Option<u32>,
    organization: Option<Organization>,
    date: Option<WrittenDate>,
    has_dot: bool,
    /// The first and the last line, counted from 0, and the byte offset behind the last.
    first_line: u32,
    last_line: u32,
    end: u64,
}

impl<'s> PageParser<'s> {
    pub(super) fn new(known_years: Option<&'s [PageYears]>, sink: &'s mut dyn FnMut(Found) -> bool) -> Self {
        Self {
            known_years,
            sink,
            listening: true,
            years: vec![PageYears::default()],
            header: Some(Header::default()),
            waiting: Vec::new(),
            open: Paragraph::default(),
            block: None,
            with_block: 0,
            without_block: 0,
        }
    }

    /// Reads everything and gives the years of every page.
    pub(super) fn run(mut self, input: &mut dyn Input) -> io::Result<Vec<PageYears>> {
        let mut lines = LineReader::new(input);
        while self.listening {
            match lines.next_line()? {
                Some(line) => self.take_line(line),
                None => break,
            }
        }
        if self.listening {
            self.finish();
        }
        Ok(self.years)
    }

    fn take_line(&mut self, line: Line<'_>) {
        if line.too_long {
            self.problem(line.number, "The line is too long for any paper and was skipped".to_owned());
            self.close_paragraph();
            return;
        }
        let (text, replaced) = decoded(line.bytes);
        let kind = classify(&text);
        let line =
            TextLine { text: text.into_owned(), start: line.start, end: line.end, number: line.number, replaced };
        match self.block.take() {
            Some(block) => self.take_block_line(block, &kind, line),
            None => self.take_plain_line(&kind, line),
        }
    }

    /// A line where no block is open.
    fn take_plain_line(&mut self, kind: &LineKind, line: TextLine) {
        let stands_alone = self.open.lines.is_empty();
        match *kind {
            LineKind::Blank => self.close_paragraph(),
            LineKind::Authors(count) => {
                self.close_paragraph();
                self.block = Some(Block { authors: Some(count), ..Block::at(&line) });
            }
            LineKind::Dot => self.open_block_at_dot(&line),
            LineKind::Furniture(furniture) if stands_alone || furniture.is_unmistakable() => {
                self.take_furniture(furniture, line);
            }
            LineKind::Date(date) if stands_alone && self.is_page_date() => self.take_page_date(date),
            LineKind::Date(date) if self.is_date_of_paper(stands_alone) => {
                self.close_paragraph();
                self.end_paper(Block { date: Some(date), ..Block::at(&line) });
            }
            _ => self.take_text(line),
        }
    }

    /// A line where a block is open: the rest of the block, or the end of a damaged one.
    fn take_block_line(&mut self, mut block: Block, kind: &LineKind, line: TextLine) {
        let follows_at_once = line.number == block.last_line.saturating_add(1);
        match *kind {
            LineKind::Blank => self.block = Some(block),
            LineKind::Dot if !block.has_dot => {
                block.has_dot = true;
                self.block = Some(block.grown(&line));
            }
            LineKind::Date(date) => {
                block.date = Some(date);
                self.end_paper(block.grown(&line));
            }
            LineKind::Text if block.has_dot && follows_at_once && line.text.len() <= 60 => {
                let shown = excerpt(&line.text, 40);
                self.problem(line.number, format!("`{shown}` is no date, so the paper has none"));
                self.end_paper(block.grown(&line));
            }
            _ => {
                self.problem(block.last_line, "The block below the abstract ends without a date".to_owned());
                self.end_paper(block);
                self.take_plain_line(kind, line);
            }
        }
    }

    /// A dot opens a block whose first line, an organisation, looked like text until now.
    fn open_block_at_dot(&mut self, dot: &TextLine) {
        let mut block = Block { has_dot: true, ..Block::at(dot) };
        if let Some(line) = self.open.pop() {
            block.authors = author_count(&line.text);
            block.organization = if block.authors.is_none() { organization(&line.text) } else { None };
        }
        self.close_paragraph();
        self.block = Some(block);
    }

    fn take_furniture(&mut self, furniture: Furniture, line: TextLine) {
        let again = self.header.as_ref().is_some_and(|header| header.seen.contains(&furniture));
        match &mut self.header {
            Some(header) if !again => header.seen.push(furniture),
            // What looks like furniture but is not at the top of the page may be a title or a new page.
            _ if furniture.is_unmistakable() || self.waiting.last().is_some_and(|last| last.is_furniture) => {
                self.begin_page(furniture);
            }
            _ => {
                self.take_text(line);
                self.open.is_furniture = true;
            }
        }
    }

    /// A new page begins with this line of furniture, or began with furniture taken for paragraphs.
    fn begin_page(&mut self, furniture: Furniture) {
        self.close_paragraph();
        let mut seen = vec![furniture];
        while let Some(last) = self.waiting.pop_if(|last| last.is_furniture) {
            if let Some(LineKind::Furniture(earlier)) = last.lines.first().map(|line| classify(&line.text)) {
                seen.push(earlier);
            }
        }
        self.drain(Behind::End, None);
        self.years.push(PageYears::default());
        (self.with_block, self.without_block) = (0, 0);
        self.header = Some(Header { seen, has_date: false });
    }

    fn is_page_date(&self) -> bool {
        self.header.as_ref().is_some_and(|header| !header.has_date && !header.seen.is_empty())
    }

    fn take_page_date(&mut self, date: WrittenDate) {
        if let Some(header) = &mut self.header {
            header.has_date = true;
        }
        if let Some(page) = self.years.last_mut() {
            page.header = date.year;
        }
    }

    /// Whether a line that reads like a date ends a paper although nothing else of a block precedes
    /// it: where papers do have blocks and an abstract could be there. Anywhere else it may be a title.
    fn is_date_of_paper(&self, stands_alone: bool) -> bool {
        let paragraphs = self.waiting.len() + usize::from(!stands_alone);
        self.with_block > 0 && paragraphs >= 2
    }

    fn take_text(&mut self, line: TextLine) {
        self.header = None;
        self.open.push(line);
    }

    fn close_paragraph(&mut self) {
        if !self.open.lines.is_empty() {
            self.waiting.push(std::mem::take(&mut self.open));
            self.drain(Behind::More, None);
        }
    }

    /// The end of the file, perhaps in the middle of a paper.
    fn finish(&mut self) {
        if let Some(block) = self.block.take() {
            self.problem(block.last_line, "The file ends inside the block of its last paper".to_owned());
            self.end_paper(block);
        }
        self.close_paragraph();
        self.drain(Behind::End, None);
    }

    fn end_paper(&mut self, block: Block) {
        self.close_paragraph();
        self.header = None;
        if let (Some(page), Some(date)) = (self.years.last_mut(), block.date) {
            page.latest_paper = page.latest_paper.max(date.year);
        }
        if self.waiting.is_empty() {
            self.problem(block.first_line, "No title stands above this block, so it was skipped".to_owned());
        }
        let everywhere = self.with_block > 0 && self.without_block == 0;
        self.drain(Behind::Block { everywhere }, Some(block));
    }

    /// Emits the papers that are complete among the waiting paragraphs; the block belongs to the last.
    fn drain(&mut self, behind: Behind, mut block: Option<Block>) {
        while !self.waiting.is_empty() {
            match next_step(&self.waiting, behind) {
                Step::Wait => return,
                Step::DropFirst => {
                    let dropped = self.waiting.remove(0);
                    let line = dropped.lines.first().map_or(0, |line| line.number);
                    self.problem(line, "No title stands above this abstract, so it was skipped".to_owned());
                }
                Step::SplitFirst => {
                    if let Some(title) = self.waiting.first_mut().and_then(Paragraph::split_first) {
                        self.waiting.insert(0, title);
                    }
                }
                Step::JoinThird => {
                    let third = self.waiting.remove(2);
                    if let Some(second) = self.waiting.get_mut(1) {
                        second.absorb(third);
                    }
                }
                Step::TitleOnly => {
                    let title = self.waiting.remove(0);
                    let block = if self.waiting.is_empty() { block.take() } else { None };
                    self.emit(&title, None, block.as_ref());
                }
                Step::TitleAndAbstract => {
                    let title = self.waiting.remove(0);
                    let text = self.waiting.remove(0);
                    let block = if self.waiting.is_empty() { block.take() } else { None };
                    self.emit(&title, Some(&text), block.as_ref());
                }
            }
        }
    }

    fn emit(&mut self, title: &Paragraph, text: Option<&Paragraph>, block: Option<&Block>) {
        if block.is_some() {
            self.with_block += 1;
        } else {
            self.without_block += 1;
        }
        let Some(years) = self.known_years else { return };
        let page = self.years.len().saturating_sub(1);
        let page_year = years.get(page).and_then(|years| years.year_of_page());
        let Some(first_line) = title.lines.first() else { return };
        if text.is_none() && block.is_none() {
            self.problem(first_line.number, "No abstract follows this title".to_owned());
        }
        for paragraph in std::iter::once(title).chain(text) {
            self.report_damage(paragraph);
        }
        let record = record_of(title, text, block, page_year);
        self.tell(Found::Record(Box::new(record)));
    }

    fn report_damage(&mut self, paragraph: &Paragraph) {
        if let Some(line) = paragraph.lines.iter().find(|line| line.replaced) {
            self.problem(line.number, "Some bytes are no UTF-8 and were replaced".to_owned());
        }
        if let Some(line) = paragraph.lines.last().filter(|_| paragraph.is_cut) {
            self.problem(line.number, "The paragraph is too long for any paper and was cut here".to_owned());
        }
    }

    /// Reports a problem on a line counted from 0.
    fn problem(&mut self, line: u32, message: String) {
        if self.known_years.is_some() {
            self.tell(Found::Problem(Problem { line: line.saturating_add(1), message }));
        }
    }

    fn tell(&mut self, found: Found) {
        self.listening = self.listening && (self.sink)(found);
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

fn record_of(title: &Paragraph, text: Option<&Paragraph>, block: Option<&Block>, page_year: Option<i32>) -> Record {
    let first = title.lines.first();
    let last = text.and_then(|text| text.lines.last()).or(title.lines.last());
    let (end, end_line) = match block {
        Some(block) => (block.end, block.last_line),
        None => last.map_or((0, 0), |line| (line.end, line.number)),
    };
    let title_utf16 = first.map_or(0, |line| line.text.encode_utf16().count());
    let span = Span {
        start: first.map_or(0, |line| line.start),
        end,
        line: first.map_or(0, |line| line.number),
        end_line,
        title_utf16: u32::try_from(title_utf16).unwrap_or(u32::MAX),
    };
    let date = block.and_then(|block| block.date);
    Record {
        title: title.text(),
        abstract_text: text.map(Paragraph::text),
        author_count: block.and_then(|block| block.authors),
        organization: block.and_then(|block| block.organization.clone()),
        date: date.and_then(|date| date.resolve(page_year)),
        comments: date.and_then(|date| date.comments),
        span,
        ..Record::default()
    }
}
