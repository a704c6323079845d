//! Faults of references, made on purpose: real entries damaged in the ways in which references go wrong.
#![allow(clippy::unwrap_used, missing_docs, dead_code)]

use std::collections::HashSet;

use ibid::paper::{Details, Person, PublicationDate, Record, Variable, fold};

/// Random numbers that are the same every time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below another.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap() % end.max(1)
    }

    fn pick<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    SwappedAuthors,
    InventedAuthors,
    PlaceholderAuthors,
    AuthorReplaced,
    AuthorLeftOut,
    AuthorAdded,
    WrongYear,
    WrongVenue,
    InventedVenue,
    PreprintAsPublished,
    PublishedAsPreprint,
    DoiOfAnother,
    InventedDoi,
    ArxivOfAnother,
    MergedTitles,
    WordReplaced,
    TitleOfAnother,
    Retracted,
    Invented,
    OtherForm,
    NotKnown,
    TwoTitles,
    NearTitle,
    PreprintInVenue,
    YearAndVenue,
    GivenNames,
    WordLeftOut,
}

impl Fault {
    /// In the order of their seeds: a new one stands at the end.
    pub const ALL: [Fault; 27] = [
        Fault::SwappedAuthors,
        Fault::InventedAuthors,
        Fault::PlaceholderAuthors,
        Fault::AuthorReplaced,
        Fault::AuthorLeftOut,
        Fault::AuthorAdded,
        Fault::WrongYear,
        Fault::WrongVenue,
        Fault::InventedVenue,
        Fault::PreprintAsPublished,
        Fault::PublishedAsPreprint,
        Fault::DoiOfAnother,
        Fault::InventedDoi,
        Fault::ArxivOfAnother,
        Fault::MergedTitles,
        Fault::WordReplaced,
        Fault::TitleOfAnother,
        Fault::Retracted,
        Fault::Invented,
        Fault::OtherForm,
        Fault::NotKnown,
        Fault::TwoTitles,
        Fault::NearTitle,
        Fault::PreprintInVenue,
        Fault::YearAndVenue,
        Fault::GivenNames,
        Fault::WordLeftOut,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Fault::SwappedAuthors => "authors of another work",
            Fault::InventedAuthors => "invented authors",
            Fault::PlaceholderAuthors => "placeholders for authors",
            Fault::AuthorReplaced => "one author replaced",
            Fault::AuthorLeftOut => "one author left out",
            Fault::AuthorAdded => "one author added",
            Fault::WrongYear => "wrong year (1 to 6 off)",
            Fault::WrongVenue => "venue of another work",
            Fault::InventedVenue => "invented venue",
            Fault::PreprintAsPublished => "preprint cited as published",
            Fault::PublishedAsPreprint => "published work cited as preprint, no id",
            Fault::DoiOfAnother => "DOI of another work",
            Fault::InventedDoi => "invented DOI",
            Fault::ArxivOfAnother => "arXiv id of another work",
            Fault::MergedTitles => "halves of two titles",
            Fault::WordReplaced => "one word of the title replaced",
            Fault::TitleOfAnother => "title of another work",
            Fault::Retracted => "retracted work",
            Fault::Invented => "(title, venue and year invented)",
            Fault::OtherForm => "(true, in another form)",
            Fault::NotKnown => "(true, not in the corpus)",
            Fault::TwoTitles => "two titles, one behind the other",
            Fault::NearTitle => "title that begins like another work's",
            Fault::PreprintInVenue => "preprint cited as published, with its id",
            Fault::YearAndVenue => "year and venue of another work",
            Fault::GivenNames => "given names changed round",
            Fault::WordLeftOut => "one word of the title left out",
        }
    }

    /// Whether the entry is wrong, and the corpus has what shows it.
    pub fn is_detectable(self) -> bool {
        !matches!(self, Fault::Invented | Fault::OtherForm | Fault::NotKnown)
    }
}

/// Entries to be damaged, and what damage is made of.
pub struct Pool {
    records: Vec<Record>,
    words: Vec<String>,
    venues: Vec<String>,
}

fn venue(record: &Record) -> Option<&str> {
    record.appeared_in()
}

/// The words of a text that tell something, folded.
fn telling(text: &str) -> HashSet<String> {
    ibid::paper::words(text).into_iter().filter(|word| word.len() > 3).collect()
}

impl Pool {
    /// Of some records those that say enough to be damaged: a title of four words, two authors, year and venue. Each title
    /// stands once.
    pub fn new(records: Vec<Record>) -> Pool {
        let mut seen: HashSet<String> = HashSet::new();
        let is_rich = |record: &Record| {
            let words = record.title.split(' ').filter(|word| word.len() > 3).count();
            let place = venue(record).is_some() || record.is_preprint();
            words >= 4 && record.authors.len() >= 2 && record.date.is_some() && place && record.title.is_ascii()
        };
        let records: Vec<Record> =
            records.into_iter().filter(|record| seen.insert(fold(&record.title)) && is_rich(record)).collect();
        let words = records.iter().flat_map(|record| record.title.split(' ')).filter(|word| word.len() > 4);
        let venues: Vec<String> = records.iter().filter_map(venue).map(str::to_owned).collect();
        Pool { words: words.map(str::to_owned).collect(), venues, records }
    }

    /// BibTeX entries of the first records, every one with a note that it was retracted.
    pub fn retracted_copies(&self, count: usize) -> String {
        let published = self.records.iter().filter(|record| venue(record).is_some());
        let entry = |record: &Record| {
            let people: Vec<String> =
                record.authors.iter().map(|it| format!("{{{}}}, {}", it.family_with_particle(), it.given)).collect();
            let (title, year) = (&record.title, record.date.unwrap().year);
            let container = venue(record).unwrap_or_default();
            format!(
                "@article{{r{}, title = {{RETRACTED: {title}}}, author = {{{}}}, year = {{{year}}}, journal = {{{container}}}}}\n",
                fold(title).len(),
                people.join(" and ")
            )
        };
        published.take(count).map(entry).collect()
    }

    /// Entries with a fault, at most as many as asked for.
    pub fn damaged(&self, fault: Fault, count: usize, random: &mut Random) -> Vec<Record> {
        if fault == Fault::Retracted {
            return self.records.iter().filter(|record| venue(record).is_some()).take(count).cloned().collect();
        }
        // The first ones are those with retracted copies.
        let with_copies = self.records.iter().enumerate().filter(|(_, record)| venue(record).is_some()).take(count);
        let rest = &self.records[with_copies.last().map_or(0, |(at, _)| at + 1).min(self.records.len() / 2)..];
        let mut found = Vec::new();
        for _ in 0..count * 60 {
            if found.len() == count {
                break;
            }
            let entry = random.pick(rest).clone();
            found.extend(self.damage(fault, entry, random));
        }
        found
    }

    fn other(&self, entry: &Record, random: &mut Random) -> Option<&Record> {
        let other = random.pick(&self.records);
        let families = |record: &Record| record.authors.iter().map(Person::identity).collect::<HashSet<_>>();
        families(entry).is_disjoint(&families(other)).then_some(other)
    }

    fn invented_person(&self, random: &mut Random) -> Person {
        let (one, other) = (random.pick(&self.records), random.pick(&self.records));
        Person::new(random.pick(&one.authors).family.clone(), random.pick(&other.authors).given.clone())
    }

    /// The entry with a fault; `None` where it has not what the fault needs.
    fn damage(&self, fault: Fault, mut entry: Record, random: &mut Random) -> Option<Record> {
        let is_preprint = matches!(fault, Fault::PreprintAsPublished | Fault::PreprintInVenue);
        if entry.is_preprint() != is_preprint {
            return None;
        }
        let other = self.other(&entry, random)?.clone();
        if fault == Fault::OtherForm {
            other_form(&mut entry, random);
        }
        if fault == Fault::NotKnown {
            (entry.doi, entry.arxiv) = (None, None);
        }
        self.damage_authors(fault, &mut entry, &other, random)?;
        self.damage_year_or_venue(fault, &mut entry, random)?;
        damage_identifier(fault, &mut entry, &other, random)?;
        self.damage_title(fault, &mut entry, &other, random)?;
        entry.author_count = u32::try_from(entry.authors.len()).ok();
        Some(entry)
    }

    fn damage_authors(&self, fault: Fault, entry: &mut Record, other: &Record, random: &mut Random) -> Option<()> {
        let count = entry.authors.len();
        match fault {
            Fault::SwappedAuthors => entry.authors.clone_from(&other.authors),
            Fault::InventedAuthors => {
                entry.authors = (0..count).map(|_| self.invented_person(random)).collect();
            }
            Fault::PlaceholderAuthors => {
                let lists: [&[(&str, &str)]; 4] = [
                    &[("Doe", "John"), ("Smith", "Jane")],
                    &[("Author", "First"), ("Author", "Second")],
                    &[("Anonymous", "")],
                    &[("Name", "Author"), ("Another", "A.")],
                ];
                entry.authors =
                    random.pick(&lists).iter().map(|(family, given)| Person::new(*family, *given)).collect();
            }
            Fault::AuthorReplaced => {
                let at = random.below(count);
                entry.authors[at] = other.authors[random.below(other.authors.len())].clone();
            }
            Fault::AuthorLeftOut => {
                // Who leaves out the end of a long list means it.
                let is_complete = entry.author_count.is_some_and(|all| all as usize == count);
                if !is_complete {
                    return None;
                }
                entry.authors.remove(random.below(count));
            }
            Fault::GivenNames => {
                // Initials alone are form, and two people who differ in their order are the same two.
                let is_told =
                    |person: &Person| person.given.chars().filter(|letter| letter.is_alphabetic()).count() > 3;
                let initial = |person: &Person| person.given.chars().next();
                let people = &mut entry.authors;
                let differ = people.windows(2).all(|pair| initial(&pair[0]) != initial(&pair[1]));
                if count < 3 || !people.iter().all(is_told) || !differ {
                    return None;
                }
                let mut given: Vec<String> = people.iter().map(|person| person.given.clone()).collect();
                given.rotate_left(1);
                people.iter_mut().zip(given).for_each(|(person, given)| person.given = given);
            }
            Fault::AuthorAdded => {
                let at = random.below(count + 1);
                entry.authors.insert(at, other.authors[random.below(other.authors.len())].clone());
            }
            _ => {}
        }
        Some(())
    }

    fn damage_year_or_venue(&self, fault: Fault, entry: &mut Record, random: &mut Random) -> Option<()> {
        match fault {
            Fault::WrongYear => {
                let year = entry.date?.year;
                let by = 1 + i32::try_from(random.below(6)).unwrap();
                let year = if random.below(2) == 0 { year - by } else { year + by };
                entry.date = Some(PublicationDate::year(year));
            }
            Fault::WrongVenue => {
                let wrong = random.pick(&self.venues).clone();
                if !telling(&wrong).is_disjoint(&telling(venue(entry)?))
                    || telling(&wrong).is_empty() && wrong.len() < 3
                {
                    return None;
                }
                in_venue(entry, wrong);
            }
            Fault::InventedVenue => {
                let kinds =
                    ["International Conference on", "Journal of", "Transactions on", "Symposium on", "Workshop on"];
                let fields = [
                    "Synthetic Cognition",
                    "Quantum Heuristics",
                    "Applied Neurology of Machines",
                    "Adaptive Wisdom",
                    "Cyber Ecology",
                ];
                let wrong = format!("{} {}", random.pick(&kinds), random.pick(&fields));
                venue(entry)?;
                in_venue(entry, wrong);
            }
            Fault::PreprintInVenue => {
                let wrong = random.pick(&self.venues).clone();
                entry.arxiv = Some(ibid::paper::arxiv_of(entry)?);
                entry.doi = None;
                in_venue(entry, wrong);
            }
            Fault::YearAndVenue => {
                let wrong = random.pick(&self.records);
                let (year, venue_of_other) = (wrong.date?.year, venue(wrong)?.to_owned());
                let is_near = entry.date?.year.abs_diff(year) < 2;
                if is_near || !telling(&venue_of_other).is_disjoint(&telling(venue(entry)?)) {
                    return None;
                }
                entry.date = Some(PublicationDate::year(year));
                in_venue(entry, venue_of_other);
            }
            Fault::PreprintAsPublished => {
                let wrong = random.pick(&self.venues).clone();
                (entry.arxiv, entry.doi) = (None, None);
                in_venue(entry, wrong);
            }
            Fault::PublishedAsPreprint => {
                venue(entry)?;
                (entry.arxiv, entry.doi) = (None, None);
                in_venue(entry, "arXiv preprint".to_owned());
            }
            _ => {}
        }
        Some(())
    }

    fn damage_title(&self, fault: Fault, entry: &mut Record, other: &Record, random: &mut Random) -> Option<()> {
        match fault {
            Fault::MergedTitles => {
                let halves = |title: &str| {
                    let words: Vec<&str> = title.split(' ').collect();
                    let half = words.len() / 2;
                    (words[..half].join(" "), words[half..].join(" "))
                };
                let (own, others) = (halves(&entry.title), halves(&other.title));
                entry.title = if random.below(2) == 0 {
                    format!("{} {}", own.0, others.1)
                } else {
                    format!("{} {}", others.0, own.1)
                };
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::WordReplaced => {
                let mut words: Vec<String> = entry.title.split(' ').map(str::to_owned).collect();
                let long: Vec<usize> = (0..words.len()).filter(|at| words[*at].len() > 4).collect();
                let at = *random.pick(&long);
                let word = random.pick(&self.words).clone();
                if fold(&word).starts_with(&fold(&words[at])) || fold(&words[at]).starts_with(&fold(&word)) {
                    return None;
                }
                words[at] = word;
                entry.title = words.join(" ");
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::TwoTitles => {
                entry.title = format!("{}: {}", entry.title.trim_end_matches('.'), other.title);
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::NearTitle => {
                let beginning = |title: &str| ibid::paper::words(title).into_iter().take(2).collect::<Vec<_>>();
                let own = beginning(&entry.title);
                let from = random.below(self.records.len());
                let all = self.records[from..].iter().chain(&self.records[..from]);
                let near = all.filter(|it| it.title != entry.title && beginning(&it.title) == own);
                let families = |it: &Record| it.authors.iter().map(Person::identity).collect::<HashSet<_>>();
                let strangers = families(entry);
                let near = near.take(20).find(|it| families(it).is_disjoint(&strangers))?;
                entry.title.clone_from(&near.title);
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::WordLeftOut => {
                let mut words: Vec<&str> = entry.title.split(' ').collect();
                let long: Vec<usize> = (1..words.len() - 1).filter(|at| words[*at].len() > 4).collect();
                if long.is_empty() || words.len() < 6 {
                    return None;
                }
                words.remove(*random.pick(&long));
                entry.title = words.join(" ");
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::TitleOfAnother => {
                entry.title.clone_from(&other.title);
                (entry.doi, entry.arxiv) = (None, None);
            }
            Fault::Invented => {
                let length = entry.title.split(' ').count();
                let words: Vec<String> = (0..length).map(|_| random.pick(&self.words).clone()).collect();
                entry.title = words.join(" ");
                (entry.doi, entry.arxiv, entry.date) = (None, None, other.date);
                in_venue(entry, random.pick(&self.venues).clone());
            }
            _ => {}
        }
        Some(())
    }
}

/// Gives an entry a wrong identifier.
fn damage_identifier(fault: Fault, entry: &mut Record, other: &Record, random: &mut Random) -> Option<()> {
    match fault {
        Fault::DoiOfAnother => {
            entry.doi.as_ref()?;
            entry.doi = Some(other.doi.clone().filter(|_| other.doi != entry.doi)?);
        }
        Fault::InventedDoi => {
            entry.doi.as_ref()?;
            entry.doi = Some(format!("10.1{:03}/fabricated.{}", random.below(1000), random.below(1_000_000)));
        }
        Fault::ArxivOfAnother => entry.arxiv = Some(other.arxiv.clone()?),
        _ => {}
    }
    Some(())
}

fn in_venue(entry: &mut Record, container: String) {
    let mut details = Details::default();
    details.set_text(Variable::ContainerTitle, container);
    entry.details = details;
}

/// The same facts as other hands write them: initials, another order, letters lost, a venue cut short, capitals.
fn other_form(entry: &mut Record, random: &mut Random) {
    let ascii = |text: &str| text.chars().filter(char::is_ascii).collect::<String>();
    for person in &mut entry.authors {
        if random.below(2) == 0 {
            person.given = person.given.chars().take(1).collect();
        }
        if random.below(2) == 0 && ascii(&person.family).len() > 3 {
            person.family = ascii(&person.family);
        }
    }
    match random.below(5) {
        0 => entry.authors.reverse(),
        1 => entry.title = entry.title.to_uppercase(),
        2 => entry.title = entry.title.replace('-', " "),
        3 => entry.details = Details::default(),
        _ => entry.date = None,
    }
    let short = |word: &str| {
        if word.len() > 6 { format!("{}.", &ascii(word)[..4.min(ascii(word).len())]) } else { word.to_owned() }
    };
    if random.below(2) == 0
        && let Some(container) = entry.details.text(Variable::ContainerTitle)
    {
        let cut: Vec<String> = container.split(' ').map(short).collect();
        in_venue(entry, cut.join(" "));
    }
}
