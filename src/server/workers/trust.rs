//! Asking the user whether a workspace is to be trusted.

use std::path::{Path, PathBuf};

use tower_lsp::Client;
use tower_lsp::gen_lsp_types::{MessageActionItem, MessageType};

use crate::config::trust_folder;

/// The button.
const TRUST: &str = "Trust this folder";

/// Says why the user may want to trust the workspace, and waits for the button. `changed` is called once the user's own file
/// says that the folder is trusted.
pub(super) async fn offer(
    client: Client,
    reason: String,
    root: PathBuf,
    user_file: PathBuf,
    changed: impl FnOnce() + Send,
) {
    let button = MessageActionItem { title: TRUST.to_owned(), ..MessageActionItem::default() };
    let answer = client.show_message_request(MessageType::Warning, reason, Some(vec![button])).await;
    if !matches!(answer, Ok(Some(pressed)) if pressed.title == TRUST) {
        return;
    }
    let written = tokio::task::spawn_blocking(move || trust_root(&root, &user_file)).await;
    match written {
        Ok(Ok(_)) => changed(),
        Ok(Err(reason)) => client.show_message(MessageType::Error, reason).await,
        Err(_) => {}
    }
}

/// Adds a workspace to the folders that the user trusts. Says what was done.
pub(in crate::server) fn trust_root(root: &Path, user_file: &Path) -> Result<String, String> {
    Ok(trust_folder(user_file, root)?.said_of_adding(root, user_file))
}
