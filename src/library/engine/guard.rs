//! Damage that shows itself as a panic: what reads an index trusts the bytes of its files.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Panics in threads that merge: who waits for them does not hear of these.
static MERGES_PANICKED: AtomicUsize = AtomicUsize::new(0);

/// Does work that may panic; says what and where it did, in one line and nowhere else.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    listen();
    let before = IS_GUARDED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    IS_GUARDED.set(before);
    done.map_err(|panic| {
        let told = LAST_PANIC.take();
        let message = || panic.downcast_ref::<String>().cloned();
        let text = || panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        told.or_else(message).or_else(text).unwrap_or_else(|| "something failed".to_owned())
    })
}

/// How many merges have panicked in this process.
pub(in crate::library) fn merges_panicked() -> usize {
    listen();
    MERGES_PANICKED.load(Ordering::Relaxed)
}

/// Keeps what a guarded panic says to where it is caught; all others are reported as before.
fn listen() {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let merges = std::thread::current().name().is_some_and(|name| name.starts_with("merge_thread"));
            if merges {
                MERGES_PANICKED.fetch_add(1, Ordering::Relaxed);
            }
            if merges || IS_GUARDED.get() {
                let text = panic.to_string().replace('\n', " ");
                LAST_PANIC.set(Some(text));
            } else {
                before(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_panic_is_told_in_one_line_and_work_goes_on() {
        assert_eq!(guarded(|| 7), Ok(7));
        let told = guarded(|| -> u32 { panic!("no\nsuch {}", "thing") }).unwrap_err();
        assert!(told.contains("no such thing") && told.contains("guard.rs"), "{told}");
        let nested = guarded(|| guarded(|| -> u32 { panic!("inner") }).is_err());
        assert_eq!(nested, Ok(true));
        let text = guarded(|| -> u32 { std::panic::resume_unwind(Box::new("thrown on")) }).unwrap_err();
        assert_eq!(text, "thrown on");
    }
}
