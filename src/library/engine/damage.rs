//! What is known of an index in use to be wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::signals;

/// Tells whether a request for papers has met damage, in one index since it was opened.
#[derive(Debug, Clone)]
pub struct DamageWatch {
    is_noticed: Arc<AtomicBool>,
    /// How many mappings had lost a part when the index was opened.
    cut_before: usize,
}

impl DamageWatch {
    /// Nothing is known against the index that is opened from now on.
    pub(in crate::library) fn begin() -> DamageWatch {
        DamageWatch { is_noticed: Arc::default(), cut_before: signals::cut_mappings() }
    }

    /// Notes damage.
    pub(in crate::library) fn notice(&self) {
        self.is_noticed.store(true, Ordering::Relaxed);
    }

    /// Whether what was answered so far may be wrong.
    pub fn is_damaged(&self) -> bool {
        self.is_noticed.load(Ordering::Relaxed) || self.is_cut()
    }

    /// Whether a file of an index has become shorter under its readers: zeros that nobody wrote may be in any answer.
    pub fn is_cut(&self) -> bool {
        signals::cut_mappings() != self.cut_before
    }
}
