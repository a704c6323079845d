//! What an editor or a terminal asks for, as pure functions over a snapshot: one feature a file.
//!
//! Features do no input or output and know neither the protocol nor who asks. Places in notes are byte
//! ranges; the server converts them.

mod card;
mod completion;
mod definition;
mod escape;
pub mod export;
mod hover;

use std::sync::Arc;

pub use card::{Card, CardOptions, author_line, short_authors};
pub use completion::{CompletionEntry, CompletionList, completion, completion_card};
pub use definition::{Target, definition};
pub use escape::{escape_markdown, plain_text, safe_url};
pub use hover::{HoverCard, hover};

use crate::library::{Aliases, LibrarySnapshot, Resolution};
use crate::notes::{Citation, OpenNote};
use crate::vault::NoteNames;

/// Everything a feature may look at, at one moment.
#[derive(Clone)]
pub struct Snapshot {
    /// The papers.
    pub library: Arc<LibrarySnapshot>,
    /// The user's own names for papers.
    pub aliases: Arc<Aliases>,
    /// The names of the notes.
    pub notes: Arc<NoteNames>,
    /// How cards are cut.
    pub card: CardOptions,
}

/// A citation with what it stands for.
struct Cited<'a> {
    citation: &'a Citation,
    resolution: Arc<Resolution>,
    /// The reading of the citation that was resolved.
    name: String,
}

/// The citation at an offset of a note and what it stands for; `None` where there is no citation, or a
/// link to a note that no paper is called like.
fn cited_at<'a>(snapshot: &Snapshot, note: &'a OpenNote, offset: usize) -> Option<Cited<'a>> {
    let citation = note.parsed().citation_at(offset)?;
    for reading in citation.readings() {
        let resolution = snapshot.library.resolve(&reading.name, &snapshot.aliases);
        if !matches!(*resolution, Resolution::Missing) {
            return Some(Cited { citation, resolution, name: reading.name.into_owned() });
        }
    }
    if snapshot.notes.contains(&citation.target) {
        return None;
    }
    Some(Cited { citation, resolution: Arc::new(Resolution::Missing), name: citation.target.clone() })
}
