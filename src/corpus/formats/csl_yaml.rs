//! CSL-YAML, as pandoc's front matter and Better BibTeX write it. pandoc reads its texts as Markdown.

use std::io;

use super::json::is_yaml;
use super::{citation_cff, csl};
use crate::corpus::source::{Collector, Entry};
use crate::corpus::syntax::yaml::{self, Content, Element, Kind, Piece, Shape};
use crate::corpus::syntax::{Fields, Value};
use crate::corpus::text::Markup;
use crate::corpus::{Format, FormatInfo, Input, Reader, Sink};
use crate::diagnostic::Diagnostic;

/// The reader of CSL-YAML.
pub(super) struct CslYaml;

const SHAPE: Shape = Shape { list: Some("references"), has_members: false };

impl Reader for CslYaml {
    fn info(&self) -> FormatInfo {
        FormatInfo { format: Format::CslYaml, name: "CSL-YAML", extensions: &["yaml", "yml"] }
    }

    fn recognises(&self, file_name: &str, head: &[u8]) -> bool {
        // Where all stands in brackets or braces the name alone tells it from JSON.
        let is_perhaps_json = yaml::is_flow(head) && !is_yaml(file_name);
        !is_perhaps_json && !citation_cff::is_head(head) && yaml::any_of_head(head, SHAPE, &mut is_csl)
    }

    fn read(&self, input: &mut dyn Input, sink: Sink<'_>) -> io::Result<()> {
        let mut collector = Collector::new(sink);
        yaml::each_piece(input, SHAPE, &mut |piece| {
            hand_on(piece, &mut collector, &mut |item| csl::entry(item, Markup::Markdown));
            collector.flow().is_continue()
        })
    }
}

fn is_csl(element: &Element, content: &Content) -> bool {
    let item = content.value.fields();
    !item.is_empty() && if element.kind == Kind::Listed { csl::is_list_item(item) } else { csl::is_item(item, true) }
}

/// Hands on what an item of a list is, which ought to be a mapping.
pub(super) fn hand_on(piece: Piece, collector: &mut Collector<'_>, entry: &mut dyn FnMut(Fields<'_>) -> Entry) {
    let element = match piece {
        Piece::Diagnostic(problem) => return collector.problem(problem),
        Piece::Element(element) => element,
    };
    let (content, problems) = element.content();
    match content.map(|content| content.value) {
        Some(Value::Null) | None => {}
        Some(value @ Value::Object(_)) => collector.entry(element.span, entry(value.fields())),
        Some(_) => {
            let message = "an element of the list is not a mapping; it was skipped".to_owned();
            collector.problem(Diagnostic::at_line(element.span.line.saturating_add(1), message));
        }
    }
    problems.into_iter().for_each(|problem| collector.problem(problem));
}

#[cfg(test)]
mod tests;
