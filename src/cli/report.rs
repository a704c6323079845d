//! Diagnostics in the forms in which people and other programs read them.

use std::path::Path;

use clap::{Args, ValueEnum};
use owo_colors::OwoColorize;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::Stop;
use crate::cli::output::Output;
use crate::diagnostic::{Code, Diagnostic, Severity};

/// How a command prints what it found.
#[derive(Debug, Args)]
pub(super) struct FormatArguments {
    /// Print a JSON array: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "FORMAT")]
    format: Format,
}

impl FormatArguments {
    /// The form that was asked for.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// A form for people or for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A line each
    Text,
    /// A JSON array
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// A diagnostic as scripts read it.
#[derive(Debug, Serialize)]
struct DiagnosticJson<'a> {
    path: &'a Path,
    /// Counted from 1.
    line: u32,
    /// Unicode scalar values, counted from 1.
    column: u32,
    severity: String,
    code: &'static str,
    message: &'a str,
}

/// Path, line and column of the start, the last two from 1, the column in Unicode scalar values.
fn place(found: &Diagnostic) -> (&Path, u32, u32) {
    let column = found.span.map_or(1, |span| span.start.utf32 + 1);
    (found.path.as_deref().unwrap_or(Path::new("")), found.line, column)
}

pub(super) fn text(diagnostics: &[Diagnostic], output: &mut Output) -> Result<(), Stop> {
    for diagnostic in diagnostics {
        let (path, line, column) = place(diagnostic);
        let word = diagnostic.severity.to_string();
        let severity = match diagnostic.severity {
            Severity::Error => word.red().to_string(),
            Severity::Warning => word.yellow().to_string(),
            _ => word.cyan().to_string(),
        };
        let at = format!("{}:{line}:{column}", output.path(path));
        output.line(format!("{at}: {severity}: {} [{}]", diagnostic.message, diagnostic.code.as_str()))?;
    }
    Ok(())
}

pub(super) fn json(diagnostics: &[Diagnostic], output: &mut Output) -> Result<(), Stop> {
    let listed = diagnostics.iter().map(|diagnostic| {
        let (path, line, column) = place(diagnostic);
        let (severity, code) = (diagnostic.severity.to_string(), diagnostic.code.as_str());
        DiagnosticJson { path, line, column, severity, code, message: &diagnostic.message }
    });
    output.json(&listed.collect::<Vec<_>>())?;
    Ok(())
}

pub(super) fn github(diagnostics: &[Diagnostic], output: &mut Output) -> Result<(), Stop> {
    for diagnostic in diagnostics {
        let (path, line, column) = place(diagnostic);
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            _ => "notice",
        };
        let (file, message) = (property(&slashed(output.path(path))), data(&diagnostic.message));
        output.line(format!("::{command} file={file},line={line},col={column}::{message}"))?;
    }
    Ok(())
}

/// A message with what would end it written otherwise.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A path as it is written everywhere of what lies in a repository.
fn slashed(path: String) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path }
}

/// A property, which a comma or a colon would end as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

pub(super) fn sarif(diagnostics: &[Diagnostic], root: &Path, output: &mut Output) -> Result<(), Stop> {
    let results: Vec<Value> = diagnostics.iter().map(|diagnostic| sarif_result(diagnostic, root)).collect();
    let rules: Vec<Value> = CHECKS.iter().map(|(code, text)| rule(*code, text)).collect();
    let driver = json!({"name": "ibid", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    let mut run = json!({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results});
    if let Ok(base) = url::Url::from_directory_path(root) {
        run["originalUriBaseIds"] = json!({"SRCROOT": {"uri": base.as_str()}});
    }
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    output.json(&json!({"$schema": schema, "version": "2.1.0", "runs": [run]}))?;
    Ok(())
}

/// What is checked, in a sentence each.
const CHECKS: [(Code, &str); 6] = [
    (Code::Unresolved, "No paper answers to the name of a citation."),
    (Code::Ambiguous, "Several papers answer to the name of a citation."),
    (Code::Retracted, "A cited paper was retracted or withdrawn."),
    (Code::LiteratureNote, "A literature note is about a paper that is not in the corpus."),
    (Code::ReferenceDiffers, "A reference says something of a work that its records say otherwise."),
    (Code::ReferenceContradicted, "An identifier is that of another work, or the title is that of a work by others."),
];

fn rule(code: Code, text: &str) -> Value {
    json!({
        "id": code.as_str(),
        "shortDescription": {"text": text},
        "defaultConfiguration": {"level": level(Severity::default())},
    })
}

fn sarif_result(diagnostic: &Diagnostic, root: &Path) -> Value {
    let (path, line, column) = place(diagnostic);
    let (end_line, end_column) = diagnostic.span.map_or((line, column), |span| (span.end.line + 1, span.end.utf32 + 1));
    let region = json!({"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column});
    let location = json!({"physicalLocation": {"artifactLocation": artifact(path, root), "region": region}});
    json!({
        "ruleId": diagnostic.code.as_str(),
        "level": level(diagnostic.severity),
        "message": {"text": diagnostic.message},
        "locations": [location],
    })
}

/// A note below the root by its address from there, others by their own.
fn artifact(path: &Path, root: &Path) -> Value {
    let whole = url::Url::from_file_path(path).ok();
    let base = url::Url::from_directory_path(root).ok();
    let below = whole.as_ref().zip(base.as_ref()).filter(|_| path.starts_with(root));
    match below.and_then(|(whole, base)| whole.as_str().strip_prefix(base.as_str())) {
        Some(below) => json!({"uri": below, "uriBaseId": "SRCROOT"}),
        None => json!({"uri": whole.map_or_else(|| path.to_string_lossy().into_owned(), String::from)}),
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information | Severity::Hint => "note",
        Severity::Off => "none",
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn annotations_cannot_be_ended_by_what_they_say() {
        assert_eq!(data("50% a\r\nb::c"), "50%25 a%0D%0Ab::c");
        assert_eq!(property("a,b:c%.md"), "a%2Cb%3Ac%25.md");
    }

    #[test]
    fn notes_are_named_from_the_root() {
        let (drive, shown) = if cfg!(windows) { ("C:", "/C:") } else { ("", "") };
        let path = |path: &str| PathBuf::from(format!("{drive}{path}"));
        let root = path("/vault");
        let below = artifact(&path("/vault/a b/ü.md"), &root);
        assert_eq!(below, json!({"uri": "a%20b/%C3%BC.md", "uriBaseId": "SRCROOT"}));
        assert_eq!(artifact(&path("/other/a.md"), &root), json!({"uri": format!("file://{shown}/other/a.md")}));
    }
}
