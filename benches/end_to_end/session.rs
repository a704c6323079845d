//! One session of an editor with a server, and what it takes.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Outcome;
use crate::client::{Answer, Client, notification};
use crate::measure::{Samples, Series, memory_of, milliseconds};
use crate::workload::{CITATIONS, KINDS, NAMES, ONE, Query, TYPED_LINE, Workload, items, lists};

/// What a session is made of.
pub struct Plan<'a> {
    pub workload: &'a Workload,
    pub root: &'a Path,
    /// Starts the server.
    pub command: &'a dyn Fn() -> Command,
    /// Whether answers can be right or wrong: those of the echo are neither.
    pub is_judged: bool,
    /// How many edits are made to see whether memory grows.
    pub edits: u32,
}

/// So often the server is started.
const STARTS: usize = 5;

/// So often a hundred keystrokes are sent at once.
const BURSTS: usize = 10;

/// Runs a session from start to end.
pub fn run(plan: &Plan<'_>, samples: &mut Samples) -> Outcome<()> {
    let mut typist = start(plan, samples)?;
    type_all(plan, &mut typist)?.report("completion", samples);
    point_at_all(plan, &mut typist, samples)?;
    bursts(plan, &mut typist, samples)?;
    report_memory(&typist, "memory", samples);
    second_server(plan, samples)?;
    edit_on(plan, &mut typist, samples)?;
    typist.client.stop()
}

/// Starts the server some times and keeps the last one.
fn start(plan: &Plan<'_>, samples: &mut Samples) -> Outcome<Typist> {
    let mut series = Series::default();
    for _ in 1..STARTS {
        let (typist, elapsed) = Typist::ready(plan)?;
        series.add(elapsed, 0);
        typist.client.stop()?;
    }
    let (typist, elapsed) = Typist::ready(plan)?;
    series.add(elapsed, 0);
    samples.add_series("ready", "", &series);
    // Whatever the server does behind the user's back is over by then.
    std::thread::sleep(Duration::from_millis(300));
    Ok(typist)
}

/// An editor with one note open, and a cursor at the end of one of its lines.
struct Typist {
    client: Client,
    uri: String,
    version: u32,
    line: String,
}

impl Typist {
    /// Starts a server and asks until it gives the first right answer. Tells the time since the process was started.
    fn ready(plan: &Plan<'_>) -> Outcome<(Typist, Duration)> {
        const TIMEOUT: Duration = Duration::from_secs(60);
        let client = Client::start(&mut (plan.command)(), &uri_of(plan.root)?)?;
        let (name, paper) = plan.workload.first().ok_or("no paper has a name of its own; use more papers")?;
        let line = format!("[[{name}");
        let mut typist = Typist { client, uri: uri_of(&plan.root.join("reading.md"))?, version: 1, line };
        let mut before = opened(&typist.uri, &plan.workload.note(&typist.line));
        loop {
            let answer = typist.complete(&before)?.1;
            let elapsed = answer.at.saturating_duration_since(typist.client.started);
            if !plan.is_judged || answer.result.is_ok_and(|list| lists(&list, paper)) {
                let clear = typist.clear();
                typist.client.send(&clear)?;
                return Ok((typist, elapsed));
            }
            if elapsed > TIMEOUT {
                return Err(format!("{name} was not listed within {} s", TIMEOUT.as_secs()).into());
            }
            before.clear();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// The message that replaces the line's text from `start` on.
    fn replace(&mut self, start: usize, text: &str) -> Vec<u8> {
        let end = self.line.len();
        self.line.truncate(start);
        self.line.push_str(text);
        self.version += 1;
        let place = |character: usize| json!({"line": TYPED_LINE, "character": character});
        let change = json!({"range": {"start": place(start), "end": place(end)}, "text": text});
        let document = json!({"uri": self.uri, "version": self.version});
        notification("textDocument/didChange", &json!({"textDocument": document, "contentChanges": [change]}))
    }

    fn append(&mut self, text: &str) -> Vec<u8> {
        self.replace(self.line.len(), text)
    }

    fn erase_one(&mut self) -> Vec<u8> {
        self.replace(self.line.len().saturating_sub(1), "")
    }

    fn clear(&mut self) -> Vec<u8> {
        self.replace(0, "")
    }

    /// The cursor, at the end of the line.
    fn cursor(&self) -> Value {
        place(&self.uri, TYPED_LINE, self.line.len())
    }

    /// Sends messages and asks for completions at the cursor.
    fn complete(&mut self, before: &[u8]) -> Outcome<(Duration, Answer)> {
        let cursor = self.cursor();
        self.client.call(before, "textDocument/completion", &cursor)
    }
}

fn place(uri: &str, line: usize, character: usize) -> Value {
    json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}})
}

fn uri_of(path: &Path) -> Outcome<String> {
    url::Url::from_file_path(path).map(String::from).map_err(|()| format!("{} has no address", path.display()).into())
}

/// The message that a note was opened.
fn opened(uri: &str, text: &str) -> Vec<u8> {
    let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": text});
    notification("textDocument/didOpen", &json!({"textDocument": document}))
}

/// What typing all queries took.
struct Typed {
    /// By kind of keystroke, as in [`KINDS`].
    kinds: Vec<Series>,
    all: Series,
    resolve: Series,
    /// How many characters of names were typed when the paper was listed.
    characters: Vec<usize>,
    names: usize,
}

impl Typed {
    fn report(&self, section: &'static str, samples: &mut Samples) {
        for (kind, series) in KINDS.iter().zip(&self.kinds) {
            samples.add_series(section, kind, series);
        }
        samples.add_series(section, "all keystrokes", &self.all);
        samples.add_series("resolve", "", &self.resolve);
        if self.characters.is_empty() {
            return;
        }
        let mut sorted: Vec<f64> = self.characters.iter().map(|count| *count as f64).collect();
        sorted.sort_by(f64::total_cmp);
        for (measure, share) in [("characters_p50", 50), ("characters_max", 100)] {
            samples.add_known("names", "", measure, crate::measure::percentile(&sorted, share));
        }
        let soon = self.characters.iter().filter(|count| **count <= 3).count();
        samples.add("names", "", "within_3", soon as f64);
        samples.add("names", "", "typed", self.names as f64);
    }
}

/// Types every query letter by letter.
fn type_all(plan: &Plan<'_>, typist: &mut Typist) -> Outcome<Typed> {
    let kinds = KINDS.iter().map(|_| Series::default()).collect();
    let mut typed =
        Typed { kinds, all: Series::default(), resolve: Series::default(), characters: Vec::new(), names: 0 };
    for query in &plan.workload.queries {
        type_query(plan, typist, query, &mut typed)?;
        let clear = typist.clear();
        typist.client.send(&clear)?;
    }
    Ok(typed)
}

fn type_query(plan: &Plan<'_>, typist: &mut Typist, query: &Query, typed: &mut Typed) -> Outcome<()> {
    let own_kind = KINDS.iter().position(|kind| *kind == query.kind).ok_or("a query is of no kind")?;
    let length = query.text.chars().count();
    typed.names += usize::from(query.kind == NAMES);
    let mut is_listed = false;
    for count in 0..=length {
        let letter = query.text.chars().nth(count.wrapping_sub(1)).map(String::from);
        let change = typist.append(letter.as_deref().unwrap_or("[["));
        let (elapsed, answer) = typist.complete(&change)?;
        typed.all.add(elapsed, answer.bytes);
        let list = answer.result.unwrap_or_default();
        if plan.is_judged && query.kind == NAMES && !is_listed && query.expected.is_met_by(&list) {
            is_listed = true;
            typed.characters.push(count);
        }
        let Some(series) = typed.kinds.get_mut(if count > 3 { own_kind } else { count }) else { continue };
        series.add(elapsed, answer.bytes);
        if plan.is_judged && count <= 3 {
            series.judge(!items(&list).is_empty());
        } else if plan.is_judged && count == length {
            series.judge(query.expected.is_met_by(&list));
        }
        if count == length {
            resolve_first(plan, typist, &list, &mut typed.resolve)?;
        }
    }
    Ok(())
}

/// Asks for the cards of the first items, as an editor does for those that are selected.
fn resolve_first(plan: &Plan<'_>, typist: &mut Typist, list: &Value, series: &mut Series) -> Outcome<()> {
    for item in items(list).iter().take(2) {
        let (elapsed, answer) = typist.client.call(&[], "completionItem/resolve", item)?;
        series.add(elapsed, answer.bytes);
        if plan.is_judged {
            let card = answer.result.unwrap_or_default();
            series.judge(card.pointer("/documentation/value").and_then(Value::as_str).is_some_and(|it| !it.is_empty()));
        }
    }
    Ok(())
}

/// Hovers over every citation, and jumps from those of one paper.
fn point_at_all(plan: &Plan<'_>, typist: &mut Typist, samples: &mut Samples) -> Outcome<()> {
    // No hand is at the mouse in the moment of the last of thousands of keystrokes.
    std::thread::sleep(Duration::from_millis(200));
    let uri = uri_of(&plan.root.join("doubtful.md"))?;
    let text = plan.workload.doubtful.join("\n");
    typist.client.send(&opened(&uri, &text))?;
    for kind in CITATIONS {
        let uri = if kind == ONE { &typist.uri } else { &uri }.clone();
        let (mut hovers, mut definitions) = (Series::default(), Series::default());
        for cited in plan.workload.citations.iter().filter(|cited| cited.kind == kind) {
            let place = place(&uri, cited.line, 5);
            let (elapsed, answer) = typist.client.call(&[], "textDocument/hover", &place)?;
            hovers.add(elapsed, answer.bytes);
            if plan.is_judged {
                let card = answer.result.unwrap_or_default();
                let card = card.pointer("/contents/value").and_then(Value::as_str).unwrap_or_default();
                hovers.judge(card.replace('\\', "").contains(&cited.expected));
            }
            let Some(expected) = cited.leads_to else { continue };
            let (elapsed, answer) = typist.client.call(&[], "textDocument/definition", &place)?;
            definitions.add(elapsed, answer.bytes);
            if plan.is_judged {
                let found = answer.result.unwrap_or_default();
                let line = found.pointer("/0/targetSelectionRange/start/line").and_then(Value::as_u64);
                definitions.judge(line == Some(expected));
            }
        }
        samples.add_series("hover", kind, &hovers);
        if !definitions.milliseconds.is_empty() {
            samples.add_series("definition", "", &definitions);
        }
    }
    typist.client.send(&notification("textDocument/didClose", &json!({"textDocument": {"uri": uri}})))
}

/// Sends a hundred keystrokes at once, each with a request, and waits for the last answer.
fn bursts(plan: &Plan<'_>, typist: &mut Typist, samples: &mut Samples) -> Outcome<()> {
    let mut series = Series::default();
    let (mut answered, mut sent) = (0, 0);
    let names = plan.workload.queries.iter().filter(|query| query.kind == NAMES);
    for query in names.take(BURSTS) {
        let messages = burst(plan, typist, &query.text);
        let mut ids = Vec::new();
        let mut bytes = Vec::new();
        for (change, cursor) in messages {
            let (id, request) = typist.client.request("textDocument/completion", &cursor);
            ids.push(id);
            bytes.extend_from_slice(&change);
            bytes.extend_from_slice(&request);
        }
        let begin = Instant::now();
        typist.client.send(&bytes)?;
        for (at, id) in ids.iter().enumerate() {
            let answer = typist.client.wait(*id)?;
            sent += 1;
            answered += u32::from(answer.result.is_ok());
            if at + 1 == ids.len() {
                series.add(answer.at.saturating_duration_since(begin), answer.bytes);
                if plan.is_judged {
                    series.judge(answer.result.is_ok_and(|list| query.expected.is_met_by(&list)));
                }
            }
        }
        let clear = typist.clear();
        typist.client.send(&clear)?;
    }
    samples.add_series("burst", "", &series);
    samples.add("burst", "", "sent", f64::from(sent));
    samples.add("burst", "", "answered", f64::from(answered));
    Ok(())
}

/// A hundred keystrokes: something is typed and erased again, then the name is typed.
fn burst(plan: &Plan<'_>, typist: &mut Typist, name: &str) -> Vec<(Vec<u8>, Value)> {
    const KEYSTROKES: usize = 100;
    let mut messages = Vec::with_capacity(KEYSTROKES);
    let change = typist.append("[[");
    messages.push((change, typist.cursor()));
    let filler = (KEYSTROKES - 1 - name.len().min(KEYSTROKES - 1)) / 2;
    let filler: Vec<char> = plan.workload.filler.chars().take(filler).collect();
    for letter in &filler {
        let change = typist.append(&letter.to_string());
        messages.push((change, typist.cursor()));
    }
    for _ in &filler {
        let change = typist.erase_one();
        messages.push((change, typist.cursor()));
    }
    for letter in name.chars() {
        let change = typist.append(&letter.to_string());
        messages.push((change, typist.cursor()));
    }
    messages
}

fn report_memory(typist: &Typist, section: &'static str, samples: &mut Samples) {
    let memory = memory_of(typist.client.process());
    samples.add_known(section, "", "private_mb", memory.map(|it| it.private));
    samples.add_known(section, "", "mapped_mb", memory.map(|it| it.mapped));
}

/// Starts another server on the same index while the first one runs, and types the same.
fn second_server(plan: &Plan<'_>, samples: &mut Samples) -> Outcome<()> {
    let (mut typist, elapsed) = Typist::ready(plan)?;
    samples.add("second server", "", "ready_ms", milliseconds(elapsed));
    let typed = type_all(plan, &mut typist)?;
    samples.add_series("second server", "all keystrokes", &typed.all);
    report_memory(&typist, "second server", samples);
    typist.client.stop()
}

/// Edits on and on, and tells what memory that leaves taken. The first tenth of the edits is not counted.
fn edit_on(plan: &Plan<'_>, typist: &mut Typist, samples: &mut Samples) -> Outcome<()> {
    const AT_ONCE: u32 = 100;
    let rounds = plan.edits / AT_ONCE;
    let mut before = None;
    let begin = Instant::now();
    for round in 0..rounds {
        if round == rounds / 10 {
            before = memory_of(typist.client.process());
        }
        let mut messages = Vec::new();
        for edit in 0..AT_ONCE {
            messages.extend(if edit % 2 == 0 { typist.append("x") } else { typist.erase_one() });
        }
        let place = place(&typist.uri, plan.workload.lines.len() / 2, 5);
        typist.client.call(&messages, "textDocument/hover", &place)?;
    }
    let after = memory_of(typist.client.process());
    samples.add("edits", "", "count", f64::from(rounds * AT_ONCE));
    samples.add("edits", "", "edits_per_s", f64::from(rounds * AT_ONCE) / begin.elapsed().as_secs_f64());
    let grown = before.zip(after).map(|(before, after)| after.private - before.private);
    samples.add_known("edits", "", "growth_mb", grown);
    Ok(())
}
