//! Making JSON of what is nearly JSON.

/// The text with its small faults mended: control characters and wrong escapes in strings, halves of
/// surrogate pairs, bare words and numbers that JSON does not know, commas too many, and an end cut off.
/// Anything else stays as it is, so that the result may still be no JSON.
pub(super) fn repaired(text: &str) -> String {
    let mut repair =
        Repair { rest: text, done: String::with_capacity(text.len() + 16), open: Vec::new(), last: Last::Start };
    while repair.step() {}
    repair.complete();
    repair.done
}

struct Repair<'a> {
    rest: &'a str,
    done: String,
    open: Vec<char>,
    last: Last,
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    Comma,
    Key,
    Colon,
    Value,
}

impl Repair<'_> {
    /// Goes on by one token. `false` at the end of the text, or behind the first value.
    fn step(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        let Some(first) = self.rest.chars().next() else { return false };
        match first {
            '{' | '[' => {
                self.open.push(if first == '{' { '}' } else { ']' });
                self.take(first);
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
                // A comma too many at the end has to be seen from behind.
                self.take(first);
                self.last = Last::Comma;
            }
            ':' => {
                self.take(first);
                self.last = Last::Colon;
            }
            '"' => {
                self.string();
                self.value_written();
            }
            _ => {
                self.bare();
                self.value_written();
            }
        }
        true
    }

    fn take(&mut self, first: char) {
        self.done.push(first);
        self.rest = self.rest.get(first.len_utf8()..).unwrap_or_default();
    }

    fn value_written(&mut self) {
        let is_key = self.open.last() == Some(&'}') && matches!(self.last, Last::Start | Last::Comma);
        self.last = if is_key { Last::Key } else { Last::Value };
    }

    fn drop_comma(&mut self) {
        if self.last == Last::Comma {
            self.done.pop();
        }
    }

    /// A string, which ends with the text where it has no quote at its end.
    fn string(&mut self) {
        self.done.push('"');
        let mut rest = self.rest.get(1..).unwrap_or_default();
        loop {
            let end = rest.find(|c: char| matches!(c, '"' | '\\') || c < ' ').unwrap_or(rest.len());
            self.done.push_str(rest.get(..end).unwrap_or_default());
            rest = rest.get(end..).unwrap_or_default();
            let mut following = rest.chars();
            match following.next() {
                Some('\\') => rest = self.escape(following.as_str()),
                Some('"') | None => {
                    rest = following.as_str();
                    break;
                }
                Some(_) => {
                    self.done.push(' ');
                    rest = following.as_str();
                }
            }
        }
        self.done.push('"');
        self.rest = rest;
    }

    /// An escape, of which the backslash is passed already. Gives what follows it.
    fn escape<'t>(&mut self, text: &'t str) -> &'t str {
        let behind = |count: usize| text.get(count..).unwrap_or_default();
        match text.chars().next() {
            None => text,
            Some(letter @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                self.done.push('\\');
                self.done.push(letter);
                behind(1)
            }
            Some('u') => match hexadecimal(behind(1)) {
                Some(0xD800..=0xDBFF) if is_low_surrogate(behind(5)) => {
                    self.done.push('\\');
                    self.done.push_str(text.get(..11).unwrap_or_default());
                    behind(11)
                }
                Some(0xD800..=0xDFFF) => {
                    self.done.push('\u{fffd}');
                    behind(5)
                }
                Some(_) => {
                    self.done.push('\\');
                    self.done.push_str(text.get(..5).unwrap_or_default());
                    behind(5)
                }
                None => {
                    self.done.push_str("\\\\");
                    text
                }
            },
            Some(_) => {
                self.done.push_str("\\\\");
                text
            }
        }
    }

    /// A number or a word; one that JSON does not know becomes a string.
    fn bare(&mut self) {
        let ends = |c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':' | '"');
        let end = self.rest.find(ends).unwrap_or(self.rest.len());
        let word = self.rest.get(..end).unwrap_or_default();
        if serde_json::from_str::<serde_json::Value>(word).is_ok() {
            self.done.push_str(word);
        } else {
            self.done.push_str(&serde_json::Value::from(word).to_string());
        }
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    /// Closes what is still open.
    fn complete(&mut self) {
        let in_object = self.open.last() == Some(&'}');
        match self.last {
            Last::Comma => self.drop_comma(),
            Last::Key if in_object => self.done.push_str(":null"),
            Last::Colon => self.done.push_str("null"),
            _ => {}
        }
        self.done.extend(self.open.drain(..).rev());
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
