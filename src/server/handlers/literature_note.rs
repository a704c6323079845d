//! `ibid.createLiteratureNote`: the literature note of a paper.
//!
//! An existing note is opened and never changed. A new one is created by the client where it can do that, and else by
//! the server.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::commands::argument_of;
use super::refused;
use crate::features::{self, NewFile};
use crate::files::{self, Purpose};
use crate::library::{LibraryPaper, Resolution};
use crate::server::protocol::convert::{paper_ref, uri_of};
use crate::server::protocol::workspace_edit::creation;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::request_queue::RequestQueue;

/// How long the answer waits for the client to create and show the note.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(2);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaperArgument {
    data: Option<serde_json::Value>,
    text_document: Option<lsp::TextDocumentIdentifier>,
    position: Option<lsp::Position>,
}

#[derive(Debug, Serialize)]
struct CreatedNote {
    uri: lsp::Uri,
    created: bool,
}

/// Where the literature note of a paper is, or will be.
enum Found {
    Existing(PathBuf),
    New(NewFile),
}

pub(super) async fn create_literature_note(
    queue: &RequestQueue,
    client: &Client,
    argument: serde_json::Value,
) -> Result<Option<serde_json::Value>> {
    let argument: PaperArgument = argument_of(argument)?;
    let uri = argument.text_document.as_ref().map(|document| document.uri.clone());
    let (found, profile) = queue
        .read(uri, move |context| {
            let paper = paper_of(&context, &argument)?;
            let found = find_or_plan(&context, &paper).map_err(refused)?;
            if let Found::New(file) = &found
                && !(context.profile.creates_files && context.profile.applies_edits)
            {
                write_new(file).map_err(|error| refused(format!("{}: {error}", file.path.display())))?;
            }
            Ok((found, context.profile))
        })
        .await??;
    let (path, created) = match &found {
        Found::Existing(path) => (path, false),
        Found::New(file) => (&file.path, true),
    };
    let uri = uri_of(path).ok_or_else(|| refused(format!("{} has no address", path.display())))?;
    let client = client.clone();
    let shown = uri.clone();
    // A client may be waiting for the answer to this very request before it does anything else, so that the answer
    // waits for the client a while only.
    let done = tokio::spawn(async move {
        if let Found::New(file) = found
            && profile.creates_files
            && profile.applies_edits
            && let Err(problem) = create_by_client(&client, file).await
        {
            client.show_message(lsp::MessageType::Error, problem).await;
            return;
        }
        if profile.shows_documents {
            let show = lsp::ShowDocumentParams { uri: shown, external: None, take_focus: Some(true), selection: None };
            let _ = client.show_document(show).await;
        }
    });
    let _ = tokio::time::timeout(CLIENT_TIMEOUT, done).await;
    Ok(serde_json::to_value(CreatedNote { uri, created }).ok())
}

fn paper_of(context: &RequestSnapshot, argument: &PaperArgument) -> Result<Arc<LibraryPaper>> {
    if let Some(data) = &argument.data {
        let paper = paper_ref(data).and_then(|paper| context.snapshot.library.paper(&paper));
        return paper.ok_or_else(|| refused("The paper is no longer in the corpus; ask again."));
    }
    let cited = argument.position.and_then(|position| {
        let (note, offset) = context.place(position)?;
        features::resolution_at(&context.snapshot, note, offset)
    });
    match cited.as_deref() {
        Some(Resolution::Unique(paper)) => Ok(paper.clone()),
        Some(Resolution::Ambiguous(papers)) => {
            Err(refused(format!("{} papers answer to this citation; say first which one is meant.", papers.count())))
        }
        _ => Err(refused("Here is no citation of a paper.")),
    }
}

/// The literature note there is; else the first path that is free. A file that stands in the way is looked into: it may
/// be the note, created a moment ago.
fn find_or_plan(context: &RequestSnapshot, paper: &LibraryPaper) -> std::result::Result<Found, String> {
    let snapshot = &context.snapshot;
    if let Some(path) =
        features::literature_notes(snapshot, paper).into_iter().find(|path| text_of(context, path).is_some())
    {
        return Ok(Found::Existing(path.to_path_buf()));
    }
    let root = context.root.as_deref().ok_or("There is no workspace folder to create a note in.")?;
    let template = template(context)?;
    let today = features::today(SystemTime::now());
    for file in features::plan_literature_note(snapshot, paper, root, template.as_deref(), &today)? {
        if let Some(text) = text_of(context, &file.path) {
            if features::is_literature_note(snapshot, &file.path, &text, paper) {
                return Ok(Found::Existing(file.path));
            }
        } else if file.path.symlink_metadata().is_err() {
            snapshot.settings.trust.check_write(&context.folders, &file.path)?;
            return Ok(Found::New(file));
        }
    }
    Err("All file names that the note might have are taken.".to_owned())
}

/// The text of a note, as it is open or else on disk.
fn text_of(context: &RequestSnapshot, path: &Path) -> Option<String> {
    let open = context.snapshot.open_notes.iter().find(|(open, _)| **open == *path);
    open.map(|(_, note)| note.document().text())
        .or_else(|| files::read(path, Purpose::Note).ok().map(|bytes| files::decoded_lossy(&bytes).into_owned()))
}

/// The user's own template.
fn template(context: &RequestSnapshot) -> std::result::Result<Option<String>, String> {
    let file = context.snapshot.settings.template_file();
    let file = file.map_err(|reason| format!("The template of literature notes cannot be read: {reason}."))?;
    let Some(path) = file else { return Ok(None) };
    let text = files::read_text(&path, Purpose::Template)
        .map_err(|error| format!("The template of literature notes cannot be read: {}: {error}", path.display()))?;
    Ok(Some(text))
}

/// Writes a file that is not there yet, and the folders above it.
pub(super) fn write_new(file: &NewFile) -> std::io::Result<()> {
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create_new(true).open(&file.path)?.write_all(file.text.as_bytes())
}

/// Has the client create a file; where it does not, the server does.
async fn create_by_client(client: &Client, file: NewFile) -> std::result::Result<(), String> {
    if let Some(edit) = creation(&file)
        && let Ok(answer) = client.apply_edit(edit).await
        && answer.applied
    {
        return Ok(());
    }
    let path = file.path.clone();
    let written = tokio::task::spawn_blocking(move || {
        // Some clients say that they failed after they created the file.
        if fs::metadata(&file.path).is_ok_and(|it| it.len() == 0) { Ok(()) } else { write_new(&file) }
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(format!("{} could not be created: {error}", path.display())),
        Err(_) => Err(format!("{} could not be created", path.display())),
    }
}
