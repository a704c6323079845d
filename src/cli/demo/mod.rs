//! `ibid demo`: the real server at work on a sample vault, and what an editor would show.

mod client;
mod picture;
mod vault;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use owo_colors::OwoColorize;
use serde_json::{Value, json};

use super::output::Output;
use super::{Outcome, Stop};
use crate::files::{Purpose, Resolve, read_text};
use crate::zotero::PROFILES_VARIABLE;
use client::{Client, uri_of};
use picture::Choice;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write the sample vault here and keep it; the folder must be new or empty
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// What is typed into the note.
const TYPED: &str = "See also [[Orc";

/// The citation that is looked at.
const CITATION: &str = "[[Orca]]";

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Outcome, Stop> {
    let scratch =
        tempfile::tempdir().map_err(|error| Stop::Cannot(format!("no temporary folder: {error}; set TMPDIR")))?;
    let folder = match &arguments.dir {
        Some(folder) => folder.clone(),
        None => scratch.path().join("vault"),
    };
    let folder = write_vault(&folder)?;
    output.line(format!("{} 24 papers and four notes are in {}", "ibid demo:".bold(), folder.display()))?;
    output.line("The language server reads them, and this is what an editor shows:")?;
    output.flush()?;
    let mut show = Show::begin(&folder, &scratch.path().join("cache"), output)?;
    show.completion()?;
    show.hover()?;
    show.definition()?;
    show.client.stop().map_err(failed)?;
    output.line("")?;
    let next = match &arguments.dir {
        Some(_) => format!("The vault stays in {}: open it in your editor.", folder.display()),
        None => "To keep the vault and open it in your editor: ibid demo --dir DIR".to_owned(),
    };
    output.line(next)?;
    Ok(Outcome::Fine)
}

fn write_vault(folder: &Path) -> Result<PathBuf, Stop> {
    let shown = folder.display();
    let cannot =
        |error: std::io::Error| Stop::Cannot(format!("{shown} cannot be written: {error}; name another with --dir"));
    if !vault::is_free(folder).map_err(cannot)? {
        return Err(Stop::Cannot(format!("{shown} is not empty; name a new or empty folder with --dir")));
    }
    vault::write(folder).map_err(cannot)?;
    folder.resolved().map_err(cannot)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
fn failed(reason: String) -> Stop {
    Stop::Cannot(format!("the demonstration failed: {reason}"))
}

/// The demonstration on its way.
struct Show<'a> {
    client: Client,
    output: &'a mut Output,
    folder: PathBuf,
    note_uri: String,
    text: String,
}

impl<'a> Show<'a> {
    /// Starts the server and opens the note.
    fn begin(folder: &Path, cache: &Path, output: &'a mut Output) -> Result<Show<'a>, Stop> {
        let program =
            std::env::current_exe().map_err(|error| failed(format!("this program cannot be found: {error}")))?;
        let mut command = Command::new(program);
        // The sample is shown as it is, whatever the user has set.
        command
            .arg("lsp")
            .env("IBID_CACHE_DIR", cache)
            .env("IBID_CONFIG_DIR", cache)
            .env(PROFILES_VARIABLE, "")
            .current_dir(folder);
        let mut client = Client::start(&mut command, folder).map_err(failed)?;
        let note = folder.join(vault::NOTE);
        let text = read_text(&note, Purpose::Note).map_err(|error| failed(format!("{}: {error}", note.display())))?;
        let note_uri = uri_of(&note).map_err(failed)?;
        let document = json!({"uri": note_uri, "languageId": "markdown", "version": 1, "text": text});
        client.notify("textDocument/didOpen", &json!({"textDocument": document})).map_err(failed)?;
        Ok(Show { client, output, folder: folder.to_owned(), note_uri, text })
    }

    /// Types the beginning of a citation and shows what is offered.
    fn completion(&mut self) -> Result<(), Stop> {
        let end = position_of(&self.text, self.text.len());
        let change = json!({"range": {"start": end, "end": end}, "text": format!("\n{TYPED}")});
        let document = json!({"uri": self.note_uri, "version": 2});
        let params = json!({"textDocument": document, "contentChanges": [change]});
        self.client.notify("textDocument/didChange", &params).map_err(failed)?;
        self.text = format!("{}\n{TYPED}", self.text);
        let params = self.at(self.text.len());
        let is_good = |answer: &Value| items_of(answer).is_some_and(|items| items.len() >= 3);
        let answer = self.client.request_until("textDocument/completion", &params, is_good).map_err(failed)?;
        let items = items_of(&answer).cloned().unwrap_or_default();
        let choices: Vec<Choice> = items.iter().take(6).map(choice).collect();
        let caret = "▏";
        self.heading("Completion", &format!("of {TYPED}{caret}"))?;
        self.lines(&picture::choices(&choices, self.width()))?;
        let written = items.first().and_then(|item| accepted(&self.text, item));
        let written = written.ok_or_else(|| failed("the first item has no edit".to_owned()))?;
        self.output.line(format!("    {} {written}", "Enter writes:".dimmed()))?;
        Ok(())
    }

    /// Shows the card over a citation.
    fn hover(&mut self) -> Result<(), Stop> {
        let params = self.at_citation()?;
        let answer = self.client.request_until("textDocument/hover", &params, |it| !it.is_null()).map_err(failed)?;
        let text = answer.pointer("/contents/value").and_then(Value::as_str);
        let text = text.ok_or_else(|| failed("the card is empty".to_owned()))?;
        self.heading("Hover", &format!("over {CITATION}"))?;
        self.lines(&picture::card(text, self.width()))
    }

    /// Shows the place a citation leads to.
    fn definition(&mut self) -> Result<(), Stop> {
        let params = self.at_citation()?;
        let answer = self.client.request("textDocument/definition", &params).map_err(failed)?;
        let target = answer.get(0).and_then(|link| {
            let uri = url::Url::parse(link.get("targetUri")?.as_str()?).ok()?;
            let line = link.pointer("/targetSelectionRange/start/line")?.as_u64()?;
            Some((uri.to_file_path().ok()?, usize::try_from(line).ok()?))
        });
        let (path, line) = target.ok_or_else(|| failed("the citation leads nowhere".to_owned()))?;
        let text = read_text(&path, Purpose::Note).map_err(|error| failed(format!("{}: {error}", path.display())))?;
        let lines: Vec<&str> = text.lines().skip(line).take(3).collect();
        let shown = path.strip_prefix(&self.folder).unwrap_or(&path).display().to_string();
        self.heading("Definition", &format!("of {CITATION} is {shown}:{}", line + 1))?;
        self.lines(&picture::excerpt(&lines, line + 1, self.width()))
    }

    fn heading(&mut self, what: &str, more: &str) -> Result<(), Stop> {
        self.output.line("")?;
        self.output.line(format!("  {} {more}", what.bold().cyan()))?;
        Ok(())
    }

    fn lines(&mut self, lines: &[String]) -> Result<(), Stop> {
        for line in lines {
            self.output.line(format!("  {line}"))?;
        }
        Ok(())
    }

    fn width(&self) -> usize {
        picture::text_width(self.output.width())
    }

    fn at_citation(&self) -> Result<Value, Stop> {
        let found = self.text.find(CITATION).ok_or_else(|| failed(format!("the note has no {CITATION}")))?;
        Ok(self.at(found + CITATION.len() / 2))
    }

    fn at(&self, byte: usize) -> Value {
        json!({"textDocument": {"uri": self.note_uri}, "position": position_of(&self.text, byte)})
    }
}

fn items_of(answer: &Value) -> Option<&Vec<Value>> {
    answer.get("items").unwrap_or(answer).as_array()
}

fn choice(item: &Value) -> Choice {
    let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    Choice {
        label: text("/label"),
        detail: text("/labelDetails/detail").trim().to_owned(),
        description: text("/labelDetails/description"),
    }
}

/// The last line of a text after an item was accepted there.
fn accepted(text: &str, item: &Value) -> Option<String> {
    let line = text.lines().last()?;
    let start = usize::try_from(item.pointer("/textEdit/range/start/character")?.as_u64()?).ok()?;
    let end = usize::try_from(item.pointer("/textEdit/range/end/character")?.as_u64()?).ok()?;
    let new_text = item.pointer("/textEdit/newText")?.as_str()?;
    // The line is ASCII, so that characters of the protocol are bytes.
    Some(format!("{}{new_text}{}", line.get(..start)?, line.get(end..)?))
}

/// The position, in lines and UTF-16 code units, of a byte of a text.
fn position_of(text: &str, byte: usize) -> Value {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let character: usize = before.get(line_start..).unwrap_or_default().encode_utf16().count();
    json!({"line": before.matches('\n').count(), "character": character})
}
