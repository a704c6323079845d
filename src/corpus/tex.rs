//! TeX inside otherwise plain text → text as people read it. Quick where there is none.

mod symbols;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use symbols::{accent, letter, subscript, superscript, symbol};

/// The text with its TeX made readable: `{\"o}` → ö, `$\alpha$` → α, `$L_2$` → L₂, `\mathcal{O}(n)` →
/// O(n), `Fig.~3` → Fig. 3. What is no TeX, such as the dollars of a price or an unknown command, stays.
/// Takes time in proportion to the text.
pub(super) fn readable(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_plain = memchr::memchr3(b'\\', b'$', b'{', bytes).is_none()
        && memchr::memchr2(b'~', b'`', bytes).is_none()
        && memchr::memchr_iter(b'-', bytes).all(|at| bytes.get(at + 1) != Some(&b'-'));
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut writer =
        Writer { out: String::with_capacity(text.len()), depth: 0, budget: text.len().saturating_mul(8) + 4096 };
    writer.text(text);
    Cow::Owned(writer.out)
}

/// Deeper groups are copied as they are.
const MAX_DEPTH: u32 = 12;

/// The longest formula, in bytes: dollars further apart do not belong together.
const MAX_FORMULA: usize = 1000;

struct Writer {
    out: String,
    depth: u32,
    /// How many bytes may still be looked through for the ends of groups and formulas.
    budget: usize,
}

/// What an argument of a command is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    Math,
}

impl Writer {
    /// Writes text outside formulas.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        let mut open_quotes = 0u32;
        while let Some(at) = next_special(rest.as_bytes()) {
            let (before, here) = rest.split_at(at);
            self.out.push_str(before);
            rest = match here.as_bytes().first() {
                Some(b'\\') => self.command(here, Mode::Text),
                Some(b'$') => self.formula(here),
                Some(b'{') => self.group(here),
                Some(b'~') => self.tie(here),
                Some(b'-') => self.dashes(here),
                Some(b'`') => {
                    open_quotes += 1;
                    self.replaced("“", here, 2)
                }
                Some(b'\'') if open_quotes > 0 => {
                    open_quotes -= 1;
                    self.replaced("”", here, 2)
                }
                _ => self.kept(here),
            };
        }
        self.out.push_str(rest);
    }

    /// Writes the inside of a formula.
    fn math(&mut self, formula: &str) {
        let mut rest = formula;
        while let Some(c) = rest.chars().next() {
            rest = match c {
                '\\' => self.command(rest, Mode::Math),
                '{' => match self.braced(rest) {
                    Some((inside, behind)) => {
                        self.nested(inside, Mode::Math);
                        behind
                    }
                    None => self.kept(rest),
                },
                '^' | '_' => self.script(c, rest),
                '~' => self.replaced(" ", rest, 1),
                '\'' => self.replaced("′", rest, 1),
                '$' => self.replaced("", rest, 1),
                _ => self.kept(rest),
            };
        }
    }

    /// A formula at the beginning of the text, or a dollar sign. As pandoc has it, no space stands inside
    /// the dollars of a formula and no digit behind them, so that prices stay.
    fn formula<'t>(&mut self, text: &'t str) -> &'t str {
        let fence = if text.starts_with("$$") { "$$" } else { "$" };
        let inside = text.get(fence.len()..).unwrap_or_default();
        let end = self.end_of_formula(inside, fence);
        let Some((formula, behind)) = end.and_then(|end| Some((inside.get(..end)?, inside.get(end + fence.len()..)?)))
        else {
            return self.kept(text);
        };
        self.nested(formula, Mode::Math);
        behind
    }

    fn end_of_formula(&mut self, inside: &str, fence: &str) -> Option<usize> {
        let bytes = inside.as_bytes();
        let window = bytes.get(..MAX_FORMULA.min(self.budget)).unwrap_or(bytes);
        if fence == "$" && bytes.first().is_none_or(u8::is_ascii_whitespace) {
            return None;
        }
        let mut from = 0;
        loop {
            let found = window.get(from..).and_then(|rest| memchr::memmem::find(rest, fence.as_bytes()));
            self.budget = self.budget.saturating_sub(found.unwrap_or(window.len().saturating_sub(from)));
            let at = from + found?;
            let before = at.checked_sub(1).and_then(|before| bytes.get(before));
            let behind = bytes.get(at + fence.len());
            let closes = fence == "$$"
                || (before.is_none_or(|byte| !byte.is_ascii_whitespace()) && !behind.is_some_and(u8::is_ascii_digit));
            if before != Some(&b'\\') && at > 0 {
                return closes.then_some(at);
            }
            from = at + fence.len();
        }
    }

    /// A sub- or superscript, raised or lowered where there are letters for it.
    fn script<'t>(&mut self, mark: char, text: &'t str) -> &'t str {
        let behind = text.get(1..).unwrap_or_default();
        let Some((argument, rest)) = self.argument(behind) else { return self.kept(text) };
        let start = self.out.len();
        self.nested(argument, Mode::Math);
        let written = self.out.split_off(start);
        let small = if mark == '^' { superscript } else { subscript };
        let letters: Option<String> = written.chars().filter(|c| !c.is_whitespace()).map(small).collect();
        match letters {
            Some(letters) => self.out.push_str(&letters),
            // A prime is raised already.
            None if mark == '^' && matches!(written.as_str(), "′" | "∘" | "°") => {
                self.out.push_str(if written == "′" { "′" } else { "°" });
            }
            None => {
                let brackets = written.chars().any(|c| !c.is_alphanumeric());
                self.out.push(mark);
                if brackets {
                    self.out.push('(');
                }
                self.out.push_str(&written);
                if brackets {
                    self.out.push(')');
                }
            }
        }
        rest
    }

    /// A group outside formulas. Its braces are TeX's, unless they hold a list, as those of a set do.
    fn group<'t>(&mut self, text: &'t str) -> &'t str {
        let Some((inside, behind)) = self.braced(text) else { return self.kept(text) };
        if inside.is_empty() || (inside.contains(',') && !inside.starts_with('\\')) {
            return self.kept(text);
        }
        self.nested(inside, Mode::Text);
        behind
    }

    /// A command at the beginning of the text.
    fn command<'t>(&mut self, text: &'t str, mode: Mode) -> &'t str {
        let behind = text.get(1..).unwrap_or_default();
        let Some(first) = behind.chars().next() else { return self.kept(text) };
        let name_length = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let name_length = if name_length == 0 { first.len_utf8() } else { name_length };
        let (name, rest) = behind.split_at(name_length);
        if let Some(mark) = accent(name)
            && let Some(rest) = self.accented(mark, name, rest)
        {
            return rest;
        }
        match name {
            "$" | "%" | "&" | "#" | "_" | "{" | "}" => self.replaced(name, rest, 0),
            "\\" | " " | "," | ";" | ":" | "quad" | "qquad" | "newline" | "par" => self.replaced(" ", rest, 0),
            "!" | "-" | "/" | "left" | "right" | "big" | "Big" | "bigg" | "Bigg" | "displaystyle" | "limits" => rest,
            "(" | ")" | "[" | "]" if mode == Mode::Math => self.replaced(name, rest, 0),
            "(" => self.display(rest, "\\)", text),
            "[" => self.display(rest, "\\]", text),
            "rm" | "it" | "bf" | "em" | "tt" | "sc" | "sl" | "sf" | "cal" | "normalfont" => after_space(rest),
            "frac" | "tfrac" | "dfrac" => self.fraction(rest),
            "sqrt" => self.root(rest),
            "href" => self.argument(rest).map_or(rest, |(_, behind)| self.wrapped(behind, Mode::Text)),
            "cite" | "citep" | "citet" | "label" | "footnote" => self.argument(rest).map_or(rest, |(_, behind)| behind),
            "emph" | "textit" | "textbf" | "texttt" | "textrm" | "textsc" | "textsf" | "textsl" | "textnormal"
            | "text" | "mbox" | "hbox" | "url" | "underline" | "textsuperscript" | "textsubscript" => {
                self.wrapped(rest, Mode::Text)
            }
            "mathrm" | "mathcal" | "mathbb" | "mathbf" | "mathit" | "mathsf" | "mathfrak" | "mathscr" | "mathtt"
            | "operatorname" | "boldsymbol" | "bm" | "pmb" | "ensuremath" | "overline" | "widehat" | "widetilde" => {
                self.wrapped(rest, Mode::Math)
            }
            _ => self.named(name, text, rest, mode),
        }
    }

    /// A letter or symbol that has a name. Unknown names stay: as they are in text, bare in formulas.
    fn named<'t>(&mut self, name: &str, text: &'t str, rest: &'t str, mode: Mode) -> &'t str {
        if let Some(written) = letter(name).or_else(|| symbol(name)) {
            self.out.push_str(written);
            let rest = rest.strip_prefix("{}").unwrap_or(rest);
            return if mode == Mode::Text && letter(name).is_some() { after_space(rest) } else { rest };
        }
        if mode == Mode::Math && name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return self.replaced(name, rest, 0);
        }
        self.kept(text)
    }

    /// An accent over the letter that follows it; `None` where none does.
    fn accented<'t>(&mut self, mark: char, name: &str, rest: &'t str) -> Option<&'t str> {
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphabetic());
        let next = rest.trim_start_matches([' ', '\n']);
        // `\cite` begins with no accent, but `\c cite` does; `\'` may stand close to its letter.
        let base_text = if is_word && next.len() == rest.len() && !rest.starts_with(['{', '\\']) { "" } else { next };
        let start = self.out.len();
        let mode = if name.len() > 1 { Mode::Math } else { Mode::Text };
        let behind = if base_text.starts_with('\\') && self.depth < MAX_DEPTH {
            // Accents may stand on accents, and on letters that have names.
            self.depth += 1;
            let behind = self.command(base_text, mode);
            self.depth -= 1;
            behind
        } else {
            let (argument, behind) = self.argument(base_text)?;
            if argument.chars().next().is_none_or(|c| !(c.is_alphabetic() || c == '\\' || c == '{')) {
                return None;
            }
            self.nested(argument, mode);
            behind
        };
        let base = self.out.split_off(start);
        let mut letters = base.chars();
        // Accents stand over the dotless letters, but the composed ones are made of those with a dot.
        let first = match letters.next() {
            Some('ı') => 'i',
            Some('ȷ') => 'j',
            Some(letter) if letter.is_alphabetic() => letter,
            _ => {
                self.out.push_str(&base);
                return Some(behind);
            }
        };
        let marked = [first, mark];
        // An accent over more than a letter is one over a formula, which reads better without.
        if name.len() > 1 && letters.as_str().chars().count() > 0 {
            self.out.push_str(&base);
        } else {
            self.out.extend(marked.into_iter().chain(letters).nfc());
        }
        Some(behind)
    }

    fn fraction<'t>(&mut self, rest: &'t str) -> &'t str {
        let Some((above, behind)) = self.argument(rest) else { return rest };
        self.bracketed(above);
        self.out.push('/');
        let Some((below, behind)) = self.argument(behind) else { return behind };
        self.bracketed(below);
        behind
    }

    fn root<'t>(&mut self, rest: &'t str) -> &'t str {
        self.out.push('√');
        let Some((argument, behind)) = self.argument(rest) else { return rest };
        self.bracketed(argument);
        behind
    }

    /// A part of a formula, in brackets where it is more than one word.
    fn bracketed(&mut self, formula: &str) {
        let start = self.out.len();
        self.nested(formula, Mode::Math);
        let written = self.out.split_off(start);
        let is_word = written.chars().all(|c| c.is_alphanumeric() || c == '.');
        if is_word {
            self.out.push_str(&written);
        } else {
            self.out.extend(["(", &written, ")"]);
        }
    }

    /// A formula between `\(` and `\)` or `\[` and `\]`.
    fn display<'t>(&mut self, inside: &'t str, end: &str, text: &'t str) -> &'t str {
        let window = inside.as_bytes();
        let window = window.get(..MAX_FORMULA.min(self.budget)).unwrap_or(window);
        let found = memchr::memmem::find(window, end.as_bytes());
        self.budget = self.budget.saturating_sub(found.unwrap_or(window.len()));
        match found.and_then(|at| Some((inside.get(..at)?, inside.get(at + end.len()..)?))) {
            Some((formula, behind)) => {
                self.nested(formula, Mode::Math);
                behind
            }
            None => self.kept(text),
        }
    }

    /// The argument of a command that changes nothing but the looks.
    fn wrapped<'t>(&mut self, rest: &'t str, mode: Mode) -> &'t str {
        match self.argument(rest) {
            Some((argument, behind)) => {
                self.nested(argument, mode);
                behind
            }
            None => rest,
        }
    }

    fn nested(&mut self, text: &str, mode: Mode) {
        if self.depth >= MAX_DEPTH {
            self.out.push_str(text);
            return;
        }
        self.depth += 1;
        match mode {
            Mode::Text => self.text(text),
            Mode::Math => self.math(text),
        }
        self.depth -= 1;
    }

    /// The argument at the beginning of the text: a group, a command or a letter; and what stands behind it.
    fn argument<'t>(&mut self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let text = after_space(text);
        match text.chars().next()? {
            '{' => self.braced(text),
            '\\' => {
                let behind = text.get(1..)?;
                let name = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
                let name = if name == 0 { behind.chars().next()?.len_utf8() } else { name };
                Some(text.split_at(1 + name))
            }
            '}' | '$' => None,
            c => Some(text.split_at(c.len_utf8())),
        }
    }

    /// The inside of the group that begins the text, and what stands behind it; `None` where it does not end.
    fn braced<'t>(&mut self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let bytes = text.as_bytes();
        let mut depth = 0usize;
        let mut at = 0;
        while at < bytes.len().min(self.budget) {
            match bytes.get(at) {
                Some(b'\\') => at += 1,
                Some(b'{') => depth += 1,
                Some(b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.budget -= at;
                        return Some((text.get(1..at)?, text.get(at + 1..)?));
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.budget = self.budget.saturating_sub(at);
        None
    }

    /// A tie between two words is a space; a tilde in front of a figure (`~100`) stays.
    fn tie<'t>(&mut self, text: &'t str) -> &'t str {
        let before = self.out.chars().next_back();
        let behind = text.chars().nth(1);
        let is_tie = before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '[' | '/' | '='))
            && behind.is_some_and(|c| !c.is_whitespace());
        if is_tie { self.replaced(" ", text, 1) } else { self.kept(text) }
    }

    /// Two or three hyphens are a dash, unless they begin a word, as options of programs do.
    fn dashes<'t>(&mut self, text: &'t str) -> &'t str {
        let count = text.bytes().take_while(|byte| *byte == b'-').count();
        let behind = text.get(count..).and_then(|rest| rest.chars().next());
        let begins_word =
            self.out.chars().next_back().is_none_or(char::is_whitespace) && behind.is_some_and(char::is_alphanumeric);
        match count {
            2 if !begins_word => self.replaced("–", text, 2),
            3 => self.replaced("—", text, 3),
            _ => {
                let (dashes, rest) = text.split_at(count);
                self.out.push_str(dashes);
                rest
            }
        }
    }

    /// Writes something else for the first `length` bytes of the text.
    fn replaced<'t>(&mut self, by: &str, text: &'t str, length: usize) -> &'t str {
        self.out.push_str(by);
        text.get(length..).unwrap_or_default()
    }

    /// Writes the first letter as it is.
    fn kept<'t>(&mut self, text: &'t str) -> &'t str {
        let length = text.chars().next().map_or(0, char::len_utf8);
        let (first, rest) = text.split_at(length);
        self.out.push_str(first);
        rest
    }
}

/// Where the next letter stands that may mean something else in text. All of them are ASCII.
fn next_special(text: &[u8]) -> Option<usize> {
    let is_special = |(at, byte): (usize, &u8)| match byte {
        b'\\' | b'$' | b'{' | b'~' => true,
        b'-' | b'`' | b'\'' => text.get(at + 1) == Some(byte),
        _ => false,
    };
    text.iter().enumerate().position(is_special)
}

/// The space behind a command belongs to it.
fn after_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\n', '\t', '\r'])
}

#[cfg(test)]
mod tests;
