//! What the user's reference manager knows of a paper, as cards show it: collections, tags, what was marked.

use super::escape::{escape_markdown, escape_within, plain_list, plain_text};
use super::links::zotero_pdf_url;
use crate::paper::Holding;

/// How many collections and tags are named.
const MAX_COLLECTIONS: usize = 4;
const MAX_TAGS: usize = 8;

/// The longest text of an annotation that is shown, in characters.
const MAX_CHARS: usize = 240;

/// What the user marked in the files of a paper, as plain text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardAnnotations {
    /// How many there are.
    pub count: u32,
    /// The first of them.
    pub first: Vec<CardAnnotation>,
}

/// A place that the user marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardAnnotation {
    /// The marked text and what the user wrote to it.
    pub text: String,
    /// The page, such as `p. 12`; empty where it is unknown.
    pub page: String,
    /// The address that opens the place.
    pub url: Option<String>,
}

/// Where the paper was put, and what it was tagged with.
pub(super) fn facts(holding: &Holding) -> Vec<String> {
    let mut facts = Vec::new();
    facts.extend(holding.group.as_deref().map(|group| format!("in the group {}", plain_text(group))));
    facts.extend(listed("in", &holding.collections, MAX_COLLECTIONS));
    facts.extend(listed("tagged", &holding.tags, MAX_TAGS));
    facts
}

fn listed(word: &str, names: &[String], most: usize) -> Option<String> {
    (!names.is_empty()).then(|| format!("{word} {}", plain_list(names, most)))
}

/// What was marked, at most so many places in full; `None` where nothing was.
pub(super) fn annotations(holding: &Holding, most: usize) -> Option<CardAnnotations> {
    let first = holding.annotations.iter().take(most).map(|annotation| {
        let (text, comment) = (plain_text(&annotation.text), plain_text(&annotation.comment));
        let quoted = if text.is_empty() { String::new() } else { format!("“{}”", cut(&text)) };
        let parts: Vec<String> = [quoted, cut(&comment)].into_iter().filter(|part| !part.is_empty()).collect();
        let page = plain_text(&annotation.page);
        CardAnnotation {
            text: if parts.is_empty() { "a picture".to_owned() } else { parts.join(" ") },
            page: if page.is_empty() { String::new() } else { format!("p. {}", cut(&page)) },
            url: zotero_pdf_url(&annotation.url),
        }
    });
    (holding.annotation_count > 0).then(|| CardAnnotations { count: holding.annotation_count, first: first.collect() })
}

fn cut(text: &str) -> String {
    super::escape::cut(text, MAX_CHARS)
}

impl CardAnnotations {
    fn head(&self) -> String {
        match self.count {
            1 => "1 annotation".to_owned(),
            count => format!("{count} annotations"),
        }
    }

    /// As Markdown in which nothing from the corpus can act as markup.
    pub(super) fn markdown(&self) -> String {
        let place = |it: &CardAnnotation| match (&it.url, it.page.as_str()) {
            (Some(url), "") => format!(" [open]({url})"),
            (Some(url), page) => format!(" [{}]({url})", escape_within(page)),
            (None, "") => String::new(),
            (None, page) => format!(" ({})", escape_within(page)),
        };
        let item = |it: &CardAnnotation| format!("- {}{}", escape_markdown(&it.text), place(it));
        let items: Vec<String> = self.first.iter().map(item).collect();
        format!("{}\n\n{}", self.head(), items.join("\n")).trim_end().to_owned()
    }

    /// As plain text.
    pub(super) fn plain(&self) -> String {
        let page = |it: &CardAnnotation| if it.page.is_empty() { String::new() } else { format!(" ({})", it.page) };
        let items = self.first.iter().map(|it| format!("- {}{}", it.text, page(it)));
        std::iter::once(self.head()).chain(items).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::Annotation;

    #[test]
    fn what_is_shown_is_inert_and_short() {
        let names = |count: usize| (0..count).map(|at| format!("[n]{at}")).collect::<Vec<_>>();
        let annotation = |text: &str, comment: &str, page: &str, url: &str| Annotation {
            text: text.to_owned(),
            comment: comment.to_owned(),
            page: page.to_owned(),
            url: url.to_owned(),
            ..Annotation::default()
        };
        let open = "zotero://open-pdf/library/items/ABCD2345?page=4&annotation=AAAA2345";
        let holding = Holding {
            group: Some("Lab".to_owned()),
            collections: names(1),
            tags: names(10),
            annotation_count: 12,
            annotations: vec![
                annotation("It *swims*", "so?", "iv", open),
                annotation("", "", "", "javascript:alert(1)"),
                annotation(&"ö ".repeat(300), "", "7", "zotero://open-pdf/x)y"),
            ],
        };
        let facts = facts(&holding);
        assert_eq!(facts[..2], ["in the group Lab", "in [n]0"]);
        assert!(facts[2].starts_with("tagged [n]0, ") && facts[2].ends_with("[n]7, 2 more"), "{facts:?}");
        let shown = annotations(&holding, 3).unwrap_or_default();
        assert_eq!(annotations(&holding, 1).map(|it| (it.count, it.first.len())), Some((12, 1)));
        let markdown = shown.markdown();
        let lines: Vec<&str> = markdown.lines().collect();
        assert_eq!(lines[..3], ["12 annotations", "", &format!("- “It \\*swims\\*” so? [p. iv]({open})")][..]);
        assert_eq!(lines[3], "- a picture");
        assert!(lines[4].ends_with("…” (p. 7)") && lines[4].chars().count() < 270, "{}", lines[4]);
        assert!(shown.plain().contains("\n- a picture\n"), "{}", shown.plain());
        assert_eq!(annotations(&Holding::default(), 3), None);
    }
}
