//! Sorted tables: pairs of a key and what is known of it. Each table has a test that it is sorted.

/// What a table, sorted by its keys, knows of a key.
pub(in crate::corpus) fn lookup<K: Ord, V: Copy>(table: &[(K, V)], key: &K) -> Option<V> {
    let at = table.binary_search_by(|(known, _)| known.cmp(key)).ok()?;
    table.get(at).map(|(_, value)| *value)
}
