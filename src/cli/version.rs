//! Which ibid this is.

/// The version by itself, as the packages of all channels have it.
pub(super) const NUMBER: &str = env!("CARGO_PKG_VERSION");

/// The version, the commit where it is known, and the target that the program was built for.
pub(super) const WHOLE: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("IBID_BUILD"), ")");
