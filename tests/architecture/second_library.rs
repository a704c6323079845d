//! A library that is no index, written against what the crate gives to everybody: a shelf of records in memory. It is the
//! example for whoever adds a library, and shows that features need nothing else.

use std::sync::Arc;

use ibid::features::{Snapshot, completion, hover};
use ibid::library::{
    Aliases, Candidates, CitationText, FileTable, Hit, LibraryPaper, MatchKind, NearName, Papers, Query, RecordHead,
    Resolution, Source, shortest_name,
};
use ibid::notes::OpenNote;
use ibid::paper::{Origin, Paper, PaperRef, Record, lookup_key, names};
use ibid::text::Document;
use ibid::vault::VaultSnapshot;

/// Papers of one record each.
struct Shelf {
    files: FileTable,
    papers: Vec<Arc<LibraryPaper>>,
}

impl Shelf {
    fn of(records: impl IntoIterator<Item = Record>) -> Shelf {
        let paper = |(id, record): (usize, Record)| {
            let (service, url) = ("Shelf".into(), "https://shelf.example".into());
            let origin = Origin::Service { service, id: id.to_string().into(), url };
            Arc::new(Paper { record, sources: vec![Source::from(origin)] })
        };
        Shelf { files: FileTable::default(), papers: records.into_iter().enumerate().map(paper).collect() }
    }

    fn of_source(&self, source: &Source) -> Option<&Arc<LibraryPaper>> {
        self.papers.iter().find(|paper| paper.sources.contains(source))
    }
}

impl Papers for Shelf {
    fn files(&self) -> &FileTable {
        &self.files
    }

    fn resolve(&self, name: &str, aliases: &Aliases) -> Arc<Resolution> {
        let key = lookup_key(aliases.get(name).unwrap_or(name));
        let bears = |paper: &&Arc<LibraryPaper>| names(&paper.record).iter().any(|name| name.folded == key);
        Arc::new(self.papers.iter().filter(bears).cloned().collect::<Vec<_>>().into())
    }

    fn all_candidates(&self, candidates: &Candidates) -> Vec<Arc<LibraryPaper>> {
        candidates.to_vec()
    }

    fn search(&self, query: Query<'_>, limit: usize) -> Vec<Hit> {
        let query = query.text();
        let has_it = |paper: &&Arc<LibraryPaper>| paper.record.title.to_lowercase().contains(&query.to_lowercase());
        let heads = self.papers.iter().filter(has_it).filter_map(|paper| RecordHead::of_paper(paper));
        heads.map(|head| Hit { stored: Arc::new(head), kind: MatchKind::Title }).take(limit).collect()
    }

    fn near(&self, _: &str, _: usize) -> Vec<NearName> {
        Vec::new()
    }

    fn paper(&self, reference: &PaperRef) -> Option<Arc<LibraryPaper>> {
        self.papers.iter().find(|paper| PaperRef::of(&paper.record) == *reference).cloned()
    }

    fn head(&self, source: &Source) -> Option<Arc<RecordHead>> {
        RecordHead::of_paper(self.of_source(source)?).map(Arc::new)
    }

    fn record(&self, source: &Source) -> Option<Record> {
        Some(self.of_source(source)?.record.clone())
    }

    fn citation_text(&self, head: &Arc<RecordHead>, aliases: &Aliases) -> Option<CitationText> {
        shortest_name(head, |text| self.means(text, head, aliases))
    }

    fn citation_key(&self, head: &Arc<RecordHead>, _: &Aliases) -> Option<String> {
        head.record.keys.first().cloned()
    }

    fn means(&self, text: &str, head: &Arc<RecordHead>, aliases: &Aliases) -> bool {
        let own = head.reference();
        matches!(&*self.resolve(text, aliases), Resolution::Unique(paper) if PaperRef::of(&paper.record) == *own)
    }

    fn related(&self, _: &LibraryPaper, _: usize) -> Vec<Arc<LibraryPaper>> {
        Vec::new()
    }
}

#[test]
fn features_answer_from_any_library() {
    let titled = |title: &str| Record { title: title.to_owned(), ..Record::default() };
    let snapshot = Snapshot {
        library: Arc::new(Shelf::of([titled("Narwhal: A Tusk"), titled("Beluga: A Song")])),
        aliases: Arc::new(Aliases::default()),
        vault: VaultSnapshot::default(),
        open_notes: Arc::default(),
        is_complete: true,
        settings: Arc::default(),
        reference: None,
        findings: Arc::default(),
    };
    let text = "See [[Narwhal]] and [[belu";
    let note = OpenNote::new(Document::new(text, 1));
    let card = hover(&snapshot, &note, text.find("Narwhal").unwrap()).unwrap();
    assert!(card.markdown.contains("Narwhal: A Tusk") && card.markdown.contains("Shelf"), "{}", card.markdown);
    let list = completion(&snapshot, &note, text.len()).unwrap();
    assert_eq!(list.entries.iter().map(|entry| entry.new_text.as_str()).collect::<Vec<_>>(), ["Beluga]]"]);
}
