//! Which .bib files are changed: plain files of the workspace that can be written.

use std::path::Path;

use crate::server::state::request_snapshot::RequestSnapshot;

/// Why a .bib file is not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unchangeable {
    /// It lies outside of the notes' folder, or is a link.
    Outside,
    /// It cannot be written.
    ReadOnly,
}

/// Whether a .bib file may be changed.
///
/// # Errors
/// Says why it may not.
pub(super) fn may_change(context: &RequestSnapshot, path: &Path) -> Result<(), Unchangeable> {
    let is_inside = context.root.as_deref().is_some_and(|root| path.starts_with(root)) && !path.is_symlink();
    if !is_inside {
        return Err(Unchangeable::Outside);
    }
    if path.metadata().is_ok_and(|it| it.permissions().readonly()) {
        return Err(Unchangeable::ReadOnly);
    }
    Ok(())
}
