//! What a citation stands for: the one rule that cards, references, renames, checks and exports share.

use std::borrow::Cow;
use std::sync::Arc;

use super::Snapshot;
use crate::library::{Aliases, LibraryPaper, Papers, Resolution};
use crate::notes::{CitationKind, CitedNames, OpenNote, Reading};
use crate::paper::{PaperRef, Record, lookup_key, parse_identifier};
use crate::vault::VaultSnapshot;

/// What a citation stands for, and by which of its readings.
#[derive(Debug)]
pub struct Meaning<'c, R> {
    /// The shortest reading that names it; the last one where none does.
    pub reading: &'c Reading<R>,
    /// The paper or papers; [`Resolution::Missing`] where nothing is called so.
    pub resolution: Arc<Resolution>,
}

impl<R> Meaning<'_, R> {
    /// The same, unless nothing is called so.
    pub fn resolved(self) -> Option<Self> {
        (!matches!(*self.resolution, Resolution::Missing)).then_some(self)
    }
}

/// The papers, the user's names for them and the notes: what citations are judged by.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The papers.
    pub library: &'a dyn Papers,
    /// The user's own names for papers.
    pub aliases: &'a Aliases,
    /// The notes.
    pub vault: &'a VaultSnapshot,
}

impl Names<'_> {
    /// What a citation stands for; `None` for a link to a note that is no citation.
    ///
    /// The first reading that names a paper counts. An existing note with the name of a link wins over a paper, unless
    /// the note is that paper's literature note, or the name is a citation key, an identifier or an alias. A link to the
    /// literature note of a paper cites that paper, whatever the note is called.
    pub fn meaning<'c, R>(&self, citation: &'c CitedNames<R>) -> Option<Meaning<'c, R>> {
        let (kind, readings) = (citation.kind, &citation.readings);
        for reading in readings {
            let name = &reading.name;
            let resolution = self.resolve(name);
            if matches!(*resolution, Resolution::Missing) {
                continue;
            }
            let is_note = kind.is_wiki_link()
                && !kind.is_key_link()
                && !self.is_handle(name, &resolution)
                && self.vault.names().contains(name);
            let resolution = if is_note { self.subject_of_note(name)? } else { resolution };
            // What a shorter reading says as well, such as an identifier before a label, is all of the name.
            let reading = readings.iter().rfind(|other| other.key == reading.key).unwrap_or(reading);
            return Some(Meaning { reading, resolution });
        }
        let reading = readings.last()?;
        let note = note_named(kind, &reading.name);
        let is_note = kind.is_wiki_link() && self.vault.names().contains(&note);
        let resolution = if is_note { self.subject_of_note(&note)? } else { Arc::new(Resolution::Missing) };
        Some(Meaning { reading, resolution })
    }

    fn resolve(&self, name: &str) -> Arc<Resolution> {
        self.library.resolve(name, self.aliases)
    }

    /// Whether a name is an alias, an identifier or a citation key of what it stands for: nothing that a note is called
    /// by accident.
    fn is_handle(&self, name: &str, resolution: &Resolution) -> bool {
        let papers: &[Arc<LibraryPaper>] = match resolution {
            Resolution::Missing => &[],
            Resolution::Unique(paper) => std::slice::from_ref(paper),
            Resolution::Ambiguous(papers) => papers,
        };
        let is_key =
            |paper: &Arc<LibraryPaper>| paper.record.keys.iter().any(|key| key.eq_ignore_ascii_case(name.trim()));
        self.aliases.get(name).is_some() || parse_identifier(name).is_some() || papers.iter().any(is_key)
    }

    /// The paper whose literature note a link's name names: by key, DOI or arXiv id, or by the full title of a paper
    /// that has none of them; any other title may be that of any note.
    fn subject_of_note(&self, name: &str) -> Option<Arc<Resolution>> {
        self.vault.names().notes(name).find_map(|path| {
            let identity = &self.vault.note(path)?.identity;
            let strong = [&identity.arxiv, &identity.doi, &identity.citation_key].into_iter().flatten();
            let is_one = |resolution: &Arc<Resolution>| matches!(**resolution, Resolution::Unique(_));
            strong.map(|name| self.resolve(name)).find(is_one).or_else(|| {
                let title = identity.title.as_ref()?;
                Some(self.resolve(title)).filter(|found| {
                    let Resolution::Unique(paper) = &**found else { return false };
                    let record = &paper.record;
                    let has_identifier = !record.keys.is_empty() || record.doi.is_some() || record.arxiv.is_some();
                    !has_identifier && lookup_key(title) == lookup_key(&record.title)
                })
            })
        })
    }
}

/// What the note is called that a link of this kind names by a reading.
pub(super) fn note_named(kind: CitationKind, name: &str) -> Cow<'_, str> {
    if kind.is_key_link() { format!("@{name}").into() } else { name.into() }
}

impl Snapshot {
    /// What citations are judged by.
    pub fn names(&self) -> Names<'_> {
        Names { library: &*self.library, aliases: &self.aliases, vault: &self.vault }
    }
}

/// What the citation at an offset of a note stands for; `None` where there is none of a paper.
pub fn resolution_at(snapshot: &Snapshot, note: &OpenNote, offset: usize) -> Option<Arc<Resolution>> {
    Some(snapshot.names().meaning(&*note.citation_at(offset)?)?.resolution)
}

/// What a citation stands for where some paper answers to it.
pub(super) fn resolved<'c, R>(snapshot: &Snapshot, citation: &'c CitedNames<R>) -> Option<Meaning<'c, R>> {
    snapshot.names().meaning(citation)?.resolved()
}

/// Whether a name means a paper and nothing else.
pub(super) fn means(snapshot: &Snapshot, name: &str, paper: &LibraryPaper) -> bool {
    is_about(&snapshot.library.resolve(name, &snapshot.aliases), paper)
}

/// Whether a name was found to mean a paper and nothing else.
pub(super) fn is_about(resolution: &Resolution, paper: &LibraryPaper) -> bool {
    matches!(resolution, Resolution::Unique(found) if found.is_same(paper))
}

/// The paper of a record of an open file, which may have been edited since the library read it.
pub(super) fn paper_of_record(snapshot: &Snapshot, record: &Record) -> Option<Arc<LibraryPaper>> {
    snapshot.library.paper(&PaperRef::of(record)).or_else(|| paper_named(snapshot, &own_names(record)))
}

/// The paper that the first of the names means that means one.
fn paper_named(snapshot: &Snapshot, names: &[String]) -> Option<Arc<LibraryPaper>> {
    names.iter().find_map(|name| match &*snapshot.library.resolve(name, &snapshot.aliases) {
        Resolution::Unique(paper) => Some(paper.clone()),
        _ => None,
    })
}

/// The names by which a record is known for certain: identifiers, keys and the full title.
fn own_names(record: &Record) -> Vec<String> {
    let identifiers = record.arxiv.iter().chain(&record.doi).chain(&record.keys).chain([&record.title]);
    identifiers.filter(|name| !name.is_empty()).cloned().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::features::edits::tests::Fixture;
    use crate::features::{citation_sites, diagnostics, hover};

    /// The title on the card over the first citation of a note beside others, and what is wrong in the note.
    fn seen(notes: &[(&str, &str)], toml: &str, text: &str) -> (Option<String>, Vec<String>) {
        let mut fixture = Fixture::new(notes, toml);
        fixture.open(&[("open.md", text)]);
        let note = fixture.note();
        let at = note.parsed().citations.first().map_or(0, |citation| citation.range.start + 3);
        let card = hover(&fixture.snapshot, &note, at);
        let title = card.and_then(|card| card.plain.lines().next().map(str::to_owned));
        (title, diagnostics(&fixture.snapshot, &note).into_iter().map(|it| it.message).collect())
    }

    #[test]
    fn a_note_of_that_name_wins_over_a_paper() {
        let lora = Some("LoRA: Low-Rank Adaptation".to_owned());
        let plain: &[(&str, &str)] =
            &[("LoRA.md", "# The radio"), ("db/hu2021.md", ""), ("Low rank.md", ""), ("Twin Peaks.md", "")];
        let about: &[(&str, &str)] = &[
            ("LoRA.md", "---\ndoi: 10.1000/lora\n---\n"),
            ("lit/@hu2021.md", "# Hu"),
            ("lit/Hu - LoRA.md", "---\ncitekey: hu2021\n---\n"),
            ("Twin Peaks.md", "---\ncitekey: peak2\n---\n"),
            ("Note.md", "---\ntitle: \"LoRA: Low-Rank Adaptation\"\n---\n"),
        ];
        let alias = "[aliases]\n'Low rank' = 'hu2021'\n";
        for (notes, toml, text, expected) in [
            (plain, "", "[[LoRA]]", None),
            (plain, "", "![[lora#History|x]]", None),
            (plain, "", "[[Twin Peaks]]", None),
            (plain, "", "[[LoRA: Low-Rank Adaptation]]", lora.clone()),
            (plain, "", "[[hu2021]]", lora.clone()),
            (plain, "", "[[10.1000/lora]]", lora.clone()),
            (plain, "", "[[Low rank]]", None),
            (plain, alias, "[[Low rank]]", lora.clone()),
            (plain, "", "[@hu2021]", lora.clone()),
            (&[], "", "[[LoRA]]", lora.clone()),
            (about, "", "[[LoRA]]", lora.clone()),
            (about, "", "[[LoRA#History]]", lora.clone()),
            (about, "", "[[Hu - LoRA]]", lora.clone()),
            (about, "", "[[lit/Hu - LoRA|x]]", lora.clone()),
            (about, "", "[[Note]]", None),
            (about, "", "[[@hu2021]]", lora.clone()),
            (about, "", "[[lit/@hu2021]]", lora.clone()),
            (about, "", "[[@hu2021.md#Methods]]", lora.clone()),
            (about, "", "[[@hu2021, p. 3]]", lora.clone()),
            (about, "", "[[Twin Peaks]]", Some("Twin Peaks: A Study of Television".to_owned())),
            (&[("@gone2020.md", "")], "", "[[@gone2020]]", None),
        ] {
            assert_eq!(seen(notes, toml, text), (expected, Vec::new()), "{text} beside {notes:?}");
        }
    }

    #[test]
    fn links_to_a_literature_note_are_citations_of_its_paper() {
        let texts = "[[Hu - LoRA]] [[lit/Hu - LoRA]] [[@hu2021]] [[x/@hu2021.md|y]] [@hu2021] [[LoRA]] [[Low rank]]";
        let notes = [("lit/Hu - LoRA.md", "---\ncitekey: hu2021\n---\n"), ("a.md", texts), ("LoRA.md", "# The radio")];
        let fixture = Fixture::new(&notes, "");
        let sites = citation_sites(&fixture.snapshot, &fixture.paper("hu2021"));
        let found: Vec<&str> = sites.iter().map(|site| &texts[site.citation.range.bytes()]).collect();
        assert_eq!(found, ["[[Hu - LoRA]]", "[[lit/Hu - LoRA]]", "[[@hu2021]]", "[[x/@hu2021.md|y]]", "@hu2021"]);
    }

    #[test]
    fn a_key_that_no_entry_has_is_reported_where_it_can_be_nothing_else() {
        for (text, expected) in [
            ("[@garcia2017, p. 4]", &["No entry has the key “garcia2017”."][..]),
            ("-@garcia2017 says", &["No entry has the key “garcia2017”."]),
            ("@garcia2017 says", &[]),
            ("[@fig-whales; @tbl-x] @sec-a @eq-b", &[]),
            ("[@Hu2021]", &["No entry has the key “Hu2021”: the bibliography spells it “hu2021”."]),
            ("@hu-2021 says", &["No entry has the key “hu-2021”: the bibliography spells it “hu2021”."]),
            ("[@LoRA]", &["No entry has the key “LoRA”: the bibliography spells it “hu2021”."]),
            ("[@Keyless]", &[]),
            ("[@hu2022]", &["No entry has the key “hu2022”."]),
            ("[@mukherje2023]", &["No entry has the key “mukherje2023”. Did you mean “mukherjee2023”?"]),
            ("@LoRA and @Keylezs say", &["No entry has the key “Keylezs”. Did you mean “Keyless”?"]),
            ("- [[DONE]] [[Lorra]] [[Orka]] [[hu2022]]", &[]),
        ] {
            assert_eq!(seen(&[], "", text).1, expected, "{text}");
        }
        let toml = "[diagnostics.unresolved]\nclusters = 'off'\nkeys = 'all'\n";
        assert_eq!(seen(&[], toml, "[@garcia2017] @ada [[nobody]]").1, ["No entry has the key “ada”."]);
    }
}
