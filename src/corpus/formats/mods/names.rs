//! The people and groups of MODS, and what they did.

use crate::corpus::builder::RecordBuilder;
use crate::corpus::syntax::xml::Element;
use crate::corpus::table::lookup;
use crate::corpus::text::persons::NameParts;
use crate::paper::{Role, Variable};

/// Of which work a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Work,
    Host,
    Series,
    Original,
    Reviewed,
}

/// What a name did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Person(Role),
    /// Published it, or gave the degree.
    Publisher,
    /// Is the conference it was read at.
    Event,
    /// Nothing that a reference says.
    Nothing,
}

/// Takes a name over in all its roles.
pub(super) fn read(builder: &mut RecordBuilder, name: Element<'_>, of: Of) {
    let mut parts: Vec<Part> = Vec::new();
    for role in name.all("role") {
        // A role is mostly given twice: as a code and in words, which may be of any language.
        let terms = || role.all("roleTerm").map(|term| term.text().trim().trim_end_matches(['.', ',']).to_lowercase());
        if terms().all(|term| term.is_empty()) {
            continue;
        }
        let part = terms().find_map(|term| part_of(&term)).unwrap_or(Part::Person(Role::Contributor));
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    if parts.is_empty() {
        let is_event = name.says("type", "conference");
        parts.push(if is_event { Part::Event } else { Part::Person(Role::Author) });
    }
    for part in parts {
        match (part, of) {
            (Part::Person(role), _) => {
                if let Some(role) = role_in(role, of) {
                    add(builder, role, name);
                }
            }
            (Part::Publisher, Of::Work | Of::Host) => builder.publisher(&whole_name(name)),
            (Part::Event, Of::Work | Of::Host) => builder.text(Variable::EventTitle, &whole_name(name)),
            _ => {}
        }
    }
}

/// What a role means, named by its term.
fn part_of(term: &str) -> Option<Part> {
    lookup(&ROLES, &term).or_else(|| Role::named(term).map(Part::Person))
}

/// What a role in another work is in this one.
fn role_in(role: Role, of: Of) -> Option<Role> {
    match (of, role) {
        (Of::Host, Role::Author) => Some(Role::ContainerAuthor),
        (Of::Host, Role::Contributor) => None,
        (Of::Work | Of::Host, role) => Some(role),
        (Of::Series, Role::Author | Role::Editor | Role::CollectionEditor) => Some(Role::CollectionEditor),
        (Of::Original, Role::Author) => Some(Role::OriginalAuthor),
        (Of::Reviewed, Role::Author) => Some(Role::ReviewedAuthor),
        (Of::Series | Of::Original | Of::Reviewed, _) => None,
    }
}

fn add(builder: &mut RecordBuilder, role: Role, name: Element<'_>) {
    if name.first("etal").is_some() {
        if role == Role::Author {
            builder.has_more_authors();
        }
        return;
    }
    let typed = |kind: &str| {
        let parts = name.all("namePart").filter(|part| part.says("type", kind));
        parts.map(|part| part.html().trim().to_owned()).collect::<Vec<_>>().join(" ")
    };
    let (family, given) = (typed("family"), typed("given"));
    if !family.is_empty() || !given.is_empty() {
        let suffix = [typed("suffix"), typed("termsOfAddress")].into_iter().find(|suffix| !suffix.is_empty());
        let suffix = suffix.filter(|suffix| crate::paper::is_generational_suffix(suffix)).unwrap_or_default();
        builder.person(role, NameParts { family: &family, given: &given, suffix: &suffix, ..NameParts::default() });
    } else if name.says("type", "corporate") || name.says("type", "conference") {
        builder.group(role, &whole_name(name));
    } else {
        let name = whole_name(name);
        builder.name(role, name.trim_end_matches([',', ' ']));
    }
}

/// A name that is not told apart. Of a group the parts are its divisions.
fn whole_name(name: Element<'_>) -> String {
    let parts = name.all("namePart").filter(|part| {
        let kind = part.attribute("type").unwrap_or_default();
        kind.trim().is_empty() || kind == "family" || kind == "given"
    });
    let parts: Vec<String> = parts.map(|part| part.html().trim().to_owned()).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return name.first("displayForm").map(Element::html).unwrap_or_default();
    }
    let joint = if name.says("type", "corporate") { ". " } else { " " };
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end_matches('.')).collect();
    match parts.as_slice() {
        // `Jr.` and `Inc.` keep their full stop.
        [_] => name.all("namePart").find(|part| !part.says("type", "date")).map(Element::html).unwrap_or_default(),
        parts => parts.join(joint),
    }
}

/// The relators of MARC, as codes and in words, and words that other programs write, where CSL calls them
/// otherwise; in lower case and sorted.
const ROLES: [(&str, Part); 103] = [
    ("act", Part::Person(Role::Performer)),
    ("actor", Part::Person(Role::Performer)),
    ("addressee", Part::Person(Role::Recipient)),
    ("adressat", Part::Person(Role::Recipient)),
    ("art", Part::Person(Role::Author)),
    ("artist", Part::Person(Role::Author)),
    ("aus", Part::Person(Role::ScriptWriter)),
    ("aut", Part::Person(Role::Author)),
    ("bookseller", Part::Nothing),
    ("bsl", Part::Nothing),
    ("cartographer", Part::Person(Role::Author)),
    ("cmp", Part::Person(Role::Composer)),
    ("com", Part::Person(Role::Compiler)),
    ("conference", Part::Event),
    ("corporate author", Part::Person(Role::Author)),
    ("cre", Part::Person(Role::Author)),
    ("creator", Part::Person(Role::Author)),
    ("ctb", Part::Person(Role::Contributor)),
    ("ctg", Part::Person(Role::Author)),
    ("cur", Part::Person(Role::Curator)),
    ("data manager", Part::Nothing),
    ("dedicatee", Part::Nothing),
    ("degree granting institution", Part::Publisher),
    ("degree grantor", Part::Publisher),
    ("degree supervisor", Part::Person(Role::Contributor)),
    ("dgg", Part::Publisher),
    ("dgs", Part::Person(Role::Contributor)),
    ("dis", Part::Person(Role::Author)),
    ("dissertant", Part::Person(Role::Author)),
    ("distributor", Part::Nothing),
    ("dnr", Part::Nothing),
    ("donor", Part::Nothing),
    ("drt", Part::Person(Role::Director)),
    ("dst", Part::Nothing),
    ("dte", Part::Nothing),
    ("dtm", Part::Nothing),
    ("ed", Part::Person(Role::Editor)),
    ("edc", Part::Person(Role::Editor)),
    ("editor of compilation", Part::Person(Role::Editor)),
    ("edt", Part::Person(Role::Editor)),
    ("event", Part::Event),
    ("film director", Part::Person(Role::Director)),
    ("fmd", Part::Person(Role::Director)),
    ("fmo", Part::Nothing),
    ("fnd", Part::Nothing),
    ("former owner", Part::Nothing),
    ("funder", Part::Nothing),
    ("guest editor", Part::Person(Role::Editor)),
    ("herausgeber", Part::Person(Role::Editor)),
    ("his", Part::Publisher),
    ("host institution", Part::Publisher),
    ("hrsg", Part::Person(Role::Editor)),
    ("hst", Part::Person(Role::Host)),
    ("ill", Part::Person(Role::Illustrator)),
    ("interviewee", Part::Person(Role::Author)),
    ("inv", Part::Person(Role::Author)),
    ("inventor", Part::Person(Role::Author)),
    ("isb", Part::Publisher),
    ("issuing body", Part::Publisher),
    ("ive", Part::Person(Role::Author)),
    ("ivr", Part::Person(Role::Interviewer)),
    ("joint author", Part::Person(Role::Author)),
    ("markup editor", Part::Nothing),
    ("mrk", Part::Nothing),
    ("nrt", Part::Person(Role::Narrator)),
    ("org", Part::Person(Role::Author)),
    ("originator", Part::Person(Role::Author)),
    ("orm", Part::Person(Role::Organizer)),
    ("own", Part::Nothing),
    ("owner", Part::Nothing),
    ("pbd", Part::Person(Role::CollectionEditor)),
    ("pbl", Part::Publisher),
    ("photographer", Part::Person(Role::Author)),
    ("pht", Part::Person(Role::Author)),
    ("prf", Part::Person(Role::Performer)),
    ("prg", Part::Person(Role::Author)),
    ("printer", Part::Nothing),
    ("pro", Part::Person(Role::Producer)),
    ("programmer", Part::Person(Role::Author)),
    ("prt", Part::Nothing),
    ("publisher", Part::Publisher),
    ("publishing director", Part::Person(Role::CollectionEditor)),
    ("rcp", Part::Person(Role::Recipient)),
    ("repository", Part::Nothing),
    ("rps", Part::Nothing),
    ("sce", Part::Person(Role::ScriptWriter)),
    ("scenarist", Part::Person(Role::ScriptWriter)),
    ("screenwriter", Part::Person(Role::ScriptWriter)),
    ("series editor", Part::Person(Role::CollectionEditor)),
    ("singer", Part::Person(Role::Performer)),
    ("sng", Part::Person(Role::Performer)),
    ("speaker", Part::Person(Role::Author)),
    ("spk", Part::Person(Role::Author)),
    ("spn", Part::Nothing),
    ("sponsor", Part::Nothing),
    ("thesis advisor", Part::Person(Role::Contributor)),
    ("ths", Part::Person(Role::Contributor)),
    ("transcriber", Part::Nothing),
    ("trc", Part::Nothing),
    ("trl", Part::Person(Role::Translator)),
    ("verfasser", Part::Person(Role::Author)),
    ("volume editor", Part::Person(Role::Editor)),
    ("writer", Part::Person(Role::Author)),
];
