//! The card of a paper: what a reader wants to know of it at a glance.

use std::ops::Range;

use super::escape::{cut, escape_markdown, escape_onto, escape_within, plain_text};
use super::holding::{self, CardAnnotations};
use super::links::{file_url, notice_links, paper_links, pdf_at_page, service_links};
use super::notices::notice_facts;
use crate::corpus::Format;
use crate::library::{FileTable, LibraryPaper};
use crate::paper::{Holding, Mark, MarkedText, Person, Record, Variable};

/// How cards are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardOptions {
    /// The abstract is cut at a word to at most this many characters.
    pub abstract_chars: usize,
    /// At most this many annotations are shown.
    pub annotations: usize,
}

impl Default for CardOptions {
    fn default() -> Self {
        CardOptions { abstract_chars: 1200, annotations: 3 }
    }
}

impl CardOptions {
    /// The whole abstract.
    pub fn whole() -> CardOptions {
        CardOptions { abstract_chars: usize::MAX, ..CardOptions::default() }
    }
}

/// A paper's card as plain text in pieces; [`Card::markdown`] makes it safe to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    /// The full title.
    pub title: String,
    /// What is in italics in the title, such as the name of a species: bytes of it, in order and apart from each other.
    pub italics: Vec<Range<usize>>,
    /// Authors, date, venue, organisation, comments: what is known of them.
    pub facts: Vec<String>,
    /// The abstract, cut.
    pub abstract_text: Option<String>,
    /// What the user marked in its files.
    pub annotations: Option<CardAnnotations>,
    /// Names and addresses of links that open.
    pub links: Vec<(String, String)>,
    /// The places in corpus files; the richest record first.
    pub sources: Vec<CardSource>,
    /// How many notes cite the paper; 0 says nothing.
    pub cited_in: usize,
}

/// A place in a corpus file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardSource {
    /// The file's name with the line from 1, such as `papers.txt:12`; of the library of Zotero its name alone.
    pub label: String,
    /// The address that opens the place; `None` where an editor would show something else, as for a compressed file.
    pub url: Option<String>,
}

impl Card {
    /// The card of a paper whose records stand in these files.
    pub fn new(paper: &LibraryPaper, files: &FileTable, options: CardOptions) -> Card {
        let record = &paper.record;
        let sources = paper.sources.iter().filter_map(|source| {
            let (file, span) = files.place(&source.origin)?;
            if file.format == Format::Zotero {
                return Some(CardSource { label: "Zotero".to_owned(), url: None });
            }
            let name = file.path.file_name().unwrap_or(file.path.as_os_str()).to_string_lossy();
            let line = span.line + 1;
            let url = if file.compression.is_none() { file_url(&file.path) } else { None };
            Some(CardSource { label: format!("{name}:{line}"), url: url.map(|url| format!("{url}#L{line}")) })
        });
        let links = paper_links(record).into_iter().map(|(name, url)| (name.to_owned(), url));
        let links = links.chain(notice_links(record));
        let title = plain_text(record.heading());
        Card {
            italics: italics(record, &title),
            title,
            facts: facts(record),
            abstract_text: record.abstract_text.as_deref().map(|text| cut(&plain_text(text), options.abstract_chars)),
            annotations: record
                .holding
                .as_deref()
                .and_then(|holding| holding::annotations(holding, options.annotations)),
            links: links.chain(service_links(paper.sources.iter().map(|it| &it.origin))).collect(),
            sources: sources.collect(),
            cited_in: 0,
        }
    }

    /// Has the link of a PDF at hand open the page that a citation names, where it names one.
    pub(super) fn lead_to(&mut self, locator: &str, holding: Option<&Holding>) {
        for (name, url) in self.links.iter_mut().filter(|(name, _)| name == "PDF") {
            if let Some(at_page) = pdf_at_page(url, locator, holding) {
                *url = at_page;
                *name = format!("PDF ({})", plain_text(locator));
            }
        }
    }

    /// The card as Markdown in which nothing from the corpus can act as markup.
    pub fn markdown(&self) -> String {
        let mut parts = vec![self.title_markdown()];
        if !self.facts.is_empty() {
            parts.push(self.facts.iter().map(|fact| escape_markdown(fact)).collect::<Vec<_>>().join(" · "));
        }
        parts.extend(self.abstract_text.as_deref().map(escape_markdown));
        parts.extend(self.annotations.as_ref().map(CardAnnotations::markdown));
        if !self.links.is_empty() {
            let link = |(name, url): &(String, String)| format!("[{}]({url})", escape_within(name));
            parts.push(self.links.iter().map(link).collect::<Vec<_>>().join(" · "));
        }
        if !self.sources.is_empty() {
            let shown = |CardSource { label, url }: &CardSource| match url {
                Some(url) => format!("[{}]({url})", escape_within(label)),
                None => escape_markdown(label),
            };
            let sources: Vec<String> = self.sources.iter().map(shown).collect();
            parts.push(format!("*{}*", sources.join(", ")));
        }
        parts.extend(self.cited_in_text());
        parts.join("\n\n")
    }

    /// The title in bold type, and what is in italics in it.
    fn title_markdown(&self) -> String {
        if self.italics.is_empty() {
            return format!("**{}**", escape_markdown(&self.title));
        }
        let text = |from: usize, to: usize| self.title.get(from..to).unwrap_or_default();
        let (mut line, mut at) = ("**".to_owned(), 0);
        for range in &self.italics {
            for (from, to) in [(at, range.start), (range.start, range.end)] {
                escape_onto(&mut line, text(from, to), Some('*'));
                line.push('*');
            }
            at = range.end;
        }
        escape_onto(&mut line, text(at, self.title.len()), Some('*'));
        line + "**"
    }

    /// "cited in 3 notes", where any do.
    fn cited_in_text(&self) -> Option<String> {
        (self.cited_in > 0).then(|| cited_in_notes(self.cited_in))
    }

    /// The card as plain text, for editors that show no Markdown.
    pub fn plain(&self) -> String {
        let mut parts = vec![self.title.clone()];
        if !self.facts.is_empty() {
            parts.push(self.facts.join(" · "));
        }
        parts.extend(self.abstract_text.clone());
        parts.extend(self.annotations.as_ref().map(CardAnnotations::plain));
        parts.extend(self.links.iter().map(|(name, url)| format!("{name}: {url}")));
        if !self.sources.is_empty() {
            parts.push(self.sources.iter().map(|it| it.label.as_str()).collect::<Vec<_>>().join(", "));
        }
        parts.extend(self.cited_in_text());
        parts.join("\n\n")
    }
}

/// What is in italics in a title that is shown as its record has it: whole words, as Markdown may not see emphasis in parts of
/// them, or beside punctuation.
fn italics(record: &Record, title: &str) -> Vec<Range<usize>> {
    let marked = record.details.text(Variable::MarkedTitle).map(MarkedText::parse);
    let Some(marked) = marked.filter(|marked| marked.plain == title) else { return Vec::new() };
    let in_title = |range: Range<usize>| title.get(range).unwrap_or_default();
    let mut parts: Vec<Range<usize>> = Vec::new();
    for (range, _) in marked.marks.into_iter().filter(|(_, mark)| *mark == Mark::Italic) {
        let [before, text, after] = [0..range.start, range.clone(), range.end..title.len()].map(in_title);
        let is_whole = !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        let is_seen = text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
        if is_whole && is_seen && parts.last().is_none_or(|last| last.end < range.start) {
            parts.push(range);
        }
    }
    parts
}

/// "cited in 1 note", "cited in 3 notes".
pub(super) fn cited_in_notes(count: usize) -> String {
    if count == 1 { "cited in 1 note".to_owned() } else { format!("cited in {count} notes") }
}

/// The first three authors, then how many there are; "6 authors" where only that is known.
pub fn author_line(record: &Record) -> Option<String> {
    const SHOWN: usize = 3;
    let known = record.authors.len();
    let count = record.author_count.map_or(known, |count| (count as usize).max(known));
    if known == 0 {
        return match count {
            0 => None,
            1 => Some("1 author".to_owned()),
            _ => Some(format!("{count} authors")),
        };
    }
    let shown: Vec<String> = record.authors.iter().take(SHOWN).map(|author| plain_text(&author.display())).collect();
    let line = shown.join(", ");
    Some(if count > SHOWN.min(known) { format!("{line} et al. ({count})") } else { line })
}

/// The authors in the fewest words: "Vaswani et al.", or "6 authors".
pub fn short_authors(record: &Record) -> Option<String> {
    let family = |author: &Person| plain_text(&author.family_with_particle());
    match record.authors.as_slice() {
        [] => author_line(record).or_else(|| record.organization.as_ref().map(|it| plain_text(&it.name))),
        [only] if record.author_count.is_none_or(|count| count <= 1) => Some(family(only)),
        [first, second] if record.author_count.is_none_or(|count| count <= 2) => {
            Some(format!("{} & {}", family(first), family(second)))
        }
        [first, ..] => Some(format!("{} et al.", family(first))),
    }
}

/// Authors and year in the fewest words: "Vaswani et al. 2017". What rows of a list begin with; `None` where neither
/// is known.
pub fn byline(record: &Record) -> Option<String> {
    let year = record.date.map(|date| date.year.to_string());
    let known: Vec<String> = [short_authors(record), year].into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(" "))
}

fn facts(record: &Record) -> Vec<String> {
    let mut facts = notice_facts(record);
    facts.extend(author_line(record));
    facts.extend(record.organization.as_ref().map(|it| plain_text(&it.name)));
    facts.extend(record.date.map(|date| {
        let inferred = if date.year_inferred { " (year inferred)" } else { "" };
        format!("{date}{inferred}")
    }));
    let repeats_arxiv = |venue: &str| record.arxiv.as_deref().is_some_and(|id| venue.contains(id));
    facts.extend(record.venue().filter(|venue| !repeats_arxiv(venue)).map(plain_text));
    facts.extend(record.arxiv.as_deref().map(|id| format!("arXiv {}", plain_text(id))));
    facts.extend(record.shown_doi().map(|doi| format!("doi {}", plain_text(doi))));
    facts.extend(also_as(record));
    facts.extend(record.holding.as_deref().map(holding::facts).unwrap_or_default());
    facts.extend(
        record.comments.map(|count| if count == 1 { "1 comment".to_owned() } else { format!("{count} comments") }),
    );
    let mut shown: Vec<String> = Vec::new();
    for fact in facts {
        // A group is often its paper's publisher as well, and a preprint's venue names its number.
        let is_said = |known: &String| known.eq_ignore_ascii_case(&fact);
        if !fact.is_empty() && !shown.iter().any(is_said) {
            shown.push(fact);
        }
    }
    shown
}

/// The other citation keys of the paper: `also as gull2001tr, gull2003`.
fn also_as(record: &Record) -> Option<String> {
    const MAX_KEYS: usize = 4;
    let others = record.keys.get(1..).filter(|others| !others.is_empty())?;
    let mut shown: Vec<String> = others.iter().take(MAX_KEYS).map(|key| plain_text(key)).collect();
    if others.len() > MAX_KEYS {
        shown.push(format!("{} more", others.len() - MAX_KEYS));
    }
    Some(format!("also as {}", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag, TagEnd};

    use super::*;

    fn titled(tagged: &str) -> Record {
        let marked = MarkedText::parse(tagged);
        let mut record = Record { title: marked.plain.clone(), ..Record::default() };
        record.details.set_text(Variable::MarkedTitle, marked.tagged());
        record
    }

    fn title_markdown(record: &Record) -> String {
        let title = plain_text(record.heading());
        Card { italics: italics(record, &title), title, ..Card::default() }.markdown()
    }

    #[test]
    fn titles_have_their_italics() {
        for (tagged, expected) in [
            ("Eyes of <i>Drosophila</i>", "**Eyes of *Drosophila***"),
            ("<i>E. coli</i> and <b>us</b>", "***E. coli* and us**"),
            ("<i>p</i>53 in <span class=\"nocase\"><i>Mus musculus</i></span>", "**p53 in *Mus musculus***"),
            ("Of <i>a</i>-<i>b</i>", "**Of *a*-*b***"),
            ("Of <i>a</i><i>b</i>", "**Of ab**"),
            ("On <i>a <i>b</i> c</i>", "**On *a b c***"),
        ] {
            assert_eq!(title_markdown(&titled(tagged)), expected, "{tagged}");
        }
        let otherwise = Record { title: "Another title".to_owned(), ..titled("Of <i>Mus</i>") };
        assert_eq!(title_markdown(&otherwise), "**Another title**");
    }

    proptest! {
        #[test]
        fn italics_are_emphasis_and_the_title_is_whole(pieces in prop::collection::vec((" ?[a-zé1*_ .:<(\\\\~`-]{0,3} ?", any::<bool>()), 1..7)) {
            let tagged: String = pieces.iter().map(|(text, is_italic)| if *is_italic { format!("<i>{text}</i>") } else { text.clone() }).collect();
            let record = titled(&tagged);
            let title = plain_text(record.heading());
            if title.is_empty() {
                return Ok(());
            }
            let expected: Vec<String> = italics(&record, &title).into_iter().map(|range| title[range].to_owned()).collect();
            let markdown = title_markdown(&record);
            let (mut text, mut emphasised, mut is_within) = (String::new(), Vec::new(), false);
            for event in Parser::new(&markdown) {
                match event {
                    Event::Start(Tag::Emphasis) => {
                        emphasised.push(String::new());
                        is_within = true;
                    }
                    Event::End(TagEnd::Emphasis) => is_within = false,
                    Event::Text(part) => {
                        text.push_str(&part);
                        emphasised.last_mut().filter(|_| is_within).into_iter().for_each(|it| it.push_str(&part));
                    }
                    _ => {}
                }
            }
            // A title that begins or ends with punctuation may not be bold; what is in italics is so all the same.
            prop_assert_eq!(emphasised, expected, "{}", markdown);
            prop_assert_eq!(text.trim_matches('*').trim(), title.trim_matches('*').trim(), "{}", markdown);
        }
    }

    #[test]
    fn authors_are_counted_honestly() {
        let author = |name: &str| Person::new(name, "");
        let mut record = Record { author_count: Some(6), ..Record::default() };
        assert_eq!(author_line(&record).as_deref(), Some("6 authors"));
        record.authors = ["A", "B", "C", "D"].map(author).to_vec();
        assert_eq!(author_line(&record).as_deref(), Some("A, B, C et al. (6)"));
        record.author_count = None;
        assert_eq!(author_line(&record).as_deref(), Some("A, B, C et al. (4)"));
        record.authors.truncate(3);
        assert_eq!(author_line(&record).as_deref(), Some("A, B, C"));
        record.author_count = Some(1);
        record.authors.clear();
        assert_eq!(author_line(&record).as_deref(), Some("1 author"));
        record.author_count = Some(0);
        assert_eq!(author_line(&record), None);
    }
}
