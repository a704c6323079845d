//! Disjoint sets: what belongs together when it is known of pairs.

/// Disjoint sets of numbers from 0.
#[derive(Default)]
pub(crate) struct Components {
    parents: Vec<usize>,
}

impl Components {
    /// So many numbers, each by itself.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    /// One number more, by itself.
    pub fn add(&mut self) -> usize {
        let number = self.parents.len();
        self.parents.push(number);
        number
    }

    /// The smallest number that a number belongs together with.
    pub fn root(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    /// Puts the sets of two numbers together.
    pub fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents[a.max(b)] = a.min(b);
    }
}
