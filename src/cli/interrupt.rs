//! Ctrl-C while the corpus is read: the first ends the reading in good order, the second ends the program.

use std::sync::atomic::{AtomicU8, Ordering};

/// The exit status of a program that Ctrl-C ended.
pub(super) const INTERRUPTED: u8 = 130;

/// Nothing is under way that would have to be ended in good order.
const IDLE: u8 = 0;
/// Work is under way.
const AT_WORK: u8 = 1;
/// Work is under way and shall end.
const ASKED_TO_STOP: u8 = 2;

static STATE: AtomicU8 = AtomicU8::new(IDLE);

/// Does work that asks now and then whether to go on. Ctrl-C ends the program at once before and after it.
pub(super) fn interruptible<T>(work: impl FnOnce(&dyn Fn() -> bool) -> T) -> T {
    // Where no handler can be set, or one is set already, Ctrl-C does what it did before.
    let _ = ctrlc::set_handler(|| {
        if STATE.compare_exchange(AT_WORK, ASKED_TO_STOP, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            std::process::exit(INTERRUPTED.into());
        }
        super::output::warn("stopping; Ctrl-C again stops at once");
    });
    STATE.store(AT_WORK, Ordering::Relaxed);
    let outcome = work(&|| STATE.load(Ordering::Relaxed) != ASKED_TO_STOP);
    STATE.store(IDLE, Ordering::Relaxed);
    outcome
}
