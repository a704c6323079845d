//! Which of the paragraphs that wait belong to the first entry.
//!
//! A page says nothing but the order: title, abstract, title, abstract. The shape of the paragraphs
//! is asked only where that order may be broken, by a missing title, a missing abstract or an
//! abstract of several paragraphs.

use super::paragraph::{Paragraph, Shape};

/// What to do with the first of the waiting paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// More paragraphs have to be seen.
    Wait,
    /// The first paragraph is an abstract whose title is missing.
    DropFirst,
    /// The first paragraph holds a title and, on its next line, the abstract.
    SplitFirst,
    /// The third paragraph continues the abstract that is the second.
    JoinThird,
    /// The first paragraph is a title whose abstract is missing.
    TitleOnly,
    /// The first two paragraphs are a title and its abstract.
    TitleAndAbstract,
}

/// What follows the waiting paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Following {
    /// Perhaps more paragraphs.
    More,
    /// A block, which ends an entry. On this page every entry had one so far, or not.
    Block { everywhere: bool },
    /// The end of the page or the file.
    End,
}

/// Decides about the first of the waiting paragraphs, which must not be empty.
pub(super) fn next_step(waiting: &[Paragraph], following: Following) -> Step {
    if following == Following::More && waiting.len() < 4 {
        return Step::Wait;
    }
    let shape = |index: usize| waiting.get(index).map(Paragraph::shape);
    let Some(first) = shape(0) else { return Step::Wait };
    if waiting.first().is_some_and(|first| holds_title_and_abstract(first, waiting.len(), following)) {
        return Step::SplitFirst;
    }
    // A title that long occurs, but only with an abstract after it.
    let abstract_follows = shape(1).is_some_and(Shape::is_abstract);
    if first.is_abstract() && (!abstract_follows || first.has_sentences()) {
        return Step::DropFirst;
    }
    let Some(second) = shape(1) else { return Step::TitleOnly };
    let Some(third) = shape(2) else { return Step::TitleAndAbstract };
    if second.is_title() && third.is_abstract() && third.length > 2 * second.length {
        return Step::TitleOnly;
    }
    if continues(third, shape(3), following) { Step::JoinThird } else { Step::TitleAndAbstract }
}

/// Whether the third paragraph goes on with the abstract rather than beginning an entry.
fn continues(third: Shape, fourth: Option<Shape>, following: Following) -> bool {
    match (fourth, following) {
        (None, Following::Block { everywhere: true }) => true,
        // A title may end in a full stop, but then its abstract follows.
        (Some(fourth), _) if fourth.is_abstract() => third.has_sentences() || (third.is_abstract() && third.is_prose()),
        _ => third.is_prose(),
    }
}

/// Whether the blank line between a title and its abstract is missing.
fn holds_title_and_abstract(paragraph: &Paragraph, waiting: usize, following: Following) -> bool {
    let [title, text, ..] = paragraph.lines.as_slice() else { return false };
    let title = Shape::of(&title.text);
    // Where a block follows at once there is no other paragraph that could be the abstract.
    let must_hold_both = waiting == 1 && matches!(following, Following::Block { .. });
    title.is_title() && (must_hold_both || (text.text.len() >= 200 && text.text.len() > 2 * title.length))
}
