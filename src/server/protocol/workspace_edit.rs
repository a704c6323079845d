//! Edits of texts and new files → the protocol's types, in the form that the client takes.

use std::collections::HashMap;

use tower_lsp::gen_lsp_types as lsp;

use super::client_profile::ClientProfile;
use super::convert::{path_of, range, uri_of};
use crate::features::{FileEdits, FileRename, NewFile, TextEdit, WorkspaceEdit};
use crate::text::{Document, Encoding};

/// An edit; `asked` is the document of the request, whose URI the client chose. `None` where a file has no
/// URI. A creation is left out where the client creates no files: see [`ClientProfile::creates_files`].
pub(in crate::server) fn workspace_edit(
    edit: WorkspaceEdit,
    asked: &RequestDocument,
    profile: ClientProfile,
) -> Option<lsp::WorkspaceEdit> {
    let creation = edit.creation.as_ref().filter(|_| profile.creates_files);
    let creation = creation.map_or(Some(Vec::new()), creation_steps)?;
    let confirmed = edit.confirmed.filter(|_| profile.asks_about_changes);
    let confirmed_uri = confirmed.as_deref().and_then(uri_of);
    let files = edit.files.into_iter().map(|file| {
        let uri = asked.uri_of(&file)?;
        let edits = text_edits(&file.edits, &file.document, profile.encoding);
        Some((uri, file.version, edits))
    });
    let files: Vec<(lsp::Uri, Option<i32>, Vec<lsp::TextEdit>)> = files.collect::<Option<_>>()?;
    if !profile.document_changes {
        let changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> =
            files.into_iter().map(|(uri, _, edits)| (uri, edits)).collect();
        return Some(lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() });
    }
    let changes = files.into_iter().map(|(uri, version, edits)| {
        let annotation = (confirmed_uri.as_ref() == Some(&uri)).then_some(CONFIRMED);
        annotated_edit(uri, version, edits, annotation)
    });
    let renames: Vec<lsp::DocumentChange> = edit.renames.iter().map(rename_step).collect::<Option<_>>()?;
    let changes = creation.into_iter().chain(changes).chain(renames).collect();
    let change_annotations = confirmed.map(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let annotation = lsp::ChangeAnnotation {
            label: format!("Rename the key in {name} as well"),
            needs_confirmation: Some(true),
            description: Some("The entry is changed, and with it all that cites it.".to_owned()),
        };
        HashMap::from([(CONFIRMED.to_owned(), annotation)])
    });
    Some(lsp::WorkspaceEdit { document_changes: Some(changes), change_annotations, ..lsp::WorkspaceEdit::default() })
}

/// The changes that the user is asked about.
const CONFIRMED: &str = "entry";

/// The document of a request.
pub(in crate::server) struct RequestDocument {
    pub uri: lsp::Uri,
}

impl RequestDocument {
    fn uri_of(&self, file: &FileEdits) -> Option<lsp::Uri> {
        let Some(path) = &file.path else { return Some(self.uri.clone()) };
        let is_asked = path_of(&self.uri).is_some_and(|asked| *asked == **path);
        if is_asked { Some(self.uri.clone()) } else { uri_of(path) }
    }
}

/// The creation of a file with its text; only for clients that create files.
pub(in crate::server) fn creation(file: &NewFile) -> Option<lsp::WorkspaceEdit> {
    let changes = creation_steps(file)?;
    Some(lsp::WorkspaceEdit { document_changes: Some(changes), ..lsp::WorkspaceEdit::default() })
}

fn creation_steps(file: &NewFile) -> Option<Vec<lsp::DocumentChange>> {
    let uri = uri_of(&file.path)?;
    let options = lsp::CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    let create = lsp::CreateFile { uri: uri.clone(), options: Some(options), annotation_id: None };
    let insert = lsp::TextEdit { range: lsp::Range::default(), new_text: file.text.clone() };
    Some(vec![create.into(), document_edit(uri, None, vec![insert])])
}

fn rename_step(rename: &FileRename) -> Option<lsp::DocumentChange> {
    let options = lsp::RenameFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) };
    let (old_uri, new_uri) = (uri_of(&rename.from)?, uri_of(&rename.to)?);
    Some(lsp::RenameFile { old_uri, new_uri, options: Some(options), annotation_id: None }.into())
}

pub(in crate::server) fn text_edits(edits: &[TextEdit], document: &Document, encoding: Encoding) -> Vec<lsp::TextEdit> {
    let edit = |edit: &TextEdit| lsp::TextEdit {
        range: range(document.position_range(&edit.range, encoding)),
        new_text: edit.new_text.clone(),
    };
    edits.iter().map(edit).collect()
}

fn document_edit(uri: lsp::Uri, version: Option<i32>, edits: Vec<lsp::TextEdit>) -> lsp::DocumentChange {
    annotated_edit(uri, version, edits, None)
}

fn annotated_edit(
    uri: lsp::Uri,
    version: Option<i32>,
    edits: Vec<lsp::TextEdit>,
    annotation: Option<&str>,
) -> lsp::DocumentChange {
    let text_document = lsp::OptionalVersionedTextDocumentIdentifier {
        version,
        text_document_identifier: lsp::TextDocumentIdentifier { uri },
    };
    let annotated = |edit: lsp::TextEdit| match annotation {
        Some(id) => lsp::AnnotatedTextEdit::new(id.to_owned(), edit).into(),
        None => edit.into(),
    };
    let edits = edits.into_iter().map(annotated).collect();
    lsp::TextDocumentEdit { text_document, edits }.into()
}
