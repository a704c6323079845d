//! Kinds of queries, and the paper that each means: measured here at a small size, and among as many papers as wanted by
//! `cargo bench --bench library`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Words of titles. None of them is one that the bench's other papers are made of.
const WORDS: &str = "harbor behavior center signal current tide season river mountain forest winter summer animal island \
    coast vessel engine pattern history culture economy market worker farmer village bridge railway tunnel climate \
    weather storm drought flood erosion sediment mineral crystal polymer enzyme protein genome cell tissue organ muscle \
    neuron rhythm sleep dream anxiety emotion judgment decision routine schedule budget resource demand supply \
    transport freight ferry pilot captain sailor anchor lantern compass atlas census archive manuscript dialect grammar \
    syntax poetry novel theater painting sculpture melody harmony timbre violin drumming dancing ritual festival custom \
    kinship";

/// What abstracts say besides the words of two titles.
const RARE: &str = "gannet puffin walrus narwhal beluga dolphin herring salmon lobster mussel barnacle seaweed driftwood \
    estuary lagoon glacier fjord skerry cairn heather";

/// How many papers are looked for.
pub const PAPERS: usize = 160;

/// How many kinds [`Papers::queries`] makes.
#[allow(dead_code, reason = "the bench shows them all")]
pub const KINDS: usize = 31;

/// A query of a kind, and the number of the paper that it means.
pub struct Query {
    pub kind: &'static str,
    pub text: String,
    pub paper: usize,
}

/// Papers with titles of six words each, as different as the words allow.
pub struct Papers(Vec<Vec<&'static str>>);

impl Papers {
    /// The same papers in every run.
    pub fn new() -> Papers {
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let mut dice = 7_usize;
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % sides
        };
        let title = |_| {
            let mut chosen = BTreeSet::new();
            let mut title = Vec::new();
            while title.len() < 6 {
                let word = words[roll(words.len())];
                if chosen.insert(word) {
                    title.push(word);
                }
            }
            title
        };
        Papers((0..PAPERS).map(title).collect())
    }

    /// The papers as a bibliography.
    pub fn bibliography(&self) -> String {
        let rare: Vec<&str> = RARE.split_whitespace().collect();
        let mut text = String::new();
        for (number, title) in self.0.iter().enumerate() {
            let year = year_of(number);
            let (one, other) = (rare[number % rare.len()], rare[(number / 8 + 3) % rare.len()]);
            let _ = writeln!(
                text,
                "@article{{{},\n  title = {{{}}},\n  author = {{G{{\\\"u}}nfamil{number}, Ann and Second{number}, Bo}},\n  \
                 year = {{{year}}},\n  journal = {{Letters of Shore{}}},\n  doi = {{10.5555/lt.{year}.{number:05}}},\n  \
                 eprint = {{{}}},\n  archiveprefix = {{arXiv}},\n  \
                 abstract = {{We met a {one} beside the {other} and wrote about the {} of number{number}.}}\n}}",
                key_of(number),
                title.join(" "),
                number % 7,
                arxiv_of(number),
                title[3],
            );
        }
        text
    }

    /// Queries of all kinds that only one paper answers to.
    pub fn queries(&self) -> Vec<Query> {
        let titles = &self.0;
        let holders =
            |some: &[&str]| titles.iter().filter(|title| some.iter().all(|word| title.contains(word))).count();
        let mut all = Vec::new();
        for (paper, title) in titles.iter().enumerate() {
            let (a, b, c, d) = (title[1], title[2], title[4], title[5]);
            if holders(&[a, b]) > 1 || holders(&[a, c, d]) > 1 || holders(&[a, c]) > 1 {
                continue;
            }
            let middle = a.len() / 2;
            let (start, end) = a.split_at(middle);
            let swapped = format!("{}{}{}", &start[..middle - 1], &end[..1], &start[middle - 1..]) + &end[1..];
            let dropped = format!("{}{}", &c[..c.len() - 2], &c[c.len() - 1..]);
            let year = year_of(paper);
            let initials: String = title.iter().filter_map(|word| word.chars().next()).collect();
            let other = titles[(paper + 80) % titles.len()][0];
            let queries = [
                ("the key", key_of(paper)),
                ("the key begins", format!("gunfamil{paper}{}", &year.to_string()[..2])),
                ("the title", title.join(" ")),
                ("the title begins", format!("{} {} {}", title[0], a, &b[..2])),
                ("words", format!("{c} {a}")),
                ("beginnings", format!("{} {} {}", &d[..4], &a[..4], &c[..4])),
                ("letter missing", format!("{start}{} {c}", &end[1..])),
                ("letter twice", format!("{start}{}{end} {c}", &end[..1])),
                ("letters swapped", format!("{swapped} {c}")),
                ("first letter wrong", format!("x{} {c}", &a[1..])),
                ("two typos", format!("{swapped} {dropped} {d}")),
                ("plural", format!("{a}s {c}")),
                ("hyphen added", format!("{start}-{end} {c}")),
                ("joined", format!("{a}{b} {d}")),
                ("word too many", format!("{a} {c} {d} github")),
                ("another's word too many", format!("{a} {c} {d} {other}")),
                ("sentence", format!("the paper about {a} and {c} with {d}")),
                ("sentence with the abstract", format!("the {a} and {c} where they met number{paper}")),
                ("author and word", format!("günfamil{paper} {a}")),
                ("accent left out", format!("gunfamil{paper} {c}")),
                ("accent as two letters", format!("guenfamil{paper} {c}")),
                ("accent as TeX", format!("g{{\\\"u}}nfamil{paper} {c}")),
                ("author misspelt", format!("gnufamil{paper} {a} {c}")),
                ("author and year", format!("günfamil{paper} {year}")),
                ("two authors", format!("second{paper} günfamil{paper}")),
                ("word and year", format!("{a} {c} {year}")),
                ("venue, year and word", format!("shore{} {year} {a} {c}", paper % 7)),
                ("DOI", format!("https://doi.org/10.5555/lt.{year}.{paper:05}")),
                ("end of a DOI", format!("lt.{year}.{paper:05}")),
                ("arXiv id", format!("arXiv:{}", arxiv_of(paper))),
                ("initials", initials),
            ];
            all.extend(queries.into_iter().map(|(kind, text)| Query { kind, text, paper }));
        }
        all
    }
}

/// The citation key of a paper.
pub fn key_of(number: usize) -> String {
    format!("gunfamil{number}{}", year_of(number))
}

fn year_of(number: usize) -> usize {
    1980 + number % 40
}

/// An id as arXiv has given them since 2015.
fn arxiv_of(number: usize) -> String {
    format!("{}{:02}.{:05}", 15 + number % 10, 1 + number % 12, 10_000 + number * 37)
}
