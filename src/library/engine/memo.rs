//! What was asked for lately is kept at hand: one kind of cache for all of the library. A memo only, never the truth.

use std::hash::Hash;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{OptionsBuilder, UnitWeighter, Weighter};
use rustc_hash::FxBuildHasher;

/// Answers by what was asked, shared by all threads.
pub(in crate::library) type Memo<K, V, W = UnitWeighter> = Cache<K, V, W, FxBuildHasher>;

/// Half of a cache is for what was asked last, the other half for what is asked again and again: who types asks for the
/// same words with each letter, and for others a moment later.
const SHARE_OF_OFTEN: f64 = 0.5;

/// A cache of about `items`, which weigh `weight` together at most.
pub(in crate::library) fn memo<K, V, W>(items: usize, weight: u64, weighter: W) -> Memo<K, V, W>
where
    K: Eq + Hash,
    V: Clone,
    W: Weighter<K, V> + Clone,
{
    let mut options = OptionsBuilder::new();
    options.estimated_items_capacity(items).weight_capacity(weight).hot_allocation(SHARE_OF_OFTEN);
    #[expect(clippy::expect_used, reason = "fails only where one of the two capacities is missing")]
    let options = options.build().expect("both capacities are given");
    Cache::with_options(options, weighter, FxBuildHasher, DefaultLifecycle::default())
}

/// A cache of at most so many items.
pub(in crate::library) fn memo_of<K: Eq + Hash, V: Clone>(items: usize) -> Memo<K, V> {
    memo(items, items as u64, UnitWeighter)
}
