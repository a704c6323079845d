//! The main loop, which owns the state, and the threads that keep the library and the vault up to date.

mod background;
mod event;
pub(super) mod group;
mod library_worker;
pub(super) mod main_loop;
mod parent_process;
mod refresh;
pub(super) mod request_queue;
mod routes;
mod slow_look;
pub(super) mod trust;
mod vault_worker;
mod watch;
