//! The same corpus, however its index was built, gives the same answers.

use super::{Fixture, sync_roots};
use crate::corpus::{Roots, discover};
use crate::library::engine::indexers::Effort;
use crate::library::{Aliases, LibrarySnapshot, Resolution};

const WORDS: [&str; 14] = [
    "whale", "song", "deep", "network", "model", "learning", "graph", "agent", "policy", "vision", "proof", "memory",
    "scaling", "tool",
];

/// Papers that answer equally well to most queries: four words each for a title, two authors and three years for all.
fn entries(papers: std::ops::Range<usize>) -> String {
    let entry = |i: usize| {
        let word = |nth: usize| WORDS[(i * 5 + nth * (1 + i % 3)) % WORDS.len()];
        format!(
            "@article{{k{i}, title = {{{} {} {} {}}}, author = {{Wren, Ada and Gull, Bo}}, year = {}, abstract = {{We \
             study {} and {}.}}}}\n",
            word(0),
            word(1),
            word(2),
            word(3),
            2018 + i % 3,
            word(4),
            word(5)
        )
    };
    papers.map(entry).collect()
}

/// What is asked of each index.
fn queries() -> Vec<String> {
    let words = WORDS.iter().map(|word| (*word).to_owned());
    let beginnings = WORDS.iter().map(|word| word[..3].to_owned());
    let pairs = WORDS.iter().zip(WORDS.iter().skip(3)).map(|(a, b)| format!("{a} {b}"));
    let others = ["wrn lerning", "gull 2019", "whael song", "k1", "netwroks", "wren agent proof", "policyvision", ""];
    words.chain(beginnings).chain(pairs).chain(others.map(str::to_owned)).collect()
}

fn keys(library: &LibrarySnapshot, query: &str, limit: usize) -> Vec<String> {
    let hits = library.search(query, limit);
    hits.iter().map(|hit| hit.stored.record.keys.join(" ")).collect()
}

#[test]
fn answers_do_not_depend_on_how_the_index_was_built() {
    const PAPERS: usize = 400;
    let built = |texts: &[String], effort: Option<Effort>| {
        let fixture = Fixture::new(&[]);
        let library = fixture.open();
        for text in texts {
            fixture.write("a.bib", text);
            match effort {
                None => drop(sync_roots(&library, &fixture.roots())),
                Some(effort) => {
                    let found = discover(&Roots { workspace: fixture.roots(), explicit: Vec::new() });
                    library.sync_with(&found.files, &|_| false, &mut |_| true, &|_| effort);
                }
            }
        }
        let snapshot = library.snapshot();
        assert_eq!(snapshot.record_count(), PAPERS as u64);
        (fixture, snapshot)
    };
    let whole = entries(0..PAPERS);
    let parts: Vec<String> = [90, 91, 200, PAPERS].map(|papers| entries(0..papers)).to_vec();
    let builds = [
        built(std::slice::from_ref(&whole), None),
        built(std::slice::from_ref(&whole), None),
        built(std::slice::from_ref(&whole), Some(Effort { threads: 3, memory: 1 << 18, batch: 7, samples: 0 })),
        built(std::slice::from_ref(&whole), Some(Effort { threads: 2, memory: 1 << 17, batch: 1, samples: 64 })),
        built(&parts, None),
        // With others that were there before.
        built(&[whole.clone() + &entries(PAPERS..PAPERS + 100), whole], None),
    ];
    let [(_, first), others @ ..] = &builds;
    for query in queries() {
        let all = keys(first, &query, 50);
        for limit in [1, 7, 20] {
            assert_eq!(keys(first, &query, limit), all[..limit.min(all.len())], "{query}, the first {limit}");
        }
        for (at, (_, other)) in others.iter().enumerate() {
            assert_eq!(keys(other, &query, 50), all, "{query}, build {}", at + 1);
        }
    }
    for (at, (_, other)) in others.iter().enumerate() {
        for name in ["k7", "k140", "whale song deep network"] {
            let papers = [first, other].map(|library| match &*library.resolve(name, &Aliases::default()) {
                Resolution::Unique(paper) => vec![paper.record.keys.clone()],
                Resolution::Ambiguous(papers) => papers.iter().map(|paper| paper.record.keys.clone()).collect(),
                Resolution::Missing => Vec::new(),
            });
            assert_eq!(papers[0], papers[1], "{name}, build {}", at + 1);
            let related = [first, other].map(|library| match &*library.resolve(name, &Aliases::default()) {
                Resolution::Unique(paper) => {
                    library.related(paper, 12).iter().flat_map(|it| it.record.keys.clone()).collect()
                }
                _ => Vec::new(),
            });
            assert_eq!(related[0], related[1], "related to {name}, build {}", at + 1);
        }
        for name in ["k77x", "whale song deap network", "lerning"] {
            let near = [first, other].map(|it| it.near(name, 5).into_iter().map(|near| near.name).collect::<Vec<_>>());
            assert_eq!(near[0], near[1], "near {name}, build {}", at + 1);
        }
    }
}
