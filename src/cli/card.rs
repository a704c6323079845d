//! The card of a paper on a terminal.

use owo_colors::OwoColorize;

use super::Stop;
use super::output::Output;
use crate::features::Card;

/// Prints a card, set to the width of the terminal. The abstract is one line where there is none.
pub(super) fn print(card: &Card, names: &[String], output: &mut Output) -> Result<(), Stop> {
    for line in output.lines(&card.title, 0) {
        output.line(line.bold())?;
    }
    if !card.facts.is_empty() {
        for line in output.lines(&card.facts.join(" · "), 0) {
            output.line(line.cyan())?;
        }
    }
    if let Some(text) = &card.abstract_text {
        output.line("")?;
        for line in output.lines(text, 0) {
            output.line(line)?;
        }
    }
    output.line("")?;
    if !names.is_empty() {
        output.line(format!("{} {}", "names".dimmed(), names.join(" | ")))?;
    }
    for (name, address) in &card.links {
        output.line(format!("{} {}", name.dimmed(), address.underline()))?;
    }
    Ok(())
}
