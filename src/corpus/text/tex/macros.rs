//! The commands that a bibliography defines for itself, in `@preamble`.

use rustc_hash::FxHashMap;

use super::commands::is_known;
use super::reader::{Source, beginning, group_end};

/// The longest definition that is taken, in bytes.
const MAX_BODY_BYTES: usize = 4096;

/// The most commands that one file may define.
const MAX_MACROS: usize = 1000;

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
pub(super) struct Definition {
    /// How many arguments it takes, up to nine.
    pub(super) parameters: usize,
    /// What the first argument is where it is not given in square brackets; `None` where it is like the others.
    pub(super) default: Option<String>,
    body: String,
}

impl Macros {
    /// The commands that a preamble defines by `\newcommand`, `\renewcommand`, `\providecommand`,
    /// `\DeclareRobustCommand`, `\DeclareMathOperator` and `\def`. What cannot be read is passed over.
    pub(in crate::corpus) fn from_preamble(preamble: &str) -> Self {
        let mut macros = Self::default();
        macros.add(preamble);
        macros
    }

    /// Adds what another preamble of the file defines.
    pub(in crate::corpus) fn add(&mut self, preamble: &str) {
        let mut source = Source::new(preamble);
        while let Some(at) = source.rest().find('\\') {
            source.take(at);
            let command = source.take_command();
            let behind = source.clone();
            if self.definition(command, &mut source).is_none() {
                source = behind;
            }
        }
    }

    /// Whether nothing is defined.
    pub(in crate::corpus) fn is_empty(&self) -> bool {
        self.definitions.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        self.definitions.get(name)
    }

    /// Reads what follows a command that defines another one; `None` where it is no definition.
    fn definition(&mut self, command: &str, source: &mut Source<'_>) -> Option<()> {
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
        let mut parameters = 0;
        let mut default = None;
        if is_primitive {
            while source.take_if(&format!("#{}", parameters + 1)) {
                parameters += 1;
            }
        } else if let Some(count) = option(source) {
            parameters = count.trim().parse().ok().filter(|count| *count <= 9)?;
            default = option(source).map(str::to_owned);
        }
        source.skip_spaces();
        let inside = source.rest().strip_prefix('{')?;
        let window = beginning(inside, MAX_BODY_BYTES);
        let body = window.get(..group_end(window)?)?;
        source.take(body.len() + 2);
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

/// What stands in square brackets next.
fn option<'t>(source: &mut Source<'t>) -> Option<&'t str> {
    source.skip_spaces();
    let inside = source.rest().strip_prefix('[')?;
    let window = beginning(inside, MAX_BODY_BYTES);
    let option = window.get(..window.find(']')?)?;
    source.take(option.len() + 2);
    Some(option)
}

impl Definition {
    /// What the command stands for with these arguments; at most `limit` bytes, or `None`.
    pub(super) fn filled(&self, arguments: &[&str], limit: usize) -> Option<String> {
        let mut parts = self.body.split('#');
        let mut text = parts.next()?.to_owned();
        for part in parts {
            let number = part.chars().next().and_then(|digit| digit.to_digit(10));
            let argument = number.and_then(|number| arguments.get(usize::try_from(number).ok()?.checked_sub(1)?));
            let behind = part.strip_prefix(|c: char| c.is_ascii_digit()).unwrap_or(part);
            if text.len() + argument.map_or(0, |argument| argument.len()) + behind.len() > limit {
                return None;
            }
            text.extend([argument.unwrap_or(&""), behind]);
        }
        (text.len() <= limit).then_some(text)
    }
}
