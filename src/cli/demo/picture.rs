//! Pictures of an editor in letters: boxes such as those of completion lists and cards.

use owo_colors::OwoColorize;
use unicode_width::UnicodeWidthStr;

use crate::cli::output::{padded, wrap};

/// Space for text in a box where the output is no terminal.
const USUAL_WIDTH: usize = 84;

/// The columns of text in a box on a terminal of some width.
pub(super) fn text_width(columns: Option<usize>) -> usize {
    columns.map_or(USUAL_WIDTH, |columns| columns.saturating_sub(8).max(20))
}

/// One line of a completion list: name, details, authors and year.
pub(super) struct Choice {
    pub label: String,
    pub detail: String,
    pub description: String,
}

/// A completion list, the first line chosen.
pub(super) fn choices(choices: &[Choice], width: usize) -> Vec<String> {
    let widest = |text: fn(&Choice) -> &str| choices.iter().map(|choice| text(choice).width()).max().unwrap_or(0);
    let label_width = widest(|choice| &choice.label).min(width / 3);
    let description_width = widest(|choice| &choice.description).min(width / 3);
    let detail_width = width.saturating_sub(label_width + description_width + 4);
    let lines = choices.iter().enumerate().map(|(at, choice)| {
        let label = padded(&cut(&choice.label, label_width), label_width);
        let detail = padded(&cut(&choice.detail, detail_width), detail_width);
        let description = padded(&cut(&choice.description, description_width), description_width);
        if at == 0 {
            format!("{label}  {detail}  {description}").reversed().to_string()
        } else {
            format!("{}  {}  {}", label.bold(), detail, description.dimmed())
        }
    });
    framed(&lines.collect::<Vec<_>>(), width)
}

/// A card: the first paragraph is its title.
pub(super) fn card(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, paragraph) in text.lines().enumerate() {
        if paragraph.trim().is_empty() {
            lines.push(" ".repeat(width));
        }
        for line in wrap(paragraph, width) {
            let line = padded(&line, width);
            lines.push(if at == 0 { line.bold().to_string() } else { line });
        }
    }
    framed(&lines, width)
}

/// Lines of a file with their numbers, the first of them numbered `first`.
pub(super) fn excerpt(lines: &[&str], first: usize, width: usize) -> Vec<String> {
    let number_width = (first + lines.len()).to_string().len();
    let text_width = width.saturating_sub(number_width + 3);
    let numbered = lines.iter().enumerate().map(|(at, line)| {
        let number = format!("{:>number_width$} │ ", first + at);
        let text = padded(&cut(line, text_width), text_width);
        let text = if at == 0 { text.reversed().to_string() } else { text };
        format!("{}{text}", number.dimmed())
    });
    framed(&numbered.collect::<Vec<_>>(), width)
}

/// A box around lines of exactly `width` columns.
fn framed(lines: &[String], width: usize) -> Vec<String> {
    let edge = "─".repeat(width + 2);
    let mut picture = vec![format!("╭{edge}╮").dimmed().to_string()];
    let side = "│";
    picture.extend(lines.iter().map(|line| format!("{} {line} {}", side.dimmed(), side.dimmed())));
    picture.push(format!("╰{edge}╯").dimmed().to_string());
    picture
}

/// The text cut to a width, an ellipsis included.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if short.width() + unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0) + 1 > width {
            break;
        }
        short.push(letter);
    }
    format!("{}…", short.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_straight() {
        let choices_box = choices(
            &[
                Choice { label: "Orca".into(), detail: "日本語 ".repeat(30), description: "6 authors".into() },
                Choice { label: "Orca-Math".into(), detail: String::new(), description: String::new() },
            ],
            40,
        );
        let card_box = card(&format!("Title\n\n{}", "word ".repeat(40)), 40);
        let excerpt_box = excerpt(&["a title that is far too long for the box it is in", ""], 9, 40);
        for picture in [choices_box, card_box, excerpt_box] {
            let plain: Vec<String> =
                picture.iter().map(|line| anstream::adapter::strip_str(line).to_string()).collect();
            assert!(plain.iter().all(|line| line.width() == 44), "{plain:#?}");
            assert!(plain.len() >= 4);
        }
    }
}
