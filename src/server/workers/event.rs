//! What the main loop receives, in the order of arrival.

use std::path::PathBuf;
use std::time::Duration;

use tower_lsp::gen_lsp_types::{Diagnostic, InitializeParams, TextDocumentItem, Uri, WorkspaceFoldersChangeEvent};

use super::library_worker::LibraryUpdate;
use super::main_loop::RunningCheck;
use crate::features::NewAlias;
use crate::remote::RemoteNews;
use crate::server::protocol::client_profile::ClientProfile;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::text::Change;
use crate::vault::VaultSnapshot;

/// An event, in the order of arrival.
pub(in crate::server) enum Event {
    Initialize(Box<InitializeParams>, ClientProfile),
    Initialized,
    Shutdown,
    Open(TextDocumentItem),
    Change {
        uri: Uri,
        version: i32,
        changes: Vec<Change>,
    },
    Close(Uri),
    /// The user has saved a document.
    Saved(Uri),
    ConfigurationChanged(serde_json::Value),
    /// The settings of the client's section `ibid`.
    EditorSettings(serde_json::Value),
    FoldersChanged(WorkspaceFoldersChangeEvent),
    /// Files were created, changed or deleted, as the client tells.
    FilesChanged(Vec<PathBuf>),
    /// The user has cancelled indexing.
    ProgressCancelled,
    Read {
        uri: Option<Uri>,
        job: Job,
        urgency: Urgency,
    },
    /// A note has not been edited for a moment.
    ParseDue(Uri),
    /// Parsing in the background has ended, and took this long.
    Parsed(Uri, Duration),
    /// The references of a document may be judged now.
    CheckDue(Uri),
    /// Some references of a document were judged.
    CheckStepped(Box<RunningCheck>),
    /// The notes have changed.
    Vault(VaultSnapshot),
    /// The diagnostics of a document at a version.
    Diagnosed(Uri, i32, Vec<Diagnostic>),
    LibraryUpdate(LibraryUpdate),
    /// A rename gives a paper this alias: it holds from now on, before the configuration file is read again.
    AliasAssumed(NewAlias),
    /// A request failed in a way that a damaged index may be the reason of.
    RequestFailed,
    /// The client may be sent refreshes again.
    Rested,
    /// The user wants to cite something, and nothing was found.
    NothingToCite,
    /// The user lets a folder be trusted, or not: the configuration is to be read again.
    TrustChanged,
    /// The engine of the group's library has answered, or cannot.
    Remote(RemoteNews),
    /// A fault of the program itself.
    #[cfg(test)]
    Fault,
}

/// How urgent a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Urgency {
    /// The user waits for the answer.
    Awaited,
    /// The editor sends it unasked.
    Background,
}

/// What a request does with the state.
pub(in crate::server) type Job = Box<dyn FnOnce(RequestSnapshot) + Send>;

impl Event {
    /// The document whose text the event changes.
    pub(super) fn edited_document(&self) -> Option<&Uri> {
        match self {
            Event::Open(item) => Some(&item.uri),
            Event::Change { uri, .. } => Some(uri),
            _ => None,
        }
    }
}
