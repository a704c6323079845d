//! Publication dates: a year, perhaps a month, perhaps a day.

use serde::{Deserialize, Serialize};

/// When a paper appeared, as exactly as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PublicationDate {
    /// The year of the common era.
    pub year: i32,
    /// The month, 1 to 12.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<u8>,
    /// The day of the month, 1 to 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u8>,
    /// The source left the year out and it was worked out from its surroundings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub year_inferred: bool,
}
