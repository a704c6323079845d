//! Bytes → neutral entries and faults. What a field means is not known here.

pub(in crate::corpus) mod tagged;
