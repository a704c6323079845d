//! The commands that a bibliography defines for itself, in `@preamble`.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::commands::is_known;
use super::source::{Lookahead, Source};

/// The longest definition that is taken, in bytes.
const MAX_BODY_BYTES: usize = 4096;

/// The most commands that one file may define.
const MAX_MACROS: usize = 1000;

/// How deep commands of the file may use each other.
const MAX_DEPTH: u32 = 16;

/// How many bytes they may add to one text.
const MAX_ADDED_BYTES: usize = 64 * 1024;

/// What sets boxes instead of text: a command that is known and defined by these is better read as the known one.
const BOX_COMMANDS: [&str; 8] =
    ["\\setbox", "\\hbox", "\\raise", "\\lower", "\\accent", "\\ooalign", "\\kern", "\\char"];

/// Commands defined by a file.
#[derive(Debug, Default, Clone)]
pub(in crate::corpus) struct Macros {
    definitions: FxHashMap<String, Definition>,
}

/// What a command stands for.
#[derive(Debug, Clone)]
struct Definition {
    /// How many arguments it takes, up to nine.
    parameters: usize,
    /// What the first argument is where it is not given in square brackets; `None` where it is like the others.
    default: Option<String>,
    body: String,
}

impl Macros {
    /// Adds the commands that a preamble defines by `\newcommand`, `\renewcommand`, `\providecommand`,
    /// `\DeclareRobustCommand`, `\DeclareMathOperator` and `\def`. What cannot be read is passed over.
    pub(in crate::corpus) fn add(&mut self, preamble: &str) {
        let mut source = Source::new(preamble);
        let mut lookahead = Lookahead::over(preamble);
        while let Some(at) = source.rest().find('\\') {
            source.take(at);
            let command = source.take_command();
            let after = source.clone();
            if self.definition(command, &mut source, &mut lookahead).is_none() {
                source = after;
            }
        }
    }

    /// The TeX with the commands of the file replaced by what they stand for. What is left of commands that grow
    /// without end is what they are applied to.
    pub(in crate::corpus) fn expanded<'t>(&self, tex: &'t str) -> Cow<'t, str> {
        if self.definitions.is_empty() || !tex.contains('\\') {
            return Cow::Borrowed(tex);
        }
        let mut expansion = Expansion {
            macros: self,
            out: String::with_capacity(tex.len()),
            depth: 0,
            left: MAX_ADDED_BYTES,
            lookahead: Lookahead::over(tex),
        };
        expansion.add(tex);
        Cow::Owned(expansion.out)
    }

    /// Reads what follows a command that defines another one; `None` where it is not a definition.
    fn definition(&mut self, command: &str, source: &mut Source<'_>, lookahead: &mut Lookahead) -> Option<()> {
        let is_primitive = matches!(command, "def" | "gdef" | "edef" | "xdef");
        let is_latex = matches!(
            command,
            "newcommand" | "renewcommand" | "providecommand" | "DeclareRobustCommand" | "DeclareMathOperator"
        );
        if !is_primitive && !is_latex {
            return None;
        }
        source.take_if("*");
        source.skip_spaces();
        let is_braced = source.take_if("{");
        source.skip_spaces();
        let name = source.rest().starts_with('\\').then(|| source.take_command())?;
        source.skip_spaces();
        if is_braced && !source.take_if("}") {
            return None;
        }
        source.skip_spaces();
        let mut parameters = 0;
        let mut default = None;
        if is_primitive {
            while source.take_if(&format!("#{}", parameters + 1)) {
                parameters += 1;
            }
        } else if let Some(count) = source.take_option(lookahead) {
            parameters = count.trim().parse().ok().filter(|count| *count <= 9)?;
            default = source.take_option(lookahead).map(str::to_owned);
        }
        let body = source.take_group(lookahead).filter(|body| body.len() <= MAX_BODY_BYTES)?;
        let keeps_known =
            command == "providecommand" || BOX_COMMANDS.iter().any(|box_command| body.contains(box_command));
        if !(keeps_known && is_known(name)) && self.definitions.len() < MAX_MACROS {
            let body =
                if command == "DeclareMathOperator" { format!("\\operatorname{{{body}}}") } else { body.to_owned() };
            self.definitions.insert(name.to_owned(), Definition { parameters, default, body });
        }
        Some(())
    }
}

/// A text whose commands are being replaced.
struct Expansion<'m> {
    macros: &'m Macros,
    out: String,
    depth: u32,
    /// How many bytes commands may still add.
    left: usize,
    lookahead: Lookahead,
}

impl Expansion<'_> {
    fn add(&mut self, tex: &str) {
        let mut source = Source::new(tex);
        while let Some(at) = memchr::memchr(b'\\', source.rest().as_bytes()) {
            self.out.push_str(source.take(at));
            let start = source.at;
            match self.macros.definitions.get(source.take_command()) {
                Some(definition) => self.replace(definition, &mut source),
                None => self.out.push_str(source.since(start)),
            }
        }
        self.out.push_str(source.rest());
    }

    fn replace(&mut self, definition: &Definition, source: &mut Source<'_>) {
        let mut arguments = Vec::with_capacity(definition.parameters);
        if let Some(default) = &definition.default {
            arguments.push(source.take_option(&mut self.lookahead).unwrap_or(default));
        }
        while arguments.len() < definition.parameters {
            arguments.push(source.take_argument(&mut self.lookahead));
        }
        if definition.parameters == 0 {
            source.skip_spaces();
        }
        let filled = definition.filled(&arguments, self.left).filter(|_| self.depth < MAX_DEPTH);
        let Some(text) = filled else { return self.out.push_str(&arguments.join(" ")) };
        self.left = self.left.saturating_sub(text.len() + 1);
        self.depth += 1;
        self.add(&text);
        self.depth -= 1;
        // A command at the end must not run into the letters that follow.
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        if text.rsplit_once('\\').is_some_and(|(_, name)| is_name(name)) {
            self.out.push(' ');
        }
    }
}

impl Definition {
    /// What the command stands for with these arguments; at most `limit` bytes, or `None`.
    fn filled(&self, arguments: &[&str], limit: usize) -> Option<String> {
        let mut parts = self.body.split('#');
        let mut text = parts.next()?.to_owned();
        for part in parts {
            let number = part.chars().next().and_then(|digit| digit.to_digit(10));
            let argument = number.and_then(|number| arguments.get(usize::try_from(number).ok()?.checked_sub(1)?));
            let after = part.strip_prefix(|c: char| c.is_ascii_digit()).unwrap_or(part);
            if text.len() + argument.map_or(0, |argument| argument.len()) + after.len() > limit {
                return None;
            }
            text.extend([argument.unwrap_or(&""), after]);
        }
        (text.len() <= limit).then_some(text)
    }
}
