//! From evidence to a verdict.

use serde::Serialize;

use super::evidence::{Evidence, EvidenceAt, Finder, PeopleRelation};
use super::titles::{TitleMatch, has_many_words, is_telling, rest_behind};
use super::venues::VenueMatch;
use crate::paper::{Person, Record, arxiv_of, dois_agree, fold};

/// A preprint comes out within this many years.
const MAX_YEARS_TO_PRINT: i32 = 4;

/// At most this many records are named as evidence.
const MAX_EVIDENCE: usize = 8;

/// What the library says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The work exists, and nothing that is said of it is wrong.
    Confirmed,
    /// The work exists, and some fact is another one.
    Differs,
    /// An identifier belongs to another work, or the title is that of a work by others.
    Contradicted,
    /// The library does not know the work, which says nothing against it.
    Unknown,
}

impl Verdict {
    /// How it is written; stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Confirmed => "confirmed",
            Verdict::Differs => "differs",
            Verdict::Contradicted => "contradicted",
            Verdict::Unknown => "unknown",
        }
    }
}

/// A field of an entry that states facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The title.
    Title,
    /// The authors: those who are only in one of the lists.
    Author,
    /// The year.
    Year,
    /// The journal or the conference.
    Venue,
    /// The DOI.
    Doi,
    /// The arXiv id.
    Arxiv,
    /// Whether the work was retracted.
    Status,
}

impl Field {
    /// What it is called in a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            Field::Doi => "DOI",
            Field::Arxiv => "arXiv id",
            other => other.as_str(),
        }
    }

    /// How it is written; stable.
    pub fn as_str(self) -> &'static str {
        match self {
            Field::Title => "title",
            Field::Author => "author",
            Field::Year => "year",
            Field::Venue => "venue",
            Field::Doi => "doi",
            Field::Arxiv => "arxiv",
            Field::Status => "status",
        }
    }
}

/// A fact that the entry says otherwise than the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldDifference {
    /// What it is about.
    pub field: Field,
    /// What the entry says; empty where it leaves something out.
    pub given: String,
    /// What is known; empty where nothing is known in its place.
    pub known: String,
}

/// What is said of one entry, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// In one word.
    pub verdict: Verdict,
    /// What is wrong; empty where nothing is.
    pub fields: Vec<FieldDifference>,
    /// What is no mistake but good to know, each a sentence without its full stop.
    pub remarks: Vec<String>,
    /// The records that say so, the one that is nearest first.
    pub evidence: Vec<EvidenceAt>,
    /// The one fact that is wrong, where nothing else is and all evidence agrees on the right value.
    pub certain: Option<FieldDifference>,
}

impl Judgement {
    fn new(verdict: Verdict, fields: Vec<FieldDifference>, evidence: &[Evidence]) -> Judgement {
        let evidence = evidence.iter().take(MAX_EVIDENCE).map(Evidence::at).collect();
        Judgement { verdict, fields, remarks: Vec::new(), evidence, certain: None }
    }

    fn unknown() -> Judgement {
        Judgement::new(Verdict::Unknown, Vec::new(), &[])
    }

    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        matches!(self.verdict, Verdict::Differs | Verdict::Contradicted)
    }
}

/// Judges the entry of a finder.
pub(super) fn judge(finder: &Finder<'_>) -> Judgement {
    let entry = finder.entry;
    let bearers: Vec<Evidence> = finder.bearers().into_iter().filter(|it| !is_whole_of(it, entry)).collect();
    let (own, strange): (Vec<Evidence>, Vec<Evidence>) = bearers.into_iter().partition(|it| is_titled_alike(it, entry));
    let mut titled = finder.titled();
    if own.is_empty() && titled.is_empty() {
        let similar = finder.similar(|it| is_work_under_other_title(it, entry));
        titled = if similar.iter().any(|it| it.title.is_same()) {
            similar.into_iter().filter(|it| it.title.is_same()).collect()
        } else {
            similar.into_iter().filter(|it| is_work_under_other_title(it, entry)).collect()
        };
    }
    let (agreeing, others): (Vec<Evidence>, Vec<Evidence>) = titled.into_iter().partition(Evidence::people_may_agree);
    // An identifier that the work bears as well is shared, as that of a book is by its chapters.
    let is_shared = |it: &Evidence| own.iter().any(|own| share_identifier(own.record(), it.record()));
    let strange: Vec<Evidence> = strange.into_iter().filter(|it| !is_shared(it)).collect();
    let known: Vec<&Evidence> = own.iter().chain(&agreeing).collect();
    if let Some(judgement) = judge_strange_identifier(entry, &strange, &known) {
        return judgement;
    }
    let work = work_of(own, agreeing);
    if !work.is_empty() {
        return compare_work(finder, &work);
    }
    // The title is that of a work by others. Of a title of few or common words something else has to agree as well.
    let is_that_work = |it: &&Evidence| {
        let is_likely = it.venue == VenueMatch::Same || has_many_words(&entry.title);
        is_telling(&entry.title) || (it.year_agrees(entry) && is_likely)
    };
    if others.iter().any(|it| is_that_work(&it)) {
        let author = author_difference(entry, &others);
        return Judgement::new(Verdict::Contradicted, author.into_iter().collect(), &others);
    }
    Judgement::unknown()
}

/// The records of the work: of those that name authors, where the entry does, those that name the same.
fn work_of(own: Vec<Evidence>, agreeing: Vec<Evidence>) -> Vec<Evidence> {
    let mut work = own;
    for it in agreeing {
        if !work.iter().any(|known| known.at() == it.at()) {
            work.push(it);
        }
    }
    if work.iter().any(|it| matches!(it.people, PeopleRelation::Common(_))) {
        work.retain(|it| matches!(it.people, PeopleRelation::Common(_)));
    }
    work
}

/// Whether the record is that of the book or the proceedings that the entry is a part of: its DOI often stands with the
/// parts.
fn is_whole_of(evidence: &Evidence, entry: &Record) -> bool {
    let known = fold(&evidence.record().title);
    let container = entry.details.text(crate::paper::Variable::ContainerTitle).map(fold);
    !evidence.title.is_same() && !known.is_empty() && container.is_some_and(|title| title == known)
}

/// Whether the title of a record with the identifier of the entry leaves room for one work.
fn is_titled_alike(evidence: &Evidence, entry: &Record) -> bool {
    match evidence.title {
        TitleMatch::Same | TitleMatch::Form | TitleMatch::Part => true,
        TitleMatch::Words { likeness, .. } => {
            fold(&entry.title).is_empty()
                || fold(&evidence.record().title).is_empty()
                || (likeness >= 0.6 && evidence.people_may_agree())
                || original_title_agrees(evidence, entry)
        }
    }
}

fn original_title_agrees(evidence: &Evidence, entry: &Record) -> bool {
    let original = |record: &Record| record.details.text(crate::paper::Variable::OriginalTitle).map(fold);
    let (known, given) = (evidence.record(), entry);
    original(known).is_some_and(|title| title == fold(&given.title))
        || original(given).is_some_and(|title| title == fold(&known.title))
}

fn share_identifier(one: &Record, other: &Record) -> bool {
    (one.doi.is_some() && one.doi == other.doi) || (arxiv_of(one).is_some() && arxiv_of(one) == arxiv_of(other))
}

/// An identifier that belongs to a work of another title: the entry is of that work under a title that is not its own,
/// or of another work.
fn judge_strange_identifier(entry: &Record, strange: &[Evidence], agreeing: &[&Evidence]) -> Option<Judgement> {
    let first = strange.first()?;
    let by_same_people = strange.iter().any(|it| it.people_agree(entry));
    let title =
        FieldDifference { field: Field::Title, given: entry.title.clone(), known: first.record().title.clone() };
    if by_same_people && agreeing.is_empty() {
        return Some(Judgement::new(Verdict::Differs, vec![title], strange));
    }
    let bears = |it: &Evidence| it.record().doi.is_some() && it.record().doi == entry.doi;
    let (field, given) = match &entry.doi {
        Some(doi) if strange.iter().any(bears) => (Field::Doi, doi.clone()),
        _ => (Field::Arxiv, arxiv_of(entry).unwrap_or_default()),
    };
    let known = agreeing.iter().find_map(|it| match field {
        Field::Doi => it.record().doi.clone(),
        _ => arxiv_of(it.record()),
    });
    let identifier = FieldDifference { field, given, known: known.unwrap_or_default() };
    let certain = certain_value(entry, std::slice::from_ref(&identifier), agreeing);
    Some(Judgement { certain, ..Judgement::new(Verdict::Contradicted, vec![identifier, title], strange) })
}

/// The only difference, where no doubt is left which work is meant and what is right: all records that say something of it
/// say the same, have the title and all authors of the entry, and its year or, where the year is in question, an identifier.
fn certain_value(entry: &Record, fields: &[FieldDifference], work: &[&Evidence]) -> Option<FieldDifference> {
    let [difference] = fields else { return None };
    let is_that_work = |it: &&Evidence| {
        let is_known_by = match difference.field {
            Field::Year => share_identifier(it.record(), entry) && it.record().is_preprint() == entry.is_preprint(),
            _ => it.year_agrees(entry) && is_telling(&entry.title),
        };
        it.title == TitleMatch::Same && it.people_are_the_same() && is_known_by
    };
    let value = |record: &Record| match difference.field {
        Field::Year => year_of(record).map(|year| year.to_string()),
        Field::Doi => record.doi.clone(),
        Field::Arxiv => arxiv_of(record),
        Field::Title | Field::Author | Field::Venue | Field::Status => None,
    };
    let mut values = work.iter().filter_map(|it| value(it.record()));
    let first = values.next()?;
    let is_certain = first == difference.known && values.all(|it| it == first) && work.iter().all(is_that_work);
    is_certain.then(|| difference.clone())
}

/// Whether a record with another title is that of the same work all the same: where the authors and enough else say so.
fn is_work_under_other_title(evidence: &Evidence, entry: &Record) -> bool {
    let TitleMatch::Words { likeness, shared_end } = evidence.title else {
        return evidence.title.is_same() || evidence.people_agree(entry);
    };
    let record = evidence.record();
    if !evidence.people_agree(entry) || differ_in_numbers(&entry.title, &record.title) {
        return false;
    }
    let year = evidence.year_agrees(entry);
    let place = evidence.venue == VenueMatch::Same && year;
    let elsewhere = evidence.venue == VenueMatch::Other;
    (likeness >= 0.8 && (year || place))
        || (likeness >= 0.6 && year && !elsewhere)
        || (shared_end >= 0.3 && place && evidence.people_are_the_same())
}

/// Whether numbers tell two titles apart, as those of parts and versions.
fn differ_in_numbers(one: &str, other: &str) -> bool {
    let numbers = |title: &str| -> Vec<String> {
        let is_number = |word: &str| {
            word.bytes().all(|byte| byte.is_ascii_digit()) || matches!(word, "i" | "ii" | "iii" | "iv" | "v" | "vi")
        };
        crate::paper::words(title).into_iter().filter(|word| is_number(word)).collect()
    };
    numbers(one) != numbers(other)
}

/// Compares the facts of the entry with those of the records of its work.
fn compare_work(finder: &Finder<'_>, work: &[Evidence]) -> Judgement {
    let entry = finder.entry;
    let mut remarks = Vec::new();
    let author = author_difference(entry, work);
    let is_by_others = !work.iter().any(Evidence::people_may_agree);
    let steps = [
        title_difference(finder, work, &mut remarks),
        author,
        venue_difference(finder, work, &mut remarks),
        year_difference(entry, work),
        doi_difference(entry, work),
        arxiv_difference(entry, work),
        status_difference(entry, work),
    ];
    let fields: Vec<FieldDifference> = steps.into_iter().flatten().collect();
    let verdict = match () {
        () if is_by_others => Verdict::Contradicted,
        () if fields.is_empty() => Verdict::Confirmed,
        () => Verdict::Differs,
    };
    people_remarks(entry, work, &mut remarks);
    let mut nearest: Vec<Evidence> = work.to_vec();
    nearest.sort_by_key(|it| (!it.title.is_same(), it.venue, !it.year_agrees(entry)));
    let certain = certain_value(entry, &fields, &work.iter().collect::<Vec<_>>());
    Judgement { remarks, certain, ..Judgement::new(verdict, fields, &nearest) }
}

fn title_difference(finder: &Finder<'_>, work: &[Evidence], remarks: &mut Vec<String>) -> Option<FieldDifference> {
    let entry = finder.entry;
    if entry.title.is_empty() || work.iter().any(|it| it.title == TitleMatch::Same || it.record().title.is_empty()) {
        return None;
    }
    let known = |it: &Evidence| it.record().title.clone();
    if let Some(it) = work.iter().find(|it| it.title == TitleMatch::Form || original_title_agrees(it, entry)) {
        remarks.push(format!("the title is written “{}” there", known(it)));
        return None;
    }
    if let Some(it) = work.iter().find(|it| it.title == TitleMatch::Part) {
        // What stands after the title may be a subtitle, but not the title of another work.
        let known = known(it);
        let rest = rest_behind(&entry.title, &fold(&known));
        if rest.is_some_and(|rest| finder.is_title(rest)) {
            return Some(FieldDifference { field: Field::Title, given: entry.title.clone(), known });
        }
        remarks.push(format!("the title is “{known}” there"));
        return None;
    }
    let nearest = work.iter().max_by(|a, b| a.title.likeness().total_cmp(&b.title.likeness()))?;
    Some(FieldDifference { field: Field::Title, given: entry.title.clone(), known: known(nearest) })
}

/// Whether a record lists all its authors.
fn lists_all(record: &Record) -> bool {
    record.author_count.is_some_and(|count| usize::try_from(count).is_ok_and(|count| count <= record.authors.len()))
}

/// The authors who stand in only one of the lists, by the record whose list is nearest.
fn author_difference(entry: &Record, work: &[Evidence]) -> Option<FieldDifference> {
    let missing = |it: &Evidence| -> Option<(Vec<usize>, Vec<usize>)> {
        let known = it.record();
        match &it.people {
            PeopleRelation::Untold => None,
            PeopleRelation::Disjoint => Some(((0..entry.authors.len()).collect(), (0..known.authors.len()).collect())),
            PeopleRelation::Common(people) => {
                let only = |list: &[usize], people: &[Person], is_open: bool| -> Vec<usize> {
                    let is_person = |at: &usize| people.get(*at).is_some_and(|person| !person.is_group);
                    list.iter().copied().filter(|at| !is_open && is_person(at)).collect()
                };
                let given = only(&people.only_given, &entry.authors, !lists_all(known));
                Some((given, only(&people.only_known, &known.authors, !lists_all(entry))))
            }
        }
    };
    let mut lists = work.iter().filter_map(|it| Some((it, missing(it)?))).collect::<Vec<_>>();
    lists.sort_by_key(|(_, (given, known))| given.len() + known.len());
    let (nearest, (given, known)) = lists.first()?;
    if given.is_empty() && known.is_empty() {
        return None;
    }
    let names = |list: &[usize], people: &[Person]| -> String {
        let names: Vec<String> = list.iter().filter_map(|at| people.get(*at)).map(Person::display).collect();
        names.join("; ")
    };
    Some(FieldDifference {
        field: Field::Author,
        given: names(given, &entry.authors),
        known: names(known, &nearest.record().authors),
    })
}

fn people_remarks(entry: &Record, work: &[Evidence], remarks: &mut Vec<String>) {
    let matches = work.iter().filter_map(|it| match &it.people {
        PeopleRelation::Common(people) => Some(people),
        _ => None,
    });
    let Some(best) =
        matches.min_by_key(|it| (it.only_given.len() + it.only_known.len(), it.is_reordered, it.is_respelt))
    else {
        return;
    };
    if best.is_reordered {
        remarks.push("the authors stand in another order there".to_owned());
    }
    if best.is_respelt {
        remarks.push("some names are spelt otherwise there".to_owned());
    }
    if !best.only_known.is_empty() && !lists_all(entry) {
        remarks.push(format!("{} more authors are known", best.only_known.len()));
    }
}

fn venue_difference(finder: &Finder<'_>, work: &[Evidence], remarks: &mut Vec<String>) -> Option<FieldDifference> {
    let entry = finder.entry;
    let published: Vec<&Evidence> =
        work.iter().filter(|it| !it.venues.is_empty() && !it.record().is_preprint()).collect();
    let place = |record: &Record| record.appeared_in().unwrap_or_default().to_owned();
    let differs = |given: String, known: String| Some(FieldDifference { field: Field::Venue, given, known });
    if entry.is_preprint() || is_called_preprint(entry) {
        // An id leads to the preprint, which is there whatever came of it; without one nobody finds it.
        let first = published.first()?;
        if arxiv_of(entry).is_some() || entry.doi.is_some() {
            remarks.push(format!("it has appeared in {}", place(first.record())));
            return None;
        }
        return differs("preprint".to_owned(), place(first.record()));
    }
    if finder.venues().is_empty() {
        return None;
    }
    if published.is_empty() {
        let preprint = work.iter().find(|it| it.record().is_preprint())?;
        if work.iter().any(|it| !it.record().is_preprint() || finder.is_of_preprint_list(it)) {
            remarks.push(format!("only its preprint is known, not that it appeared in {}", place(entry)));
            return None;
        }
        let server = preprint.record().details.text(crate::paper::Variable::ContainerTitle).unwrap_or("arXiv");
        return differs(place(entry), format!("{server} (preprint)"));
    }
    if published.iter().any(|it| it.venue != VenueMatch::Other) {
        return None;
    }
    differs(place(entry), place(published.first()?.record()))
}

/// Whether the entry says of itself that it is on arXiv, without an id.
fn is_called_preprint(entry: &Record) -> bool {
    let container = entry.details.text(crate::paper::Variable::ContainerTitle).map(fold);
    container.is_some_and(|container| container.starts_with("arxiv") || container == "corr")
}

fn year_of(record: &Record) -> Option<i32> {
    record.date.filter(|date| !date.year_inferred).map(|date| date.year)
}

fn year_difference(entry: &Record, work: &[Evidence]) -> Option<FieldDifference> {
    let given = year_of(entry)?;
    let is_preprint = entry.is_preprint() || is_called_preprint(entry);
    // Where the venue is known the year is the one of its volume.
    let in_venue: Vec<&Evidence> =
        work.iter().filter(|it| it.venue == VenueMatch::Same && year_of(it.record()).is_some()).collect();
    let counted: Vec<&Evidence> = if in_venue.is_empty() { work.iter().collect() } else { in_venue };
    let may_be = |it: &&Evidence| {
        let Some(known) = year_of(it.record()) else { return false };
        let to_print = match (is_preprint, it.record().is_preprint()) {
            (true, false) => known - given,
            (false, true) => given - known,
            _ => return given == known,
        };
        (0..=MAX_YEARS_TO_PRINT).contains(&to_print)
    };
    let nearest = counted.iter().filter_map(|it| year_of(it.record())).min_by_key(|known| known.abs_diff(given))?;
    let is_right = counted.iter().any(may_be);
    (!is_right).then(|| FieldDifference { field: Field::Year, given: given.to_string(), known: nearest.to_string() })
}

fn doi_difference(entry: &Record, work: &[Evidence]) -> Option<FieldDifference> {
    let given = entry.doi.as_deref()?;
    let known: Vec<&str> = work.iter().filter_map(|it| it.record().doi.as_deref()).collect();
    let first = known.first()?;
    let is_right = known.iter().any(|known| dois_agree(given, known));
    (!is_right).then(|| FieldDifference { field: Field::Doi, given: given.to_owned(), known: (*first).to_owned() })
}

fn arxiv_difference(entry: &Record, work: &[Evidence]) -> Option<FieldDifference> {
    let given = arxiv_of(entry)?;
    let known: Vec<String> = work.iter().filter_map(|it| arxiv_of(it.record())).collect();
    let first = known.first()?.clone();
    (!known.contains(&given)).then_some(FieldDifference { field: Field::Arxiv, given, known: first })
}

fn status_difference(entry: &Record, work: &[Evidence]) -> Option<FieldDifference> {
    let is_retracted = !entry.retracted && work.iter().any(|it| it.record().retracted);
    is_retracted.then(|| FieldDifference { field: Field::Status, given: String::new(), known: "retracted".to_owned() })
}
