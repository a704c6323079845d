//! `@string` definitions, and values put together from them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::parse::{Part, RawField};

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

/// What the months `jan` to `dec` stand for; their full names are read, too.
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

/// The longest text that strings may make, in bytes: strings made of strings grow fast.
const MAX_EXPANDED_BYTES: usize = 64 * 1024;

/// How much the strings of one file may hold together, in bytes.
const MAX_TOTAL_BYTES: usize = 32 * 1024 * 1024;

/// How many names that are defined nowhere are told apart.
const MAX_MISSING: usize = 10_000;

/// The strings of one file.
#[derive(Debug, Default)]
pub(in crate::corpus) struct Strings {
    /// By name in lower case.
    defined: HashMap<String, String>,
    total_bytes: usize,
    /// Names that were asked for and are not defined.
    missing: HashSet<String>,
}

impl Strings {
    /// Takes the definitions of an `@string`. Where `first_wins`, those that exist already stay.
    pub fn define(&mut self, fields: &[RawField<'_>], first_wins: bool) {
        for field in fields {
            let name = field.name.to_lowercase();
            if first_wins && self.defined.contains_key(&name) {
                continue;
            }
            let text = self.expand(field.value.parts(), &mut |_| ()).into_owned();
            let length = name.len() + text.len();
            if text.len() <= MAX_EXPANDED_BYTES && self.total_bytes + length <= MAX_TOTAL_BYTES {
                self.total_bytes += length;
                let replaced = self.defined.insert(name, text);
                self.total_bytes -= replaced.map_or(0, |text| field.name.len() + text.len()).min(self.total_bytes);
            }
        }
    }

    /// The text of a value. What is defined nowhere stands for its own name and is told to `missing`. Strings add no
    /// more than [`MAX_EXPANDED_BYTES`] to it.
    pub fn expand<'t>(&self, value: &[Part<'t>], missing: &mut dyn FnMut(&'t str)) -> Cow<'t, str> {
        if let [Part::Text(text)] = value {
            return Cow::Borrowed(text);
        }
        let mut whole = String::new();
        let mut room = MAX_EXPANDED_BYTES;
        for part in value {
            match part {
                Part::Text(text) => whole.push_str(text),
                Part::Name(name) => {
                    let text = self.get(name);
                    if text.is_none() {
                        missing(name);
                    }
                    let text = text.unwrap_or(name);
                    if let Some(left) = room.checked_sub(text.len()) {
                        room = left;
                        whole.push_str(text);
                    }
                }
            }
        }
        Cow::Owned(whole)
    }

    /// Whether a name that is defined nowhere is asked for the first time.
    pub fn is_news(&mut self, name: &str) -> bool {
        self.missing.len() < MAX_MISSING && self.missing.insert(name.to_lowercase())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let lower = name.to_lowercase();
        if let Some(text) = self.defined.get(&lower) {
            return Some(text);
        }
        let is_month = |month: &&&str| {
            let short = month.get(..3).unwrap_or_default();
            month.eq_ignore_ascii_case(&lower) || short.eq_ignore_ascii_case(&lower)
        };
        if let Some(month) = MONTHS.iter().find(is_month) {
            return Some(month);
        }
        let at = OF_STYLES.binary_search_by_key(&lower.as_str(), |(known, _)| known).ok()?;
        OF_STYLES.get(at).map(|(_, text)| *text)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn expanded(strings: &Strings, name: &str) -> String {
        strings.expand(&[Part::Name(name)], &mut |_| ()).into_owned()
    }

    #[test]
    fn names_are_found_in_any_case() {
        let mut strings = Strings::default();
        strings.define(&parse("@string{JML = \"Journal of \" # ml, x = {Y}}", true).fields, true);
        strings.define(&parse("@string{jml = {Other}}", true).fields, true);
        assert_eq!(expanded(&strings, "jml"), "Journal of ml");
        strings.define(&parse("@string{jml = {Other}}", true).fields, false);
        assert_eq!(expanded(&strings, "Jml"), "Other");
        for (name, text) in [("feb", "February"), ("MAY", "May"), ("july", "July"), ("jacm", "Journal of the ACM")] {
            assert_eq!(expanded(&strings, name), text);
        }
        assert!(OF_STYLES.is_sorted());
        let mut missing = Vec::new();
        assert_eq!(strings.expand(&[Part::Name("gone"), Part::Text("!")], &mut |name| missing.push(name)), "gone!");
        assert_eq!(missing, ["gone"]);
        assert!(strings.is_news("gone") && !strings.is_news("GONE"));
    }

    #[test]
    fn strings_made_of_strings_do_not_grow_without_bounds() {
        let mut strings = Strings::default();
        strings.define(&parse("@string{s0 = {0123456789abcdef}}", true).fields, true);
        for n in 0..40 {
            let text = format!("@string{{s{} = s{n} # s{n} # s{n} # s{n}}}", n + 1);
            strings.define(&parse(&text, true).fields, true);
        }
        let longest = strings.defined.values().map(String::len).max();
        assert!(longest.is_some_and(|longest| longest <= MAX_EXPANDED_BYTES), "{longest:?}");
        let value = vec![Part::Name("s6"); 1000];
        assert!(strings.expand(&value, &mut |_| ()).len() <= MAX_EXPANDED_BYTES);
    }
}
