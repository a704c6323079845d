//! The papers: arXiv-shaped metadata, a JSON object a line, about 1.7 kB each.
//!
//! Paper `i` depends on `i` alone. A corpus of any size is a beginning of one sequence.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Outcome;
use crate::words::{Dice, Vocabulary, capitalized, own_name, shared_name, small_word};

/// Names what is generated: another number where it changes.
const VERSION: u32 = 1;

/// One in so many papers has the title of an earlier one.
const DUPLICATE_EVERY: usize = 60;

/// One in so many abstracts has a word that no other paper has.
const RARE_WORD_EVERY: u64 = 4;

/// The papers of one sequence.
pub struct Papers {
    vocabulary: Vocabulary,
}

/// What a title begins with and whether it means one paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShortName {
    /// No other paper is called so.
    Own(String),
    /// Others may be called so as well.
    Shared(String),
}

/// What is known of a paper without writing it out.
#[derive(Debug, Clone)]
pub struct Outline {
    pub number: u64,
    pub title: String,
    /// What stands before the colon.
    pub short_name: Option<ShortName>,
    /// The name that the abstract gives the work.
    pub coined: Option<String>,
    /// The word of the abstract that no other paper has.
    pub rare_word: Option<String>,
}

impl Papers {
    pub fn new() -> Papers {
        Papers { vocabulary: Vocabulary::new() }
    }

    /// The names and words of a paper.
    pub fn outline(&self, number: u64) -> Outline {
        let mut dice = Dice::of(number, 10);
        let (title, short_name) = self.own_title(duplicate_of(number).unwrap_or(number));
        let coined = (short_name.is_none() && dice.happens(12)).then(|| coined_name(number));
        let rare_word =
            number.is_multiple_of(RARE_WORD_EVERY).then(|| format!("{}ase", own_name(number).to_lowercase()));
        Outline { number, title, short_name, coined, rare_word }
    }

    /// Frequent words that no title has.
    pub fn frequent_abstract_words(&self, count: usize) -> Vec<String> {
        self.vocabulary.abstract_words().iter().take(count).cloned().collect()
    }

    fn own_title(&self, number: u64) -> (String, Option<ShortName>) {
        let mut dice = Dice::of(number, 12);
        let short_name = dice.happens(34).then(|| match dice.roll(10) {
            0 => ShortName::Shared(shared_name(&mut dice, 4)),
            1..=3 => ShortName::Shared(shared_name(&mut dice, 6)),
            _ => ShortName::Own(own_name(number)),
        });
        let count = 3 + dice.roll(4) + dice.roll(4);
        let mut words = Vec::new();
        for at in 0..count {
            if at > 0 && dice.happens(35) {
                words.push(small_word(&mut dice).to_owned());
            }
            words.push(capitalized(self.vocabulary.word(&mut dice)));
        }
        let rest = words.join(" ");
        let title = match &short_name {
            Some(ShortName::Own(name) | ShortName::Shared(name)) => format!("{name}: {rest}"),
            None => rest,
        };
        (title, short_name)
    }

    fn abstract_text(&self, outline: &Outline) -> String {
        let mut dice = Dice::of(outline.number, 13);
        let mut sentences = Vec::new();
        if let Some(name) = &outline.coined {
            let kind = dice.pick(&["framework", "method", "benchmark", "model"]);
            sentences.push(format!("We present {name}, a {kind} for {}", self.vocabulary.word(&mut dice)));
        }
        if let Some(word) = &outline.rare_word {
            sentences.push(format!("It is {word} that {} shows", self.vocabulary.word(&mut dice)));
        }
        for _ in 0..6 + dice.roll(4) {
            let mut words = vec![dice.pick(&["We", "The", "This", "Our", "In", "Such", "Here", "However"]).to_owned()];
            for _ in 0..10 + dice.roll(10) {
                words.push(match dice.roll(100) {
                    0..=34 => small_word(&mut dice).to_owned(),
                    35..=39 => self.vocabulary.abstract_word(&mut dice).to_owned(),
                    _ => self.vocabulary.word(&mut dice).to_owned(),
                });
            }
            sentences.push(words.join(" "));
        }
        wrapped(&format!("{}.", sentences.join(". ")))
    }

    /// The whole record.
    pub fn record(&self, number: u64) -> Value {
        let outline = self.outline(number);
        let mut dice = Dice::of(number, 14);
        let authors: Vec<[String; 3]> = (0..1 + dice.roll(3) + dice.roll(5)).map(|_| author(&mut dice)).collect();
        let names: Vec<String> = authors.iter().map(|[family, given, _]| format!("{given} {family}")).collect();
        let (year, month) = date(number);
        let created = |day: usize| format!("Mon, {day} {} {year} 09:{:02}:11 GMT", MONTHS[month % 12], number % 60);
        let versions: Vec<Value> = (0..=dice.roll(3))
            .map(|at| json!({"version": format!("v{}", at + 1), "created": created(1 + at * 7)}))
            .collect();
        let pages = 4 + dice.roll(40);
        let field = dice.pick(&["cs.CL", "cs.LG", "cs.CV", "hep-th", "hep-ph", "quant-ph", "math.CO", "astro-ph.GA"]);
        let has_journal = dice.happens(30);
        json!({
            "id": arxiv_id(number),
            "submitter": names.first(),
            "authors": joined(&names),
            "title": wrapped(&outline.title).trim(),
            "comments": dice.happens(60).then(|| format!("{pages} pages, {} figures", pages / 3)),
            "journal-ref": has_journal.then(|| format!("J. Synth. Res. {} ({year}) {pages}", year - 1980)),
            "doi": has_journal.then(|| format!("10.5555/synth.{number}")),
            "report-no": dice.happens(8).then(|| format!("SYN-{year}-{}", number % 1000)),
            "categories": format!("{field} {}", dice.pick(&["stat.ML", "cs.AI", "math.MP", "cond-mat.str-el"])),
            "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            "abstract": format!("  {}\n", self.abstract_text(&outline)),
            "versions": versions,
            "update_date": format!("{year}-{:02}-{:02}", month + 1, 1 + number % 28),
            "authors_parsed": authors,
        })
    }

    fn write(&self, numbers: std::ops::Range<u64>, output: &mut impl Write) -> Outcome<()> {
        for number in numbers {
            serde_json::to_writer(&mut *output, &self.record(number))?;
            output.write_all(b"\n")?;
        }
        Ok(())
    }

    /// A file of these papers in the folder: the one that is there, where it is whole, or a new one.
    pub fn file(&self, folder: &Path, numbers: std::ops::Range<u64>) -> Outcome<PathBuf> {
        let path = folder.join(format!("papers-v{VERSION}-{}-{}.jsonl", numbers.start, numbers.end));
        if self.is_whole(&path, &numbers).unwrap_or(false) {
            return Ok(path);
        }
        eprintln!("writing {} papers to {}", numbers.end - numbers.start, path.display());
        std::fs::create_dir_all(folder)?;
        let temporary = tempfile::NamedTempFile::new_in(folder)?;
        let mut output = BufWriter::with_capacity(1 << 20, temporary.as_file());
        self.write(numbers, &mut output)?;
        output.flush()?;
        drop(output);
        temporary.persist(&path)?;
        Ok(path)
    }

    /// Whether a file begins and ends with the right papers. Files are renamed into place when they are whole, so
    /// that what remains to be told is those of another generator.
    fn is_whole(&self, path: &Path, numbers: &std::ops::Range<u64>) -> Outcome<bool> {
        let mut file = File::open(path)?;
        let mut first = String::new();
        BufReader::new(&mut file).read_line(&mut first)?;
        let expected = serde_json::to_vec(&self.record(numbers.end.saturating_sub(1)))?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(expected.len() as u64 + 1)))?;
        let mut last = Vec::new();
        file.read_to_end(&mut last)?;
        let is_first = first.trim_end() == serde_json::to_string(&self.record(numbers.start))?;
        Ok(is_first && last.strip_suffix(b"\n") == Some(&expected))
    }
}

/// The earlier paper whose title a paper has.
pub fn duplicate_of(number: u64) -> Option<u64> {
    let mut dice = Dice::of(number, 11);
    if number < 100 || dice.roll(DUPLICATE_EVERY) > 0 {
        return None;
    }
    let earlier = dice.roll(usize::try_from(number).unwrap_or(usize::MAX)) as u64;
    Some(duplicate_of(earlier).unwrap_or(earlier))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The year, and the month from 0, of a paper: those of its id.
fn date(number: u64) -> (u64, usize) {
    let month = number % 140;
    (2015 + month / 12, usize::try_from(month % 12).unwrap_or(0))
}

/// The arXiv id, which no other paper has.
pub fn arxiv_id(number: u64) -> String {
    let (year, month) = date(number);
    format!("{:02}{:02}.{:05}", year % 100, month + 1, 1 + number / 140)
}

/// The name that an abstract gives the work, with a capital inside as such names have.
fn coined_name(number: u64) -> String {
    let name = own_name(number);
    let (head, tail) = name.split_at(4);
    format!("{head}{}", capitalized(tail))
}

fn author(dice: &mut Dice) -> [String; 3] {
    let family = shared_name(dice, 7);
    let given =
        dice.pick(&["Ada", "Grace", "Alan", "Emmy", "Kurt", "Sofia", "Carl", "Maria", "Paul", "Rosa", "Lev", "Wei"]);
    let initial = dice.pick(&["", " B.", " J.", " M.", " T."]);
    [family, format!("{given}{initial}"), String::new()]
}

fn joined(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Lines of about 75 letters, as the dump has them.
fn wrapped(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut width = 0;
    for word in text.split(' ') {
        if width + word.len() > 75 {
            lines.push_str("\n  ");
            width = 0;
        } else if width > 0 {
            lines.push(' ');
        }
        lines.push_str(word);
        width += word.len() + 1;
    }
    lines
}
