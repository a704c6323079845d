//! Counts which records of bibliographies are one paper, and why.
//!
//! `cargo run --release --example merges -- BIBLIOGRAPHY…` prints a row for each kind of merged group: by an identifier that
//! all have, or by title and author with what their identifiers say. `--examples=N` shows so many groups of each kind, to be
//! judged by eye.
//!
//! Bibliographies may be packed with xz, where that program is there. What is missing is said, and skipped.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use ibid::corpus::OpenCorpusFile;
use ibid::paper::{Record, Variable, arxiv_of, dois_agree, group};
use ibid::text::Document;

fn main() {
    let (options, paths): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|it| it.starts_with("--"));
    let examples =
        options.iter().find_map(|it| it.strip_prefix("--examples=")).map_or(0, |number| number.parse().unwrap());
    let records: Vec<Record> = paths.iter().flat_map(|path| records_of(Path::new(path))).collect();
    let records: Vec<&Record> = records.iter().collect();
    let groups = group(&records);
    let mut kinds: BTreeMap<&str, Vec<&Vec<usize>>> = BTreeMap::new();
    for members in groups.iter().filter(|members| members.len() > 1) {
        let of_group: Vec<&Record> = members.iter().map(|index| records[*index]).collect();
        kinds.entry(kind_of(&of_group)).or_default().push(members);
    }
    let merged: usize = kinds.values().map(Vec::len).sum();
    println!("{} records are {} papers; {merged} papers have several records", records.len(), groups.len());
    for (kind, groups) in &kinds {
        println!("| {kind} | {} |", groups.len());
        // Spread over the list, so that not only one file's habits are seen.
        let step = (groups.len() / examples.max(1)).max(1);
        for members in groups.iter().step_by(step).take(examples) {
            for index in *members {
                println!("    {}", in_one_line(records[*index]));
            }
            println!();
        }
    }
}

/// Why records are one paper, or may be: the strongest thing that all of them have in common.
fn kind_of(records: &[&Record]) -> &'static str {
    let dois: BTreeSet<String> = records.iter().filter_map(|it| it.doi.as_deref()).map(str::to_lowercase).collect();
    let arxiv: BTreeSet<String> = records.iter().filter_map(|it| arxiv_of(it)).collect();
    let all_have = |has: &dyn Fn(&Record) -> bool| records.iter().all(|record| has(record));
    let years: BTreeSet<i32> = records.iter().filter_map(|it| it.date).map(|date| date.year).collect();
    if arxiv.len() == 1 && all_have(&|it| arxiv_of(it).is_some()) {
        return "the same arXiv id";
    }
    if dois.len() == 1 && all_have(&|it| it.doi.is_some()) {
        return "the same DOI";
    }
    if dois.len() > 1 {
        let list: Vec<&str> = dois.iter().map(String::as_str).collect();
        let number = |doi: &str| doi.rsplit(['.', '/']).next().map(str::to_owned);
        return if list.iter().any(|doi| ibid_preprint(doi)) {
            "different DOIs: a preprint and its publication"
        } else if list.windows(2).all(|pair| dois_agree(pair[0], pair[1]) || number(pair[0]) == number(pair[1])) {
            "different DOIs: one article number"
        } else {
            "different DOIs: one volume and page"
        };
    }
    match (dois.is_empty() && arxiv.is_empty(), years.len()) {
        (_, years) if years > 1 && records.iter().any(|it| it.is_preprint()) => {
            "title and author: preprint, other years"
        }
        (_, years) if years > 1 => "title and author: other years",
        (false, _) => "title and author: one has an identifier",
        (true, _) => "title and author: no identifier",
    }
}

fn ibid_preprint(doi: &str) -> bool {
    let record = Record { doi: Some(doi.to_owned()), ..Record::default() };
    record.is_preprint() || arxiv_of(&record).is_some()
}

fn in_one_line(record: &Record) -> String {
    let family = record.authors.first().map(ibid::paper::Person::identity).unwrap_or_default();
    let text = |variable| record.details.text(variable).unwrap_or("-");
    let year = record.date.map_or_else(|| "-".to_owned(), |date| date.year.to_string());
    let place = [Variable::ContainerTitle, Variable::Volume, Variable::Page].map(text).join(" · ");
    let id = record.doi.clone().or_else(|| arxiv_of(record)).unwrap_or_else(|| "-".to_owned());
    format!("{family} {year} | {} | {place} | {id}", record.title)
}

fn records_of(path: &Path) -> Vec<Record> {
    let Some((path, _folder)) = plain(path) else { return Vec::new() };
    let text = std::fs::read_to_string(&path).unwrap();
    OpenCorpusFile::new(path, Document::new(&text, 0)).contents().records.clone()
}

/// The path of a file that is not packed, with the folder that keeps it; `None` where there is no such file.
fn plain(path: &Path) -> Option<(PathBuf, Option<tempfile::TempDir>)> {
    if !path.exists() {
        println!("{}: there is no such file; skipped", path.display());
        return None;
    }
    if path.extension().is_none_or(|ending| ending != "xz") {
        return Some((path.to_owned(), None));
    }
    let folder = tempfile::tempdir().unwrap();
    let unpacked = Command::new("xz").arg("-dc").arg(path).output().ok()?;
    let to = folder.path().join(path.file_stem()?);
    std::fs::write(&to, unpacked.stdout).unwrap();
    Some((to, Some(folder)))
}
