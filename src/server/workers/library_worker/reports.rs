//! What the library worker reports by itself: problems of the configuration, empty folders, an index kept in memory.

use std::path::{Path, PathBuf};

use tower_lsp::gen_lsp_types::MessageType;

use super::messages::{config_diagnostic, configuration_notice};
use super::{LibraryUpdate, Worker};
use crate::config::CONFIG_FILE;
use crate::diagnostic::{Code, Diagnostic};
use crate::files::{self, Purpose};
use crate::server::protocol::convert;
use crate::server::transport::client_messages::ClientMessage;
use crate::text::Document;

impl Worker {
    /// The configuration file of the workspace, which need not be there.
    pub(super) fn config_file(&self) -> PathBuf {
        self.options.config_file.clone().unwrap_or_else(|| self.root().join(CONFIG_FILE))
    }

    /// Looks at the configuration files before they are read.
    pub(super) fn see_configuration(&mut self) {
        self.look.see_before_reading(self.config_file());
        self.options.user_file.clone().into_iter().for_each(|file| self.look.see_before_reading(file));
    }

    /// Warns that a folder is empty, once as long as there are empty ones.
    pub(super) fn warn_of_empty(&mut self, problem: Option<String>) {
        let said = std::mem::replace(&mut self.said_of_empty, problem.clone());
        if let Some(text) = problem.filter(|_| said.is_none()) {
            self.send_message(ClientMessage::Log(MessageType::Warning, text));
        }
    }

    /// Warns once that nothing can be stored on disk.
    pub(super) fn warn_of_memory(&mut self, reason: Option<String>) {
        if let Some(reason) = reason
            && !self.has_warned_of_memory
        {
            self.has_warned_of_memory = true;
            let text = format!(
                "ibid keeps its index in memory and reads all papers again at every start: {reason}. \
                 Set IBID_CACHE_DIR to a folder that can be written."
            );
            self.send_message(ClientMessage::Show(MessageType::Warning, text));
        }
    }

    /// Publishes the problems of the configuration where they are, and clears those that are solved.
    pub(super) fn report_configuration(&mut self, root: &Path, problems: &[Diagnostic]) {
        let own = root.join(CONFIG_FILE);
        let config_file = self.options.config_file.as_ref().unwrap_or(&own);
        for problem in problems.iter().filter(|problem| problem.path.is_none()) {
            self.send_message(ClientMessage::Log(MessageType::Warning, format!("settings: {}", problem.message)));
        }
        let known = std::mem::take(&mut self.reported);
        for file in [Some(config_file), self.options.user_file.as_ref()].into_iter().flatten() {
            let found: Vec<&Diagnostic> = problems.iter().filter(|it| it.path.as_ref() == Some(file)).collect();
            let Some(uri) = convert::uri_of(file).filter(|uri| !found.is_empty() && !self.reported.contains(uri))
            else {
                continue;
            };
            let text = files::read(file, Purpose::Config).map(|bytes| files::decoded_lossy(&bytes).into_owned());
            let document = Document::new(&text.unwrap_or_default(), 0);
            let found =
                found.into_iter().map(|problem| config_diagnostic(problem, &document, self.profile.encoding)).collect();
            self.reported.push(uri.clone());
            self.send_message(ClientMessage::Diagnostics(uri, found, None));
        }
        // Editors show diagnostics of a file that is open; this one often is not.
        if known.is_empty()
            && let Some(text) = configuration_notice(problems)
        {
            self.send_message(ClientMessage::Show(MessageType::Warning, text));
        }
        // Diagnostics of another root's file, or earlier ones of these files, are cleared.
        for gone in known.into_iter().filter(|uri| !self.reported.contains(uri)) {
            self.send_message(ClientMessage::Diagnostics(gone, Vec::new(), None));
        }
    }

    /// Tells the user, once for each reason, what an untrusted workspace may not have.
    pub(super) fn report_refused(&mut self, problems: &[Diagnostic]) {
        let refused = problems.iter().find(|problem| problem.code == Code::Untrusted).map(|it| it.message.clone());
        if let Some(reason) = refused.clone().filter(|_| refused != self.refused) {
            (self.send_update)(LibraryUpdate::Refused(reason));
        }
        self.refused = refused;
    }
}
