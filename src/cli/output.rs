//! Writing to the terminal: styles that vanish where they cannot be seen, paths, widths, errors.

use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use owo_colors::OwoColorize;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::diagnostic::Diagnostic;
use crate::files::Resolve;

/// Text is set at most this wide, however wide the terminal is.
const WIDEST: usize = 100;

/// What stands before the lines of a row.
const INDENT: &str = "    ";

/// The columns before the lines of a row.
pub(super) const INDENT_COLUMNS: usize = INDENT.len();

/// Standard output: in colour on a terminal, plain elsewhere or where `NO_COLOR` is set.
///
/// Nothing is written before [`Output::flush`]: an answer that turns out to come from a damaged index is dropped.
pub(super) struct Output {
    waiting: Vec<Piece>,
    /// Paths below this folder are shown without it.
    base: Option<PathBuf>,
    width: Option<usize>,
}

/// What waits to be written.
enum Piece {
    /// Lines with styles.
    Styled(String),
    /// Text that is to arrive byte by byte.
    Raw(String),
    /// What is said on standard error.
    Error(String),
}

impl Output {
    /// The process's standard output.
    pub fn to_stdout() -> Output {
        let width = io::stdout().is_terminal().then(|| {
            let columns = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
            columns.clamp(20, WIDEST)
        });
        let base = std::env::current_dir().ok().map(|folder| folder.resolved().unwrap_or(folder));
        Output { waiting: Vec::new(), base, width }
    }

    /// Writes one line.
    pub fn line(&mut self, line: impl Display) -> io::Result<()> {
        if !matches!(self.waiting.last(), Some(Piece::Styled(_))) {
            self.waiting.push(Piece::Styled(String::new()));
        }
        if let Some(Piece::Styled(text)) = self.waiting.last_mut() {
            writeln!(text, "{line}").map_err(io::Error::other)?;
        }
        Ok(())
    }

    /// Writes a value as JSON and a line ending.
    pub fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
        self.raw(&(text + "\n"));
        Ok(())
    }

    /// Writes text for other programs as it is.
    pub fn raw(&mut self, text: &str) {
        self.waiting.push(Piece::Raw(text.to_owned()));
    }

    /// Says on standard error why there is no such answer.
    pub fn error(&mut self, reason: String) {
        self.waiting.push(Piece::Error(reason));
    }

    /// Drops what was not handed on yet.
    pub fn discard(&mut self) {
        self.waiting.clear();
    }

    /// The columns text is set in; `None` where it is not set in lines at all.
    pub fn width(&self) -> Option<usize> {
        self.width
    }

    /// The text in lines that fit after `indent` columns; whole where text is not set in lines.
    pub fn lines(&self, text: &str, indent: usize) -> Vec<String> {
        match self.width {
            Some(width) => wrap(text, width.saturating_sub(indent).max(1)),
            None => vec![text.to_owned()],
        }
    }

    /// Writes one row of a list: its number and title, and below them what else is known, each set to the width.
    /// `title` and `facts` are given line by line and may be styled.
    pub fn row(&mut self, at: usize, title: &[String], facts: &[String]) -> io::Result<()> {
        let number = format!("{:>2}.", at + 1);
        for (line, text) in title.iter().enumerate() {
            let number = if line == 0 { &number } else { "   " };
            self.line(format!("{} {text}", number.dimmed()))?;
        }
        facts.iter().try_for_each(|line| self.line(format!("{INDENT}{line}")))
    }

    /// A path as people write it from where they are.
    pub fn path(&self, path: &Path) -> String {
        let below = self.base.as_deref().and_then(|base| path.strip_prefix(base).ok());
        let short = below.filter(|below| !below.as_os_str().is_empty()).unwrap_or(path);
        visible(&short.to_string_lossy())
    }

    /// A path with a line, counted from 1; without it where the line is 0.
    pub fn place(&self, path: &Path, line: u32) -> String {
        if line == 0 { self.path(path) } else { format!("{}:{line}", self.path(path)) }
    }

    /// Where something is wrong: the path, with the line if it is not about the whole.
    pub fn place_of(&self, found: &Diagnostic) -> String {
        self.place(found.path.as_deref().unwrap_or(Path::new("")), found.line)
    }

    /// Hands everything on.
    pub fn flush(&mut self) -> io::Result<()> {
        for piece in self.waiting.drain(..) {
            match piece {
                Piece::Styled(text) => {
                    let mut stream = anstream::stdout();
                    stream.write_all(text.as_bytes())?;
                    stream.flush()?;
                }
                Piece::Error(reason) => eprint_error(&reason),
                // Not through the stream that takes styles out.
                Piece::Raw(text) => {
                    let mut raw = io::stdout().lock();
                    raw.write_all(text.as_bytes())?;
                    raw.flush()?;
                }
            }
        }
        Ok(())
    }
}

/// Says on standard error why the program cannot run. If that fails, there is no way to report it.
pub(super) fn eprint_error(reason: &str) {
    let _ = writeln!(anstream::stderr(), "{} {}", "ibid:".bold().red(), visible(&reason.replace('\n', " ")));
}

/// Says something on standard error that does not keep the command from its work.
pub(super) fn warn(text: &str) {
    let _ = writeln!(anstream::stderr(), "{} {}", "ibid:".bold().yellow(), visible(text));
}

/// The text with control characters made visible instead of obeyed.
fn visible(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// Breaks text at spaces into lines of at most `width` columns. Words that are longer stand alone.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The text with spaces after it up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A number with its unit: `1 record`, `1,234 records`.
pub(super) fn counted(number: u64, unit: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {unit}{plural}", grouped(number))
}

/// A number with a comma between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_counted() {
        assert_eq!(counted(1, "record"), "1 record");
        assert_eq!(counted(0, "record"), "0 records");
        assert_eq!(counted(999, "record"), "999 records");
        assert_eq!(counted(1_234_567, "record"), "1,234,567 records");
    }

    #[test]
    fn text_is_wrapped_by_columns() {
        assert_eq!(wrap("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrap("日本語 日本語", 8), ["日本語", "日本語"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        assert_eq!(wrap(" ", 4), [""; 0]);
    }

    #[test]
    fn escape_sequences_are_not_obeyed() {
        assert_eq!(visible("a\u{1b}[31mb"), "a\u{fffd}[31mb");
    }
}
