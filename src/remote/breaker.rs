//! When an engine that fails is asked again.

use std::time::{Duration, Instant};

/// How long an engine is left alone after its first failure in a row, and at most.
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(60);

/// A failure by chance is no reason to leave the engine alone.
const MAX_FAILURES: u32 = 2;

/// Lets requests through as long as they are answered. After failures in a row it lets none through for a while, then one
/// that tries; each further failure doubles the while.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Whether a request may be made now.
    pub fn lets_through(&self, now: Instant) -> bool {
        self.open_until.is_none_or(|until| now >= until)
    }

    /// Whether the last requests were answered.
    pub fn is_sound(&self) -> bool {
        self.failures == 0
    }

    /// A request was answered.
    pub fn answered(&mut self) {
        *self = Breaker::default();
    }

    /// A request failed. What will not pass by itself counts at once, and for longest.
    pub fn failed(&mut self, now: Instant, is_passing: bool) {
        self.failures = self.failures.saturating_add(1);
        if !is_passing {
            self.open_until = Some(now + LONGEST_REST);
        } else if self.failures >= MAX_FAILURES {
            let doubled = FIRST_REST.saturating_mul(1 << (self.failures - MAX_FAILURES).min(8));
            self.open_until = Some(now + doubled.min(LONGEST_REST));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_fails_is_left_alone_for_longer_and_longer() {
        let (mut breaker, mut now) = (Breaker::default(), Instant::now());
        breaker.failed(now, true);
        assert!(breaker.lets_through(now) && !breaker.is_sound(), "one failure is none");
        for rest in [1, 2, 4, 8, 16, 32, 60, 60, 60] {
            breaker.failed(now, true);
            assert!(!breaker.lets_through(now + Duration::from_millis(rest * 1000 - 1)), "{rest}");
            now += Duration::from_secs(rest);
            assert!(breaker.lets_through(now), "{rest}");
        }
        breaker.answered();
        assert!(breaker.lets_through(now) && breaker.is_sound());
        breaker.failed(now, false);
        assert!(!breaker.lets_through(now + Duration::from_secs(59)));
    }
}
