//! The walk over a text that is TeX or may hold some.

use unicode_normalization::UnicodeNormalization;

use super::commands::command;
use super::source::{Lookahead, Source, beginning};
use super::symbols::{accent, operator, symbol};

/// How deep groups and arguments may stand in each other; what stands deeper is read as if it had no braces.
const MAX_DEPTH: u32 = 32;

/// The longest formula, in bytes: dollars further apart do not belong together.
const MAX_FORMULA_BYTES: usize = 1000;

/// How far apart single quotation marks may stand in what is perhaps no TeX, in bytes.
pub(super) const MAX_QUOTED_BYTES: usize = 200;

/// What kind of text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// All of it is TeX.
    Tex,
    /// It is plain text which may hold TeX: what does not look like it stays.
    PerhapsTex,
}

/// The text with marks and their letters composed. What is ASCII has nothing to compose but a mark after it.
fn composed(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (plain, marked) = rest.split_at(at.saturating_sub(1));
        let length = marked.bytes().skip(1).position(|byte| byte.is_ascii()).map_or(marked.len(), |length| length + 1);
        let (marked, after) = marked.split_at(length);
        composed.push_str(plain);
        composed.extend(marked.nfc());
        rest = after;
    }
    composed.push_str(rest);
    composed
}

/// Reads TeX and writes text.
pub(super) struct Reader {
    pub(super) out: String,
    dialect: Dialect,
    pub(super) in_math: bool,
    depth: u32,
    pub(super) lookahead: Lookahead,
    /// Some mark has to be composed with its letter.
    pub(super) composes: bool,
    pub(super) quotes: Quotes,
}

/// The quotation marks that are open.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    doubles: usize,
    in_single: bool,
    /// How many commands that quote stand in each other.
    pub(super) commands: u32,
}

impl Reader {
    pub(super) fn new(text: &str, dialect: Dialect) -> Self {
        Self {
            out: String::with_capacity(text.len()),
            dialect,
            in_math: false,
            depth: 0,
            lookahead: Lookahead::over(text),
            composes: false,
            quotes: Quotes::default(),
        }
    }

    /// Whether all of the text is TeX.
    pub(super) fn is_certain(&self) -> bool {
        self.dialect == Dialect::Tex
    }

    /// The text that is read of the TeX.
    pub(super) fn read(mut self, tex: &str) -> String {
        self.walk(&mut Source::new(tex), false);
        if self.composes { composed(&self.out) } else { self.out }
    }

    /// Writes the text up to its end, or up to the end of the group it begins in.
    fn walk(&mut self, source: &mut Source<'_>, in_group: bool) {
        while let Some(byte) = self.copy_plain(source) {
            match byte {
                b'}' if in_group => {
                    source.take(1);
                    return;
                }
                b'\\' => self.command(source),
                b'{' => self.group(source),
                b'}' if self.is_certain() => self.replace(source, 1, ""),
                b'}' => self.keep(source, 1),
                b'$' => self.formula(source),
                b'^' | b'_' => {
                    source.take(1);
                    self.script(byte, source);
                }
                b'&' => self.replace(source, 1, " "),
                b'~' => self.tie(source),
                b'-' => self.dashes(source),
                _ => self.quote(source),
            }
        }
    }

    /// Copies text up to the next byte that may mean something else; gives that byte.
    fn copy_plain(&mut self, source: &mut Source<'_>) -> Option<u8> {
        let bytes = source.rest().as_bytes();
        let mut plain = 0;
        while let Some(length) = bytes.get(plain..).and_then(special_at) {
            plain += length;
            let next = bytes.get(plain + 1).copied();
            let is_special = match bytes.get(plain) {
                Some(b'-') => !self.in_math && next == Some(b'-'),
                Some(b'\'') => self.in_math || self.quotes.in_single || next == Some(b'\''),
                Some(b'^' | b'_' | b'&') => self.in_math,
                _ => true,
            };
            if is_special {
                self.out.push_str(source.take(plain));
                return source.peek();
            }
            plain += 1;
        }
        self.out.push_str(source.take(bytes.len()));
        None
    }

    fn keep(&mut self, source: &mut Source<'_>, length: usize) {
        self.out.push_str(source.take(length));
    }

    fn replace(&mut self, source: &mut Source<'_>, length: usize, by: &str) {
        source.take(length);
        self.out.push_str(by);
    }

    /// A group by itself. In what is perhaps no TeX it may be a set, which keeps its braces.
    fn group(&mut self, source: &mut Source<'_>) {
        if self.is_certain() || self.in_math {
            return self.nested(source);
        }
        let inside = source.rest().get(1..).unwrap_or_default();
        let Some(end) = self.lookahead.find(inside, "}") else { return self.keep(source, 1) };
        let inside = inside.get(..end).unwrap_or_default();
        if inside.is_empty() || (inside.contains(',') && !inside.starts_with('\\')) {
            self.out.push('{');
            self.nested(source);
            self.out.push('}');
        } else {
            self.nested(source);
        }
    }

    /// Writes the inside of the group that is next.
    fn nested(&mut self, source: &mut Source<'_>) {
        source.take(1);
        self.deeper(|reader| reader.walk(source, true));
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self)) {
        if self.depth < MAX_DEPTH {
            self.depth += 1;
            read(self);
            self.depth -= 1;
        }
    }

    /// `$…$` is a formula unless nothing closes it or the signs stand before prices. In what is perhaps no TeX,
    /// neither a space inside the signs nor a digit after them belongs to a formula, as pandoc has it.
    fn formula(&mut self, source: &mut Source<'_>) {
        let fence = if source.rest().starts_with("$$") { "$$" } else { "$" };
        let inside = source.rest().get(fence.len()..).unwrap_or_default();
        let is_certain = self.is_certain();
        let is_prose = |formula: &str, after: &str| {
            let begins_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
            let are_prices = begins_number(formula) && begins_number(after) && formula.contains(' ');
            let is_loose = formula.is_empty()
                || formula.starts_with(char::is_whitespace)
                || formula.ends_with(char::is_whitespace)
                || begins_number(after);
            fence == "$" && (are_prices || (!is_certain && is_loose))
        };
        let window = beginning(inside, MAX_FORMULA_BYTES);
        let formula = self.lookahead.find(window, fence).and_then(|end| {
            let (formula, after) = inside.split_at_checked(end)?;
            (!is_prose(formula, after.get(fence.len()..)?)).then_some(formula)
        });
        match formula {
            Some(formula) => {
                source.take(formula.len() + 2 * fence.len());
                self.math(formula);
            }
            None => self.keep(source, fence.len()),
        }
    }

    /// Writes a formula.
    fn math(&mut self, formula: &str) {
        if self.depth >= MAX_DEPTH {
            return self.out.push_str(formula);
        }
        let was_in_math = std::mem::replace(&mut self.in_math, true);
        let start = self.out.len();
        self.deeper(|reader| reader.walk(&mut Source::new(formula), false));
        self.in_math = was_in_math;
        let written = self.out.get(start..).unwrap_or_default();
        if ["( ", " )", "[ ", " ]"].iter().any(|loose| written.contains(loose)) {
            let tight = written.replace("( ", "(").replace(" )", ")").replace("[ ", "[").replace(" ]", "]");
            self.out.truncate(start);
            self.out.push_str(&tight);
        }
    }

    /// Writes the formula up to what closes it; gives whether something does.
    pub(super) fn math_until(&mut self, close: &str, source: &mut Source<'_>) -> bool {
        let Some(end) = self.lookahead.find(source.rest(), close) else { return false };
        let formula = source.take(end);
        source.take(close.len());
        self.math(formula);
        true
    }

    /// A tie is a space, except in an address. In what is perhaps no TeX it is one only between two words.
    fn tie(&mut self, source: &mut Source<'_>) {
        let before = self.out.chars().next_back();
        let after = source.rest().chars().nth(1);
        let is_tie = if self.is_certain() || self.in_math {
            before != Some('/')
        } else {
            before.is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '[' | '/' | '='))
                && after.is_some_and(|c| !c.is_whitespace())
        };
        if is_tie { self.replace(source, 1, " ") } else { self.keep(source, 1) }
    }

    /// Two or three hyphens are a dash; but in what is perhaps no TeX two of them may begin an option, `--help`.
    fn dashes(&mut self, source: &mut Source<'_>) {
        let count = source.rest().bytes().take_while(|byte| *byte == b'-').count();
        let after = source.rest().get(count..).and_then(|rest| rest.chars().next());
        let is_option = !self.is_certain()
            && self.out.chars().next_back().is_none_or(char::is_whitespace)
            && after.is_some_and(char::is_alphanumeric);
        match count {
            2 if !is_option => self.replace(source, 2, "–"),
            3 => self.replace(source, 3, "—"),
            _ => self.keep(source, count),
        }
    }

    fn quote(&mut self, source: &mut Source<'_>) {
        let rest = source.rest();
        let goes_on = rest.get(1..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric);
        if self.in_math {
            match rest {
                _ if rest.starts_with("''") => self.replace(source, 2, "″"),
                _ if rest.starts_with('\'') => self.replace(source, 1, "′"),
                _ => self.replace(source, 1, "‘"),
            }
        } else if rest.starts_with("``") {
            self.quotes.doubles += 1;
            self.replace(source, 2, "“");
        } else if rest.starts_with("''") && (self.is_certain() || self.quotes.doubles > 0) {
            self.quotes.doubles = self.quotes.doubles.saturating_sub(1);
            self.replace(source, 2, "”");
        } else if rest.starts_with('`')
            && (self.is_certain() || (!self.out.ends_with('"') && closes_single_quote(rest)))
        {
            let turned = [('!', "¡"), ('?', "¿")].into_iter().find(|(mark, _)| goes_on && self.out.ends_with(*mark));
            if let Some((_, turned)) = turned {
                self.out.pop();
                return self.replace(source, 1, turned);
            }
            self.quotes.in_single = true;
            self.replace(source, 1, "‘");
        } else if rest.starts_with('\'') && self.quotes.in_single && !goes_on {
            self.quotes.in_single = false;
            self.replace(source, 1, "’");
        } else {
            self.keep(source, 1);
        }
    }

    /// A command: an accent, one of the table, a symbol, an operator, or unknown.
    fn command(&mut self, source: &mut Source<'_>) {
        let start = source.at;
        let name = source.take_command();
        let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic());
        if let Some(accent) = accent(name) {
            if !self.accented(accent, name, source) {
                self.out.push_str(source.since(start));
            }
        } else if !is_word {
            self.control_symbol(name, start, source);
        } else if let Some(command) = command(name) {
            self.perform(command, source);
        } else if let Some(symbol) = symbol(name) {
            self.symbol(symbol, source);
        } else if let Some(words) = operator(name) {
            self.operator(words, source);
        } else {
            self.unknown(name, start, source);
        }
    }

    /// A command with a name that is not a word.
    fn control_symbol(&mut self, name: &str, start: usize, source: &mut Source<'_>) {
        match name {
            "$" | "%" | "&" | "#" | "_" | "{" | "}" => self.out.push_str(name),
            "\\" | "," | ";" | ":" | ">" | " " | "\n" | "\r" | "\t" => self.out.push(' '),
            // Some programs escape the sign of an address.
            "@" if source.rest().starts_with(char::is_alphanumeric) => self.out.push('@'),
            "-" | "/" | "!" | "@" | "<" | "+" => {}
            "|" => self.out.push('‖'),
            "(" | "[" => {
                let close = if name == "(" { "\\)" } else { "\\]" };
                if !self.math_until(close, source) && !self.is_certain() {
                    self.out.push_str(source.since(start));
                }
            }
            _ if self.is_certain() || self.in_math => self.out.push_str(name.trim_matches([')', ']'])),
            _ => self.out.push_str(source.since(start)),
        }
    }

    /// A command nobody knows: what it is applied to, or its name where that is all there is. At the beginning of a
    /// group it is most likely a font. In what is perhaps no TeX it may be a piece of a path.
    fn unknown(&mut self, name: &str, start: usize, source: &mut Source<'_>) {
        let mut after = source.clone();
        let spaces = after.skip_spaces();
        let before = source.before(start);
        let is_path = name.len() == 1 || before.is_some_and(|c| c.is_alphanumeric() || ":\\./".contains(c));
        if after.peek() == Some(b'{') && !(spaces == 0 && after.rest().starts_with("{}")) {
            *source = after;
            self.argument(source);
        } else if !self.is_certain() && !self.in_math && is_path {
            self.out.push_str(source.since(start));
        } else if before == Some('{') && spaces > 0 && after.peek() != Some(b'}') {
            *source = after;
        } else {
            // Some exports have lost the braces of `\emph{x}`.
            let argument = ["emph", "mbox", "text"].iter().find_map(|command| name.strip_prefix(command));
            self.out.push_str(argument.unwrap_or(name));
            source.take_if("{}");
        }
    }

    /// Writes the next argument, which is a group, a command with its own arguments or a character.
    pub(super) fn argument(&mut self, source: &mut Source<'_>) {
        source.skip_spaces();
        match source.peek() {
            Some(b'{') => self.nested(source),
            Some(b'\\') => self.deeper(|reader| reader.command(source)),
            None | Some(b'}' | b'$') => {}
            Some(_) => self.out.push_str(source.take_char()),
        }
    }

    /// What the next argument is written as, in a formula or outside of one.
    pub(super) fn argument_in(&mut self, in_math: bool, source: &mut Source<'_>) -> String {
        let was_in_math = std::mem::replace(&mut self.in_math, in_math);
        let before = std::mem::take(&mut self.out);
        self.argument(source);
        self.in_math = was_in_math;
        std::mem::replace(&mut self.out, before)
    }
}

/// Where the first byte stands that may mean something. Most blocks of bytes hold none, which takes one step to tell.
pub(super) fn special_at(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<32>();
    let is_plain = |block: &&[u8; 32]| !block.iter().fold(false, |any, byte| any | may_be_special(*byte));
    let plain = 32 * blocks.iter().take_while(is_plain).count();
    Some(plain + bytes.get(plain..)?.iter().position(|byte| may_be_special(*byte))?)
}

#[allow(clippy::needless_bitwise_bool)] // without branches, many bytes are looked at in one step
pub(super) fn may_be_special(byte: u8) -> bool {
    SPECIAL.iter().fold(false, |any, special| any | (byte == *special))
}

const SPECIAL: [u8; 11] = *br"\{}$~`-'^_&";

/// Whether the quotation mark that begins a text is closed soon, before another one opens.
fn closes_single_quote(text: &str) -> bool {
    let inside = beginning(text.get(1..).unwrap_or_default(), MAX_QUOTED_BYTES);
    let closes = |at: usize| {
        let (before, after) = inside.split_at_checked(at).unwrap_or_default();
        !before.is_empty()
            && !before.ends_with(char::is_whitespace)
            && !after.chars().nth(1).is_some_and(char::is_alphanumeric)
    };
    let mut marks = memchr::memchr2_iter(b'`', b'\'', inside.as_bytes());
    let end = marks.find(|at| inside.as_bytes().get(*at) == Some(&b'`') || closes(*at));
    !inside.starts_with(char::is_whitespace) && end.is_some_and(|at| inside.as_bytes().get(at) == Some(&b'\''))
}
