//! The threads and the task that own the state, the library and the vault.

pub(super) mod background;
pub(super) mod librarian;
pub(super) mod main_loop;
pub(super) mod note_keeper;
pub(super) mod refresh;
pub(super) mod request_queue;
mod routes;
pub(super) mod startup;
mod watch;
