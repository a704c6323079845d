//! `@string` definitions, and values put together from them.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::parse::{Part, RawField};
use crate::paper::month_number;

/// Strings that bibliography styles define.
const OF_STYLES: [(&str, &str); 20] = [
    ("acmcs", "ACM Computing Surveys"),
    ("acta", "Acta Informatica"),
    ("cacm", "Communications of the ACM"),
    ("ibmjrd", "IBM Journal of Research and Development"),
    ("ibmsj", "IBM Systems Journal"),
    ("ieeese", "IEEE Transactions on Software Engineering"),
    ("ieeetc", "IEEE Transactions on Computers"),
    ("ieeetcad", "IEEE Transactions on Computer-Aided Design of Integrated Circuits"),
    ("ipl", "Information Processing Letters"),
    ("jacm", "Journal of the ACM"),
    ("jcss", "Journal of Computer and System Sciences"),
    ("scp", "Science of Computer Programming"),
    ("sicomp", "SIAM Journal on Computing"),
    ("tcs", "Theoretical Computer Science"),
    ("tocs", "ACM Transactions on Computer Systems"),
    ("tods", "ACM Transactions on Database Systems"),
    ("tog", "ACM Transactions on Graphics"),
    ("toms", "ACM Transactions on Mathematical Software"),
    ("toois", "ACM Transactions on Office Information Systems"),
    ("toplas", "ACM Transactions on Programming Languages and Systems"),
];

/// The longest text a string may have, in bytes: strings made of strings grow fast.
const MAX_BYTES: usize = 64 * 1024;

/// The strings of one file.
#[derive(Debug, Default)]
pub(super) struct Strings {
    defined: FxHashMap<String, String>,
    /// Names that were asked for and are not defined.
    missing: FxHashSet<String>,
}

impl Strings {
    /// Takes the definitions of an `@string`. Where `first_wins`, those that exist already stay.
    pub(super) fn define(&mut self, fields: &[RawField<'_>], first_wins: bool) {
        for field in fields {
            let name = field.name.to_lowercase();
            if first_wins && self.defined.contains_key(&name) {
                continue;
            }
            let text = self.expand(&field.value, &mut |_| ()).into_owned();
            if text.len() <= MAX_BYTES {
                self.defined.insert(name, text);
            }
        }
    }

    /// The text of a value. What is defined nowhere stands for its own name and is told to `missing`.
    pub(super) fn expand<'t>(&self, value: &[Part<'t>], missing: &mut dyn FnMut(&'t str)) -> Cow<'t, str> {
        if let [Part::Text(text)] = value {
            return Cow::Borrowed(text);
        }
        let mut whole = String::new();
        for part in value {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Name(name) => {
                    let text = self.get(name);
                    if text.is_none() {
                        missing(name);
                    }
                    whole.push_str(text.unwrap_or(name));
                }
            }
        }
        Cow::Owned(whole)
    }

    /// Whether a name that is defined nowhere is asked for the first time.
    pub(super) fn is_news(&mut self, name: &str) -> bool {
        self.missing.insert(name.to_lowercase())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        if let Some(text) = self.defined.get(&lower) {
            return Some(text);
        }
        if let Some(month) = month_number(name) {
            return MONTHS.get(usize::from(month).wrapping_sub(1)).copied();
        }
        OF_STYLES.iter().find(|(known, _)| *known == lower).map(|(_, text)| *text)
    }
}

/// What the months `jan` to `dec` stand for.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
