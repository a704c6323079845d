//! Making JSON of what is nearly JSON.

/// Mended text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repaired {
    /// The text, which may still be no JSON.
    pub text: String,
    /// Nothing was mended but what is not a number, such as `NaN`: programs write it for what they do not know.
    pub is_sound: bool,
    /// How much of the text the value took, in bytes; `None` where the text ends within it.
    pub length: Option<usize>,
}

/// Mends the small faults of a text: control characters and wrong escapes in strings, halves of surrogate pairs, bare
/// words and numbers that JSON does not know, commas too many, and an end cut off: of the member it cuts nothing is
/// said. Anything else stays as it is.
pub(super) fn repaired(text: &str) -> Repaired {
    let mut repair = Repair {
        rest: text,
        done: String::with_capacity(text.len() + 16),
        open: Vec::new(),
        last: Last::Start,
        is_sound: true,
    };
    while repair.step() {}
    let length = repair.open.is_empty().then(|| text.len() - repair.rest.len());
    repair.complete();
    Repaired { text: repair.done, is_sound: repair.is_sound && length.is_some(), length }
}

struct Repair<'a> {
    rest: &'a str,
    done: String,
    /// What closes each open bracket, and where in `done` the name, value or element that is being written begins.
    open: Vec<(char, usize)>,
    last: Last,
    is_sound: bool,
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    Comma,
    Key,
    Colon,
    Value,
    /// A value that the end of the text cuts off.
    Cut,
    /// A name that it cuts off.
    CutKey,
}

impl Repair<'_> {
    /// Goes on by one token. `false` at the end of the text, or after the first value.
    fn step(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '{' | '[' => {
                self.take(first);
                self.open.push((if first == '{' { '}' } else { ']' }, self.done.len()));
                self.last = Last::Start;
            }
            '}' | ']' => {
                self.drop_comma();
                self.open.pop();
                self.take(first);
                self.last = Last::Value;
                return !self.open.is_empty();
            }
            ',' => {
                // A comma too many at the end is seen only once its end is known.
                self.take(first);
                self.begins(Last::Comma);
            }
            ':' => {
                self.take(first);
                self.begins(Last::Colon);
            }
            '"' => {
                let is_whole = self.string();
                self.value_written(is_whole);
            }
            _ => {
                self.bare();
                self.value_written(!self.rest.is_empty());
            }
        }
        true
    }

    fn take(&mut self, first: char) {
        self.done.push(first);
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
    }

    /// Something begins after what was written last.
    fn begins(&mut self, last: Last) {
        self.last = last;
        let begin = self.done.len();
        self.open.last_mut().into_iter().for_each(|(_, start)| *start = begin);
    }

    fn value_written(&mut self, is_whole: bool) {
        let is_key = self.in_object() && matches!(self.last, Last::Start | Last::Comma);
        self.last = match (is_key, is_whole) {
            (true, true) => Last::Key,
            (true, false) => Last::CutKey,
            (false, true) => Last::Value,
            (false, false) => Last::Cut,
        };
    }

    fn in_object(&self) -> bool {
        matches!(self.open.last(), Some(('}', _)))
    }

    fn drop_comma(&mut self) {
        if self.last == Last::Comma {
            self.done.pop();
            self.is_sound = false;
        }
    }

    /// A string. `false` where the text ends within it.
    fn string(&mut self) -> bool {
        self.done.push('"');
        let mut rest = self.rest.get(1..).unwrap_or_default();
        let is_whole = loop {
            let end = rest.find(|c: char| matches!(c, '"' | '\\') || c < ' ').unwrap_or(rest.len());
            self.done.push_str(rest.get(..end).unwrap_or_default());
            rest = rest.get(end..).unwrap_or_default();
            let mut following = rest.chars();
            match following.next() {
                Some('\\') => rest = self.escape(following.as_str()),
                found @ (Some('"') | None) => {
                    rest = following.as_str();
                    break found.is_some();
                }
                Some(_) => {
                    self.done.push(' ');
                    self.is_sound = false;
                    rest = following.as_str();
                }
            }
        };
        self.done.push('"');
        self.rest = rest;
        is_whole
    }

    /// An escape, of which the backslash is passed already. Gives what follows it.
    fn escape<'t>(&mut self, text: &'t str) -> &'t str {
        let after = |count: usize| text.get(count..).unwrap_or_default();
        match text.chars().next() {
            None => text,
            Some(letter @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                self.done.push('\\');
                self.done.push(letter);
                after(1)
            }
            Some('u') => match hexadecimal(after(1)) {
                Some(0xD800..=0xDBFF) if is_low_surrogate(after(5)) => {
                    self.done.push('\\');
                    self.done.push_str(text.get(..11).unwrap_or_default());
                    after(11)
                }
                Some(0xD800..=0xDFFF) => {
                    self.is_sound = false;
                    self.done.push('\u{fffd}');
                    after(5)
                }
                Some(_) => {
                    self.done.push('\\');
                    self.done.push_str(text.get(..5).unwrap_or_default());
                    after(5)
                }
                None => {
                    self.is_sound = false;
                    self.done.push_str("\\\\");
                    text
                }
            },
            Some(_) => {
                self.is_sound = false;
                self.done.push_str("\\\\");
                text
            }
        }
    }

    /// A number or a word; one that JSON does not know becomes a string, and a number that is not one becomes null.
    fn bare(&mut self) {
        let ends = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let word = self.rest.get(..end).unwrap_or_default();
        if matches!(word, "NaN" | "-NaN" | "Infinity" | "-Infinity") {
            self.done.push_str("null");
        } else if serde_json::from_str::<serde_json::Value>(word).is_ok() {
            self.done.push_str(word);
        } else {
            self.done.push_str(&serde_json::Value::from(word).to_string());
            self.is_sound = false;
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    /// Closes what is still open, without the value that the end cuts off.
    fn complete(&mut self) {
        if matches!(self.last, Last::Cut | Last::CutKey)
            && let Some((_, start)) = self.open.last()
        {
            self.done.truncate(*start);
        }
        match self.last {
            Last::Key => self.done.push_str(":null"),
            Last::Colon => self.done.push_str("null"),
            Last::Cut if self.in_object() => self.done.push_str("null"),
            _ if self.done.ends_with(',') => _ = self.done.pop(),
            _ => {}
        }
        self.done.extend(self.open.drain(..).rev().map(|(close, _)| close));
    }
}

/// The number that four hexadecimal digits at the beginning of the text stand for.
fn hexadecimal(text: &str) -> Option<u32> {
    let digits = text.get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u32::from_str_radix(digits, 16).ok()
}

fn is_low_surrogate(text: &str) -> bool {
    text.strip_prefix("\\u").and_then(hexadecimal).is_some_and(|unit| (0xDC00..=0xDFFF).contains(&unit))
}
