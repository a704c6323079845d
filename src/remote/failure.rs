//! Why an engine gave no answer.

use std::fmt;
use std::time::Duration;

/// Why an engine gave no answer, in words that fit after "the engine".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answers at the address.
    Unreachable(String),
    /// The answer was not there in time.
    TimedOut(Duration),
    /// The engine is at its limit, and may say after how long to ask again.
    Busy(Option<Duration>),
    /// The engine itself failed, with this status.
    Failed(u16),
    /// The engine does not take the request: the status and its reason. Asking again changes nothing.
    Refused(u16, String),
    /// What came is no answer.
    Nonsense(String),
    /// There is no token to be sent.
    NoToken(String),
}

impl Failure {
    /// Whether the same request may be answered later without anybody changing anything.
    pub fn is_passing(&self) -> bool {
        !matches!(self, Failure::Refused(..) | Failure::NoToken(_))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreachable(reason) => write!(formatter, "cannot be reached: {reason}"),
            Failure::TimedOut(limit) => write!(formatter, "gave no answer within {} ms", limit.as_millis()),
            Failure::Busy(_) => formatter.write_str("is too busy"),
            Failure::Failed(status) => write!(formatter, "failed (status {status})"),
            Failure::Refused(status, reason) if reason.is_empty() => {
                write!(formatter, "refuses the request (status {status})")
            }
            Failure::Refused(status, reason) => write!(formatter, "refuses the request (status {status}): {reason}"),
            Failure::Nonsense(what) => write!(formatter, "gave no sensible answer: {what}"),
            Failure::NoToken(reason) => write!(formatter, "was not asked, for there is no token: {reason}"),
        }
    }
}
