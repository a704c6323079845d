//! The threads and the task that own the state, the library and the vault.

pub(super) mod background;
pub(super) mod librarian;
pub(super) mod main_loop;
pub(super) mod note_keeper;
mod parent_process;
mod refresh;
pub(super) mod request_queue;
mod routes;
mod watch;
