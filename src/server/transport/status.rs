//! `ibid/status`: what clients that know ibid show of the library all the time.

use serde::{Deserialize, Serialize};
use tower_lsp::gen_lsp_types::{LspNotificationMethod, MessageDirection, Notification};

/// The state of the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::server) struct Status {
    /// How many papers there are.
    pub papers: u64,
    /// Whether all corpus files have been read.
    pub complete: bool,
    /// What is wrong with the search engine of the user's group, in a sentence; missing where all is well, or there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
}

/// The notification, for clients that announce `experimental.ibid.status`.
pub(in crate::server) enum StatusNotification {}

impl Notification for StatusNotification {
    type Params = Status;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("ibid/status");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}
