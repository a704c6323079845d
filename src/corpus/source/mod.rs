//! The bytes of a corpus file as readers take them: lines, places, and the way of what is found to the caller.

mod collector;
mod encoding;
mod excerpt;
mod lines;
mod measure;
mod window;

pub(in crate::corpus) use collector::{Collector, Entry};
pub use encoding::TextInput;
pub(in crate::corpus) use excerpt::excerpt;
pub use lines::{Line, LineReader, MAX_LINE_BYTES};
pub(in crate::corpus) use measure::{count_lines, line_units, text_of};
pub(in crate::corpus) use window::{LOOK_BEHIND, MAX_KEPT_BYTES, Window};
