//! Digests of rows, of 64 bits. They are kept on disk, so that what they are of must not change with the compiler.

/// A digest under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Digest(u64);

impl Digest {
    /// The beginning of a digest of something of this kind.
    pub fn of(kind: u64) -> Digest {
        Digest(scrambled(kind))
    }

    /// With a number after what was there.
    pub fn number(self, number: u64) -> Digest {
        Digest(scrambled(self.0.rotate_left(23) ^ scrambled(number)))
    }

    /// With a number after what was there.
    pub fn signed(self, number: i64) -> Digest {
        self.number(number.cast_unsigned())
    }

    /// With bytes after what was there.
    pub fn bytes(mut self, bytes: &[u8]) -> Digest {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self = self.number(u64::from_le_bytes(word));
        }
        // Zeros at the end are distinguished from none.
        self.number(bytes.len() as u64)
    }

    /// The digest.
    pub fn end(self) -> u64 {
        self.0
    }
}

/// The digest of a text.
pub(super) fn text_digest(text: &[u8]) -> u64 {
    let mut digest = [0; 8];
    blake3::Hasher::new().update(text).finalize_xof().fill(&mut digest);
    u64::from_le_bytes(digest)
}

/// Spreads what differs in a number over all of its bits (the finaliser of splitmix64).
fn scrambled(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_differs_has_another_digest() {
        let of = |numbers: &[u64]| numbers.iter().fold(Digest::of(1), |digest, number| digest.number(*number)).end();
        let sums = [of(&[1, 2]), of(&[2, 1]), of(&[1]), of(&[1, 2, 0]), of(&[0, 1, 2])];
        assert_eq!(sums.iter().collect::<HashSet<_>>().len(), sums.len());
        // Sums of digests of rows tell which value belongs to which field.
        let sum = |rows: &[[u64; 2]]| rows.iter().fold(0_u64, |sum, row| sum.wrapping_add(of(row)));
        assert_ne!(sum(&[[1, 7], [2, 8]]), sum(&[[1, 8], [2, 7]]));
        assert_eq!(sum(&[[1, 7], [2, 8]]), sum(&[[2, 8], [1, 7]]));
        let texts: [&[u8]; 6] = [b"", b"\0", b"\0\0\0\0\0\0\0\0", b"whale", b"whale\0", b"whale whale whale"];
        let digests: HashSet<u64> = texts.iter().map(|text| Digest::of(1).bytes(text).end()).collect();
        assert_eq!(digests.len(), texts.len());
        assert_ne!(text_digest(b"a"), text_digest(b"b"));
    }
}
