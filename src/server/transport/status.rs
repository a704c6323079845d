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
}

/// The notification, for clients that announce `experimental.ibid.status`.
pub(in crate::server) enum StatusNotification {}

impl Notification for StatusNotification {
    type Params = Status;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("ibid/status");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ServerToClient;
}
