//! Papers in memory: they stand for the index in tests of features, and show that features need nothing else of a library.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::edits::tests::{Fixture, LIBRARY, PAGE};
use super::*;
use crate::corpus::{OpenCorpusFile, Roots, discover};
use crate::library::{
    Candidates, CitationText, FileEntry, FileTable, Hit, Library, MatchKind, NearName, Query, RecordHead, Resolution,
    Source, shortest_name,
};
use crate::notes::OpenNote;
use crate::paper::{
    Name, Origin, Paper, PaperRef, Person, Record, Span, Tier, fold, group, lookup_key, merge_led_by, names, words,
};
use crate::text::Document;

/// Records and where they come from.
#[derive(Default)]
pub struct MemoryPapers {
    files: FileTable,
    records: Vec<(Record, Source)>,
    /// How often it was searched.
    pub searches: AtomicUsize,
}

impl MemoryPapers {
    /// The records of corpus files.
    pub fn of<'t>(files: impl Iterator<Item = (PathBuf, &'t str)>) -> MemoryPapers {
        let mut papers = MemoryPapers::default();
        for (id, (path, text)) in (1..).zip(files) {
            let file = OpenCorpusFile::new(path.clone(), Document::new(text, 1));
            let mut entry = FileEntry::new(id, path, file.contents().format.unwrap());
            entry.records = file.contents().records.len() as u64;
            papers.files.files.push(entry);
            for record in &file.contents().records {
                papers.add(record.clone(), Origin::File { file: id, span: record.span });
            }
        }
        papers.files.files.sort_by(|one, other| one.path.cmp(&other.path));
        papers
    }

    /// A file, by its place in the table.
    pub fn file_mut(&mut self, at: usize) -> &mut FileEntry {
        &mut self.files.files[at]
    }

    pub fn add(&mut self, record: Record, origin: Origin) {
        self.records.push((record, origin.into()));
    }

    /// Has the first file know that a work has another key.
    pub fn rename(&mut self, old: &str, now: &str) {
        self.files.files[0].renamed.push((old.to_owned(), now.to_owned()));
    }

    /// The papers of some records, each led by those that own the name it is asked for by.
    fn papers(&self, wants: impl Fn(&Record) -> bool, owns: impl Fn(&Record) -> bool) -> Vec<Arc<LibraryPaper>> {
        let records: Vec<&Record> = self.records.iter().map(|(record, _)| record).collect();
        let wanted = group(&records).into_iter().filter(|members| members.iter().any(|at| wants(records[*at])));
        let papers = wanted.filter_map(|members| {
            let members: Vec<_> = members.into_iter().map(|at| (records[at], self.records[at].1.clone())).collect();
            merge_led_by(&members, |source| members.iter().any(|(record, own)| own == source && owns(record)))
        });
        papers.map(Arc::new).collect()
    }

    fn resolve_plain(&self, name: &str) -> Resolution {
        let (name, key) = (name.trim(), lookup_key(name.trim()));
        let quality = |record: &Record| {
            names(record).iter().filter(|it| it.folded == key).map(|it| (it.text != name, it.tier)).min()
        };
        let Some(best) = self.records.iter().filter_map(|(record, _)| quality(record)).min() else {
            return Resolution::Missing;
        };
        let bears = |record: &Record| quality(record) == Some(best);
        self.papers(bears, |record| best.1 == Tier::Identifier && bears(record)).into()
    }

    fn all(&self) -> Vec<Arc<LibraryPaper>> {
        self.papers(|_| true, |_| false)
    }
}

impl Papers for MemoryPapers {
    fn files(&self) -> &FileTable {
        &self.files
    }

    fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        let by_alias = aliases.get(name).map(|target| self.resolve_plain(target));
        let by_alias = by_alias.filter(|found| !matches!(found, Resolution::Missing));
        Arc::new(by_alias.unwrap_or_else(|| self.resolve_plain(name)))
    }

    fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>> {
        candidates.to_vec()
    }

    fn search(&self, query: Query<'_>, limit: usize) -> Vec<Hit> {
        self.searches.fetch_add(1, Ordering::Relaxed);
        let query = query.text();
        let (typed, key) = (words(query), lookup_key(query.trim()));
        let hit = |paper: &Arc<LibraryPaper>| {
            let stored = self.head(paper.sources.first()?)?;
            let people = paper.record.authors.iter().map(Person::display);
            let text: Vec<String> =
                stored.names().iter().map(|name| name.text.clone()).chain(people).flat_map(|it| words(&it)).collect();
            let kind = match stored.names().iter().any(|name| name.folded == key) {
                true => MatchKind::ExactName,
                false if typed.is_empty() => MatchKind::Recent,
                false if typed.iter().all(|word| text.iter().any(|it| it.starts_with(word))) => MatchKind::Title,
                false => return None,
            };
            Some(Hit { stored, kind })
        };
        let mut hits: Vec<Hit> = self.all().iter().filter_map(hit).collect();
        hits.sort_by_key(|hit| hit.kind);
        hits.truncate(limit);
        hits
    }

    fn near(&self, name: &str, most: usize) -> Vec<NearName> {
        let folded = fold(name);
        let letters = folded.chars().count();
        let known: Vec<Name> = self.records.iter().flat_map(|(record, _)| names(record)).collect();
        for distance in (1..=2).take(if letters < 4 { 0 } else { 1 + usize::from(letters >= 8) }) {
            let near = known.iter().filter(|name| strsim::osa_distance(&name.folded, &folded) <= distance);
            let unique = near.filter_map(|name| match self.resolve_plain(&name.folded) {
                Resolution::Unique(paper) => Some(NearName { name: name.text.clone(), paper }),
                _ => None,
            });
            let mut found: Vec<NearName> = unique.collect();
            found.sort_by(|a, b| a.name.cmp(&b.name));
            found.dedup_by(|a, b| a.paper.is_same(&b.paper));
            found.truncate(most);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        let is_known = |record: &Record| PaperRef::of(record).key() == reference.key();
        let exact = self.papers(|record| is_known(record) && reference.agrees_with(record), |_| false);
        let mut papers = if exact.is_empty() { self.papers(is_known, |_| false) } else { exact };
        papers.pop().filter(|_| papers.is_empty())
    }

    fn head(&self, source: &Source) -> Option<Arc<RecordHead>> {
        let paper = Paper { record: self.record(source)?, sources: vec![source.clone()] };
        RecordHead::of_paper(&paper).map(Arc::new)
    }

    fn record(&self, source: &Source) -> Option<Record> {
        self.records.iter().find(|(_, own)| own == source).map(|(record, _)| record.clone())
    }

    fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText> {
        shortest_name(head, |text| self.means(text, head, aliases))
    }

    fn citation_key(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<String> {
        let keys = self.paper(head.reference())?.record.keys.clone();
        keys.iter().find(|key| self.means(key, head, aliases)).or(keys.first()).cloned()
    }

    fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool {
        match &*self.resolve(text, aliases) {
            Resolution::Unique(paper) => group(&[&paper.record, &head.record]).len() == 1,
            _ => false,
        }
    }

    fn related(&self, paper: &LibraryPaper, most: usize) -> Vec<Arc<LibraryPaper>> {
        let own = words(&paper.record.title);
        let shared = |other: &LibraryPaper| words(&other.record.title).iter().filter(|word| own.contains(word)).count();
        let mut others = self.all();
        others.retain(|other| !other.is_same(paper) && shared(other) > 0);
        others.sort_by_key(|other| std::cmp::Reverse(shared(other)));
        others.truncate(most);
        others
    }
}

/// What a library says of a name: the papers with their names, how they are cited, and what else the name may mean.
fn said(library: &dyn Papers, name: &str) -> (Vec<String>, Vec<String>) {
    let aliases = Aliases::new([("whale", "orca23"), ("lora", "nobody")]);
    let papers = match &*library.resolve(name, &aliases) {
        Resolution::Missing => Vec::new(),
        Resolution::Unique(paper) => vec![paper.clone()],
        Resolution::Ambiguous(papers) => library.all_candidates(papers),
    };
    let paper = |paper: &Arc<LibraryPaper>| {
        let head = library.head(&paper.sources[0]).unwrap();
        assert_eq!(library.paper(head.reference()).as_deref(), Some(&**paper), "{name}");
        assert_eq!(library.paper(&library.reference_of(paper).unwrap()).as_deref(), Some(&**paper), "{name}");
        assert_eq!(library.record(&paper.sources[0]).unwrap().title, paper.record.title);
        assert!(library.means(&paper.record.title, &head, &aliases) && !library.means("", &head, &aliases));
        let (text, key) = (library.citation_text(&head, &aliases), library.citation_key(&head, &aliases));
        let names: Vec<String> = library.names_of(paper).into_iter().map(|name| name.text).collect();
        let (file, span) = library.files().place(&paper.sources[0].origin).unwrap();
        format!("{names:?} {text:?} {key:?} {}:{}", file.path.display(), span.line)
    };
    let near = library.near(name, 3).into_iter().map(|near| near.name).collect();
    (papers.iter().map(paper).collect(), near)
}

#[test]
fn papers_in_memory_and_in_the_index_are_the_same() {
    let fixture = Fixture::new(&[("a.md", "")], "");
    std::fs::create_dir(fixture.path("corpus")).unwrap();
    for (name, text) in [("library.bib", LIBRARY), ("page.txt", PAGE)] {
        std::fs::write(fixture.path("corpus").join(name), text).unwrap();
    }
    let roots = vec![fixture.folder.path().to_owned()];
    let index = Library::open(None, &roots);
    index.sync(&discover(&Roots { workspace: roots, explicit: Vec::new() }).files, &|_| false, &mut |_| true);
    let (index, memory) = (index.snapshot(), &*fixture.snapshot.library);
    assert_eq!(index.files().records(), memory.files().records());
    let named = ["Orca", "ORCA", "orca23", "whale", "arXiv:2306.02707v2", "https://doi.org/10.1000/LORA", "lora", ""];
    let others =
        ["Twin Peaks", "peak2", "same", "second", "odd[key", "Keyless", "Orka", "Low-Rank Adaptatoin", "Keylezs"];
    let titles = memory.search(Query::Typed(""), 99).into_iter().map(|hit| hit.stored.record.title.clone());
    for name in named.into_iter().chain(others).map(str::to_owned).chain(titles) {
        assert_eq!(said(&*index, &name), said(memory, &name), "{name}");
    }
    for query in ["orca", "mukh", "twin peaks", "television", "2306.02707"] {
        let found = |library: &dyn Papers| -> Vec<String> {
            let mut titles: Vec<_> =
                library.search(Query::Typed(query), 9).iter().map(|hit| hit.stored.record.title.clone()).collect();
            titles.sort();
            titles
        };
        assert_eq!(found(&*index), found(memory), "{query}");
    }
}

#[test]
fn papers_of_a_service_are_shown_where_no_file_has_them() {
    let mut fixture = Fixture::new(&[], "");
    let mut papers = MemoryPapers::of([("/corpus/library.bib".into(), LIBRARY)].into_iter());
    let item = |id: &str, url: &str| Origin::Service { service: "Zo*tero".into(), id: id.into(), url: url.into() };
    let record = |title: &str| Record { title: title.into(), span: Span::default(), ..Record::default() };
    papers.add(record("Narwhal: A Tusk"), item("A1", "https://www.zotero.org/items/A1"));
    papers.add(record("Beluga: A Trap"), item("B2", "javascript:alert(1)"));
    papers.add(record("LoRA: Low-Rank Adaptation"), item("C3", "https://www.zotero.org/items/C3"));
    fixture.snapshot.library = Arc::new(papers);
    let text = "[[Narwhal]] [[Beluga]] [[LoRA]]";
    let note = OpenNote::new(Document::new(text, 1));
    let snapshot = &fixture.snapshot;
    let at = |name: &str| text.find(name).unwrap();
    for (name, url, is_in_file) in [
        ("Narwhal", Some("https://www.zotero.org/items/A1"), false),
        ("Beluga", None, false),
        ("LoRA", Some("https://www.zotero.org/items/C3"), true),
    ] {
        let card = hover(snapshot, &note, at(name)).unwrap();
        let link = url.map_or_else(String::new, |url| format!("[Zo\\*tero]({url})"));
        assert!(card.markdown.contains(&link) && !card.markdown.contains("javascript"), "{}", card.markdown);
        let [target] = &definition(snapshot, &note, at(name))[..] else { panic!("{name}") };
        assert_eq!((target.card.is_none(), target.path.as_os_str().is_empty()), (is_in_file, !is_in_file));
        let declared = references(snapshot, &note, at(name), true).unwrap().declarations;
        assert_eq!(declared.len(), usize::from(is_in_file), "{name}");
        let [listed] = &find_papers(snapshot, name, 9)[..] else { panic!("{name}") };
        assert_eq!((listed.place.is_some(), listed.citation.as_str()), (is_in_file, &*format!("[[{name}]]")));
        assert!(is_in_file || listed.url.as_deref() == url);
        let card = completion_card(snapshot, &listed.paper).unwrap();
        assert!(card.title.starts_with(name) && card.sources.len() == usize::from(is_in_file));
        assert_eq!(workspace_symbols(snapshot, name).len(), usize::from(is_in_file));
    }
    assert_eq!(document_links(snapshot, &note).len(), 2);
}

#[test]
fn a_citation_that_names_a_page_leads_to_it() {
    let mut fixture = Fixture::new(&[], "");
    let mut papers = MemoryPapers::of([("/corpus/library.bib".into(), LIBRARY)].into_iter());
    let (drive, shown) = if cfg!(windows) { ("C:", "/C:") } else { ("", "") };
    for (key, pdf) in [
        ("gull", format!("{drive}/a/b c.pdf")),
        ("tern", "zotero://open-pdf/library/items/PDFD2345".to_owned()),
        ("auk", "https://x.org/auk.pdf".to_owned()),
    ] {
        let links = crate::paper::Links { pdf: Some(pdf), ..Default::default() };
        let (keys, doi) = (vec![key.to_owned()], Some(format!("10.1/{key}")));
        let record = Record { title: format!("On {key}"), keys, doi, links, ..Record::default() };
        papers.add(record, Origin::Service { service: "x".into(), id: key.into(), url: "".into() });
    }
    fixture.snapshot.library = Arc::new(papers);
    let file = format!("file://{shown}/a/b%20c.pdf");
    for (text, link, card) in [
        ("[@gull, p. 12]", format!("{file}#page=12"), format!("[PDF (p. 12)]({file}#page=12)")),
        ("@gull [pp. 3-4]", format!("{file}#page=3"), format!("]({file}#page=3)")),
        ("[@gull, chap. 2]", "https://doi.org/10.1/gull".to_owned(), format!("[PDF]({file})")),
        ("[@gull]", "https://doi.org/10.1/gull".to_owned(), format!("[PDF]({file})")),
        (
            "[@tern, p. 12]",
            "zotero://open-pdf/library/items/PDFD2345?page=12".to_owned(),
            "(zotero://open-pdf/library/items/PDFD2345?page=12)".to_owned(),
        ),
        ("[@auk, p. 12]", "https://doi.org/10.1/auk".to_owned(), "[PDF](https://x.org/auk.pdf)".to_owned()),
    ] {
        let note = OpenNote::new(Document::new(text, 1));
        let [found] = &document_links(&fixture.snapshot, &note)[..] else { panic!("{text}") };
        assert_eq!(found.url, link, "{text}");
        let shown = hover(&fixture.snapshot, &note, text.find('@').unwrap() + 1).unwrap().markdown;
        assert!(shown.contains(&card), "{card} is not in {shown}");
    }
}
