//! A map that is cheap to share and cheap to change while it is shared.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

/// How many parts a map has. A change copies one part and the list of parts, and nothing where they are not shared.
const SHARDS: usize = 256;

/// A hash map in parts. Clones share everything until one of them is changed.
#[derive(Debug, Clone)]
pub(super) struct Sharded<K, V> {
    shards: Arc<Vec<Arc<FxHashMap<K, V>>>>,
}

impl<K, V> Default for Sharded<K, V> {
    fn default() -> Self {
        Self { shards: Arc::new((0..SHARDS).map(|_| Arc::default()).collect()) }
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Sharded<K, V> {
    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.shards.get(shard(key))?.get(key)
    }

    /// The part that holds a key, for changing it.
    pub(super) fn part_mut<Q: Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut FxHashMap<K, V>> {
        Arc::make_mut(&mut self.shards).get_mut(shard(key)).map(Arc::make_mut)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        if let Some(part) = self.part_mut(&key) {
            part.insert(key, value);
        }
    }

    pub(super) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.get(key)?;
        self.part_mut(key)?.remove(key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }

    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.len()).sum()
    }
}

fn shard<Q: Hash + ?Sized>(key: &Q) -> usize {
    // The lower bits choose the place within a part.
    let hash = FxBuildHasher.hash_one(key);
    usize::try_from(hash >> 40).unwrap_or_default() % SHARDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_never_sees_a_later_change() {
        let mut map: Sharded<u32, u32> = Sharded::default();
        (0..1000).for_each(|key| map.insert(key, key));
        let copy = map.clone();
        map.insert(7, 0);
        assert_eq!(map.remove(&8), Some(8));
        assert_eq!(map.remove(&8), None);
        assert_eq!((copy.get(&7), copy.get(&8), copy.len()), (Some(&7), Some(&8), 1000));
        assert_eq!((map.get(&7), map.get(&8), map.len()), (Some(&0), None, 999));
        assert_eq!(map.iter().count(), 999);
    }

    #[test]
    fn the_parts_fill_evenly() {
        let mut map: Sharded<u32, ()> = Sharded::default();
        (0..25_600).for_each(|key| map.insert(key, ()));
        assert!(map.shards.iter().all(|shard| shard.len() < 1000));
    }
}
