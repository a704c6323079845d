//! `workspace/executeCommand`: one argument, which is an object.
//!
//! | command | argument | result |
//! |---|---|---|
//! | `ibid.createLiteratureNote` | `{data}` of a paper, or `{textDocument, position}` of a citation | `{uri, created}` |
//! | `ibid.open` | `{url}` | null |
//! | `ibid.insertReferences` | `{textDocument}` | null |
//! | `ibid.insertAnnotations` | `{textDocument}` | null |
//! | `ibid.followKey` | `{key, textDocument}` | null |
//! | `ibid.trust` | none | what was done, for the user |

use serde::Deserialize;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::{Error, Result};

use super::annotations::{annotations, follow_key};
use super::literature_note::create_literature_note;
use super::reference_list::references;
use super::refused;
use crate::features;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::main_loop::Event;
use crate::server::workers::request_queue::RequestQueue;
use crate::server::workers::trust::trust_root;

/// Creates a literature note, or opens the one there is.
pub(in crate::server) const CREATE_LITERATURE_NOTE: &str = "ibid.createLiteratureNote";

/// Opens an address outside of the editor.
pub(in crate::server) const OPEN: &str = "ibid.open";

/// Inserts the reference list of a note, or brings it up to date.
pub(in crate::server) const INSERT_REFERENCES: &str = "ibid.insertReferences";

/// Inserts what is marked in the files of the paper that a note is about, or brings it up to date.
pub(in crate::server) const INSERT_ANNOTATIONS: &str = "ibid.insertAnnotations";

/// Has all notes name a work by the citation key it has now.
pub(in crate::server) const FOLLOW_KEY: &str = "ibid.followKey";

/// Adds the root of the workspace to the folders that the user trusts.
pub(in crate::server) const TRUST: &str = "ibid.trust";

/// The commands that a client may have carried out.
pub(in crate::server) const COMMANDS: [&str; 6] =
    [CREATE_LITERATURE_NOTE, OPEN, INSERT_REFERENCES, INSERT_ANNOTATIONS, FOLLOW_KEY, TRUST];

#[derive(Debug, Deserialize)]
struct OpenArgument {
    url: String,
}

pub(in crate::server) async fn execute_command(
    queue: &RequestQueue,
    client: &Client,
    params: lsp::ExecuteCommandParams,
) -> Result<Option<serde_json::Value>> {
    let argument = params.arguments.unwrap_or_default().into_iter().next().unwrap_or_default();
    match params.command.as_str() {
        CREATE_LITERATURE_NOTE => create_literature_note(queue, client, argument).await,
        OPEN => open(client, argument),
        INSERT_REFERENCES => {
            edit_note(queue, client, argument, references, "The reference list was not inserted").await
        }
        INSERT_ANNOTATIONS => {
            edit_note(queue, client, argument, annotations, "The annotations were not inserted").await
        }
        FOLLOW_KEY => follow_key(queue, client, argument).await,
        TRUST => trust(queue).await,
        other => Err(Error::invalid_params(format!("there is no command {other}"))),
    }
}

fn open(client: &Client, argument: serde_json::Value) -> Result<Option<serde_json::Value>> {
    let OpenArgument { url } = argument_of(argument)?;
    if !features::may_open(&url) {
        return Err(Error::invalid_params("only web pages, PDF files and entries of Zotero are opened"));
    }
    let client = client.clone();
    tokio::spawn(async move {
        let uri = lsp::Uri::from(url);
        let show = lsp::ShowDocumentParams { uri, external: Some(true), take_focus: None, selection: None };
        let _ = client.show_document(show).await;
    });
    Ok(None)
}

/// The folder is always that of the workspace, which the user sees; no argument names another.
async fn trust(queue: &RequestQueue) -> Result<Option<serde_json::Value>> {
    let done = queue.read(None, |context| {
        let root = context.root.ok_or("There is no workspace folder to trust.")?;
        let user_file = context.user_file.ok_or("This system has no place for your own configuration file.")?;
        trust_root(&root, &user_file)
    });
    let said = done.await?.map_err(refused)?;
    queue.post(Event::TrustChanged);
    Ok(Some(said.into()))
}

/// The argument of a command that is about a note.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NoteArgument {
    text_document: lsp::TextDocumentIdentifier,
}

/// What a command makes of the open note that its argument names; `None` where there is nothing to do.
type NoteEdit = fn(&RequestSnapshot, &lsp::Uri) -> std::result::Result<Option<lsp::WorkspaceEdit>, String>;

/// Carries out a command that edits the note of its argument. `refusal` begins what the user reads where the client refuses.
async fn edit_note(
    queue: &RequestQueue,
    client: &Client,
    argument: serde_json::Value,
    edit: NoteEdit,
    refusal: &'static str,
) -> Result<Option<serde_json::Value>> {
    let argument: NoteArgument = argument_of(argument)?;
    let uri = argument.text_document.uri;
    let edit = queue.read(Some(uri.clone()), move |context| edit(&context, &uri).map_err(refused)).await??;
    apply_later(client, edit, refusal);
    Ok(None)
}

/// Has the client apply an edit after the answer: it may be waiting for that before it does anything else.
pub(super) fn apply_later(client: &Client, edit: Option<lsp::WorkspaceEdit>, refusal: &'static str) {
    let Some(edit) = edit else { return };
    let client = client.clone();
    tokio::spawn(async move {
        let reason = match client.apply_edit(edit).await {
            Ok(answer) if answer.applied => return,
            Ok(answer) => answer.failure_reason.unwrap_or_else(|| "a note was edited meanwhile".to_owned()),
            Err(error) => error.message.into_owned(),
        };
        client.show_message(lsp::MessageType::Error, format!("{refusal}: {reason}.")).await;
    });
}

/// The argument of a command.
pub(super) fn argument_of<T: serde::de::DeserializeOwned>(argument: serde_json::Value) -> Result<T> {
    serde_json::from_value(argument).map_err(|error| Error::invalid_params(error.to_string()))
}
