//! A text of TeX and how far it has been read.

/// A text and how far it has been read.
#[derive(Debug, Clone)]
pub(super) struct Source<'t> {
    text: &'t str,
    pub(super) at: usize,
}

impl<'t> Source<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text from an earlier place to here.
    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The character before a place.
    pub(super) fn before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The next bytes, which must end with a character.
    pub(super) fn take(&mut self, length: usize) -> &'t str {
        let taken = self.rest().get(..length).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    pub(super) fn take_char(&mut self) -> &'t str {
        self.take(self.rest().chars().next().map_or(0, char::len_utf8))
    }

    pub(super) fn take_if(&mut self, prefix: &str) -> bool {
        let follows = self.rest().starts_with(prefix);
        if follows {
            self.at += prefix.len();
        }
        follows
    }

    /// The name of the command whose backslash is next: letters, or one other character.
    pub(super) fn take_command(&mut self) -> &'t str {
        self.take(1);
        let letters = self.rest().bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters > 0 { self.take(letters) } else { self.take_char() }
    }

    /// Passes over white space; gives its length.
    pub(super) fn skip_spaces(&mut self) -> usize {
        let rest = self.rest();
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
        self.take(spaces).len()
    }

    /// The inside of the group that is next as it stands.
    pub(super) fn take_group(&mut self, lookahead: &mut Lookahead) -> Option<&'t str> {
        let mut after = self.clone();
        after.skip_spaces();
        let inside = after.rest().strip_prefix('{')?;
        let inside = inside.get(..lookahead.find(inside, "}")?)?;
        after.take(inside.len() + 2);
        *self = after;
        Some(inside)
    }

    /// What stands in square brackets next as it stands.
    pub(super) fn take_option(&mut self, lookahead: &mut Lookahead) -> Option<&'t str> {
        let inside = self.rest().strip_prefix('[')?;
        let option = inside.get(..lookahead.find(inside, "]")?)?;
        self.take(option.len() + 2);
        Some(option)
    }

    /// The next argument as it stands: the inside of a group, a command or a character; nothing where its end is
    /// not found.
    pub(super) fn take_argument(&mut self, lookahead: &mut Lookahead) -> &'t str {
        self.skip_spaces();
        match self.peek() {
            Some(b'{') => self.take_group(lookahead).unwrap_or_default(),
            Some(b'\\') => {
                let start = self.at;
                self.take_command();
                self.since(start)
            }
            None | Some(b'}') => "",
            Some(_) => self.take_char(),
        }
    }
}

/// At most so many bytes of the beginning of a text.
pub(super) fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.get(..end).unwrap_or_default()
}

/// Where the group ends whose inside begins the text.
pub(super) fn group_end(inside: &str) -> Option<usize> {
    find_outside_groups(inside, "}").ok()
}

/// Where `close` stands first outside of groups and without a backslash before it. An error tells how far was looked.
fn find_outside_groups(text: &str, close: &str) -> Result<usize, usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if depth == 0 && bytes.get(at..).is_some_and(|rest| rest.starts_with(close.as_bytes())) {
            return Ok(at);
        }
        match byte {
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1).ok_or(at)?,
            _ => {}
        }
        at += 1;
    }
    Err(at)
}

/// How many bytes may still be looked through for what closes a group or a formula, so that texts in which much is
/// opened and nothing closed take no longer than others.
#[derive(Debug)]
pub(super) struct Lookahead(usize);

impl Lookahead {
    pub(super) fn over(text: &str) -> Self {
        Self(text.len().saturating_mul(8).saturating_add(4096))
    }

    /// Where `close` stands first outside of groups.
    pub(super) fn find(&mut self, text: &str, close: &str) -> Option<usize> {
        let found = find_outside_groups(beginning(text, self.0), close);
        let (Ok(looked_at) | Err(looked_at)) = found;
        self.0 = self.0.saturating_sub(looked_at);
        found.ok()
    }
}
