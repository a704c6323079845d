//! What is said about a command line that cannot be read.

use std::ffi::OsString;

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{CommandLine, Outcome, Stop};

/// Help and version are answers; anything else is a mistake in the arguments, reported in one line.
pub(super) fn explain(error: &clap::Error, arguments: &[OsString]) -> Result<Outcome, Stop> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        error.print()?;
        return Ok(Outcome::Fine);
    }
    Err(Stop::Cannot(mistake(error, arguments)))
}

fn mistake(error: &clap::Error, arguments: &[OsString]) -> String {
    let of = |kind| words(error.get(kind)).unwrap_or_default();
    let argument = of(ContextKind::InvalidArg);
    let value = of(ContextKind::InvalidValue);
    let (what, near) = match error.kind() {
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            return "no command given; `ibid --help` lists them, `ibid demo` shows what ibid does".to_owned();
        }
        ErrorKind::InvalidSubcommand => (
            format!("there is no command {}", of(ContextKind::InvalidSubcommand)),
            of(ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            (format!("there is no option {argument}"), of(ContextKind::SuggestedArg))
        }
        ErrorKind::UnknownArgument => (format!("{argument} is one argument too many"), String::new()),
        ErrorKind::MissingRequiredArgument => (format!("{argument} is missing"), String::new()),
        ErrorKind::InvalidValue if value.is_empty() => (format!("{argument} has no value"), String::new()),
        ErrorKind::InvalidValue => {
            let known = of(ContextKind::ValidValue);
            (format!("{value} is no value of {argument}; it takes {known}"), of(ContextKind::SuggestedValue))
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map_or_else(String::new, |reason| format!(": {reason}"));
            (format!("{value} is no value of {argument}{reason}"), String::new())
        }
        ErrorKind::ArgumentConflict => {
            (format!("{argument} and {} exclude one another", of(ContextKind::PriorArg)), String::new())
        }
        _ => (first_line(error), String::new()),
    };
    if near.is_empty() {
        format!("{what}; see `{} --help`", command(arguments))
    } else {
        format!("{what}; did you mean {near}?")
    }
}

/// The sentence that clap has for it.
fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// One piece of what clap knows about the mistake, or several with commas between them.
fn words(value: Option<&ContextValue>) -> Option<String> {
    match value? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        _ => None,
    }
}

/// The command that the arguments name: the first of them that is one.
fn command(arguments: &[OsString]) -> String {
    let program = CommandLine::command();
    let named = arguments.iter().skip(1).filter_map(|it| it.to_str()).find_map(|it| program.find_subcommand(it));
    named.map_or_else(|| "ibid".to_owned(), |command| format!("ibid {}", command.get_name()))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    fn error_of(arguments: &str) -> String {
        let arguments: Vec<OsString> = arguments.split(' ').map(OsString::from).collect();
        match CommandLine::try_parse_from(&arguments).map_err(|error| explain(&error, &arguments)) {
            Err(Err(Stop::Cannot(reason))) => reason,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn mistakes_are_explained_in_one_sentence() {
        for (arguments, right) in [
            ("ibid", "no command given; `ibid --help` lists them, `ibid demo` shows what ibid does"),
            ("ibid serch x", "there is no command serch; did you mean search?"),
            ("ibid show", "<NAME> is missing; see `ibid show --help`"),
            ("ibid show a b", "b is one argument too many; see `ibid show --help`"),
            ("ibid search x --jsn", "there is no option --jsn; did you mean --json?"),
            ("ibid search x --bogus", "there is no option --bogus; see `ibid search --help`"),
            ("ibid search x -n", "--limit <N> has no value; see `ibid search --help`"),
            (
                "ibid search x -n many",
                "many is no value of --limit <N>: invalid digit found in string; see `ibid search --help`",
            ),
            (
                "ibid export --to bibtx",
                "bibtx is no value of --to <FORMAT>; it takes bibtex, csl-json, markdown; did you mean bibtex?",
            ),
            (
                "ibid check --json --format text",
                "--json and --format <FORMAT> exclude one another; see `ibid check --help`",
            ),
            ("ibid export --force", "--output <FILE> is missing; see `ibid export --help`"),
        ] {
            assert_eq!(error_of(arguments), right, "{arguments}");
        }
    }
}
