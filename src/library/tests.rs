#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};

mod builds;
mod cost;
mod kinds;
mod search;
mod sizes;

use super::*;
use crate::corpus::test_reading::{arxiv_lines, gzip, zstd};
use crate::corpus::{Roots, discover};
use crate::library::data::progress::SyncStage;
use crate::library::engine::indexers::Effort;

/// A corpus folder and its library in temporary places.
struct Fixture {
    corpus: tempfile::TempDir,
    cache: tempfile::TempDir,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Fixture {
        let fixture = Fixture { corpus: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            fixture.write(name, text);
        }
        fixture
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.corpus.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn roots(&self) -> Vec<PathBuf> {
        vec![self.corpus.path().to_owned()]
    }

    fn open(&self) -> Library {
        Library::open(Some(self.cache.path()), &self.roots())
    }

    fn sync(&self, library: &Library) -> SyncReport {
        sync_roots(library, &self.roots())
    }

    fn library(&self) -> Library {
        let library = self.open();
        self.sync(&library);
        library
    }

    /// The folder of the index generation in use.
    fn index_folder(library: &Library) -> PathBuf {
        library.commit_file().unwrap().parent().unwrap().to_owned()
    }
}

/// A library in memory of one file, and the folder of that.
pub(in crate::library) fn library_of(name: &str, text: &str) -> (tempfile::TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let roots = vec![folder.path().to_owned()];
    let library = Library::open(None, &roots);
    sync_roots(&library, &roots);
    (folder, library)
}

/// Brings a library up to date with all corpus files below some folders.
pub(in crate::library) fn sync_roots(library: &Library, roots: &[PathBuf]) -> SyncReport {
    let found = discover(&Roots { workspace: roots.to_vec(), explicit: Vec::new() });
    library.sync(&found.files, &|_| false, &mut |_| true)
}

const PAGE: &str = "new\n\nSubscribe\n\nOct 17\n\nOrca: Progressive Learning from Complex Explanation Traces of GPT-4\n\nWe train a smaller model on explanations of a larger one and measure how much of its reasoning is carried over to new tasks.\n\n  • 6 authors\n·\nJun 5, 2023 18\n\nLifelong Proofs for Everyone\n\nWe present LeanAgent, a learner that proves theorems over a growing list of repositories without forgetting the older ones.\n\n  • 3 authors\n·\nOct 8, 2024\n";

fn titles(hits: &[Hit]) -> Vec<&str> {
    hits.iter().map(|hit| hit.stored.record.title.split(':').next().unwrap()).collect()
}

fn resolved(library: &Library, name: &str) -> String {
    match &*library.snapshot().resolve(name, &Aliases::default()) {
        Resolution::Missing => "missing".to_owned(),
        Resolution::Unique(paper) => paper.record.title.clone(),
        Resolution::Ambiguous(papers) => format!("{} papers", papers.count()),
    }
}

fn seeds() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("NOT RUN: the seed pages are not beside the project at {}", path.display());
    None
}

#[test]
fn names_of_every_tier_find_their_paper() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let library = fixture.library();
    let orca = "Orca: Progressive Learning from Complex Explanation Traces of GPT-4";
    assert_eq!(resolved(&library, "Orca"), orca);
    assert_eq!(resolved(&library, "orca"), orca);
    assert_eq!(resolved(&library, orca), orca);
    assert_eq!(resolved(&library, "LeanAgent"), "Lifelong Proofs for Everyone");
    assert_eq!(resolved(&library, "Nemo"), "missing");
    assert_eq!(resolved(&library, ""), "missing");
    assert_eq!(library.snapshot().record_count(), 2);
}

#[test]
fn an_alias_wins_and_a_broken_alias_hides_nothing() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let library = fixture.library();
    let aliases = Aliases::new([("whale", "Orca"), ("orca", "No such paper")]);
    let snapshot = library.snapshot();
    assert!(matches!(&*snapshot.resolve("Whale", &aliases), Resolution::Unique(_)));
    assert!(matches!(&*snapshot.resolve("Orca", &aliases), Resolution::Unique(_)));
}

#[test]
fn several_papers_of_one_name_are_ambiguous() {
    let abstract_text = "An abstract that is long enough to be one and says nothing that matters here at all, really.";
    let page = format!(
        "Subscribe\n\nOct 17\n\nOrca: One\n\n{abstract_text}\n\n  • 1 authors\n·\nJun 5, 2023\n\nOrca: Two\n\n{abstract_text}\n\n  • 2 authors\n·\nJun 6, 2023\n"
    );
    let library = Fixture::new(&[("page.txt", &page)]).library();
    assert_eq!(resolved(&library, "Orca"), "2 papers");
    assert_eq!(resolved(&library, "Orca: Two"), "Orca: Two");
    let snapshot = library.snapshot();
    let hit = snapshot.search("Orca: Two", 5).into_iter().next().unwrap();
    let text = snapshot.citation_text(&hit.stored, &Aliases::default()).unwrap();
    assert_eq!(text, CitationText { name: "Orca: Two".into(), label: Some("Orca".into()) });
}

#[test]
fn search_forgives_order_prefixes_and_typos() {
    let library = Fixture::new(&[("page.txt", PAGE)]).library();
    let snapshot = library.snapshot();
    for query in
        ["Orca", "o", "ocra", "prog learn gpt", "gpt-4 traces", "2023 orca", "explanations larger", "progresive"]
    {
        assert_eq!(titles(&snapshot.search(query, 50)).first(), Some(&"Orca"), "{query}");
    }
    for query in ["leanag", "theorem proofs", "repositories"] {
        assert_eq!(titles(&snapshot.search(query, 50)).first(), Some(&"Lifelong Proofs for Everyone"), "{query}");
    }
    assert_eq!(snapshot.search("", 50).len(), 2);
    assert_eq!(snapshot.search("", 1).len(), 1);
    assert!(snapshot.search("zzzzzz", 50).is_empty());
    assert!(
        !snapshot.search(&"very long query ".repeat(10_000), 50).iter().any(|hit| hit.kind == MatchKind::ExactName)
    );
}

#[test]
fn near_names_are_suggested() {
    let library = Fixture::new(&[("page.txt", PAGE)]).library();
    let snapshot = library.snapshot();
    let near: Vec<String> = snapshot.near("Orka", 3).into_iter().map(|near| near.name).collect();
    assert_eq!(near, ["Orca"]);
    assert!(snapshot.near("Orc", 3).is_empty(), "too short to be a typo of anything");
    assert!(snapshot.near("Completely different", 3).is_empty());
}

#[test]
fn a_paper_on_two_pages_is_one_with_both_sources() {
    let short = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nOct 18\n\nOrca: Progressive Learning from Complex Explanation Traces of GPT-4\n\nWe train a smaller model on explanations of a larger one and measure how much of its reasoning is carried over to new tasks.\n";
    let fixture = Fixture::new(&[("a.txt", short), ("b.txt", PAGE)]);
    let library = fixture.library();
    let snapshot = library.snapshot();
    assert_eq!((snapshot.record_count(), snapshot.paper_count()), (3, 2));
    let resolution = snapshot.resolve("Orca", &Aliases::default());
    let Resolution::Unique(paper) = &*resolution else { panic!("{resolution:?}") };
    let names: Vec<_> = paper
        .sources
        .iter()
        .map(|it| snapshot.files().place(&it.origin).unwrap().0.path.file_name().unwrap())
        .collect();
    assert_eq!(names, ["b.txt", "a.txt"], "the richest first");
    assert_eq!(paper.record.author_count, Some(6));
    assert_eq!(snapshot.search("orca", 50).len(), 1);
}

#[test]
fn only_changed_files_are_read_again() {
    let fixture = Fixture::new(&[("a.txt", PAGE), ("b.txt", &PAGE.replace("Orca", "Beluga"))]);
    let library = fixture.library();
    assert!(!fixture.sync(&library).changed());
    fixture.write("b.txt", &PAGE.replace("Orca", "Narwhal"));
    let report = fixture.sync(&library);
    assert_eq!((report.read, report.removed, report.work.records), (1, 0, 2));
    assert_eq!(resolved(&library, "Beluga"), "missing");
    assert!(resolved(&library, "Narwhal").starts_with("Narwhal"));
    std::fs::remove_file(fixture.corpus.path().join("a.txt")).unwrap();
    assert_eq!(fixture.sync(&library), SyncReport { removed: 1, ..SyncReport::default() });
    assert_eq!(resolved(&library, "Orca"), "missing");
    // The index is the same as one built afresh.
    let fresh = Fixture::new(&[("b.txt", &PAGE.replace("Orca", "Narwhal"))]).library();
    assert_eq!(library.snapshot().record_count(), fresh.snapshot().record_count());
}

#[test]
fn a_second_start_reads_no_corpus_file() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    drop(fixture.library());
    let library = fixture.open();
    assert!(resolved(&library, "Orca").starts_with("Orca"));
    assert!(!fixture.sync(&library).changed());
}

#[test]
fn files_on_a_disk_that_is_away_keep_their_records() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let library = fixture.library();
    library.sync(&[], &|_| true, &mut |_| true);
    assert!(resolved(&library, "Orca").starts_with("Orca"));
    library.sync(&[], &|_| false, &mut |_| true);
    assert_eq!(resolved(&library, "Orca"), "missing");
    fixture.sync(&library);
    assert!(resolved(&library, "Orca").starts_with("Orca"));
}

#[test]
fn a_cache_that_cannot_be_written_means_working_in_memory() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let blocked = fixture.corpus.path().join("page.txt").join("cache");
    let library = Library::open(Some(&blocked), &fixture.roots());
    fixture.sync(&library);
    assert!(library.memory_reason().unwrap().contains("page.txt"), "names the place");
    assert!(resolved(&library, "Orca").starts_with("Orca"));
    let nowhere = Library::open(None, &fixture.roots());
    assert!(nowhere.memory_reason().is_some());
}

#[test]
fn two_servers_share_one_index() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let first = fixture.library();
    let second = fixture.open();
    assert!(resolved(&second, "Orca").starts_with("Orca"));
    fixture.write("page.txt", &PAGE.replace("Orca", "Beluga"));
    fixture.sync(&first);
    assert!(resolved(&second, "Orca").starts_with("Orca"), "a snapshot does not change by itself");
    assert!(second.reload());
    assert!(resolved(&second, "Beluga").starts_with("Beluga"));
    assert!(!fixture.sync(&second).changed(), "the other one has done the work");
    assert!(!second.reload());
}

#[test]
fn two_servers_that_index_at_once_wait_for_each_other() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let (first, second) = (fixture.open(), fixture.open());
    let roots = fixture.roots();
    std::thread::scope(|scope| {
        scope.spawn(|| sync_roots(&first, &roots));
        scope.spawn(|| sync_roots(&second, &roots));
    });
    first.reload();
    second.reload();
    assert_eq!(first.snapshot().record_count(), 2);
    assert_eq!(second.snapshot().record_count(), 2);
}

#[test]
fn damage_of_any_file_of_the_index_is_mended_by_building_anew() {
    let probe = Fixture::new(&[("page.txt", PAGE)]);
    let folder = Fixture::index_folder(&probe.library());
    let mut kinds: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| Some(path.extension()?.to_str()?.to_owned()))
        .filter(|kind| kind != "lock")
        .collect();
    kinds.sort();
    kinds.dedup();
    assert!(kinds.len() >= 5, "{kinds:?}");
    for kind in kinds {
        for (name, damage) in [("cut", cut as fn(&Path)), ("flipped", flip), ("emptied", empty), ("removed", remove)] {
            let fixture = Fixture::new(&[("page.txt", PAGE)]);
            let folder = Fixture::index_folder(&fixture.library());
            let files = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
            files.filter(|path| path.extension().is_some_and(|it| it == kind.as_str())).for_each(|path| damage(&path));
            let library = fixture.open();
            assert!(["missing", "Orca"].iter().any(|it| resolved(&library, "Orca").starts_with(it)), "{kind} {name}");
            fixture.sync(&library);
            assert!(resolved(&library, "Orca").starts_with("Orca"), "{kind} {name}");
            assert!(library.memory_reason().is_none(), "{kind} {name}");
            assert!(library.verify(), "{kind} {name}");
        }
    }
}

fn cut(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.len() / 3;
    bytes[at] ^= 0x5a;
    std::fs::write(path, bytes).unwrap();
}

fn empty(path: &Path) {
    std::fs::write(path, b"").unwrap();
}

fn remove(path: &Path) {
    std::fs::remove_file(path).unwrap();
}

#[test]
fn generations_that_were_in_use_go_with_their_last_reader() {
    let fixture = Fixture::new(&[("papers.bib", "@misc{gull, title = {The Tidal Whale}}")]);
    let generations = |library: &Library| -> Vec<String> {
        let folder = library.path().unwrap();
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut found: Vec<String> = names.filter(|name| name.starts_with("index-")).collect();
        found.sort();
        found
    };
    let (writer, reader) = (fixture.library(), fixture.open());
    assert_eq!(reader.snapshot().record_count(), 1);
    writer.start_anew("for a test");
    fixture.sync(&writer);
    // The reader goes on with what it has, and takes up the other one.
    assert_eq!(reader.snapshot().record_count(), 1);
    reader.reload();
    assert_eq!(reader.snapshot().record_count(), 1);
    assert_eq!(generations(&writer), ["index-2"]);
    // What another program kept from being removed goes when an index is opened, and when one is closed.
    let left = writer.path().unwrap().join("index-1");
    let leave = || {
        std::fs::create_dir(&left).unwrap();
        std::fs::write(left.join("a.store"), "").unwrap();
    };
    leave();
    let other = fixture.open();
    assert_eq!(generations(&writer), ["index-2"]);
    leave();
    drop(other);
    assert_eq!(generations(&writer), ["index-2"]);
    // One that is being begun is nobody's to remove.
    leave();
    let lock = std::fs::File::create(writer.path().unwrap().join("rebuild.lock")).unwrap();
    lock.lock().unwrap();
    drop(fixture.open());
    assert_eq!(generations(&writer), ["index-1", "index-2"]);
}

#[test]
fn a_damaged_pointer_leads_to_a_new_index() {
    let fixture = Fixture::new(&[("page.txt", PAGE)]);
    let library = fixture.library();
    let pointer = library.path().unwrap().join("current");
    for content in ["", "index-999", "../../etc", "\u{0}\u{1}"] {
        std::fs::write(&pointer, content).unwrap();
        let library = fixture.open();
        fixture.sync(&library);
        assert!(resolved(&library, "Orca").starts_with("Orca"), "{content:?}");
    }
}

#[test]
fn stopping_an_update_leaves_the_index_usable() {
    let page = |name: &str| PAGE.replace("Orca", name);
    let fixture = Fixture::new(&[("a.txt", &page("Anna")), ("b.txt", &page("Berta")), ("c.txt", &page("Clara"))]);
    let library = fixture.open();
    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
    let mut told = 0;
    let report = library.sync(&found.files, &|_| false, &mut |_| {
        told += 1;
        told < 2
    });
    assert!(report.cancelled);
    assert!(library.snapshot().record_count() < 6);
    fixture.sync(&library);
    assert_eq!(library.snapshot().record_count(), 6);
}

#[test]
fn the_seed_pages_give_the_papers_they_hold() {
    let Some(seeds) = seeds() else { return };
    let cache = tempfile::tempdir().unwrap();
    let roots = vec![seeds];
    let library = Library::open(Some(cache.path()), &roots);
    sync_roots(&library, &roots);
    let snapshot = library.snapshot();
    assert_eq!((snapshot.record_count(), snapshot.paper_count()), (134, 119));
    for (name, title) in [
        ("Orca", "Orca: Progressive Learning"),
        ("LeanAgent", "LeanAgent: Lifelong Learning"),
        ("ThinkTuning", "ThinkTuning: Instilling"),
        ("NEVIS'22", "NEVIS'22: A Stream"),
        ("nevis22", "NEVIS'22: A Stream"),
        ("LiSe", "Approaching Outside"),
    ] {
        assert!(resolved(&library, name).starts_with(title), "{name}: {}", resolved(&library, name));
    }
    for vocabulary in ["RL", "LLM", "LLMs", "SFT"] {
        assert_eq!(resolved(&library, vocabulary), "missing", "{vocabulary}");
    }
    for query in ["Orca", "prog learn gpt", "ocra"] {
        assert_eq!(titles(&snapshot.search(query, 50)).first(), Some(&"Orca"), "{query}");
    }
}

#[test]
fn related_papers_share_telling_words() {
    let paper = |title: &str, text: &str| format!("{title}\n\n{text}\n\n  • 2 authors\n·\nMay 4, 2022\n\n");
    let page = [
        paper("Whales and Krill", "Baleen whales filter krill out of cold water near the ice."),
        paper("Sperm Whales", "Whales of this kind hunt squid, not krill, in deep water."),
        paper("Sorting Networks", "Comparators are arranged so that every input ends in order."),
        paper("Faster Sorting", "An order of comparators with fewer levels sorts every input."),
    ]
    .concat();
    let fixture = Fixture::new(&[("a.txt", &page), ("b.txt", &page)]);
    let library = fixture.library().snapshot();
    let related = |name: &str| -> Vec<String> {
        let Resolution::Unique(paper) = &*library.resolve(name, &Aliases::default()) else {
            panic!("{name} is one paper")
        };
        library.related(paper, 3).iter().map(|paper| paper.record.title.clone()).collect()
    };
    assert_eq!(related("Whales and Krill"), ["Sperm Whales"], "of a single common word nothing is made");
    assert_eq!(related("Sorting Networks"), ["Faster Sorting"]);
}

/// Pages with papers that share words, names and dates.
fn pages() -> Vec<(String, String)> {
    let subjects = ["Whales", "Proofs", "Graphs", "Agents", "Lattices", "Robots", "Kernels"];
    let page = |number: usize| {
        let mut page = String::from("new\n\nSubscribe\n\nOct 17\n");
        for paper in 0..40 {
            let (subject, other) = (subjects[(number + paper) % 7], subjects[(3 * paper + number) % 7]);
            let name = format!("{}{}Net", &subject[..3], (paper * 7 + number) % 23);
            let detail = "and more of it ".repeat(paper % 9 + 1);
            let text = format!(
                "\n{name}: Learning {subject} from {other} in {paper} Steps\n\nWe introduce {name}, a method that learns {subject} from {other} step by step, {detail}in setting {number} and {paper}, and measure it.\n\n  • {} authors\n·\nJun {}, 2023 {paper}\n",
                paper % 5 + 1,
                paper % 3 + 1
            );
            page.push_str(&text);
        }
        page
    };
    (0..6).map(|number| (format!("page-{number}.txt"), page(number))).collect()
}

/// All that a library answers to many questions.
fn answers(library: &Library) -> Vec<String> {
    let snapshot = library.snapshot();
    let mut answers = vec![format!("{} records, {} papers", snapshot.record_count(), snapshot.paper_count())];
    let queries = ["", "l", "le", "who", "wha3net", "graphs proofs", "2023", "lerning whales", "setting measure", "zz"];
    for query in queries {
        let hits = snapshot.search(query, 60);
        let mut shown: Vec<String> = hits
            .iter()
            .map(|hit| format!("{query}: {:?} {:?}", hit.kind, (&hit.stored.origin, &hit.stored.record)))
            .collect();
        shown.push(format!("{query}: {} in all", hits.len()));
        answers.extend(shown);
    }
    for number in 0..23 {
        for name in [format!("Wha{number}Net"), format!("pro{number}net"), format!("Gra{number}Nt")] {
            answers.push(format!("{name}: {}", resolved(library, &name)));
        }
    }
    answers
}

#[test]
fn the_index_is_the_same_however_it_is_built() {
    let files = pages();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let fixture = Fixture::new(&files);
    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
    let build = |threads, memory, batch, samples| {
        let library = Library::open(None, &fixture.roots());
        let effort = Effort { threads, memory, batch, samples };
        library.sync_with(&found.files, &|_| false, &mut |_| true, &|_| effort);
        library
    };
    let plain = build(1, 64 << 20, 1000, 0);
    let expected = answers(&plain);
    assert!(expected.len() > 200, "{expected:#?}");
    assert!(
        expected.iter().any(|answer| answer.ends_with("2 papers")) && expected.iter().any(|it| it.contains("Typo"))
    );
    // With so little memory every record makes a segment, and segments are merged all the time.
    let efforts = [(1, 1, 1, 0), (3, 64 << 20, 1, 3), (4, 1, 7, 0), (2, 4 << 20, 64, 150), (2, 100_000, 7, 10_000)];
    for (threads, memory, batch, samples) in efforts {
        let found = answers(&build(threads, memory, batch, samples));
        let other = found.iter().zip(&expected).find(|(found, expected)| found != expected);
        assert_eq!(other, None, "{threads} threads, {memory} bytes, {batch} at once, {samples} samples");
        assert_eq!(found.len(), expected.len());
    }
}

#[test]
fn what_a_corpus_trains_is_kept_with_its_index() {
    let files = pages();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let fixture = Fixture::new(&files);
    let library = fixture.open();
    let packed = |dictionary: &engine::compression::Dictionary| {
        let mut packed = Vec::new();
        dictionary.pack(b"Whales of the northern seas", &mut packed);
        packed
    };
    let dictionary = |library: &Library| {
        engine::compression::Dictionaries::of(library.snapshot().index.searcher.index()).map(|it| packed(&it.heads))
    };
    assert!(dictionary(&library).is_none());
    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
    let effort = Effort { threads: 2, memory: 1 << 20, batch: 7, samples: 100 };
    library.sync_with(&found.files, &|_| false, &mut |_| true, &|_| effort);
    let trained = dictionary(&library).unwrap();
    assert_ne!(trained, packed(&engine::compression::Dictionaries::built_in().heads));
    // What is added later is packed with it as well, and so is read by any other process.
    fixture.write("added.txt", PAGE);
    fixture.sync(&library);
    assert_eq!(dictionary(&fixture.open()).unwrap(), trained);
    assert_eq!(answers(&fixture.open()), answers(&library));
}

#[test]
fn an_index_at_rest_has_few_segments() {
    let fixture = Fixture::new(&[]);
    let library = fixture.open();
    for (number, (name, text)) in pages().iter().cycle().take(30).enumerate() {
        fixture.write(&format!("{number}-{name}"), text);
        fixture.sync(&library);
        assert!(library.snapshot().index.searcher.segment_readers().len() <= engine::merging::AT_REST, "{number}");
    }
    assert_eq!(library.snapshot().record_count(), 30 * 40);
}

#[test]
fn what_was_left_unmerged_is_merged_the_next_time() {
    let fixture = Fixture::new(&[]);
    let library = fixture.library();
    let index = library.opened().index.clone();
    // As if somebody had asked to stop while they were merged.
    let mut writer = index.writer_with_num_threads::<engine::index_document::IndexDocument>(1, 15_000_000).unwrap();
    writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
    // Every record makes a segment.
    let effort = Effort { threads: 1, memory: 1, batch: 1, samples: 0 };
    let mut indexers = engine::indexers::Indexers::new(index, library.snapshot().index.fields, effort);
    for number in 0..=engine::merging::AT_REST {
        let record = crate::paper::Record { title: format!("Paper {number}"), ..Default::default() };
        indexers.add(&writer, 0, record).unwrap();
    }
    indexers.finish(&writer).unwrap();
    let mut commit = writer.prepare_commit().unwrap();
    commit.set_payload(&library.snapshot().files().to_payload(commit.opstamp()));
    commit.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    assert!(library.reload());
    let segments = || library.snapshot().index.searcher.segment_readers().len();
    assert_eq!(segments(), engine::merging::AT_REST + 1);
    assert!(!fixture.sync(&library).changed());
    assert!(segments() <= engine::merging::AT_REST, "{}", segments());
    assert_eq!(library.snapshot().record_count(), engine::merging::AT_REST as u64 + 1);
}

#[test]
fn a_small_file_makes_one_segment() {
    let files = pages();
    let fixture = Fixture::new(&[(files[0].0.as_str(), files[0].1.as_str())]);
    let library = fixture.library();
    assert_eq!(library.snapshot().record_count(), 40);
    assert_eq!(library.snapshot().index.searcher.segment_readers().len(), 1);
}
