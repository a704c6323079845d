//! An abstract as words and what stands between them.

/// The words of a text.
pub(super) struct Words<'a> {
    text: &'a str,
    tokens: Vec<Token<'a>>,
}

#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

impl<'a> Words<'a> {
    /// Takes a text apart in one pass.
    pub(super) fn of(text: &'a str) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 6);
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let length = word_length(rest);
            if let Some(word) = rest.get(..length).filter(|word| !word.is_empty()) {
                tokens.push(Token { text: word, start: at });
                at += length;
            } else {
                let other = rest.bytes().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
                at += if other > 0 { other } else { rest.chars().next().map_or(1, char::len_utf8) };
            }
        }
        Self { text, tokens }
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The word at an index; empty after the last.
    pub(super) fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |token| token.text)
    }

    /// The word in front of an index; empty in front of the first.
    pub(super) fn before(&self, index: usize) -> &'a str {
        index.checked_sub(1).map_or("", |index| self.word(index))
    }

    /// What stands in front of the word at an index: punctuation and spaces.
    pub(super) fn gap(&self, index: usize) -> &'a str {
        let start = index.checked_sub(1).and_then(|index| self.tokens.get(index)).map_or(0, Token::end);
        let end = self.tokens.get(index).map_or(self.text.len(), |token| token.start);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Whether only a space parts the word at an index from the one in front of it.
    pub(super) fn follows_directly(&self, index: usize) -> bool {
        index > 0 && index < self.len() && self.gap(index).trim().is_empty()
    }

    /// The text from one word up to another, which is not included.
    pub(super) fn span(&self, from: usize, to: usize) -> &'a str {
        let start = self.tokens.get(from).map_or(self.text.len(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, Token::end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// Whether a sentence begins with the word at an index.
    pub(super) fn begins_sentence(&self, index: usize) -> bool {
        index == 0 || self.gap(index).trim_start_matches([')', '"', '”', '\'']).starts_with(['.', '!', '?'])
    }

    /// Whether a part of the text is not cut at marks that join it to what stands beside it, as `D` of `D(R, O)`. The `s` of
    /// a plural in brackets belongs to no name.
    pub(super) fn is_whole(&self, part: &str) -> bool {
        const JOINTS: [char; 6] = ['-', '&', '+', '@', '=', '~'];
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let Some((before, rest)) = self.text.split_at_checked(start) else { return true };
        let after = rest.get(part.len()..).unwrap_or_default();
        let begins = |text: &str| text.starts_with(char::is_alphanumeric);
        let is_joined = after.strip_prefix(JOINTS).is_some_and(begins);
        let is_bracketed = after.strip_prefix('(').is_some_and(begins) && !after.starts_with("(s)");
        let is_end = before.strip_suffix(JOINTS).is_some_and(|before| before.ends_with(char::is_alphanumeric));
        !is_joined && !is_bracketed && !is_end
    }

    /// The words of the sentence up to an index, last first.
    pub(super) fn sentence_before(&self, index: usize) -> impl Iterator<Item = &'a str> + '_ {
        let mut ended = false;
        (0..index).rev().map_while(move |at| {
            let word = (!ended).then(|| self.word(at));
            ended = self.begins_sentence(at);
            word
        })
    }
}

/// The length of the word at the beginning of a text, in bytes; 0 where there is none. Hyphens, dots
/// and apostrophes belong to a word where letters or digits stand on both sides of them, plus signs
/// also at its end, and brackets where what stands in them begins as names do: `D(R,O)`.
fn word_length(text: &str) -> usize {
    // Most words are plain, and abstracts are read by the million.
    let plain = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    match text.as_bytes().get(plain) {
        None | Some(b' ' | b',' | b')' | b'\n') => return plain,
        Some(_) => {}
    }
    let mut length = plain;
    while let Some(rest) = text.get(length..) {
        let Some(c) = rest.chars().next() else { break };
        let more = match c {
            c if c.is_alphanumeric() => c.len_utf8(),
            _ if length == 0 => break,
            '+' => 1,
            '(' => bracket_length(rest),
            _ => joint_length(rest),
        };
        if more == 0 {
            break;
        }
        length += more;
    }
    length
}

/// At most so many characters join two parts of a word, as in `Mix-&-Match`.
const LONGEST_JOINT: usize = 3;

/// The length of what joins two parts of a word, at the beginning of a text, in bytes; 0 where nothing does.
fn joint_length(text: &str) -> usize {
    let joint = text.char_indices().take_while(|(_, c)| matches!(c, '-' | '.' | '\'' | '’' | '_' | '&' | '@' | '‑'));
    let (count, end) = joint.fold((0, 0), |(count, _), (at, c)| (count + 1, at + c.len_utf8()));
    let goes_on = text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric);
    if goes_on && count <= LONGEST_JOINT { end } else { 0 }
}

/// At most so many characters stand in brackets within a word.
const LONGEST_BRACKET: usize = 12;

/// The length of the bracket at the beginning of a text, in bytes, where it is part of a word; else 0.
fn bracket_length(text: &str) -> usize {
    let inside = text.get(1..).unwrap_or_default();
    let end = inside.char_indices().take(LONGEST_BRACKET).find(|(_, c)| !(c.is_alphanumeric() || ",-+".contains(*c)));
    match end {
        Some((end, ')')) if inside.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) => end + 2,
        _ => 0,
    }
}
