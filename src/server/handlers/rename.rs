//! `textDocument/prepareRename` and `textDocument/rename`: other names for papers, in all notes.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use tower_lsp::Client;
use tower_lsp::gen_lsp_types as lsp;
use tower_lsp::jsonrpc::Result;

use super::bib_file::{Unchangeable, may_change};
use super::literature_note::write_new;
use super::refused;
use crate::corpus::OpenCorpusFile;
use crate::features::{self, ConfigFile, KeyOwner, NewAlias, RenameFiles, RenamePlace, Renaming, WorkspaceEdit};
use crate::files::{self, FileId, Purpose};
use crate::server::protocol::convert::{position, range, uri_of};
use crate::server::protocol::workspace_edit::{RequestDocument, workspace_edit};
use crate::server::state::documents::OpenFile;
use crate::server::state::request_snapshot::RequestSnapshot;
use crate::server::workers::main_loop::Event;
use crate::server::workers::request_queue::RequestQueue;
use crate::text::Document;

/// What a rename comes to: the edit, the name that the configuration file will have, and what the user should know.
type Renamed = (Option<lsp::WorkspaceEdit>, Option<NewAlias>, Option<String>);

pub(in crate::server) fn prepare_rename(
    context: &RequestSnapshot,
    params: lsp::TextDocumentPositionParams,
) -> Result<Option<lsp::PrepareRenameResult>> {
    let Some(place) = rename_place(context, params.position) else { return Ok(None) };
    let target = features::prepare_rename(&context.snapshot, place).map_err(refused)?;
    let Some(file) = &context.file else { return Ok(None) };
    let range = range(file.document().position_range(&target.range, context.profile.encoding));
    Ok(Some(lsp::PrepareRenamePlaceholder { range, placeholder: target.placeholder }.into()))
}

pub(in crate::server) async fn rename(
    queue: &RequestQueue,
    client: &Client,
    params: lsp::RenameParams,
) -> Result<Option<lsp::WorkspaceEdit>> {
    let uri = params.text_document_position_params.text_document.uri.clone();
    let asked = params.clone();
    let owner = queue.read(Some(uri.clone()), move |context| key_owner(&context, &asked)).await?.map_err(refused)?;
    let outcome = match owner {
        // The entry as it is now, which is that in the editor where the file is open.
        Some((owner, entry_uri)) => {
            queue.read(Some(entry_uri), move |context| renamed_with_entry(&context, &owner, &params)).await?
        }
        None => queue.read(Some(uri), move |context| renamed(&context, params)).await?,
    };
    let Some((edit, alias, warning)) = outcome.map_err(refused)? else { return Ok(None) };
    if let Some(alias) = alias {
        queue.post(Event::AliasAssumed(alias));
    }
    if let Some(warning) = warning {
        let client = client.clone();
        tokio::spawn(async move { client.show_message(lsp::MessageType::Warning, warning).await });
    }
    Ok(edit)
}

/// The entry whose key a rename in a note changes, if it does; it has to be a file of the workspace that can be written.
fn key_owner(
    context: &RequestSnapshot,
    params: &lsp::RenameParams,
) -> std::result::Result<Option<(KeyOwner, lsp::Uri)>, String> {
    let place = rename_place(context, params.text_document_position_params.position);
    let Some(RenamePlace::Note { note, offset }) = place else { return Ok(None) };
    let Some(owner) = features::key_owner(&context.snapshot, note, offset, &params.new_name)? else { return Ok(None) };
    let path = owner.path.display();
    may_change(context, &owner.path).map_err(|reason| match reason {
        Unchangeable::Outside => format!("The key stands in {path}, outside of the notes' folder: rename it there."),
        Unchangeable::ReadOnly => format!("The key stands in {path}, which cannot be written. Nothing was renamed."),
    })?;
    Ok(uri_of(&owner.path).map(|uri| (owner, uri)))
}

/// Renames the key of an entry, whose file the context is of where it is open, and all that cites it.
fn renamed_with_entry(
    context: &RequestSnapshot,
    owner: &KeyOwner,
    params: &lsp::RenameParams,
) -> std::result::Result<Option<Renamed>, String> {
    let path = owner.path.display();
    let on_disk;
    let (file, is_open) = if let Some(OpenFile::Corpus(file)) = &context.file {
        (&**file, true)
    } else {
        let bytes = files::read(&owner.path, Purpose::Bibliography).map_err(|error| format!("{path}: {error}."))?;
        let text = files::decoded(&bytes).map_err(|_| format!("{path} is not UTF-8. Nothing was renamed."))?;
        on_disk = OpenCorpusFile::new(owner.path.clone(), Document::new(&text, 0));
        (&on_disk, false)
    };
    let place = RenamePlace::CorpusFile { file, offset: owner.offset_in(file)? };
    let mut edit = renaming(context, place, params.new_name.trim_start_matches('@'))?.edit;
    let entry: Arc<Path> = owner.path.as_path().into();
    if !is_open {
        let closed = edit.files.iter_mut().filter(|file| file.path.as_ref() == Some(&entry));
        closed.for_each(|file| file.version = None);
    }
    edit.confirmed = Some(entry);
    let said = (!context.profile.asks_about_changes).then(|| format!("ibid: the key is renamed in {path} as well."));
    let asked = RequestDocument { uri: params.text_document_position_params.text_document.uri.clone() };
    Ok(Some((workspace_edit(edit, &asked, context.profile), None, said)))
}

/// The changes of a rename, where the editor can make them and the workspace's trust allows it.
fn renaming(
    context: &RequestSnapshot,
    place: RenamePlace<'_>,
    new_name: &str,
) -> std::result::Result<Renaming, String> {
    let files = read_files(&features::notes_to_rename(&context.snapshot, place), context)?;
    check(context, features::rename(&context.snapshot, place, new_name, &files)?)
}

/// A rename, where the editor can make its changes and the workspace's trust allows it.
pub(super) fn check(context: &RequestSnapshot, renaming: Renaming) -> std::result::Result<Renaming, String> {
    check_writes(context, &renaming.edit)?;
    if let Some(file) = renaming.edit.renames.first().filter(|_| !context.profile.renames_files) {
        return Err(format!(
            "The note {} is called by the key, and this editor renames no files: give it another name first. \
             Nothing was renamed.",
            file.from.display()
        ));
    }
    Ok(renaming)
}

fn renamed(context: &RequestSnapshot, params: lsp::RenameParams) -> std::result::Result<Option<Renamed>, String> {
    let at = params.text_document_position_params;
    let Some(place) = rename_place(context, at.position) else { return Ok(None) };
    let renaming = renaming(context, place, &params.new_name)?;
    if let Some(file) = renaming.edit.creation.as_ref().filter(|_| !context.profile.creates_files) {
        write_new(file).map_err(|error| format!("{}: {error}", file.path.display()))?;
    }
    let warning = left_out(&renaming.left_out);
    let asked = RequestDocument { uri: at.text_document.uri };
    Ok(Some((workspace_edit(renaming.edit, &asked, context.profile), renaming.alias, warning)))
}

/// That no link has an untrusted workspace write outside of itself.
fn check_writes(context: &RequestSnapshot, edit: &WorkspaceEdit) -> std::result::Result<(), String> {
    let edited = edit.files.iter().filter_map(|file| file.path.as_deref());
    let created = edit.creation.iter().map(|file| file.path.as_path());
    let mut written = edited.chain(created).chain(edit.renames.iter().map(|file| file.to.as_path()));
    let trust = &context.snapshot.settings.trust;
    written
        .try_for_each(|path| trust.check_write(&context.folders, path))
        .map_err(|reason| format!("{reason} Nothing was renamed."))
}

/// The place to rename at; `None` where nothing of ours is, so that the client may ask others.
fn rename_place(context: &RequestSnapshot, at: lsp::Position) -> Option<RenamePlace<'_>> {
    let file = context.file.as_ref()?;
    let offset = file.document().offset(position(at), context.profile.encoding);
    Some(match file {
        OpenFile::Note(note) if note.citation_at(offset).is_none() => return None,
        OpenFile::Note(note) => RenamePlace::Note { note, offset },
        OpenFile::Corpus(file) => RenamePlace::CorpusFile { file, offset },
        OpenFile::Config(_) => return None,
    })
}

/// The texts of notes, and of the configuration file, as editors show them. Deleted notes are left out. What a symbolic link
/// leads to has a path of its own, or lies outside the notes and is not to be changed.
pub(super) fn read_files(paths: &[Arc<Path>], context: &RequestSnapshot) -> std::result::Result<RenameFiles, String> {
    let mut files = RenameFiles::default();
    let id_of = |path: &Path| FileId::of(&path.metadata().ok()?);
    let open: FxHashSet<FileId> = context.snapshot.open_notes.iter().filter_map(|(path, _)| id_of(path)).collect();
    for path in paths {
        if id_of(path).is_some_and(|id| open.contains(&id)) {
            files.open_elsewhere.push(path.clone());
            continue;
        }
        if path.is_symlink() {
            files.unchangeable.push(path.clone());
            continue;
        }
        let Ok(bytes) = files::read(path, Purpose::Note) else { continue };
        match files::decoded(&bytes) {
            Ok(text) => drop(files.notes.insert(path.clone(), text.into_owned())),
            Err(_) => files.unchangeable.push(path.clone()),
        }
    }
    files.config = context.config.as_ref().map(config_file).transpose()?;
    Ok(files)
}

/// Where the configuration file is not open, what it holds on disk.
fn config_file(config: &ConfigFile) -> std::result::Result<ConfigFile, String> {
    if config.document.is_some() {
        return Ok(config.clone());
    }
    let path = config.path.display();
    let document = match files::read(&config.path, Purpose::Config) {
        Ok(bytes) => {
            let text = files::decoded(&bytes).map_err(|_| format!("{path} is not UTF-8. Nothing was renamed."))?;
            Some(Document::new(&text, 0))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("{path} cannot be read: {error}. Nothing was renamed.")),
    };
    Ok(ConfigFile { document, ..config.clone() })
}

/// The warning about citations that keep their names.
fn left_out(notes: &[(Arc<Path>, usize)]) -> Option<String> {
    const MAX_NAMED: usize = 3;
    let count: usize = notes.iter().map(|(_, count)| count).sum();
    let mut named: Vec<String> = notes.iter().take(MAX_NAMED).map(|(path, _)| path.display().to_string()).collect();
    if notes.len() > MAX_NAMED {
        named.push(format!("{} more notes", notes.len() - MAX_NAMED));
    }
    let citations =
        if count == 1 { "1 citation keeps its name".to_owned() } else { format!("{count} citations keep their names") };
    (count > 0).then(|| {
        format!(
            "ibid: {citations}, because what is not UTF-8 or lies outside of the notes is not changed: {}.",
            named.join(", ")
        )
    })
}
