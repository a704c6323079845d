//! The bytes of a corpus file as readers take them: lines, places, and the way of what is found to whoever asked.

mod collector;
mod lines;

pub(in crate::corpus) use collector::{Collector, Entry};
pub use lines::{Line, LineReader, MAX_LINE_BYTES};
